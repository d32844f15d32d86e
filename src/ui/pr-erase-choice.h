/* Who gets the phone that is to be erased: a group at the top of Readiness. Writes into the plan.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-plan.h"

#include <adwaita.h>

#define PR_TYPE_ERASE_CHOICE (pr_erase_choice_get_type ())
G_DECLARE_FINAL_TYPE (PrEraseChoice, pr_erase_choice, PR, ERASE_CHOICE, AdwPreferencesGroup)

GtkWidget *pr_erase_choice_new (PrPlan *plan);
