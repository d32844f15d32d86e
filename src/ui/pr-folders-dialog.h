/* Where backups are kept, and which other folders are looked through. Writes into the library.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup-library.h"

#include <adwaita.h>

#define PR_TYPE_FOLDERS_DIALOG (pr_folders_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PrFoldersDialog, pr_folders_dialog, PR, FOLDERS_DIALOG, AdwDialog)

AdwDialog *pr_folders_dialog_new (PrBackupLibrary *library);
