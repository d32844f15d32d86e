// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-back-up.h"

#include "pr-backup-secret.h"
#include "pr-backup-work.h"
#include "pr-operation-phone.h"

#include <glib/gi18n.h>

struct _PrBackUp {
    PrOperation parent_instance;

    /* owned */
    PrBackupLibrary *library;
    PrBackupStore *store; /* the worker's */
    char *password;

    PrBackupReport report; /* the worker's until it has ended */
};

enum { ASK, COPY, WAIT, FILES, VERIFY };

static const PrStep steps[] = {
    [ASK] = { N_ ("Asking the Phone"), N_ ("The phone is asked for a backup."), "pr-state-normal-symbolic", 1, 10 },
    [COPY] = { N_ ("Keeping the Backup From Before"), N_ ("The phone waits. The last backup is not touched."),
               "pr-phone-%s-symbolic", 1, 10 },
    [WAIT] = { N_ ("Waiting for the Phone"), N_ ("It gets ready, and may ask for its passcode. Keep it unlocked."),
               "pr-shows-passcode-symbolic", 4, 60 },
    [FILES] = { N_ ("Copying"), N_ ("The phone may show that it synchronizes. Leave it plugged in."),
                "pr-progress-symbolic", 84, 900 },
    [VERIFY] = { N_ ("Checking the Backup"), N_ ("The phone is done and may be used."), "pr-phone-%s-symbolic", 10,
                 30 },
};

static const guint step_of_stage[] = {
    [PR_MOBILE_BACKUP_STAGE_OPEN] = ASK,      [PR_MOBILE_BACKUP_STAGE_COPY] = COPY,
    [PR_MOBILE_BACKUP_STAGE_WAIT] = WAIT,     [PR_MOBILE_BACKUP_STAGE_FILES] = FILES,
    [PR_MOBILE_BACKUP_STAGE_VERIFY] = VERIFY,
};

G_DEFINE_FINAL_TYPE (PrBackUp, pr_back_up, PR_TYPE_OPERATION)

static void
tell_report (PrBackUp *self)
{
    g_autofree char *line =
        g_strdup_printf ("%" G_GUINT64_FORMAT " files, %" G_GUINT64_FORMAT " bytes, %s, %s", self->report.files,
                         self->report.bytes, self->report.encrypted ? "encrypted" : "not encrypted",
                         self->report.proven ? "verified" : "compared with what arrived; its password was not proven");

    pr_operation_add_detail (PR_OPERATION (self), line);
}

static gboolean
pr_back_up_run (PrOperation *operation, GCancellable *cancellable, GError **error)
{
    PrBackUp *self = PR_BACK_UP (operation);
    PrBackupWork work = { .operation = operation, .steps = step_of_stage, .zone = PR_STOP_NOT };
    PrMobileBackupOptions options = { .keep_unproven = TRUE };
    GError *reason = NULL;

    pr_backup_work_fill (&work, &options);
    while (!pr_mobile_backup_back_up (pr_operation_get_udid (operation), self->store, work.full, self->password,
                                      &options, &self->report, cancellable, &reason))
        if (!pr_backup_work_again (&work, &reason, cancellable)) {
            g_propagate_error (error, reason);
            return FALSE;
        }
    tell_report (self);
    return TRUE;
}

/* --- The main thread --- */

/* What the run has proven is in no file. */
static void
listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (PrBackUp) self = data;
    PrBackupLibrary *library = PR_BACKUP_LIBRARY (source);
    g_autofree char *path =
        g_build_filename (pr_backup_library_get_folder (library), pr_operation_get_udid (PR_OPERATION (self)), NULL);
    PrBackup *backup;

    if (!pr_backup_library_refresh_finish (library, result, NULL))
        return;
    backup = pr_backup_library_find_path (library, path);
    if (backup && self->report.proven && pr_backup_get_health (backup) == PR_BACKUP_HEALTH_UNPROVEN)
        pr_backup_set_health (backup, PR_BACKUP_HEALTH_GOOD);
}

static void
pr_back_up_ended (PrOperation *operation)
{
    PrBackUp *self = PR_BACK_UP (operation);

    if (!pr_operation_get_error (operation))
        pr_backup_library_refresh (self->library, NULL, listed_cb, g_object_ref (self));
}

static void
pr_back_up_finalize (GObject *object)
{
    PrBackUp *self = PR_BACK_UP (object);

    g_clear_object (&self->library);
    g_clear_object (&self->store);
    pr_backup_secret_free (self->password);
    G_OBJECT_CLASS (pr_back_up_parent_class)->finalize (object);
}

static void
pr_back_up_class_init (PrBackUpClass *klass)
{
    PrOperationClass *operation_class = PR_OPERATION_CLASS (klass);

    G_OBJECT_CLASS (klass)->finalize = pr_back_up_finalize;
    operation_class->steps = steps;
    operation_class->n_steps = G_N_ELEMENTS (steps);
    operation_class->prepare = pr_operation_check_normal;
    operation_class->run = pr_back_up_run;
    operation_class->ended = pr_back_up_ended;
}

static void
pr_back_up_init (PrBackUp *self)
{
}

PrOperation *
pr_back_up_new (PrPhone *phone,
                PrBackupLibrary *library,
                const char *password,
                guint keep_versions,
                gboolean allow_journal)
{
    g_autoptr (PrBackupStore) store =
        g_object_new (PR_TYPE_BACKUP_STORE, "folder", pr_backup_library_get_folder (library), "keep-versions",
                      keep_versions, "allow-journal", allow_journal, NULL);

    return pr_back_up_new_in (phone, library, store, password);
}

PrOperation *
pr_back_up_new_in (PrPhone *phone, PrBackupLibrary *library, PrBackupStore *store, const char *password)
{
    PrBackUp *self = g_object_new (PR_TYPE_BACK_UP, "phone", phone, NULL);

    self->library = g_object_ref (library);
    self->store = g_object_ref (store);
    self->password = pr_backup_secret_copy (password);
    return PR_OPERATION (self);
}

const PrBackupReport *
pr_back_up_get_report (PrBackUp *self)
{
    return &self->report;
}
