/* One of the seven ways: a line of the table where there is room for it, else a card with the same words. It opens
 * below itself what else is to be known.
 *
 * Signal: "follow", the person wants to do this one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-compare.h"
#include "pr-plan.h"

#include <adwaita.h>

#define PR_N_WAY_COLUMNS 5 /* data, settings, system, time, needs */

#define PR_TYPE_WAY_ROW (pr_way_row_get_type ())
G_DECLARE_FINAL_TYPE (PrWayRow, pr_way_row, PR, WAY_ROW, AdwPreferencesRow)

/* @columns: make the columns of all rows equally wide */
PrWayRow *pr_way_row_new (PrPlan *plan, PrWay way, GtkSizeGroup *const columns[PR_N_WAY_COLUMNS]);
PrWay pr_way_row_get_way (PrWayRow *self);
void pr_way_row_set_narrow (PrWayRow *self, gboolean narrow);
void pr_way_row_toggle (PrWayRow *self);
/* @reason: (nullable): why it is recommended now; opens the row */
void pr_way_row_recommend (PrWayRow *self, const char *reason);
/* The button says what is possible with the phone of the plan now. */
void pr_way_row_update (PrWayRow *self);
