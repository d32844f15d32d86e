/* What stands on the page of the coach, for each state that the coach can be in.
 *
 * @coach is %NULL where no way by buttons is known for the phone that was chosen. All texts are translated. Main
 * thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-coach-choice.h"

PrCoachState pr_coach_lines_state (PrCoach *coach); /* READY without a coach */

char *pr_coach_lines_headline (PrCoach *coach, PrCoachChoice *choice); /* (transfer full) */
const char *pr_coach_lines_text (PrCoach *coach);                      /* what to do, or what went wrong */
char *pr_coach_lines_tries (PrCoach *coach);                           /* (transfer full) (nullable) */
const char *pr_coach_lines_other_way (PrCoach *coach);                 /* (nullable): for broken buttons */

/* (nullable): what the suggested button says; @leads_on: when it worked, there is something to go on to */
const char *pr_coach_lines_first (PrCoach *coach, gboolean leads_on);
/* (nullable): what is waited for, below the buttons */
const char *pr_coach_lines_notice (PrCoach *coach, PrCoachChoice *choice);
