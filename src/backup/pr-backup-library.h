/* All backups that are found in our folder and in folders that the person added (those of Finder, iTunes and
 * idevicebackup2: a "MobileSync/Backup" folder, or what is above it), as a GListModel of PrBackup, newest first.
 *
 * For the main thread; reading happens in another. Phones are never asked.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup-store.h"
#include "pr-backup.h"

#define PR_TYPE_BACKUP_LIBRARY (pr_backup_library_get_type ())
G_DECLARE_FINAL_TYPE (PrBackupLibrary, pr_backup_library, PR, BACKUP_LIBRARY, GObject)

/* @folder: ours */
PrBackupLibrary *pr_backup_library_new (const char *folder);

/* Properties of the same names, notified: "folder" (ours) and "added" (GStrv, nullable). A change takes effect with the
 * next refresh. */
const char *pr_backup_library_get_folder (PrBackupLibrary *self);
void pr_backup_library_set_folder (PrBackupLibrary *self, const char *folder);
const char *const *pr_backup_library_get_added (PrBackupLibrary *self);
void pr_backup_library_set_added (PrBackupLibrary *self, const char *const *folders);

/**
 * pr_backup_library_refresh:
 *
 * Reads everything again. What was found out about a backup that has not changed stays known.
 */
void pr_backup_library_refresh (PrBackupLibrary *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer data);
gboolean pr_backup_library_refresh_finish (PrBackupLibrary *self, GAsyncResult *result, GError **error);

/**
 * pr_backup_library_recover:
 *
 * Clears up in our folder after runs that were cut short and are not alive (see pr-backup-store.h), in another thread.
 * A folder that is not there is not made.
 */
void pr_backup_library_recover (PrBackupLibrary *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer data);
/* @recovery: (out): what there was */
gboolean pr_backup_library_recover_finish (PrBackupLibrary *self,
                                           GAsyncResult *result,
                                           PrBackupRecovery *recovery,
                                           GError **error);
