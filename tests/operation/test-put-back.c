/* Putting a backup back, asserted on the phone's side: what is on it afterwards, and that it is untouched by everything
 * that fails before the first file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "backup-bed.h"
#include "clock.h"
#include "pr-back-up.h"
#include "pr-put-back.h"

enum { CHECK, ASK, SEND, RESTART, RETURN };

#define SOON 10  /* seconds, in which every fault is told */
#define LIMIT 60 /* of a whole one; it takes about ten */
#define ACTION "put-back"

/* Takes @confirmation. */
static PrOperation *
make (Bed *bed, const char *password, gboolean same_phone, PrConfirmation *confirmation)
{
    g_autoptr (PrConfirmation) taken = confirmation;

    return pr_put_back_new (bed->phone, bed_find (bed), password, same_phone, taken);
}

static PrConfirmation *
confirm (Bed *bed)
{
    return pr_confirmation_new (DESK_ECID, ACTION, bed->path, "Anna", "anna", TRUE);
}

static Bed *
bed_new_backed_up (const char *scenario, const char *password)
{
    Bed *bed = bed_new (scenario);

    bed_back_up (bed, password, JOB_DONE, NULL);
    return bed;
}

static guint
count_requests (Bed *bed)
{
    return pr_test_phone_log_count (bed->desk->virtual, "backup-request", "name", "Restore", NULL);
}

static guint
count_restored (Bed *bed)
{
    g_autofree char *count = pr_test_phone_state (bed->desk->virtual, "backups-restored");

    return (guint) g_ascii_strtoull (count, NULL, 10);
}

/* --- What is on the phone --- */

static void
busy_cb (PrPhone *phone, GParamSpec *pspec, gboolean *was_free)
{
    *was_free |= pr_phone_get_mode (phone) == PR_PHONE_MODE_GONE && !pr_phone_get_busy (phone);
}

/* It becomes as it was, leaves, comes back, and stays claimed meanwhile. */
static void
put_back_same (Bed *bed, const char *password)
{
    g_autofree char *before = bed_digest (bed);
    g_autofree char *after = NULL;
    guint changes = pr_phone_peek_changes (bed->phone);
    gboolean was_free = FALSE;
    gulong handler = g_signal_connect (bed->phone, "notify::mode", G_CALLBACK (busy_cb), &was_free);

    pr_test_phone_tell (bed->desk->virtual, "mutate 40 30 20");
    job_run (make (bed, password, TRUE, confirm (bed)), JOB_DONE, LIMIT);
    g_signal_handler_disconnect (bed->phone, handler);
    after = bed_digest (bed);
    g_assert_cmpstr (before, ==, after);
    g_assert_cmpuint (pr_phone_peek_changes (bed->phone), ==, changes + 2);
    g_assert_cmpint (pr_phone_get_mode (bed->phone), ==, PR_PHONE_MODE_NORMAL);
    g_assert_false (was_free);
    g_assert_cmpuint (count_restored (bed), ==, 1);
    g_assert_true (pr_test_phone_log_has (bed->desk->virtual, "afc-written", NULL));
    g_assert_true (
        pr_test_phone_log_has (bed->desk->virtual, "posted", "name", "com.apple.itunes-mobdev.syncDidFinish", NULL));
    bed_verify (bed, password, 300);
}

static void
test_same_phone (void)
{
    g_autoptr (Bed) bed = bed_new_backed_up (BED_PLAIN, NULL);

    put_back_same (bed, NULL);
}

static void
test_encrypted (void)
{
    static const char *const passwords[] = { NULL, "wrong" };
    g_autoptr (Bed) bed = bed_new_backed_up (BED_ENCRYPTED, BED_PASSWORD);

    for (gsize i = 0; i < G_N_ELEMENTS (passwords); i++)
        job_run (make (bed, passwords[i], TRUE, confirm (bed)), PR_ERROR_WRONG_BACKUP_PASSWORD, SOON);
    g_assert_cmpuint (count_requests (bed), ==, 0);
    put_back_same (bed, BED_PASSWORD);
}

/* What a new phone has of its own stays, and the backup's files come to it. */
static void
test_new_phone (void)
{
    g_autoptr (Bed) bed = bed_new_backed_up (BED_PLAIN, NULL);
    g_autofree char *all = NULL;

    pr_test_phone_tell (bed->desk->virtual, "mutate 0 100 25");
    job_run (make (bed, NULL, FALSE, confirm (bed)), JOB_DONE, LIMIT);
    all = pr_test_phone_state (bed->desk->virtual, "files");
    g_assert_cmpstr (all, ==, "325");
    g_assert_cmpuint (count_restored (bed), ==, 1);
}

/* Out of a folder of another program, into which nothing is written, and of an earlier version. */
static void
test_elsewhere (void)
{
    g_autoptr (Bed) bed = bed_new_backed_up (BED_PLAIN, NULL);
    g_autofree char *first = bed_digest (bed);
    g_autofree char *after = NULL;
    g_autoptr (PrBackup) earlier = NULL;
    g_autoptr (PrConfirmation) confirmation = NULL;
    g_autofree char *versions = g_strconcat (bed->path, ".versions", NULL);
    g_autoptr (GDir) dir = NULL;
    g_autofree char *path = NULL;
    g_autoptr (PrBackupStore) store =
        g_object_new (PR_TYPE_BACKUP_STORE, "folder", bed->folder, "keep-versions", 1u, NULL);

    pr_test_phone_tell (bed->desk->virtual, "mutate 40 30 20");
    job_run (pr_back_up_new_in (bed->phone, bed->library, store, NULL), JOB_DONE, LIMIT);
    dir = g_dir_open (versions, 0, NULL);
    path = g_build_filename (versions, g_dir_read_name (dir), NULL);
    earlier = pr_backup_read (path, TRUE, TRUE);
    g_assert_cmpstr (pr_backup_get_udid (earlier), ==, DESK_UDID);
    confirmation = pr_confirmation_new (DESK_ECID, ACTION, path, "Anna", "anna", TRUE);
    job_run (pr_put_back_new (bed->phone, earlier, NULL, TRUE, confirmation), JOB_DONE, LIMIT);
    after = bed_digest (bed);
    g_assert_cmpstr (first, ==, after);
}

/* --- Stop --- */

static gboolean
wants_passcode (gpointer data)
{
    return pr_operation_get_note (data) == PR_NOTE_PASSCODE;
}

/* Before the first file: at once, and nothing has happened to the phone. */
static void
test_stop_at_once (void)
{
    g_autoptr (Bed) bed = bed_new_backed_up (BED_PLAIN, NULL);
    g_autofree char *before = bed_digest (bed);
    g_autofree char *after = NULL;
    g_autoptr (PrOperation) operation = make (bed, NULL, TRUE, confirm (bed));
    gint64 stopped;

    pr_test_phone_tell (bed->desk->virtual, "set passcode wait");
    pr_operation_start (operation);
    g_assert_true (pr_test_run_until (wants_passcode, operation, 20));
    g_assert_cmpint (pr_operation_get_stop (operation), ==, PR_STOP_AT_ONCE);
    g_assert_true (pr_operation_cancel (operation));
    stopped = g_get_monotonic_time ();
    g_assert_cmpint (job_wait (operation, SOON), ==, JOB_CANCELLED);
    g_assert_cmpint (g_get_monotonic_time () - stopped, <, 2 * G_USEC_PER_SEC);
    after = bed_digest (bed);
    g_assert_cmpstr (before, ==, after);
    g_assert_cmpuint (count_restored (bed), ==, 0);
}

/* In the middle of the files: the phone is silent until its owner does something about it. */
static PrOperation *
start_stalled (Bed *bed)
{
    PrOperation *operation = make (bed, NULL, TRUE, confirm (bed));

    pr_test_phone_tell (bed->desk->virtual, "fault restore-stall-at-file 50");
    pr_operation_start (operation);
    job_wait_step (operation, SEND, 20);
    desk_run_for (0.5);
    g_assert_cmpint (pr_operation_get_stop (operation), ==, PR_STOP_END_ANYWAY);
    return operation;
}

/* Then Stop does nothing, silence ends nothing (guard rail 6), and End Anyway does. */
static void
test_end_anyway (void)
{
    g_autoptr (Bed) bed = bed_new_backed_up (BED_PLAIN, NULL);
    g_autoptr (PrOperation) operation = start_stalled (bed);
    gint64 ended;

    g_assert_false (pr_operation_cancel (operation));
    clock_put_forward (3600);
    desk_run_for (1);
    g_assert_cmpint (pr_operation_get_state (operation), ==, PR_OPERATION_RUNNING);
    pr_operation_end_anyway (operation);
    ended = g_get_monotonic_time ();
    g_assert_cmpint (job_wait (operation, SOON), ==, PR_ERROR_ENDED_EARLY);
    g_assert_cmpint (g_get_monotonic_time () - ended, <, 3 * G_USEC_PER_SEC);
    g_assert_cmpuint (count_restored (bed), ==, 0);
    bed_verify (bed, NULL, 300);
}

/* --- What goes wrong --- */

typedef struct {
    PrOperation *operation;
    const char *line;
} Told;

static gboolean
has_told (gpointer data)
{
    Told *told = data;

    return strstr (pr_operation_get_detail (told->operation), told->line) != NULL;
}

static const struct {
    const char *fault, *mend; /* commands */
    int code;
    gboolean sent; /* files went to the phone */
} faults[] = {
    { "set com.apple.fmip/IsAssociated true", "set com.apple.fmip/IsAssociated false", PR_ERROR_FIND_MY_ON, FALSE },
    { "set com.apple.purplebuddy/SetupDone false", "set com.apple.purplebuddy/SetupDone true",
      PR_ERROR_SETUP_UNFINISHED, FALSE },
    { "set ActivationState Unactivated", "set ActivationState Activated", PR_ERROR_SETUP_UNFINISHED, FALSE },
    { "set version 15.0", "set version 17.5.1", PR_ERROR_BACKUP_MISFIT, FALSE },
    { "fault backup-fails 203 looking", "mend backup-fails", PR_ERROR_BACKUP_MISFIT, FALSE },
    { "fault backup-fails 106 files", "mend backup-fails", PR_ERROR_PHONE_FULL, FALSE },
    { "fault backup-fails 105 files", "mend backup-fails", PR_ERROR_PHONE_FULL, FALSE },
    { "fault backup-fails 205 looking", "mend backup-fails", PR_ERROR_BACKUP_DAMAGED, FALSE },
    { "fault backup-fails 1 files", "mend backup-fails", PR_ERROR_BACKUP_REFUSED, FALSE },
    { "fault sync-lock-taken", "mend sync-lock-taken", PR_ERROR_SYNC_LOCKED, FALSE },
    { "fault restore-cut-at-file 50", "mend restore-cut-at-file", PR_ERROR_PUT_BACK_CUT, TRUE },
    { "fault backup-cut looking", "mend backup-cut", PR_ERROR_UNPLUGGED, FALSE },
};

/* Each in its own error, soon; the phone has what it had, and the backup is whole. */
static void
test_faults (void)
{
    g_autoptr (Bed) bed = bed_new_backed_up (BED_PLAIN, NULL);
    g_autofree char *before = NULL;

    pr_test_phone_tell (bed->desk->virtual, "mutate 40 30 20");
    before = bed_digest (bed);
    for (gsize i = 0; i < G_N_ELEMENTS (faults); i++) {
        g_autofree char *after = NULL;
        g_autoptr (PrOperation) operation = make (bed, NULL, TRUE, confirm (bed));
        gint64 start = g_get_monotonic_time ();

        pr_test_phone_tell (bed->desk->virtual, "%s", faults[i].fault);
        pr_operation_start (operation);
        g_assert_cmpint (job_wait (operation, 2 * SOON), ==, faults[i].code);
        g_test_message ("%s: %.1f s", faults[i].fault, (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
        g_assert_cmpint (pr_operation_get_stop (operation), ==, faults[i].sent ? PR_STOP_END_ANYWAY : PR_STOP_AT_ONCE);
        after = bed_digest (bed);
        g_assert_cmpstr (before, ==, after);
        g_assert_cmpuint (count_restored (bed), ==, 0);
        bed_verify (bed, NULL, 300);
        pr_test_phone_tell (bed->desk->virtual, "%s", faults[i].mend);
        bed_plug (bed);
    }
}

/* Before the first file nothing was changed; afterwards a part is there, and the person is told so. */
static void
test_unplugged (void)
{
    static const gboolean sent[] = { FALSE, TRUE };

    for (gsize i = 0; i < G_N_ELEMENTS (sent); i++) {
        g_autoptr (Bed) bed = bed_new_backed_up (BED_PLAIN, NULL);
        g_autoptr (PrOperation) operation = NULL;
        gint64 unplugged;

        pr_test_phone_tell (bed->desk->virtual, "set passcode %s", sent[i] ? "none" : "wait");
        operation = sent[i] ? start_stalled (bed) : make (bed, NULL, TRUE, confirm (bed));
        if (!sent[i]) {
            pr_operation_start (operation);
            g_assert_true (pr_test_run_until (wants_passcode, operation, 20));
        }
        pr_test_phone_tell (bed->desk->virtual, "unplug");
        unplugged = g_get_monotonic_time ();
        g_assert_cmpint (job_wait (operation, SOON), ==, sent[i] ? PR_ERROR_PUT_BACK_CUT : PR_ERROR_UNPLUGGED);
        g_assert_cmpint (g_get_monotonic_time () - unplugged, <, SOON * G_USEC_PER_SEC);
    }
}

static gboolean
is_over (gpointer data)
{
    return pr_operation_is_over (data);
}

/* All is on the phone by then: that it is looked for until it is plugged in again is all that is left to do. */
static void
test_unplugged_restarting (void)
{
    g_autoptr (Bed) bed = bed_new_backed_up (BED_PLAIN, NULL);
    g_autofree char *before = bed_digest (bed);
    g_autofree char *after = NULL;
    g_autoptr (PrOperation) operation = make (bed, NULL, TRUE, confirm (bed));

    pr_test_phone_tell (bed->desk->virtual, "mutate 40 30 20");
    pr_operation_start (operation);
    job_wait_step (operation, RETURN, LIMIT);
    pr_test_phone_tell (bed->desk->virtual, "unplug");
    g_assert_false (pr_test_run_until (is_over, operation, SOON));
    pr_test_phone_tell (bed->desk->virtual, "plug");
    g_assert_cmpint (job_wait (operation, LIMIT), ==, JOB_DONE);
    after = bed_digest (bed);
    g_assert_cmpstr (before, ==, after);
}

/* 208: asked again, with the confirmation that is there, also when that is older than a minute by then. */
static void
test_passcode_again (void)
{
    g_autoptr (Bed) bed = bed_new_backed_up (BED_PLAIN, NULL);
    g_autoptr (PrOperation) operation = make (bed, NULL, TRUE, confirm (bed));

    pr_test_phone_tell (bed->desk->virtual, "fault backup-fails 208 looking 2");
    pr_operation_start (operation);
    for (guint tries = 2; tries <= 3; tries++) {
        g_autofree char *line = g_strdup_printf ("try %u of 3", tries);

        g_assert_true (pr_test_run_until (has_told, &(Told) { operation, line }, 20));
        clock_put_forward (61);
    }
    g_assert_cmpint (job_wait (operation, LIMIT), ==, JOB_DONE);
    g_assert_cmpuint (count_requests (bed), ==, 3);
}

/* A damaged backup is found out before the phone hears of it. */
static void
test_damaged (void)
{
    g_autoptr (Bed) bed = bed_new_backed_up (BED_PLAIN, NULL);
    g_autofree char *manifest = g_build_filename (bed->path, "Manifest.db", NULL);
    g_autoptr (PrOperation) operation = NULL;

    bed_find (bed);
    g_assert_cmpint (g_remove (manifest), ==, 0);
    operation = pr_put_back_new (bed->phone, pr_backup_library_find_path (bed->library, bed->path), NULL, TRUE, NULL);
    pr_operation_start (operation);
    g_assert_cmpint (job_wait (operation, SOON), ==, PR_ERROR_BACKUP_DAMAGED);
    g_assert_cmpuint (count_requests (bed), ==, 0);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
    g_test_add_func ("/put-back/same-phone", test_same_phone);
    g_test_add_func ("/put-back/encrypted", test_encrypted);
    g_test_add_func ("/put-back/new-phone", test_new_phone);
    g_test_add_func ("/put-back/elsewhere", test_elsewhere);
    g_test_add_func ("/put-back/stop-at-once", test_stop_at_once);
    g_test_add_func ("/put-back/end-anyway", test_end_anyway);
    g_test_add_func ("/put-back/faults", test_faults);
    g_test_add_func ("/put-back/unplugged", test_unplugged);
    g_test_add_func ("/put-back/unplugged/restarting", test_unplugged_restarting);
    g_test_add_func ("/put-back/passcode/again", test_passcode_again);
    g_test_add_func ("/put-back/damaged", test_damaged);
    return g_test_run ();
}
