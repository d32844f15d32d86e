/* What can be done about the backups of one phone: a group of rows for its page.
 *
 * Signal: "goal" (PrGoal): this is wanted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup-library.h"
#include "pr-plan.h"

#include <adwaita.h>

#define PR_TYPE_BACKUP_TASKS (pr_backup_tasks_get_type ())
G_DECLARE_FINAL_TYPE (PrBackupTasks, pr_backup_tasks, PR, BACKUP_TASKS, AdwPreferencesGroup)

/* Once. */
void pr_backup_tasks_set_phone (PrBackupTasks *self, PrPhone *phone, PrBackupLibrary *library);
