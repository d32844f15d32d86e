/* From the question which versions there are to a plan that has its file, against the virtual phone's servers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <utime.h>

#include "job.h"
#include "pr-download.h"

#define LIMIT 60 /* seconds */

typedef struct {
    Desk *desk;
    PrBackupLibrary *library;
    PrServers *servers;
    PrPlan *plan;
    char *folder; /* of system files, which begins empty */
} Bed;

static Bed *
bed_new (const char *scenario, PrGoal goal)
{
    Bed *self = g_new0 (Bed, 1);
    PrPhone *phone;

    pr_test_ignore_leaks_of_phone ();
    self->desk = desk_new (pr_test_phone_start_text (scenario));
    phone = desk_expect (self->desk, DESK_ECID, PR_PHONE_MODE_NORMAL);
    desk_await (phone, "trust", PR_TRUST_TRUSTED, 10);
    self->folder = pr_test_make_folder ();
    self->library = pr_backup_library_new (self->folder);
    self->servers = job_make_servers (self->desk->virtual);
    self->plan = pr_plan_new (self->desk->list, self->library, self->servers, NULL, self->folder);
    pr_plan_set_phone (self->plan, phone);
    pr_plan_set_goal (self->plan, goal);
    return self;
}

static void
bed_free (Bed *self)
{
    pr_plan_set_phone (self->plan, NULL);
    job_end_plan (self->plan);
    g_object_unref (self->library);
    pr_servers_unref (self->servers);
    desk_free (self->desk);
    pr_test_remove_folder (self->folder);
    g_free (self->folder);
    g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bed, bed_free)

static gboolean
is_answered (gpointer plan)
{
    return pr_plan_get_versions (plan) != NULL || pr_plan_get_versions_error (plan) != NULL;
}

static gboolean
is_looked_for (gpointer plan)
{
    return pr_check_get_state (job_find_check (plan, PR_CHECK_FILE)) != PR_CHECK_PENDING;
}

static PrCheckState
wait_for_file (Bed *self)
{
    g_assert_true (pr_test_run_until (is_looked_for, self->plan, 20));
    return pr_check_get_state (job_find_check (self->plan, PR_CHECK_FILE));
}

static PrOperation *
make_download (Bed *self)
{
    PrOperation *download;

    g_assert_true (pr_test_run_until (is_answered, self->plan, 20));
    download = pr_plan_create_download (self->plan);
    g_assert_nonnull (download);
    return download;
}

/* (transfer full): of a download that nobody has gone on with for months */
static char *
leave_old_part (const char *folder)
{
    g_autofree char *ours = g_build_filename (folder, ".phone-reset", NULL);
    char *part = g_build_filename (ours, "old.ipsw.part", NULL);
    const struct utimbuf long_ago = { 1000000, 1000000 };

    g_assert_cmpint (g_mkdir (ours, 0700), ==, 0);
    g_assert_true (g_file_set_contents (part, "part", -1, NULL));
    g_assert_cmpint (g_utime (part, (struct utimbuf *) &long_ago), ==, 0);
    return part;
}

/* The newest that is signed is chosen by itself, and its file is what the plan was waiting for. */
static void
test_journey (void)
{
    g_autoptr (Bed) bed = bed_new ("", PR_GOAL_RESTORE);
    g_autofree char *part = leave_old_part (bed->folder);
    g_autoptr (PrOperation) download = NULL;

    g_assert_cmpint (wait_for_file (bed), ==, PR_CHECK_BLOCKING);
    download = make_download (bed);
    g_assert_cmpuint (pr_plan_get_versions (bed->plan)->len, ==, 1); /* the lists have two, one is signed no more */
    g_assert_cmpstr (pr_firmware_get_facts (pr_plan_get_version (bed->plan))->version, ==, "17.6.1");
    g_assert_false (pr_plan_has_version (bed->plan));
    pr_plan_set_firmware_limit (bed->plan, 1);
    g_object_unref (download);
    download = make_download (bed);
    pr_operation_start (download);
    g_assert_null (pr_download_get_path (PR_DOWNLOAD (download)));
    g_assert_cmpint (job_wait (download, LIMIT), ==, JOB_DONE);
    g_assert_cmpfloat (pr_operation_get_fraction (download), ==, 1);
    /* what is old goes; what has just come stays, though it is more than may be kept */
    g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
    g_assert_true (g_file_test (pr_download_get_path (PR_DOWNLOAD (download)), G_FILE_TEST_EXISTS));
    pr_plan_set_file (bed->plan, pr_download_get_path (PR_DOWNLOAD (download)));
    g_assert_cmpint (wait_for_file (bed), ==, PR_CHECK_GOOD);
    g_assert_true (pr_plan_has_version (bed->plan));
    g_assert_false (pr_phone_get_busy (pr_plan_get_phone (bed->plan)));
    g_assert_cmpint (pr_plan_get_goal (bed->plan), ==, PR_GOAL_RESTORE);
}

static guint64
get_sent (Bed *self)
{
    g_autofree char *sent = pr_test_phone_state (self->desk->virtual, "download-bytes");

    return g_ascii_strtoull (sent, NULL, 10);
}

static gboolean
has_some (gpointer operation)
{
    return pr_operation_get_fraction (operation) > 0.05;
}

static gboolean
is_paused (gpointer operation)
{
    return pr_operation_get_note (operation) == PR_NOTE_PAUSED;
}

/* Paused, nothing comes; gone on and stopped, what has arrived serves the next one. */
static void
test_pause_and_stop (void)
{
    g_autoptr (Bed) bed = bed_new ("[faults]\ndownload-slow=2048\n", PR_GOAL_UPDATE);
    g_autoptr (PrOperation) first = make_download (bed), second = make_download (bed);
    guint64 sent;

    pr_operation_start (first);
    g_assert_true (pr_test_run_until (has_some, first, 30));
    pr_download_set_paused (PR_DOWNLOAD (first), TRUE);
    g_assert_true (pr_test_run_until (is_paused, first, 10));
    desk_run_for (1);
    sent = get_sent (bed);
    desk_run_for (1);
    g_assert_cmpuint (get_sent (bed), ==, sent);
    pr_download_set_paused (PR_DOWNLOAD (first), FALSE);
    desk_run_for (1);
    g_assert_cmpint (pr_operation_get_note (first), ==, PR_NOTE_NONE);
    g_assert_true (pr_operation_cancel (first));
    g_assert_cmpint (job_wait (first, 10), ==, JOB_CANCELLED);
    pr_test_phone_tell (bed->desk->virtual, "mend download-slow");
    pr_operation_start (second);
    g_assert_cmpint (job_wait (second, LIMIT), ==, JOB_DONE);
    g_assert_true (pr_test_phone_log_has (bed->desk->virtual, "download-request", "partial", "yes", NULL));
}

static const struct {
    const char *fault;
    int code;
} faults[] = {
    { "download-status 403", PR_ERROR_FILE_WITHDRAWN },
    { "download-redirect http", PR_ERROR_UNTRUSTED_SERVER },
    { "download-certificate expired", PR_ERROR_UNTRUSTED_SERVER },
};

/* Each ends on its own page, and leaves the plan where it was. */
static void
test_faults (void)
{
    g_autoptr (Bed) bed = bed_new ("", PR_GOAL_RESTORE);

    for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
        g_auto (GStrv) words = g_strsplit (faults[i].fault, " ", 2);
        PrOperation *download = make_download (bed);

        pr_test_phone_tell (bed->desk->virtual, "fault %s", faults[i].fault);
        job_run (download, faults[i].code, LIMIT);
        pr_test_phone_tell (bed->desk->virtual, "mend %s", words[0]);
        g_assert_cmpint (wait_for_file (bed), ==, PR_CHECK_BLOCKING);
    }
}

static void
test_wrong_digest (void)
{
    g_autoptr (Bed) bed = bed_new ("[faults]\ndownload-digest=\n", PR_GOAL_RESTORE);

    job_run (make_download (bed), PR_ERROR_WRONG_DOWNLOAD, LIMIT);
    g_assert_cmpint (wait_for_file (bed), ==, PR_CHECK_BLOCKING);
}

/* Without servers a person's own file still serves, and asking again is enough once they are there. */
static void
test_no_servers (void)
{
    g_autoptr (Bed) bed = bed_new ("[faults]\nservers-down=\n", PR_GOAL_RESTORE);
    const char *own = pr_test_phone_environment (bed->desk->virtual, "FIRMWARE_FOLDER");
    g_autoptr (GDir) content = g_dir_open (own, 0, NULL);
    g_autofree char *file = g_build_filename (own, g_dir_read_name (content), NULL);

    g_assert_true (pr_test_run_until (is_answered, bed->plan, 40));
    g_assert_error (pr_plan_get_versions_error (bed->plan), PR_ERROR, PR_ERROR_NO_VERSIONS);
    g_assert_null (pr_plan_create_download (bed->plan));
    pr_plan_set_file (bed->plan, file);
    /* it is read, and fits; whether it is what Apple made, nobody says */
    g_assert_cmpint (wait_for_file (bed), ==, PR_CHECK_NOT_KNOWN);
    pr_test_phone_tell (bed->desk->virtual, "mend servers-down");
    pr_plan_check_again (bed->plan);
    g_assert_false (is_answered (bed->plan));
    g_assert_true (pr_test_run_until (is_answered, bed->plan, 20));
    g_assert_nonnull (pr_plan_get_versions (bed->plan));
    g_assert_cmpint (wait_for_file (bed), ==, PR_CHECK_GOOD);
}

/* When nobody can be asked any more, what was heard last serves, and says how old it is. */
static void
test_copy (void)
{
    g_autoptr (Bed) bed = bed_new ("", PR_GOAL_RESTORE);
    PrServers like = *bed->servers;
    g_autoptr (PrServers) keeping = NULL;

    like.copies = bed->folder;
    keeping = pr_servers_new (&like);
    pr_plan_set_servers (bed->plan, keeping);
    g_assert_true (pr_test_run_until (is_answered, bed->plan, 20));
    g_assert_cmpint (pr_plan_get_versions_age (bed->plan), ==, 0);
    pr_test_phone_tell (bed->desk->virtual, "fault servers-down");
    pr_plan_check_again (bed->plan);
    g_assert_true (pr_test_run_until (is_answered, bed->plan, 40));
    g_assert_nonnull (pr_plan_get_versions (bed->plan));
    g_assert_cmpint (pr_plan_get_versions_age (bed->plan), >, 0);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
    g_test_add_func ("/download/journey", test_journey);
    g_test_add_func ("/download/pause-and-stop", test_pause_and_stop);
    g_test_add_func ("/download/faults", test_faults);
    g_test_add_func ("/download/wrong-digest", test_wrong_digest);
    g_test_add_func ("/download/no-servers", test_no_servers);
    g_test_add_func ("/download/copy", test_copy);
    return g_test_run ();
}
