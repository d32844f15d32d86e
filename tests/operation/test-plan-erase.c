/* Erasing, as the plan asks for it: who gets the phone, Find My, whose it is, the eSIM. Guard rails 1, 3 and 4. The
 * phone is one of the test's own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "clock.h"
#include "job.h"
#include "pr-erase.h"

#define NAME "Anna’s iPhone"

typedef struct {
    PrPhoneList *list;
    PrBackupLibrary *library;
    char *folder;
    PrPhone *phone;
    PrPlan *plan;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
    self->folder = pr_test_make_folder ();
    self->library = pr_backup_library_new (self->folder);
    self->list = pr_phone_list_new (NULL, DESK_FIRST, DESK_LAST);
    self->phone = job_make_phone_to_erase (DESK_ECID);
    self->plan = pr_plan_new (self->list, self->library, NULL, NULL, NULL);
    pr_plan_set_phone (self->plan, self->phone);
    pr_plan_set_goal (self->plan, PR_GOAL_ERASE);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
    g_object_unref (self->plan);
    g_object_unref (self->phone);
    g_object_unref (self->list);
    g_object_unref (self->library);
    pr_test_remove_folder (self->folder);
    g_free (self->folder);
}

static gboolean
has_none_pending (gpointer data)
{
    GListModel *checks = pr_plan_get_checks (data);

    for (guint i = 0; i < g_list_model_get_n_items (checks); i++) {
        g_autoptr (PrCheck) check = g_list_model_get_item (checks, i);

        if (pr_check_get_state (check) == PR_CHECK_PENDING)
            return FALSE;
    }
    return TRUE;
}

static void
accept_all (PrPlan *plan)
{
    g_assert_true (pr_test_run_until (has_none_pending, plan, 20));
    job_accept_all (plan);
}

static void
confirm (PrPlan *plan)
{
    pr_plan_take_confirmation (plan, pr_confirmation_new (DESK_ECID, "erase", NULL, NAME, NAME, TRUE));
}

static void
assert_question (Fixture *self, PrQuestion question)
{
    g_assert_cmpint (pr_plan_get_next_question (self->plan), ==, question);
}

static void
assert_check (Fixture *self, PrCheckKind kind, PrCheckState state, int code)
{
    PrCheck *check = job_find_check (self->plan, kind);

    g_assert_nonnull (check);
    g_assert_cmpint (pr_check_get_state (check), ==, state);
    if (code >= 0)
        g_assert_error (pr_check_get_error (check), PR_ERROR, code);
}

/* Up to the moment in which it would start. */
static void
confirm_all (Fixture *self, PrAnswer hand_over)
{
    pr_plan_set_hand_over (self->plan, hand_over);
    accept_all (self->plan);
    assert_question (self, PR_QUESTION_CONFIRM);
    pr_plan_set_keep_esim (self->plan, PR_ANSWER_NO);
    confirm (self->plan);
    assert_question (self, PR_QUESTION_NONE);
}

static void
test_questions (Fixture *self, gconstpointer data)
{
    accept_all (self->plan);
    g_assert_false (pr_plan_is_ready (self->plan)); /* nobody said who gets it */
    assert_question (self, PR_QUESTION_READINESS);
    pr_plan_set_hand_over (self->plan, PR_ANSWER_NO);
    accept_all (self->plan);
    assert_question (self, PR_QUESTION_CONFIRM);
    confirm (self->plan);
    assert_question (self, PR_QUESTION_CONFIRM); /* nor what becomes of the eSIM */
    pr_plan_set_keep_esim (self->plan, PR_ANSWER_YES);
    confirm (self->plan);
    assert_question (self, PR_QUESTION_NONE);
}

/* One request for one confirmation. */
static void
test_once (Fixture *self, gconstpointer data)
{
    g_autoptr (PrOperation) first = NULL;
    g_autoptr (GError) error = NULL;

    confirm_all (self, PR_ANSWER_YES);
    first = pr_plan_create_operation (self->plan, NULL);
    g_assert_true (PR_IS_ERASE (first));
    g_assert_true (pr_erase_get_hand_over (PR_ERASE (first)));
    g_assert_false (pr_erase_get_keep_plan (PR_ERASE (first)));
    assert_question (self, PR_QUESTION_CONFIRM);
    g_assert_null (pr_plan_create_operation (self->plan, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_NOT_CONFIRMED);
}

/* Another word than the one that was confirmed. */
static void
test_taken_back (Fixture *self, gconstpointer data)
{
    confirm_all (self, PR_ANSWER_YES);
    pr_plan_set_keep_esim (self->plan, PR_ANSWER_YES);
    assert_question (self, PR_QUESTION_CONFIRM);
    confirm (self->plan);
    assert_question (self, PR_QUESTION_NONE);
    pr_plan_set_hand_over (self->plan, PR_ANSWER_NO);
    assert_question (self, PR_QUESTION_READINESS);
    pr_plan_set_goal (self->plan, PR_GOAL_ERASE);
    g_assert_cmpint (pr_plan_get_hand_over (self->plan), ==, PR_ANSWER_UNKNOWN);
    g_assert_cmpint (pr_plan_get_keep_esim (self->plan), ==, PR_ANSWER_UNKNOWN);
}

/* Guard rail 4: on is in the way of who gives it away, and a warning to who keeps it. */
static void
test_find_my_on (Fixture *self, gconstpointer data)
{
    g_object_set (self->phone, "find-my", PR_ANSWER_YES, NULL);
    pr_plan_set_hand_over (self->plan, PR_ANSWER_YES);
    assert_check (self, PR_CHECK_FIND_MY, PR_CHECK_BLOCKING, PR_ERROR_FIND_MY_ON);
    accept_all (self->plan);
    assert_question (self, PR_QUESTION_READINESS);
    pr_plan_set_hand_over (self->plan, PR_ANSWER_NO);
    assert_check (self, PR_CHECK_FIND_MY, PR_CHECK_WARNING, -1);
    accept_all (self->plan);
    assert_question (self, PR_QUESTION_CONFIRM);
}

/* Unknown is not off: the word of the person counts only once it was shown where to look. */
static void
test_find_my_unknown (Fixture *self, gconstpointer data)
{
    g_object_set (self->phone, "find-my", PR_ANSWER_UNKNOWN, "find-my-time", G_GINT64_CONSTANT (0), NULL);
    pr_plan_set_hand_over (self->plan, PR_ANSWER_YES);
    assert_check (self, PR_CHECK_FIND_MY, PR_CHECK_NOT_KNOWN, -1);
    accept_all (self->plan);
    g_assert_false (pr_check_get_accepted (job_find_check (self->plan, PR_CHECK_FIND_MY)));
    assert_question (self, PR_QUESTION_READINESS);
    pr_check_note_shown (job_find_check (self->plan, PR_CHECK_FIND_MY));
    accept_all (self->plan);
    assert_question (self, PR_QUESTION_CONFIRM);
}

/* Off, but read longer ago than five minutes, is not known; also between Confirm and the start. */
static void
test_find_my_old (Fixture *self, gconstpointer data)
{
    g_autoptr (GError) error = NULL;

    confirm_all (self, PR_ANSWER_YES);
    g_object_set (self->phone, "find-my-time", g_get_monotonic_time () - 295 * G_USEC_PER_SEC, NULL);
    assert_question (self, PR_QUESTION_NONE);
    clock_put_forward (6);
    g_assert_null (pr_plan_create_operation (self->plan, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_NOT_CONFIRMED);
    assert_check (self, PR_CHECK_FIND_MY, PR_CHECK_NOT_KNOWN, -1);
    assert_question (self, PR_QUESTION_READINESS);
    g_object_set (self->phone, "find-my-time", g_get_monotonic_time (), NULL);
    assert_check (self, PR_CHECK_FIND_MY, PR_CHECK_GOOD, -1);
}

static void
test_supervised (Fixture *self, gconstpointer data)
{
    g_object_set (self->phone, "supervised", PR_ANSWER_YES, "organization", "Example School", NULL);
    pr_plan_set_hand_over (self->plan, PR_ANSWER_YES);
    assert_check (self, PR_CHECK_SUPERVISION, PR_CHECK_BLOCKING, PR_ERROR_MANAGED);
    accept_all (self->plan);
    assert_question (self, PR_QUESTION_READINESS);
    pr_plan_set_hand_over (self->plan, PR_ANSWER_NO);
    assert_check (self, PR_CHECK_SUPERVISION, PR_CHECK_WARNING, -1);
}

/* Where the phone cannot be asked, it is not offered. */
static void
test_possible (Fixture *self, gconstpointer data)
{
    static const struct {
        const char *property;
        int bad, good;
    } cases[] = {
        { "trust", PR_TRUST_LOCKED, PR_TRUST_TRUSTED },
        { "mode", PR_PHONE_MODE_RECOVERY, PR_PHONE_MODE_NORMAL },
        { "mode", PR_PHONE_MODE_GONE, PR_PHONE_MODE_NORMAL },
    };

    g_assert_true (pr_plan_goal_is_possible (self->plan, PR_GOAL_ERASE));
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_object_set (self->phone, cases[i].property, cases[i].bad, NULL);
        g_assert_false (pr_plan_goal_is_possible (self->plan, PR_GOAL_ERASE));
        g_object_set (self->phone, cases[i].property, cases[i].good, NULL);
    }
    g_object_set (self->phone, "version", "10.3.3", NULL);
    g_assert_false (pr_plan_goal_is_possible (self->plan, PR_GOAL_ERASE));
}

/* A confirmation of anything else is not taken. */
static void
test_wrong_confirmations (Fixture *self, gconstpointer data)
{
    pr_plan_set_hand_over (self->plan, PR_ANSWER_YES);
    accept_all (self->plan);
    pr_plan_set_keep_esim (self->plan, PR_ANSWER_NO);
    pr_plan_take_confirmation (self->plan, pr_confirmation_new (DESK_ECID + 1, "erase", NULL, NAME, NAME, TRUE));
    assert_question (self, PR_QUESTION_CONFIRM);
    pr_plan_take_confirmation (self->plan, pr_confirmation_new (DESK_ECID, "restore", NULL, NAME, NAME, TRUE));
    assert_question (self, PR_QUESTION_CONFIRM);
    pr_plan_take_confirmation (self->plan, NULL);
    assert_question (self, PR_QUESTION_CONFIRM);
}

typedef struct {
    PrPhone *phone;
    gint64 since;
} Reading;

static gboolean
is_read_since (gpointer data)
{
    Reading *reading = data;

    return pr_phone_get_find_my_time (reading->phone) > reading->since;
}

/* Who takes their time on these pages is not sent back: the phone is asked again before its answer is too old. */
static void
test_read_again (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("anna"));
    g_autofree char *folder = pr_test_make_folder ();
    g_autoptr (PrBackupLibrary) library = pr_backup_library_new (folder);
    g_autoptr (PrPlan) plan = pr_plan_new (desk->list, library, NULL, NULL, NULL);
    Reading reading = { .phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL) };
    Fixture fixture = { .plan = plan };

    desk_await (reading.phone, "find-my", PR_ANSWER_NO, 20);
    pr_plan_set_phone (plan, reading.phone);
    pr_plan_set_goal (plan, PR_GOAL_ERASE);
    pr_plan_set_hand_over (plan, PR_ANSWER_YES);
    accept_all (plan);
    assert_question (&fixture, PR_QUESTION_CONFIRM);
    clock_put_forward (4 * 60 + 5);
    reading.since = g_get_monotonic_time ();
    g_assert_true (pr_test_run_until (is_read_since, &reading, 20));
    assert_check (&fixture, PR_CHECK_FIND_MY, PR_CHECK_GOOD, -1);
    assert_question (&fixture, PR_QUESTION_CONFIRM);
    pr_test_remove_folder (folder);
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
    g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    add ("/plan-erase/questions", test_questions);
    add ("/plan-erase/once", test_once);
    add ("/plan-erase/taken-back", test_taken_back);
    add ("/plan-erase/find-my/on", test_find_my_on);
    add ("/plan-erase/find-my/unknown", test_find_my_unknown);
    add ("/plan-erase/find-my/old", test_find_my_old);
    add ("/plan-erase/supervised", test_supervised);
    add ("/plan-erase/possible", test_possible);
    add ("/plan-erase/wrong-confirmations", test_wrong_confirmations);
    g_test_add_func ("/plan-erase/find-my/read-again", test_read_again);
    return g_test_run ();
}
