/* Which system version is installed, and the way to its file: a group at the top of Readiness. Writes into the plan;
 * its button is the action "readiness.download".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-plan.h"

#include <adwaita.h>

#define PR_TYPE_VERSION_CHOICE (pr_version_choice_get_type ())
G_DECLARE_FINAL_TYPE (PrVersionChoice, pr_version_choice, PR, VERSION_CHOICE, AdwPreferencesGroup)

GtkWidget *pr_version_choice_new (PrPlan *plan);
