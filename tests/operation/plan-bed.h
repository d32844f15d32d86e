/* For tests of plans about backups: a phone of the test's own, and what every such test does with a plan.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "backup-bed.h"
#include "pr-plan.h"

#define NAME "Anna’s iPhone"

/* (transfer full): one about which everything is known and good */
PrPhone *plan_bed_make_phone (void);
/* (transfer full): with the library of @bed */
PrPlan *plan_bed_make_plan (Bed *bed, PrPhone *phone, PrGoal goal);
/* @data: a plan: nothing is pending any more, but for what the phone has to say */
gboolean plan_bed_is_looked_at (gpointer data);
/* What the confirm page does. */
void plan_bed_confirm (PrPlan *plan, guint64 ecid, const char *action, const char *path);
