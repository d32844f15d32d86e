/* Guard rail 1, whatever order things happen in: people who press anything at any time, phones that change, files that
 * are chosen. A plan never makes an operation that erases, or one that writes at all, unless just that was confirmed
 * after the last time that something changed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "job.h"
#include "pr-plan.h"
#include "pr-reinstall.h"

#define WALKS 10000
#define STEPS 6
#define NAME "Anna’s iPhone"

/* What the person has agreed to, kept apart from the plan. */
typedef struct {
    PrPlan *plan;
    PrPhone *phones[2];
    char *files[2];
    /* the last confirmation that was good when it was given; ecid 0: none */
    guint64 ecid;
    PrGoal goal;
    char *file;
    guint made[2]; /* operations that keep data, that erase */
} Walk;

static PrPhone *
make_phone (guint64 ecid)
{
    return g_object_new (PR_TYPE_PHONE, "ecid", ecid, "udid", DESK_UDID, "mode", PR_PHONE_MODE_NORMAL, "trust",
                         PR_TRUST_TRUSTED, "name", NAME, "product-type", "iPhone14,7", "board", "d27ap", "version",
                         "17.5.1", "battery", 82, "hub-depth", 0, "recovery-access", PR_ACCESS_GOOD, "find-my",
                         PR_ANSWER_NO, NULL);
}

static gboolean
flip (void)
{
    return g_test_rand_bit () != 0;
}

static void
forget (Walk *walk)
{
    walk->ecid = 0;
}

static void
accept_some (Walk *walk)
{
    GListModel *checks = pr_plan_get_checks (walk->plan);
    gboolean accepted = g_test_rand_int_range (0, 8) != 0;

    for (guint i = 0; i < g_list_model_get_n_items (checks); i++) {
        g_autoptr (PrCheck) check = g_list_model_get_item (checks, i);

        if (accepted || flip ())
            pr_check_set_accepted (check, accepted);
    }
    if (!job_is_settled (walk->plan))
        forget (walk);
}

static void
change_phone_value (Walk *walk)
{
    static const struct {
        const char *property;
        int values[2];
    } changes[] = {
        { "find-my", { PR_ANSWER_NO, PR_ANSWER_YES } },
        { "battery", { 82, -1 } },
        { "mode", { PR_PHONE_MODE_NORMAL, PR_PHONE_MODE_RECOVERY } },
        { "mode", { PR_PHONE_MODE_NORMAL, PR_PHONE_MODE_GONE } },
        { "recovery-access", { PR_ACCESS_GOOD, PR_ACCESS_REFUSED } },
        { "supervised", { PR_ANSWER_NO, PR_ANSWER_UNKNOWN } },
        { "trust", { PR_TRUST_TRUSTED, PR_TRUST_LOCKED } },
    };
    guint i = (guint) g_test_rand_int_range (0, G_N_ELEMENTS (changes));

    g_object_set (walk->phones[flip ()], changes[i].property, changes[i].values[g_test_rand_int_range (0, 4) == 0],
                  NULL);
    if (!job_is_settled (walk->plan))
        forget (walk);
}

static void
pass (Walk *walk)
{
    pr_plan_set_readiness_passed (walk->plan, g_test_rand_int_range (0, 8) != 0);
    forget (walk);
}

/* Of the right phone, goal and file, or nearly. */
static void
confirm (Walk *walk)
{
    PrPhone *phone = pr_plan_get_phone (walk->plan);
    gboolean wrong = g_test_rand_int_range (0, 3) == 0;
    guint64 ecid = wrong ? pr_phone_get_ecid (walk->phones[flip ()]) : phone != NULL ? pr_phone_get_ecid (phone) : 1;
    PrGoal goal = wrong ? (flip () ? PR_GOAL_UPDATE : PR_GOAL_RESTORE) : pr_plan_get_goal (walk->plan);
    const char *file = wrong ? walk->files[flip ()] : pr_plan_get_file (walk->plan);
    const char *action = pr_plan_goal_get_action (goal);

    forget (walk);
    if (pr_plan_get_next_question (walk->plan) >= PR_QUESTION_CONFIRM) { /* or it is given once more */
        walk->ecid = ecid;
        walk->goal = goal;
        g_set_str (&walk->file, file);
    }
    pr_plan_take_confirmation (walk->plan,
                               pr_confirmation_new (ecid, action != NULL ? action : "", file, NAME, NAME, TRUE));
}

static void
choose_goal (Walk *walk)
{
    pr_plan_set_goal (walk->plan, flip () ? PR_GOAL_RESTORE : PR_GOAL_UPDATE);
    forget (walk);
}

static void
choose_easy_goal (Walk *walk)
{
    pr_plan_set_goal (walk->plan, (PrGoal) g_test_rand_int_range (PR_GOAL_NONE, PR_GOAL_UPDATE));
    forget (walk);
}

static void
choose_phone (Walk *walk)
{
    int i = g_test_rand_int_range (0, 5);
    PrPhone *phone = i == 0 ? NULL : walk->phones[i % 2];

    if (phone != pr_plan_get_phone (walk->plan))
        forget (walk);
    pr_plan_set_phone (walk->plan, phone);
}

static void
choose_file (Walk *walk)
{
    int i = g_test_rand_int_range (0, 3);

    pr_plan_set_file (walk->plan, i == 2 ? NULL : walk->files[i]);
    forget (walk);
}

static void
check_again (Walk *walk)
{
    PrGoal goal = pr_plan_get_goal (walk->plan);

    pr_plan_check_again (walk->plan);
    if (goal == PR_GOAL_UPDATE || goal == PR_GOAL_RESTORE)
        forget (walk);
}

/* The list of backups is read too; what the phone has to say is not waited for. */
static gboolean
has_pending (PrPlan *plan)
{
    GListModel *checks = pr_plan_get_checks (plan);
    gboolean away = pr_phone_get_mode (pr_plan_get_phone (plan)) == PR_PHONE_MODE_GONE;
    gboolean pending = FALSE;

    for (guint i = 0; i < g_list_model_get_n_items (checks); i++) {
        g_autoptr (PrCheck) check = g_list_model_get_item (checks, i);

        pending |= pr_check_get_kind (check) == PR_CHECK_BACKUP && pr_check_get_state (check) == PR_CHECK_PENDING;
    }
    return pending && !away;
}

static gboolean
is_looked_at (gpointer data)
{
    PrGoal goal = pr_plan_get_goal (data);

    return pr_plan_get_phone (data) == NULL || (goal != PR_GOAL_UPDATE && goal != PR_GOAL_RESTORE) ||
           (pr_plan_get_file (data) != NULL && !has_pending (data));
}

static void
wait_for_file (Walk *walk)
{
    g_assert_true (pr_test_run_until (is_looked_at, walk->plan, 20));
}

static void
create (Walk *walk)
{
    g_autoptr (PrOperation) operation = pr_plan_create_operation (walk->plan, NULL);
    gboolean erases;

    if (!PR_IS_REINSTALL (operation))
        return;
    erases = !pr_reinstall_get_keep_data (PR_REINSTALL (operation));
    g_assert_true (job_is_settled (walk->plan));
    g_assert_cmphex (walk->ecid, ==, pr_phone_get_ecid (pr_operation_get_phone (operation)));
    g_assert_cmpint (walk->goal, ==, erases ? PR_GOAL_RESTORE : PR_GOAL_UPDATE);
    g_assert_cmpstr (walk->file, ==, pr_plan_get_file (walk->plan));
    walk->made[erases]++;
}

/* How often each, of a thousand. What makes the plan read a file is rare, because it takes its time. */
static const struct {
    void (*take) (Walk *walk);
    int often;
} steps[] = {
    { accept_some, 320 }, { change_phone_value, 90 }, { pass, 170 },           { confirm, 170 },
    { create, 200 },      { wait_for_file, 26 },      { choose_easy_goal, 4 }, { choose_goal, 8 },
    { choose_phone, 4 },  { choose_file, 5 },         { check_again, 3 },
};

static void
take_step (Walk *walk)
{
    steps[job_choose (&steps[0].often, sizeof *steps, G_N_ELEMENTS (steps))].take (walk);
}

/* Two files that fit: the virtual phone's, by two names. */
static void
find_files (Walk *walk, PrTestPhone *virtual, const char *folder)
{
    const char *firmware = pr_test_phone_environment (virtual, "FIRMWARE_FOLDER");
    g_autoptr (GDir) content = g_dir_open (firmware, 0, NULL);
    g_autoptr (GFile) link = NULL;

    walk->files[0] = g_build_filename (firmware, g_dir_read_name (content), NULL);
    walk->files[1] = g_build_filename (folder, "other.ipsw", NULL);
    link = g_file_new_for_path (walk->files[1]);
    g_assert_true (g_file_make_symbolic_link (link, walk->files[0], NULL, NULL));
}

static void
test_walks (void)
{
    g_autoptr (PrTestPhone) virtual = pr_test_phone_start ("anna");
    g_autofree char *folder = pr_test_make_folder ();
    g_autoptr (PrUsbWatch) usb = desk_start_usb (virtual);
    g_autoptr (PrBackupLibrary) library = pr_backup_library_new (folder);
    g_autoptr (PrPhoneList) list = NULL;
    Walk walk = { .phones = { make_phone (DESK_ECID), make_phone (DESK_ECID - 1) } };

    pr_test_phone_use (virtual);
    find_files (&walk, virtual, folder);
    list = pr_phone_list_new (usb, DESK_FIRST, DESK_LAST);
    desk_await (usb, "state", PR_USB_WATCH_RUNNING, 10);
    desk_await (list, "daemon", PR_ANSWER_YES, 10);
    walk.plan = pr_plan_new (list, library, NULL, NULL, pr_test_phone_environment (virtual, "FIRMWARE_FOLDER"));
    pr_plan_set_phone (walk.plan, walk.phones[0]);
    for (int i = 0; i < WALKS * STEPS; i++)
        take_step (&walk);
    g_test_message ("%u updates and %u restores", walk.made[0], walk.made[1]);
    /* or nothing was proven */
    g_assert_cmpuint (walk.made[0], >, WALKS / 500);
    g_assert_cmpuint (walk.made[1], >, WALKS / 500);
    g_object_unref (walk.plan);
    for (gsize i = 0; i < 2; i++) {
        g_object_unref (walk.phones[i]);
        g_free (walk.files[i]);
    }
    g_free (walk.file);
    pr_test_remove_folder (folder);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/plan/walks", test_walks);
    return g_test_run ();
}
