/* Into recovery mode and out of it, against the virtual phone with the real phone-reset-usb.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "clock.h"
#include "job.h"
#include "pr-mux.h"
#include "pr-recovery-mode.h"

enum { REQUEST, START };

#define VERY_LONG 300

static gboolean
has_record (void)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) record = pr_mux_read_pair_record (DESK_UDID, NULL, &error);

    g_assert_no_error (error);
    return record != NULL;
}

/* There and back. Another program throws the pair record away meanwhile, as they do; it is put back, and the phone need
 * not be asked for trust again. */
static void
test_there_and_back (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("anna"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);

    desk_await (phone, "trust", PR_TRUST_TRUSTED, 10);
    desk_await (phone, "recovery-access", PR_ACCESS_GOOD, 10);
    job_run (pr_enter_recovery_new (phone), JOB_DONE, 60);
    g_assert_cmpint (pr_phone_get_mode (phone), ==, PR_PHONE_MODE_RECOVERY);
    g_assert_cmpuint (pr_test_phone_log_count (desk->virtual, "enter-recovery", "answer", "yes", NULL), ==, 1);
    g_assert_true (pr_mux_delete_pair_record (DESK_UDID, NULL, NULL));
    g_assert_false (has_record ());
    job_run (pr_leave_recovery_new (phone, desk->usb), JOB_DONE, 60);
    g_assert_cmpint (pr_phone_get_mode (phone), ==, PR_PHONE_MODE_NORMAL);
    g_assert_true (has_record ());
    desk_await (phone, "trust", PR_TRUST_TRUSTED, 20);
    g_assert_false (pr_test_phone_log_has (desk->virtual, "trust-asked", NULL));
    g_assert_true (pr_test_phone_wait_state (desk->virtual, "auto-boot", "true", 1));
}

/* A phone that does not know the record any more: it is not left behind. */
static void
test_stale_record (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start_text ("[phone]\ntrust=stale\nmode=recovery\n"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_RECOVERY);

    g_assert_true (has_record ());
    job_run (pr_leave_recovery_new (phone, desk->usb), JOB_DONE, 60);
    desk_await (phone, "trust", PR_TRUST_STALE, 20);
}

static void
test_refused (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("recovery-refused"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);

    desk_await (phone, "trust", PR_TRUST_TRUSTED, 10);
    job_run (pr_enter_recovery_new (phone), PR_ERROR_RECOVERY_REFUSED, 20);
    g_assert_cmpuint (pr_test_phone_log_count (desk->virtual, "enter-recovery", "answer", "MCProtected", NULL), ==, 1);
    g_assert_true (pr_test_phone_wait_state (desk->virtual, "mode", "normal", 1));
    g_assert_true (has_record ());
}

/* A phone that could not be brought out again is not sent there. */
static void
test_no_access (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("anna"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);

    desk_await (phone, "recovery-access", PR_ACCESS_GOOD, 10);
    g_object_set (phone, "recovery-access", PR_ACCESS_REFUSED, NULL);
    job_run (pr_enter_recovery_new (phone), PR_ERROR_NO_USB_PERMISSION, 5);
    g_assert_false (pr_test_phone_log_has (desk->virtual, "enter-recovery", NULL));
    g_object_set (phone, "recovery-access", PR_ACCESS_GOOD, NULL);
    job_run (pr_leave_recovery_new (phone, desk->usb), PR_ERROR_UNPLUGGED, 5);
    pr_test_phone_tell (desk->virtual, "boot recovery");
    desk_await (phone, "mode", PR_PHONE_MODE_RECOVERY, 20);
    job_run (pr_enter_recovery_new (phone), PR_ERROR_UNPLUGGED, 5);
    g_object_set (phone, "recovery-access", PR_ACCESS_REFUSED, NULL);
    job_run (pr_leave_recovery_new (phone, desk->usb), PR_ERROR_NO_USB_PERMISSION, 5);
    g_assert_false (pr_test_phone_log_has (desk->virtual, "command", NULL));
}

static void
test_incomplete (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("back-in-recovery"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_RECOVERY);

    job_run (pr_leave_recovery_new (phone, desk->usb), PR_ERROR_BACK_IN_RECOVERY, 60);
    g_assert_cmpint (pr_phone_get_mode (phone), ==, PR_PHONE_MODE_RECOVERY);
}

/* It left, and the cable was taken out: the wait has an end. */
static void
test_no_return (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("recovery"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_RECOVERY);
    g_autoptr (PrOperation) operation = pr_leave_recovery_new (phone, desk->usb);

    pr_operation_start (operation);
    job_wait_step (operation, START, 20);
    pr_test_phone_tell (desk->virtual, "unplug");
    g_assert_false (pr_operation_cancel (operation));
    clock_put_forward (VERY_LONG);
    g_assert_cmpint (job_wait (operation, 5), ==, PR_ERROR_NO_RESTART);
}

/* irecovery's shell, which holds the phone's interface until its input ends. */
static GSubprocess *
start_claimant (PrTestPhone *virtual)
{
    g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
        G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
    static const char *const names[] = { "UMOCKDEV_DIR", "LD_PRELOAD" };
    g_autoptr (GError) error = NULL;
    GSubprocess *process;
    char byte;

    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        g_subprocess_launcher_setenv (launcher, names[i], pr_test_phone_environment (virtual, names[i]), TRUE);
    process = g_subprocess_launcher_spawn (launcher, &error, "irecovery", "-s", NULL);
    g_assert_no_error (error);
    /* its prompt, which comes when it has the phone */
    g_assert_cmpint (g_input_stream_read (g_subprocess_get_stdout_pipe (process), &byte, 1, NULL, NULL), ==, 1);
    return process;
}

/* Another program has the phone, or we keep our own hands off it for a restore: nothing is sent. */
static void
test_claimed (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("recovery"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_RECOVERY);
    g_autoptr (GSubprocess) claimant = NULL;

    g_assert_cmpint (job_call_usb (desk->usb, "hold"), ==, -1);
    job_run (pr_leave_recovery_new (phone, desk->usb), PR_ERROR_BUSY, 20);
    g_assert_cmpint (job_call_usb (desk->usb, "release"), ==, -1);
    claimant = start_claimant (desk->virtual);
    job_run (pr_leave_recovery_new (phone, desk->usb), PR_ERROR_BUSY, 30);
    g_assert_false (pr_test_phone_log_has (desk->virtual, "command", "line", "reboot", NULL));
    g_assert_cmpint (pr_phone_get_mode (phone), ==, PR_PHONE_MODE_RECOVERY);
    g_subprocess_force_exit (claimant);
    g_assert_true (g_subprocess_wait (claimant, NULL, NULL));
    job_run (pr_leave_recovery_new (phone, desk->usb), JOB_DONE, 60);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/recovery-mode/there-and-back", test_there_and_back);
    g_test_add_func ("/recovery-mode/stale-record", test_stale_record);
    g_test_add_func ("/recovery-mode/refused", test_refused);
    g_test_add_func ("/recovery-mode/no-access", test_no_access);
    g_test_add_func ("/recovery-mode/incomplete", test_incomplete);
    g_test_add_func ("/recovery-mode/no-return", test_no_return);
    g_test_add_func ("/recovery-mode/claimed", test_claimed);
    return g_test_run ();
}
