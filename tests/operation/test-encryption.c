/* Encryption of backups: turned on, changed, turned off, on the phone's side; and passwords that stay where they
 * belong.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "backup-bed.h"
#include "clock.h"
#include "pr-back-up.h"
#include "pr-change-password.h"
#include "pr-put-back.h"
#include "pr-report.h"

enum { ASK, WAIT, LOOK };

#define SOON 10

static void
change (Bed *bed, const char *old_password, const char *new_password, int expected)
{
    job_run (pr_change_password_new (bed->phone, old_password, new_password), expected, 2 * SOON);
}

static void
assert_state (Bed *bed, const char *state, guint times)
{
    g_assert_cmpuint (pr_test_phone_log_count (bed->desk->virtual, "backup-password", "state", state, NULL), ==, times);
}

static void
test_whole_life (void)
{
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);

    change (bed, NULL, "first", JOB_DONE);
    assert_state (bed, "set", 1);
    bed_back_up (bed, "first", JOB_DONE, NULL);
    bed_verify (bed, "first", 300);
    change (bed, "wrong", "second", PR_ERROR_WRONG_BACKUP_PASSWORD);
    change (bed, NULL, "second", PR_ERROR_WRONG_BACKUP_PASSWORD);
    assert_state (bed, "set", 1);
    change (bed, "first", "second", JOB_DONE);
    assert_state (bed, "set", 2);
    bed_back_up (bed, "second", JOB_DONE, NULL);
    bed_verify (bed, "second", 300);
    change (bed, "first", NULL, PR_ERROR_WRONG_BACKUP_PASSWORD);
    assert_state (bed, "none", 0);
    change (bed, "second", NULL, JOB_DONE);
    assert_state (bed, "none", 1);
    bed_back_up (bed, NULL, JOB_DONE, NULL);
    bed_verify (bed, NULL, 300);
}

static gboolean
wants_passcode (gpointer data)
{
    return pr_operation_get_note (data) == PR_NOTE_PASSCODE;
}

static gboolean
is_answered (gpointer data)
{
    return pr_test_phone_log_has (((Bed *) data)->desk->virtual, "backup-request", NULL);
}

static void
test_passcode (void)
{
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);
    g_autoptr (PrOperation) stopped = pr_change_password_new (bed->phone, NULL, "first");
    g_autoptr (PrOperation) operation = pr_change_password_new (bed->phone, NULL, "first");

    pr_test_phone_tell (bed->desk->virtual, "set passcode wait");
    pr_operation_start (stopped);
    g_assert_true (pr_test_run_until (wants_passcode, stopped, 20));
    g_assert_true (pr_operation_cancel (stopped));
    g_assert_cmpint (job_wait (stopped, 3), ==, JOB_CANCELLED);
    /* the phone has taken its question away */
    g_assert_true (pr_test_run_until (is_answered, bed, 10));
    assert_state (bed, "set", 0);
    pr_operation_start (operation);
    g_assert_true (pr_test_run_until (wants_passcode, operation, 20));
    g_assert_cmpuint (pr_operation_get_step (operation), ==, WAIT);
    pr_test_phone_tell (bed->desk->virtual, "set passcode enter");
    g_assert_cmpint (job_wait (operation, 20), ==, JOB_DONE);
    assert_state (bed, "set", 1);
}

static void
test_faults (void)
{
    static const struct {
        const char *fault, *mend;
        int code;
    } faults[] = {
        { "fault backup-fails 1 password", "mend backup-fails", PR_ERROR_BACKUP_REFUSED },
        { "fault sync-lock-taken", "mend sync-lock-taken", PR_ERROR_SYNC_LOCKED },
        { "fault backup-cut password", "mend backup-cut", PR_ERROR_UNPLUGGED },
    };
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);

    for (gsize i = 0; i < G_N_ELEMENTS (faults); i++) {
        pr_test_phone_tell (bed->desk->virtual, "%s", faults[i].fault);
        change (bed, NULL, "first", faults[i].code);
        assert_state (bed, "set", 0);
        pr_test_phone_tell (bed->desk->virtual, "%s", faults[i].mend);
        bed_plug (bed);
    }
}

/* An organisation wants it: then it is not even asked. */
static void
test_required (void)
{
    g_autoptr (Bed) bed = bed_new ("encryption-required");

    desk_await (bed->phone, "must-encrypt", PR_ANSWER_YES, 10);
    change (bed, "virtual", NULL, PR_ERROR_ENCRYPTION_REQUIRED);
    g_assert_false (pr_test_phone_log_has (bed->desk->virtual, "backup-request", NULL));
    change (bed, "virtual", "other", JOB_DONE);
}

/* --- Guard rail 9 --- */

static void
assert_secret (PrOperation *operation, const char *const *secrets)
{
    g_autofree char *report = pr_report_create (operation, "test");

    bed_assert_nowhere ("/nonexistent", report, secrets);
    bed_assert_nowhere ("/nonexistent", pr_operation_get_detail (operation), secrets);
    if (pr_operation_get_error (operation))
        bed_assert_nowhere ("/nonexistent", pr_operation_get_error (operation)->message, secrets);
}

static GLogWriterOutput
log_cb (GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
    g_autofree char *line = g_log_writer_format_fields (level, fields, n, FALSE);
    static GMutex lock;

    g_mutex_lock (&lock);
    g_string_append (data, line);
    g_mutex_unlock (&lock);
    return G_LOG_WRITER_HANDLED;
}

/* No password stands in details, reports, messages, logs, the program's arguments, or any file of the backups. */
static void
test_nowhere (void)
{
    static const char *const secrets[] = { "Kirschkuchen-1", "Zwetschge-22", "Falsches-333", NULL };
    static const char *const files[] = { "/proc/self/cmdline", "/proc/self/environ" };
    static GString *logged;
    g_autoptr (Bed) bed = NULL;
    struct {
        const char *old_password, *new_password;
    } changes[] = { { NULL, secrets[0] }, { secrets[2], secrets[1] }, { secrets[0], secrets[1] } };

    logged = g_string_new (NULL);
    g_log_set_writer_func (log_cb, logged, NULL);
    bed = bed_new (BED_PLAIN);
    for (gsize i = 0; i < G_N_ELEMENTS (changes); i++) {
        g_autoptr (PrOperation) operation =
            pr_change_password_new (bed->phone, changes[i].old_password, changes[i].new_password);

        pr_operation_start (operation);
        job_wait (operation, 20);
        assert_secret (operation, secrets);
    }
    for (gsize i = 0; secrets[i]; i++) {
        g_autoptr (PrOperation) backed_up = pr_back_up_new (bed->phone, bed->library, secrets[i], 0, FALSE);
        g_autoptr (PrOperation) put_back = NULL;

        pr_operation_start (backed_up);
        g_assert_cmpint (job_wait (backed_up, 60), ==, JOB_DONE);
        assert_secret (backed_up, secrets);
        put_back = pr_put_back_new (bed->phone, bed_find (bed), secrets[i], TRUE, NULL);
        pr_operation_start (put_back);
        g_assert_cmpint (job_wait (put_back, 60), !=, JOB_DONE);
        assert_secret (put_back, secrets);
    }
    bed_assert_nowhere (bed->folder, logged->str, secrets);
    for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
        bed_assert_nowhere (files[i], "", secrets);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
    g_test_add_func ("/encryption/whole-life", test_whole_life);
    g_test_add_func ("/encryption/passcode", test_passcode);
    g_test_add_func ("/encryption/faults", test_faults);
    g_test_add_func ("/encryption/required", test_required);
    g_test_add_func ("/encryption/nowhere", test_nowhere); /* the last: it takes the log */
    return g_test_run ();
}
