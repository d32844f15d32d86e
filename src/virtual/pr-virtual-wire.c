// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-wire.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#define MAX_PIECE (1 << 30) /* SSL_read and SSL_write count in int */

/* --- Bytes --- */

static gssize
read_some (PrVirtualStream *self, void *buffer, gsize length)
{
    if (self->ssl != NULL)
        return SSL_read (self->ssl, buffer, (int) MIN (length, MAX_PIECE));
    return TEMP_FAILURE_RETRY (recv (self->fd, buffer, length, 0));
}

static gssize
write_some (PrVirtualStream *self, const void *buffer, gsize length)
{
    if (self->ssl != NULL)
        return SSL_write (self->ssl, buffer, (int) MIN (length, MAX_PIECE));
    return TEMP_FAILURE_RETRY (send (self->fd, buffer, length, MSG_NOSIGNAL));
}

gboolean
pr_virtual_stream_read (PrVirtualStream *self, void *buffer, gsize length)
{
    guint8 *at = buffer;
    while (length > 0) {
        gssize n = read_some (self, at, length);
        if (n <= 0)
            return FALSE;
        at += n;
        length -= n;
    }
    return TRUE;
}

gboolean
pr_virtual_stream_write (PrVirtualStream *self, const void *buffer, gsize length)
{
    const guint8 *at = buffer;
    while (length > 0) {
        gssize n = write_some (self, at, length);
        if (n <= 0)
            return FALSE;
        at += n;
        length -= n;
    }
    return TRUE;
}

/* --- Plists --- */

plist_t
pr_virtual_stream_receive (PrVirtualStream *self)
{
    guint32 length;
    if (!pr_virtual_stream_read (self, &length, sizeof length))
        return NULL;
    length = GUINT32_FROM_BE (length);
    if (length == 0 || length > PR_VIRTUAL_PLIST_LIMIT)
        return NULL;
    g_autofree char *text = g_malloc (length);
    if (!pr_virtual_stream_read (self, text, length))
        return NULL;
    plist_t message = NULL;
    plist_from_memory (text, length, &message, NULL);
    return message;
}

/* One write, so that nobody sees a length without its plist. Frees @data. */
static gboolean
send_framed (PrVirtualStream *self, char *data, guint32 length)
{
    g_autoptr (GByteArray) frame = g_byte_array_sized_new (length + 4);
    guint32 head = GUINT32_TO_BE (length);
    g_byte_array_append (frame, (const guint8 *) &head, sizeof head);
    g_byte_array_append (frame, (const guint8 *) data, length);
    plist_mem_free (data);
    return pr_virtual_stream_write (self, frame->data, frame->len);
}

gboolean
pr_virtual_stream_send (PrVirtualStream *self, plist_t message)
{
    char *text = NULL;
    guint32 length = 0;
    return plist_to_xml (message, &text, &length) == PLIST_ERR_SUCCESS && send_framed (self, text, length);
}

gboolean
pr_virtual_stream_send_binary (PrVirtualStream *self, plist_t message)
{
    char *data = NULL;
    guint32 length = 0;
    return plist_to_bin (message, &data, &length) == PLIST_ERR_SUCCESS && send_framed (self, data, length);
}

/* --- A plain socket --- */

gboolean
pr_virtual_wire_read (int fd, void *buffer, gsize length)
{
    PrVirtualStream stream = { .fd = fd };
    return pr_virtual_stream_read (&stream, buffer, length);
}

gboolean
pr_virtual_wire_write (int fd, const void *buffer, gsize length)
{
    PrVirtualStream stream = { .fd = fd };
    return pr_virtual_stream_write (&stream, buffer, length);
}

gboolean
pr_virtual_wire_hung_up (int fd)
{
    struct pollfd poll_fd = { .fd = fd, .events = POLLRDHUP };
    return poll (&poll_fd, 1, 0) > 0 && (poll_fd.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

plist_t
pr_virtual_wire_receive (int fd)
{
    PrVirtualStream stream = { .fd = fd };
    return pr_virtual_stream_receive (&stream);
}

gboolean
pr_virtual_wire_send (int fd, plist_t message)
{
    PrVirtualStream stream = { .fd = fd };
    return pr_virtual_stream_send (&stream, message);
}

/* --- What is in a message --- */

static plist_t
get_item (plist_t dict, const char *key, plist_type type)
{
    if (dict == NULL || plist_get_node_type (dict) != PLIST_DICT)
        return NULL;
    plist_t item = plist_dict_get_item (dict, key);
    return item != NULL && plist_get_node_type (item) == type ? item : NULL;
}

const char *
pr_virtual_dict_text (plist_t dict, const char *key)
{
    plist_t item = get_item (dict, key, PLIST_STRING);
    return item != NULL ? plist_get_string_ptr (item, NULL) : NULL;
}

guint64
pr_virtual_dict_number (plist_t dict, const char *key, guint64 otherwise)
{
    plist_t item = get_item (dict, key, PLIST_INT);
    uint64_t number = otherwise;
    if (item != NULL)
        plist_get_uint_val (item, &number);
    return number;
}

gboolean
pr_virtual_dict_flag (plist_t dict, const char *key)
{
    plist_t item = get_item (dict, key, PLIST_BOOLEAN);
    return item != NULL && plist_bool_val_is_true (item);
}

GBytes *
pr_virtual_dict_bytes (plist_t dict, const char *key)
{
    plist_t item = get_item (dict, key, PLIST_DATA);
    if (item == NULL)
        return NULL;
    uint64_t length = 0;
    const char *data = plist_get_data_ptr (item, &length);
    return g_bytes_new (data, length);
}

void
pr_virtual_dict_set_bytes (plist_t dict, const char *key, GBytes *bytes)
{
    gsize length;
    const char *data = g_bytes_get_data (bytes, &length);
    plist_dict_set_item (dict, key, plist_new_data (data, length));
}

/* --- Question and answer --- */

plist_t
pr_virtual_dict_new_status (const char *status)
{
    plist_t answer = plist_new_dict ();
    plist_dict_set_item (answer, "Status", plist_new_string (status));
    return answer;
}

static gboolean
answer_one (PrVirtualStream *stream, const char *key, PrVirtualAnswerFunc func, gpointer data)
{
    g_auto (plist_t) request = pr_virtual_stream_receive (stream);
    g_auto (plist_t) answer = NULL;
    if (request == NULL)
        return FALSE;
    const char *name = pr_virtual_dict_text (request, key);
    gboolean more = func (data, name != NULL ? name : "", request, &answer);
    return (answer == NULL || pr_virtual_stream_send (stream, answer)) && more;
}

void
pr_virtual_stream_converse (PrVirtualStream *stream, const char *key, PrVirtualAnswerFunc func, gpointer data)
{
    while (answer_one (stream, key, func, data))
        continue;
}
