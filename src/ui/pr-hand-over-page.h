/* Everything to do before a phone goes to somebody else, in its order: what this computer sees is ticked by itself, the
 * rest by the person. Erasing on the phone itself comes first, since that signs out too; erasing from here second.
 *
 * What was ticked stays ticked for this phone as long as the program runs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-page.h"

#define PR_TYPE_HAND_OVER_PAGE (pr_hand_over_page_get_type ())
G_DECLARE_FINAL_TYPE (PrHandOverPage, pr_hand_over_page, PR, HAND_OVER_PAGE, PrPage)

PrPage *pr_hand_over_page_new (PrPlan *plan);
