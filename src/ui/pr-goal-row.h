/* A row that offers one goal: what it does, what it costs. The page decides what its "activated" means.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-plan.h"

#include <adwaita.h>

GtkWidget *pr_goal_row_new (PrGoal goal, PrPhone *phone);
PrGoal pr_goal_row_get_goal (GtkWidget *row);
