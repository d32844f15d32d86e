/* A folder of backups: one committed backup a phone (FOLDER/UDID, as every other program expects it), and earlier
 * versions if they are to be kept (FOLDER/UDID.versions/NUMBER; they share files with each other, so they are no
 * independent copies).
 *
 * A backup is never written to. A run works on FOLDER/UDID.partial, or under an undo journal, and becomes the backup by
 * one rename once it was verified and synced; see pr-backup-run.h. What a crash leaves is cleared up by
 * pr_backup_store_recover(), which pr_backup_store_begin() calls for its phone:
 *   UDID.partial, not complete: dropped · complete and newer: becomes the backup · complete and older: it was the
 *   backup before, and is kept as a version or removed · UDID.previous: the same, where two names cannot be exchanged ·
 *   UDID.undo: rolled back · UDID.trash: removed · .UDID.spare: kept while there is a backup. That is the former backup
 *   without what is no longer in the present one, and what the next run's copy is made from.
 *
 * Blocking; never the main thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "pr-backup-step.h"
#include "pr-backup-tree.h"

#define PR_TYPE_BACKUP_STORE (pr_backup_store_get_type ())
G_DECLARE_FINAL_TYPE (PrBackupStore, pr_backup_store, PR, BACKUP_STORE, GObject)

typedef struct {
    guint dropped, finished, rolled_back;
} PrBackupRecovery;

typedef struct _PrBackupRun PrBackupRun;

/**
 * pr_backup_store_new:
 * @folder: path; it is made (0700) if only its last part is missing
 *
 * See the properties "mode" (PrBackupMode), "allow-journal", "keep-versions", "step-func" and "step-data".
 */
PrBackupStore *pr_backup_store_new (const char *folder);

/* Opens the folder. Errors: PR_ERROR_BACKUP_DISK_GONE and others of pr_backup_fail(). All below call it if need be. */
gboolean pr_backup_store_open (PrBackupStore *self, GError **error);

/* Clears up after every phone's runs that are not alive. @recovery: (out) (optional): what there was. */
gboolean pr_backup_store_recover (PrBackupStore *self, PrBackupRecovery *recovery, GError **error);

/* A descriptor of the committed backup of @udid, -1 with G_IO_ERROR_NOT_FOUND. */
int pr_backup_store_open_backup (PrBackupStore *self, const char *udid, GError **error);

/**
 * pr_backup_store_begin:
 *
 * Errors: PR_ERROR_BUSY when another run (also of another program of ours) works on it, PR_ERROR_BACKUP_DISK_FULL also
 * when no copy fits and a journal is not allowed.
 */
PrBackupRun *pr_backup_store_begin (PrBackupStore *self, const char *udid, GCancellable *cancellable, GError **error);

const char *pr_backup_store_get_folder (PrBackupStore *self);
/* Bytes that anyone may still use there. */
guint64 pr_backup_store_get_free (PrBackupStore *self);
