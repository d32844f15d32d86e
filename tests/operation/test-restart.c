/* Restarting and switching off, against the virtual phone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "clock.h"
#include "job.h"
#include "pr-restart.h"

enum { ASK, LEAVE, RETURN };

/* No wait of the app's is as long. */
#define VERY_LONG 300

static void
test_restart (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("anna"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);
    guint changes = pr_phone_peek_changes (phone);

    job_run (pr_restart_new (phone), JOB_DONE, 60);
    g_assert_cmpuint (pr_test_phone_log_count (desk->virtual, "diagnostics", "request", "Restart", NULL), ==, 1);
    g_assert_cmpint (pr_phone_get_mode (phone), ==, PR_PHONE_MODE_NORMAL);
    g_assert_cmpuint (pr_phone_peek_changes (phone), ==, changes + 2);
    job_run (pr_shut_down_new (phone), JOB_DONE, 60);
    g_assert_cmpuint (pr_test_phone_log_count (desk->virtual, "diagnostics", "request", "Shutdown", NULL), ==, 1);
    g_assert_true (pr_test_phone_wait_state (desk->virtual, "mode", "off", 5));
    /* there is nothing to ask any more */
    job_run (pr_restart_new (phone), PR_ERROR_UNPLUGGED, 5);
}

/* It says yes and stays, or leaves and does not come back. Past the point where it was asked, Stop means nothing. */
static void
test_limits (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("ignores-restart"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);
    g_autoptr (PrOperation) stays = pr_restart_new (phone), stays_on = pr_shut_down_new (phone);
    g_autoptr (PrOperation) gone = pr_restart_new (phone);

    pr_operation_start (stays);
    job_wait_step (stays, LEAVE, 20);
    g_assert_false (pr_operation_cancel (stays));
    job_run (pr_restart_new (phone), PR_ERROR_BUSY, 5);
    clock_put_forward (VERY_LONG);
    g_assert_cmpint (job_wait (stays, 5), ==, PR_ERROR_NO_RESTART);
    pr_operation_start (stays_on);
    job_wait_step (stays_on, LEAVE, 20);
    clock_put_forward (VERY_LONG);
    g_assert_cmpint (job_wait (stays_on, 5), ==, PR_ERROR_NO_RESTART);
    g_assert_cmpint (pr_phone_get_mode (phone), ==, PR_PHONE_MODE_NORMAL);

    pr_operation_start (gone);
    job_wait_step (gone, LEAVE, 20);
    pr_test_phone_tell (desk->virtual, "unplug");
    job_wait_step (gone, RETURN, 20);
    clock_put_forward (VERY_LONG);
    g_assert_cmpint (job_wait (gone, 5), ==, PR_ERROR_NO_RESTART);
}

static const struct {
    const char *scenario;
    int code;
} refusals[] = {
    { "never-trusted", PR_ERROR_NOT_TRUSTED },
    { "locked", PR_ERROR_NOT_TRUSTED },
    { "stale-pairing", PR_ERROR_STALE_PAIRING },
    { "no-daemon", PR_ERROR_NO_DAEMON },
};

/* Who may not ask is told why, and nothing happens to the phone. */
static void
test_refusals (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++) {
        g_autoptr (Desk) desk = desk_new (pr_test_phone_start (refusals[i].scenario));
        PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);

        job_run (pr_restart_new (phone), refusals[i].code, 20);
        g_assert_false (pr_test_phone_log_has (desk->virtual, "diagnostics", NULL));
        g_assert_cmpint (pr_phone_get_mode (phone), ==, PR_PHONE_MODE_NORMAL);
    }
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/restart/good", test_restart);
    g_test_add_func ("/restart/limits", test_limits);
    g_test_add_func ("/restart/refusals", test_refusals);
    return g_test_run ();
}
