/* One backup: what is known about it, and what can be done with it.
 *
 * Signals: "put-back" (PrBackup): it is to be put back onto a phone; "deleted": it is in the trash now.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-page.h"
#include "pr-phone-list.h"

#define PR_TYPE_BACKUP_PAGE (pr_backup_page_get_type ())
G_DECLARE_FINAL_TYPE (PrBackupPage, pr_backup_page, PR, BACKUP_PAGE, PrPage)

PrPage *pr_backup_page_new (PrPlan *plan, PrPhoneList *phones, PrBackup *backup);
