/* The undo journal: for file systems that can neither share files nor hold a second copy.
 *
 * The run then works in the backup itself. What it replaces or removes is first renamed into UDID.undo/tree; what it
 * adds is first written down in UDID.undo/journal, and synced. Going back removes what was written down and moves back
 * what was kept; doing that twice is the same as once. What is below Snapshot is always new.
 *
 * Blocking; one thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "pr-backup-step.h"

typedef struct _PrBackupUndo PrBackupUndo;

PrBackupUndo *pr_backup_undo_begin (int folder, const char *udid, int root, const PrBackupSteps *steps, GError **error);
void pr_backup_undo_free (PrBackupUndo *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrBackupUndo, pr_backup_undo_free)

/* To be called before @path is created, replaced or removed. */
gboolean pr_backup_undo_prepare (PrBackupUndo *self, const char *path, GError **error);
/* The same for many that may be created, with one sync. */
gboolean pr_backup_undo_prepare_many (PrBackupUndo *self, const char *const *paths, GError **error);
/* Was @path in the backup when the run began? */
gboolean pr_backup_undo_is_original (PrBackupUndo *self, const char *path);

/* Both end by renaming UDID.undo to @trash, which the caller removes. */
gboolean pr_backup_undo_commit (int folder,
                                const char *udid,
                                const char *trash,
                                const PrBackupSteps *steps,
                                GError **error);
gboolean pr_backup_undo_roll_back (int folder,
                                   const char *udid,
                                   const char *trash,
                                   const PrBackupSteps *steps,
                                   GError **error);
