/* Asks whether a backup shall go to the trash. For the last one of its phone that can be relied on the phone's name is
 * typed: this is the confirm page's dialog for that one step, and makes a PrConfirmation (guard rail 1).
 *
 * Signal: "agreed" (PrConfirmation as a pointer, borrowed, %NULL where none is needed).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup-library.h"

#include <adwaita.h>

#define PR_TYPE_DELETE_DIALOG (pr_delete_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PrDeleteDialog, pr_delete_dialog, PR, DELETE_DIALOG, AdwAlertDialog)

AdwDialog *pr_delete_dialog_new (PrBackupLibrary *library, PrBackup *backup);
