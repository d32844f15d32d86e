/* Guard rails 1, 3 and 4 of an erase, whatever order things happen in: people who press anything at any time, phones
 * that change or are swapped, time that passes. What counts is what the virtual phone was asked: never more than was
 * confirmed since the last change, and just that.
 *
 * The phone refuses, so that one phone serves for all walks.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "clock.h"
#include "job.h"
#include "pr-erase.h"

#define WALKS 10000
#define STEPS 20
#define NAME "Anna’s iPhone"
#define OTHER_ECID (DESK_ECID - 1)
#define MINUTE 60
#define RECENT (5 * MINUTE)

/* What the person has agreed to, kept apart from the plan. */
typedef struct {
    PrTestPhone *virtual;
    PrPlan *plan;
    PrPhone *phones[2];
    gboolean swapped; /* the one that answers is the other */
    gboolean find_my; /* on, as the phone would say now */

    guint64 ecid; /* of the last confirmation that was good when it was given; 0: none */
    gint64 given;
    gboolean keep;
    guint confirmations;
    guint asked[2]; /* requests that the phone must have seen, by whether the eSIM stays */
    guint stopped;  /* operations that must not have sent one */
} Walk;

static gint64
now (void)
{
    return g_get_monotonic_time () / G_USEC_PER_SEC;
}

static gboolean
one_in (int n)
{
    return g_test_rand_int_range (0, n) == 0;
}

static void
forget (Walk *walk)
{
    walk->ecid = 0;
}

static void
accept_some (Walk *walk)
{
    GListModel *checks = pr_plan_get_checks (walk->plan);

    for (guint i = 0; i < g_list_model_get_n_items (checks); i++) {
        g_autoptr (PrCheck) check = g_list_model_get_item (checks, i);

        pr_check_set_accepted (check, !one_in (40));
        if (one_in (20))
            pr_check_note_shown (check);
    }
    if (!job_is_settled (walk->plan))
        forget (walk);
}

static void
change_phone_value (Walk *walk)
{
    static const struct {
        const char *property;
        int values[2];
    } changes[] = {
        { "find-my", { PR_ANSWER_NO, PR_ANSWER_YES } },
        { "find-my", { PR_ANSWER_NO, PR_ANSWER_UNKNOWN } },
        { "supervised", { PR_ANSWER_NO, PR_ANSWER_YES } },
        { "battery", { 82, -1 } },
        { "mode", { PR_PHONE_MODE_NORMAL, PR_PHONE_MODE_GONE } },
        { "mode", { PR_PHONE_MODE_NORMAL, PR_PHONE_MODE_RECOVERY } },
        { "trust", { PR_TRUST_TRUSTED, PR_TRUST_LOCKED } },
    };
    guint i = (guint) g_test_rand_int_range (0, G_N_ELEMENTS (changes));

    g_object_set (walk->phones[one_in (3)], changes[i].property, changes[i].values[one_in (5)], NULL);
    if (!job_is_settled (walk->plan))
        forget (walk);
}

static void
read_find_my (Walk *walk)
{
    for (gsize i = 0; i < 2; i++)
        g_object_set (walk->phones[i], "find-my-time", g_get_monotonic_time (), NULL);
}

static void
pass (Walk *walk)
{
    pr_plan_set_readiness_passed (walk->plan, !one_in (10));
    forget (walk);
}

static void
choose_owner (Walk *walk)
{
    PrAnswer answer = one_in (8) ? PR_ANSWER_UNKNOWN : one_in (2) ? PR_ANSWER_YES : PR_ANSWER_NO;

    if (pr_plan_get_goal (walk->plan) != PR_GOAL_ERASE)
        return;
    if (answer != pr_plan_get_hand_over (walk->plan))
        forget (walk);
    pr_plan_set_hand_over (walk->plan, answer);
}

static void
choose_esim (Walk *walk)
{
    PrAnswer answer = one_in (20) ? PR_ANSWER_UNKNOWN : one_in (4) ? PR_ANSWER_YES : PR_ANSWER_NO;

    if (pr_plan_get_goal (walk->plan) != PR_GOAL_ERASE)
        return;
    if (answer != pr_plan_get_keep_esim (walk->plan))
        forget (walk);
    pr_plan_set_keep_esim (walk->plan, answer);
}

/* Of the right phone and deed, or nearly. */
static void
confirm (Walk *walk)
{
    PrPhone *phone = pr_plan_get_phone (walk->plan);
    guint64 ecid = phone == NULL || one_in (6) ? OTHER_ECID : pr_phone_get_ecid (phone);
    const char *action = one_in (6) ? "restore" : "erase";

    forget (walk);
    if (pr_plan_get_next_question (walk->plan) >= PR_QUESTION_CONFIRM && g_str_equal (action, "erase") &&
        pr_plan_get_keep_esim (walk->plan) != PR_ANSWER_UNKNOWN) {
        walk->ecid = ecid;
        walk->given = now ();
        walk->keep = pr_plan_get_keep_esim (walk->plan) == PR_ANSWER_YES;
        walk->confirmations++;
    }
    pr_plan_take_confirmation (walk->plan, pr_confirmation_new (ecid, action, NULL, NAME, NAME, TRUE));
}

static void
choose_goal (Walk *walk)
{
    pr_plan_set_goal (walk->plan, one_in (5) ? PR_GOAL_RESTART : PR_GOAL_ERASE);
    forget (walk);
}

static void
choose_phone (Walk *walk)
{
    PrPhone *phone = one_in (6) ? NULL : walk->phones[one_in (4)];

    if (phone == pr_plan_get_phone (walk->plan))
        return;
    pr_plan_set_phone (walk->plan, phone);
    if (phone != NULL)
        pr_plan_set_goal (walk->plan, PR_GOAL_ERASE);
    forget (walk);
}

/* The same name at the same port, and another phone. */
static void
swap (Walk *walk)
{
    walk->swapped = one_in (4);
    pr_test_phone_tell (walk->virtual, "set UniqueChipID %" G_GUINT64_FORMAT, walk->swapped ? OTHER_ECID : DESK_ECID);
}

/* Without telling the app. */
static void
turn_find_my (Walk *walk)
{
    walk->find_my = one_in (4);
    pr_test_phone_tell (walk->virtual, "set com.apple.fmip/IsAssociated %s", walk->find_my ? "true" : "false");
}

static void
let_time_pass (Walk *walk)
{
    clock_put_forward (one_in (3) ? RECENT + 1 : MINUTE + 1);
}

static guint
read_requests (Walk *walk)
{
    g_autofree char *requests = pr_test_phone_state (walk->virtual, "erase-requests");

    return requests != NULL ? (guint) g_ascii_strtoull (requests, NULL, 10) : 0;
}

/* What the plan hands out is just what was agreed to, and nothing that guard rail 4 forbids. */
static void
assert_agreed (Walk *walk, PrErase *erase)
{
    PrPhone *phone = pr_operation_get_phone (PR_OPERATION (erase));

    g_assert_true (job_is_settled (walk->plan));
    g_assert_cmphex (walk->ecid, ==, pr_phone_get_ecid (phone));
    g_assert_cmpint (now () - walk->given, <=, MINUTE);
    g_assert_cmpint (walk->keep, ==, pr_erase_get_keep_plan (erase));
    g_assert_cmpint (pr_plan_get_hand_over (walk->plan), !=, PR_ANSWER_UNKNOWN);
    if (pr_phone_get_mode (phone) == PR_PHONE_MODE_NORMAL && pr_erase_get_hand_over (erase)) {
        g_assert_cmpint (pr_phone_get_find_my (phone), !=, PR_ANSWER_YES);
        g_assert_cmpint (pr_phone_get_supervised (phone), !=, PR_ANSWER_YES);
    }
}

static int
expect_end (Walk *walk, PrErase *erase, gboolean late)
{
    PrPhone *phone = pr_operation_get_phone (PR_OPERATION (erase));

    if (pr_phone_get_mode (phone) != PR_PHONE_MODE_NORMAL)
        return PR_ERROR_UNPLUGGED;
    if (pr_erase_get_hand_over (erase) && walk->find_my)
        return PR_ERROR_FIND_MY_ON;
    if (pr_phone_get_ecid (phone) != (walk->swapped ? OTHER_ECID : DESK_ECID))
        return PR_ERROR_WRONG_PHONE;
    return late ? PR_ERROR_NOT_CONFIRMED : PR_ERROR_ERASE_REFUSED;
}

static void
run (Walk *walk, PrErase *erase)
{
    gboolean late = one_in (8);
    int end = expect_end (walk, erase, late);

    if (late)
        clock_put_forward (MINUTE + 1);
    if (end == PR_ERROR_ERASE_REFUSED)
        walk->asked[pr_erase_get_keep_plan (erase)]++;
    else
        walk->stopped++;
    job_run (PR_OPERATION (g_object_ref (erase)), end, 20);
    g_assert_cmpuint (read_requests (walk), ==, walk->asked[0] + walk->asked[1]);
}

static void
create (Walk *walk)
{
    g_autoptr (PrOperation) operation = pr_plan_create_operation (walk->plan, NULL);

    if (!PR_IS_ERASE (operation))
        return;
    assert_agreed (walk, PR_ERASE (operation));
    forget (walk); /* it counts once */
    run (walk, PR_ERASE (operation));
}

/* How often each, of a thousand. */
static const struct {
    void (*take) (Walk *walk);
    int often;
} steps[] = {
    { accept_some, 210 }, { pass, 70 },         { choose_esim, 170 },       { confirm, 190 },      { create, 190 },
    { choose_owner, 40 }, { read_find_my, 40 }, { change_phone_value, 50 }, { let_time_pass, 10 }, { swap, 10 },
    { turn_find_my, 8 },  { choose_goal, 8 },   { choose_phone, 4 },
};

static void
take_step (Walk *walk)
{
    steps[job_choose (&steps[0].often, sizeof *steps, G_N_ELEMENTS (steps))].take (walk);
}

/* The phone's own log has the same requests, with the same words on the eSIM. */
static void
assert_log (Walk *walk)
{
    g_assert_cmpuint (pr_test_phone_log_count (walk->virtual, "erase-request", NULL), ==,
                      walk->asked[0] + walk->asked[1]);
    g_assert_cmpuint (pr_test_phone_log_count (walk->virtual, "erase-request", "plan", "kept", NULL), ==,
                      walk->asked[TRUE]);
    g_assert_cmpuint (walk->asked[0] + walk->asked[1], <=, walk->confirmations);
    g_test_message ("%u confirmations, %u and %u requests, %u stopped before", walk->confirmations, walk->asked[FALSE],
                    walk->asked[TRUE], walk->stopped);
}

static void
test_walks (void)
{
    g_autoptr (PrTestPhone) virtual = pr_test_phone_start_text ("[faults]\nerase-refused=14002\n");
    g_autofree char *folder = pr_test_make_folder ();
    g_autoptr (PrBackupLibrary) library = pr_backup_library_new (folder);
    g_autoptr (PrPhoneList) list = NULL;
    Walk walk = { .virtual = virtual,
                  .phones = { job_make_phone_to_erase (DESK_ECID), job_make_phone_to_erase (OTHER_ECID) } };

    pr_test_phone_use (virtual);
    list = pr_phone_list_new (NULL, DESK_FIRST, DESK_LAST);
    walk.plan = pr_plan_new (list, library, NULL, NULL, NULL);
    pr_plan_set_phone (walk.plan, walk.phones[0]);
    for (guint i = 0; i < WALKS * STEPS; i++)
        take_step (&walk);
    assert_log (&walk);
    /* or nothing was proven */
    g_assert_cmpuint (walk.asked[FALSE], >, WALKS / 1000);
    g_assert_cmpuint (walk.asked[TRUE], >, WALKS / 1000);
    g_assert_cmpuint (walk.stopped, >, WALKS / 1000);
    g_object_unref (walk.plan);
    for (gsize i = 0; i < 2; i++)
        g_object_unref (walk.phones[i]);
    pr_test_remove_folder (folder);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/walks-erase/all", test_walks);
    return g_test_run ();
}
