/* The window: shows the page of the plan's next question, runs what the plan means, and shows how it ended.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-plan.h"

#include <adwaita.h>

#define PR_TYPE_WINDOW (pr_window_get_type ())
G_DECLARE_FINAL_TYPE (PrWindow, pr_window, PR, WINDOW, AdwApplicationWindow)

/**
 * pr_window_new:
 * @banner: (nullable): what every page says of the phones, where they are not real
 */
PrWindow *pr_window_new (GtkApplication *application, PrPhoneList *phones, PrPlan *plan, const char *banner);

/* May the program end now without leaving something half done? What idevicerestore does goes on without
 * it, and a download goes on the next time. */
gboolean pr_window_can_end (PrWindow *self);
