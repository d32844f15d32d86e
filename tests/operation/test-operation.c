// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-confirmation.h"
#include "pr-operation.h"

/* A job that does what a test tells it to. */
#define TYPE_JOB (job_get_type ())
G_DECLARE_FINAL_TYPE (Job, job, TEST, JOB, PrOperation)

struct _Job {
    PrOperation parent_instance;
    gboolean (*work) (Job *self, GCancellable *cancellable, GError **error);
    /* of the race */
    int passed; /* the worker got past the point */
    gint ready, go;
    int delay;
};

static const PrStep job_steps[] = {
    { "First", "", "", 1, 0 },
    { "Second", "", "", 3, 0 },
};

G_DEFINE_FINAL_TYPE (Job, job, PR_TYPE_OPERATION)

static gboolean
job_run (PrOperation *operation, GCancellable *cancellable, GError **error)
{
    return TEST_JOB (operation)->work (TEST_JOB (operation), cancellable, error);
}

static void
job_class_init (JobClass *klass)
{
    PR_OPERATION_CLASS (klass)->steps = job_steps;
    PR_OPERATION_CLASS (klass)->n_steps = G_N_ELEMENTS (job_steps);
    PR_OPERATION_CLASS (klass)->run = job_run;
}

static void
job_init (Job *self)
{
}

static Job *
start_job (gboolean (*work) (Job *, GCancellable *, GError **))
{
    Job *self = g_object_new (TYPE_JOB, NULL);

    self->work = work;
    pr_operation_start (PR_OPERATION (self));
    return self;
}

static void
run_to_end (Job *self)
{
    while (!pr_operation_is_over (PR_OPERATION (self)))
        g_main_context_iteration (NULL, TRUE);
}

static gboolean
flood (Job *self, GCancellable *cancellable, GError **error)
{
    for (int i = 0; i < 200000; i++) {
        if (i == 50000)
            pr_operation_enter_step (PR_OPERATION (self), 1);
        pr_operation_report (PR_OPERATION (self), (i % 50000) / 50000.0); /* jumps back, as tools do */
    }
    return TRUE;
}

typedef struct {
    double last;
    guint count;
    gboolean went_back;
} Seen;

static void
fraction_cb (PrOperation *operation, GParamSpec *pspec, Seen *seen)
{
    double fraction = pr_operation_get_fraction (operation);

    seen->went_back |= fraction < seen->last;
    seen->last = fraction;
    seen->count++;
}

static void
test_progress (void)
{
    g_autoptr (Job) job = g_object_new (TYPE_JOB, NULL);
    Seen seen = { 0 };

    job->work = flood;
    g_signal_connect (job, "notify::fraction", G_CALLBACK (fraction_cb), &seen);
    pr_operation_start (PR_OPERATION (job));
    run_to_end (job);
    g_assert_cmpint (pr_operation_get_state (PR_OPERATION (job)), ==, PR_OPERATION_SUCCEEDED);
    g_assert_false (seen.went_back);
    g_assert_cmpfloat (seen.last, ==, 1);
    g_assert_cmpuint (pr_operation_get_step (PR_OPERATION (job)), ==, 1);
    g_assert_cmpuint (seen.count, <, 2000); /* a message a frame at most, not one a report */
}

static gboolean
chatter (Job *self, GCancellable *cancellable, GError **error)
{
    for (int i = 0; i < 5000; i++) {
        g_autofree char *line = g_strdup_printf ("line %d \xff", i);
        pr_operation_add_detail (PR_OPERATION (self), line);
    }
    return TRUE;
}

static void
test_detail (void)
{
    g_autoptr (Job) job = start_job (chatter);
    g_auto (GStrv) lines = NULL;

    run_to_end (job);
    lines = g_strsplit (pr_operation_get_detail (PR_OPERATION (job)), "\n", -1);
    g_assert_cmpuint (g_strv_length (lines), ==, 201); /* and an empty one at the end */
    g_assert_true (g_str_has_prefix (lines[199], "line 4999"));
    g_assert_true (g_utf8_validate (lines[199], -1, NULL));
}

static gboolean
fail_known (Job *self, GCancellable *cancellable, GError **error)
{
    g_set_error_literal (error, PR_ERROR, PR_ERROR_SIGNING_REFUSED, "no");
    return FALSE;
}

static gboolean
fail_unknown (Job *self, GCancellable *cancellable, GError **error)
{
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_MOUNTED, "odd");
    return FALSE;
}

static gboolean
fail_mute (Job *self, GCancellable *cancellable, GError **error)
{
    return FALSE;
}

static void
test_failure (void)
{
    static const struct {
        gboolean (*work) (Job *, GCancellable *, GError **);
        PrError code;
        gboolean warns;
    } cases[] = {
        { fail_known, PR_ERROR_SIGNING_REFUSED, FALSE },
        { fail_unknown, PR_ERROR_TOOL_FAILED, TRUE },
        { fail_mute, PR_ERROR_TOOL_FAILED, FALSE },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Job) job = NULL;
        if (cases[i].warns)
            g_test_expect_message (NULL, G_LOG_LEVEL_WARNING, "*no guide*");
        job = start_job (cases[i].work);
        run_to_end (job);
        g_test_assert_expected_messages ();
        g_assert_cmpint (pr_operation_get_state (PR_OPERATION (job)), ==, PR_OPERATION_FAILED);
        g_assert_error (pr_operation_get_error (PR_OPERATION (job)), PR_ERROR, (int) cases[i].code);
    }
}

static gboolean
wait_for_stop (Job *self, GCancellable *cancellable, GError **error)
{
    GPollFD fd;

    g_cancellable_make_pollfd (cancellable, &fd);
    g_poll (&fd, 1, 10000);
    g_cancellable_release_fd (cancellable);
    return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static void
test_stop (void)
{
    g_autoptr (Job) job = start_job (wait_for_stop);

    g_assert_true (pr_operation_cancel (PR_OPERATION (job)));
    g_assert_cmpint (pr_operation_get_state (PR_OPERATION (job)), ==, PR_OPERATION_STOPPING);
    g_assert_false (pr_operation_cancel (PR_OPERATION (job))); /* the second click */
    run_to_end (job);
    g_assert_cmpint (pr_operation_get_state (PR_OPERATION (job)), ==, PR_OPERATION_CANCELLED);
}

static gboolean
go_past_return (Job *self, GCancellable *cancellable, GError **error)
{
    if (!pr_operation_enter_zone (PR_OPERATION (self), PR_STOP_END_ANYWAY, error))
        return FALSE;
    while (!g_cancellable_is_cancelled (cancellable))
        g_usleep (1000);
    if (!pr_operation_ended_anyway (PR_OPERATION (self)))
        return TRUE;
    g_set_error_literal (error, PR_ERROR, PR_ERROR_ENDED_EARLY, "ended");
    return FALSE;
}

static void
test_end_anyway (void)
{
    g_autoptr (Job) job = start_job (go_past_return);

    while (pr_operation_get_stop (PR_OPERATION (job)) != PR_STOP_END_ANYWAY)
        g_main_context_iteration (NULL, TRUE);
    g_assert_false (pr_operation_cancel (PR_OPERATION (job)));
    g_assert_cmpint (pr_operation_get_state (PR_OPERATION (job)), ==, PR_OPERATION_RUNNING);
    pr_operation_end_anyway (PR_OPERATION (job));
    run_to_end (job);
    g_assert_error (pr_operation_get_error (PR_OPERATION (job)), PR_ERROR, PR_ERROR_ENDED_EARLY);
}

/* Without a system call, which would take longer than what is raced for, unless it takes too long. */
static void
wait_for_flag (gint *flag)
{
    for (guint i = 0; !g_atomic_int_get (flag); i++)
        if (i % 10000 == 9999)
            g_thread_yield ();
}

static void
spin (int times)
{
    for (volatile int i = times; i > 0; i--)
        ;
}

static gboolean
race (Job *self, GCancellable *cancellable, GError **error)
{
    g_atomic_int_set (&self->ready, TRUE);
    wait_for_flag (&self->go);
    spin (self->delay);
    if (!pr_operation_enter_zone (PR_OPERATION (self), PR_STOP_END_ANYWAY, error))
        return FALSE;
    self->passed = 1;
    return TRUE;
}

/* A click on Stop against the point of no return, both within some hundred nanoseconds; a click that came in time comes
 * later in the next round, and one that did not, earlier, so that they keep meeting. Either the click was accepted and
 * the worker did not pass, or the worker passed and the click was refused. Never both, never neither. */
static void
test_race (void)
{
    int stopped = 0, late = 0;

    for (int i = 0; i < 20000; i++) {
        g_autoptr (Job) job = g_object_new (TYPE_JOB, NULL);
        gboolean accepted;

        job->work = race;
        job->delay = 100 + i % 41;
        pr_operation_start (PR_OPERATION (job));
        wait_for_flag (&job->ready);
        g_atomic_int_set (&job->go, TRUE);
        spin (late);
        accepted = pr_operation_cancel (PR_OPERATION (job));
        run_to_end (job);
        g_assert_cmpint (accepted, ==, !job->passed);
        g_assert_cmpint (pr_operation_get_state (PR_OPERATION (job)), ==,
                         accepted ? PR_OPERATION_CANCELLED : PR_OPERATION_SUCCEEDED);
        stopped += accepted;
        late = CLAMP (late + (accepted ? 1 : -1) * (late / 8 + 1 + i % 7), 0, 50000);
    }
    g_test_message ("%d of 20000 stopped", stopped);
    /* or there was no race */
    g_assert_cmpint (stopped, >, 0);
    g_assert_cmpint (stopped, <, 20000);
}

static void
test_names (void)
{
    static const struct {
        const char *expected, *typed;
        gboolean matches;
    } cases[] = {
        { "Anna’s iPhone", "anna's iphone", TRUE },
        { "Anna’s iPhone", "  ANNA’S IPHONE ", TRUE },
        { "Straße", "STRASSE", TRUE },
        { "Anna’s iPhone", "Anna", FALSE },
        { "", "", FALSE },
        { NULL, NULL, FALSE },
        { "iPhone", "\xff", FALSE },
        { "e\u0301", "\u00e9", TRUE },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
        g_assert_cmpint (pr_confirmation_matches (cases[i].expected, cases[i].typed), ==, cases[i].matches);
}

static void
test_confirmation (void)
{
    g_autoptr (PrConfirmation) made = pr_confirmation_new (7, "restore", "/f", "Anna", "anna", TRUE);
    static const struct {
        guint64 ecid;
        const char *action, *file;
        int code;
    } cases[] = {
        { 7, "restore", "/f", -1 },
        { 8, "restore", "/f", PR_ERROR_WRONG_PHONE },
        { 7, "update", "/f", PR_ERROR_NOT_CONFIRMED },
        { 7, "restore", "/g", PR_ERROR_NOT_CONFIRMED },
        { 7, "restore", NULL, PR_ERROR_NOT_CONFIRMED },
    };

    g_assert_null (pr_confirmation_new (7, "restore", "/f", "Anna", "anna", FALSE));
    g_assert_null (pr_confirmation_new (7, "restore", "/f", "Anna", "bert", TRUE));
    g_assert_null (pr_confirmation_new (0, "restore", "/f", "Anna", "anna", TRUE));
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GError) error = NULL;
        gboolean good = pr_confirmation_check (made, cases[i].ecid, cases[i].action, cases[i].file, &error);
        g_assert_cmpint (good, ==, cases[i].code < 0);
        if (!good)
            g_assert_error (error, PR_ERROR, cases[i].code);
    }
}

static void
test_old_confirmation (void)
{
    g_autoptr (PrConfirmation) made = pr_confirmation_new (7, "restore", "/f", "Anna", "anna", TRUE);
    g_autoptr (GError) error = NULL;
    gint64 now = g_get_monotonic_time ();

    g_assert_true (pr_confirmation_check_at (made, now + 59 * G_USEC_PER_SEC, 7, "restore", "/f", &error));
    g_assert_no_error (error);
    g_assert_false (pr_confirmation_check_at (made, now + 61 * G_USEC_PER_SEC, 7, "restore", "/f", &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_NOT_CONFIRMED);
}

/* For an automatic retry only its age does not count. */
static void
test_confirmed_again (void)
{
    g_autoptr (PrConfirmation) made = pr_confirmation_new (7, "update", "/f", "Anna", "anna", TRUE);

    g_assert_true (pr_confirmation_check_again (made, 7, "update", "/f", NULL));
    g_assert_false (pr_confirmation_check_again (made, 8, "update", "/f", NULL));
    g_assert_false (pr_confirmation_check_again (made, 7, "restore", "/f", NULL));
    g_assert_false (pr_confirmation_check_again (made, 7, "update", "/g", NULL));
    g_assert_false (pr_confirmation_check_again (NULL, 7, "update", "/f", NULL));
}

static void
test_no_confirmation (void)
{
    g_autoptr (GError) error = NULL;

    g_assert_false (pr_confirmation_check (NULL, 7, "restore", "/f", &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_NOT_CONFIRMED);
}

/* --- What the link did --- */

static gboolean
lose (Job *self, GCancellable *cancellable, GError **error)
{
    g_set_error_literal (error, PR_ERROR, PR_ERROR_UNPLUGGED_IN_WORK, "it went");
    return FALSE;
}

static gboolean
lose_in_start (Job *self, GCancellable *cancellable, GError **error)
{
    g_set_error_literal (error, PR_ERROR, PR_ERROR_LOST_IN_START, "it did not come back");
    return FALSE;
}

static gboolean
misread (Job *self, GCancellable *cancellable, GError **error)
{
    g_set_error_literal (error, PR_ERROR, PR_ERROR_FILE_DAMAGED, "cut short");
    return FALSE;
}

static void
find (PrPhone *phone, PrFindingKind kind, gint64 last)
{
    g_autoptr (GArray) findings = g_array_new (FALSE, FALSE, sizeof (PrFinding));
    PrFinding finding = { .kind = kind, .count = 3, .first = last, .last = last };

    g_array_append_val (findings, finding);
    g_object_set (phone, "findings", findings, NULL);
}

/* @before: what was found in time, at most; @meanwhile: what comes when the job has begun. PR_N_FINDINGS: nothing */
static void
expect_fault (gboolean (*work) (Job *, GCancellable *, GError **),
              PrFindingKind before,
              gint64 last,
              PrFindingKind meanwhile,
              PrFindingKind expected)
{
    g_autoptr (PrPhone) phone = g_object_new (PR_TYPE_PHONE, "mode", PR_PHONE_MODE_NORMAL, NULL);
    g_autoptr (Job) job = g_object_new (TYPE_JOB, "phone", phone, NULL);
    const PrFinding *fault;

    if (before != PR_N_FINDINGS)
        find (phone, before, last);
    job->work = work;
    pr_operation_start (PR_OPERATION (job));
    if (meanwhile != PR_N_FINDINGS)
        find (phone, meanwhile, g_get_monotonic_time ());
    g_object_set (phone, "findings", NULL, NULL); /* it is remembered */
    g_assert_null (pr_operation_get_link_fault (PR_OPERATION (job)));
    run_to_end (job);
    find (phone, PR_FINDING_OVER_CURRENT, G_MAXINT64); /* too late to have been it */
    fault = pr_operation_get_link_fault (PR_OPERATION (job));
    g_assert_cmpint (fault ? fault->kind : PR_N_FINDINGS, ==, expected);
}

static void
test_link_fault (void)
{
    const PrFindingKind none = PR_N_FINDINGS, loose = PR_FINDING_LOOSE_CONTACT, hubs = PR_FINDING_HUBS;
    const PrFindingKind machine = PR_FINDING_IN_MACHINE;

    expect_fault (lose, none, 0, none, none);
    expect_fault (lose, none, 0, loose, loose);
    expect_fault (lose, hubs, 0, none, hubs);   /* they stand between all the time */
    expect_fault (lose, hubs, 0, loose, loose); /* the weightier */
    expect_fault (lose, loose, 1, none, none);  /* over before it began */
    expect_fault (lose, none, 0, PR_FINDING_LOCKED, none);
    expect_fault (misread, hubs, 0, loose, none); /* no cable damages a file */
    expect_fault (lose_in_start, machine, 0, none, machine);
    expect_fault (lose_in_start, machine, 0, loose, loose); /* the weightier */
    expect_fault (lose, machine, 0, none, none);            /* it changed no mode then */
    expect_fault (misread, machine, 0, none, none);
}

/* What happened while it ran is understood a moment after its end. */
static void
test_late_link_fault (void)
{
    g_autoptr (PrPhone) phone = g_object_new (PR_TYPE_PHONE, "mode", PR_PHONE_MODE_NORMAL, NULL);
    g_autoptr (Job) job = g_object_new (TYPE_JOB, "phone", phone, NULL);
    gint64 meanwhile;

    job->work = lose;
    pr_operation_start (PR_OPERATION (job));
    meanwhile = g_get_monotonic_time ();
    run_to_end (job);
    g_assert_null (pr_operation_get_link_fault (PR_OPERATION (job)));
    find (phone, PR_FINDING_LOOSE_CONTACT, meanwhile);
    g_assert_nonnull (pr_operation_get_link_fault (PR_OPERATION (job)));
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/operation/progress", test_progress);
    g_test_add_func ("/operation/detail", test_detail);
    g_test_add_func ("/operation/failure", test_failure);
    g_test_add_func ("/operation/stop", test_stop);
    g_test_add_func ("/operation/end-anyway", test_end_anyway);
    g_test_add_func ("/operation/race", test_race);
    g_test_add_func ("/operation/link-fault", test_link_fault);
    g_test_add_func ("/operation/link-fault/late", test_late_link_fault);
    g_test_add_func ("/confirmation/names", test_names);
    g_test_add_func ("/confirmation/check", test_confirmation);
    g_test_add_func ("/confirmation/old", test_old_confirmation);
    g_test_add_func ("/confirmation/again", test_confirmed_again);
    g_test_add_func ("/confirmation/none", test_no_confirmation);
    return g_test_run ();
}
