/* A phone, and over it the buttons that are to be pressed now.
 *
 * Property: "size" (gint: pixels, of the square).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-coach.h"

#include <adwaita.h>

#define PR_TYPE_COACH_DRAWING (pr_coach_drawing_get_type ())
G_DECLARE_FINAL_TYPE (PrCoachDrawing, pr_coach_drawing, PR, COACH_DRAWING, AdwBin)

/* @family: as pr_model_get_family(), or "windows"; @coach: (nullable): without one there is nothing to press */
void pr_coach_drawing_show (PrCoachDrawing *self, const char *family, PrCoach *coach);
/* The buttons breathe once a second: @seconds of that went by. Nothing moves where animations are off. */
void pr_coach_drawing_breathe (PrCoachDrawing *self, double seconds);
