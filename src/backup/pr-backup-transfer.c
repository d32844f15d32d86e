// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-transfer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pr-backup-path.h"
#include "pr-backup-writer.h"
#include "pr-error.h"
#include "pr-plist.h"

/* DeviceLink's codes, as the phone understands them. */
#define CODE_OTHER -1
#define CODE_NOT_FOUND -6
#define CODE_EXISTS -7
#define CODE_IO -11
#define CODE_MULTI -13
#define CODE_FULL -15

#define CHUNK_DATA 0x0c
#define CHUNK_END 0x00
#define CHUNK_NOT_FOUND 0x06
#define FRAME 32768 /* larger ones make the phone's agent run out of memory */
#define SEND_BUFFER (256 * 1024)
#define MAX_CHUNK (64 * 1024 * 1024)
#define MAX_TEXT 4096
#define UPLOAD_ITEMS 4    /* that its message has at least */
#define MAX_LISTED 100000 /* entries of a folder */
#define APPLE_EPOCH 978307200

struct _PrBackupTransfer {
    PrDeviceLink *link;
    PrBackupRun *run;
    PrBackupWriter *writer;
    PrBackupStore *store;
    int root;
    char *name;
    PrBackupTransferState state;
    PrBackupTransferFunc func;
    PrBackupTransferSend send;
    gpointer data;
    guint8 *buffer; /* of files that are sent */
};

PrBackupTransfer *
pr_backup_transfer_new (PrDeviceLink *link,
                        PrBackupRun *run,
                        int root,
                        const char *name,
                        PrBackupStore *store,
                        PrBackupTransferFunc func,
                        PrBackupTransferSend send,
                        gpointer data)
{
    PrBackupTransfer *self = g_new0 (PrBackupTransfer, 1);

    self->link = link;
    self->run = run;
    self->writer = run != NULL ? pr_backup_writer_new (run) : NULL;
    self->store = store;
    self->root = root;
    self->name = g_strdup (name);
    self->func = func;
    self->send = send;
    self->data = data;
    return self;
}

void
pr_backup_transfer_free (PrBackupTransfer *self)
{
    g_clear_pointer (&self->writer, pr_backup_writer_free);
    g_free (self->state.refusal);
    g_free (self->buffer);
    g_free (self->name);
    g_free (self);
}

const PrBackupTransferState *
pr_backup_transfer_get_state (PrBackupTransfer *self)
{
    return &self->state;
}

static void
report (PrBackupTransfer *self, guint64 bytes)
{
    self->state.bytes += bytes;
    if (self->func != NULL)
        self->func (&self->state, self->data);
}

static gboolean
bad (GError **error, const char *what)
{
    g_set_error (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "the phone sent %s", what);
    return FALSE;
}

static char *
check_node (PrBackupTransfer *self, plist_t node, GError **error)
{
    guint64 length = 0;
    const char *text;

    if (node == NULL || plist_get_node_type (node) != PLIST_STRING) {
        bad (error, "a path that is none");
        return NULL;
    }
    text = plist_get_string_ptr (node, &length);
    return pr_backup_path_check (text, (gsize) length, self->name, error);
}

/* --- Answers --- */

static gboolean
answer (PrBackupTransfer *self, int code, const char *text, plist_t content, GCancellable *cancellable, GError **error)
{
    return pr_device_link_send_status (self->link, code, text, content, cancellable, error);
}

static gboolean
is_refusal (const GError *reason)
{
    return g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
           g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_EXISTS) ||
           g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY) ||
           g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
}

/* What the phone may get over is answered with a code; what is wrong with the disk or with the phone ends the run. */
static gboolean
answer_result (PrBackupTransfer *self, GError *reason, GCancellable *cancellable, GError **error)
{
    g_autoptr (GError) owned = reason;
    int code;

    if (reason == NULL)
        return answer (self, 0, NULL, plist_new_dict (), cancellable, error);
    if (!is_refusal (reason)) {
        gboolean full = g_error_matches (reason, PR_ERROR, PR_ERROR_BACKUP_DISK_FULL);

        answer (self, full ? CODE_FULL : CODE_IO, reason->message, NULL, cancellable, NULL);
        g_propagate_error (error, g_steal_pointer (&owned));
        return FALSE;
    }
    code = reason->code == G_IO_ERROR_NOT_FOUND ? CODE_NOT_FOUND
           : reason->code == G_IO_ERROR_EXISTS  ? CODE_EXISTS
                                                : CODE_OTHER;
    return answer (self, code, reason->message, plist_new_dict (), cancellable, error);
}

/* --- Files from the phone --- */

static char *
read_text (PrBackupTransfer *self, guint32 length, GCancellable *cancellable, GError **error)
{
    g_autofree char *text = NULL;

    if (length > MAX_TEXT) {
        bad (error, "a name that is too long");
        return NULL;
    }
    text = g_malloc0 (length + 1);
    if (!pr_device_link_read (self->link, text, length, cancellable, error))
        return NULL;
    return g_steal_pointer (&text);
}

static gboolean
receive_data (PrBackupTransfer *self, gsize length, GCancellable *cancellable, GError **error)
{
    while (length > 0) {
        gsize room = 0;
        guint8 *place = pr_backup_writer_reserve (self->writer, &room, cancellable, error);

        room = MIN (room, length);
        if (place == NULL || !pr_device_link_read (self->link, place, room, cancellable, error))
            return FALSE;
        pr_backup_writer_add (self->writer, room);
        length -= room;
        report (self, room);
    }
    return TRUE;
}

/* The phone's last word on a file: that it is whole, or why it is not. */
static gboolean
finish_file (PrBackupTransfer *self,
             const char *path,
             guint8 code,
             guint32 length,
             GCancellable *cancellable,
             GError **error)
{
    g_autofree char *text = read_text (self, length, cancellable, error);

    if (text == NULL)
        return FALSE;
    self->state.files++;
    if (code == CHUNK_END)
        return pr_backup_writer_end (self->writer, cancellable, error);
    self->state.refused++;
    if (self->state.refusal == NULL) {
        g_autofree char *shown = g_strescape (text, NULL);

        self->state.refusal = g_strdup_printf ("%s: code %d, %s", path, -(int) code, shown);
    }
    return pr_backup_writer_drop (self->writer, cancellable, error);
}

static gboolean
receive_chunks (PrBackupTransfer *self, const char *path, GCancellable *cancellable, GError **error)
{
    for (;;) {
        guint32 length;
        guint8 code;

        if (!pr_device_link_read_number (self->link, &length, cancellable, error))
            return FALSE;
        if (length == 0 || length > MAX_CHUNK)
            return bad (error, "a piece of an impossible length");
        if (!pr_device_link_read (self->link, &code, 1, cancellable, error))
            return FALSE;
        if (code != CHUNK_DATA)
            return finish_file (self, path, code, length - 1, cancellable, error);
        if (!receive_data (self, length - 1, cancellable, error))
            return FALSE;
    }
}

/* *@more: FALSE after the last one */
static gboolean
receive_file (PrBackupTransfer *self, gboolean *more, GCancellable *cancellable, GError **error)
{
    g_autofree char *device_name = NULL, *name = NULL;
    guint32 length;
    char *path;

    if (!pr_device_link_read_number (self->link, &length, cancellable, error))
        return FALSE;
    *more = length != 0;
    if (!*more)
        return TRUE;
    device_name = read_text (self, length, cancellable, error);
    if (device_name == NULL || !pr_device_link_read_number (self->link, &length, cancellable, error))
        return FALSE;
    name = read_text (self, length, cancellable, error);
    path = name != NULL ? pr_backup_path_check (name, length, self->name, error) : NULL;
    if (path == NULL || !pr_backup_writer_begin (self->writer, path, cancellable, error))
        return FALSE;
    return receive_chunks (self, path, cancellable, error);
}

static gboolean
serve_upload (PrBackupTransfer *self, plist_t message, GCancellable *cancellable, GError **error)
{
    gboolean more = TRUE;

    if (plist_array_get_size (message) < UPLOAD_ITEMS)
        return bad (error, "an upload of nothing");
    while (more)
        if (!receive_file (self, &more, cancellable, error))
            return FALSE;
    if (!pr_backup_writer_drain (self->writer, cancellable, error))
        return FALSE;
    return answer (self, 0, NULL, plist_new_dict (), cancellable, error);
}

/* --- Files to the phone --- */

static guint8 *
put_number (guint8 *at, guint32 number)
{
    number = GUINT32_TO_BE (number);
    memcpy (at, &number, sizeof number);
    return at + sizeof number;
}

static gboolean
send_name (PrBackupTransfer *self, const char *name, GCancellable *cancellable, GError **error)
{
    gsize length = strlen (name);

    put_number (self->buffer, (guint32) length);
    memcpy (self->buffer + 4, name, length);
    return pr_device_link_write (self->link, self->buffer, 4 + length, cancellable, error);
}

/* As many frames as fit into one call. Returns: bytes of the file, 0 at its end, -1 with @error. */
static gssize
fill_frames (PrBackupTransfer *self, int fd, gsize *length, GError **error)
{
    guint8 *at = self->buffer;
    gssize sum = 0;

    while (at + FRAME + 4 <= self->buffer + SEND_BUFFER) {
        gssize n = TEMP_FAILURE_RETRY (read (fd, at + 5, FRAME - 1));

        if (n < 0) {
            pr_backup_fail (error, errno, "reading the backup");
            return -1;
        }
        if (n == 0)
            break;
        at = put_number (at, (guint32) n + 1);
        *at = CHUNK_DATA;
        at += 1 + n;
        sum += n;
    }
    *length = (gsize) (at - self->buffer);
    return sum;
}

static gboolean
send_content (PrBackupTransfer *self, int fd, GCancellable *cancellable, GError **error)
{
    gsize length = 0;
    guint64 sum = 0;
    gssize n;

    while ((n = fill_frames (self, fd, &length, error)) > 0) {
        sum += (guint64) n;
        if (n > (gssize) (SEND_BUFFER - 2 * FRAME))
            pr_backup_path_read_ahead (fd, sum, SEND_BUFFER);
        if (!pr_device_link_write (self->link, self->buffer, length, cancellable, error))
            return FALSE;
        report (self, (guint64) n);
    }
    if (n < 0)
        return FALSE;
    put_number (self->buffer, 1)[0] = CHUNK_END;
    return pr_device_link_write (self->link, self->buffer, 5, cancellable, error);
}

static gboolean
send_missing (PrBackupTransfer *self, const char *name, plist_t errors, GCancellable *cancellable, GError **error)
{
    static const char text[] = "No such file or directory";
    plist_t detail = plist_new_dict ();

    plist_dict_set_item (detail, "DLFileErrorString", plist_new_string (text));
    plist_dict_set_item (detail, "DLFileErrorCode", plist_new_int (CODE_NOT_FOUND));
    plist_dict_set_item (errors, name, detail);
    put_number (self->buffer, sizeof text)[0] = CHUNK_NOT_FOUND;
    memcpy (self->buffer + 5, text, sizeof text - 1);
    return pr_device_link_write (self->link, self->buffer, 4 + sizeof text, cancellable, error);
}

static gboolean
send_file (PrBackupTransfer *self, plist_t node, plist_t errors, GCancellable *cancellable, GError **error)
{
    g_autofree char *path = check_node (self, node, error);
    const char *name = path != NULL ? plist_get_string_ptr (node, NULL) : NULL;
    g_autofd int fd = -1;
    struct stat status;

    if (path == NULL || (self->send != NULL && !self->send (path, self->data, error)) ||
        !send_name (self, name, cancellable, error))
        return FALSE;
    fd = pr_backup_path_open (self->root, path, O_RDONLY, 0);
    if (fd < 0 && errno != ENOENT && errno != ENOTDIR && errno != EBADF)
        return pr_backup_fail (error, errno, path);
    if (fd < 0 || fstat (fd, &status) < 0 || !S_ISREG (status.st_mode))
        return send_missing (self, name, errors, cancellable, error);
    self->state.files++;
    return send_content (self, fd, cancellable, error);
}

static gboolean
serve_download (PrBackupTransfer *self, plist_t message, GCancellable *cancellable, GError **error)
{
    plist_t files = plist_array_get_item (message, 1);
    g_auto (plist_t) errors = plist_new_dict ();

    if (files == NULL || plist_get_node_type (files) != PLIST_ARRAY)
        return bad (error, "a wish for files without their names");
    if (self->buffer == NULL)
        self->buffer = g_malloc (SEND_BUFFER);
    for (guint32 i = 0; i < plist_array_get_size (files); i++)
        if (!send_file (self, plist_array_get_item (files, i), errors, cancellable, error))
            return FALSE;
    put_number (self->buffer, 0);
    if (!pr_device_link_write (self->link, self->buffer, 4, cancellable, error))
        return FALSE;
    if (plist_dict_get_size (errors) == 0)
        return answer (self, 0, NULL, plist_new_dict (), cancellable, error);
    return answer (self, CODE_MULTI, "Multi status", g_steal_pointer (&errors), cancellable, error);
}

/* --- Folders --- */

static gboolean
serve_make_folder (PrBackupTransfer *self, plist_t message, GCancellable *cancellable, GError **error)
{
    g_autofree char *path = check_node (self, plist_array_get_item (message, 1), error);
    GError *reason = NULL;

    if (path == NULL)
        return FALSE;
    pr_backup_run_mkdir (self->run, path, NULL, &reason);
    return answer_result (self, reason, cancellable, error);
}

static void
add_entry (plist_t list, int folder, const char *name)
{
    plist_t entry = plist_new_dict ();
    struct stat status = { 0 };
    const char *type = "DLFileTypeUnknown";

    if (fstatat (folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR (status.st_mode))
        type = "DLFileTypeDirectory";
    else if (S_ISREG (status.st_mode))
        type = "DLFileTypeRegular";
    plist_dict_set_item (entry, "DLFileType", plist_new_string (type));
    plist_dict_set_item (entry, "DLFileSize", plist_new_uint ((guint64) status.st_size));
    plist_dict_set_item (entry, "DLFileModificationDate",
                         plist_new_date ((int32_t) (status.st_mtime - APPLE_EPOCH), 0));
    plist_dict_set_item (list, name, entry);
}

static gboolean
serve_list (PrBackupTransfer *self, plist_t message, GCancellable *cancellable, GError **error)
{
    g_autofree char *path = check_node (self, plist_array_get_item (message, 1), error);
    g_auto (plist_t) list = plist_new_dict ();
    int fd = path != NULL ? pr_backup_path_open (self->root, path, O_RDONLY | O_DIRECTORY, 0) : -1;
    g_autoptr (DIR) dir = fd >= 0 ? fdopendir (fd) : NULL;
    struct dirent *entry;
    guint n = 0;

    if (path == NULL)
        return FALSE;
    while (dir != NULL && (entry = readdir (dir)) != NULL && n++ < MAX_LISTED)
        if (entry->d_name[0] != '.')
            add_entry (list, fd, entry->d_name);
    return answer (self, 0, NULL, g_steal_pointer (&list), cancellable, error);
}

/* Calls @each with the paths of a dictionary's keys and values, until it fails. */
static gboolean
collect_moves (PrBackupTransfer *self, plist_t moves, GPtrArray *from, GPtrArray *to, GError **error)
{
    plist_dict_iter iter = NULL;
    gboolean ok = TRUE;

    plist_dict_new_iter (moves, &iter);
    while (ok) {
        char *key = NULL;
        plist_t value = NULL;
        char *source, *target;

        plist_dict_next_item (moves, iter, &key, &value);
        if (key == NULL)
            break;
        source = pr_backup_path_check (key, strlen (key), self->name, error);
        target = source != NULL ? check_node (self, value, error) : NULL;
        plist_mem_free (key);
        ok = target != NULL;
        g_ptr_array_add (from, source);
        if (ok)
            g_ptr_array_add (to, target);
    }
    plist_mem_free (iter);
    return ok;
}

static gboolean
serve_move (PrBackupTransfer *self, plist_t message, GCancellable *cancellable, GError **error)
{
    plist_t moves = plist_array_get_item (message, 1);
    g_autoptr (GPtrArray) from = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GPtrArray) to = g_ptr_array_new_null_terminated (16, g_free, TRUE);
    GError *reason = NULL;

    if (moves == NULL || plist_get_node_type (moves) != PLIST_DICT)
        return bad (error, "moves without names");
    if (!collect_moves (self, moves, from, to, error))
        return FALSE;
    if (to->len > 0)
        pr_backup_run_announce (self->run, (const char *const *) to->pdata, &reason);
    for (guint i = 0; reason == NULL && i < to->len; i++)
        pr_backup_run_move (self->run, from->pdata[i], to->pdata[i], &reason);
    return answer_result (self, reason, cancellable, error);
}

static gboolean
serve_remove (PrBackupTransfer *self, plist_t message, GCancellable *cancellable, GError **error)
{
    plist_t paths = plist_array_get_item (message, 1);
    GError *reason = NULL;

    if (paths == NULL || plist_get_node_type (paths) != PLIST_ARRAY)
        return bad (error, "a wish to remove nothing");
    for (guint32 i = 0; reason == NULL && i < plist_array_get_size (paths); i++) {
        g_autofree char *path = check_node (self, plist_array_get_item (paths, i), error);

        if (path == NULL)
            return FALSE;
        pr_backup_run_remove (self->run, path, &reason);
        g_cancellable_set_error_if_cancelled (cancellable, reason == NULL ? &reason : NULL);
    }
    return answer_result (self, reason, cancellable, error);
}

static gboolean
serve_copy (PrBackupTransfer *self, plist_t message, GCancellable *cancellable, GError **error)
{
    g_autofree char *from = check_node (self, plist_array_get_item (message, 1), error);
    g_autofree char *to = from != NULL ? check_node (self, plist_array_get_item (message, 2), error) : NULL;
    GError *reason = NULL;

    if (to == NULL)
        return FALSE;
    pr_backup_run_copy (self->run, from, to, &reason);
    return answer_result (self, reason, cancellable, error);
}

static gboolean
serve_free_space (PrBackupTransfer *self, plist_t message, GCancellable *cancellable, GError **error)
{
    guint64 bytes = self->store != NULL ? pr_backup_store_get_free (self->store) : 0;

    return answer (self, 0, NULL, plist_new_uint (bytes), cancellable, error);
}

/* There is nothing of ours to throw away; the phone then ends with its own error. */
static gboolean
serve_purge (PrBackupTransfer *self, plist_t message, GCancellable *cancellable, GError **error)
{
    self->state.wants_room = TRUE;
    return answer (self, CODE_OTHER, "Operation not supported", plist_new_dict (), cancellable, error);
}

/* --- Which is which --- */

typedef gboolean (*Serve) (PrBackupTransfer *self, plist_t message, GCancellable *cancellable, GError **error);

static const struct {
    const char *name;
    Serve serve;
    gboolean writes;
    guint percent; /* where in the message progress stands; 0: nowhere */
} wishes[] = {
    { "DLMessageUploadFiles", serve_upload, TRUE, 2 },
    { "DLMessageDownloadFiles", serve_download, FALSE, 3 },
    { "DLMessageCreateDirectory", serve_make_folder, TRUE, 3 },
    { "DLContentsOfDirectory", serve_list, FALSE, 0 },
    { "DLMessageMoveFiles", serve_move, TRUE, 3 },
    { "DLMessageMoveItems", serve_move, TRUE, 3 },
    { "DLMessageRemoveFiles", serve_remove, TRUE, 3 },
    { "DLMessageRemoveItems", serve_remove, TRUE, 3 },
    { "DLMessageCopyItem", serve_copy, TRUE, 4 },
    { "DLMessageGetFreeDiskSpace", serve_free_space, FALSE, 0 },
    { "DLMessagePurgeDiskSpace", serve_purge, FALSE, 0 },
};

static void
read_percent (PrBackupTransfer *self, plist_t message, guint place)
{
    plist_t item = place > 0 ? plist_array_get_item (message, place) : NULL;
    double percent = 0;

    if (item == NULL || plist_get_node_type (item) != PLIST_REAL)
        return;
    plist_get_real_val (item, &percent);
    if (percent > self->state.percent && percent <= 100)
        self->state.percent = percent;
    report (self, 0);
}

gboolean
pr_backup_transfer_serve (PrBackupTransfer *self,
                          const char *name,
                          plist_t message,
                          GCancellable *cancellable,
                          GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS (wishes); i++) {
        if (!g_str_equal (name, wishes[i].name))
            continue;
        read_percent (self, message, wishes[i].percent);
        if (wishes[i].writes && self->run == NULL)
            return answer (self, CODE_OTHER, "the backup is read only", plist_new_dict (), cancellable, error);
        return wishes[i].serve (self, message, cancellable, error);
    }
    g_set_error (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "the phone asked for %.60s", name);
    return FALSE;
}
