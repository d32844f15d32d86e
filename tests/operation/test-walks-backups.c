/* As test-walks.c, for the goals about backups: whatever order things happen in, nothing is put back that was not
 * confirmed just so after the last change, and nothing starts that was not settled.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "job.h"
#include "plan-bed.h"
#include "pr-back-up.h"
#include "pr-change-password.h"
#include "pr-put-back.h"

#define STEPS 20000
#define MOST_STEPS (4 * STEPS)

static Bed *plain, *encrypted;

typedef struct {
    PrPlan *plan;
    PrPhone *phone;
    PrBackup *backups[2]; /* of the same phone, plain and encrypted */
    gboolean confirmed;   /* just this, after the last change */
    gboolean given;       /* passwords, for this goal */
    guint made[3];        /* backed up, put back, changed */
} Walk;

static gboolean
flip (void)
{
    return g_test_rand_bit () != 0;
}

static void
change_phone (Walk *walk)
{
    static const struct {
        const char *property;
        int values[2];
    } changes[] = {
        { "find-my", { PR_ANSWER_NO, PR_ANSWER_YES } },
        { "set-up", { PR_ANSWER_YES, PR_ANSWER_UNKNOWN } },
        { "battery", { 82, -1 } },
        { "mode", { PR_PHONE_MODE_NORMAL, PR_PHONE_MODE_GONE } },
        { "trust", { PR_TRUST_TRUSTED, PR_TRUST_LOCKED } },
        { "encrypts", { PR_ANSWER_NO, PR_ANSWER_YES } },
    };
    guint i = (guint) g_test_rand_int_range (0, G_N_ELEMENTS (changes));

    g_object_set (walk->phone, changes[i].property, changes[i].values[g_test_rand_int_range (0, 4) == 0], NULL);
}

static void
accept_all (Walk *walk)
{
    GListModel *checks = pr_plan_get_checks (walk->plan);

    for (guint i = 0; i < g_list_model_get_n_items (checks); i++) {
        g_autoptr (PrCheck) check = g_list_model_get_item (checks, i);

        pr_check_set_accepted (check, g_test_rand_int_range (0, 30) != 0);
    }
}

static void
set_goal (Walk *walk)
{
    PrGoal any = (PrGoal) g_test_rand_int_range (PR_GOAL_BACK_UP, PR_GOAL_DECRYPT + 1);

    pr_plan_set_goal (walk->plan, flip () ? PR_GOAL_PUT_BACK : any);
    walk->confirmed = walk->given = FALSE;
}

static void
choose_backup (Walk *walk)
{
    if (pr_plan_get_goal (walk->plan) != PR_GOAL_PUT_BACK)
        return;
    pr_plan_set_backup (walk->plan, walk->backups[flip ()]);
    walk->confirmed = FALSE;
}

static void
choose_preset (Walk *walk)
{
    gboolean before = pr_plan_get_same_phone (walk->plan);

    pr_plan_set_same_phone (walk->plan, flip ());
    walk->confirmed = walk->confirmed && before == pr_plan_get_same_phone (walk->plan);
}

static void
try_password (Walk *walk)
{
    pr_plan_try_password (walk->plan, flip () ? BED_PASSWORD : "wrong");
}

static void
give_passwords (Walk *walk)
{
    walk->given = flip ();
    pr_plan_set_passwords (walk->plan, walk->given ? "old" : NULL, walk->given ? "new" : NULL);
}

static void
pass (Walk *walk)
{
    pr_plan_set_readiness_passed (walk->plan, TRUE);
    walk->confirmed = FALSE;
}

static void
agree (Walk *walk)
{
    gboolean wrong = g_test_rand_int_range (0, 3) == 0;
    guint64 ecid = wrong && flip () ? DESK_ECID - 1 : DESK_ECID;
    const char *path = wrong ? pr_backup_get_path (walk->backups[flip ()]) : pr_plan_get_confirmed_file (walk->plan);

    walk->confirmed = pr_plan_get_next_question (walk->plan) >= PR_QUESTION_CONFIRM && ecid == DESK_ECID &&
                      g_strcmp0 (path, pr_plan_get_confirmed_file (walk->plan)) == 0;
    plan_bed_confirm (walk->plan, ecid, "put-back", path);
}

static void
settle (Walk *walk)
{
    if (pr_phone_get_mode (walk->phone) == PR_PHONE_MODE_NORMAL)
        pr_test_run_until (plan_bed_is_looked_at, walk->plan, 0.2);
}

static void
create (Walk *walk)
{
    g_autoptr (PrOperation) operation = pr_plan_create_operation (walk->plan, NULL);

    if (!operation)
        return;
    g_assert_true (job_is_settled (walk->plan));
    if (PR_IS_BACK_UP (operation))
        walk->made[0]++;
    if (PR_IS_PUT_BACK (operation)) {
        g_assert_true (walk->confirmed);
        walk->made[1]++;
    }
    if (PR_IS_CHANGE_PASSWORD (operation)) {
        g_assert_true (walk->given);
        walk->made[2]++;
    }
}

static const struct {
    void (*take) (Walk *walk);
    int often; /* of a thousand */
} steps[] = {
    { accept_all, 240 },   { pass, 180 },        { agree, 180 },         { create, 200 },
    { change_phone, 30 },  { settle, 90 },       { choose_backup, 20 },  { set_goal, 10 },
    { choose_preset, 20 }, { try_password, 15 }, { give_passwords, 15 },
};

static void
take_step (Walk *walk)
{
    steps[job_choose (&steps[0].often, sizeof *steps, G_N_ELEMENTS (steps))].take (walk);
    /* what is not settled any more was not confirmed */
    walk->confirmed =
        walk->confirmed && job_is_settled (walk->plan) && pr_phone_get_mode (walk->phone) == PR_PHONE_MODE_NORMAL;
}

/* Or nothing was proven. */
static gboolean
has_made_enough (const Walk *walk)
{
    return walk->made[0] > 20 && walk->made[1] > 20 && walk->made[2] > 20;
}

/* On a busy machine the looks take longer than a step waits for them: then it takes more steps. */
static void
test_walks (void)
{
    Walk walk = { .phone = plan_bed_make_phone (),
                  .backups = { g_object_ref (bed_find (plain)), g_object_ref (bed_find (encrypted)) } };

    walk.plan = plan_bed_make_plan (plain, walk.phone, PR_GOAL_PUT_BACK);
    for (guint i = 0; i < STEPS || (!has_made_enough (&walk) && i < MOST_STEPS); i++)
        take_step (&walk);
    g_test_message ("%u backups, %u put back, %u passwords", walk.made[0], walk.made[1], walk.made[2]);
    g_assert_true (has_made_enough (&walk));
    g_object_unref (walk.plan);
    g_object_unref (walk.phone);
    g_object_unref (walk.backups[0]);
    g_object_unref (walk.backups[1]);
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
    g_test_add_func ("/walks-backups", test_walks);
    result = g_test_run ();
    bed_free (plain);
    bed_free (encrypted);
    return result;
}
