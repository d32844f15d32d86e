/* The quick verification of a backup for a plan, in a thread of its own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup-verify.h"
#include "pr-backup.h"

typedef struct {
    PrBackupReport report;
    GError *error; /* (nullable): PR_ERROR_BACKUP_DAMAGED, _WRONG_BACKUP_PASSWORD, _BUSY, _BACKUP_DISK_GONE… */
} PrBackupProof;

void pr_backup_proof_free (PrBackupProof *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrBackupProof, pr_backup_proof_free)

/* @password: (nullable): a copy is kept meanwhile, and wiped. Main thread; @callback too. */
void pr_backup_proof_make_async (PrBackup *backup,
                                 const char *password,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer data);
/* Returns: (transfer full) (nullable): %NULL only when cancelled */
PrBackupProof *pr_backup_proof_make_finish (GAsyncResult *result);
