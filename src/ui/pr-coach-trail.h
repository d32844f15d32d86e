/* The coach's steps in a row: which are done, which is now, which come.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-coach.h"

#include <adwaita.h>

/* @sequence: (nullable): empties it; @steps: room for PR_COACH_MOST_STEPS, filled with what is shown, borrowed */
void pr_coach_trail_fill (AdwWrapBox *trail, const PrCoachSequence *sequence, const char *family, GtkWidget **steps);
void pr_coach_trail_show (PrCoach *coach, GtkWidget *const *steps);
