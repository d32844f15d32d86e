/* What is wrong? The list of what people say, to be searched; that of Windows Phones stands apart.
 *
 * Signal besides PrPage's: "chosen" (guint: a PrSymptom).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-advice.h"
#include "pr-page.h"

#define PR_TYPE_SYMPTOM_PAGE (pr_symptom_page_get_type ())
G_DECLARE_FINAL_TYPE (PrSymptomPage, pr_symptom_page, PR, SYMPTOM_PAGE, PrPage)

/**
 * pr_symptom_page_new:
 * @windows: begins with the list of Windows Phones
 * @last: what was chosen before, to be offered first where the phone shows nothing by itself; PR_N_SYMPTOMS: nothing
 */
PrPage *pr_symptom_page_new (PrPlan *plan, gboolean windows, PrSymptom last);
