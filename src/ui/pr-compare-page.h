/* The seven ways that people mix up, side by side, and the questions that they ask about them.
 *
 * Signal besides PrPage's: "follow" (guint: the PrRemedy that is to be done).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-advice.h"
#include "pr-page.h"

#define PR_TYPE_COMPARE_PAGE (pr_compare_page_get_type ())
G_DECLARE_FINAL_TYPE (PrComparePage, pr_compare_page, PR, COMPARE_PAGE, PrPage)

/* @symptom: for which a way is recommended; PR_N_SYMPTOMS: only what the phone shows by itself */
PrPage *pr_compare_page_new (PrPlan *plan, PrSymptom symptom, PrTried tried);
