/* The table of contents of a zip archive, read before any library sees the file.
 *
 * Bounded in time and memory whatever the file says: at most 16,384 entries and 8 MiB of table. Refuses what no
 * honest archive has: names that lead outside, names twice, entries that overlap, lie about their size or lie outside
 * the file, encryption, several disks. Blocking; any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-error.h"

#include <glib.h>

typedef struct {
    char *name;
    guint64 offset;     /* of the local header */
    guint64 compressed; /* bytes in the archive */
    guint64 size;       /* bytes when unpacked */
    gboolean stored;    /* not compressed */
} PrZipEntry;

typedef struct _PrZipDirectory PrZipDirectory;

/* Says that a system file is damaged, and how: sets PR_ERROR_FILE_DAMAGED. Returns: %FALSE */
gboolean pr_file_is_damaged (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/**
 * pr_zip_directory_read:
 * @fd: a regular file, open for reading; its position is not used
 *
 * Source of the format: PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.14 to 4.3.16.
 *
 * Returns: (nullable): %NULL with PR_ERROR_FILE_DAMAGED, or G_IO_ERROR if reading failed
 */
PrZipDirectory *pr_zip_directory_read (int fd, GError **error);
void pr_zip_directory_free (PrZipDirectory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrZipDirectory, pr_zip_directory_free)

guint64 pr_zip_directory_get_file_size (PrZipDirectory *self);
guint pr_zip_directory_get_n_entries (PrZipDirectory *self);
const PrZipEntry *pr_zip_directory_get_entry (PrZipDirectory *self, guint index); /* in the table's order */
const PrZipEntry *pr_zip_directory_find (PrZipDirectory *self, const char *name); /* (nullable) */

/* Is the entry's own header where the table says, with the same name, and all of its data before the table?
 * Error: PR_ERROR_FILE_DAMAGED. */
gboolean pr_zip_directory_check_entry (PrZipDirectory *self, int fd, const PrZipEntry *entry, GError **error);
