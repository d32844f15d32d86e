// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-proof.h"

#include "pr-backup-lock.h"
#include "pr-backup-secret.h"
#include "pr-backup-step.h"
#include "pr-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>

typedef struct {
    char *path, *password;
    gboolean ours;
} Query;

static void
query_free (gpointer data)
{
    Query *query = data;

    g_free (query->path);
    pr_backup_secret_free (query->password);
    g_free (query);
}

void
pr_backup_proof_free (PrBackupProof *self)
{
    g_clear_error (&self->error);
    g_free (self);
}

static gboolean
verify (const Query *query, PrBackupReport *report, GCancellable *cancellable, GError **error)
{
    g_autofd int lock = -1, root = -1;

    if (!pr_backup_lock_read (query->path, query->ours, &lock, error))
        return FALSE;
    root = open (query->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (root < 0)
        return pr_backup_fail (error, errno, "opening the backup");
    return pr_backup_verify_quick (root, query->password, report, cancellable, error);
}

static void
make (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    PrBackupProof *self = g_new0 (PrBackupProof, 1);

    if (!verify (data, &self->report, cancellable, &self->error) && self->error->domain != PR_ERROR) {
        self->error->domain = PR_ERROR;
        self->error->code = PR_ERROR_BACKUP_DISK_GONE;
    }
    g_task_return_pointer (task, self, (GDestroyNotify) pr_backup_proof_free);
}

void
pr_backup_proof_make_async (PrBackup *backup,
                            const char *password,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
    g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
    Query *query = g_new0 (Query, 1);

    query->path = g_strdup (pr_backup_get_path (backup));
    query->ours = pr_backup_get_ours (backup);
    query->password = pr_backup_secret_copy (password);
    g_task_set_source_tag (task, pr_backup_proof_make_async);
    g_task_set_task_data (task, query, query_free);
    g_task_run_in_thread (task, make);
}

PrBackupProof *
pr_backup_proof_make_finish (GAsyncResult *result)
{
    return g_task_propagate_pointer (G_TASK (result), NULL);
}
