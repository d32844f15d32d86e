// SPDX-License-Identifier: GPL-3.0-or-later
// Files over DeviceLink: a name, then frames of a length (big-endian, with the code), a code and data.
#include "pr-virtual-link.h"

#include <stdio.h>
#include <string.h>

#define FRAME_DATA 32767           /* bytes; with its code a frame is as long as a real phone's */
#define NAME_LIMIT 4096            /* bytes of a name, or of a text, that the computer sends */
#define FRAME_LIMIT (16 * 1048576) /* bytes of a frame that it sends */

enum { CODE_WHOLE = 0x00, CODE_DATA = 0x0c };

/* --- To the computer --- */

static gboolean
flush (PrVirtualLink *self)
{
    if (self->over || !pr_virtual_stream_write (self->stream, self->out->data, self->out->len))
        return pr_virtual_link_end (self);
    if (self->pace > 0)
        pr_virtual_phone_work (self->phone, self->pace * self->out->len);
    g_byte_array_set_size (self->out, 0);
    return TRUE;
}

static gboolean
put (PrVirtualLink *self, const void *data, gsize length)
{
    g_byte_array_append (self->out, data, length);
    return self->out->len < self->flush_at || flush (self);
}

static gboolean
put_number (PrVirtualLink *self, guint32 number)
{
    guint32 value = GUINT32_TO_BE (number);
    return put (self, &value, sizeof value);
}

static gboolean
put_name (PrVirtualLink *self, const char *name)
{
    return put_number (self, strlen (name)) && put (self, name, strlen (name));
}

static gboolean
put_frame_head (PrVirtualLink *self, gsize length, guint8 code)
{
    return put_number (self, length + 1) && put (self, &code, 1);
}

gboolean
pr_virtual_link_send_raw (PrVirtualLink *self, const void *data, gsize length)
{
    return put (self, data, length) && flush (self);
}

gboolean
pr_virtual_link_begin_upload (PrVirtualLink *self, guint64 total)
{
    plist_t message = pr_virtual_link_message ("UploadFiles");
    plist_array_append_item (message, plist_new_dict ());
    plist_array_append_item (message, plist_new_real (self->progress));
    plist_array_append_item (message, plist_new_uint (total));
    return pr_virtual_link_send (self, message);
}

gboolean
pr_virtual_link_begin_file (PrVirtualLink *self, const char *phone_name, const char *host_name)
{
    if (self->files >= self->cut_at_file)
        return flush (self) && pr_virtual_link_cut (self);
    return put_name (self, phone_name) && put_name (self, host_name);
}

/* The cable goes, or the phone falls silent, in the middle of this frame. */
static gboolean
suffer (PrVirtualLink *self)
{
    if (self->bytes >= self->cut_at_bytes)
        return flush (self) && pr_virtual_link_cut (self);
    if (self->bytes < self->stall_at_bytes)
        return TRUE;
    self->stall_at_bytes = G_MAXUINT64;
    return flush (self) && pr_virtual_link_stall_in_data (self);
}

/* As much of @length as comes before the next fault. */
static gsize
until_fault (PrVirtualLink *self, gsize length)
{
    guint64 next = MIN (self->cut_at_bytes, self->stall_at_bytes);
    return self->bytes < next ? MIN (length, next - self->bytes) : 0;
}

static gboolean
put_data (PrVirtualLink *self, const guint8 *data, gsize length)
{
    while (length > 0) {
        gsize now = until_fault (self, length);
        if (!put (self, data, now))
            return FALSE;
        self->bytes += now;
        data += now;
        length -= now;
        if (length > 0 && !suffer (self))
            return FALSE;
    }
    return TRUE;
}

gboolean
pr_virtual_link_data (PrVirtualLink *self, const guint8 *data, gsize length)
{
    while (length > 0) {
        gsize now = MIN (length, FRAME_DATA);
        if (!put_frame_head (self, now, CODE_DATA) || !put_data (self, data, now))
            return FALSE;
        data += now;
        length -= now;
    }
    return TRUE;
}

gboolean
pr_virtual_link_end_file (PrVirtualLink *self, guint8 code, const char *text)
{
    gsize length = code != CODE_WHOLE ? strlen (text) : 0;
    g_autofree char *stall = pr_virtual_phone_fault (self->phone, "backup-stall");
    if (stall != NULL && (!flush (self) || !pr_virtual_link_stall (self, "end-mark")))
        return FALSE;
    self->files++;
    return put_frame_head (self, length, code) && put (self, text, length);
}

gboolean
pr_virtual_link_end_upload (PrVirtualLink *self)
{
    return put_number (self, 0) && flush (self) && pr_virtual_link_take_status (self, "DLMessageUploadFiles");
}

gboolean
pr_virtual_link_upload_bytes (PrVirtualLink *self, const char *host_name, const void *data, gsize length)
{
    return pr_virtual_link_begin_upload (self, length) && pr_virtual_link_begin_file (self, host_name, host_name) &&
           pr_virtual_link_data (self, data, length) && pr_virtual_link_end_file (self, CODE_WHOLE, "") &&
           pr_virtual_link_end_upload (self);
}

static gboolean
send_from (PrVirtualLink *self, FILE *file)
{
    g_autofree guint8 *buffer = g_malloc (PR_VIRTUAL_LINK_PIECE);
    for (gsize n; (n = fread (buffer, 1, PR_VIRTUAL_LINK_PIECE, file)) > 0;)
        if (!pr_virtual_link_data (self, buffer, n))
            return FALSE;
    return TRUE;
}

gboolean
pr_virtual_link_upload_file (PrVirtualLink *self, const char *host_name, const char *path)
{
    FILE *file = fopen (path, "re");
    if (file == NULL)
        return pr_virtual_link_fail (self, PR_VIRTUAL_ERROR_IO, "the phone cannot read its own file");
    fseek (file, 0, SEEK_END);
    long size = ftell (file);
    rewind (file);
    gboolean good = pr_virtual_link_begin_upload (self, size) &&
                    pr_virtual_link_begin_file (self, host_name, host_name) && send_from (self, file);
    fclose (file);
    return good && pr_virtual_link_end_file (self, CODE_WHOLE, "") && pr_virtual_link_end_upload (self);
}

/* --- From the computer --- */

static gboolean
read_number (PrVirtualLink *self, guint32 *number)
{
    if (!pr_virtual_stream_read (self->stream, number, sizeof *number))
        return pr_virtual_link_end (self);
    *number = GUINT32_FROM_BE (*number);
    return TRUE;
}

static gboolean
read_text (PrVirtualLink *self, guint32 length, char *text)
{
    if (length >= NAME_LIMIT || !pr_virtual_stream_read (self->stream, text, length))
        return pr_virtual_link_end (self);
    text[length] = '\0';
    return TRUE;
}

/* Whatever the sink makes of it, the rest is read. */
static gboolean
read_data (PrVirtualLink *self, guint32 length, guint8 *buffer, const PrVirtualSink *sink, gboolean *liked)
{
    if (length > FRAME_LIMIT)
        return pr_virtual_link_end (self);
    while (length > 0) {
        gsize now = MIN (length, PR_VIRTUAL_LINK_PIECE);
        if (!pr_virtual_stream_read (self->stream, buffer, now))
            return pr_virtual_link_end (self);
        *liked = *liked && sink->data (buffer, now, sink->user_data);
        length -= now;
    }
    return TRUE;
}

/* The frames of one file, up to the one that ends it. */
static gboolean
read_frames (PrVirtualLink *self, guint8 *buffer, const PrVirtualSink *sink, gboolean *liked)
{
    guint8 code = CODE_DATA;
    char text[NAME_LIMIT] = "";
    while (code == CODE_DATA) {
        guint32 length;
        if (!read_number (self, &length) || length == 0 || !pr_virtual_stream_read (self->stream, &code, 1))
            return pr_virtual_link_end (self);
        if (code == CODE_DATA ? !read_data (self, length - 1, buffer, sink, liked)
                              : !read_text (self, length - 1, text))
            return FALSE;
    }
    *liked = *liked && sink->close (code, text, sink->user_data);
    return TRUE;
}

static gboolean
read_files (PrVirtualLink *self, const PrVirtualSink *sink, gboolean *liked)
{
    g_autofree guint8 *buffer = g_malloc (PR_VIRTUAL_LINK_PIECE);
    char name[NAME_LIMIT];
    for (;;) {
        guint32 length;
        if (!read_number (self, &length))
            return FALSE;
        if (length == 0)
            return TRUE;
        if (!read_text (self, length, name))
            return FALSE;
        *liked = *liked && sink->open (name, sink->user_data);
        if (!read_frames (self, buffer, sink, liked))
            return FALSE;
    }
}

gboolean
pr_virtual_link_download (PrVirtualLink *self, plist_t paths, const PrVirtualSink *sink, gint64 *status)
{
    plist_t message = pr_virtual_link_message ("DownloadFiles");
    guint n = plist_array_get_size (paths);
    gboolean liked = TRUE;
    plist_array_append_item (message, paths);
    plist_array_append_item (message, plist_new_dict ());
    plist_array_append_item (message, plist_new_real (self->progress));
    plist_array_append_item (message, plist_new_uint (n));
    return pr_virtual_link_send (self, message) && read_files (self, sink, &liked) &&
           pr_virtual_link_receive_status (self, status, NULL) && liked;
}

typedef struct {
    const char *path;
    FILE *file;
    gboolean there, written;
} Arrival;

static gboolean
open_cb (const char *name, gpointer data)
{
    Arrival *arrival = data;
    if (arrival->file == NULL)
        arrival->file = fopen (arrival->path, "we");
    arrival->written = arrival->file != NULL;
    return arrival->written;
}

static gboolean
data_cb (const guint8 *bytes, gsize length, gpointer data)
{
    Arrival *arrival = data;
    arrival->written = fwrite (bytes, 1, length, arrival->file) == length;
    return arrival->written;
}

static gboolean
close_cb (guint8 code, const char *text, gpointer data)
{
    Arrival *arrival = data;
    arrival->there = code == CODE_WHOLE;
    return TRUE;
}

gboolean
pr_virtual_link_download_file (PrVirtualLink *self, const char *host_name, const char *path, gboolean *there)
{
    Arrival arrival = { .path = path, .written = TRUE };
    const PrVirtualSink sink = { open_cb, data_cb, close_cb, &arrival };
    plist_t paths = plist_new_array ();
    gint64 status = 0;
    plist_array_append_item (paths, plist_new_string (host_name));
    gboolean good = pr_virtual_link_download (self, paths, &sink, &status);
    if (arrival.file != NULL && fclose (arrival.file) != 0)
        arrival.written = FALSE;
    *there = arrival.there && status == 0;
    if (!arrival.written)
        return pr_virtual_link_fail (self, PR_VIRTUAL_ERROR_IO, "the phone cannot write its own file");
    return good;
}
