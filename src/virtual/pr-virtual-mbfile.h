/* MBFile, what a Manifest.db keeps of each file, as NSKeyedArchiver writes it. Most differ in a few numbers, so a blob
 * is made once for each shape and then filled in: a phone with a million files writes its manifest in seconds.
 *
 * For one thread at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-manifest.h"

typedef struct _PrVirtualMbfiles PrVirtualMbfiles;

PrVirtualMbfiles *pr_virtual_mbfiles_new (void);
void pr_virtual_mbfiles_free (PrVirtualMbfiles *self);

/* (transfer none): the blob of @row, valid until the next call. */
GByteArray *pr_virtual_mbfiles_write (PrVirtualMbfiles *self, const PrVirtualRow *row);

/* Fills in what @data says; domain, path, target and kind stay as they are. Returns: FALSE when it is no MBFile. */
gboolean pr_virtual_mbfile_read (const void *data, gsize length, PrVirtualRow *row);
