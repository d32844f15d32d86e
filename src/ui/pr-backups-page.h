/* Every backup that is known on this computer, grouped by phone, and where they are kept.
 *
 * In choosing mode it answers PR_QUESTION_BACKUP: the one that is opened is the one that is to be put back.
 *
 * Signal: "open" (PrBackup): its own page is wanted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-page.h"

#define PR_TYPE_BACKUPS_PAGE (pr_backups_page_get_type ())
G_DECLARE_FINAL_TYPE (PrBackupsPage, pr_backups_page, PR, BACKUPS_PAGE, PrPage)

PrPage *pr_backups_page_new (PrPlan *plan, gboolean choosing);
