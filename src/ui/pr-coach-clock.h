/* The seconds of a step, in a ring; the count-in counts down. Only there while something is counted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-coach.h"

#include <adwaita.h>

#define PR_TYPE_COACH_CLOCK (pr_coach_clock_get_type ())
G_DECLARE_FINAL_TYPE (PrCoachClock, pr_coach_clock, PR, COACH_CLOCK, AdwBin)

/**
 * pr_coach_clock_show:
 * @coach: (nullable):
 *
 * Where animations are off, the ring only moves with the number.
 *
 * Returns: (transfer full) (nullable): what a screen reader may say now: "5 seconds"
 */
char *pr_coach_clock_show (PrCoachClock *self, PrCoach *coach);
