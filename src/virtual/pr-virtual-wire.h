/* Whole messages over a socket: bytes by number, and plists behind a 32-bit big-endian length, as lockdownd, restored
 * and their services speak. A stream is a socket, or a socket with TLS on it.
 *
 * Blocking, for a thread that owns the stream. Every function fails (and stays usable) when the socket is shut down by
 * another thread, which is how an unplug ends every wait.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <plist/plist.h>
#include <openssl/ssl.h>

#define PR_VIRTUAL_PLIST_LIMIT (4 * 1024 * 1024) /* bytes; nothing that a client sends here comes near it */

typedef struct {
    int fd;   /* borrowed */
    SSL *ssl; /* (nullable): owned */
} PrVirtualStream;

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (plist_t, plist_free, NULL)

/* All @length bytes, or %FALSE. */
gboolean pr_virtual_stream_read (PrVirtualStream *self, void *buffer, gsize length);
gboolean pr_virtual_stream_write (PrVirtualStream *self, const void *buffer, gsize length);
/* (transfer full): the next plist (XML or binary) behind its length; NULL at the end of the stream, for a length of 0
 * or over PR_VIRTUAL_PLIST_LIMIT, or when it is no plist. */
plist_t pr_virtual_stream_receive (PrVirtualStream *self);
gboolean pr_virtual_stream_send (PrVirtualStream *self, plist_t message); /* as XML */
gboolean pr_virtual_stream_send_binary (PrVirtualStream *self, plist_t message);

/* The same on a plain socket. */
gboolean pr_virtual_wire_read (int fd, void *buffer, gsize length);
gboolean pr_virtual_wire_write (int fd, const void *buffer, gsize length);
gboolean pr_virtual_wire_hung_up (int fd); /* by the other side; what it may have sent stays */
plist_t pr_virtual_wire_receive (int fd);
gboolean pr_virtual_wire_send (int fd, plist_t message);

/* --- Reading what a client sent: of any type, so nothing is taken for granted --- */

/* (nullable): the string at @key of @dict, valid as long as @dict; NULL when it is not there or no string. */
const char *pr_virtual_dict_text (plist_t dict, const char *key);
guint64 pr_virtual_dict_number (plist_t dict, const char *key, guint64 otherwise);
gboolean pr_virtual_dict_flag (plist_t dict, const char *key);
/* (nullable) (transfer full): the data at @key of @dict. */
GBytes *pr_virtual_dict_bytes (plist_t dict, const char *key);
void pr_virtual_dict_set_bytes (plist_t dict, const char *key, GBytes *bytes);

/* --- Question and answer --- */

/* (transfer full): an answer that says no more than its Status. */
plist_t pr_virtual_dict_new_status (const char *status);

/* Puts into @answer what is said to @request, called @name ("" for none); NULL says nothing. Returns: whether more may
 * come. */
typedef gboolean (*PrVirtualAnswerFunc) (gpointer data, const char *name, plist_t request, plist_t *answer);

/* Serves requests, whose names are at @key, until either side has enough. */
void pr_virtual_stream_converse (PrVirtualStream *stream, const char *key, PrVirtualAnswerFunc func, gpointer data);
