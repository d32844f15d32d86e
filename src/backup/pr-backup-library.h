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

/**
 * pr_backup_library_find:
 * @udid: of a phone
 *
 * Returns: (transfer none) (nullable): the newest backup of that phone in the list that was finished, wherever it is,
 * without kept earlier versions
 */
PrBackup *pr_backup_library_find (PrBackupLibrary *self, const char *udid);

/* (transfer none) (nullable): the one at @path */
PrBackup *pr_backup_library_find_path (PrBackupLibrary *self, const char *path);

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
 * @keep_versions: how many earlier versions stay
 *
 * For the program's start: clears up in our folder what runs have left that were ended by a crash or by a cable, as
 * pr_backup_store_recover() does, in a thread of its own. What is alive is left alone. The list is not read anew.
 */
void pr_backup_library_recover (PrBackupLibrary *self,
                                guint keep_versions,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer data);
/* @recovery: (out): what there was. Errors: those of pr_backup_store_recover(); a folder that is not there has nothing
 * to be cleared up. */
gboolean pr_backup_library_recover_finish (PrBackupLibrary *self,
                                           GAsyncResult *result,
                                           PrBackupRecovery *recovery,
                                           GError **error);
