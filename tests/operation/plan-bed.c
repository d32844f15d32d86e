// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan-bed.h"

#define GB G_GUINT64_CONSTANT (1000000000)

PrPhone *
plan_bed_make_phone (void)
{
    return g_object_new (PR_TYPE_PHONE, "ecid", DESK_ECID, "udid", DESK_UDID, "mode", PR_PHONE_MODE_NORMAL, "trust",
                         PR_TRUST_TRUSTED, "name", NAME, "product-type", "iPhone14,7", "board", "d27ap", "version",
                         "17.5.1", "battery", 82, "hub-depth", 0, "recovery-access", PR_ACCESS_GOOD, "find-my",
                         PR_ANSWER_NO, "supervised", PR_ANSWER_NO, "encrypts", PR_ANSWER_NO, "activated", PR_ANSWER_YES,
                         "set-up", PR_ANSWER_YES, "storage-total", 100 * GB, "storage-free", 99 * GB, NULL);
}

PrPlan *
plan_bed_make_plan (Bed *bed, PrPhone *phone, PrGoal goal)
{
    PrPlan *plan = pr_plan_new (bed->desk->list, bed->library, NULL, NULL,
                                pr_test_phone_environment (bed->desk->virtual, "FIRMWARE_FOLDER"));

    pr_plan_set_phone (plan, phone);
    pr_plan_set_goal (plan, goal);
    return plan;
}

gboolean
plan_bed_is_looked_at (gpointer data)
{
    GListModel *checks = pr_plan_get_checks (data);
    gboolean pending = FALSE;

    for (guint i = 0; i < g_list_model_get_n_items (checks); i++) {
        g_autoptr (PrCheck) check = g_list_model_get_item (checks, i);

        pending |= pr_check_get_state (check) == PR_CHECK_PENDING && pr_check_get_kind (check) != PR_CHECK_TRUST;
    }
    return !pending;
}

void
plan_bed_confirm (PrPlan *plan, guint64 ecid, const char *action, const char *path)
{
    pr_plan_take_confirmation (plan, pr_confirmation_new (ecid, action, path, NAME, NAME, TRUE));
}
