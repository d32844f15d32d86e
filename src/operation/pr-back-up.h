/* Makes a backup of a phone in the library's folder, verifies it, and lets it take the place of the one before.
 *
 * Stop works at once until the new backup is about to take its place; the one before stays until then. What the phone
 * wants repeated is repeated a few times.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup-library.h"
#include "pr-backup-verify.h"
#include "pr-operation.h"

#define PR_TYPE_BACK_UP (pr_back_up_get_type ())
G_DECLARE_FINAL_TYPE (PrBackUp, pr_back_up, PR, BACK_UP, PrOperation)

/**
 * pr_back_up_new:
 * @library: gets its list read anew after success
 * @password: (nullable): of the phone's encrypted backups, to prove that the new one opens; one that does not open it
 * is no failure, and the report's "proven" stays %FALSE. A copy is kept, and wiped
 * @keep_versions: how many earlier versions stay
 * @allow_journal: the person consents that, where no second copy fits, the backup itself is changed under an undo
 * journal
 */
PrOperation *pr_back_up_new (PrPhone *phone,
                             PrBackupLibrary *library,
                             const char *password,
                             guint keep_versions,
                             gboolean allow_journal);

/* In a store that the caller has made, in the library's folder. */
PrOperation *pr_back_up_new_in (PrPhone *phone, PrBackupLibrary *library, PrBackupStore *store, const char *password);

/* After success. (transfer none) */
const PrBackupReport *pr_back_up_get_report (PrBackUp *self);
