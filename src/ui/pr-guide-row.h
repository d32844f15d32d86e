/* A step of a guide as a row of a boxed list. A step that leads to another guide activates "help.open" with its id.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "pr-guide-step.h"

#define PR_TYPE_GUIDE_ROW (pr_guide_row_get_type ())
G_DECLARE_FINAL_TYPE (PrGuideRow, pr_guide_row, PR, GUIDE_ROW, GtkListBoxRow)

/* @number: what stands before it; 0 for nothing */
GtkWidget *pr_guide_row_new (PrGuideStep *step, guint number);
