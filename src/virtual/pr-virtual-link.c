// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-link.h"

#define VERSION_MAJOR 300
#define VERSION_MINOR 0
#define LOOK_EVERY (G_USEC_PER_SEC / 50)

PrVirtualLink *
pr_virtual_link_new (PrVirtualPhone *phone, PrVirtualStream *stream)
{
    PrVirtualLink *self = g_new0 (PrVirtualLink, 1);
    self->phone = phone;
    self->stream = stream;
    self->out = g_byte_array_new ();
    self->flush_at = PR_VIRTUAL_LINK_PIECE;
    self->cut_at_bytes = self->cut_at_file = self->cut_moving = self->stall_at_bytes = G_MAXUINT64;
    self->error_at_file = self->restore_cut_at_file = G_MAXUINT64;
    return self;
}

void
pr_virtual_link_free (PrVirtualLink *self)
{
    g_byte_array_unref (self->out);
    g_free (self->why);
    g_free (self->stalled);
    g_free (self);
}

gboolean
pr_virtual_link_fail (PrVirtualLink *self, guint code, const char *why)
{
    if (self->code == 0) {
        self->code = code;
        g_set_str (&self->why, why);
    }
    return FALSE;
}

void
pr_virtual_link_forget (PrVirtualLink *self)
{
    self->code = 0;
    g_clear_pointer (&self->why, g_free);
    g_clear_pointer (&self->stalled, g_free);
    self->progress = 0;
    self->restarts = FALSE;
    self->bytes = self->files = self->moves = 0;
}

gboolean
pr_virtual_link_end (PrVirtualLink *self)
{
    self->over = TRUE;
    return FALSE;
}

/* --- Messages --- */

plist_t
pr_virtual_link_message (const char *name)
{
    plist_t message = plist_new_array ();
    g_autofree char *whole = g_strconcat ("DLMessage", name, NULL);
    plist_array_append_item (message, plist_new_string (whole));
    return message;
}

gboolean
pr_virtual_link_send (PrVirtualLink *self, plist_t message)
{
    gboolean sent = !self->over && pr_virtual_stream_send_binary (self->stream, message);
    plist_free (message);
    return sent || pr_virtual_link_end (self);
}

static const char *
get_name (plist_t message)
{
    if (message == NULL || plist_get_node_type (message) != PLIST_ARRAY || plist_array_get_size (message) == 0)
        return "";
    plist_t name = plist_array_get_item (message, 0);
    return plist_get_node_type (name) == PLIST_STRING ? plist_get_string_ptr (name, NULL) : "";
}

/* (transfer full) (nullable): what the computer says next, if it is DLMessage@name. */
static plist_t
expect (PrVirtualLink *self, const char *name)
{
    plist_t message = self->over ? NULL : pr_virtual_stream_receive (self->stream);
    const char *given = get_name (message);
    g_autofree char *awaited = g_strconcat ("DLMessage", name, NULL);
    if (g_strcmp0 (given, awaited) == 0)
        return message;
    gboolean goes = g_str_equal (given, "DLMessageDisconnect");
    pr_virtual_phone_saw (self->phone, goes ? "backup-disconnected" : "backup-hung-up", "awaited", name, "came", given,
                          NULL);
    plist_free (message);
    pr_virtual_link_end (self);
    return NULL;
}

gboolean
pr_virtual_link_greet (PrVirtualLink *self)
{
    plist_t versions = pr_virtual_link_message ("VersionExchange");
    plist_array_append_item (versions, plist_new_uint (VERSION_MAJOR));
    plist_array_append_item (versions, plist_new_uint (VERSION_MINOR));
    if (!pr_virtual_link_send (self, versions))
        return FALSE;
    g_auto (plist_t) answer = expect (self, "VersionExchange");
    plist_t word = answer != NULL ? plist_array_get_item (answer, 1) : NULL;
    if (word == NULL || plist_get_node_type (word) != PLIST_STRING ||
        !g_str_equal (plist_get_string_ptr (word, NULL), "DLVersionsOk"))
        return pr_virtual_link_end (self);
    return pr_virtual_link_send (self, pr_virtual_link_message ("DeviceReady"));
}

plist_t
pr_virtual_link_receive (PrVirtualLink *self)
{
    g_auto (plist_t) message = expect (self, "ProcessMessage");
    plist_t dict = message != NULL ? plist_array_get_item (message, 1) : NULL;
    if (dict == NULL || plist_get_node_type (dict) != PLIST_DICT)
        return NULL;
    return plist_copy (dict);
}

gboolean
pr_virtual_link_respond_with (PrVirtualLink *self, plist_t response)
{
    plist_t message = pr_virtual_link_message ("ProcessMessage");
    plist_array_append_item (message, response);
    return pr_virtual_link_send (self, message);
}

gboolean
pr_virtual_link_respond (PrVirtualLink *self, const char *content)
{
    plist_t response = plist_new_dict ();
    plist_dict_set_item (response, "MessageName", plist_new_string ("Response"));
    plist_dict_set_item (response, "ErrorCode", plist_new_uint (self->code));
    plist_dict_set_item (response, "ErrorDescription", plist_new_string (self->code != 0 ? self->why : ""));
    if (content != NULL)
        plist_dict_set_item (response, "Content", plist_new_string (content));
    return pr_virtual_link_respond_with (self, response);
}

/* --- What is to go wrong --- */

static guint64
read_fault (PrVirtualLink *self, const char *name)
{
    g_autofree char *argument = pr_virtual_phone_fault (self->phone, name);
    return argument != NULL ? g_ascii_strtoull (argument, NULL, 10) : G_MAXUINT64;
}

/* "CODE" of the first file, or "CODE FILE". */
static void
read_file_error (PrVirtualLink *self)
{
    g_autofree char *argument = pr_virtual_phone_fault (self->phone, "backup-file-error");
    char *rest = NULL;
    self->error_at_file = G_MAXUINT64;
    if (argument == NULL)
        return;
    self->error_code = (guint8) g_ascii_strtoull (argument, &rest, 0);
    self->error_at_file = MAX (g_ascii_strtoull (rest, NULL, 10), 1);
}

/* A phone of some speed sends little at once, so that it does not come in bursts. */
static void
read_pace (PrVirtualLink *self)
{
    double speed = pr_virtual_phone_setting_number (self->phone, "pace", "megabytes-per-second", 0);
    self->pace = speed > 0 ? 1 / (speed * 1000 * 1000) : 0;
    self->flush_at = speed > 0 ? PR_VIRTUAL_LINK_PIECE / 16 : PR_VIRTUAL_LINK_PIECE;
}

gboolean
pr_virtual_link_cut (PrVirtualLink *self)
{
    pr_virtual_phone_saw (self->phone, "backup-cut", NULL);
    pr_virtual_phone_set_plugged (self->phone, FALSE);
    while (!pr_virtual_phone_ending (self->phone) && !pr_virtual_wire_hung_up (self->stream->fd))
        g_usleep (LOOK_EVERY);
    return pr_virtual_link_end (self);
}

/* Until it is mended, or for SECONDS where the fault says "WORD SECONDS". */
static gboolean
stalls (PrVirtualLink *self, const char *fault, const char *word, gint64 since)
{
    g_autofree char *argument = pr_virtual_phone_fault (self->phone, fault);
    if (argument == NULL)
        return FALSE;
    g_auto (GStrv) words = g_strsplit (argument, " ", 2);
    double seconds = words[0] != NULL && words[1] != NULL ? g_ascii_strtod (words[1], NULL) : G_MAXINT32;
    return (word == NULL || g_strcmp0 (words[0], word) == 0) &&
           g_get_monotonic_time () - since < (gint64) (seconds * G_USEC_PER_SEC);
}

/* Once at each place. */
static gboolean
stall (PrVirtualLink *self, const char *fault, const char *word)
{
    gint64 since = g_get_monotonic_time ();
    const char *where = word != NULL ? word : "data";
    if (!stalls (self, fault, word, since) || g_strcmp0 (self->stalled, where) == 0)
        return TRUE;
    g_set_str (&self->stalled, where);
    pr_virtual_phone_saw (self->phone, "backup-stalls", "phase", where, NULL);
    while (stalls (self, fault, word, since)) {
        if (pr_virtual_phone_ending (self->phone) || pr_virtual_wire_hung_up (self->stream->fd))
            return pr_virtual_link_end (self);
        g_usleep (LOOK_EVERY);
    }
    return TRUE;
}

gboolean
pr_virtual_link_stall (PrVirtualLink *self, const char *name)
{
    return stall (self, "backup-stall", name);
}

gboolean
pr_virtual_link_stall_in_data (PrVirtualLink *self)
{
    return stall (self, "backup-stall-at-bytes", NULL);
}

gboolean
pr_virtual_link_stall_at_file (PrVirtualLink *self)
{
    return self->files < self->restore_stall_at_file || stall (self, "restore-stall-at-file", NULL);
}

/* One that is to come a number of times comes once less from now on. */
static void
count_down (PrVirtualLink *self, char **words)
{
    guint64 times = g_strv_length (words) > 2 ? g_ascii_strtoull (words[2], NULL, 10) : 0;
    g_autofree char *rest = g_strdup_printf ("%s %s %" G_GUINT64_FORMAT, words[0], words[1], times - 1);
    if (times == 1)
        pr_virtual_phone_mend_fault (self->phone, "backup-fails");
    else if (times > 1)
        pr_virtual_phone_set_fault (self->phone, "backup-fails", rest);
}

/* "CODE" when the files come, "CODE PHASE", or "CODE PHASE TIMES". */
static gboolean
gives_up (PrVirtualLink *self, const char *name)
{
    g_autofree char *argument = pr_virtual_phone_fault (self->phone, "backup-fails");
    if (argument == NULL)
        return FALSE;
    g_auto (GStrv) words = g_strsplit (argument, " ", 3);
    const char *phase = words[0] != NULL && words[1] != NULL ? words[1] : "files";
    if (!g_str_equal (phase, name))
        return FALSE;
    count_down (self, words);
    pr_virtual_link_fail (self, (guint) MAX (g_ascii_strtoull (argument, NULL, 10), 1), "The phone gave up");
    return TRUE;
}

static gboolean
survives (PrVirtualLink *self, const char *name)
{
    g_autofree char *cut = pr_virtual_phone_fault (self->phone, "backup-cut");
    if (g_strcmp0 (cut, name) == 0)
        return pr_virtual_link_cut (self);
    return !gives_up (self, name);
}

gboolean
pr_virtual_link_phase (PrVirtualLink *self, const char *name)
{
    pr_virtual_phone_saw (self->phone, "backup-phase", "name", name, NULL);
    self->cut_at_bytes = read_fault (self, "backup-cut-at-bytes");
    self->cut_at_file = read_fault (self, "backup-cut-at-file");
    self->cut_moving = read_fault (self, "backup-cut-moving");
    self->stall_at_bytes = read_fault (self, "backup-stall-at-bytes");
    self->restore_cut_at_file = read_fault (self, "restore-cut-at-file");
    self->restore_stall_at_file = read_fault (self, "restore-stall-at-file");
    read_file_error (self);
    read_pace (self);
    return pr_virtual_link_stall (self, name) && survives (self, name);
}

/* --- Requests --- */

static plist_t
take_item (plist_t array, guint index)
{
    return index < plist_array_get_size (array) ? plist_copy (plist_array_get_item (array, index)) : NULL;
}

gboolean
pr_virtual_link_receive_status (PrVirtualLink *self, gint64 *status, plist_t *payload)
{
    g_auto (plist_t) answer = expect (self, "StatusResponse");
    int64_t code = 0;
    plist_t item = answer != NULL && plist_array_get_size (answer) > 1 ? plist_array_get_item (answer, 1) : NULL;
    if (item == NULL || plist_get_node_type (item) != PLIST_INT)
        return pr_virtual_link_end (self);
    plist_get_int_val (item, &code);
    if (status != NULL)
        *status = code;
    if (payload != NULL)
        *payload = take_item (answer, 3);
    return TRUE;
}

gboolean
pr_virtual_link_ask (PrVirtualLink *self, plist_t message, gint64 *status, plist_t *payload)
{
    return pr_virtual_link_send (self, message) && pr_virtual_link_receive_status (self, status, payload);
}

static void
append_progress (PrVirtualLink *self, plist_t message)
{
    plist_array_append_item (message, plist_new_dict ());
    plist_array_append_item (message, plist_new_real (self->progress));
}

static gboolean
judge (PrVirtualLink *self, const char *what, gint64 status, gint64 accepted)
{
    if (status == 0 || status == accepted)
        return TRUE;
    g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, status);
    g_autofree char *why = g_strdup_printf ("%s: the computer answered %s", what, number);
    pr_virtual_phone_saw (self->phone, "backup-refused", "request", what, "status", number, NULL);
    return pr_virtual_link_fail (self,
                                 status == PR_VIRTUAL_LINK_FULL ? PR_VIRTUAL_ERROR_HOST_FULL : PR_VIRTUAL_ERROR_HOST_IO,
                                 why);
}

gboolean
pr_virtual_link_demand (PrVirtualLink *self, plist_t message, gint64 accepted)
{
    g_autofree char *what = g_strdup (get_name (message));
    gint64 status = 0;
    append_progress (self, message);
    return pr_virtual_link_ask (self, message, &status, NULL) && judge (self, what, status, accepted);
}

gboolean
pr_virtual_link_make_folder (PrVirtualLink *self, const char *path)
{
    plist_t message = pr_virtual_link_message ("CreateDirectory");
    plist_array_append_item (message, plist_new_string (path));
    return pr_virtual_link_demand (self, message, PR_VIRTUAL_LINK_EXISTS);
}

gboolean
pr_virtual_link_move (PrVirtualLink *self, plist_t from_to)
{
    plist_t message = pr_virtual_link_message ("MoveItems");
    self->moves += plist_dict_get_size (from_to);
    plist_array_append_item (message, from_to);
    return pr_virtual_link_demand (self, message, 0);
}

gboolean
pr_virtual_link_remove (PrVirtualLink *self, plist_t paths)
{
    plist_t message = pr_virtual_link_message ("RemoveItems");
    plist_array_append_item (message, paths);
    return pr_virtual_link_demand (self, message, 0);
}

gboolean
pr_virtual_link_free_space (PrVirtualLink *self, guint64 *bytes)
{
    g_auto (plist_t) payload = NULL;
    gint64 status = 0;
    uint64_t number = 0;
    if (!pr_virtual_link_ask (self, pr_virtual_link_message ("GetFreeDiskSpace"), &status, &payload))
        return FALSE;
    if (payload != NULL && plist_get_node_type (payload) == PLIST_INT)
        plist_get_uint_val (payload, &number);
    *bytes = number;
    return judge (self, "DLMessageGetFreeDiskSpace", status, 0);
}

plist_t
pr_virtual_link_list (PrVirtualLink *self, const char *path)
{
    plist_t message = plist_new_array ();
    plist_t payload = NULL;
    gint64 status = 0;
    plist_array_append_item (message, plist_new_string ("DLContentsOfDirectory"));
    plist_array_append_item (message, plist_new_string (path));
    plist_array_append_item (message, plist_new_dict ());
    if (!pr_virtual_link_ask (self, message, &status, &payload))
        return NULL;
    if (payload != NULL && plist_get_node_type (payload) == PLIST_DICT)
        return payload;
    plist_free (payload);
    return plist_new_dict ();
}

gboolean
pr_virtual_link_take_status (PrVirtualLink *self, const char *what)
{
    gint64 status = 0;
    return pr_virtual_link_receive_status (self, &status, NULL) && judge (self, what, status, 0);
}
