/* What is being done to the phone now. Nothing leaves this page but the end of the operation.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-page.h"

#define PR_TYPE_PROGRESS_PAGE (pr_progress_page_get_type ())
G_DECLARE_FINAL_TYPE (PrProgressPage, pr_progress_page, PR, PROGRESS_PAGE, PrPage)

/**
 * pr_progress_page_new:
 * @title: the phone's
 * @awake: whether the computer promised not to fall asleep
 */
PrPage *pr_progress_page_new (PrPlan *plan, PrOperation *operation, PrGoal goal, const char *title, gboolean awake);
