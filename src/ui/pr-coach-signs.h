/* What the person may see that is not what the coach waits for, each a button: "I See SOS".
 *
 * Signal: "see" (guint: the PrSign).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-coach.h"

#include <adwaita.h>

#define PR_TYPE_COACH_SIGNS (pr_coach_signs_get_type ())
G_DECLARE_FINAL_TYPE (PrCoachSigns, pr_coach_signs, PR, COACH_SIGNS, AdwBin)

/* @coach: (nullable) */
void pr_coach_signs_show (PrCoachSigns *self, PrCoach *coach);
