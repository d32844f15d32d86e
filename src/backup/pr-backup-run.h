/* One run that makes a backup: a copy that looks like the backup, is changed as the phone says, and becomes the backup
 * when it is committed. A run that is freed without that is dropped, as if it had never been.
 *
 * Paths are those of pr_backup_path_check(): below the backup. Files are always made anew, never written to, because
 * the copy may share them with the backup.
 *
 * Blocking; one thread at a time, but files that were created may be written to in another.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup-digests.h"
#include "pr-backup-store.h"

typedef struct {
    guint64 files, bytes;
} PrBackupTotals;

/* Is what is in @root a good backup? Fills @totals. */
typedef gboolean (
    *PrBackupCheck) (int root, PrBackupTotals *totals, gpointer data, GCancellable *cancellable, GError **error);

void pr_backup_run_free (PrBackupRun *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrBackupRun, pr_backup_run_free)

/* A descriptor to read from; borrowed. */
int pr_backup_run_get_root (PrBackupRun *self);
const PrBackupSteps *pr_backup_run_get_steps (PrBackupRun *self);
PrBackupMode pr_backup_run_get_mode (PrBackupRun *self);

/* (transfer full): a descriptor of the new, empty file @path, to be written; -1 with @error. Replaces what was there.
 */
int pr_backup_run_create (PrBackupRun *self, const char *path, GError **error);
/* What arrived in @path; NULL: not known. */
gboolean pr_backup_run_note (PrBackupRun *self, const char *path, const PrBackupDigest *digest, GError **error);
/* A whole small file. */
gboolean pr_backup_run_write (PrBackupRun *self, const char *path, GBytes *content, GError **error);

/* @exists: (out) (optional): it was there already, which is no error */
gboolean pr_backup_run_mkdir (PrBackupRun *self, const char *path, gboolean *exists, GError **error);
gboolean pr_backup_run_move (PrBackupRun *self, const char *from, const char *to, GError **error);
/* To be called with the targets of many moves before they are made; @paths is NULL-terminated. */
gboolean pr_backup_run_announce (PrBackupRun *self, const char *const *paths, GError **error);
/* Also folders with all that is in them. That there is none is success. */
gboolean pr_backup_run_remove (PrBackupRun *self, const char *path, GError **error);
gboolean pr_backup_run_copy (PrBackupRun *self, const char *from, const char *to, GError **error);

/**
 * pr_backup_run_commit:
 *
 * Settles the digests, calls @check, syncs, swaps. After success, and after a failure, the run can only be freed.
 */
gboolean pr_backup_run_commit (PrBackupRun *self,
                               PrBackupCheck check,
                               gpointer data,
                               GCancellable *cancellable,
                               GError **error);
