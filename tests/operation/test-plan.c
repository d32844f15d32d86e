/* The plan without a display: which question comes next, and that nothing erases which was not confirmed just so. The
 * phone is one of the test's own; usbmuxd and a system file that fits are a virtual phone's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "clock.h"
#include "job.h"
#include "pr-reinstall.h"

#define ECID DESK_ECID
#define NAME "Anna’s iPhone"

static PrTestPhone *virtual;
static PrUsbWatch *usb;
static PrPhoneList *phones;
static PrBackupLibrary *library;
static char *backups; /* the library's folder */
static char *folder, *file;

/* One about which everything is known and good. */
static PrPhone *
make_phone (guint64 ecid)
{
    g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

    return g_object_new (PR_TYPE_PHONE, "ecid", ecid, "udid", DESK_UDID, "mode", PR_PHONE_MODE_NORMAL, "trust",
                         PR_TRUST_TRUSTED, "name", NAME, "product-type", "iPhone14,7", "board", "d27ap", "version",
                         "17.5.1", "battery", 82, "hub-depth", 0, "recovery-access", PR_ACCESS_GOOD, "find-my",
                         PR_ANSWER_NO, "supervised", PR_ANSWER_NO, "last-computer-backup", now, NULL);
}

static PrPlan *
make_plan (PrPhone *phone)
{
    PrPlan *plan = pr_plan_new (phones, library, NULL, NULL, folder);

    pr_plan_set_phone (plan, phone);
    return plan;
}

static gboolean
is_looked_at (gpointer data)
{
    static const PrCheckKind kinds[] = { PR_CHECK_FILE, PR_CHECK_PLACE, PR_CHECK_INTACT, PR_CHECK_BACKUP };
    PrPhone *phone = pr_plan_get_phone (data);

    for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
        PrCheck *check = job_find_check (data, kinds[i]);

        /* the last is not judged while the phone is away */
        if (check == NULL || (kinds[i] == PR_CHECK_BACKUP && pr_phone_get_mode (phone) == PR_PHONE_MODE_GONE))
            continue;
        if (pr_check_get_state (check) == PR_CHECK_PENDING)
            return FALSE;
    }
    return TRUE;
}

/* A person who accepts whatever can be accepted, and goes on. */
static void
pass_readiness (PrPlan *plan)
{
    g_assert_true (pr_test_run_until (is_looked_at, plan, 20));
    job_accept_all (plan);
}

static void
confirm (PrPlan *plan, guint64 ecid, const char *action, const char *path)
{
    pr_plan_take_confirmation (plan, pr_confirmation_new (ecid, action, path, NAME, NAME, TRUE));
}

static void
assert_question (PrPlan *plan, PrQuestion question)
{
    g_assert_cmpint (pr_plan_get_next_question (plan), ==, question);
}

/* --- Which question comes next --- */

static const struct {
    PrGoal goal;
    const char *modes; /* in which it is possible: Normal, Recovery, Dfu */
    PrQuestion first, passed;
} goals[] = {
    { PR_GOAL_RESTART, "N", PR_QUESTION_NONE, PR_QUESTION_NONE },
    { PR_GOAL_SHUT_DOWN, "N", PR_QUESTION_NONE, PR_QUESTION_NONE },
    { PR_GOAL_ENTER_RECOVERY, "N", PR_QUESTION_READINESS, PR_QUESTION_NONE },
    { PR_GOAL_LEAVE_RECOVERY, "R", PR_QUESTION_NONE, PR_QUESTION_NONE },
    { PR_GOAL_UPDATE, "NRD", PR_QUESTION_READINESS, PR_QUESTION_CONFIRM },
    { PR_GOAL_RESTORE, "NRD", PR_QUESTION_READINESS, PR_QUESTION_CONFIRM },
};

static const struct {
    PrPhoneMode mode;
    char letter;
} modes[] = {
    { PR_PHONE_MODE_NORMAL, 'N' }, { PR_PHONE_MODE_RECOVERY, 'R' }, { PR_PHONE_MODE_DFU, 'D' },
    { PR_PHONE_MODE_RESTORE, 0 },  { PR_PHONE_MODE_GONE, 0 },
};

static void
test_goal_in_mode (gsize g, gsize m)
{
    g_autoptr (PrPhone) phone = make_phone (ECID);
    g_autoptr (PrPlan) plan = make_plan (phone);
    gboolean there = modes[m].letter != 0;
    PrQuestion passed = goals[g].first == PR_QUESTION_READINESS && !there ? PR_QUESTION_READINESS : goals[g].passed;

    g_object_set (phone, "mode", modes[m].mode, NULL);
    assert_question (plan, PR_QUESTION_GOAL);
    g_assert_cmpint (pr_plan_goal_is_possible (plan, goals[g].goal), ==,
                     there && strchr (goals[g].modes, modes[m].letter) != NULL);
    pr_plan_set_goal (plan, goals[g].goal);
    assert_question (plan, goals[g].first);
    pass_readiness (plan);
    assert_question (plan, passed);
    if (passed != PR_QUESTION_CONFIRM)
        return;
    confirm (plan, ECID, pr_plan_goal_get_action (goals[g].goal), pr_plan_get_file (plan));
    assert_question (plan, PR_QUESTION_NONE);
}

static void
test_questions (void)
{
    g_autoptr (PrPlan) plan = make_plan (NULL);

    assert_question (plan, PR_QUESTION_PHONE);
    for (gsize g = 0; g < G_N_ELEMENTS (goals); g++)
        for (gsize m = 0; m < G_N_ELEMENTS (modes); m++)
            test_goal_in_mode (g, m);
}

/* --- What takes answers back --- */

typedef void (*Change) (PrPlan *plan, PrPhone *phone);

static void
change_find_my (PrPlan *plan, PrPhone *phone)
{
    g_object_set (phone, "find-my", PR_ANSWER_UNKNOWN, NULL);
}

static void
change_mode (PrPlan *plan, PrPhone *phone)
{
    g_object_set (phone, "mode", PR_PHONE_MODE_GONE, NULL);
}

static void
change_access (PrPlan *plan, PrPhone *phone)
{
    g_object_set (phone, "recovery-access", PR_ACCESS_REFUSED, NULL);
}

static void
change_board (PrPlan *plan, PrPhone *phone)
{
    g_object_set (phone, "board", "d28ap", NULL);
}

static void
change_file (PrPlan *plan, PrPhone *phone)
{
    pr_plan_set_file (plan, file);
}

static void
change_nothing (PrPlan *plan, PrPhone *phone)
{
    pr_plan_check_again (plan);
}

static void
change_acceptance (PrPlan *plan, PrPhone *phone)
{
    pr_check_set_accepted (job_find_check (plan, PR_CHECK_UNSEEN), FALSE);
}

static void
change_passed (PrPlan *plan, PrPhone *phone)
{
    pr_plan_set_readiness_passed (plan, FALSE);
}

static void
change_goal_and_back (PrPlan *plan, PrPhone *phone)
{
    pr_plan_set_goal (plan, PR_GOAL_UPDATE);
    pr_plan_set_goal (plan, PR_GOAL_RESTORE);
}

static const Change changes[] = {
    change_find_my, change_mode,       change_access, change_board,         change_file,
    change_nothing, change_acceptance, change_passed, change_goal_and_back,
};

static void
restore_values (PrPhone *phone)
{
    g_object_set (phone, "find-my", PR_ANSWER_NO, "mode", PR_PHONE_MODE_NORMAL, "recovery-access", PR_ACCESS_GOOD,
                  "board", "d27ap", NULL);
}

/* Whatever changes, Readiness is open again; and it stays so when the change is undone, until the person goes on. */
static void
test_taken_back (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (changes); i++) {
        g_autoptr (PrPhone) phone = make_phone (ECID);
        g_autoptr (PrPlan) plan = make_plan (phone);
        g_autoptr (GError) error = NULL;

        g_test_message ("change %" G_GSIZE_FORMAT, i);
        pr_plan_set_goal (plan, PR_GOAL_RESTORE);
        pass_readiness (plan);
        confirm (plan, ECID, "restore", pr_plan_get_file (plan));
        assert_question (plan, PR_QUESTION_NONE);
        changes[i](plan, phone);
        assert_question (plan, PR_QUESTION_READINESS);
        g_assert_null (pr_plan_create_operation (plan, &error));
        g_assert_error (error, PR_ERROR, PR_ERROR_NOT_CONFIRMED);
        restore_values (phone);
        g_assert_true (pr_test_run_until (is_looked_at, plan, 20));
        assert_question (plan, PR_QUESTION_READINESS);
        pass_readiness (plan);
        assert_question (plan, PR_QUESTION_CONFIRM);
    }
}

static void
test_another_phone (void)
{
    g_autoptr (PrPhone) anna = make_phone (ECID), bert = make_phone (ECID - 1);
    g_autoptr (PrPlan) plan = make_plan (anna);

    pr_plan_set_goal (plan, PR_GOAL_RESTORE);
    pass_readiness (plan);
    confirm (plan, ECID, "restore", pr_plan_get_file (plan));
    pr_plan_set_phone (plan, bert);
    assert_question (plan, PR_QUESTION_GOAL);
    g_assert_cmpint (pr_plan_get_goal (plan), ==, PR_GOAL_NONE);
    g_assert_null (pr_plan_get_file (plan));
    pr_plan_set_goal (plan, PR_GOAL_RESTORE);
    pass_readiness (plan);
    assert_question (plan, PR_QUESTION_CONFIRM);
    confirm (plan, ECID, "restore", pr_plan_get_file (plan));
    assert_question (plan, PR_QUESTION_CONFIRM);
    g_object_set (anna, "find-my", PR_ANSWER_YES, NULL);
    confirm (plan, ECID - 1, "restore", pr_plan_get_file (plan));
    assert_question (plan, PR_QUESTION_NONE);
    pr_plan_set_phone (plan, NULL);
    assert_question (plan, PR_QUESTION_PHONE);
}

/* --- Confirmation --- */

static void
test_confirmations (void)
{
    const struct {
        guint64 ecid;
        const char *action, *path;
        gboolean good;
    } cases[] = {
        { ECID, "restore", file, TRUE },     { ECID - 1, "restore", file, FALSE }, { ECID, "update", file, FALSE },
        { ECID, "restore", "/else", FALSE }, { ECID, "restore", NULL, FALSE },     { ECID, "", file, FALSE },
    };
    g_autoptr (PrPhone) phone = make_phone (ECID);
    g_autoptr (PrPlan) plan = make_plan (phone);

    confirm (plan, ECID, "restore", file); /* before it was asked for */
    pr_plan_set_goal (plan, PR_GOAL_RESTORE);
    confirm (plan, ECID, "restore", file);
    pass_readiness (plan);
    assert_question (plan, PR_QUESTION_CONFIRM);
    g_assert_cmpstr (pr_plan_get_file (plan), ==, file);
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        confirm (plan, cases[i].ecid, cases[i].action, cases[i].path);
        assert_question (plan, cases[i].good ? PR_QUESTION_NONE : PR_QUESTION_CONFIRM);
    }
    pr_plan_take_confirmation (plan, NULL);
    assert_question (plan, PR_QUESTION_CONFIRM);
}

/* Good for a minute, and then asked for again. */
static void
test_old_confirmation (void)
{
    g_autoptr (PrPhone) phone = make_phone (ECID);
    g_autoptr (PrPlan) plan = make_plan (phone);
    g_autoptr (PrOperation) operation = NULL;
    g_autoptr (GError) error = NULL;

    pr_plan_set_goal (plan, PR_GOAL_RESTORE);
    pass_readiness (plan);
    confirm (plan, ECID, "restore", file);
    operation = pr_plan_create_operation (plan, &error);
    g_assert_no_error (error);
    g_assert_true (PR_IS_REINSTALL (operation));
    g_assert_false (pr_reinstall_get_keep_data (PR_REINSTALL (operation)));
    clock_put_forward (61);
    assert_question (plan, PR_QUESTION_NONE);
    g_assert_null (pr_plan_create_operation (plan, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_NOT_CONFIRMED);
    assert_question (plan, PR_QUESTION_CONFIRM);
}

/* --- Readiness --- */

/* A blocker is not passed, however often it is accepted; and what is not known is never good. */
static void
test_readiness (void)
{
    static const struct {
        const char *property;
        int value;
        PrCheckKind kind;
        PrCheckState state;
    } cases[] = {
        { "recovery-access", PR_ACCESS_REFUSED, PR_CHECK_ACCESS, PR_CHECK_BLOCKING },
        { "recovery-access", PR_ACCESS_UNKNOWN, PR_CHECK_ACCESS, PR_CHECK_NOT_KNOWN },
        { "trust", PR_TRUST_REFUSED, PR_CHECK_TRUST, PR_CHECK_BLOCKING },
        { "trust", PR_TRUST_UNKNOWN, PR_CHECK_TRUST, PR_CHECK_PENDING },
        { "mode", PR_PHONE_MODE_GONE, PR_CHECK_TRUST, PR_CHECK_PENDING },
        { "mode", PR_PHONE_MODE_RESTORE, PR_CHECK_TRUST, PR_CHECK_PENDING },
        { "find-my", PR_ANSWER_UNKNOWN, PR_CHECK_FIND_MY, PR_CHECK_NOT_KNOWN },
        { "find-my", PR_ANSWER_YES, PR_CHECK_FIND_MY, PR_CHECK_WARNING },
        { "supervised", PR_ANSWER_UNKNOWN, PR_CHECK_SUPERVISION, PR_CHECK_NOT_KNOWN },
        { "battery", -1, PR_CHECK_BATTERY, PR_CHECK_NOT_KNOWN },
        { "hub-depth", -1, PR_CHECK_LINK, PR_CHECK_NOT_KNOWN },
        { "last-computer-backup", 0, PR_CHECK_BACKUP, PR_CHECK_NOT_KNOWN },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (PrPhone) phone = make_phone (ECID);
        g_autoptr (PrPlan) plan = make_plan (phone);
        gboolean may = cases[i].state == PR_CHECK_WARNING || cases[i].state == PR_CHECK_NOT_KNOWN;

        g_test_message ("%s %d", cases[i].property, cases[i].value);
        g_object_set (phone, cases[i].property, cases[i].value, NULL);
        pr_plan_set_goal (plan, PR_GOAL_RESTORE);
        g_assert_true (pr_test_run_until (is_looked_at, plan, 20));
        g_assert_cmpint (pr_check_get_state (job_find_check (plan, cases[i].kind)), ==, cases[i].state);
        pr_check_set_accepted (job_find_check (plan, PR_CHECK_UNSEEN), TRUE);
        pr_plan_set_readiness_passed (plan, TRUE);
        assert_question (plan, PR_QUESTION_READINESS);
        pass_readiness (plan);
        assert_question (plan, may ? PR_QUESTION_CONFIRM : PR_QUESTION_READINESS);
        g_assert_cmpint (pr_plan_is_ready (plan), ==, may);
    }
}

/* Without the helper, or before it runs, nothing is started. */
static void
test_helper (void)
{
    const char *const argv[] = { "sleep", "60", NULL };
    g_autoptr (PrUsbWatch) silent = pr_usb_watch_new (argv, NULL);
    const struct {
        PrUsbWatch *watch;
        PrCheckState state;
    } cases[] = { { NULL, PR_CHECK_BLOCKING }, { silent, PR_CHECK_PENDING } };

    pr_usb_watch_start (silent);
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (PrPhone) phone = make_phone (ECID);
        g_autoptr (PrPhoneList) list = pr_phone_list_new (cases[i].watch, DESK_FIRST, DESK_LAST);
        g_autoptr (PrPlan) plan = pr_plan_new (list, library, NULL, NULL, folder);

        pr_plan_set_phone (plan, phone);
        pr_plan_set_goal (plan, PR_GOAL_RESTORE);
        pass_readiness (plan);
        g_assert_cmpint (pr_check_get_state (job_find_check (plan, PR_CHECK_TOOL)), ==, cases[i].state);
        assert_question (plan, PR_QUESTION_READINESS);
    }
}

/* --- The file --- */

/* One that was chosen by hand stays chosen, also when it is asked about again before it was read. */
static void
test_chosen_file (void)
{
    g_autoptr (PrPhone) phone = make_phone (ECID);
    g_autoptr (PrPlan) plan = make_plan (phone);

    pr_plan_set_goal (plan, PR_GOAL_RESTORE);
    pr_plan_set_file (plan, "/nonexistent/chosen.ipsw");
    g_object_set (phone, "version", "17.5.2", NULL);
    pr_plan_check_again (plan);
    pr_plan_set_goal (plan, PR_GOAL_UPDATE);
    pass_readiness (plan);
    g_assert_cmpstr (pr_plan_get_file (plan), ==, "/nonexistent/chosen.ipsw");
    assert_question (plan, PR_QUESTION_READINESS);
    pr_plan_set_file (plan, NULL);
    pass_readiness (plan);
    g_assert_cmpstr (pr_plan_get_file (plan), ==, file);
    assert_question (plan, PR_QUESTION_CONFIRM);
    g_object_set (phone, "version", "18.0", NULL);
    pass_readiness (plan);
    g_assert_error (pr_check_get_error (job_find_check (plan, PR_CHECK_FILE)), PR_ERROR, PR_ERROR_OLDER_SYSTEM);
    assert_question (plan, PR_QUESTION_READINESS);
}

int
main (int argc, char **argv)
{
    g_autoptr (GDir) content = NULL;
    int result;

    g_test_init (&argc, &argv, NULL);
    virtual = pr_test_phone_start ("anna");
    pr_test_phone_use (virtual);
    folder = g_strdup (pr_test_phone_environment (virtual, "FIRMWARE_FOLDER"));
    content = g_dir_open (folder, 0, NULL);
    file = g_build_filename (folder, g_dir_read_name (content), NULL);
    usb = desk_start_usb (virtual);
    phones = pr_phone_list_new (usb, DESK_FIRST, DESK_LAST);
    desk_await (usb, "state", PR_USB_WATCH_RUNNING, 10);
    desk_await (phones, "daemon", PR_ANSWER_YES, 10);
    backups = pr_test_make_folder ();
    library = pr_backup_library_new (backups);
    g_test_add_func ("/plan/questions", test_questions);
    g_test_add_func ("/plan/taken-back", test_taken_back);
    g_test_add_func ("/plan/another-phone", test_another_phone);
    g_test_add_func ("/plan/confirmations", test_confirmations);
    g_test_add_func ("/plan/old-confirmation", test_old_confirmation);
    g_test_add_func ("/plan/readiness", test_readiness);
    g_test_add_func ("/plan/helper", test_helper);
    g_test_add_func ("/plan/chosen-file", test_chosen_file);
    result = g_test_run ();
    g_object_unref (phones);
    g_object_unref (library);
    pr_test_remove_folder (backups);
    g_free (backups);
    g_object_unref (usb);
    pr_test_phone_stop (virtual);
    g_free (folder);
    g_free (file);
    return result;
}
