// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-restart.h"

#include "pr-operation-phone.h"
#include "pr-services.h"

#include <glib/gi18n.h>

/* A phone that was asked leaves the bus within a few seconds, and shows its lock screen within one or two minutes. */
#define LEAVE_SECONDS 60
#define RETURN_SECONDS 240

struct _PrShutDown {
    PrRestart parent_instance;
};

enum { ASK, LEAVE, RETURN };

static const PrStep restart_steps[] = {
    [ASK] = { N_ ("Asking the Phone"), N_ ("The phone is asked to restart."), "pr-state-normal-symbolic", 1, 2 },
    [LEAVE] = { N_ ("Shutting Down"), N_ ("Its screen turns black."), "pr-phone-%s-symbolic", 2, 10 },
    [RETURN] = { N_ ("Starting"), N_ ("The phone shows a logo, then its lock screen."), "pr-progress-symbolic", 6, 60 },
};

static const PrStep shut_down_steps[] = {
    [ASK] = { N_ ("Asking the Phone"), N_ ("The phone is asked to switch off."), "pr-state-normal-symbolic", 1, 2 },
    [LEAVE] = { N_ ("Shutting Down"), N_ ("Its screen turns black."), "pr-phone-%s-symbolic", 2, 10 },
};

G_DEFINE_TYPE (PrRestart, pr_restart, PR_TYPE_OPERATION)
G_DEFINE_FINAL_TYPE (PrShutDown, pr_shut_down, PR_TYPE_RESTART)

static gboolean
pr_restart_run (PrOperation *operation, GCancellable *cancellable, GError **error)
{
    PrRestartClass *klass = PR_RESTART_GET_CLASS (operation);

    if (!pr_operation_enter_zone (operation, PR_STOP_NOT, error))
        return FALSE;
    if (!klass->ask (pr_operation_get_udid (operation), cancellable, error))
        return FALSE;
    pr_operation_enter_step (operation, LEAVE);
    if (!pr_operation_wait_for (operation, 1 << PR_PHONE_MODE_GONE, LEAVE_SECONDS, cancellable, PR_ERROR_NO_RESTART,
                                error))
        return FALSE;
    if (klass->parent_class.n_steps <= RETURN)
        return TRUE;
    pr_operation_enter_step (operation, RETURN);
    return pr_operation_wait_for (operation, 1 << PR_PHONE_MODE_NORMAL, RETURN_SECONDS, cancellable,
                                  PR_ERROR_NO_RESTART, error);
}

static void
pr_restart_class_init (PrRestartClass *klass)
{
    PrOperationClass *operation_class = PR_OPERATION_CLASS (klass);

    klass->ask = pr_services_restart;
    operation_class->steps = restart_steps;
    operation_class->n_steps = G_N_ELEMENTS (restart_steps);
    operation_class->prepare = pr_operation_check_normal;
    operation_class->run = pr_restart_run;
}

static void
pr_restart_init (PrRestart *self)
{
}

static void
pr_shut_down_class_init (PrShutDownClass *klass)
{
    PrOperationClass *operation_class = PR_OPERATION_CLASS (klass);

    PR_RESTART_CLASS (klass)->ask = pr_services_shut_down;
    operation_class->steps = shut_down_steps;
    operation_class->n_steps = G_N_ELEMENTS (shut_down_steps);
}

static void
pr_shut_down_init (PrShutDown *self)
{
}

PrOperation *
pr_restart_new (PrPhone *phone)
{
    return g_object_new (PR_TYPE_RESTART, "phone", phone, NULL);
}

PrOperation *
pr_shut_down_new (PrPhone *phone)
{
    return g_object_new (PR_TYPE_SHUT_DOWN, "phone", phone, NULL);
}
