/* The plan's goals about backups, without a display. Phones are the test's own, backups are real ones of a virtual
 * phone: one plain, one encrypted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "clock.h"
#include "job.h"
#include "plan-bed.h"
#include "pr-back-up.h"
#include "pr-backup-place.h"
#include "pr-change-password.h"
#include "pr-put-back.h"

#define GB G_GUINT64_CONSTANT (1000000000)
#define MARGIN PR_BACKUP_PLACE_MARGIN

static Bed *plain, *encrypted;

static void
look (PrPlan *plan)
{
    g_assert_true (pr_test_run_until (plan_bed_is_looked_at, plan, 20));
}

static void
assert_check (PrPlan *plan, PrCheckKind kind, PrCheckState state, int code)
{
    PrCheck *check = job_find_check (plan, kind);

    g_assert_nonnull (check);
    g_assert_cmpint (pr_check_get_state (check), ==, state);
    if (code < 0)
        g_assert_no_error (pr_check_get_error (check));
    else
        g_assert_error (pr_check_get_error (check), PR_ERROR, code);
}

static void
pass_readiness (PrPlan *plan)
{
    look (plan);
    job_accept_all (plan);
}

static void
assert_question (PrPlan *plan, PrQuestion question)
{
    g_assert_cmpint (pr_plan_get_next_question (plan), ==, question);
}

static void
assert_creates (PrPlan *plan, GType type)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrOperation) operation = pr_plan_create_operation (plan, &error);

    g_assert_no_error (error);
    g_assert_true (G_TYPE_CHECK_INSTANCE_TYPE (operation, type));
}

/* --- Which question comes next --- */

static void
test_back_up (void)
{
    g_autoptr (PrPhone) phone = plan_bed_make_phone ();
    g_autoptr (PrPlan) plan = plan_bed_make_plan (plain, phone, PR_GOAL_BACK_UP);

    assert_question (plan, PR_QUESTION_READINESS);
    pass_readiness (plan);
    assert_question (plan, PR_QUESTION_NONE);
    assert_creates (plan, PR_TYPE_BACK_UP);
    g_object_set (phone, "mode", PR_PHONE_MODE_RECOVERY, NULL);
    g_assert_false (pr_plan_goal_is_possible (plan, PR_GOAL_BACK_UP));
    g_assert_false (pr_plan_goal_is_possible (plan, PR_GOAL_PUT_BACK));
}

static void
test_put_back (void)
{
    g_autoptr (PrPhone) phone = plan_bed_make_phone ();
    g_autoptr (PrPlan) plan = plan_bed_make_plan (plain, phone, PR_GOAL_PUT_BACK);
    g_autoptr (GError) error = NULL;

    assert_question (plan, PR_QUESTION_BACKUP);
    g_assert_null (pr_plan_get_confirmed_file (plan));
    pr_plan_set_backup (plan, bed_find (plain));
    assert_question (plan, PR_QUESTION_READINESS);
    g_assert_cmpstr (pr_plan_get_confirmed_file (plan), ==, plain->path);
    g_assert_true (pr_plan_get_same_phone (plan));
    pass_readiness (plan);
    assert_question (plan, PR_QUESTION_CONFIRM);
    plan_bed_confirm (plan, DESK_ECID, "put-back", "/else");
    plan_bed_confirm (plan, DESK_ECID, "restore", plain->path);
    plan_bed_confirm (plan, DESK_ECID - 1, "put-back", plain->path);
    assert_question (plan, PR_QUESTION_CONFIRM);
    plan_bed_confirm (plan, DESK_ECID, "put-back", plain->path);
    assert_question (plan, PR_QUESTION_NONE);
    assert_creates (plan, PR_TYPE_PUT_BACK);
    clock_put_forward (61);
    g_assert_null (pr_plan_create_operation (plan, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_NOT_CONFIRMED);
    assert_question (plan, PR_QUESTION_CONFIRM);
}

static void
test_encryption (void)
{
    static const struct {
        PrGoal goal;
        PrAnswer now; /* in which it is offered */
        const char *old_password, *new_password;
    } cases[] = {
        { PR_GOAL_ENCRYPT, PR_ANSWER_NO, NULL, "new" },
        { PR_GOAL_CHANGE_PASSWORD, PR_ANSWER_YES, "old", "new" },
        { PR_GOAL_DECRYPT, PR_ANSWER_YES, "old", NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (PrPhone) phone = plan_bed_make_phone ();
        g_autoptr (PrPlan) plan = plan_bed_make_plan (plain, phone, cases[i].goal);

        g_object_set (phone, "encrypts", PR_ANSWER_UNKNOWN, NULL);
        g_assert_true (pr_plan_goal_is_possible (plan, cases[i].goal));
        g_object_set (phone, "encrypts", cases[i].now, NULL);
        g_assert_true (pr_plan_goal_is_possible (plan, cases[i].goal));
        g_object_set (phone, "encrypts", cases[i].now == PR_ANSWER_YES ? PR_ANSWER_NO : PR_ANSWER_YES, NULL);
        g_assert_false (pr_plan_goal_is_possible (plan, cases[i].goal));
        assert_question (plan, PR_QUESTION_PASSWORD);
        pr_plan_set_passwords (plan, "", "");
        assert_question (plan, PR_QUESTION_PASSWORD);
        pr_plan_set_passwords (plan, cases[i].old_password, cases[i].new_password);
        assert_question (plan, PR_QUESTION_NONE);
        assert_creates (plan, PR_TYPE_CHANGE_PASSWORD);
        pr_plan_set_goal (plan, cases[i].goal); /* they are not kept for another time */
        assert_question (plan, PR_QUESTION_PASSWORD);
    }
}

/* --- Readiness before a backup --- */

static void
test_place (void)
{
    static const char *const places[] = { "/nonexistent/place/backups", "/dev/null", "/proc/backups" };
    g_autoptr (PrPhone) phone = plan_bed_make_phone ();

    for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
        g_autoptr (PrBackupLibrary) library = pr_backup_library_new (places[i]);
        g_autoptr (PrPlan) plan = pr_plan_new (plain->desk->list, library, NULL, NULL, NULL);

        pr_plan_set_phone (plan, phone);
        pr_plan_set_goal (plan, PR_GOAL_BACK_UP);
        look (plan);
        if (i < 2)
            assert_check (plan, PR_CHECK_PLACE, PR_CHECK_BLOCKING, PR_ERROR_BACKUP_DISK_GONE);
        else /* of a kind that is not known to us, or not to be written to */
            g_assert_cmpint (pr_check_get_state (job_find_check (plan, PR_CHECK_PLACE)), !=, PR_CHECK_GOOD);
        pass_readiness (plan);
        assert_question (plan, PR_QUESTION_READINESS);
    }
}

static gboolean
has_backup (gpointer data)
{
    return pr_plan_get_backup (data) != NULL;
}

static void
test_place_good (void)
{
    g_autoptr (PrPhone) phone = plan_bed_make_phone ();
    g_autoptr (PrPlan) plan = plan_bed_make_plan (plain, phone, PR_GOAL_BACK_UP);

    look (plan);
    assert_check (plan, PR_CHECK_PLACE, PR_CHECK_GOOD, -1);
    assert_check (plan, PR_CHECK_ENCRYPTION, PR_CHECK_GOOD, -1);
    assert_check (plan, PR_CHECK_PASSWORD, PR_CHECK_GOOD, -1);
    g_assert_cmpuint (pr_plan_get_room_free (plan), >, 0);
    g_assert_cmpuint (pr_plan_get_room_needed (plan), >, MARGIN);
    g_assert_cmpuint (pr_plan_get_room_needed (plan), <, GB); /* by the backup that is there, not by the phone's use */
    g_assert_true (pr_test_run_until (has_backup, plan, 10));
    g_assert_cmpstr (pr_backup_get_path (pr_plan_get_backup (plan)), ==, plain->path);
}

static void
test_room (void)
{
    static const struct {
        gboolean links;
        guint64 last, used, free, needed;
        PrBackupRoom room;
    } cases[] = {
        /* the first: as much as is in use, if that is known */
        { TRUE, 0, 50 * GB, 60 * GB, 50 * GB + MARGIN, PR_BACKUP_ROOM_FITS },
        { FALSE, 0, 50 * GB, 60 * GB, 50 * GB + MARGIN, PR_BACKUP_ROOM_FITS },
        { TRUE, 0, 50 * GB, 40 * GB, 50 * GB + MARGIN, PR_BACKUP_ROOM_TIGHT },
        { TRUE, 0, 0, 40 * GB, 0, PR_BACKUP_ROOM_UNKNOWN },
        { TRUE, 0, 50 * GB, MARGIN / 2, 50 * GB + MARGIN, PR_BACKUP_ROOM_NONE },
        /* a later one: a tenth, and a second copy where there are no links */
        { TRUE, 30 * GB, 50 * GB, 10 * GB, 3 * GB + MARGIN, PR_BACKUP_ROOM_FITS },
        { TRUE, 30 * GB, 50 * GB, 2 * GB, 3 * GB + MARGIN, PR_BACKUP_ROOM_TIGHT },
        { FALSE, 30 * GB, 50 * GB, 40 * GB, 33 * GB + MARGIN, PR_BACKUP_ROOM_FITS },
        { FALSE, 30 * GB, 50 * GB, 32 * GB, 33 * GB + MARGIN, PR_BACKUP_ROOM_TIGHT },
        { FALSE, 30 * GB, 50 * GB, 20 * GB, 3 * GB + MARGIN, PR_BACKUP_ROOM_JOURNAL },
        { FALSE, 30 * GB, 50 * GB, 2 * GB, 3 * GB + MARGIN, PR_BACKUP_ROOM_NONE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        PrBackupPlace place = { .links = cases[i].links, .free = cases[i].free, .last_bytes = cases[i].last };
        guint64 needed;

        g_test_message ("case %" G_GSIZE_FORMAT, i);
        g_assert_cmpint (pr_backup_place_estimate (&place, cases[i].used, &needed), ==, cases[i].room);
        g_assert_cmpuint (needed, ==, cases[i].needed);
    }
}

/* Of a phone that encrypts, a password can be proven with the backup before; without that nothing is promised. */
static void
test_phone_password (void)
{
    g_autoptr (PrPhone) phone = plan_bed_make_phone ();
    g_autoptr (PrPlan) plan = NULL;

    g_object_set (phone, "encrypts", PR_ANSWER_YES, NULL);
    plan = plan_bed_make_plan (encrypted, phone, PR_GOAL_BACK_UP);
    look (plan);
    assert_check (plan, PR_CHECK_PASSWORD, PR_CHECK_NOT_KNOWN, -1);
    pr_plan_try_password (plan, "wrong");
    look (plan);
    assert_check (plan, PR_CHECK_PASSWORD, PR_CHECK_NOT_KNOWN, PR_ERROR_WRONG_BACKUP_PASSWORD);
    pr_plan_try_password (plan, BED_PASSWORD);
    look (plan);
    assert_check (plan, PR_CHECK_PASSWORD, PR_CHECK_GOOD, -1);
    pr_plan_try_password (plan, "wrong");
    look (plan);
    assert_check (plan, PR_CHECK_PASSWORD, PR_CHECK_NOT_KNOWN, PR_ERROR_WRONG_BACKUP_PASSWORD);
    pass_readiness (plan);
    assert_question (plan, PR_QUESTION_NONE);
}

/* --- Readiness before a backup is put back --- */

static void
test_phone_fits (void)
{
    static const struct {
        const char *property;
        int value;
        const char *text;
        PrCheckKind kind;
        PrCheckState state;
        int code;
    } cases[] = {
        { "find-my", PR_ANSWER_YES, NULL, PR_CHECK_FIND_MY, PR_CHECK_BLOCKING, PR_ERROR_FIND_MY_ON },
        { "find-my", PR_ANSWER_UNKNOWN, NULL, PR_CHECK_FIND_MY, PR_CHECK_NOT_KNOWN, -1 },
        { "set-up", PR_ANSWER_NO, NULL, PR_CHECK_SETUP, PR_CHECK_BLOCKING, PR_ERROR_SETUP_UNFINISHED },
        { "set-up", PR_ANSWER_UNKNOWN, NULL, PR_CHECK_SETUP, PR_CHECK_NOT_KNOWN, PR_ERROR_SETUP_UNFINISHED },
        { "activated", PR_ANSWER_NO, NULL, PR_CHECK_SETUP, PR_CHECK_BLOCKING, PR_ERROR_NOT_ACTIVATED },
        { "version", 0, "17.5", PR_CHECK_FITS, PR_CHECK_BLOCKING, PR_ERROR_BACKUP_MISFIT },
        { "version", 0, "17.10", PR_CHECK_FITS, PR_CHECK_GOOD, -1 },
        { "version", 0, NULL, PR_CHECK_FITS, PR_CHECK_NOT_KNOWN, -1 },
        { "product-type", 0, "iPhone13,2", PR_CHECK_FITS, PR_CHECK_GOOD, -1 },
        { "product-type", 0, "iPad13,2", PR_CHECK_FITS, PR_CHECK_WARNING, -1 },
        { "storage-total", 1000, NULL, PR_CHECK_ROOM, PR_CHECK_BLOCKING, PR_ERROR_PHONE_FULL },
        { "storage-total", 0, NULL, PR_CHECK_ROOM, PR_CHECK_NOT_KNOWN, -1 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (PrPhone) phone = plan_bed_make_phone ();
        g_autoptr (PrPlan) plan = plan_bed_make_plan (plain, phone, PR_GOAL_PUT_BACK);

        g_test_message ("%s %d %s", cases[i].property, cases[i].value, cases[i].text);
        pr_plan_set_backup (plan, bed_find (plain));
        look (plan);
        assert_check (plan, cases[i].kind, PR_CHECK_GOOD, -1);
        if (g_str_equal (cases[i].property, "version") || g_str_equal (cases[i].property, "product-type"))
            g_object_set (phone, cases[i].property, cases[i].text, NULL);
        else if (g_str_has_prefix (cases[i].property, "storage"))
            g_object_set (phone, cases[i].property, (guint64) cases[i].value, NULL);
        else
            g_object_set (phone, cases[i].property, cases[i].value, NULL);
        look (plan);
        assert_check (plan, cases[i].kind, cases[i].state, cases[i].code);
        pass_readiness (plan);
        assert_question (plan, cases[i].state == PR_CHECK_BLOCKING ? PR_QUESTION_READINESS : PR_QUESTION_CONFIRM);
    }
}

/* Another phone that gets it needs the room beside what it has. */
static void
test_phone_room (void)
{
    g_autoptr (PrPhone) phone = plan_bed_make_phone ();
    g_autoptr (PrPlan) plan = plan_bed_make_plan (plain, phone, PR_GOAL_PUT_BACK);

    g_object_set (phone, "storage-free", (guint64) 1000, NULL);
    pr_plan_set_backup (plan, bed_find (plain));
    look (plan);
    assert_check (plan, PR_CHECK_ROOM, PR_CHECK_GOOD, -1);
    pr_plan_set_same_phone (plan, FALSE);
    assert_check (plan, PR_CHECK_ROOM, PR_CHECK_WARNING, -1);
    g_assert_cmpuint (pr_plan_get_room_free (plan), ==, 1000);
    g_assert_cmpuint (pr_plan_get_room_needed (plan), >, 1000000);
}

static void
test_backup_password (void)
{
    g_autoptr (PrPhone) phone = plan_bed_make_phone ();
    g_autoptr (PrPlan) plan = plan_bed_make_plan (encrypted, phone, PR_GOAL_PUT_BACK);

    pr_plan_set_backup (plan, bed_find (encrypted));
    look (plan);
    assert_check (plan, PR_CHECK_INTACT, PR_CHECK_GOOD, -1);
    assert_check (plan, PR_CHECK_PASSWORD, PR_CHECK_BLOCKING, -1);
    pr_plan_try_password (plan, "wrong");
    look (plan);
    assert_check (plan, PR_CHECK_INTACT, PR_CHECK_GOOD, -1);
    assert_check (plan, PR_CHECK_PASSWORD, PR_CHECK_BLOCKING, PR_ERROR_WRONG_BACKUP_PASSWORD);
    pass_readiness (plan);
    assert_question (plan, PR_QUESTION_READINESS);
    pr_plan_try_password (plan, BED_PASSWORD);
    look (plan);
    assert_check (plan, PR_CHECK_PASSWORD, PR_CHECK_GOOD, -1);
    g_assert_cmpint (pr_backup_get_health (pr_plan_get_backup (plan)), ==, PR_BACKUP_HEALTH_GOOD);
    pass_readiness (plan);
    assert_question (plan, PR_QUESTION_CONFIRM);
    /* one that was right is not kept when another is tried, nor for another backup */
    pr_plan_try_password (plan, "wrong");
    look (plan);
    assert_check (plan, PR_CHECK_PASSWORD, PR_CHECK_BLOCKING, PR_ERROR_WRONG_BACKUP_PASSWORD);
    assert_question (plan, PR_QUESTION_READINESS);
    pr_plan_try_password (plan, BED_PASSWORD);
    pr_plan_set_backup (plan, bed_find (encrypted));
    look (plan);
    assert_check (plan, PR_CHECK_PASSWORD, PR_CHECK_BLOCKING, -1);
}

/* Whatever changes after Confirm, it has to be confirmed again. */
static void
test_taken_back (void)
{
    for (guint i = 0; i < 7; i++) {
        g_autoptr (PrPhone) phone = plan_bed_make_phone ();
        g_autoptr (PrPlan) plan = plan_bed_make_plan (plain, phone, PR_GOAL_PUT_BACK);
        g_autoptr (GError) error = NULL;

        g_test_message ("change %u", i);
        pr_plan_set_backup (plan, bed_find (plain));
        pass_readiness (plan);
        plan_bed_confirm (plan, DESK_ECID, "put-back", plain->path);
        assert_question (plan, PR_QUESTION_NONE);
        if (i == 0)
            pr_plan_set_backup (plan, pr_plan_get_backup (plan));
        else if (i == 1)
            pr_plan_set_same_phone (plan, FALSE);
        else if (i == 2)
            pr_plan_check_again (plan);
        else if (i == 3)
            g_object_set (phone, "find-my", PR_ANSWER_UNKNOWN, NULL);
        else if (i == 4)
            g_object_set (phone, "mode", PR_PHONE_MODE_GONE, NULL);
        else if (i == 5)
            pr_plan_set_backup (plan, NULL);
        else
            pr_plan_set_goal (plan, PR_GOAL_PUT_BACK);
        g_assert_cmpint (pr_plan_get_next_question (plan), <, PR_QUESTION_CONFIRM);
        g_assert_null (pr_plan_create_operation (plan, &error));
        g_assert_error (error, PR_ERROR, PR_ERROR_NOT_CONFIRMED);
    }
    /* a list that is read anew without a change is none */
    {
        g_autoptr (PrPhone) phone = plan_bed_make_phone ();
        g_autoptr (PrPlan) plan = plan_bed_make_plan (plain, phone, PR_GOAL_PUT_BACK);

        pr_plan_set_backup (plan, bed_find (plain));
        pass_readiness (plan);
        plan_bed_confirm (plan, DESK_ECID, "put-back", plain->path);
        bed_find (plain);
        assert_question (plan, PR_QUESTION_NONE);
        g_assert_true (pr_plan_get_backup (plan) == pr_backup_library_find_path (plain->library, plain->path));
    }
}

/* --- The last backup, before everything is erased --- */

static void
test_last_backup (void)
{
    g_autoptr (PrPhone) phone = plan_bed_make_phone (), other = plan_bed_make_phone ();
    g_autoptr (PrPlan) plan = plan_bed_make_plan (plain, phone, PR_GOAL_RESTORE);
    g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

    look (plan);
    assert_check (plan, PR_CHECK_BACKUP, PR_CHECK_GOOD, -1);
    g_object_set (other, "udid", "00008110-001122334455667B", NULL);
    pr_plan_set_phone (plan, other);
    pr_plan_set_goal (plan, PR_GOAL_RESTORE);
    look (plan);
    assert_check (plan, PR_CHECK_BACKUP, PR_CHECK_NOT_KNOWN, -1); /* there is none */
    g_object_set (other, "last-computer-backup", now, NULL);
    assert_check (plan, PR_CHECK_BACKUP, PR_CHECK_NOT_KNOWN, -1); /* on another computer */
    g_object_set (other, "last-cloud-backup", now, NULL);
    assert_check (plan, PR_CHECK_BACKUP, PR_CHECK_GOOD, -1);
}

static void
test_last_encrypted (void)
{
    g_autoptr (PrPhone) phone = plan_bed_make_phone ();
    g_autoptr (PrPlan) plan = NULL;

    pr_backup_set_health (bed_find (encrypted), PR_BACKUP_HEALTH_UNPROVEN);
    plan = plan_bed_make_plan (encrypted, phone, PR_GOAL_UPDATE);
    look (plan);
    assert_check (plan, PR_CHECK_BACKUP, PR_CHECK_NOT_KNOWN, -1);
    pr_plan_try_password (plan, "wrong");
    look (plan);
    assert_check (plan, PR_CHECK_BACKUP, PR_CHECK_NOT_KNOWN, PR_ERROR_WRONG_BACKUP_PASSWORD);
    pr_plan_try_password (plan, BED_PASSWORD);
    look (plan);
    assert_check (plan, PR_CHECK_BACKUP, PR_CHECK_GOOD, -1);
}

/* One that was good and is not any more counts as little as none. */
static void
test_last_damaged (void)
{
    g_autofree char *status = g_build_filename (plain->path, "Status.plist", NULL);
    g_autofree char *manifest = g_build_filename (plain->path, "Manifest.db", NULL);
    g_autofree char *aside = g_build_filename (plain->folder, "aside", NULL);
    g_autoptr (PrPhone) phone = plan_bed_make_phone ();
    g_autoptr (PrPlan) plan = NULL;

    g_assert_cmpint (g_rename (manifest, aside), ==, 0);
    g_assert_true (g_file_set_contents (manifest, "nothing", -1, NULL));
    plan = plan_bed_make_plan (plain, phone, PR_GOAL_RESTORE);
    look (plan);
    assert_check (plan, PR_CHECK_BACKUP, PR_CHECK_WARNING, PR_ERROR_BACKUP_DAMAGED);
    pr_plan_set_goal (plan, PR_GOAL_PUT_BACK);
    pr_plan_set_backup (plan, bed_find (plain));
    look (plan);
    assert_check (plan, PR_CHECK_INTACT, PR_CHECK_BLOCKING, PR_ERROR_BACKUP_DAMAGED);
    g_assert_cmpint (g_rename (aside, manifest), ==, 0);
    pr_plan_check_again (plan);
    look (plan);
    assert_check (plan, PR_CHECK_INTACT, PR_CHECK_GOOD, -1);
}

int
main (int argc, char **argv)
{
    int result;

    g_test_init (&argc, &argv, NULL);
    encrypted = bed_new (BED_ENCRYPTED);
    bed_back_up (encrypted, NULL, JOB_DONE, NULL);
    plain = bed_new (BED_PLAIN);
    bed_back_up (plain, NULL, JOB_DONE, NULL);
    g_test_add_func ("/plan-backups/back-up", test_back_up);
    g_test_add_func ("/plan-backups/put-back", test_put_back);
    g_test_add_func ("/plan-backups/encryption", test_encryption);
    g_test_add_func ("/plan-backups/place", test_place);
    g_test_add_func ("/plan-backups/place/good", test_place_good);
    g_test_add_func ("/plan-backups/room", test_room);
    g_test_add_func ("/plan-backups/phone-password", test_phone_password);
    g_test_add_func ("/plan-backups/phone-fits", test_phone_fits);
    g_test_add_func ("/plan-backups/phone-room", test_phone_room);
    g_test_add_func ("/plan-backups/backup-password", test_backup_password);
    g_test_add_func ("/plan-backups/taken-back", test_taken_back);
    g_test_add_func ("/plan-backups/last", test_last_backup);
    g_test_add_func ("/plan-backups/last/encrypted", test_last_encrypted);
    g_test_add_func ("/plan-backups/last/damaged", test_last_damaged);
    result = g_test_run ();
    bed_free (plain);
    bed_free (encrypted);
    return result;
}
