// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-plan-private.h"

#include "pr-back-up.h"
#include "pr-change-password.h"
#include "pr-erase.h"
#include "pr-put-back.h"
#include "pr-recovery-mode.h"
#include "pr-reinstall.h"
#include "pr-restart.h"

static PrOperation *
create_reinstall (PrPlan *self)
{
    PrReinstallOptions options = {
        .file = pr_plan_get_file (self),
        .folder = self->firmware_folder,
        .keep_data = self->goal == PR_GOAL_UPDATE,
        .servers = self->servers,
        .environment = (const char *const *) self->environment,
    };

    return pr_reinstall_new (self->phone, pr_phone_list_get_usb (self->phones), &options, self->confirmation);
}

/* A second request has to be confirmed anew (guard rail 3). */
static PrOperation *
create_erase (PrPlan *self)
{
    g_autoptr (PrConfirmation) used = g_steal_pointer (&self->confirmation);
    PrOperation *operation =
        pr_erase_new (self->phone, self->hand_over == PR_ANSWER_YES, self->keep_esim == PR_ANSWER_YES, used);

    pr_plan_update (self);
    return operation;
}

PrOperation *
pr_plan_start_goal (PrPlan *self)
{
    switch (self->goal) {
    case PR_GOAL_RESTART:
        return pr_restart_new (self->phone);
    case PR_GOAL_SHUT_DOWN:
        return pr_shut_down_new (self->phone);
    case PR_GOAL_ENTER_RECOVERY:
        return pr_enter_recovery_new (self->phone);
    case PR_GOAL_LEAVE_RECOVERY:
        return pr_leave_recovery_new (self->phone, pr_phone_list_get_usb (self->phones));
    case PR_GOAL_UPDATE:
    case PR_GOAL_RESTORE:
        return create_reinstall (self);
    case PR_GOAL_ERASE:
        return create_erase (self);
    case PR_GOAL_BACK_UP:
        return pr_back_up_new (self->phone, self->library, self->password, self->keep_versions,
                               pr_plan_needs_journal (self));
    case PR_GOAL_PUT_BACK:
        return pr_put_back_new (self->phone, self->backup, self->password, self->same_phone, self->confirmation);
    case PR_GOAL_ENCRYPT:
        return pr_change_password_new (self->phone, NULL, self->new_password);
    case PR_GOAL_CHANGE_PASSWORD:
        return pr_change_password_new (self->phone, self->old_password, self->new_password);
    case PR_GOAL_DECRYPT:
        return pr_change_password_new (self->phone, self->old_password, NULL);
    case PR_GOAL_DOWNLOAD:
    case PR_GOAL_NONE:
    default:
        g_return_val_if_reached (NULL);
    }
}
