/* Nothing is lost: backups of the virtual phone by the real engine, in every mode, that end at any point.
 *
 * Each case is a process of its own, which backs up (or only clears up) and is killed, or finds the disk failing, at
 * the n-th call that changes the disk in one phase of its work; in some the phone is unplugged instead. What there was
 * before must then be the backup, or the whole of what the run made; it verifies deeply, so do earlier versions, and a
 * look of the test's own finds every file as the phone has it. The next run succeeds, without help.
 *
 * Short: a few cases of a small phone with some large files. --long: 1,000 ends and 200 failures in each mode, of a
 * phone with 2,000 files.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup-desk.h"
#include "disk.h"
#include "pr-backup-enums.h"
#include "pr-error.h"
#include "pr-mobile-backup.h"
#include "store-check.h"
#include "tree-print.h"

#define ANY_PHASE PR_BACKUP_N_PHASES
#define LOOK_EVERY 5 /* of the runs that follow a case, the test looks into the files of one */
#define LIMIT 60     /* seconds of a case */

typedef struct {
    guint files, modified, removed, added;
    guint ends;     /* of each phase, in each mode */
    guint failures; /* of the disk, in each mode */
    const char *sizes;
} Size;

static const Size small = { .files = 150,
                            .modified = 30,
                            .removed = 10,
                            .added = 10,
                            .ends = 2,
                            .failures = 8,
                            .sizes = "1,0,100,4096,1000,1200000" };
static const Size large = { .files = 2000,
                            .modified = 200,
                            .removed = 50,
                            .added = 50,
                            .ends = 125,
                            .failures = 200,
                            .sizes = "1,0,100,4096,1000" };

static const char *const phase_names[] = { "recovery",  "staging", "upload", "move",
                                           "manifests", "verify",  "swap",   "pruning" };
G_STATIC_ASSERT (G_N_ELEMENTS (phase_names) == PR_BACKUP_N_PHASES);

/* What is to happen to a process, and when. */
typedef struct {
    guint phase; /* or any */
    guint call;  /* from 0, of those in that phase */
    int number;  /* the errno of the call; 0: SIGKILL */
    guint lasts; /* every call after it fails too */
    guint delay; /* µs until the signal */
} Fault;

/* --- The process that meets its end --- */

typedef struct {
    Fault fault;
    guint phase, met;
    guint counts[PR_BACKUP_N_PHASES + 1]; /* of calls; the last: all */
} Child;

static int
hear_step (PrBackupPhase phase, const char *step, gpointer data)
{
    ((Child *) data)->phase = phase;
    return 0;
}

static gpointer
kill_later (gpointer delay)
{
    g_usleep (GPOINTER_TO_UINT (delay));
    kill (getpid (), SIGKILL);
    return NULL;
}

static int
meet_call (DiskCall call, gpointer data)
{
    Child *child = data;
    const Fault *fault = &child->fault;
    guint n = child->counts[fault->phase];
    gboolean now = n == fault->call && (fault->phase == ANY_PHASE || fault->phase == child->phase);

    child->counts[child->phase]++;
    child->counts[ANY_PHASE]++;
    if (!now && (fault->lasts == 0 || child->met == 0))
        return 0;
    child->met++;
    if (fault->number == 0 && fault->delay == 0)
        kill (getpid (), SIGKILL);
    if (fault->number == 0)
        g_thread_unref (g_thread_new ("kill", kill_later, GUINT_TO_POINTER (fault->delay)));
    return fault->number;
}

static PrBackupStore *
open_store (const char *folder, PrBackupMode mode, Child *child)
{
    return g_object_new (PR_TYPE_BACKUP_STORE, "folder", folder, "mode", mode, "keep-versions", 1, "step-func",
                         child != NULL ? hear_step : NULL, "step-data", child, NULL);
}

/* Says how it ended ("ok", or the error's domain and code), whether the fault was met, and counts of calls. */
static void
say_end (const Child *child, const GError *error)
{
    g_print ("%s %d %u", error != NULL ? g_quark_to_string (error->domain) : "ok", error != NULL ? error->code : 0,
             child->met);
    for (guint i = 0; i <= PR_BACKUP_N_PHASES; i++)
        g_print (" %u", child->counts[i]);
    g_print ("\n%s\n", error != NULL ? error->message : "");
}

/* @words: of run_child() */
static int
be_child (char **words)
{
    PrBackupMode mode = (PrBackupMode) atoi (words[1]);
    Child child = { .fault = { atoi (words[3]), atoi (words[4]), atoi (words[5]), atoi (words[6]), atoi (words[7]) } };
    /* where there are no links, two names can seldom be exchanged */
    DiskListener listener = { meet_call, NULL, &child, mode == PR_BACKUP_MODE_COPY };
    PrMobileBackupOptions options = { .silence = LIMIT / 2, .preparing = LIMIT / 2 };
    g_autoptr (PrBackupStore) store = open_store (words[0], mode, &child);
    g_autoptr (GError) error = NULL;
    PrBackupReport report;

    disk_listen (&listener);
    if (g_str_equal (words[2], "recover"))
        pr_backup_store_recover (store, NULL, &error);
    else
        pr_mobile_backup_back_up (DESK_UDID, store, FALSE, NULL, &options, &report, NULL, &error);
    disk_listen (NULL);
    say_end (&child, error);
    return 0;
}

/* --- The test --- */

typedef struct {
    const Size *size;
    PrBackupMode mode;
    BackupDesk *desk;
    GRand *rand;
    guint files;                             /* that the phone has */
    guint runs;                              /* that followed a case */
    TreePrint before;                        /* of the backup */
    guint counts[PR_BACKUP_N_PHASES + 1];    /* of calls in a whole run; in the first: in clearing up */
    guint killed, cut, failed, idle, missed; /* missed: it was over before */
} Case;

typedef struct {
    gboolean killed, ok;
    GQuark domain;
    int code;
    guint met;
    guint counts[PR_BACKUP_N_PHASES + 1];
    char message[500];
} End;

static void
read_end (const char *output, End *end)
{
    g_auto (GStrv) lines = g_strsplit (output, "\n", 3);
    g_auto (GStrv) words = g_strsplit (lines[0], " ", -1);

    g_assert_cmpuint (g_strv_length (words), ==, 3 + G_N_ELEMENTS (end->counts));
    end->ok = g_str_equal (words[0], "ok");
    end->domain = g_quark_from_string (words[0]);
    end->code = atoi (words[1]);
    end->met = (guint) atoi (words[2]);
    for (guint i = 0; i < G_N_ELEMENTS (end->counts); i++)
        end->counts[i] = (guint) atoi (words[3 + i]);
    g_strlcpy (end->message, lines[1], sizeof end->message);
}

static void
run_child (Case *self, const char *what, const Fault *fault, End *end)
{
    g_autofree char *mode = g_strdup_printf ("%d", self->mode);
    g_autofree char *words =
        g_strdup_printf ("%u %u %d %u %u", fault->phase, fault->call, fault->number, fault->lasts, fault->delay);
    g_auto (GStrv) numbers = g_strsplit (words, " ", -1);
    const char *const argv[] = { "/proc/self/exe", "--child",  self->desk->folder, mode,       what, numbers[0],
                                 numbers[1],       numbers[2], numbers[3],         numbers[4], NULL };
    g_autofree char *output = NULL, *errors = NULL;
    int status = pr_test_run (argv, NULL, LIMIT, &output, &errors);

    *end = (End) { .killed = status == 128 + SIGKILL };
    if (!end->killed && status != 0)
        g_error ("%s (phase %u, call %u) ended with %d: %s%s", what, fault->phase, fault->call, status, output, errors);
    if (!end->killed)
        read_end (output, end);
}

/* Makes the phone's present state the backup, and that the state before the next case, which is verified deeply after
 * it: as the backup, or as the earlier version. */
static void
back_up (Case *self)
{
    g_autoptr (PrBackupStore) store = open_store (self->desk->folder, self->mode, NULL);
    PrMobileBackupOptions options = { .silence = LIMIT / 2, .preparing = LIMIT / 2 };
    g_autoptr (GError) error = NULL;
    PrBackupReport report;

    pr_mobile_backup_back_up (DESK_UDID, store, FALSE, NULL, &options, &report, NULL, &error);
    g_assert_no_error (error);
    if (self->runs++ % LOOK_EVERY == 0)
        backup_desk_check (self->desk, NULL, self->files);
    tree_print (self->desk->backup, NULL, &self->before);
}

static void
mutate (Case *self)
{
    const Size *size = self->size;

    pr_test_phone_tell (self->desk->phone, "mutate %u %u %u", size->modified, size->removed, size->added);
    self->files = self->files - size->removed + size->added;
}

/* Returns: whether the backup is another one than before. */
static gboolean
check (Case *self)
{
    g_autoptr (PrBackupStore) store = open_store (self->desk->folder, self->mode, NULL);
    g_autoptr (GError) error = NULL;
    TreePrint now;
    guint64 files;
    gboolean new;

    pr_backup_store_recover (store, NULL, &error);
    g_assert_no_error (error);
    store_check_tidy (self->desk->folder, DESK_UDID);
    tree_print (self->desk->backup, NULL, &now);
    new = !tree_print_equal (&now, &self->before);
    files = store_check_deeply (self->desk->backup, TRUE);
    if (new)
        g_assert_cmpuint (files, ==, self->files);
    if (new)
        backup_desk_check (self->desk, NULL, self->files);
    /* one is kept, but a run that ended before it removed the one too many leaves that to the next */
    g_assert_cmpuint (store_check_versions (self->desk->backup), <=, 2);
    back_up (self);
    return new;
}

static guint
draw (Case *self, guint n)
{
    return (guint) g_rand_int_range (self->rand, 0, (int) MAX (n, 1));
}

/* Every call in turn where there are few of them, which are then also left halfway. */
static Fault
draw_kill (Case *self, guint phase, guint i)
{
    guint n = self->counts[phase];
    gboolean few = n < self->size->ends;

    return (
        Fault) { .phase = phase, .call = few ? i % n : draw (self, n), .delay = few && i >= n ? draw (self, 4000) : 0 };
}

/* FALSE: it was over before. */
static gboolean
kill_one (Case *self, guint phase, guint i)
{
    Fault fault = draw_kill (self, phase, i);
    End end;

    run_child (self, "back-up", &fault, &end);
    self->killed += end.killed;
    check (self);
    return end.killed;
}

/* The clearing-up after a run that was itself killed anywhere. */
static gboolean
kill_recovery (Case *self)
{
    Fault first =
        draw_kill (self, (guint) g_rand_int_range (self->rand, PR_BACKUP_PHASE_STAGING, PR_BACKUP_N_PHASES), 0);
    Fault second = { .phase = ANY_PHASE, .call = draw (self, self->counts[PR_BACKUP_PHASE_RECOVERY]) };
    End end;

    run_child (self, "back-up", &first, &end);
    if (end.killed)
        run_child (self, "recover", &second, &end);
    self->killed += end.killed;
    check (self);
    return end.killed;
}

/* The cable, where the phone has its part in a phase. */
static gboolean
cut_one (Case *self, guint phase)
{
    guint changed = self->size->modified + self->size->added;
    g_autofree char *fault = NULL;
    Fault none = { .phase = ANY_PHASE, .call = G_MAXUINT };
    End end;

    if (phase == PR_BACKUP_PHASE_MANIFEST)
        fault = g_strdup ("backup-cut-between-manifests");
    else if (phase == PR_BACKUP_PHASE_MOVE)
        fault = g_strdup_printf ("backup-cut-moving %u", draw (self, changed));
    else if (g_rand_boolean (self->rand))
        fault = g_strdup_printf ("backup-cut-at-file %u", draw (self, changed));
    else
        fault = g_strdup_printf ("backup-cut-at-bytes %u", draw (self, changed * 1000));
    pr_test_phone_tell (self->desk->phone, "fault %s", fault);
    run_child (self, "back-up", &none, &end);
    backup_desk_mend (self->desk, fault);
    if (!end.ok) {
        g_assert_cmpint (end.domain, ==, PR_ERROR);
        g_assert_cmpint (end.code, ==, PR_ERROR_BACKUP_CUT);
    }
    self->cut += !end.ok;
    check (self);
    return !end.ok;
}

static gboolean
end_one (Case *self, guint phase, guint i)
{
    gboolean phones = phase == PR_BACKUP_PHASE_UPLOAD || phase == PR_BACKUP_PHASE_MOVE;

    mutate (self);
    if (phase == PR_BACKUP_PHASE_RECOVERY)
        return kill_recovery (self);
    if ((phones && i % 2 == 1) || (phase == PR_BACKUP_PHASE_MANIFEST && i % 4 == 1))
        return cut_one (self, phase);
    return kill_one (self, phase, i);
}

static void
end_phase (Case *self, guint phase)
{
    guint tries = 0;
    gint64 start = g_get_monotonic_time ();

    self->killed = 0;
    self->cut = 0;
    for (guint i = 0; i < self->size->ends; tries++) {
        i += end_one (self, phase, i);
        g_assert_cmpuint (tries, <, 3 * self->size->ends + 20);
    }
    g_test_message ("%s: %u killed, %u cut by the phone, %u of %u were over before; %u calls; %.0f s",
                    phase_names[phase], self->killed, self->cut, tries - self->size->ends, tries, self->counts[phase],
                    (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
}

/* An error of its own, or none where it could be got over or the backup was already made. */
static void
fail_one (Case *self, guint i)
{
    Fault fault = { .phase = i % PR_BACKUP_N_PHASES, .number = i % 2 == 0 ? ENOSPC : EIO };
    int code = fault.number == ENOSPC ? PR_ERROR_BACKUP_DISK_FULL : PR_ERROR_BACKUP_DISK_GONE;
    End end;
    gboolean new;

    mutate (self);
    if (fault.phase == PR_BACKUP_PHASE_RECOVERY)
        fault.phase = ANY_PHASE;
    fault.lasts = draw (self, 2);
    fault.call = draw (self, self->counts[fault.phase]);
    run_child (self, "back-up", &fault, &end);
    if (!end.ok && (end.domain != PR_ERROR || end.code != code))
        g_error ("phase %u, call %u: errno %d came out as %s %d: %s", fault.phase, fault.call, fault.number,
                 g_quark_to_string (end.domain), end.code, end.message);
    new = check (self);
    if (end.ok)
        g_assert_true (new);
    self->failed += !end.ok;
    self->idle += end.ok && end.met > 0;
    self->missed += end.met == 0;
}

static void
fail_all (Case *self)
{
    for (guint i = 0; i < self->size->failures + self->missed; i++)
        fail_one (self, i);
    g_test_message ("%u failures: %u ended the run, %u did not; %u runs were over before", self->failed + self->idle,
                    self->failed, self->idle, self->missed);
    g_assert_cmpuint (self->failed, >, self->size->failures / 2);
}

/* How many calls are there in each phase of a run, and in clearing up after one that was killed in its moves? */
static void
count_calls (Case *self)
{
    Fault none = { .phase = ANY_PHASE, .call = G_MAXUINT };
    Fault first = { .phase = PR_BACKUP_PHASE_MOVE };
    End end, cleared;

    mutate (self);
    run_child (self, "back-up", &none, &end);
    g_assert_true (end.ok);
    memcpy (self->counts, end.counts, sizeof self->counts);
    check (self);
    mutate (self);
    first.call = self->counts[PR_BACKUP_PHASE_MOVE] / 2;
    run_child (self, "back-up", &first, &end);
    g_assert_true (end.killed);
    run_child (self, "recover", &none, &cleared);
    g_assert_true (cleared.ok);
    self->counts[PR_BACKUP_PHASE_RECOVERY] = cleared.counts[ANY_PHASE];
    check (self);
}

/* With a version to keep, from the fourth on a copy is made from what is left of the one that was one too many. */
static void
prepare (Case *self)
{
    g_autofree char *spare = g_build_filename (self->desk->folder, "." DESK_UDID ".spare", NULL);

    back_up (self);
    for (guint i = 0; i < 3; i++) {
        mutate (self);
        back_up (self);
    }
    g_assert_true (g_file_test (spare, G_FILE_TEST_IS_DIR) == (self->mode == PR_BACKUP_MODE_LINK));
}

/* What one test does: a phase, the failures, or everything. */
typedef struct {
    const Size *size;
    PrBackupMode mode;
    gboolean phases[PR_BACKUP_N_PHASES], failures;
} Plan;

static void
test_plan (gconstpointer data)
{
    const Plan *plan = data;
    Case self = { .size = plan->size, .mode = plan->mode, .files = plan->size->files };
    g_autofree char *scenario = backup_desk_describe (self.files, plan->size->sizes, FALSE);
    guint32 seed = g_test_rand_int ();

    self.rand = g_rand_new_with_seed (seed);
    self.desk = backup_desk_new (scenario);
    g_test_message ("seed %u", seed);
    prepare (&self);
    count_calls (&self);
    for (guint phase = 0; phase < PR_BACKUP_N_PHASES; phase++)
        if (plan->phases[phase])
            end_phase (&self, phase);
    if (plan->failures)
        fail_all (&self);
    backup_desk_free (self.desk);
    g_rand_free (self.rand);
}

static void
add_plan (const char *path, const Plan *plan)
{
    g_test_add_data_func_full (path, g_memdup2 (plan, sizeof *plan), test_plan, g_free);
}

/* One for all, or where it takes long one for each. */
static void
add_plans (const Size *size, const char *name, PrBackupMode mode)
{
    Plan all = { .size = size, .mode = mode, .failures = TRUE }, failures = all;
    g_autofree char *path = g_strdup_printf ("/backup-kill/%s", name);
    g_autofree char *last = g_strdup_printf ("/backup-kill/%s/failures", name);

    for (guint phase = 0; phase < PR_BACKUP_N_PHASES; phase++) {
        g_autofree char *own = g_strdup_printf ("/backup-kill/%s/%s", name, phase_names[phase]);
        Plan one = { .size = size, .mode = mode };

        all.phases[phase] = one.phases[phase] = TRUE;
        if (size == &large)
            add_plan (own, &one);
    }
    if (size == &large)
        add_plan (last, &failures);
    else
        add_plan (path, &all);
}

int
main (int argc, char *argv[])
{
    gboolean is_long = argc > 1 && g_str_equal (argv[argc - 1], "--long");
    const Size *size = is_long ? &large : &small;

    if (argc > 1 && g_str_equal (argv[1], "--child"))
        return be_child (argv + 2);
    argc -= is_long;
    /* in memory where there is such a folder: a process is killed here, not the computer */
    if (g_access ("/dev/shm", W_OK) == 0)
        g_setenv ("TMPDIR", "/dev/shm", TRUE);
    g_test_init (&argc, &argv, NULL);
    add_plans (size, "link", PR_BACKUP_MODE_LINK);
    add_plans (size, "copy", PR_BACKUP_MODE_COPY);
    add_plans (size, "journal", PR_BACKUP_MODE_JOURNAL);
    return backup_desk_run_tests ();
}
