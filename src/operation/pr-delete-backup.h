/* Moves a backup to the trash. Main thread; the work is done in another.
 *
 * The last backup of a phone that can be trusted takes a confirmation (guard rail 1). Nothing is deleted while a run or
 * a verification works on that phone's backups.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup-library.h"
#include "pr-confirmation.h"

#define PR_BACKUP_DELETE_ACTION "delete-backup"

/* Is there no other backup of its phone in @library that was verified? Never for one that cannot be put back anyway. */
gboolean pr_backup_delete_needs_confirmation (PrBackup *backup, PrBackupLibrary *library);
/* What the confirmation has as ECID: the phone's, or for the older kind of UDID a stable number made from it. */
guint64 pr_backup_delete_get_number (PrBackup *backup);

/**
 * pr_backup_delete:
 * @library: that the backup is in; its list is read anew after success
 * @confirmation: (nullable): where needed; of the action PR_BACKUP_DELETE_ACTION, the number above, and the backup's
 * path
 *
 * Errors: PR_ERROR_NOT_CONFIRMED, PR_ERROR_WRONG_PHONE, PR_ERROR_BUSY; G_IO_ERRORs of g_file_trash(), such as
 * G_IO_ERROR_NOT_SUPPORTED where the disk has no trash, and then nothing was deleted.
 */
void pr_backup_delete (PrBackup *backup,
                       PrBackupLibrary *library,
                       PrConfirmation *confirmation,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer data);
gboolean pr_backup_delete_finish (PrBackup *backup, GAsyncResult *result, GError **error);
