/* What PrBackupRun may do with the store that it belongs to.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup-run.h"
#include "pr-backup-store.h"

int pr_backup_store_get_fd (PrBackupStore *self);
guint pr_backup_store_get_keep (PrBackupStore *self);

/* (transfer full): the name of a former copy that the next one may be made from, with pr_backup_match_fill(). */
char *pr_backup_store_dup_spare (const char *udid);

/* A step. Where the file system can make sure of it, what is called @to already is an error. */
gboolean pr_backup_store_rename (int folder,
                                 const char *from,
                                 const char *to,
                                 const PrBackupSteps *steps,
                                 GError **error);

/* Keeps or removes what the new backup took the place of, and prunes versions. */
gboolean pr_backup_store_retire (PrBackupStore *self, const char *udid, PrBackupSteps *steps, GError **error);

/* UDID.partial, complete, becomes UDID. */
gboolean pr_backup_store_swap (PrBackupStore *self, const char *udid, PrBackupSteps *steps, GError **error);

/* Clears up after one phone; its lock is held. */
gboolean pr_backup_store_recover_one (PrBackupStore *self,
                                      const char *udid,
                                      PrBackupSteps *steps,
                                      PrBackupRecovery *recovery,
                                      GError **error);

/**
 * pr_backup_run_new:
 * @lock: (transfer full)
 * @mode: not auto
 */
PrBackupRun *pr_backup_run_new (PrBackupStore *store,
                                const char *udid,
                                int lock,
                                PrBackupMode mode,
                                const PrBackupSteps *steps,
                                GCancellable *cancellable,
                                GError **error);
