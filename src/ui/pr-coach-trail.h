/* The steps of the coach in their order: which are done, and which is now.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-coach.h"

#include <adwaita.h>

#define PR_TYPE_COACH_TRAIL (pr_coach_trail_get_type ())
G_DECLARE_FINAL_TYPE (PrCoachTrail, pr_coach_trail, PR, COACH_TRAIL, AdwBin)

/* @sequence: (nullable): no steps; @family: as pr_model_get_family(), or "windows" */
void pr_coach_trail_fill (PrCoachTrail *self, const PrCoachSequence *sequence, const char *family);
/* @coach: of this sequence */
void pr_coach_trail_show (PrCoachTrail *self, PrCoach *coach);
