/* What shall happen to this phone? The mildest way first.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-page.h"

#define PR_TYPE_GOAL_PAGE (pr_goal_page_get_type ())
G_DECLARE_FINAL_TYPE (PrGoalPage, pr_goal_page, PR, GOAL_PAGE, PrPage)

PrPage *pr_goal_page_new (PrPlan *plan);
