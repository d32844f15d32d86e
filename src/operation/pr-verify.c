// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-verify.h"

#include "pr-backup-lock.h"
#include "pr-backup-secret.h"
#include "pr-backup-step.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

struct _PrVerify {
    PrOperation parent_instance;

    /* owned */
    PrBackup *backup; /* the main thread's */
    char *path;
    char *password;

    gboolean ours;
    gboolean deep;
    PrBackupReport report; /* the worker's until it has ended */
};

enum { LOOK, READ };

static const PrStep steps[] = {
    [LOOK] = { N_ ("Looking for Every File"), N_ ("The phone is not needed for this."), "pr-phone-%s-symbolic", 5, 10 },
    [READ] = { N_ ("Reading Every File"), N_ ("The phone is not needed for this."), "pr-progress-symbolic", 95, 300 },
};

G_DEFINE_FINAL_TYPE (PrVerify, pr_verify, PR_TYPE_OPERATION)

static void
progress_cb (guint64 done, guint64 total, gpointer data)
{
    pr_operation_enter_step (data, READ);
    if (total > 0)
        pr_operation_report (data, (double) done / (double) total);
}

static gboolean
verify (PrVerify *self, int root, GCancellable *cancellable, GError **error)
{
    if (!self->deep)
        return pr_backup_verify_quick (root, self->password, &self->report, cancellable, error);
    return pr_backup_verify_deep (root, self->password, &self->report, progress_cb, self, cancellable, error);
}

static gboolean
open_and_verify (PrVerify *self, GCancellable *cancellable, GError **error)
{
    g_autofd int lock = -1, root = -1;

    if (!pr_backup_lock_read (self->path, self->ours, &lock, error))
        return FALSE;
    root = open (self->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (root < 0)
        return pr_backup_fail (error, errno, "opening the backup");
    return verify (self, root, cancellable, error);
}

static gboolean
pr_verify_run (PrOperation *operation, GCancellable *cancellable, GError **error)
{
    g_autoptr (GError) reason = NULL;

    if (open_and_verify (PR_VERIFY (operation), cancellable, &reason))
        return TRUE;
    if (reason->domain != PR_ERROR && !g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        reason->domain = PR_ERROR;
        reason->code = PR_ERROR_BACKUP_DISK_GONE;
    }
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
}

static void
pr_verify_ended (PrOperation *operation)
{
    PrVerify *self = PR_VERIFY (operation);
    const GError *error = pr_operation_get_error (operation);

    if (g_error_matches (error, PR_ERROR, PR_ERROR_BACKUP_DAMAGED))
        pr_backup_set_health (self->backup, PR_BACKUP_HEALTH_DAMAGED);
    if (error)
        return;
    pr_backup_set_health (self->backup, self->report.proven ? PR_BACKUP_HEALTH_GOOD : PR_BACKUP_HEALTH_UNPROVEN);
    if (pr_backup_get_size (self->backup) < 0)
        pr_backup_set_size (self->backup, (gint64) self->report.bytes);
}

static void
pr_verify_finalize (GObject *object)
{
    PrVerify *self = PR_VERIFY (object);

    g_clear_object (&self->backup);
    g_free (self->path);
    pr_backup_secret_free (self->password);
    G_OBJECT_CLASS (pr_verify_parent_class)->finalize (object);
}

static void
pr_verify_class_init (PrVerifyClass *klass)
{
    PrOperationClass *operation_class = PR_OPERATION_CLASS (klass);

    G_OBJECT_CLASS (klass)->finalize = pr_verify_finalize;
    operation_class->steps = steps;
    operation_class->n_steps = G_N_ELEMENTS (steps);
    operation_class->run = pr_verify_run;
    operation_class->ended = pr_verify_ended;
}

static void
pr_verify_init (PrVerify *self)
{
}

PrOperation *
pr_verify_new (PrBackup *backup, const char *password, gboolean deep)
{
    PrVerify *self = g_object_new (PR_TYPE_VERIFY, NULL);

    self->backup = g_object_ref (backup);
    self->path = g_strdup (pr_backup_get_path (backup));
    self->ours = pr_backup_get_ours (backup);
    self->password = pr_backup_secret_copy (password);
    self->deep = deep;
    return PR_OPERATION (self);
}

PrBackup *
pr_verify_get_backup (PrVerify *self)
{
    return self->backup;
}

const PrBackupReport *
pr_verify_get_report (PrVerify *self)
{
    return &self->report;
}
