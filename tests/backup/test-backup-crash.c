/* Power is lost: whatever the disk then holds, recovery makes a whole backup of it, and the next run succeeds.
 *
 * A run is recorded, call by call; so is, in some cases, the clearing-up after a first crash. From each record images
 * are rebuilt that lose what was not synced, as crash-log.h says in full: names in one order or each folder in its own,
 * contents cut, zeroed or missing. In each image, after recovery, there must be the backup from before or the new one,
 * verified deeply and compared with what was sent; the new one, if its run had already said that it is done.
 *
 * Short: 24 images in each mode; --long: 200.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "crash-log.h"
#include "pr-backup-enums.h"
#include "pr-backup-path.h"
#include "pr-backup-verify.h"
#include "pr-test.h"
#include "pretender.h"
#include "store-check.h"
#include "tree-print.h"

#define FILES 300
#define BEFORE 3 /* rounds: with a version to keep, the copy for the next is made from what is left of the first */
#define NEW 4

static guint n_images = 24;

typedef struct {
    PrBackupMode mode;
    gboolean foreign; /* another program made the backup before */
    GRand *rand;
    char *folder; /* in which everything is */
    guint kept_old, kept_new, twice;
} Case;

static const Pretender pretender = { .n = FILES };

static int
mark_step (PrBackupPhase phase, const char *step, gpointer log)
{
    crash_log_set_mark (log, phase);
    return 0;
}

static PrBackupStore *
open_store (Case *self, const char *folder, CrashLog *log)
{
    return g_object_new (PR_TYPE_BACKUP_STORE, "folder", folder, "mode", self->mode, "keep-versions", 1, "step-func",
                         log != NULL ? mark_step : NULL, "step-data", log, NULL);
}

static gboolean
verify_quickly (int root, PrBackupTotals *totals, gpointer data, GCancellable *cancellable, GError **error)
{
    PrBackupReport report;

    return pr_backup_verify_quick (root, NULL, &report, cancellable, error);
}

static void
back_up (Case *self, const char *folder, guint round, CrashLog *log)
{
    g_autoptr (PrBackupStore) store = open_store (self, folder, log);
    g_autoptr (GError) error = NULL;

    pretender_back_up (&pretender, store, round, verify_quickly, NULL, &error);
    g_assert_no_error (error);
}

static void
recover (Case *self, const char *folder, CrashLog *log)
{
    g_autoptr (PrBackupStore) store = open_store (self, folder, log);
    g_autoptr (GError) error = NULL;

    pr_backup_store_recover (store, NULL, &error);
    g_assert_no_error (error);
}

/* What a run (@round 0: the clearing-up) does to @folder. */
static CrashLog *
record (Case *self, const char *folder, guint round)
{
    CrashLog *log = crash_log_new (folder);

    /* where there are no links, two names can seldom be exchanged */
    crash_log_get_listener (log)->no_exchange = self->mode == PR_BACKUP_MODE_COPY;
    disk_listen (crash_log_get_listener (log));
    if (round > 0)
        back_up (self, folder, round, log);
    else
        recover (self, folder, log);
    disk_listen (NULL);
    return log;
}

/* @done: the run had already said that the new one is made. */
static void
check (Case *self, const char *folder, gboolean done)
{
    g_autofree char *backup = g_build_filename (folder, PRETENDER_UDID, NULL);
    guint round;

    recover (self, folder, NULL);
    store_check_tidy (folder, PRETENDER_UDID);
    round = pretender_check_folder (&pretender, folder);
    if (round != NEW && (done || round != BEFORE))
        g_error ("the backup is that of round %u", round);
    store_check_deeply (backup, !self->foreign);
    store_check_versions (backup);
    self->kept_old += round == BEFORE;
    self->kept_new += round == NEW;
    back_up (self, folder, NEW + 1, NULL);
    store_check_tidy (folder, PRETENDER_UDID);
    g_assert_cmpuint (pretender_check_folder (&pretender, folder), ==, NEW + 1);
    store_check_deeply (backup, !self->foreign);
}

/* The record itself is whole: with nothing lost it is what the disk has. */
static void
try_record (Case *self, CrashLog *log, const char *folder)
{
    g_autofree char *copy = g_build_filename (self->folder, "copy", NULL);
    TreePrint a, b;

    crash_log_write_image (log, crash_log_get_end (log), CRASH_NOTHING_LOST, self->rand, copy);
    tree_print (folder, NULL, &a);
    tree_print (copy, NULL, &b);
    g_assert_true (tree_print_equal (&a, &b));
    pr_test_remove_folder (copy);
}

/* Recovery of the crashed @folder crashes too, and leaves @again. */
static void
crash_again (Case *self, const char *folder, const char *again, CrashKind kind)
{
    g_autoptr (CrashLog) log = record (self, folder, 0);

    try_record (self, log, folder);
    crash_log_write_image (log, crash_log_draw (log, PR_BACKUP_N_PHASES, self->rand), kind, self->rand, again);
    self->twice++;
}

static void
crash_one (Case *self, CrashLog *log, guint i)
{
    g_autofree char *image = g_build_filename (self->folder, "image", NULL);
    g_autofree char *again = g_build_filename (self->folder, "again", NULL);
    guint point = crash_log_draw (log, i / CRASH_N_KINDS % PR_BACKUP_N_PHASES, self->rand);
    gboolean done = point > crash_log_find_last (log, PR_BACKUP_PHASE_SWAP);
    CrashKind kind = (CrashKind) (i % CRASH_N_KINDS);
    gboolean twice = g_rand_int_range (self->rand, 0, 3) == 0;

    g_test_message ("image %u: power is lost after %u of %u calls, %s%s", i, point, crash_log_get_end (log),
                    kind == CRASH_ORDERED ? "ordered" : "loose", twice ? ", and again in recovery" : "");
    crash_log_write_image (log, point, kind, self->rand, image);
    if (twice)
        crash_again (self, image, again, kind);
    check (self, twice ? again : image, done);
    pr_test_remove_folder (image);
    if (twice)
        pr_test_remove_folder (again);
}

/* 0: it is not there */
static guint64
find_inode (const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename (folder, name, NULL);
    GStatBuf status;

    return g_lstat (path, &status) == 0 ? status.st_ino : 0;
}

static void
crash_all (Case *self, guint images)
{
    g_autofree char *folder = g_build_filename (self->folder, "backups", NULL);
    g_autofree char *ours = g_build_filename (folder, PRETENDER_UDID, PR_BACKUP_OURS, NULL);
    g_autoptr (CrashLog) log = NULL;
    guint64 spare;

    for (guint round = 1; round <= BEFORE; round++)
        back_up (self, folder, round, NULL);
    if (self->foreign)
        pr_test_remove_folder (ours);
    spare = find_inode (folder, "." PRETENDER_UDID ".spare");
    log = record (self, folder, NEW);
    try_record (self, log, folder);
    /* what the former run left became the backup, where files are links */
    g_assert_true ((spare != 0) == (self->mode == PR_BACKUP_MODE_LINK));
    g_assert_true (spare == 0 || spare == find_inode (folder, PRETENDER_UDID));
    for (guint i = 0; i < images; i++)
        crash_one (self, log, i);
    pr_test_remove_folder (folder);
}

static void
test_mode (gconstpointer mode)
{
    guint32 seed = g_test_rand_int ();
    Case self = { .mode = (PrBackupMode) GPOINTER_TO_INT (mode), .rand = g_rand_new_with_seed (seed) };

    self.folder = pr_test_make_folder ();
    g_test_message ("seed %u", seed);
    crash_all (&self, n_images - n_images / 4);
    self.foreign = TRUE;
    crash_all (&self, n_images / 4);
    g_test_message ("%u images, %u of them of a second crash: %u hold the backup before, %u the new one",
                    self.kept_old + self.kept_new, self.twice, self.kept_old, self.kept_new);
    g_assert_cmpuint (self.kept_old, >, n_images / 4);
    g_assert_cmpuint (self.kept_new, >, n_images / 16);
    pr_test_remove_folder (self.folder);
    g_free (self.folder);
    g_rand_free (self.rand);
}

int
main (int argc, char *argv[])
{
    if (argc > 1 && g_str_equal (argv[argc - 1], "--long")) {
        n_images = 200;
        argc--;
    }
    /* in memory where there is such a folder: the disks that crash are images */
    if (g_access ("/dev/shm", W_OK) == 0)
        g_setenv ("TMPDIR", "/dev/shm", TRUE);
    g_test_init (&argc, &argv, NULL);
    g_test_add_data_func ("/backup-crash/link", GINT_TO_POINTER (PR_BACKUP_MODE_LINK), test_mode);
    g_test_add_data_func ("/backup-crash/copy", GINT_TO_POINTER (PR_BACKUP_MODE_COPY), test_mode);
    g_test_add_data_func ("/backup-crash/journal", GINT_TO_POINTER (PR_BACKUP_MODE_JOURNAL), test_mode);
    return g_test_run ();
}
