/* The report on this computer, its link and its phones, to be read, copied and saved: what `phone-reset --diagnose`
 * prints, and how the last operation ended. Who the phone is stays masked.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-phone-list.h"

#include <adwaita.h>

#define PR_TYPE_REPORT_DIALOG (pr_report_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PrReportDialog, pr_report_dialog, PR, REPORT_DIALOG, AdwDialog)

/* @last: (nullable): the report of the last operation, masked */
AdwDialog *pr_report_dialog_new (PrPhoneList *phones, const char *last);
