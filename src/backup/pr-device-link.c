// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-device-link.h"

#include <string.h>

#include "pr-error.h"
#include "pr-plist.h"
#include "pr-safe-plist.h"

#define BUFFER (128 * 1024)
#define MAX_MESSAGE (8 * 1024 * 1024)
#define EMPTY "___EmptyParameterString___"
#define OLDEST 300      /* of the versions that are spoken since iOS 4 */
#define OUR_VERSION 400 /* what computers answer, whatever the phone said */

struct _PrDeviceLink {
    PrWire *wire;
    guint8 buffer[BUFFER];
    gsize at, end; /* what was received and not yet read */
};

static gboolean
fail (GError **error, const char *what)
{
    g_set_error (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "DeviceLink: %s", what);
    return FALSE;
}

/* --- Bytes --- */

static gsize
take (PrDeviceLink *self, guint8 *data, gsize length)
{
    gsize n = MIN (length, self->end - self->at);

    memcpy (data, self->buffer + self->at, n);
    self->at += n;
    return n;
}

/* What is large goes where it belongs without a stop in the buffer. */
gboolean
pr_device_link_read (PrDeviceLink *self, void *data, gsize length, GCancellable *cancellable, GError **error)
{
    guint8 *bytes = data;
    gsize n = take (self, bytes, length);

    while (n < length) {
        gsize missing = length - n, got;

        if (missing >= 8192) {
            got = pr_wire_receive_some (self->wire, bytes + n, missing, cancellable, error);
            n += got;
        } else {
            got = pr_wire_receive_some (self->wire, self->buffer, sizeof self->buffer, cancellable, error);
            self->at = 0;
            self->end = got;
            n += take (self, bytes + n, missing);
        }
        if (got == 0)
            return FALSE;
    }
    return TRUE;
}

gboolean
pr_device_link_read_number (PrDeviceLink *self, guint32 *number, GCancellable *cancellable, GError **error)
{
    if (!pr_device_link_read (self, number, sizeof *number, cancellable, error))
        return FALSE;
    *number = GUINT32_FROM_BE (*number);
    return TRUE;
}

gboolean
pr_device_link_write (PrDeviceLink *self, const void *data, gsize length, GCancellable *cancellable, GError **error)
{
    return pr_wire_send (self->wire, data, length, cancellable, error);
}

/* --- Messages --- */

static gboolean
send_message (PrDeviceLink *self, plist_t message, GCancellable *cancellable, GError **error)
{
    g_auto (plist_t) owned = message;
    g_autoptr (GByteArray) packet = g_byte_array_new ();
    char *data = NULL;
    guint32 length = 0, size;

    plist_to_bin (owned, &data, &length);
    size = GUINT32_TO_BE (length);
    g_byte_array_append (packet, (const guint8 *) &size, sizeof size);
    g_byte_array_append (packet, (const guint8 *) data, length);
    plist_mem_free (data);
    return pr_wire_send (self->wire, packet->data, packet->len, cancellable, error);
}

static plist_t
create_message (const char *name)
{
    plist_t message = plist_new_array ();

    plist_array_append_item (message, plist_new_string (name));
    return message;
}

plist_t
pr_device_link_receive (PrDeviceLink *self, const char **name, GCancellable *cancellable, GError **error)
{
    g_autofree guint8 *data = NULL;
    g_auto (plist_t) message = NULL;
    plist_t first;
    guint32 length;

    if (!pr_device_link_read_number (self, &length, cancellable, error))
        return NULL;
    if (length == 0 || length > MAX_MESSAGE) {
        g_set_error (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "DeviceLink: a message of %u bytes", length);
        return NULL;
    }
    data = g_malloc (length);
    if (!pr_device_link_read (self, data, length, cancellable, error))
        return NULL;
    message = pr_safe_plist_parse (data, length);
    first = message != NULL && plist_get_node_type (message) == PLIST_ARRAY ? plist_array_get_item (message, 0) : NULL;
    if (first == NULL || plist_get_node_type (first) != PLIST_STRING) {
        fail (error, "a message that is none");
        return NULL;
    }
    *name = plist_get_string_ptr (first, NULL);
    return g_steal_pointer (&message);
}

gboolean
pr_device_link_send_status (PrDeviceLink *self,
                            int code,
                            const char *text,
                            plist_t content,
                            GCancellable *cancellable,
                            GError **error)
{
    plist_t message = create_message ("DLMessageStatusResponse");

    plist_array_append_item (message, code < 0 ? plist_new_int (code) : plist_new_uint ((guint64) code));
    plist_array_append_item (message, plist_new_string (text != NULL ? text : EMPTY));
    plist_array_append_item (message, content != NULL ? content : plist_new_string (EMPTY));
    return send_message (self, message, cancellable, error);
}

gboolean
pr_device_link_send_process (PrDeviceLink *self, plist_t content, GCancellable *cancellable, GError **error)
{
    plist_t message = create_message ("DLMessageProcessMessage");

    plist_array_append_item (message, content);
    return send_message (self, message, cancellable, error);
}

void
pr_device_link_send_disconnect (PrDeviceLink *self)
{
    plist_t message = create_message ("DLMessageDisconnect");

    plist_array_append_item (message, plist_new_string (EMPTY));
    pr_wire_set_limit (self->wire, 2);
    send_message (self, message, NULL, NULL);
}

/* --- Opening --- */

static gboolean
receive_named (PrDeviceLink *self, const char *wanted, plist_t *message, GCancellable *cancellable, GError **error)
{
    const char *name;

    *message = pr_device_link_receive (self, &name, cancellable, error);
    if (*message == NULL)
        return FALSE;
    return g_str_equal (name, wanted) || fail (error, "another message than the first one");
}

static gboolean
exchange_versions (PrDeviceLink *self, GCancellable *cancellable, GError **error)
{
    g_auto (plist_t) offer = NULL;
    g_auto (plist_t) ready = NULL;
    plist_t answer, version;
    guint64 number = 0;

    if (!receive_named (self, "DLMessageVersionExchange", &offer, cancellable, error))
        return FALSE;
    version = plist_array_get_item (offer, 1);
    if (version != NULL && plist_get_node_type (version) == PLIST_INT)
        plist_get_uint_val (version, &number);
    if (number < OLDEST)
        return fail (error, "a version that is too old");
    answer = create_message ("DLMessageVersionExchange");
    plist_array_append_item (answer, plist_new_string ("DLVersionsOk"));
    plist_array_append_item (answer, plist_new_uint (OUR_VERSION));
    return send_message (self, answer, cancellable, error) &&
           receive_named (self, "DLMessageDeviceReady", &ready, cancellable, error);
}

PrDeviceLink *
pr_device_link_open (PrWire *wire, guint limit, GCancellable *cancellable, GError **error)
{
    g_autoptr (PrDeviceLink) self = g_new0 (PrDeviceLink, 1);

    self->wire = wire;
    pr_wire_set_limit (wire, limit);
    return exchange_versions (self, cancellable, error) ? g_steal_pointer (&self) : NULL;
}

void
pr_device_link_close (PrDeviceLink *self)
{
    g_clear_pointer (&self->wire, pr_wire_close);
    g_free (self);
}

void
pr_device_link_set_limit (PrDeviceLink *self, guint limit)
{
    pr_wire_set_limit (self->wire, limit);
}
