/* Backing up, on the virtual phone's side and on the disk: what is made, what Stop leaves, what every fault ends in,
 * and that the backup from before is whole after each of them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "backup-bed.h"
#include "clock.h"
#include "pr-back-up.h"
#include "pr-backup-run.h"

enum { ASK, COPY, WAIT, FILES, VERIFY };

#define SOON 10 /* seconds, in which every fault is told */

static guint
count_full (Bed *bed)
{
    return pr_test_phone_log_count (bed->desk->virtual, "backup-request", "name", "Backup", "result", "done", NULL);
}

/* --- Made --- */

static void
test_plain (void)
{
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);
    PrBackupReport report;

    bed_back_up (bed, NULL, JOB_DONE, &report);
    g_assert_true (report.proven);
    g_assert_cmpuint (report.files, ==, 300);
    bed_verify (bed, NULL, 300);
    g_assert_cmpint (pr_backup_get_health (bed_find (bed)), ==, PR_BACKUP_HEALTH_GOOD);
    g_assert_cmphex (pr_backup_get_ecid (bed_find (bed)), ==, DESK_ECID);
    pr_test_phone_tell (bed->desk->virtual, "mutate 50 30 20");
    bed_back_up (bed, NULL, JOB_DONE, &report);
    bed_verify (bed, NULL, 290);
    g_assert_true (pr_test_phone_log_has (bed->desk->virtual, "backup-request", "name", "Backup", "files", "75", NULL));
    g_assert_cmpuint (count_full (bed), ==, 2);
}

static gboolean
is_proven (gpointer data)
{
    Bed *bed = data;
    PrBackup *backup = pr_backup_library_find_path (bed->library, bed->path);

    return backup && pr_backup_get_health (backup) == PR_BACKUP_HEALTH_GOOD;
}

/* With its password it is proven and known as good; a wrong one, or none, makes a backup of which that cannot be told.
 */
static void
test_encrypted (void)
{
    static const struct {
        const char *password;
        gboolean proven;
    } cases[] = { { NULL, FALSE }, { "wrong", FALSE }, { BED_PASSWORD, TRUE } };
    g_autoptr (Bed) bed = bed_new (BED_ENCRYPTED);

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        PrBackupReport report;

        bed_back_up (bed, cases[i].password, JOB_DONE, &report);
        g_assert_true (report.encrypted);
        g_assert_cmpint (report.proven, ==, cases[i].proven);
        g_assert_cmpint (pr_test_run_until (is_proven, bed, 1), ==, cases[i].proven);
        bed_verify (bed, BED_PASSWORD, 300);
    }
}

static void
test_versions (void)
{
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);
    g_autofree char *versions = g_strconcat (bed->path, ".versions", NULL);

    for (guint i = 0; i < 3; i++) {
        pr_test_phone_tell (bed->desk->virtual, "mutate 5 0 0");
        job_run (pr_back_up_new (bed->phone, bed->library, NULL, 1, FALSE), JOB_DONE, 60);
    }
    bed_find (bed);
    g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (bed->library)), ==, 2);
    g_assert_true (g_file_test (versions, G_FILE_TEST_IS_DIR));
    for (guint i = 0; i < 2; i++) {
        g_autoptr (PrBackup) backup = g_list_model_get_item (G_LIST_MODEL (bed->library), i);

        g_assert_cmpstr (pr_backup_get_udid (backup), ==, DESK_UDID);
    }
}

/* --- What the person sees meanwhile --- */

static gboolean
wants_passcode (gpointer data)
{
    return pr_operation_get_note (data) == PR_NOTE_PASSCODE;
}

/* It asks, is told so, gets its passcode, and the banner goes. */
static void
test_passcode (void)
{
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);
    g_autoptr (PrOperation) operation = pr_back_up_new (bed->phone, bed->library, NULL, 0, FALSE);

    pr_test_phone_tell (bed->desk->virtual, "set passcode wait");
    pr_operation_start (operation);
    g_assert_true (pr_test_run_until (wants_passcode, operation, 20));
    g_assert_cmpuint (pr_operation_get_step (operation), ==, WAIT);
    g_assert_cmpint (pr_operation_get_stop (operation), ==, PR_STOP_AT_ONCE);
    pr_test_phone_tell (bed->desk->virtual, "set passcode enter");
    g_assert_cmpint (job_wait (operation, 20), ==, JOB_DONE);
    g_assert_cmpint (pr_operation_get_note (operation), ==, PR_NOTE_NONE);
}

static gboolean
has_asked_twice (gpointer data)
{
    return pr_test_phone_log_count (((Bed *) data)->desk->virtual, "passcode-ignored", NULL) >= 1;
}

/* 208: it is asked again, which is told, and the second time its owner is there. */
static void
test_passcode_again (void)
{
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);
    g_autoptr (PrOperation) operation = pr_back_up_new (bed->phone, bed->library, NULL, 0, FALSE);

    pr_test_phone_tell (bed->desk->virtual, "set passcode ignore");
    pr_operation_start (operation);
    g_assert_true (pr_test_run_until (has_asked_twice, bed, 20));
    pr_test_phone_tell (bed->desk->virtual, "set passcode enter");
    g_assert_cmpint (job_wait (operation, 20), ==, JOB_DONE);
    g_assert_nonnull (strstr (pr_operation_get_detail (operation), "208"));
    g_assert_nonnull (strstr (pr_operation_get_detail (operation), "try 2 of 3"));
    bed_verify (bed, NULL, 300);
}

static void
sample_cb (PrOperation *operation, GParamSpec *pspec, GArray *samples)
{
    double fraction = pr_operation_get_fraction (operation);

    if (samples->len > 0)
        g_assert_cmpfloat (fraction, >, g_array_index (samples, double, samples->len - 1));
    g_array_append_val (samples, fraction);
}

/* The bar moves with the bytes: at no moment does it jump by a third while files come. */
static void
test_progress (void)
{
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);
    g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (double));
    g_autoptr (PrOperation) operation = pr_back_up_new (bed->phone, bed->library, NULL, 0, FALSE);

    pr_test_phone_tell (bed->desk->virtual, "set megabytes-per-second 6");
    pr_test_phone_tell (bed->desk->virtual, "set batch 10");
    g_signal_connect (operation, "notify::fraction", G_CALLBACK (sample_cb), samples);
    pr_operation_start (operation);
    g_assert_cmpint (job_wait (operation, 30), ==, JOB_DONE);
    g_assert_cmpuint (samples->len, >, 10);
    g_assert_cmpfloat (g_array_index (samples, double, samples->len - 1), ==, 1);
    for (guint i = 1; i < samples->len; i++)
        g_assert_cmpfloat (g_array_index (samples, double, i) - g_array_index (samples, double, i - 1), <, 0.34);
}

/* --- Stop --- */

/* At any step it takes two seconds at most, leaves the backup from before whole, and the next run needs no help. */
static void
test_stop (void)
{
    static const guint steps[] = { WAIT, FILES };
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);
    g_autofree char *partial = g_strconcat (bed->path, ".partial", NULL);

    bed_back_up (bed, NULL, JOB_DONE, NULL);
    pr_test_phone_tell (bed->desk->virtual, "set megabytes-per-second 3");
    for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
        g_autoptr (PrOperation) operation = pr_back_up_new (bed->phone, bed->library, NULL, 0, FALSE);
        gint64 stopped;

        pr_test_phone_tell (bed->desk->virtual, "mutate 200 0 0");
        pr_test_phone_tell (bed->desk->virtual, "set passcode %s", steps[i] == WAIT ? "wait" : "none");
        pr_operation_start (operation);
        job_wait_step (operation, steps[i], 20);
        desk_run_for (0.5);
        g_assert_true (pr_operation_cancel (operation));
        stopped = g_get_monotonic_time ();
        g_assert_cmpint (job_wait (operation, 10), ==, JOB_CANCELLED);
        g_assert_cmpint (g_get_monotonic_time () - stopped, <, 2 * G_USEC_PER_SEC);
        g_assert_false (g_file_test (partial, G_FILE_TEST_EXISTS));
        bed_verify (bed, NULL, 300);
    }
    /* the phone was asked to stop, it was not just left alone */
    g_assert_true (pr_test_phone_log_has (bed->desk->virtual, "posted", "name",
                                          "com.apple.itunes-client.syncCancelRequest", NULL));
    pr_test_phone_tell (bed->desk->virtual, "set megabytes-per-second 0");
    bed_back_up (bed, NULL, JOB_DONE, NULL);
}

/* --- What goes wrong --- */

typedef struct {
    const char *fault;
    int code;
    guint tries; /* of the request */
} Fault;

static const Fault faults[] = {
    { "backup-cut uploading", PR_ERROR_BACKUP_CUT, 1 },
    { "backup-cut-at-file 20", PR_ERROR_BACKUP_CUT, 1 },
    { "backup-cut-at-bytes 200000", PR_ERROR_BACKUP_CUT, 1 },
    { "backup-cut-moving 10", PR_ERROR_BACKUP_CUT, 1 },
    { "backup-cut-between-manifests", PR_ERROR_BACKUP_CUT, 1 },
    { "backup-disk-full", PR_ERROR_BACKUP_DISK_FULL, 1 },
    { "backup-fails 202 uploading", PR_ERROR_BACKUP_CUT, 1 },
    { "backup-fails 104 uploading", PR_ERROR_BACKUP_REFUSED, 3 },
    { "backup-fails 208 looking", PR_ERROR_PASSCODE_NOT_ENTERED, 3 },
    { "backup-fails 205 looking", PR_ERROR_BACKUP_CUT, 2 },
    { "backup-fails 100 uploading", PR_ERROR_BACKUP_REFUSED, 1 },
    { "sync-lock-taken", PR_ERROR_SYNC_LOCKED, 0 },
};

typedef struct {
    PrOperation *operation;
    guint tries; /* that were announced */
} Skip;

/* The pauses between tries are not waited for. */
static gboolean
is_over (gpointer data)
{
    Skip *skip = data;
    g_auto (GStrv) parts = g_strsplit (pr_operation_get_detail (skip->operation), "try ", -1);

    for (; skip->tries + 1 < g_strv_length (parts); skip->tries++)
        clock_put_forward (10);
    return pr_operation_is_over (skip->operation);
}

static void
test_fault (gconstpointer data)
{
    const Fault *fault = data;
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);
    g_auto (GStrv) words = g_strsplit (fault->fault, " ", 2);
    g_autoptr (PrOperation) operation = NULL;
    gint64 start;
    guint before;

    bed_back_up (bed, NULL, JOB_DONE, NULL);
    before = pr_test_phone_log_count (bed->desk->virtual, "backup-request", NULL);
    pr_test_phone_tell (bed->desk->virtual, "mutate 100 0 0");
    pr_test_phone_tell (bed->desk->virtual, "fault %s", fault->fault);
    operation = pr_back_up_new (bed->phone, bed->library, NULL, 0, FALSE);
    start = g_get_real_time ();
    pr_operation_start (operation);
    g_assert_true (pr_test_run_until (is_over, &(Skip) { operation, 0 }, 200));
    g_test_message ("%s: %.1f s", fault->fault, (double) (g_get_real_time () - start) / G_USEC_PER_SEC);
    /* the lock is tried for ten seconds */
    g_assert_cmpint (g_get_real_time () - start, <, (fault->tries == 0 ? 2 * SOON : SOON) * G_USEC_PER_SEC);
    g_assert_cmpint (job_wait (operation, 1), ==, fault->code);
    g_assert_cmpuint (pr_test_phone_log_count (bed->desk->virtual, "backup-request", NULL) - before, ==, fault->tries);
    bed_verify (bed, NULL, 300);
    pr_test_phone_tell (bed->desk->virtual, "mend %s", words[0]);
    bed_plug (bed);
    bed_back_up (bed, NULL, JOB_DONE, NULL);
    bed_verify (bed, NULL, 300);
}

/* What only comes once is got over: again, or with a full backup where the phone cannot go on with what is here. */
static void
test_got_over (void)
{
    static const struct {
        const char *fault;
        gboolean full;
    } cases[] = { { "backup-fails 104 uploading 1", FALSE },
                  { "backup-fails 104 uploading 2", TRUE },
                  { "backup-fails 203 looking 1", TRUE },
                  { "backup-fails 209 uploading 1", TRUE } };
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);

    bed_back_up (bed, NULL, JOB_DONE, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (PrOperation) operation = pr_back_up_new (bed->phone, bed->library, NULL, 0, FALSE);

        pr_test_phone_tell (bed->desk->virtual, "fault %s", cases[i].fault);
        pr_operation_start (operation);
        g_assert_true (pr_test_run_until (is_over, &(Skip) { operation, 0 }, 200));
        g_assert_cmpint (job_wait (operation, 1), ==, JOB_DONE);
        g_assert_cmpint (strstr (pr_operation_get_detail (operation), "as a full backup") != NULL, ==, cases[i].full);
        bed_verify (bed, NULL, 300);
    }
}

static void
test_unplugged (void)
{
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);
    g_autoptr (PrOperation) operation = NULL;
    gint64 unplugged;

    bed_back_up (bed, NULL, JOB_DONE, NULL);
    pr_test_phone_tell (bed->desk->virtual, "mutate 200 0 0");
    pr_test_phone_tell (bed->desk->virtual, "set megabytes-per-second 2");
    operation = pr_back_up_new (bed->phone, bed->library, NULL, 0, FALSE);
    pr_operation_start (operation);
    job_wait_step (operation, FILES, 20);
    pr_test_phone_tell (bed->desk->virtual, "unplug");
    unplugged = g_get_monotonic_time ();
    g_assert_cmpint (job_wait (operation, SOON), ==, PR_ERROR_BACKUP_CUT);
    g_assert_cmpint (g_get_monotonic_time () - unplugged, <, SOON * G_USEC_PER_SEC);
    bed_verify (bed, NULL, 300);
    bed_back_up (bed, NULL, PR_ERROR_UNPLUGGED, NULL);
}

/* --- The disk --- */

/* At the thirtieth write. */
static int
fail_cb (PrBackupPhase phase, const char *step, gpointer data)
{
    int *left = data;

    return g_str_equal (step, "write") && --left[0] < 0 ? left[1] : 0;
}

static void
test_disk (void)
{
    static const int numbers[][2] = { { ENOSPC, PR_ERROR_BACKUP_DISK_FULL },
                                      { EDQUOT, PR_ERROR_BACKUP_DISK_FULL },
                                      { EIO, PR_ERROR_BACKUP_DISK_GONE },
                                      { EROFS, PR_ERROR_BACKUP_DISK_GONE },
                                      { ENODEV, PR_ERROR_BACKUP_DISK_GONE } };
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);

    bed_back_up (bed, NULL, JOB_DONE, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++) {
        int left[] = { 30, numbers[i][0] };
        g_autoptr (PrBackupStore) store =
            g_object_new (PR_TYPE_BACKUP_STORE, "folder", bed->folder, "step-func", fail_cb, "step-data", left, NULL);

        pr_test_phone_tell (bed->desk->virtual, "mutate 200 0 0");
        job_run (pr_back_up_new_in (bed->phone, bed->library, store, NULL), numbers[i][1], SOON);
        bed_verify (bed, NULL, 300);
    }
    bed_back_up (bed, NULL, JOB_DONE, NULL);
}

/* A real limit of the system, not one that is made up: no file may be larger than 100 kB. */
static void
test_limit (void)
{
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);
    struct rlimit before, small;

    g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
    small = (struct rlimit) { 100000, before.rlim_max };
    signal (SIGXFSZ, SIG_IGN);
    g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
    bed_back_up (bed, NULL, PR_ERROR_BACKUP_DISK_FULL, NULL);
    g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
    g_assert_null (bed_find (bed));
    bed_back_up (bed, NULL, JOB_DONE, NULL);
}

static void
test_no_folder (void)
{
    static const char *const places[] = { "/nonexistent/place/backups", "/dev/null", "/dev/null/backups" };
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);

    for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
        g_autoptr (PrBackupLibrary) library = pr_backup_library_new (places[i]);

        job_run (pr_back_up_new (bed->phone, library, NULL, 0, FALSE), PR_ERROR_BACKUP_DISK_GONE, SOON);
    }
}

/* --- Two at once (guard rail 13) --- */

static void
test_two (void)
{
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);
    g_autoptr (PrBackupStore) store = pr_backup_store_new (bed->folder);
    g_autoptr (PrOperation) first = pr_back_up_new (bed->phone, bed->library, NULL, 0, FALSE);
    PrBackupRun *run;

    pr_test_phone_tell (bed->desk->virtual, "set megabytes-per-second 3");
    pr_operation_start (first);
    job_wait_step (first, WAIT, 20);
    bed_back_up (bed, NULL, PR_ERROR_BUSY, NULL);
    g_assert_true (pr_operation_cancel (first));
    g_assert_cmpint (job_wait (first, 10), ==, JOB_CANCELLED);
    /* another instance of the program works on the folder */
    run = pr_backup_store_begin (store, DESK_UDID, NULL, NULL);
    g_assert_nonnull (run);
    bed_back_up (bed, NULL, PR_ERROR_BUSY, NULL);
    pr_backup_run_free (run);
    pr_test_phone_tell (bed->desk->virtual, "set megabytes-per-second 0");
    bed_back_up (bed, NULL, JOB_DONE, NULL);
}

/* --- What a crash left is cleared up at the start, and told --- */

static void
recovered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    PrBackupRecovery *recovery = data;
    g_autoptr (GError) error = NULL;

    pr_backup_library_recover_finish (PR_BACKUP_LIBRARY (source), result, recovery, &error);
    g_assert_no_error (error);
}

static gboolean
has_dropped (gpointer data)
{
    return ((PrBackupRecovery *) data)->dropped == 1;
}

static gboolean
is_read (gpointer data)
{
    return ((PrBackupRecovery *) data)->dropped != 99;
}

static void
test_recovery (void)
{
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);
    g_autofree char *partial = g_strconcat (bed->path, ".partial", NULL);
    g_autofree char *ours = g_build_filename (partial, ".phone-reset", NULL);
    g_autofree char *state = g_build_filename (ours, "state", NULL);
    g_autoptr (PrBackupLibrary) nowhere = pr_backup_library_new ("/nonexistent/backups");
    PrBackupRecovery recovery = { .dropped = 99 };

    pr_backup_library_recover (nowhere, 1, NULL, recovered_cb, &recovery);
    g_assert_true (pr_test_run_until (is_read, &recovery, 10));
    g_assert_cmpuint (recovery.dropped + recovery.finished + recovery.rolled_back, ==, 0);

    for (guint i = 0; i < 2; i++)
        job_run (pr_back_up_new (bed->phone, bed->library, NULL, 1, FALSE), JOB_DONE, 60);
    g_assert_cmpint (g_mkdir (partial, 0700), ==, 0);
    g_assert_cmpint (g_mkdir (ours, 0700), ==, 0);
    g_assert_true (g_file_set_contents (state, "", 0, NULL)); /* it was being written */
    pr_backup_library_recover (bed->library, 1, NULL, recovered_cb, &recovery);
    g_assert_true (pr_test_run_until (has_dropped, &recovery, 10));
    g_assert_false (g_file_test (partial, G_FILE_TEST_EXISTS));
    bed_verify (bed, NULL, 300);
    bed_find (bed);
    g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (bed->library)), ==, 2); /* the earlier version stays */
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
    g_test_add_func ("/back-up/plain", test_plain);
    g_test_add_func ("/back-up/encrypted", test_encrypted);
    g_test_add_func ("/back-up/versions", test_versions);
    g_test_add_func ("/back-up/passcode", test_passcode);
    g_test_add_func ("/back-up/passcode/again", test_passcode_again);
    g_test_add_func ("/back-up/progress", test_progress);
    g_test_add_func ("/back-up/stop", test_stop);
    g_test_add_func ("/back-up/got-over", test_got_over);
    g_test_add_func ("/back-up/unplugged", test_unplugged);
    g_test_add_func ("/back-up/disk", test_disk);
    g_test_add_func ("/back-up/limit", test_limit);
    g_test_add_func ("/back-up/no-folder", test_no_folder);
    g_test_add_func ("/back-up/two", test_two);
    g_test_add_func ("/back-up/recovery", test_recovery);
    for (gsize i = 0; i < G_N_ELEMENTS (faults); i++) {
        g_autofree char *name = g_strdup_printf ("/back-up/fault/%s", faults[i].fault);

        g_test_add_data_func (g_strdelimit (name, " ", '-'), &faults[i], test_fault);
    }
    return g_test_run ();
}
