/* What helps: the one recommended step with its cost and its reason, and the ladder around it.
 *
 * Property: "tried" (guint64: PrTried). Signal besides PrPage's: "follow" (guint: the PrRemedy that is to be done).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-advice.h"
#include "pr-page.h"

#define PR_TYPE_ADVICE_PAGE (pr_advice_page_get_type ())
G_DECLARE_FINAL_TYPE (PrAdvicePage, pr_advice_page, PR, ADVICE_PAGE, PrPage)

PrPage *pr_advice_page_new (PrPlan *plan, PrSymptom symptom, PrTried tried);
