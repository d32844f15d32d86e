/* A row of Readiness that asks something of the person: mend this, or say that you accept it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-plan.h"

#include <adwaita.h>

#define PR_TYPE_CHECK_ROW (pr_check_row_get_type ())
G_DECLARE_FINAL_TYPE (PrCheckRow, pr_check_row, PR, CHECK_ROW, AdwPreferencesRow)

GtkWidget *pr_check_row_new (PrCheck *check, PrPlan *plan);
PrCheckKind pr_check_row_get_kind (PrCheckRow *self);

/* Puts the keyboard at the child of this name in the template, or at the first that can take it. */
void pr_check_row_focus (PrCheckRow *self, const char *child);
