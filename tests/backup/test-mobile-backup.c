/* Backups of the virtual phone: made, verified, put back, cut, stalled, refused; and the same folder used by the real
 * idevicebackup2.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine-desk.h"
#include "pr-error.h"

#define PASSWORD DESK_PASSWORD

static EngineDesk *
desk_new_encrypted (void)
{
    g_autofree char *scenario = backup_desk_describe (200, "15,16,17,4096,40000,2000000", TRUE);

    return engine_desk_new (scenario);
}

/* --- Made --- */

static void
test_plain (void)
{
    g_autoptr (EngineDesk) desk = engine_desk_new_plain ();

    engine_desk_back_up (desk, TRUE, NULL);
    engine_desk_verify (desk, NULL, 300);
    pr_test_phone_tell (desk->at->phone, "mutate 50 30 20");
    engine_desk_back_up (desk, FALSE, NULL);
    engine_desk_verify (desk, NULL, 290);
    g_assert_true (pr_test_phone_log_has (desk->at->phone, "backup-request", "name", "Backup", "files", "75", NULL));
    g_assert_true (pr_test_phone_log_has (desk->at->phone, "sync-locked", NULL));
    engine_desk_back_up (desk, FALSE, NULL);
    engine_desk_verify (desk, NULL, 290);
}

static void
test_encrypted (void)
{
    g_autoptr (EngineDesk) desk = desk_new_encrypted ();

    engine_desk_back_up (desk, TRUE, PASSWORD);
    engine_desk_verify (desk, PASSWORD, 200);
    g_assert_true (desk->report.encrypted);
    pr_test_phone_tell (desk->at->phone, "mutate 20 10 5");
    g_assert_false (engine_desk_try (desk, FALSE, "wrong", 20));
    g_assert_error (desk->error, PR_ERROR, PR_ERROR_WRONG_BACKUP_PASSWORD);
    g_assert_true (engine_desk_try (desk, FALSE, NULL, 20));
    g_assert_false (desk->report.proven);
    engine_desk_verify (desk, PASSWORD, 195);
}

/* --- Put back --- */

static void
put_back (EngineDesk *self, const char *password)
{
    PrMobileBackupWish wish = { .password = password, .remove_others = TRUE, .no_restart = TRUE };
    g_autofree char *before = backup_desk_get_digest (self->at);
    g_autofree char *after = NULL;

    pr_test_phone_tell (self->at->phone, "mutate 40 30 20");
    pr_mobile_backup_put_back (DESK_UDID, self->store, &wish, NULL, NULL, &self->error);
    g_assert_no_error (self->error);
    after = backup_desk_get_digest (self->at);
    g_assert_cmpstr (before, ==, after);
}

static void
test_put_back (void)
{
    g_autoptr (EngineDesk) desk = engine_desk_new_plain ();

    engine_desk_back_up (desk, TRUE, NULL);
    put_back (desk, NULL);
    g_assert_true (pr_test_phone_log_has (desk->at->phone, "afc-written", NULL));
    engine_desk_verify (desk, NULL, 300);
}

static void
test_put_back_encrypted (void)
{
    g_autoptr (EngineDesk) desk = desk_new_encrypted ();
    PrMobileBackupWish wish = { .password = "wrong" };

    engine_desk_back_up (desk, TRUE, PASSWORD);
    g_assert_false (pr_mobile_backup_put_back (DESK_UDID, desk->store, &wish, NULL, NULL, &desk->error));
    g_assert_error (desk->error, PR_ERROR, PR_ERROR_WRONG_BACKUP_PASSWORD);
    g_clear_error (&desk->error);
    put_back (desk, PASSWORD);
}

/* --- Beside the real tool, in both directions --- */

static void
run_tool (EngineDesk *self, const char *command)
{
    g_autofree char *whole = g_strdup_printf ("idevicebackup2 %s %s", command, self->at->folder);
    g_autofree char *output = NULL, *errors = NULL;

    if (pr_test_phone_run (self->at->phone, whole, &output, &errors) != 0)
        g_error ("%s failed: %s%s", whole, output, errors);
}

static void
test_tool (gconstpointer password)
{
    g_autoptr (EngineDesk) desk = password != NULL ? desk_new_encrypted () : engine_desk_new_plain ();
    g_autofree char *restore =
        g_strconcat ("restore --remove --no-reboot", password != NULL ? " --password " : "", password, NULL);
    g_autofree char *first = backup_desk_get_digest (desk->at);
    g_autofree char *after = NULL;

    engine_desk_back_up (desk, TRUE, password);
    pr_test_phone_tell (desk->at->phone, "mutate 40 30 20");
    run_tool (desk, restore);
    after = backup_desk_get_digest (desk->at);
    g_assert_cmpstr (first, ==, after);
    /* the tool goes on with our backup, and we with the tool's */
    pr_test_phone_tell (desk->at->phone, "mutate 10 5 5");
    run_tool (desk, "backup");
    put_back (desk, password);
    pr_test_phone_tell (desk->at->phone, "mutate 10 5 5");
    engine_desk_back_up (desk, FALSE, password);
}

static void
test_tool_full (gconstpointer password)
{
    g_autoptr (EngineDesk) desk = password != NULL ? desk_new_encrypted () : engine_desk_new_plain ();

    run_tool (desk, "backup --full");
    put_back (desk, password);
}

/* --- What goes wrong: its own error, soon, and the backup before is whole --- */

typedef struct {
    const char *fault;
    int code;
} Fault;

static double
measure_cpu (void)
{
    struct rusage usage;

    getrusage (RUSAGE_SELF, &usage);
    return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / G_USEC_PER_SEC;
}

static void
test_fault (gconstpointer data)
{
    const Fault *fault = data;
    g_autoptr (EngineDesk) desk = engine_desk_new_plain ();
    gint64 start;
    double cpu, seconds;

    engine_desk_back_up (desk, TRUE, NULL);
    pr_test_phone_tell (desk->at->phone, "mutate 60 20 20");
    pr_test_phone_tell (desk->at->phone, "fault %s", fault->fault);
    start = g_get_monotonic_time ();
    cpu = measure_cpu ();
    g_assert_false (engine_desk_try (desk, FALSE, NULL, 3));
    seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
    g_test_message ("%s: %s (%.1f s, %.2f s of CPU)", fault->fault, desk->error->message, seconds,
                    measure_cpu () - cpu);
    g_assert_error (desk->error, PR_ERROR, fault->code);
    g_assert_cmpfloat (seconds, <, 20);
    g_assert_cmpfloat (measure_cpu () - cpu, <, 1.5);
    engine_desk_verify (desk, NULL, 300);
    backup_desk_mend (desk->at, fault->fault);
    engine_desk_back_up (desk, FALSE, NULL);
    engine_desk_verify (desk, NULL, 300);
}

static void
test_file_error (void)
{
    g_autoptr (EngineDesk) desk = engine_desk_new_plain ();

    pr_test_phone_tell (desk->at->phone, "fault backup-file-error 0x06 4");
    g_assert_true (engine_desk_try (desk, TRUE, NULL, 20));
    g_assert_cmpuint (desk->report.files, ==, 299);
}

static gpointer
cancel_soon (gpointer cancellable)
{
    g_usleep (700 * 1000);
    g_cancellable_cancel (cancellable);
    return NULL;
}

static void
test_cancel (void)
{
    g_autoptr (EngineDesk) desk = engine_desk_new_plain ();
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    GThread *thread;
    gint64 start;

    engine_desk_back_up (desk, TRUE, NULL);
    pr_test_phone_tell (desk->at->phone, "mutate 200 0 0");
    pr_test_phone_tell (desk->at->phone, "set megabytes-per-second 5");
    thread = g_thread_new ("cancel", cancel_soon, cancellable);
    start = g_get_monotonic_time ();
    g_assert_false (
        pr_mobile_backup_back_up (DESK_UDID, desk->store, FALSE, NULL, NULL, &desk->report, cancellable, &desk->error));
    g_assert_error (desk->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpfloat ((double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC, <, 4);
    g_thread_join (thread);
    engine_desk_verify (desk, NULL, 300);
}

static void
test_passcode (gconstpointer owner)
{
    g_autofree char *scenario =
        g_strdup_printf ("[phone]\ntrust=trusted\npasscode=%s\n[values]\n"
                         "com.apple.mobile.backup/WillEncrypt=false\n[files]\ncount=20\nseed=7\n",
                         (const char *) owner);
    g_autoptr (EngineDesk) desk = engine_desk_new (scenario);
    gboolean ok = engine_desk_try (desk, TRUE, NULL, 30);

    if (g_str_equal (owner, "enter"))
        g_assert_true (ok);
    else
        g_assert_error (desk->error, PR_ERROR, PR_ERROR_PASSCODE_NOT_ENTERED);
}

static void
test_password (void)
{
    g_autoptr (EngineDesk) desk = engine_desk_new_plain ();

    g_assert_true (pr_mobile_backup_change_password (DESK_UDID, NULL, "first", NULL, NULL, NULL));
    engine_desk_back_up (desk, TRUE, "first");
    g_assert_false (pr_mobile_backup_change_password (DESK_UDID, "wrong", "second", NULL, NULL, &desk->error));
    g_assert_error (desk->error, PR_ERROR, PR_ERROR_WRONG_BACKUP_PASSWORD);
    g_assert_true (pr_mobile_backup_change_password (DESK_UDID, "first", "second", NULL, NULL, NULL));
    engine_desk_back_up (desk, FALSE, "second");
    engine_desk_verify (desk, "second", 300);
    g_assert_true (pr_mobile_backup_change_password (DESK_UDID, "second", NULL, NULL, NULL, NULL));
    engine_desk_back_up (desk, FALSE, NULL);
    engine_desk_verify (desk, NULL, 300);
}

static void
test_info (void)
{
    g_autoptr (EngineDesk) desk = engine_desk_new_plain ();
    g_autofree char *info = NULL;

    engine_desk_back_up (desk, TRUE, NULL);
    info = pr_mobile_backup_read_info (DESK_UDID, desk->store, NULL, NULL, &desk->error);
    g_assert_no_error (desk->error);
    g_assert_nonnull (strstr (info, "finished"));
}

/* --- Where links are missing, and where the disk fails --- */

static void
test_mode (gconstpointer mode)
{
    g_autoptr (EngineDesk) desk = engine_desk_new_plain ();

    engine_desk_back_up (desk, TRUE, NULL);
    engine_desk_use_mode (desk, (PrBackupMode) GPOINTER_TO_INT (mode));
    pr_test_phone_tell (desk->at->phone, "mutate 50 30 20");
    engine_desk_back_up (desk, FALSE, NULL);
    engine_desk_verify (desk, NULL, 290);
    pr_test_phone_tell (desk->at->phone, "mutate 50 30 20");
    pr_test_phone_tell (desk->at->phone, "fault backup-cut-between-manifests");
    g_assert_false (engine_desk_try (desk, FALSE, NULL, 5));
    engine_desk_verify (desk, NULL, 290);
}

static int
fail_cb (PrBackupPhase phase, const char *step, gpointer number)
{
    static guint writes;

    return g_str_equal (step, "write") && ++writes > 30 ? GPOINTER_TO_INT (number) : 0;
}

static void
test_disk (gconstpointer number)
{
    int code = GPOINTER_TO_INT (number) == ENOSPC ? PR_ERROR_BACKUP_DISK_FULL : PR_ERROR_BACKUP_DISK_GONE;
    g_autoptr (EngineDesk) desk = engine_desk_new_plain ();

    engine_desk_back_up (desk, TRUE, NULL);
    g_object_unref (desk->store);
    desk->store = g_object_new (PR_TYPE_BACKUP_STORE, "folder", desk->at->folder, "step-func", fail_cb, "step-data",
                                number, NULL);
    pr_test_phone_tell (desk->at->phone, "mutate 200 0 0");
    g_assert_false (engine_desk_try (desk, FALSE, NULL, 5));
    g_assert_error (desk->error, PR_ERROR, code);
    engine_desk_verify (desk, NULL, 300);
}

static const Fault faults[] = {
    { "backup-cut-at-bytes 200000", PR_ERROR_BACKUP_CUT },
    { "backup-cut-at-bytes 5000000", PR_ERROR_BACKUP_CUT },
    { "backup-cut-at-file 20", PR_ERROR_BACKUP_CUT },
    { "backup-cut-moving 30", PR_ERROR_BACKUP_CUT },
    { "backup-cut-between-manifests", PR_ERROR_BACKUP_CUT },
    { "backup-stall-at-bytes 300000", PR_ERROR_NO_ANSWER },
    { "backup-stall uploading 60", PR_ERROR_NO_ANSWER },
    { "backup-stall moving 60", PR_ERROR_NO_ANSWER },
    { "backup-stall end-mark 60", PR_ERROR_NO_ANSWER },
    { "backup-disk-full", PR_ERROR_BACKUP_DISK_FULL },
    { "sync-lock-taken", PR_ERROR_SYNC_LOCKED },
    { "backup-fails 104", PR_ERROR_BACKUP_REFUSED },
};

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/mobile-backup/plain", test_plain);
    g_test_add_func ("/mobile-backup/encrypted", test_encrypted);
    g_test_add_func ("/mobile-backup/put-back", test_put_back);
    g_test_add_func ("/mobile-backup/put-back/encrypted", test_put_back_encrypted);
    g_test_add_data_func ("/mobile-backup/tool/plain", NULL, test_tool);
    g_test_add_data_func ("/mobile-backup/tool/encrypted", PASSWORD, test_tool);
    g_test_add_data_func ("/mobile-backup/tool/full/plain", NULL, test_tool_full);
    g_test_add_data_func ("/mobile-backup/tool/full/encrypted", PASSWORD, test_tool_full);
    g_test_add_func ("/mobile-backup/password", test_password);
    g_test_add_func ("/mobile-backup/info", test_info);
    g_test_add_data_func ("/mobile-backup/passcode/enter", "enter", test_passcode);
    g_test_add_data_func ("/mobile-backup/passcode/ignore", "ignore", test_passcode);
    g_test_add_func ("/mobile-backup/file-error", test_file_error);
    g_test_add_func ("/mobile-backup/cancel", test_cancel);
    g_test_add_data_func ("/mobile-backup/mode/copy", GINT_TO_POINTER (PR_BACKUP_MODE_COPY), test_mode);
    g_test_add_data_func ("/mobile-backup/mode/journal", GINT_TO_POINTER (PR_BACKUP_MODE_JOURNAL), test_mode);
    g_test_add_data_func ("/mobile-backup/disk/full", GINT_TO_POINTER (ENOSPC), test_disk);
    g_test_add_data_func ("/mobile-backup/disk/gone", GINT_TO_POINTER (EIO), test_disk);
    for (gsize i = 0; i < G_N_ELEMENTS (faults); i++) {
        g_autofree char *name = g_strdup_printf ("/mobile-backup/fault/%s", faults[i].fault);

        g_test_add_data_func (g_strdelimit (name, " ", '-'), &faults[i], test_fault);
    }
    return backup_desk_run_tests ();
}
