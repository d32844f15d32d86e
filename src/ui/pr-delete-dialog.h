/* Asks whether a backup shall go to the trash, and moves it there. For the last verified one of its phone its name is
 * typed: this is the dialog of the confirm page for that one step, and makes a PrConfirmation (guard rail 1).
 *
 * Signal: "deleted".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup-library.h"

#include <adwaita.h>

#define PR_TYPE_DELETE_DIALOG (pr_delete_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PrDeleteDialog, pr_delete_dialog, PR, DELETE_DIALOG, AdwAlertDialog)

AdwDialog *pr_delete_dialog_new (PrBackupLibrary *library, PrBackup *backup);
