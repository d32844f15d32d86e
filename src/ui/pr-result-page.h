/* How it ended: done, stopped, or failed with the guide for that failure.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-page.h"

#define PR_TYPE_RESULT_PAGE (pr_result_page_get_type ())
G_DECLARE_FINAL_TYPE (PrResultPage, pr_result_page, PR, RESULT_PAGE, PrPage)

/* Signals besides PrPage's: "closed", the person has seen it; "again" (PrGoal), the person wants to try this. */
/**
 * pr_result_page_new:
 * @title: the phone's
 * @version: (nullable): the system version that was to be installed
 */
PrPage *pr_result_page_new (PrPlan *plan, PrOperation *operation, PrGoal goal, const char *title, const char *version);
