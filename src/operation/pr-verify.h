/* Verifies a backup: whether it would restore. Needs no phone, and its "phone" is %NULL.
 *
 * Quick: its manifest opens and every file is there. Deep: also what is in every file, which takes as long as reading
 * them. Meanwhile no run begins on that backup, and nothing of it is pruned. When it ends the backup's health is set.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup-verify.h"
#include "pr-backup.h"
#include "pr-operation.h"

#define PR_TYPE_VERIFY (pr_verify_get_type ())
G_DECLARE_FINAL_TYPE (PrVerify, pr_verify, PR, VERIFY, PrOperation)

/* @password: (nullable): a copy is kept, and wiped */
PrOperation *pr_verify_new (PrBackup *backup, const char *password, gboolean deep);

PrBackup *pr_verify_get_backup (PrVerify *self);
/* When it is over, also where it failed. (transfer none) */
const PrBackupReport *pr_verify_get_report (PrVerify *self);
