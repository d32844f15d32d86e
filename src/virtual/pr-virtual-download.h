/* One file that is downloaded: its bytes, its digest, its marks of version; changed on demand.
 *
 * Thread-safe.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

typedef struct _PrVirtualDownload PrVirtualDownload;

/* The file at @path, or, with a @size, that many bytes made of numbers. */
PrVirtualDownload *pr_virtual_download_new (const char *path, guint64 size, GError **error);
guint64 pr_virtual_download_size (PrVirtualDownload *self);
/* Another file of the same size takes its place: what is made of numbers gets others, and every mark is new. */
void pr_virtual_download_change (PrVirtualDownload *self);
guint pr_virtual_download_generation (PrVirtualDownload *self);
gboolean pr_virtual_download_read (PrVirtualDownload *self, guint generation, guint64 at, void *buffer, gsize length);
char *pr_virtual_download_sha1 (PrVirtualDownload *self); /* (transfer full): in hex; slow the first time */
void pr_virtual_download_free (PrVirtualDownload *self);
