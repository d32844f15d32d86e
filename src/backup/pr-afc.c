// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-afc.h"

#include <string.h>

#include "pr-error.h"

#define MAGIC "CFA6LPAA"
#define HEADER 40
#define MAX_ANSWER (64 * 1024)
#define WOULD_BLOCK 19
#define PIECE (64 * 1024)

enum {
    OP_STATUS = 0x01,
    OP_MAKE_FOLDER = 0x09,
    OP_OPEN = 0x0d,
    OP_OPENED = 0x0e,
    OP_WRITE = 0x10,
    OP_CLOSE = 0x14,
    OP_LOCK = 0x1b,
};

enum { LOCK_EXCLUSIVE = 2 | 4, LOCK_NONE = 8 | 4 };

struct _PrAfc {
    PrWire *wire;
    guint64 number;
};

PrAfc *
pr_afc_new (PrWire *wire)
{
    PrAfc *self = g_new0 (PrAfc, 1);

    self->wire = wire;
    return self;
}

void
pr_afc_free (PrAfc *self)
{
    pr_wire_close (self->wire);
    g_free (self);
}

static void
append_number (GByteArray *packet, guint64 number)
{
    number = GUINT64_TO_LE (number);
    g_byte_array_append (packet, (const guint8 *) &number, sizeof number);
}

static guint64
read_number (const guint8 *data)
{
    guint64 number;

    memcpy (&number, data, sizeof number);
    return GUINT64_FROM_LE (number);
}

static gboolean
send_packet (PrAfc *self,
             guint64 operation,
             GByteArray *parameters,
             const guint8 *data,
             gsize length,
             GCancellable *cancellable,
             GError **error)
{
    g_autoptr (GByteArray) packet = g_byte_array_new ();

    g_byte_array_append (packet, (const guint8 *) MAGIC, 8);
    append_number (packet, HEADER + parameters->len + length);
    append_number (packet, HEADER + parameters->len);
    append_number (packet, ++self->number);
    append_number (packet, operation);
    g_byte_array_append (packet, parameters->data, parameters->len);
    if (length > 0)
        g_byte_array_append (packet, data, (guint) length);
    return pr_wire_send (self->wire, packet->data, packet->len, cancellable, error);
}

/* *@value: of a status its code, of an opened file its number */
static gboolean
receive_packet (PrAfc *self, guint64 *operation, guint64 *value, GCancellable *cancellable, GError **error)
{
    guint8 header[HEADER], rest[MAX_ANSWER];
    guint64 length;

    if (!pr_wire_receive (self->wire, header, HEADER, cancellable, error))
        return FALSE;
    length = read_number (header + 8);
    if (memcmp (header, MAGIC, 8) != 0 || length < HEADER + 8 || length > MAX_ANSWER ||
        read_number (header + 24) != self->number) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "AFC: an answer that makes no sense");
        return FALSE;
    }
    *operation = read_number (header + 32);
    if (!pr_wire_receive (self->wire, rest, (gsize) length - HEADER, cancellable, error))
        return FALSE;
    *value = read_number (rest);
    return TRUE;
}

static gboolean
ask (PrAfc *self,
     guint64 operation,
     GByteArray *parameters,
     const guint8 *data,
     gsize length,
     guint64 *value,
     GCancellable *cancellable,
     GError **error)
{
    guint64 answer = 0, got = 0;

    if (!send_packet (self, operation, parameters, data, length, cancellable, error) ||
        !receive_packet (self, &answer, &got, cancellable, error))
        return FALSE;
    if (answer == OP_STATUS && got != 0) {
        g_set_error (error, G_IO_ERROR, got == WOULD_BLOCK ? G_IO_ERROR_BUSY : G_IO_ERROR_FAILED,
                     "AFC: operation %" G_GUINT64_FORMAT " was answered by %" G_GUINT64_FORMAT, operation, got);
        return FALSE;
    }
    if (value != NULL)
        *value = got;
    return TRUE;
}

static gboolean
ask_path (PrAfc *self,
          guint64 operation,
          const guint64 *mode,
          const char *path,
          guint64 *value,
          GCancellable *cancellable,
          GError **error)
{
    g_autoptr (GByteArray) parameters = g_byte_array_new ();

    if (mode != NULL)
        append_number (parameters, *mode);
    g_byte_array_append (parameters, (const guint8 *) path, (guint) strlen (path) + 1);
    return ask (self, operation, parameters, NULL, 0, value, cancellable, error);
}

gboolean
pr_afc_open (PrAfc *self, const char *path, guint64 mode, guint64 *file, GCancellable *cancellable, GError **error)
{
    return ask_path (self, OP_OPEN, &mode, path, file, cancellable, error);
}

gboolean
pr_afc_make_folder (PrAfc *self, const char *path, GCancellable *cancellable, GError **error)
{
    return ask_path (self, OP_MAKE_FOLDER, NULL, path, NULL, cancellable, error);
}

gboolean
pr_afc_write (PrAfc *self, guint64 file, GBytes *data, GCancellable *cancellable, GError **error)
{
    gsize length;
    const guint8 *bytes = g_bytes_get_data (data, &length);

    for (gsize at = 0; at < length; at += PIECE) {
        g_autoptr (GByteArray) parameters = g_byte_array_new ();

        append_number (parameters, file);
        if (!ask (self, OP_WRITE, parameters, bytes + at, MIN (PIECE, length - at), NULL, cancellable, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
pr_afc_close (PrAfc *self, guint64 file, GCancellable *cancellable, GError **error)
{
    g_autoptr (GByteArray) parameters = g_byte_array_new ();

    append_number (parameters, file);
    return ask (self, OP_CLOSE, parameters, NULL, 0, NULL, cancellable, error);
}

static gboolean
set_lock (PrAfc *self, guint64 file, guint64 kind, GCancellable *cancellable, GError **error)
{
    g_autoptr (GByteArray) parameters = g_byte_array_new ();

    append_number (parameters, file);
    append_number (parameters, kind);
    return ask (self, OP_LOCK, parameters, NULL, 0, NULL, cancellable, error);
}

gboolean
pr_afc_lock (PrAfc *self, guint64 file, GCancellable *cancellable, GError **error)
{
    return set_lock (self, file, LOCK_EXCLUSIVE, cancellable, error);
}

gboolean
pr_afc_unlock (PrAfc *self, guint64 file, GCancellable *cancellable, GError **error)
{
    return set_lock (self, file, LOCK_NONE, cancellable, error);
}
