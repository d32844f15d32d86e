// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-change-password.h"

#include "pr-backup-secret.h"
#include "pr-backup-work.h"
#include "pr-operation-phone.h"
#include "pr-services.h"

#include <glib/gi18n.h>

struct _PrChangePassword {
    PrOperation parent_instance;

    /* owned */
    char *old_password;
    char *new_password;
};

enum { ASK, WAIT, LOOK };

static const PrStep steps[] = {
    [ASK] = { N_ ("Asking the Phone"), N_ ("The phone is asked for the change."), "pr-state-normal-symbolic", 1, 5 },
    [WAIT] = { N_ ("Waiting for the Phone"), N_ ("It asks for its passcode. Keep it unlocked."),
               "pr-shows-passcode-symbolic", 8, 60 },
    [LOOK] = { N_ ("Checking the Change"), N_ ("The phone is asked how it stands now."), "pr-phone-%s-symbolic", 1, 5 },
};

static const guint step_of_stage[] = {
    [PR_MOBILE_BACKUP_STAGE_OPEN] = ASK,   [PR_MOBILE_BACKUP_STAGE_COPY] = ASK,    [PR_MOBILE_BACKUP_STAGE_WAIT] = WAIT,
    [PR_MOBILE_BACKUP_STAGE_FILES] = WAIT, [PR_MOBILE_BACKUP_STAGE_VERIFY] = WAIT,
};

G_DEFINE_FINAL_TYPE (PrChangePassword, pr_change_password, PR_TYPE_OPERATION)

static gboolean
change (PrChangePassword *self, PrBackupWork *work, GCancellable *cancellable, GError **error)
{
    PrMobileBackupOptions options = { 0 };
    GError *reason = NULL;

    pr_backup_work_fill (work, &options);
    while (!pr_mobile_backup_change_password (pr_operation_get_udid (PR_OPERATION (self)), self->old_password,
                                              self->new_password, &options, cancellable, &reason))
        if (!pr_backup_work_again (work, &reason, cancellable)) {
            g_propagate_error (error, reason);
            return FALSE;
        }
    return TRUE;
}

/* What the phone calls a success is one when it says of itself what was wanted. */
static gboolean
check_change (PrChangePassword *self, GCancellable *cancellable, GError **error)
{
    PrAnswer wanted = self->new_password ? PR_ANSWER_YES : PR_ANSWER_NO;
    PrAnswer now = PR_ANSWER_UNKNOWN;

    if (!pr_services_read_encrypts (pr_operation_get_udid (PR_OPERATION (self)), &now, cancellable, error))
        return FALSE;
    if (now == wanted || now == PR_ANSWER_UNKNOWN)
        return TRUE;
    g_set_error (error, PR_ERROR, PR_ERROR_BACKUP_REFUSED, "the phone agreed, but its backups are %s encrypted",
                 now == PR_ANSWER_YES ? "still" : "not");
    return FALSE;
}

static gboolean
pr_change_password_run (PrOperation *operation, GCancellable *cancellable, GError **error)
{
    PrChangePassword *self = PR_CHANGE_PASSWORD (operation);
    PrBackupWork work = { .operation = operation, .steps = step_of_stage };

    if (!change (self, &work, cancellable, error))
        return FALSE;
    /* a stop that was asked for meanwhile came too late, and is not told as one */
    pr_operation_enter_zone (operation, PR_STOP_NOT, NULL);
    pr_operation_enter_step (operation, LOOK);
    return check_change (self, NULL, error);
}

static gboolean
pr_change_password_prepare (PrOperation *operation, GError **error)
{
    PrChangePassword *self = PR_CHANGE_PASSWORD (operation);

    if (!pr_operation_check_normal (operation, error))
        return FALSE;
    if (self->new_password || pr_phone_get_must_encrypt (pr_operation_get_phone (operation)) != PR_ANSWER_YES)
        return TRUE;
    g_set_error_literal (error, PR_ERROR, PR_ERROR_ENCRYPTION_REQUIRED, "RequiresEncryption is set");
    return FALSE;
}

static void
pr_change_password_finalize (GObject *object)
{
    PrChangePassword *self = PR_CHANGE_PASSWORD (object);

    pr_backup_secret_free (self->old_password);
    pr_backup_secret_free (self->new_password);
    G_OBJECT_CLASS (pr_change_password_parent_class)->finalize (object);
}

static void
pr_change_password_class_init (PrChangePasswordClass *klass)
{
    PrOperationClass *operation_class = PR_OPERATION_CLASS (klass);

    G_OBJECT_CLASS (klass)->finalize = pr_change_password_finalize;
    operation_class->steps = steps;
    operation_class->n_steps = G_N_ELEMENTS (steps);
    operation_class->prepare = pr_change_password_prepare;
    operation_class->run = pr_change_password_run;
}

static void
pr_change_password_init (PrChangePassword *self)
{
}

PrOperation *
pr_change_password_new (PrPhone *phone, const char *old_password, const char *new_password)
{
    PrChangePassword *self;

    g_return_val_if_fail (old_password || new_password, NULL);

    self = g_object_new (PR_TYPE_CHANGE_PASSWORD, "phone", phone, NULL);
    self->old_password = pr_backup_secret_copy (old_password);
    self->new_password = pr_backup_secret_copy (new_password);
    return PR_OPERATION (self);
}
