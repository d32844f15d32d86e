/* Writes the files that arrive into a run: small ones at once, large ones in a thread of its own and past the page
 * cache (O_DIRECT), which here is what makes them fast; and digests both.
 *
 * Blocking; the functions are for the one thread that receives. Memory: PR_BACKUP_WRITER_BLOCKS blocks.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "pr-backup-run.h"

#define PR_BACKUP_WRITER_BLOCK (1024 * 1024)
#define PR_BACKUP_WRITER_BLOCKS 4

typedef struct _PrBackupWriter PrBackupWriter;

PrBackupWriter *pr_backup_writer_new (PrBackupRun *run);
void pr_backup_writer_free (PrBackupWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrBackupWriter, pr_backup_writer_free)

/* A file begins; @path: (transfer full) */
gboolean pr_backup_writer_begin (PrBackupWriter *self, char *path, GCancellable *cancellable, GError **error);

/**
 * pr_backup_writer_reserve:
 * @length: (out): how much fits there, at least 1
 *
 * Returns: (nullable): where the file's next bytes are to be put, before they are added; %NULL with @error
 */
guint8 *pr_backup_writer_reserve (PrBackupWriter *self, gsize *length, GCancellable *cancellable, GError **error);
void pr_backup_writer_add (PrBackupWriter *self, gsize length);

gboolean pr_backup_writer_end (PrBackupWriter *self, GCancellable *cancellable, GError **error);
/* The phone could not read it to its end: what arrived is not kept. */
gboolean pr_backup_writer_drop (PrBackupWriter *self, GCancellable *cancellable, GError **error);

/* Waits until everything is written. */
gboolean pr_backup_writer_drain (PrBackupWriter *self, GCancellable *cancellable, GError **error);
