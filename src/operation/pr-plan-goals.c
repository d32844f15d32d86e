// SPDX-License-Identifier: GPL-3.0-or-later
/* What each goal asks for before it starts, and from which modes it can be reached. */
#include "pr-erase.h"
#include "pr-plan-private.h"

#define CHECK(kind) (1u << PR_CHECK_##kind)
#define NORMAL (1u << PR_PHONE_MODE_NORMAL)
#define RECOVERY (1u << PR_PHONE_MODE_RECOVERY)
#define DFU (1u << PR_PHONE_MODE_DFU)

#define INSTALLS                                                                                                       \
    (CHECK (FILE) | CHECK (TOOL) | CHECK (ACCESS) | CHECK (TRUST) | CHECK (BATTERY) | CHECK (LINK) | CHECK (BACKUP) |  \
     CHECK (SUPERVISION))
#define ERASES (CHECK (FIND_MY) | CHECK (UNSEEN))
#define ERASES_ITSELF                                                                                                  \
    (CHECK (TRUST) | CHECK (BACKUP) | CHECK (FIND_MY) | CHECK (SUPERVISION) | CHECK (BATTERY) | CHECK (LINK) |         \
     CHECK (UNSEEN))
#define BACKS_UP                                                                                                       \
    (CHECK (TRUST) | CHECK (PLACE) | CHECK (ROOM) | CHECK (ENCRYPTION) | CHECK (PASSWORD) | CHECK (BATTERY))
#define PUTS_BACK                                                                                                      \
    (CHECK (TRUST) | CHECK (SETUP) | CHECK (FIND_MY) | CHECK (FITS) | CHECK (INTACT) | CHECK (PASSWORD) |              \
     CHECK (ROOM) | CHECK (BATTERY) | CHECK (LINK))

static const PrPlanGoal goals[] = {
    [PR_GOAL_NONE] = { 0 },
    [PR_GOAL_RESTART] = { .modes = NORMAL, .action = "restart" },
    [PR_GOAL_SHUT_DOWN] = { .modes = NORMAL, .action = "shut-down" },
    [PR_GOAL_ENTER_RECOVERY] = { .modes = NORMAL,
                                 .checks = CHECK (ACCESS) | CHECK (TRUST),
                                 .action = "enter-recovery" },
    [PR_GOAL_LEAVE_RECOVERY] = { .modes = RECOVERY, .action = "leave-recovery" },
    [PR_GOAL_UPDATE] = { .modes = NORMAL | RECOVERY | DFU,
                         .checks = INSTALLS,
                         .confirm = TRUE,
                         .wants_list = TRUE,
                         .action = "update" },
    [PR_GOAL_RESTORE] = { .modes = NORMAL | RECOVERY | DFU,
                          .checks = INSTALLS | ERASES,
                          .confirm = TRUE,
                          .erases = TRUE,
                          .wants_list = TRUE,
                          .action = "restore" },
    [PR_GOAL_ERASE] = { .modes = NORMAL,
                        .checks = ERASES_ITSELF,
                        .confirm = TRUE,
                        .erases = TRUE,
                        .wants_list = TRUE,
                        .asks_phone = TRUE,
                        .action = "erase" },
    [PR_GOAL_BACK_UP] = { .modes = NORMAL, .checks = BACKS_UP, .wants_list = TRUE, .action = "back-up" },
    [PR_GOAL_PUT_BACK] = { .modes = NORMAL, .checks = PUTS_BACK, .confirm = TRUE, .action = "put-back" },
    [PR_GOAL_ENCRYPT] = { .modes = NORMAL, .wants_new = TRUE, .encrypted = PR_ANSWER_NO, .action = "encrypt" },
    [PR_GOAL_CHANGE_PASSWORD] = { .modes = NORMAL,
                                  .wants_old = TRUE,
                                  .wants_new = TRUE,
                                  .encrypted = PR_ANSWER_YES,
                                  .action = "change-password" },
    [PR_GOAL_DECRYPT] = { .modes = NORMAL, .wants_old = TRUE, .encrypted = PR_ANSWER_YES, .action = "decrypt" },
    [PR_GOAL_DOWNLOAD] = { .modes = NORMAL | RECOVERY | DFU, .action = "download" },
};

const PrPlanGoal *
pr_plan_goals_get (PrGoal goal)
{
    g_return_val_if_fail (goal < G_N_ELEMENTS (goals), &goals[PR_GOAL_NONE]);
    return &goals[goal];
}

gboolean
pr_plan_asks_for (PrPlan *self, PrCheckKind kind)
{
    return self->phone && (goals[self->goal].checks & (1u << kind));
}

/* One that the phone is known to be in the wrong state for is not offered. */
static gboolean
fits_encryption (PrPhone *phone, PrGoal goal)
{
    PrAnswer now = pr_phone_get_encrypts (phone);

    return goals[goal].encrypted == PR_ANSWER_UNKNOWN || now == PR_ANSWER_UNKNOWN || now == goals[goal].encrypted;
}

static gboolean
can_be_asked (PrPhone *phone, PrGoal goal)
{
    return !goals[goal].asks_phone ||
           (pr_phone_get_trust (phone) == PR_TRUST_TRUSTED && pr_erase_is_known_to (pr_phone_get_version (phone)));
}

gboolean
pr_plan_goal_is_possible (PrPlan *self, PrGoal goal)
{
    return self->phone && (pr_plan_goals_get (goal)->modes & (1u << pr_phone_get_mode (self->phone))) &&
           fits_encryption (self->phone, goal) && can_be_asked (self->phone, goal);
}

gboolean
pr_plan_goal_erases (PrGoal goal)
{
    return pr_plan_goals_get (goal)->erases;
}

const char *
pr_plan_goal_get_action (PrGoal goal)
{
    return pr_plan_goals_get (goal)->action;
}
