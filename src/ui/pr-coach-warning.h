/* What has to be known before a button is touched: that everything is erased, that an emergency call may start, or that
 * nothing is lost.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-coach.h"

#include <adwaita.h>

#define PR_TYPE_COACH_WARNING (pr_coach_warning_get_type ())
G_DECLARE_FINAL_TYPE (PrCoachWarning, pr_coach_warning, PR, COACH_WARNING, AdwBin)

/* @coach: (nullable); @reassures: where there is nothing to warn of, it says so */
void pr_coach_warning_show (PrCoachWarning *self, PrCoach *coach, gboolean reassures);
