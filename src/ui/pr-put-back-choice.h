/* Which backup is put back, and whether onto the phone that it came from: a group at the top of Readiness. Writes into
 * the plan.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-plan.h"

#include <adwaita.h>

#define PR_TYPE_PUT_BACK_CHOICE (pr_put_back_choice_get_type ())
G_DECLARE_FINAL_TYPE (PrPutBackChoice, pr_put_back_choice, PR, PUT_BACK_CHOICE, AdwPreferencesGroup)

GtkWidget *pr_put_back_choice_new (PrPlan *plan);
