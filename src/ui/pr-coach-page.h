/* The button coach: which buttons to hold, how long, and when to let go. Ends by itself when the phone shows on USB
 * that it worked, and says what went wrong when it shows that.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-coach.h"
#include "pr-page.h"

#define PR_TYPE_COACH_PAGE (pr_coach_page_get_type ())
G_DECLARE_FINAL_TYPE (PrCoachPage, pr_coach_page, PR, COACH_PAGE, PrPage)

/* Signal besides PrPage's: "follow" (guint: @remedy, which can begin now).
 * @remedy: for which the buttons are pressed; PR_REMEDY_NONE: for their own sake */
PrPage *pr_coach_page_new (PrPlan *plan, PrCoachTask task, PrRemedy remedy);
