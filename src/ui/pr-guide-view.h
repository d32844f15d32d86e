/* A guide on the screen: its drawing, headline and summary, then what to do. Rows that lead on activate "help.open"
 * with the id of a guide as string; whoever shows the view installs that action on an ancestor.
 *
 * Properties: "guide" (PrGuide, nullable), "show-title" (whether drawing, headline and summary are shown; TRUE).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "pr-guide.h"

#define PR_TYPE_GUIDE_VIEW (pr_guide_view_get_type ())
G_DECLARE_FINAL_TYPE (PrGuideView, pr_guide_view, PR, GUIDE_VIEW, AdwBin)

PrGuide *pr_guide_view_get_guide (PrGuideView *self);
void pr_guide_view_set_guide (PrGuideView *self, PrGuide *guide);
gboolean pr_guide_view_get_show_title (PrGuideView *self);
void pr_guide_view_set_show_title (PrGuideView *self, gboolean show_title);
