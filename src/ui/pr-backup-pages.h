/* The pages and dialogs about backups, for the window: the list and a backup's own page, which are no part of a flow;
 * which backup is put back, and which passwords; and what the start found to clear up.
 *
 * Signal: "answered": the plan has another question now.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup-library.h"
#include "pr-phone-list.h"
#include "pr-plan.h"

#include <adwaita.h>

#define PR_TYPE_BACKUP_PAGES (pr_backup_pages_get_type ())
G_DECLARE_FINAL_TYPE (PrBackupPages, pr_backup_pages, PR, BACKUP_PAGES, GObject)

/* @view and @toasts: of the window; it may be closed before this goes */
PrBackupPages *pr_backup_pages_new (AdwNavigationView *view,
                                    AdwToastOverlay *toasts,
                                    PrPhoneList *phones,
                                    PrPlan *plan);

/* Goes to the list of all, or back to it. */
void pr_backup_pages_show_list (PrBackupPages *self);
/* PR_QUESTION_BACKUP */
void pr_backup_pages_ask_backup (PrBackupPages *self);
/* PR_QUESTION_PASSWORD */
void pr_backup_pages_ask_passwords (PrBackupPages *self);
/* Is somebody reading there? A phone that comes or goes is no reason to leave. */
gboolean pr_backup_pages_are_shown (PrBackupPages *self);
/* Is the person on the way from choosing a backup? */
gboolean pr_backup_pages_is_choosing (PrBackupPages *self);
/* Clears up after runs that were cut short by a crash, and says so. @keep_versions: how many earlier versions stay */
void pr_backup_pages_recover (PrBackupPages *self, guint keep_versions);
