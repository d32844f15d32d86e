/* One backup in the list of all: when, how large, and whether it was verified.
 *
 * Properties: "backup" (PrBackup), "summary" (all of it, as a screen reader says it).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup.h"

#include <adwaita.h>

#define PR_TYPE_BACKUP_ROW (pr_backup_row_get_type ())
G_DECLARE_FINAL_TYPE (PrBackupRow, pr_backup_row, PR, BACKUP_ROW, AdwBin)

GtkWidget *pr_backup_row_new (void);
/* @backup: (nullable) */
void pr_backup_row_set_backup (PrBackupRow *self, PrBackup *backup);
