/* Puts a backup back on a phone, and watches it until it has started again.
 *
 * Destructive: what is on the phone and not in the backup goes, or is replaced. It takes a confirmation with the action
 * "put-back" and the backup's path (guard rail 1). Stop works at once until the phone asks for the first file, then
 * only "End anyway".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup.h"
#include "pr-confirmation.h"
#include "pr-operation.h"

#define PR_TYPE_PUT_BACK (pr_put_back_get_type ())
G_DECLARE_FINAL_TYPE (PrPutBack, pr_put_back, PR, PUT_BACK, PrOperation)

/**
 * pr_put_back_new:
 * @password: (nullable): of the backup, if it is encrypted. A copy is kept, and wiped
 * @same_phone: the phone becomes as it was: settings of its system too, and what the backup does not have is removed.
 *   Otherwise what the other phone had is added to this one, whose own settings stay
 * @confirmation: (nullable)
 */
PrOperation *pr_put_back_new (PrPhone *phone,
                              PrBackup *backup,
                              const char *password,
                              gboolean same_phone,
                              PrConfirmation *confirmation);
