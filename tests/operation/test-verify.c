/* Verifying backups, deleting them, and who may do what to one at the same time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "backup-bed.h"
#include "pr-back-up.h"
#include "pr-backup-lock.h"
#include "pr-backup-run.h"
#include "pr-delete-backup.h"
#include "pr-report.h"
#include "pr-verify.h"

#define SOON 10

/* Returns: (transfer full) */
static PrOperation *
verify (PrBackup *backup, const char *password, gboolean deep, int expected)
{
    PrOperation *operation = pr_verify_new (backup, password, deep);

    job_run (g_object_ref (operation), expected, 2 * SOON);
    return operation;
}

static const PrBackupReport *
report_of (PrOperation *operation)
{
    return pr_verify_get_report (PR_VERIFY (operation));
}

static void
assert_health (PrBackup *backup, PrBackupHealth health)
{
    g_assert_cmpint (pr_backup_get_health (backup), ==, health);
}

static void
test_good (void)
{
    g_autoptr (Bed) bed = bed_new (BED_ENCRYPTED);
    g_autoptr (PrOperation) quick = NULL, deep = NULL, unproven = NULL, wrong = NULL;
    PrBackup *backup;

    bed_back_up (bed, NULL, JOB_DONE, NULL);
    backup = bed_find (bed);
    unproven = verify (backup, NULL, TRUE, JOB_DONE);
    g_assert_false (report_of (unproven)->proven);
    assert_health (backup, PR_BACKUP_HEALTH_UNPROVEN);
    wrong = verify (backup, "wrong", FALSE, PR_ERROR_WRONG_BACKUP_PASSWORD);
    assert_health (backup, PR_BACKUP_HEALTH_UNPROVEN);
    quick = verify (backup, BED_PASSWORD, FALSE, JOB_DONE);
    g_assert_cmpuint (report_of (quick)->files, ==, 300);
    assert_health (backup, PR_BACKUP_HEALTH_GOOD);
    deep = verify (backup, BED_PASSWORD, TRUE, JOB_DONE);
    g_assert_cmpuint (report_of (deep)->recorded, >=, 300);
    g_assert_cmpfloat (pr_operation_get_fraction (deep), ==, 1);
    assert_health (backup, PR_BACKUP_HEALTH_GOOD);
}

/* (transfer full): the path of some file of the backup that holds something */
static char *
find_file (Bed *bed)
{
    for (guint i = 0; i < 256; i++) {
        g_autofree char *folder = g_strdup_printf ("%s/%02x", bed->path, i);
        g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
        const char *name;

        while (dir && (name = g_dir_read_name (dir))) {
            g_autofree char *path = g_build_filename (folder, name, NULL);
            GStatBuf status;

            if (g_stat (path, &status) == 0 && status.st_size > 4096)
                return g_steal_pointer (&path);
        }
    }
    g_assert_not_reached ();
}

/* One bit that flips is found by reading, a file that is cut short already by looking. */
static void
test_damaged (void)
{
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);
    g_autofree char *path = NULL, *report = NULL;
    g_autoptr (PrOperation) quick = NULL, deep = NULL, cut = NULL, gone = NULL;
    PrBackup *backup;
    char byte;
    int fd;

    bed_back_up (bed, NULL, JOB_DONE, NULL);
    backup = bed_find (bed);
    path = find_file (bed);
    g_assert_cmpint (g_chmod (path, 0600), ==, 0);
    fd = g_open (path, O_RDWR);
    g_assert_cmpint (pread (fd, &byte, 1, 2000), ==, 1);
    byte ^= 1;
    g_assert_cmpint (pwrite (fd, &byte, 1, 2000), ==, 1);
    quick = verify (backup, NULL, FALSE, JOB_DONE);
    deep = verify (backup, NULL, TRUE, PR_ERROR_BACKUP_DAMAGED);
    assert_health (backup, PR_BACKUP_HEALTH_DAMAGED);
    report = pr_report_create (deep, "verify"); /* it has no phone */
    g_assert_nonnull (strstr (report, "backup-damaged"));
    g_assert_cmpint (ftruncate (fd, 100), ==, 0);
    close (fd);
    cut = verify (backup, NULL, FALSE, PR_ERROR_BACKUP_DAMAGED);
    g_assert_cmpuint (report_of (cut)->faults, ==, 1);
    pr_test_remove_folder (bed->path);
    gone = verify (backup, NULL, FALSE, PR_ERROR_BACKUP_DISK_GONE);
}

/* What an earlier run has found out of a backup is not told of the next one. */
static void
test_stop (void)
{
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);
    g_autoptr (PrOperation) operation = NULL;
    PrBackup *backup;

    bed_back_up (bed, NULL, JOB_DONE, NULL);
    backup = bed_find (bed);
    pr_backup_set_health (backup, PR_BACKUP_HEALTH_UNCHECKED);
    operation = pr_verify_new (backup, NULL, TRUE);
    pr_operation_start (operation);
    g_assert_true (pr_operation_cancel (operation));
    g_assert_cmpint (job_wait (operation, 2), ==, JOB_CANCELLED);
    assert_health (backup, PR_BACKUP_HEALTH_UNCHECKED);
}

/* --- Guard rail 13 --- */

/* Under somebody who reads no run begins, nothing is pruned or deleted; readers do not mind each other. */
static void
test_readers (void)
{
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);
    g_autoptr (PrOperation) reader = NULL, refused = NULL;
    g_autoptr (PrBackupStore) store = pr_backup_store_new (bed->folder);
    g_autoptr (GError) error = NULL;
    g_autofd int lock = -1;
    PrBackupRun *run;

    bed_back_up (bed, NULL, JOB_DONE, NULL);
    g_assert_true (pr_backup_lock_read (bed->path, TRUE, &lock, &error));
    g_assert_cmpint (lock, >=, 0);
    reader = verify (bed_find (bed), NULL, FALSE, JOB_DONE);
    bed_back_up (bed, NULL, PR_ERROR_BUSY, NULL);
    bed_verify (bed, NULL, 300);
    g_clear_fd (&lock, NULL);
    run = pr_backup_store_begin (store, DESK_UDID, NULL, NULL);
    g_assert_nonnull (run);
    refused = verify (bed_find (bed), NULL, FALSE, PR_ERROR_BUSY);
    pr_backup_run_free (run);
}

/* Where nobody can write, and in folders of other programs, there is nothing to lock, and nothing is put there. */
static void
test_no_lock (void)
{
    g_autofree char *folder = pr_test_make_folder ();
    g_autofree char *path = g_build_filename (folder, DESK_UDID, NULL);
    g_autofree char *file = g_strdup_printf ("%s/.%s.lock", folder, DESK_UDID);
    int lock = 0;

    g_assert_true (pr_backup_lock_read (path, FALSE, &lock, NULL));
    g_assert_cmpint (lock, ==, -1);
    g_assert_false (g_file_test (file, G_FILE_TEST_EXISTS));
    pr_test_remove_folder (folder);
}

/* --- Deleting --- */

typedef struct {
    gboolean over;
    int code; /* -1: done */
} Deletion;

static void
deleted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    Deletion *deletion = data;
    g_autoptr (GError) error = NULL;

    deletion->code = pr_backup_delete_finish (PR_BACKUP (source), result, &error) ? -1 : error->code;
    if (error)
        g_test_message ("%s", error->message);
    deletion->over = TRUE;
}

static gboolean
is_deleted (gpointer data)
{
    return ((Deletion *) data)->over;
}

/* Takes @confirmation. */
static int delete (Bed *bed, PrBackup *backup, PrConfirmation *confirmation)
{
    g_autoptr (PrConfirmation) taken = confirmation;
    Deletion deletion = { 0 };

    pr_backup_delete (backup, bed->library, taken, NULL, deleted_cb, &deletion);
    g_assert_true (pr_test_run_until (is_deleted, &deletion, 10));
    return deletion.code;
}

static PrConfirmation *
confirm (guint64 number, const char *action, const char *path)
{
    return pr_confirmation_new (number, action, path, "Anna", "anna", TRUE);
}

static gboolean
is_empty (gpointer data)
{
    return g_list_model_get_n_items (data) == 0;
}

/* The last one that can be trusted takes a confirmation of just that; an earlier version of it does not. */
static void
test_delete (void)
{
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);
    g_autoptr (PrBackup) earlier = NULL;
    g_autofd int lock = -1;
    g_autofree char *folder = NULL, *spare = NULL;
    PrBackup *backup;

    g_assert_cmpint (g_mkdir_with_parents (g_get_home_dir (), 0700), ==, 0); /* where the trash is */
    for (guint i = 0; i < 2; i++)
        job_run (pr_back_up_new (bed->phone, bed->library, NULL, 1, FALSE), JOB_DONE, 60);
    folder = g_path_get_dirname (bed->path);
    spare = g_strdup_printf ("%s/.%s.spare", folder, DESK_UDID);
    g_mkdir (spare, 0700); /* where files are not links there is none */
    backup = bed_find (bed);
    for (guint i = 0; i < 2; i++) {
        g_autoptr (PrBackup) item = g_list_model_get_item (G_LIST_MODEL (bed->library), i);

        if (pr_backup_get_earlier (item))
            g_set_object (&earlier, item);
    }
    g_assert_false (pr_backup_delete_needs_confirmation (earlier, bed->library));
    g_assert_true (pr_backup_lock_read (bed->path, TRUE, &lock, NULL));
    g_assert_cmpint (delete (bed, earlier, NULL), ==, PR_ERROR_BUSY);
    g_clear_fd (&lock, NULL);
    g_assert_cmpint (delete (bed, earlier, NULL), ==, -1);
    g_assert_false (g_file_test (pr_backup_get_path (earlier), G_FILE_TEST_EXISTS));
    g_assert_true (g_file_test (spare, G_FILE_TEST_IS_DIR));

    backup = bed_find (bed);
    g_assert_true (pr_backup_delete_needs_confirmation (backup, bed->library));
    g_assert_cmphex (pr_backup_delete_get_number (backup), ==, DESK_ECID);
    g_assert_cmpint (delete (bed, backup, NULL), ==, PR_ERROR_NOT_CONFIRMED);
    g_assert_cmpint (delete (bed, backup, confirm (DESK_ECID, "put-back", bed->path)), ==, PR_ERROR_NOT_CONFIRMED);
    g_assert_cmpint (delete (bed, backup, confirm (DESK_ECID, PR_BACKUP_DELETE_ACTION, "/else")), ==,
                     PR_ERROR_NOT_CONFIRMED);
    g_assert_cmpint (delete (bed, backup, confirm (DESK_ECID - 1, PR_BACKUP_DELETE_ACTION, bed->path)), ==,
                     PR_ERROR_WRONG_PHONE);
    bed_verify (bed, NULL, 300);
    g_object_ref (backup);
    g_assert_cmpint (delete (bed, backup, confirm (DESK_ECID, PR_BACKUP_DELETE_ACTION, bed->path)), ==, -1);
    g_object_unref (backup);
    g_assert_false (g_file_test (bed->path, G_FILE_TEST_EXISTS));
    g_assert_false (g_file_test (spare, G_FILE_TEST_EXISTS));
    g_assert_true (pr_test_run_until (is_empty, bed->library, 10));
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
    g_test_add_func ("/verify/good", test_good);
    g_test_add_func ("/verify/damaged", test_damaged);
    g_test_add_func ("/verify/stop", test_stop);
    g_test_add_func ("/verify/readers", test_readers);
    g_test_add_func ("/verify/no-lock", test_no_lock);
    g_test_add_func ("/verify/delete", test_delete);
    return g_test_run ();
}
