// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-delete-backup.h"

#include "pr-backup-lock.h"
#include "pr-backup-step.h"
#include "pr-backup-store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>

/* What the thread needs. */
typedef struct {
    PrBackupLibrary *library; /* owned, the main thread's */
    char *path;
    char *folder; /* where the lock is */
    char *udid;
    gboolean ours;
} Deletion;

static void
deletion_free (gpointer data)
{
    Deletion *self = data;

    g_object_unref (self->library);
    g_free (self->path);
    g_free (self->folder);
    g_free (self->udid);
    g_free (self);
}

/* One whose password was not proven counts: it is whole, and only its owner knows whether it opens. */
static gboolean
is_trusted (PrBackup *backup)
{
    PrBackupHealth health = pr_backup_get_health (backup);

    return health == PR_BACKUP_HEALTH_GOOD || health == PR_BACKUP_HEALTH_UNPROVEN;
}

static gboolean
is_other (PrBackup *one, PrBackup *other)
{
    return g_strcmp0 (pr_backup_get_path (one), pr_backup_get_path (other)) != 0;
}

gboolean
pr_backup_delete_needs_confirmation (PrBackup *backup, PrBackupLibrary *library)
{
    PrBackupHealth health = pr_backup_get_health (backup);
    guint n = g_list_model_get_n_items (G_LIST_MODEL (library));

    if (health == PR_BACKUP_HEALTH_INCOMPLETE || health == PR_BACKUP_HEALTH_DAMAGED)
        return FALSE;
    for (guint i = 0; i < n; i++) {
        g_autoptr (PrBackup) other = g_list_model_get_item (G_LIST_MODEL (library), i);

        if (is_other (backup, other) && is_trusted (other) &&
            g_ascii_strcasecmp (pr_backup_get_udid (backup), pr_backup_get_udid (other)) == 0)
            return FALSE;
    }
    return TRUE;
}

guint64
pr_backup_delete_get_number (PrBackup *backup)
{
    guint64 ecid = pr_backup_get_ecid (backup);
    g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, pr_backup_get_udid (backup), -1);

    sum[15] = '\0';
    return ecid != 0 ? ecid : g_ascii_strtoull (sum, NULL, 16) | 1;
}

static gboolean
check_confirmed (PrBackup *backup, PrBackupLibrary *library, PrConfirmation *confirmation, GError **error)
{
    return !pr_backup_delete_needs_confirmation (backup, library) ||
           pr_confirmation_check (confirmation, pr_backup_delete_get_number (backup), PR_BACKUP_DELETE_ACTION,
                                  pr_backup_get_path (backup), error);
}

/* What was kept for the next run's copy shares the backup's files, and goes with it. Somebody who is at work there now
 * sees to that in the end. */
static void
clear_up (const char *folder)
{
    g_autoptr (PrBackupStore) store = pr_backup_store_new (folder);

    pr_backup_store_recover (store, NULL, NULL);
}

static void
trash (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Deletion *self = data;
    g_autoptr (GFile) file = g_file_new_for_path (self->path);
    g_autofd int folder = open (self->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    g_autofd int lock = -1;
    GError *error = NULL;

    if (folder < 0)
        pr_backup_fail (&error, errno, self->folder);
    else if (self->ours)
        lock = pr_backup_lock_write (folder, self->udid, 0, cancellable, &error);
    if (error || !g_file_trash (file, cancellable, &error)) {
        g_task_return_error (task, error);
        return;
    }
    g_clear_fd (&lock, NULL);
    if (self->ours)
        clear_up (self->folder);
    g_task_return_boolean (task, TRUE);
}

void
pr_backup_delete (PrBackup *backup,
                  PrBackupLibrary *library,
                  PrConfirmation *confirmation,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer data)
{
    g_autoptr (GTask) task = g_task_new (backup, cancellable, callback, data);
    g_autofree char *parent = g_path_get_dirname (pr_backup_get_path (backup));
    Deletion *self;
    GError *error = NULL;

    if (!check_confirmed (backup, library, confirmation, &error)) {
        g_task_return_error (task, error);
        return;
    }
    self = g_new0 (Deletion, 1);
    self->library = g_object_ref (library);
    self->path = g_strdup (pr_backup_get_path (backup));
    self->udid = g_strdup (pr_backup_get_udid (backup));
    self->ours = pr_backup_get_ours (backup);
    self->folder = pr_backup_get_earlier (backup) ? g_path_get_dirname (parent) : g_strdup (parent);
    g_task_set_task_data (task, self, deletion_free);
    g_task_run_in_thread (task, trash);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    pr_backup_library_refresh_finish (PR_BACKUP_LIBRARY (source), result, NULL);
}

gboolean
pr_backup_delete_finish (PrBackup *backup, GAsyncResult *result, GError **error)
{
    Deletion *self = g_task_get_task_data (G_TASK (result));

    if (!g_task_propagate_boolean (G_TASK (result), error))
        return FALSE;
    pr_backup_library_refresh (self->library, NULL, listed_cb, NULL);
    return TRUE;
}
