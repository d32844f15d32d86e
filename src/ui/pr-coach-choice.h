/* What is to be done with which phone, before the coach begins: only what cannot be read from a phone is asked.
 *
 * Signal: "changed".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-coach.h"

#include <adwaita.h>

#define PR_TYPE_COACH_CHOICE (pr_coach_choice_get_type ())
G_DECLARE_FINAL_TYPE (PrCoachChoice, pr_coach_choice, PR, COACH_CHOICE, AdwBin)

/* Begins with this task; also says whether it is about Windows Phones. */
void pr_coach_choice_set_task (PrCoachChoice *self, PrCoachTask task);
PrCoachTask pr_coach_choice_get_task (PrCoachChoice *self);
gboolean pr_coach_choice_is_windows (PrCoachChoice *self);
/* @product_type: (nullable): that of the attached phone; %NULL lets the person choose */
void pr_coach_choice_set_product_type (PrCoachChoice *self, const char *product_type);
/* "notch", …, or "windows" */
const char *pr_coach_choice_get_family (PrCoachChoice *self);
/* More time for every move? */
gboolean pr_coach_choice_get_slow (PrCoachChoice *self);
/* Everything is erased, and the person has agreed; or nothing is. */
gboolean pr_coach_choice_may_begin (PrCoachChoice *self);
/* %FALSE where no way by buttons is known. */
gboolean pr_coach_choice_find (PrCoachChoice *self, PrPhoneMode mode, PrCoachSequence *sequence);
