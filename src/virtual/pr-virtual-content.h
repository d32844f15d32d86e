/* What is in the phone's files: made from a seed whenever it is wanted, and never kept. File number N in its version V
 * holds the first bytes of AES-128-CTR over zeros; the key is the first half of SHA-256 of the seed in decimal, the
 * counter starts as N, V (each 32 bits, big-endian) and 64 bits of zero. So a test can make the same without asking.
 *
 * For one thread at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

typedef struct _PrVirtualContent PrVirtualContent;

PrVirtualContent *pr_virtual_content_new (void);
void pr_virtual_content_free (PrVirtualContent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrVirtualContent, pr_virtual_content_free)

/* Starts at the beginning of a file. */
void pr_virtual_content_open (PrVirtualContent *self, guint64 seed, guint32 number, guint32 version);
/* The next @length bytes. */
void pr_virtual_content_fill (PrVirtualContent *self, guint8 *buffer, gsize length);
