/* The report for who gets the phone: shown, printed, and saved as a sheet and as data.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "pr-handover.h"

#define PR_TYPE_HANDOVER_DIALOG (pr_handover_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PrHandoverDialog, pr_handover_dialog, PR, HANDOVER_DIALOG, AdwDialog)

/* @handover: copied */
AdwDialog *pr_handover_dialog_new (const PrHandover *handover);
