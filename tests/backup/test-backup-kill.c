/* Nothing is lost: runs that end at any step, killed or with a failing disk, in every mode.
 *
 * Each case forks a program that backs up, and ends it at the k-th step of a phase. The backup must then be whole (what
 * was there before, or what the run made of it), also when the clearing-up is itself ended; and the next run succeeds.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pr-backup-enums.h"
#include "pr-backup-verify.h"
#include "pr-test.h"
#include "pretender.h"

static gboolean is_long;

typedef struct {
    PrBackupPhase phase;
    guint left;    /* steps of that phase until it happens */
    int number;    /* 0: killed, else this errno from then on */
    guint *counts; /* of steps by phase, instead */
} Fault;

static int
step_cb (PrBackupPhase phase, const char *step, gpointer data)
{
    Fault *fault = data;

    if (fault->counts != NULL) {
        fault->counts[phase]++;
        return 0;
    }
    if (phase != fault->phase || fault->left > 0) {
        fault->left -= phase == fault->phase;
        return 0;
    }
    if (fault->number == 0)
        kill (getpid (), SIGKILL);
    return fault->number;
}

typedef struct {
    Pretender pretender;
    PrBackupMode mode;
    char *folder;
    guint counts[PR_BACKUP_N_PHASES];
    GRand *rand;
    guint killed;
} Case;

static PrBackupStore *
open_store (Case *self, Fault *fault)
{
    return g_object_new (PR_TYPE_BACKUP_STORE, "folder", self->folder, "mode", self->mode, "keep-versions", 1,
                         "step-func", fault != NULL ? step_cb : NULL, "step-data", fault, NULL);
}

static gboolean
verify_quickly (int root, PrBackupTotals *totals, gpointer data, GCancellable *cancellable, GError **error)
{
    PrBackupReport report;

    return pr_backup_verify_quick (root, NULL, &report, cancellable, error);
}

/* In a child: an incremental backup, or only the clearing-up, that meets @fault. */
static void
run_child (Case *self, guint round, Fault *fault)
{
    pid_t pid = fork ();
    int status;

    if (pid == 0) {
        g_autoptr (PrBackupStore) store = open_store (self, fault);

        if (round == 0)
            pr_backup_store_recover (store, NULL, NULL);
        else
            pretender_back_up (&self->pretender, store, round, verify_quickly, NULL, NULL);
        _exit (0);
    }
    g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
    if (fault->number != 0)
        g_assert_true (WIFEXITED (status));
    self->killed += WIFSIGNALED (status) != 0;
}

static void
verify_deeply (Case *self)
{
    g_autofree char *path = g_build_filename (self->folder, PRETENDER_UDID, NULL);
    g_autofd int root = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    g_autoptr (GError) error = NULL;
    PrBackupReport report;

    pr_backup_verify_deep (root, NULL, &report, NULL, NULL, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (report.recorded, ==, report.files + 4);
}

static void
check (Case *self, guint before, guint after)
{
    g_autoptr (PrBackupStore) store = open_store (self, NULL);
    g_autoptr (GError) error = NULL;
    guint round;

    pr_backup_store_recover (store, NULL, &error);
    g_assert_no_error (error);
    round = pretender_check_folder (&self->pretender, self->folder);
    g_assert_true (round == before || round == after);
    verify_deeply (self);
    pretender_back_up (&self->pretender, store, after, verify_quickly, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (pretender_check_folder (&self->pretender, self->folder), ==, after);
}

static guint
back_up (Case *self, guint round, Fault *fault)
{
    g_autoptr (PrBackupStore) store = open_store (self, fault);
    g_autoptr (GError) error = NULL;

    pretender_back_up (&self->pretender, store, round, verify_quickly, NULL, &error);
    g_assert_no_error (error);
    return round;
}

/* The clearing-up of a run that was killed in its moves, or of one that was killed while it was made the backup. */
static void
run_recovery (Case *self, guint round, int number)
{
    gboolean late = g_rand_boolean (self->rand);
    Fault first = { .phase = late ? PR_BACKUP_PHASE_PRUNING : PR_BACKUP_PHASE_MOVE };
    Fault second = { .number = number };
    guint n = self->counts[first.phase];

    first.left = (guint) g_rand_int_range (self->rand, 0, (int) MAX (n, 1));
    run_child (self, round, &first);
    second.phase = late ? PR_BACKUP_PHASE_PRUNING : PR_BACKUP_PHASE_RECOVERY;
    second.left = (guint) g_rand_int_range (self->rand, 0, late ? 40 : (int) MAX (n, 1));
    run_child (self, 0, &second);
}

static void
run_points (Case *self, PrBackupPhase phase, guint points, int number, guint *round)
{
    for (guint i = 0; i < points; i++) {
        guint n = MAX (self->counts[phase], 1);
        /* every step in turn where there are few */
        guint at = n <= points ? i % n : (guint) g_rand_int_range (self->rand, 0, (int) n);
        Fault fault = { .phase = phase, .left = at, .number = number };

        if (phase == PR_BACKUP_PHASE_RECOVERY)
            run_recovery (self, *round + 1, number);
        else
            run_child (self, *round + 1, &fault);
        check (self, *round, *round + 1);
        *round += 1;
    }
}

static void
test_mode (gconstpointer data)
{
    Case self = { .mode = (PrBackupMode) GPOINTER_TO_INT (data), .pretender = { .n = is_long ? 2000 : 150 } };
    Fault count = { .counts = self.counts };
    guint32 seed = g_test_rand_int ();
    guint points = is_long ? 125 : 4, round;

    self.rand = g_rand_new_with_seed (seed);
    self.folder = pr_test_make_folder ();
    /* from the fourth on a copy is made from what was left of a version */
    for (guint i = 1; i <= 4; i++)
        back_up (&self, i, NULL);
    back_up (&self, 4, NULL); /* as check() does */
    round = back_up (&self, 5, &count);
    for (guint phase = 0; phase < PR_BACKUP_N_PHASES; phase++) {
        g_test_message ("phase %u: %u steps, seed %u", phase, self.counts[phase], seed);
        self.killed = 0;
        run_points (&self, (PrBackupPhase) phase, points, 0, &round);
        /* rounds differ: a few are over before they come to their step */
        g_test_message ("%u of %u were killed", self.killed, points);
        g_assert_cmpuint (self.killed, >=, points / 2);
        run_points (&self, (PrBackupPhase) phase, points / 4, ENOSPC, &round);
        run_points (&self, (PrBackupPhase) phase, points / 4, EIO, &round);
    }
    g_rand_free (self.rand);
    pr_test_remove_folder (self.folder);
    g_free (self.folder);
}

int
main (int argc, char *argv[])
{
    is_long = argc > 1 && strcmp (argv[argc - 1], "--long") == 0;
    argc -= is_long;
    /* in memory where there is such a folder: a process is killed here, not the computer */
    if (g_access ("/dev/shm", W_OK) == 0)
        g_setenv ("TMPDIR", "/dev/shm", TRUE);
    g_test_init (&argc, &argv, NULL);
    g_test_add_data_func ("/backup-kill/link", GINT_TO_POINTER (PR_BACKUP_MODE_LINK), test_mode);
    g_test_add_data_func ("/backup-kill/copy", GINT_TO_POINTER (PR_BACKUP_MODE_COPY), test_mode);
    g_test_add_data_func ("/backup-kill/journal", GINT_TO_POINTER (PR_BACKUP_MODE_JOURNAL), test_mode);
    return g_test_run ();
}
