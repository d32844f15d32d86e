// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-put-back.h"

#include "pr-backup-lock.h"
#include "pr-backup-secret.h"
#include "pr-backup-work.h"
#include "pr-operation-phone.h"
#include "pr-services.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#define ACTION "put-back"
#define SILENCE_SECONDS (6 * 3600) /* guard rail 6: never ended for silence; only the person may */
#define LEAVE_SECONDS 300          /* from the end of the files to leaving the bus */
#define NOTICE_SECONDS 300         /* past which the cable may be out */
#define RETURN_SECONDS 1800        /* a phone sorts what it got before it starts */
#define ANSWER_SECONDS 300         /* from showing up to answering */

struct _PrPutBack {
    PrOperation parent_instance;

    /* owned */
    char *path;
    char *udid; /* of the phone that the backup is of */
    char *password;
    PrConfirmation *confirmation;

    gboolean ours;
    gboolean same_phone;
    gint64 checked; /* when the confirmation was; monotonic, 0: not yet */
};

enum { CHECK, ASK, SEND, RESTART, RETURN };

static const PrStep steps[] = {
    [CHECK] = { N_ ("Checking the Backup"), N_ ("Nothing happens on the phone yet."), "pr-phone-%s-symbolic", 4, 20 },
    [ASK] = { N_ ("Asking the Phone"), N_ ("It may ask for its passcode. Keep it unlocked."),
              "pr-shows-passcode-symbolic", 3, 60 },
    [SEND] = { N_ ("Copying to the Phone"), N_ ("The phone shows that it is being restored. Leave it plugged in."),
               "pr-progress-symbolic", 73, 900 },
    [RESTART] = { N_ ("Restarting"), N_ ("Its screen turns black."), "pr-phone-%s-symbolic", 2, 30 },
    [RETURN] = { N_ ("Starting"), N_ ("The phone shows a logo and a bar. Leave it plugged in until it greets you."),
                 "pr-progress-symbolic", 18, 240 },
};

static const guint step_of_stage[] = {
    [PR_MOBILE_BACKUP_STAGE_OPEN] = ASK,   [PR_MOBILE_BACKUP_STAGE_COPY] = ASK,    [PR_MOBILE_BACKUP_STAGE_WAIT] = ASK,
    [PR_MOBILE_BACKUP_STAGE_FILES] = SEND, [PR_MOBILE_BACKUP_STAGE_VERIFY] = SEND,
};

G_DEFINE_FINAL_TYPE (PrPutBack, pr_put_back, PR_TYPE_OPERATION)

/* A backup whose password is not there cannot be read by the phone either. */
static gboolean
verify (PrPutBack *self, GCancellable *cancellable, GError **error)
{
    g_autofd int root = open (self->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    PrBackupReport report;

    if (root < 0)
        return pr_backup_fail (error, errno, "opening the backup");
    if (!pr_backup_verify_quick (root, self->password, &report, cancellable, error))
        return FALSE;
    if (report.proven)
        return TRUE;
    g_set_error_literal (error, PR_ERROR, PR_ERROR_WRONG_BACKUP_PASSWORD, "the backup is encrypted");
    return FALSE;
}

/* An automatic try reuses the confirmation, for the same phone and backup. */
static gboolean
check_identity (PrPutBack *self, GCancellable *cancellable, GError **error)
{
    if (self->checked == 0)
        self->checked = g_get_monotonic_time ();
    return pr_operation_check_confirmed (PR_OPERATION (self), self->confirmation, self->checked, ACTION, self->path,
                                         cancellable, error);
}

static gboolean
send_files (PrPutBack *self, const PrMobileBackupOptions *options, GCancellable *cancellable, GError **error)
{
    PrMobileBackupWish wish = {
        .source = self->udid,
        .path = self->path,
        .password = self->password,
        .verified = TRUE,
        .system_files = self->same_phone,
        .keep_settings = !self->same_phone,
        .remove_others = self->same_phone,
    };

    return pr_mobile_backup_put_back (pr_operation_get_udid (PR_OPERATION (self)), NULL, &wish, options, cancellable,
                                      error);
}

static gboolean
put_back (PrPutBack *self, PrBackupWork *work, GCancellable *cancellable, GError **error)
{
    PrMobileBackupOptions options = { .silence = SILENCE_SECONDS };
    g_autofd int lock = -1;

    if (!pr_backup_lock_read (self->path, self->ours, &lock, error) || !verify (self, cancellable, error))
        return FALSE;
    pr_operation_enter_step (work->operation, ASK);
    if (!check_identity (self, cancellable, error))
        return FALSE;
    pr_backup_work_fill (work, &options);
    return send_files (self, &options, cancellable, error);
}

/* --- The restart --- */

static gboolean
await_restart (PrPutBack *self, guint changes, GCancellable *cancellable, GError **error)
{
    PrOperation *operation = PR_OPERATION (self);

    pr_operation_enter_step (operation, RESTART);
    if (!pr_operation_await_leaving (operation, changes, LEAVE_SECONDS, PR_ERROR_NO_RESTART, cancellable, error))
        return FALSE;
    pr_operation_enter_step (operation, RETURN);
    return pr_operation_await_return (operation, NOTICE_SECONDS, RETURN_SECONDS, PR_ERROR_NO_RESTART, cancellable,
                                      error) &&
           pr_operation_await_answer (operation, ANSWER_SECONDS, cancellable, error);
}

static gboolean
pr_put_back_run (PrOperation *operation, GCancellable *cancellable, GError **error)
{
    PrPutBack *self = PR_PUT_BACK (operation);
    PrBackupWork work = {
        .operation = operation, .steps = step_of_stage, .zone = PR_STOP_END_ANYWAY, .restores = TRUE
    };
    guint changes = pr_phone_peek_changes (pr_operation_get_phone (operation));
    GError *reason = NULL;

    while (!put_back (self, &work, cancellable, &reason))
        if (!pr_backup_work_again (&work, &reason, cancellable)) {
            g_propagate_error (error, reason);
            return FALSE;
        }
    if (await_restart (self, changes, cancellable, &reason))
        return TRUE;
    pr_backup_work_name_error (&work, &reason);
    g_propagate_error (error, reason);
    return FALSE;
}

/* --- The object --- */

static void
pr_put_back_finalize (GObject *object)
{
    PrPutBack *self = PR_PUT_BACK (object);

    g_free (self->path);
    g_free (self->udid);
    pr_backup_secret_free (self->password);
    g_clear_pointer (&self->confirmation, pr_confirmation_unref);
    G_OBJECT_CLASS (pr_put_back_parent_class)->finalize (object);
}

static void
pr_put_back_class_init (PrPutBackClass *klass)
{
    PrOperationClass *operation_class = PR_OPERATION_CLASS (klass);

    G_OBJECT_CLASS (klass)->finalize = pr_put_back_finalize;
    operation_class->steps = steps;
    operation_class->n_steps = G_N_ELEMENTS (steps);
    operation_class->prepare = pr_operation_check_normal;
    operation_class->run = pr_put_back_run;
}

static void
pr_put_back_init (PrPutBack *self)
{
}

PrOperation *
pr_put_back_new (PrPhone *phone,
                 PrBackup *backup,
                 const char *password,
                 gboolean same_phone,
                 PrConfirmation *confirmation)
{
    PrPutBack *self = g_object_new (PR_TYPE_PUT_BACK, "phone", phone, NULL);

    self->path = g_strdup (pr_backup_get_path (backup));
    self->udid = g_strdup (pr_backup_get_udid (backup));
    self->ours = pr_backup_get_ours (backup);
    self->password = pr_backup_secret_copy (password);
    self->same_phone = same_phone;
    self->confirmation = confirmation ? pr_confirmation_ref (confirmation) : NULL;
    return PR_OPERATION (self);
}
