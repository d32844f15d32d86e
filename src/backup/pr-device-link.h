/* DeviceLink, the language of mobilebackup2: messages, which are arrays in binary property lists behind their length
 * (most significant byte first), and between them plain bytes of files.
 *
 * Blocking; one thread. Every wait ends after the limit that was set, with PR_ERROR_NO_ANSWER; a closed connection is
 * PR_ERROR_UNPLUGGED; what makes no sense is PR_ERROR_BAD_ANSWER.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <plist/plist.h>

#include "pr-wire.h"

typedef struct _PrDeviceLink PrDeviceLink;

/* @wire: (transfer full). Exchanges versions. */
PrDeviceLink *pr_device_link_open (PrWire *wire, guint limit, GCancellable *cancellable, GError **error);
void pr_device_link_close (PrDeviceLink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrDeviceLink, pr_device_link_close)

/* Seconds. */
void pr_device_link_set_limit (PrDeviceLink *self, guint limit);

/* (transfer full): an array that begins with a name; *@name: borrowed from it */
plist_t pr_device_link_receive (PrDeviceLink *self, const char **name, GCancellable *cancellable, GError **error);

/* @content: (transfer full) (nullable): a dictionary */
gboolean pr_device_link_send_status (PrDeviceLink *self,
                                     int code,
                                     const char *text,
                                     plist_t content,
                                     GCancellable *cancellable,
                                     GError **error);
/* @content: (transfer full) */
gboolean pr_device_link_send_process (PrDeviceLink *self, plist_t content, GCancellable *cancellable, GError **error);
/* Says that it ends, waits 2 s at most for that to leave. */
void pr_device_link_send_disconnect (PrDeviceLink *self);

/* Bytes of files. */
gboolean pr_device_link_read (PrDeviceLink *self, void *data, gsize length, GCancellable *cancellable, GError **error);
gboolean pr_device_link_read_number (PrDeviceLink *self, guint32 *number, GCancellable *cancellable, GError **error);
gboolean pr_device_link_write (PrDeviceLink *self,
                               const void *data,
                               gsize length,
                               GCancellable *cancellable,
                               GError **error);
