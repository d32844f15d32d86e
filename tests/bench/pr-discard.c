/* What the virtual phone can send at most: a computer that says yes to everything and keeps nothing.
 *
 * pr-discard UDID: asks for a full backup, prints the seconds from the first upload to the phone's last word, and the
 * bytes of all that came in files.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "pr-device-link.h"
#include "pr-lockdown.h"
#include "pr-plist.h"

#define SERVICE "com.apple.mobilebackup2"
#define LIMIT 60 /* seconds of silence */
#define ROOM (G_GUINT64_CONSTANT (1) << 40)
#define NOT_FOUND 0x06
#define DATA 0x0c

static guint8 buffer[1024 * 1024];
static guint64 total;

static gboolean
skip (PrDeviceLink *link, gsize length, GError **error)
{
    for (gsize n; length > 0; length -= n) {
        n = MIN (length, sizeof buffer);
        if (!pr_device_link_read (link, buffer, n, NULL, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
skip_text (PrDeviceLink *link, gboolean *there, GError **error)
{
    guint32 length;

    if (!pr_device_link_read_number (link, &length, NULL, error))
        return FALSE;
    *there = length > 0;
    return skip (link, length, error);
}

static gboolean
skip_file (PrDeviceLink *link, GError **error)
{
    guint8 code = DATA;
    gboolean there;

    if (!skip_text (link, &there, error))
        return FALSE;
    while (code == DATA) {
        guint32 length;

        if (!pr_device_link_read_number (link, &length, NULL, error) ||
            !pr_device_link_read (link, &code, 1, NULL, error) || !skip (link, length - 1, error))
            return FALSE;
        total += code == DATA ? length - 1 : 0;
    }
    return TRUE;
}

static gboolean
skip_files (PrDeviceLink *link, GError **error)
{
    gboolean more = TRUE;

    while (more)
        if (!skip_text (link, &more, error) || (more && !skip_file (link, error)))
            return FALSE;
    return TRUE;
}

static guint8 *
put_number (guint8 *at, guint32 number)
{
    number = GUINT32_TO_BE (number);
    memcpy (at, &number, sizeof number);
    return at + sizeof number;
}

/* There is none of the files that it wants. */
static gboolean
send_none (PrDeviceLink *link, plist_t message, GError **error)
{
    plist_t paths = plist_array_get_item (message, 1);

    for (guint32 i = 0; i < plist_array_get_size (paths); i++) {
        guint64 length = 0;
        const char *path = plist_get_string_ptr (plist_array_get_item (paths, i), &length);
        guint8 *at = put_number (buffer, (guint32) length);

        memcpy (at, path, length);
        at = put_number (at + length, 1);
        *at++ = NOT_FOUND;
        if (!pr_device_link_write (link, buffer, (gsize) (at - buffer), NULL, error))
            return FALSE;
    }
    put_number (buffer, 0);
    return pr_device_link_write (link, buffer, 4, NULL, error);
}

static gboolean
serve (PrDeviceLink *link, const char *name, plist_t message, GError **error)
{
    plist_t answer = g_str_equal (name, "DLMessageGetFreeDiskSpace") ? plist_new_uint (ROOM) : plist_new_dict ();
    gboolean sends_none = g_str_equal (name, "DLMessageDownloadFiles");

    if ((g_str_equal (name, "DLMessageUploadFiles") && !skip_files (link, error)) ||
        (sends_none && !send_none (link, message, error)))
        return FALSE;
    return pr_device_link_send_status (link, sends_none ? -13 : 0, NULL, answer, NULL, error);
}

static plist_t
make_request (const char *name, const char *udid)
{
    plist_t request = plist_new_dict (), versions = plist_new_array (), options = plist_new_dict ();

    plist_array_append_item (versions, plist_new_real (2.1));
    plist_dict_set_item (options, "ForceFullBackup", plist_new_bool (TRUE));
    plist_dict_set_item (request, "MessageName", plist_new_string (name));
    plist_dict_set_item (request, "SupportedProtocolVersions", versions);
    plist_dict_set_item (request, "TargetIdentifier", plist_new_string (udid));
    plist_dict_set_item (request, "SourceIdentifier", plist_new_string (udid));
    plist_dict_set_item (request, "Options", options);
    return request;
}

static gboolean
discard (const char *udid, gint64 *start, GError **error)
{
    g_autoptr (PrLockdown) lockdown = pr_lockdown_open (udid, NULL, error);
    g_autoptr (PrDeviceLink) link = NULL;
    PrWire *wire;
    guint words = 0;

    if (lockdown == NULL || !pr_lockdown_start_session (lockdown, NULL, error))
        return FALSE;
    wire = pr_lockdown_start_escrow_service (lockdown, SERVICE, NULL, error);
    link = wire != NULL ? pr_device_link_open (wire, LIMIT, NULL, error) : NULL;
    if (link == NULL || !pr_device_link_send_process (link, make_request ("Hello", udid), NULL, error) ||
        !pr_device_link_send_process (link, make_request ("Backup", udid), NULL, error))
        return FALSE;
    /* one to the greeting, one at the end */
    while (words < 2) {
        const char *name;
        g_auto (plist_t) message = pr_device_link_receive (link, &name, NULL, error);

        if (message == NULL)
            return FALSE;
        if (*start == 0 && g_str_equal (name, "DLMessageUploadFiles"))
            *start = g_get_monotonic_time ();
        if (g_str_equal (name, "DLMessageProcessMessage"))
            words++;
        else if (!serve (link, name, message, error))
            return FALSE;
    }
    return TRUE;
}

int
main (int argc, char *argv[])
{
    g_autoptr (GError) error = NULL;
    gint64 start = 0;

    if (argc != 2 || !discard (argv[1], &start, &error)) {
        g_printerr ("%s\n", error != NULL ? error->message : "usage: pr-discard UDID");
        return 1;
    }
    g_print ("%.3f %" G_GUINT64_FORMAT "\n", (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC, total);
    return 0;
}
