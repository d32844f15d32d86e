/* What the plan tells the advice about a phone, and which of its goals a remedy is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-plan-advice.h"

static PrPhone *
make_phone (void)
{
    return g_object_new (PR_TYPE_PHONE, "mode", PR_PHONE_MODE_NORMAL, "trust", PR_TRUST_TRUSTED, "product-type",
                         "iPhone17,3", "version", "18.6.2", NULL);
}

/* Nothing was read: nothing is known, above all nothing good. */
static void
test_unknown (void)
{
    g_autoptr (PrPhone) phone = make_phone ();
    PrKnown known = pr_plan_read_phone (phone);

    g_assert_cmpint (known.mode, ==, PR_PHONE_MODE_NORMAL);
    g_assert_cmpint (known.trust, ==, PR_TRUST_TRUSTED);
    g_assert_cmpuint (known.system, ==, 1806);
    g_assert_cmpint (known.nearby, ==, PR_ANSWER_YES);
    g_assert_cmpint (known.backup, ==, PR_ANSWER_UNKNOWN);
    g_assert_cmpint (known.find_my, ==, PR_ANSWER_UNKNOWN);
    g_assert_cmpint (known.locked, ==, PR_ANSWER_UNKNOWN);
    g_assert_cmpint (known.managed, ==, PR_ANSWER_UNKNOWN);
    g_assert_cmpint (known.charged, ==, PR_ANSWER_UNKNOWN);
    g_assert_cmpint (known.has_room, ==, PR_ANSWER_UNKNOWN);
}

static void
test_no_phone (void)
{
    PrKnown known = pr_plan_read_phone (NULL);

    g_assert_cmpint (known.mode, ==, PR_PHONE_MODE_GONE);
    g_assert_cmpint (known.find_my, ==, PR_ANSWER_UNKNOWN);
    g_assert_cmpuint (known.system, ==, 0);
}

static void
test_read (void)
{
    g_autoptr (PrPhone) phone = make_phone ();
    PrKnown known;

    g_object_set (phone, "find-my", PR_ANSWER_YES, "supervised", PR_ANSWER_NO, "activation-lock", PR_ANSWER_NO,
                  "battery", 80, "storage-total", G_GUINT64_CONSTANT (128000000000), "storage-free",
                  G_GUINT64_CONSTANT (20000000000), NULL);
    known = pr_plan_read_phone (phone);
    g_assert_cmpint (known.find_my, ==, PR_ANSWER_YES);
    g_assert_cmpint (known.managed, ==, PR_ANSWER_NO);
    g_assert_cmpint (known.locked, ==, PR_ANSWER_NO);
    g_assert_cmpint (known.charged, ==, PR_ANSWER_YES);
    g_assert_cmpint (known.has_room, ==, PR_ANSWER_YES);
    g_object_set (phone, "find-my", PR_ANSWER_NO, "battery", 12, "storage-free", G_GUINT64_CONSTANT (2000000000), NULL);
    known = pr_plan_read_phone (phone);
    g_assert_cmpint (known.find_my, ==, PR_ANSWER_NO);
    g_assert_cmpint (known.charged, ==, PR_ANSWER_NO);
    g_assert_cmpint (known.has_room, ==, PR_ANSWER_NO);
}

/* In recovery mode what was good is not known any more; whose the phone is stays known. */
static void
test_recovery (void)
{
    g_autoptr (PrPhone) phone = make_phone ();
    PrKnown known;

    g_object_set (phone, "find-my", PR_ANSWER_NO, "supervised", PR_ANSWER_YES, "battery", 90, "mode",
                  PR_PHONE_MODE_RECOVERY, NULL);
    known = pr_plan_read_phone (phone);
    g_assert_cmpint (known.find_my, ==, PR_ANSWER_UNKNOWN);
    g_assert_cmpint (known.charged, ==, PR_ANSWER_UNKNOWN);
    g_assert_cmpint (known.managed, ==, PR_ANSWER_YES);
}

/* The plan's own phone: what is advised can be reached from where the phone is, or is shown by a guide. */
static void
test_plan (void)
{
    g_autoptr (PrPhoneList) phones = pr_phone_list_new (NULL, 0, G_MAXUINT64);
    g_autoptr (PrBackupLibrary) library = pr_backup_library_new ("/nonexistent");
    g_autoptr (PrPlan) plan = pr_plan_new (phones, library, NULL, NULL, NULL);
    g_autoptr (PrPhone) phone = make_phone ();
    PrGoal goal;

    g_assert_cmpint (pr_plan_get_advice (plan, PR_SYMPTOM_FROZEN, 0).remedy, ==, PR_REMEDY_FORCE_RESTART);
    pr_plan_set_phone (plan, phone);
    g_assert_cmpint (pr_plan_get_advice (plan, PR_SYMPTOM_FROZEN, 0).remedy, ==, PR_REMEDY_RESTART);
    g_object_set (phone, "mode", PR_PHONE_MODE_RECOVERY, NULL);
    g_assert_cmpint (pr_plan_get_advice (plan, PR_SYMPTOM_FROZEN, 0).remedy, ==, PR_REMEDY_LEAVE_RECOVERY);
    goal = pr_plan_get_goal_of_remedy (PR_REMEDY_LEAVE_RECOVERY);
    g_assert_true (pr_plan_goal_is_possible (plan, goal));
}

/* A remedy and its goal agree on what is lost; what cannot be done from here has no goal. */
static void
test_goals (void)
{
    guint n = 0;

    for (PrRemedy remedy = PR_REMEDY_NONE + 1; remedy < PR_N_REMEDIES; remedy++) {
        PrGoal goal = pr_plan_get_goal_of_remedy (remedy);

        if (goal == PR_GOAL_NONE)
            continue;
        n++;
        g_assert_cmpint (pr_plan_goal_erases (goal), ==, pr_remedy_get_facts (remedy)->loss == PR_LOSS_ALL);
    }
    g_assert_cmpuint (n, ==, 8);
    g_assert_cmpint (pr_plan_get_remedy_of_goal (PR_GOAL_RESTORE), ==, PR_REMEDY_RESTORE);
    g_assert_cmpint (pr_plan_get_remedy_of_goal (PR_GOAL_UPDATE), ==, PR_REMEDY_UPDATE);
    g_assert_cmpint (pr_plan_get_remedy_of_goal (PR_GOAL_SHUT_DOWN), ==, PR_REMEDY_NONE);
    g_assert_cmpint (pr_plan_get_goal_of_remedy (PR_REMEDY_RESET_SETTINGS), ==, PR_GOAL_NONE);
    g_assert_cmpint (pr_plan_get_goal_of_remedy (PR_REMEDY_SERVICE), ==, PR_GOAL_NONE);
}

typedef struct {
    PrRemedy remedy;
    PrPhoneMode mode;
    PrWayOn way_on;
    int detail; /* the goal or the task */
} WayOn;

static const WayOn ways_on[] = {
    { PR_REMEDY_RESTART, PR_PHONE_MODE_GONE, PR_WAY_ON_GUIDE, 0 },
    { PR_REMEDY_RESTART, PR_PHONE_MODE_NORMAL, PR_WAY_ON_GOAL, PR_GOAL_RESTART },
    { PR_REMEDY_FORCE_RESTART, PR_PHONE_MODE_NORMAL, PR_WAY_ON_COACH, PR_COACH_FORCE_RESTART },
    { PR_REMEDY_LEAVE_RECOVERY, PR_PHONE_MODE_RECOVERY, PR_WAY_ON_GOAL, PR_GOAL_LEAVE_RECOVERY },
    { PR_REMEDY_UPDATE, PR_PHONE_MODE_GONE, PR_WAY_ON_COACH, PR_COACH_RECOVERY },
    { PR_REMEDY_UPDATE, PR_PHONE_MODE_NORMAL, PR_WAY_ON_GOAL, PR_GOAL_UPDATE },
    { PR_REMEDY_RESTORE, PR_PHONE_MODE_RECOVERY, PR_WAY_ON_GOAL, PR_GOAL_RESTORE },
    { PR_REMEDY_DFU_RESTORE, PR_PHONE_MODE_NORMAL, PR_WAY_ON_COACH, PR_COACH_DFU },
    { PR_REMEDY_DFU_RESTORE, PR_PHONE_MODE_DFU, PR_WAY_ON_GOAL, PR_GOAL_RESTORE },
    { PR_REMEDY_ERASE, PR_PHONE_MODE_NORMAL, PR_WAY_ON_GOAL, PR_GOAL_ERASE },
    { PR_REMEDY_ERASE, PR_PHONE_MODE_RECOVERY, PR_WAY_ON_GUIDE, 0 },
    { PR_REMEDY_HARD_RESET, PR_PHONE_MODE_GONE, PR_WAY_ON_COACH, PR_COACH_HARD_RESET },
    { PR_REMEDY_SERVICE, PR_PHONE_MODE_NORMAL, PR_WAY_ON_GUIDE, 0 },
};

/* The button of a remedy: its flow, its buttons, or its guide. */
static void
test_ways_on (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (ways_on); i++) {
        g_autoptr (PrPhoneList) phones = pr_phone_list_new (NULL, 0, G_MAXUINT64);
        g_autoptr (PrBackupLibrary) library = pr_backup_library_new ("/nonexistent");
        g_autoptr (PrPlan) plan = pr_plan_new (phones, library, NULL, NULL, NULL);
        g_autoptr (PrPhone) phone = make_phone ();
        PrGoal goal;
        PrCoachTask task;

        g_test_message ("%zu", i);
        g_object_set (phone, "mode", ways_on[i].mode, NULL);
        if (ways_on[i].mode != PR_PHONE_MODE_GONE)
            pr_plan_set_phone (plan, phone);
        g_assert_cmpint (pr_plan_find_way_on (plan, ways_on[i].remedy, &goal, &task), ==, ways_on[i].way_on);
        if (ways_on[i].way_on == PR_WAY_ON_GOAL)
            g_assert_cmpint (goal, ==, ways_on[i].detail);
        else if (ways_on[i].way_on == PR_WAY_ON_COACH)
            g_assert_cmpint (task, ==, ways_on[i].detail);
    }
}

/* What the cable shows before anybody has said anything. */
static void
test_guess (void)
{
    g_autoptr (PrPhone) phone = make_phone ();
    PrSymptom symptom;

    g_assert_false (pr_plan_guess_symptom (NULL, &symptom));
    g_assert_false (pr_plan_guess_symptom (phone, &symptom));
    g_object_set (phone, "mode", PR_PHONE_MODE_RECOVERY, NULL);
    g_assert_true (pr_plan_guess_symptom (phone, &symptom));
    g_assert_cmpint (symptom, ==, PR_SYMPTOM_RECOVERY_SCREEN);
    g_object_set (phone, "mode", PR_PHONE_MODE_DFU, NULL);
    g_assert_true (pr_plan_guess_symptom (phone, &symptom));
    g_assert_cmpint (symptom, ==, PR_SYMPTOM_BLACK_SCREEN);
}

/* What the link did says more than the mode; what is wrong with the cable is no trouble of the phone. */
static void
test_guess_by_link (void)
{
    static const struct {
        PrFindingKind kind;
        PrSymptom symptom;
    } cases[] = {
        { PR_FINDING_BOOT_LOOP, PR_SYMPTOM_RESTARTS },
        { PR_FINDING_HANGS, PR_SYMPTOM_APPLE_LOGO },
        { PR_FINDING_ASKS, PR_SYMPTOM_RECOVERY_SCREEN },
        { PR_FINDING_LOOSE_CONTACT, PR_N_SYMPTOMS },
        { PR_FINDING_HUBS, PR_N_SYMPTOMS },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (PrPhone) phone = make_phone ();
        g_autoptr (GArray) findings = g_array_new (FALSE, FALSE, sizeof (PrFinding));
        PrFinding finding = { .kind = cases[i].kind, .count = 3 };
        PrSymptom symptom = PR_N_SYMPTOMS;

        g_array_append_val (findings, finding);
        g_object_set (phone, "findings", findings, NULL);
        g_assert_cmpint (pr_plan_guess_symptom (phone, &symptom), ==, cases[i].symptom != PR_N_SYMPTOMS);
        g_assert_cmpint (symptom, ==, cases[i].symptom);
    }
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/plan-advice/unknown", test_unknown);
    g_test_add_func ("/plan-advice/no-phone", test_no_phone);
    g_test_add_func ("/plan-advice/read", test_read);
    g_test_add_func ("/plan-advice/recovery", test_recovery);
    g_test_add_func ("/plan-advice/plan", test_plan);
    g_test_add_func ("/plan-advice/goals", test_goals);
    g_test_add_func ("/plan-advice/ways-on", test_ways_on);
    g_test_add_func ("/plan-advice/guess", test_guess);
    g_test_add_func ("/plan-advice/guess-by-link", test_guess_by_link);
    return g_test_run ();
}
