// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-recovery-mode.h"

#include "pr-kept-pairing.h"
#include "pr-operation-phone.h"
#include "pr-services.h"

#include <glib/gi18n.h>

#define ENTER_LEAVE_SECONDS 30  /* from the request to leaving the bus */
#define ENTER_ARRIVE_SECONDS 90 /* and to showing up in recovery mode */
#define COMMAND_SECONDS 15      /* the commands to the boot loader */
#define LEAVE_SECONDS 20        /* from "reboot" to leaving the bus */
#define RETURN_SECONDS 180      /* a system that is whole has started by then */

struct _PrEnterRecovery {
    PrOperation parent_instance;
};

struct _PrLeaveRecovery {
    PrOperation parent_instance;
    PrUsbWatch *usb; /* owned */
};

enum { ASK, LEAVE, ARRIVE };
enum { REQUEST, START };

static const PrStep enter_steps[] = {
    [ASK] = { N_ ("Asking the Phone"), N_ ("The phone is asked to go to recovery mode."), "pr-state-normal-symbolic", 1,
              3 },
    [LEAVE] = { N_ ("Restarting"), N_ ("Its screen turns black."), "pr-phone-%s-symbolic", 2, 10 },
    [ARRIVE] = { N_ ("Waiting for Recovery Mode"), N_ ("The phone shows a cable and a computer."),
                 "pr-state-recovery-symbolic", 4, 20 },
};

static const PrStep leave_steps[] = {
    [REQUEST] = { N_ ("Asking the Phone"), N_ ("The phone is asked to start its own system."),
                  "pr-state-recovery-symbolic", 1, 3 },
    [START] = { N_ ("Starting"), N_ ("The phone shows a logo, then its lock screen. This can take three minutes."),
                "pr-progress-symbolic", 6, 60 },
};

G_DEFINE_FINAL_TYPE (PrEnterRecovery, pr_enter_recovery, PR_TYPE_OPERATION)
G_DEFINE_FINAL_TYPE (PrLeaveRecovery, pr_leave_recovery, PR_TYPE_OPERATION)

/* A phone that this computer could not open there would be stuck: refused before it is sent. */
static gboolean
pr_enter_recovery_prepare (PrOperation *operation, GError **error)
{
    PrPhone *phone = pr_operation_get_phone (operation);

    if (!pr_operation_check_normal (operation, error))
        return FALSE;
    if (pr_phone_get_recovery_access (phone) == PR_ACCESS_REFUSED) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_NO_USB_PERMISSION, "recovery devices may not be opened here");
        return FALSE;
    }
    return TRUE;
}

static gboolean
pr_enter_recovery_run (PrOperation *operation, GCancellable *cancellable, GError **error)
{
    const char *udid = pr_operation_get_udid (operation);

    pr_kept_pairing_save (pr_operation_get_ecid (operation), udid);
    if (!pr_operation_enter_zone (operation, PR_STOP_NOT, error))
        return FALSE;
    if (!pr_services_enter_recovery (udid, cancellable, error))
        return FALSE;
    pr_operation_enter_step (operation, LEAVE);
    if (!pr_operation_wait_for (operation, 1 << PR_PHONE_MODE_GONE | 1 << PR_PHONE_MODE_RECOVERY, ENTER_LEAVE_SECONDS,
                                cancellable, PR_ERROR_RECOVERY_REFUSED, error))
        return FALSE;
    pr_operation_enter_step (operation, ARRIVE);
    return pr_operation_wait_for (operation, 1 << PR_PHONE_MODE_RECOVERY, ENTER_ARRIVE_SECONDS, cancellable,
                                  PR_ERROR_RECOVERY_REFUSED, error);
}

gboolean
pr_leave_recovery_ask (PrOperation *operation, PrUsbWatch *usb, GCancellable *cancellable, GError **error)
{
    guint64 ecid = pr_operation_get_ecid (operation);

    if (!pr_usb_watch_call (usb, "leave-recovery", ecid, COMMAND_SECONDS, cancellable, error))
        return FALSE;
    return pr_operation_wait_for (operation, 1 << PR_PHONE_MODE_GONE | 1 << PR_PHONE_MODE_NORMAL, LEAVE_SECONDS,
                                  cancellable, PR_ERROR_NO_RESTART, error);
}

gboolean
pr_leave_recovery_await (PrOperation *operation, GCancellable *cancellable, GError **error)
{
    if (!pr_operation_wait_for (operation, 1 << PR_PHONE_MODE_NORMAL | 1 << PR_PHONE_MODE_RECOVERY, RETURN_SECONDS,
                                cancellable, PR_ERROR_NO_RESTART, error))
        return FALSE;
    if (pr_phone_peek_mode (pr_operation_get_phone (operation)) != PR_PHONE_MODE_RECOVERY)
        return TRUE;
    g_set_error_literal (error, PR_ERROR, PR_ERROR_BACK_IN_RECOVERY, "it started and came back in recovery mode");
    return FALSE;
}

static gboolean
pr_leave_recovery_prepare (PrOperation *operation, GError **error)
{
    PrPhone *phone = pr_operation_get_phone (operation);

    if (pr_phone_get_mode (phone) != PR_PHONE_MODE_RECOVERY) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_UNPLUGGED, "the phone is not there in recovery mode");
        return FALSE;
    }
    if (pr_phone_get_recovery_access (phone) == PR_ACCESS_REFUSED) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_NO_USB_PERMISSION, "the phone may not be opened");
        return FALSE;
    }
    return TRUE;
}

static gboolean
pr_leave_recovery_run (PrOperation *operation, GCancellable *cancellable, GError **error)
{
    PrLeaveRecovery *self = PR_LEAVE_RECOVERY (operation);

    if (!pr_operation_enter_zone (operation, PR_STOP_NOT, error))
        return FALSE;
    if (!pr_leave_recovery_ask (operation, self->usb, cancellable, error))
        return FALSE;
    pr_operation_enter_step (operation, START);
    if (!pr_leave_recovery_await (operation, cancellable, error))
        return FALSE;
    if (pr_operation_get_udid (operation))
        pr_kept_pairing_put_back (pr_operation_get_ecid (operation), pr_operation_get_udid (operation), cancellable);
    return TRUE;
}

static void
pr_enter_recovery_class_init (PrEnterRecoveryClass *klass)
{
    PrOperationClass *operation_class = PR_OPERATION_CLASS (klass);

    operation_class->steps = enter_steps;
    operation_class->n_steps = G_N_ELEMENTS (enter_steps);
    operation_class->prepare = pr_enter_recovery_prepare;
    operation_class->run = pr_enter_recovery_run;
}

static void
pr_enter_recovery_init (PrEnterRecovery *self)
{
}

static void
pr_leave_recovery_finalize (GObject *object)
{
    g_clear_object (&PR_LEAVE_RECOVERY (object)->usb);
    G_OBJECT_CLASS (pr_leave_recovery_parent_class)->finalize (object);
}

static void
pr_leave_recovery_class_init (PrLeaveRecoveryClass *klass)
{
    PrOperationClass *operation_class = PR_OPERATION_CLASS (klass);

    G_OBJECT_CLASS (klass)->finalize = pr_leave_recovery_finalize;
    operation_class->steps = leave_steps;
    operation_class->n_steps = G_N_ELEMENTS (leave_steps);
    operation_class->prepare = pr_leave_recovery_prepare;
    operation_class->run = pr_leave_recovery_run;
}

static void
pr_leave_recovery_init (PrLeaveRecovery *self)
{
}

PrOperation *
pr_enter_recovery_new (PrPhone *phone)
{
    return g_object_new (PR_TYPE_ENTER_RECOVERY, "phone", phone, NULL);
}

PrOperation *
pr_leave_recovery_new (PrPhone *phone, PrUsbWatch *usb)
{
    PrLeaveRecovery *self = g_object_new (PR_TYPE_LEAVE_RECOVERY, "phone", phone, NULL);

    self->usb = g_object_ref (usb);
    return PR_OPERATION (self);
}
