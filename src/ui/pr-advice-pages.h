/* The pages of advice, for the window: what is wrong, what helps, how the ways differ, and the buttons. Keeps what the
 * person says to have tried, as long as it is the same phone.
 *
 * Signal: "answered": the plan has another question now.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-plan-advice.h"

#include <adwaita.h>

#define PR_TYPE_ADVICE_PAGES (pr_advice_pages_get_type ())
G_DECLARE_FINAL_TYPE (PrAdvicePages, pr_advice_pages, PR, ADVICE_PAGES, GObject)

/* @view: of the window; it may be closed before this goes */
PrAdvicePages *pr_advice_pages_new (AdwNavigationView *view, PrPlan *plan);

/* "Fix a Problem"; @windows: of a Windows Phone */
void pr_advice_pages_show_symptoms (PrAdvicePages *self, gboolean windows);
/* What helps against @symptom, without asking first */
void pr_advice_pages_show_advice (PrAdvicePages *self, PrSymptom symptom);
void pr_advice_pages_show_ways (PrAdvicePages *self);
/* The coach, for whatever the person chooses there */
void pr_advice_pages_show_buttons (PrAdvicePages *self);
/* Is somebody reading there? A phone that comes or goes is no reason to leave. */
gboolean pr_advice_pages_are_shown (PrAdvicePages *self);
gboolean pr_advice_pages_has (AdwNavigationPage *page);
/* @goal was carried out: its remedy counts as tried. */
void pr_advice_pages_note_done (PrAdvicePages *self, PrGoal goal);
