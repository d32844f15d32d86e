// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-asr.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "pr-virtual-wire.h"

#define REPLY_LIMIT (64 * 1024)       /* bytes of a plist */
#define CHUNK_LIMIT (4 * 1024 * 1024) /* bytes; the tool sends 128 KiB */
#define SHA1_SIZE 20
#define LOOK_AHEAD 4096     /* bytes that are asked for at three places before the image comes */
#define UPLOAD_SHARE 0.3    /* of the phone's own work */
#define LINE_BREAK_WAIT 500 /* ms */
#define WAIT_LIMIT (2 * G_TIME_SPAN_HOUR)
#define WAIT_STEP (200 * G_TIME_SPAN_MILLISECOND)
#define MOST_FLAPS 100
#define FLAP_AWAY (G_USEC_PER_SEC / 2)
#define FLAP_THERE G_USEC_PER_SEC
#define CUT_STEP (5 * G_TIME_SPAN_MILLISECOND)

static struct {
    GMutex mutex;
    GCond changed;
    gboolean awaited; /* asked for, and nobody has begun to send it */
    gboolean over;
    gboolean shaken; /* the contact comes and goes: a phone does not call the computer gone before that is over */
    char *sha256;    /* NULL: it failed */
    char *why;
} received;

typedef struct {
    PrVirtualPhone *phone;
    int fd;
    guint64 size, chunk_size;
    guint64 done;
    GChecksum *sum;
} Upload;

void
pr_virtual_asr_expect (void)
{
    g_mutex_lock (&received.mutex);
    received.awaited = TRUE;
    received.over = FALSE;
    g_clear_pointer (&received.sha256, g_free);
    g_clear_pointer (&received.why, g_free);
    g_mutex_unlock (&received.mutex);
}

static void
say_over (const char *sha256, const char *why)
{
    g_mutex_lock (&received.mutex);
    received.over = TRUE;
    g_set_str (&received.sha256, sha256);
    g_set_str (&received.why, why);
    g_cond_broadcast (&received.changed);
    g_mutex_unlock (&received.mutex);
}

/* Called with the mutex; TRUE while there is something to wait for. */
static gboolean
keep_waiting (PrVirtualPhone *phone, int watched, gint64 until, GError **error)
{
    const char *why = NULL;
    int code = G_IO_ERROR_CONNECTION_CLOSED;

    if (received.over)
        return FALSE;
    if (pr_virtual_phone_ending (phone) || (!received.shaken && pr_virtual_wire_hung_up (watched)))
        why = "The computer is gone";
    if (why == NULL && g_get_monotonic_time () > until) {
        why = "The system image never came";
        code = G_IO_ERROR_TIMED_OUT;
    }
    if (why == NULL)
        return TRUE;
    g_set_error_literal (error, G_IO_ERROR, code, why);
    return FALSE;
}

char *
pr_virtual_asr_wait (PrVirtualPhone *phone, int watched, GError **error)
{
    gint64 until = g_get_monotonic_time () + WAIT_LIMIT;
    g_autofree char *sha256 = NULL;

    g_mutex_lock (&received.mutex);
    while (keep_waiting (phone, watched, until, error))
        g_cond_wait_until (&received.changed, &received.mutex, g_get_monotonic_time () + WAIT_STEP);
    if (received.over && received.sha256 == NULL)
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, received.why);
    sha256 = g_strdup (received.sha256);
    g_mutex_unlock (&received.mutex);
    return g_steal_pointer (&sha256);
}

/* --- Its plists: no length before them, so an end is looked for --- */

static gboolean
send_plist (int fd, plist_t message)
{
    char *text = NULL;
    guint32 length = 0;
    gboolean good;

    if (plist_to_xml (message, &text, &length) != PLIST_ERR_SUCCESS)
        return FALSE;
    good = pr_virtual_wire_write (fd, text, length);
    plist_mem_free (text);
    return good;
}

static gboolean
send_command (int fd, const char *command, const char *flag)
{
    g_auto (plist_t) message = plist_new_dict ();

    plist_dict_set_item (message, "Command", plist_new_string (command));
    if (flag != NULL)
        plist_dict_set_item (message, flag, plist_new_bool (1));
    return send_plist (fd, message);
}

/* libplist's XML ends in a line break, which must not be taken for the first byte of what follows. */
static void
skip_line_break (int fd)
{
    struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
    char octet;

    if (poll (&poll_fd, 1, LINE_BREAK_WAIT) > 0 && recv (fd, &octet, 1, MSG_PEEK) == 1 && octet == '\n')
        recv (fd, &octet, 1, 0);
}

static plist_t
receive_plist (int fd)
{
    g_autoptr (GString) text = g_string_new (NULL);
    plist_t message = NULL;

    while (!g_str_has_suffix (text->str, "</plist>")) {
        char octet;

        if (text->len == REPLY_LIMIT || !pr_virtual_wire_read (fd, &octet, 1))
            return NULL;
        g_string_append_c (text, octet);
    }
    skip_line_break (fd);
    plist_from_xml (text->str, text->len, &message);
    return message;
}

/* --- The image --- */

static gboolean
arrange (Upload *upload)
{
    g_auto (plist_t) reply = NULL;
    plist_t payload;

    if (!send_command (upload->fd, "Initiate", "Checksum Chunks"))
        return FALSE;
    reply = receive_plist (upload->fd);
    if (reply == NULL || plist_get_node_type (reply) != PLIST_DICT)
        return FALSE;
    payload = plist_dict_get_item (reply, "Payload");
    if (payload == NULL)
        return FALSE;
    upload->size = pr_virtual_dict_number (payload, "Size", 0);
    upload->chunk_size = pr_virtual_dict_number (reply, "Checksum Chunk Size", 0);
    return upload->size > 0 && upload->chunk_size > 0 && upload->chunk_size <= CHUNK_LIMIT;
}

/* Looks at parts of the image first, as the real one does to know its shape. */
static gboolean
look_at (Upload *upload, guint64 offset)
{
    g_auto (plist_t) message = plist_new_dict ();
    guint8 block[LOOK_AHEAD];
    guint64 length = MIN (LOOK_AHEAD, upload->size - offset);

    plist_dict_set_item (message, "Command", plist_new_string ("OOBData"));
    plist_dict_set_item (message, "OOB Length", plist_new_uint (length));
    plist_dict_set_item (message, "OOB Offset", plist_new_uint (offset));
    return send_plist (upload->fd, message) && pr_virtual_wire_read (upload->fd, block, length);
}

/* The cable goes on the main loop, and nothing may be said on any connection after that. */
static void
wait_for_cut (Upload *upload)
{
    while (!pr_virtual_phone_ending (upload->phone) && !pr_virtual_wire_hung_up (upload->fd))
        g_usleep (CUT_STEP);
}

/* How often the contact is lost before it stays away; 0: it never is. */
static guint
count_flaps (Upload *upload, double fraction)
{
    g_autofree char *argument = pr_virtual_phone_fault (upload->phone, "flaps-at-upload");
    char *rest = NULL;

    if (argument == NULL || fraction < g_ascii_strtod (argument, &rest))
        return 0;
    return (guint) CLAMP (g_ascii_strtoull (rest, NULL, 10), 1, MOST_FLAPS);
}

static void
set_shaken (gboolean shaken)
{
    g_mutex_lock (&received.mutex);
    received.shaken = shaken;
    g_mutex_unlock (&received.mutex);
}

/* It comes and goes within the same seconds, as at a plug that is half out, and stays away. */
static void
flap (Upload *upload, guint times)
{
    set_shaken (TRUE);
    for (guint i = 0; i < times && !pr_virtual_phone_ending (upload->phone); i++) {
        pr_virtual_phone_set_plugged (upload->phone, FALSE);
        g_usleep (FLAP_AWAY);
        pr_virtual_phone_set_plugged (upload->phone, TRUE);
        g_usleep (FLAP_THERE);
    }
    pr_virtual_phone_set_plugged (upload->phone, FALSE);
    set_shaken (FALSE);
}

/* FALSE: the cable was pulled just now. */
static gboolean
suffer (Upload *upload)
{
    double fraction = (double) upload->done / (double) upload->size;
    guint flaps = count_flaps (upload, fraction);

    if (flaps > 0) {
        flap (upload, flaps);
        wait_for_cut (upload);
        return FALSE;
    }
    if (fraction >= pr_virtual_phone_fault_number (upload->phone, "unplug-at-upload", 2)) {
        pr_virtual_phone_set_plugged (upload->phone, FALSE);
        wait_for_cut (upload);
        return FALSE;
    }
    while (fraction >= pr_virtual_phone_fault_number (upload->phone, "stalls-at-upload", 2)) {
        if (pr_virtual_phone_ending (upload->phone) || pr_virtual_wire_hung_up (upload->fd))
            return FALSE;
        g_usleep (WAIT_STEP);
    }
    return TRUE;
}

static gboolean
take_chunk (Upload *upload, guint8 *buffer, gsize size)
{
    g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA1);
    guint8 expected[SHA1_SIZE], found[SHA1_SIZE];
    gsize length = sizeof found;

    if (!pr_virtual_wire_read (upload->fd, buffer, size) ||
        !pr_virtual_wire_read (upload->fd, expected, sizeof expected))
        return FALSE;
    g_checksum_update (sum, buffer, size);
    g_checksum_get_digest (sum, found, &length);
    if (memcmp (found, expected, sizeof found) != 0)
        return FALSE;
    g_checksum_update (upload->sum, buffer, size);
    upload->done += size;
    return TRUE;
}

/* Every tenth is told, so that a test can act in the middle. */
static void
tell_tenth (Upload *upload, gsize size)
{
    guint64 tenth = upload->done * 10 / upload->size;
    g_autofree char *percent = g_strdup_printf ("%u", (guint) tenth * 10);

    if (tenth > (upload->done - size) * 10 / upload->size)
        pr_virtual_phone_saw (upload->phone, "uploading", "percent", percent, NULL);
}

static gboolean
take_image (Upload *upload)
{
    g_autofree guint8 *buffer = g_malloc (upload->chunk_size);
    double seconds = UPLOAD_SHARE * pr_virtual_phone_setting_number (upload->phone, "pace", "seconds", 20);

    while (upload->done < upload->size) {
        gsize size = MIN (upload->chunk_size, upload->size - upload->done);

        if (!suffer (upload) || !take_chunk (upload, buffer, size))
            return FALSE;
        tell_tenth (upload, size);
        pr_virtual_phone_work (upload->phone, seconds * (double) size / (double) upload->size);
    }
    return TRUE;
}

static gboolean
receive_image (Upload *upload)
{
    return arrange (upload) && look_at (upload, 0) && look_at (upload, upload->size / 2) &&
           look_at (upload, upload->size - MIN (upload->size, LOOK_AHEAD)) &&
           send_command (upload->fd, "Payload", NULL) && take_image (upload);
}

/* One connection brings the image; whoever else comes is nobody. */
static gboolean
is_awaited (void)
{
    g_mutex_lock (&received.mutex);
    gboolean awaited = received.awaited;
    received.awaited = FALSE;
    g_mutex_unlock (&received.mutex);
    return awaited;
}

void
pr_virtual_asr_serve (PrVirtualPhone *phone, int fd)
{
    if (!is_awaited ())
        return;
    g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
    Upload upload = { .phone = phone, .fd = fd, .sum = sum };
    gboolean whole = receive_image (&upload);
    g_autofree char *size = g_strdup_printf ("%" G_GUINT64_FORMAT, upload.done);
    const char *digest = g_checksum_get_string (sum);

    pr_virtual_phone_saw (phone, "upload", "result", whole ? "whole" : "broken", "size", size, "sha256", digest, NULL);
    say_over (whole ? digest : NULL, "The system image did not arrive whole");
}
