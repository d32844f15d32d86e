/* Erasing a phone through its own system, asserted on the phone's side: what it was asked, how often, and what is left.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "clock.h"
#include "job.h"
#include "pr-erase.h"

enum { ASK, LEAVE, RETURN, LOOK };

#define ACTION "erase"
#define LIMIT 60
#define SWIFT "[pace]\nscale=0.2\n"
#define VERY_LONG 4000 /* no wait of the app's is as long */

static PrConfirmation *
confirm (guint64 ecid)
{
    return pr_confirmation_new (ecid, ACTION, NULL, "Anna", "anna", TRUE);
}

static PrOperation *
make (PrPhone *phone, gboolean hand_over, gboolean keep_plan)
{
    g_autoptr (PrConfirmation) confirmation = confirm (DESK_ECID);

    return pr_erase_new (phone, hand_over, keep_plan, confirmation);
}

static guint
count_requests (Desk *desk, const char *plan)
{
    if (!plan)
        return pr_test_phone_log_count (desk->virtual, "erase-request", NULL);
    return pr_test_phone_log_count (desk->virtual, "erase-request", "plan", plan, "nearby", "allowed", NULL);
}

static void
assert_data (Desk *desk, const char *expected)
{
    g_autofree char *data = pr_test_phone_state (desk->virtual, "data");

    g_assert_cmpstr (data, ==, expected);
}

/* The old pair record is worth nothing any more: trust is asked for anew, and then ideviceinfo says it too. */
static void
assert_seen_by_others (Desk *desk, PrPhone *phone)
{
    g_autofree char *output = NULL;

    pr_phone_list_refresh (desk->list, phone);
    desk_await (phone, "trust", PR_TRUST_TRUSTED, 20);
    g_assert_cmpint (pr_test_phone_run (desk->virtual, "ideviceinfo -k ActivationState", &output, NULL), ==, 0);
    g_assert_cmpstr (g_strstrip (output), ==, "Unactivated");
    g_assert_cmpint (pr_phone_get_set_up (phone), !=, PR_ANSWER_YES);
}

/* One request says what happens to the eSIM; the phone comes back empty, and asks for trust anew. */
static void
test_plans (void)
{
    static const char *const plans[] = { "removed", "kept" };

    for (guint keep = 0; keep < G_N_ELEMENTS (plans); keep++) {
        g_autoptr (Desk) desk = desk_new (pr_test_phone_start_text (SWIFT));
        PrPhone *phone = job_expect_phone (desk);

        job_run (make (phone, !keep, keep), JOB_DONE, LIMIT);
        assert_data (desk, "erased");
        g_assert_cmpuint (count_requests (desk, plans[keep]), ==, 1);
        g_assert_cmpuint (count_requests (desk, NULL), ==, 1);
        desk_await (phone, "trust", PR_TRUST_STALE, 20);
        assert_seen_by_others (desk, phone);
    }
}

/* Without a fresh confirmation for just this phone and deed nothing is sent. */
static void
test_unconfirmed (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("anna"));
    PrPhone *phone = job_expect_phone (desk);
    g_autoptr (PrConfirmation) other = confirm (DESK_ECID + 1), old = confirm (DESK_ECID);
    g_autoptr (PrConfirmation) restore = pr_confirmation_new (DESK_ECID, "restore", NULL, "Anna", "anna", TRUE);

    job_run (pr_erase_new (phone, FALSE, FALSE, NULL), PR_ERROR_NOT_CONFIRMED, LIMIT);
    job_run (pr_erase_new (phone, FALSE, FALSE, restore), PR_ERROR_NOT_CONFIRMED, LIMIT);
    job_run (pr_erase_new (phone, FALSE, FALSE, other), PR_ERROR_WRONG_PHONE, LIMIT);
    clock_put_forward (61);
    job_run (pr_erase_new (phone, FALSE, FALSE, old), PR_ERROR_NOT_CONFIRMED, LIMIT);
    g_assert_cmpuint (count_requests (desk, NULL), ==, 0);
    assert_data (desk, "kept");
}

/* The same name at the same port, and another phone. */
static void
test_swapped (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("anna"));
    PrPhone *phone = job_expect_phone (desk);

    pr_test_phone_tell (desk->virtual, "set UniqueChipID 4822678189205112");
    job_run (make (phone, FALSE, FALSE), PR_ERROR_WRONG_PHONE, LIMIT);
    g_assert_cmpuint (count_requests (desk, NULL), ==, 0);
}

/* Who gets it could not use it; who keeps it can. */
static void
test_find_my (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start_text (SWIFT));
    PrPhone *phone = job_expect_phone (desk);

    pr_test_phone_tell (desk->virtual, "set com.apple.fmip/IsAssociated true");
    job_run (make (phone, TRUE, FALSE), PR_ERROR_FIND_MY_ON, LIMIT);
    g_assert_cmpuint (count_requests (desk, NULL), ==, 0);
    job_run (make (phone, FALSE, TRUE), JOB_DONE, LIMIT);
    g_assert_cmpuint (count_requests (desk, NULL), ==, 1);
}

static const struct {
    const char *fault;
    int expected;
    const char *data;
    int hangs; /* in which step until its limit; -1: it does not */
} ends[] = {
    { "erase-refused 14002", PR_ERROR_ERASE_REFUSED, "kept", -1 }, /* an organisation forbids it */
    { "erase-refused 4001", PR_ERROR_ERASE_REFUSED, "kept",
      -1 }, /* never unlocked since it started, or at it already */
    { "erase-unknown", PR_ERROR_ERASE_REFUSED, "kept", -1 },
    { "erase-drops", JOB_DONE, "erased", -1 },
    { "erase-ignored", PR_ERROR_ERASE_NOT_STARTED, "kept", LEAVE },
    { "erase-never-returns", PR_ERROR_ERASE_UNSEEN, "erased", RETURN },
    { "erase-forgotten", PR_ERROR_NOT_ERASED, "kept", -1 },
};

static gboolean
has_cable_note (gpointer operation)
{
    return pr_operation_get_note (operation) == PR_NOTE_UNPLUGGED;
}

/* However it ends, it was asked once, and nothing but an empty phone is called erased. */
static void
test_ends (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (ends); i++) {
        g_autoptr (Desk) desk = desk_new (pr_test_phone_start_text (SWIFT));
        PrPhone *phone = job_expect_phone (desk);
        g_autoptr (PrOperation) operation = make (phone, FALSE, FALSE);

        g_test_message ("%s", ends[i].fault);
        pr_test_phone_tell (desk->virtual, "fault %s", ends[i].fault);
        pr_operation_start (operation);
        if (ends[i].hangs >= 0) {
            job_wait_step (operation, (guint) ends[i].hangs, 20);
            g_assert_false (pr_operation_cancel (operation));
            clock_put_forward (VERY_LONG);
        }
        if (ends[i].hangs == RETURN) {
            g_assert_true (pr_test_run_until (has_cable_note, operation, 10));
            clock_put_forward (VERY_LONG);
        }
        g_assert_cmpint (job_wait (operation, ends[i].hangs >= 0 ? 10 : LIMIT), ==, ends[i].expected);
        assert_data (desk, ends[i].data);
        g_assert_cmpuint (count_requests (desk, NULL), ==, 1);
    }
}

static void
test_refusals (void)
{
    static const struct {
        const char *scenario;
        int code;
    } rows[] = {
        { "[phone]\ntrust=never\n", PR_ERROR_NOT_TRUSTED },
        { "[phone]\nversion=10.3.3\n", PR_ERROR_ERASE_REFUSED },
        { "[phone]\ntrust=stale\n", PR_ERROR_STALE_PAIRING },
        { "[phone]\nmode=recovery\n", PR_ERROR_UNPLUGGED },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (Desk) desk = desk_new (pr_test_phone_start_text (rows[i].scenario));
        gboolean recovery = rows[i].code == PR_ERROR_UNPLUGGED;
        PrPhone *phone = recovery ? desk_expect (desk, DESK_ECID, PR_PHONE_MODE_RECOVERY) : job_expect_phone (desk);

        job_run (make (phone, FALSE, FALSE), rows[i].code, LIMIT);
        g_assert_cmpuint (count_requests (desk, NULL), ==, 0);
    }
}

/* Nobody answers any more when it is to be asked. */
static void
test_no_daemon (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("anna"));
    PrOperation *operation = make (job_expect_phone (desk), FALSE, FALSE);

    pr_test_phone_tell (desk->virtual, "fault no-daemon");
    job_run (operation, PR_ERROR_NO_DAEMON, 10);
    g_assert_cmpuint (count_requests (desk, NULL), ==, 0);
}

/* The link ends before it has agreed, and it stays: that was no agreement. */
static void
test_dropped_and_stays (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start_text ("[faults]\nerase-drops=\nerase-ignored=\n"));
    g_autoptr (PrOperation) operation = make (job_expect_phone (desk), FALSE, FALSE);

    pr_operation_start (operation);
    job_wait_step (operation, LEAVE, 20);
    clock_put_forward (VERY_LONG);
    g_assert_cmpint (job_wait (operation, 10), ==, PR_ERROR_ERASE_NOT_STARTED);
    assert_data (desk, "kept");
    g_assert_cmpuint (count_requests (desk, NULL), ==, 1);
}

/* Another one in its place is not called erased. */
static void
test_another_returns (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start_text (SWIFT "[faults]\nerase-swaps=4822678189205113\n"));

    job_run (make (job_expect_phone (desk), TRUE, FALSE), PR_ERROR_WRONG_PHONE, LIMIT);
    g_assert_cmpuint (count_requests (desk, NULL), ==, 1);
}

/* What can be said of it afterwards. */
static void
test_verdicts (void)
{
    static const struct {
        const char *scenario;
        PrAnswer ready;
    } cases[] = {
        { SWIFT, PR_ANSWER_YES },
        { SWIFT "[faults]\nerase-locked=\n", PR_ANSWER_NO },
        { SWIFT "[faults]\ntells-nothing=\n", PR_ANSWER_UNKNOWN },
        { SWIFT "[values]\ncom.apple.fmip/IsAssociated=\n", PR_ANSWER_UNKNOWN },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Desk) desk = desk_new (pr_test_phone_start_text (cases[i].scenario));
        g_autoptr (PrOperation) operation = make (job_expect_phone (desk), TRUE, FALSE);

        pr_operation_start (operation);
        g_assert_cmpint (job_wait (operation, LIMIT), ==, JOB_DONE);
        g_test_message ("%s", pr_operation_get_detail (operation));
        g_assert_cmpint (pr_erase_get_verdict (PR_ERASE (operation))->ready, ==, cases[i].ready);
    }
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/erase/plans", test_plans);
    g_test_add_func ("/erase/unconfirmed", test_unconfirmed);
    g_test_add_func ("/erase/swapped", test_swapped);
    g_test_add_func ("/erase/find-my", test_find_my);
    g_test_add_func ("/erase/ends", test_ends);
    g_test_add_func ("/erase/refusals", test_refusals);
    g_test_add_func ("/erase/no-daemon", test_no_daemon);
    g_test_add_func ("/erase/dropped-and-stays", test_dropped_and_stays);
    g_test_add_func ("/erase/another-returns", test_another_returns);
    g_test_add_func ("/erase/verdicts", test_verdicts);
    return g_test_run ();
}
