// SPDX-License-Identifier: GPL-3.0-or-later
/* What is tried out before anything is touched, each in a task of its own: is the system file just the one that the
 * lists name, and does Apple's server sign it for this phone? */
#include "pr-firmware-folder.h"
#include "pr-plan-private.h"
#include "pr-signing-server.h"
#include "pr-signing-trial.h"

static gboolean
has_good_file (PrPlan *self)
{
    return self->file && !pr_system_file_get_error (self->file);
}

/* --- Its bytes --- */

typedef struct {
    PrFirmwareFolder *folder;
    PrFirmware *firmware;
    char *path;
} Proof;

static void
proof_free (gpointer data)
{
    Proof *self = data;

    g_object_unref (self->folder);
    g_object_unref (self->firmware);
    g_free (self->path);
    g_free (self);
}

static void
prove (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    const Proof *proof = data;
    GError *error = NULL;
    gboolean same = pr_firmware_folder_is (proof->folder, proof->path, proof->firmware, cancellable, &error);

    if (error)
        g_task_return_error (task, error);
    else
        g_task_return_boolean (task, same);
}

static void
proven_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (PrPlan) self = data;
    g_autoptr (GError) error = NULL;
    gboolean same = g_task_propagate_boolean (G_TASK (result), &error);

    if (error)
        return; /* another look has begun since */
    g_clear_object (&self->reading);
    self->genuine = same ? PR_ANSWER_YES : PR_ANSWER_NO;
    pr_plan_notify_versions (self);
    pr_plan_update (self);
}

/* (transfer none) (nullable): what the lists say of the build that the file says it is */
static PrFirmware *
find_listed (PrPlan *self)
{
    const char *build = pr_system_file_get_build (self->file);

    for (guint i = 0; build && self->all_versions && i < self->all_versions->len; i++)
        if (g_str_equal (pr_firmware_get_facts (self->all_versions->pdata[i])->build, build))
            return self->all_versions->pdata[i];
    return NULL;
}

void
pr_plan_prove_file (PrPlan *self)
{
    PrFirmware *listed = has_good_file (self) ? find_listed (self) : NULL;
    g_autoptr (GTask) task = NULL;
    Proof *proof;

    pr_plan_end_look (&self->reading);
    self->genuine = PR_ANSWER_UNKNOWN;
    if (!listed || !self->firmware_folder)
        return;
    proof = g_new0 (Proof, 1);
    proof->folder = pr_firmware_folder_new (self->firmware_folder);
    proof->firmware = g_object_ref (listed);
    proof->path = g_strdup (pr_system_file_get_path (self->file));
    task = g_task_new (NULL, pr_plan_begin_look (&self->reading), proven_cb, g_object_ref (self));
    g_task_set_source_tag (task, pr_plan_prove_file);
    g_task_set_task_data (task, proof, proof_free);
    g_task_run_in_thread (task, prove);
}

/* --- Its signature --- */

typedef struct {
    PrServers *servers;
    char *path;
    char *board;
    guint64 ecid;
    gboolean keep_data;
} Trial;

static void
trial_free (gpointer data)
{
    Trial *self = data;

    pr_servers_unref (self->servers);
    g_free (self->path);
    g_free (self->board);
    g_free (self);
}

static gboolean
run_trial (const Trial *self, GCancellable *cancellable, GError **error)
{
    const PrSigningTrial trial = { .ecid = self->ecid, .board = self->board, .keep_data = self->keep_data };
    const char *server = self->servers->signing ? self->servers->signing : PR_SIGNING_SERVER;
    g_autoptr (PrWeb) web = pr_servers_make_web (self->servers, error);
    g_autoptr (PrIpsw) ipsw = web ? pr_ipsw_open (self->path, cancellable, error) : NULL;

    if (!ipsw || pr_signing_trial_run (&trial, ipsw, web, server, cancellable, error))
        return ipsw != NULL;
    pr_web_look_for_sign_in (web, cancellable, error);
    return FALSE;
}

static void
try (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    GError *error = NULL;

    if (run_trial (data, cancellable, &error))
        g_task_return_boolean (task, TRUE);
    else
        g_task_return_error (task, error);
}

static void
tried_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (PrPlan) self = data;
    g_autoptr (GError) error = NULL;
    gboolean is_signed = g_task_propagate_boolean (G_TASK (result), &error);

    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    g_clear_object (&self->trying);
    self->is_signed = is_signed;
    self->unsigned_error = g_steal_pointer (&error);
    pr_plan_update (self);
}

void
pr_plan_try_signing (PrPlan *self)
{
    g_autoptr (GTask) task = NULL;
    Trial *trial;

    if (!has_good_file (self) || !self->servers || !pr_phone_get_ecid (self->phone))
        return;
    trial = g_new0 (Trial, 1);
    trial->servers = pr_servers_ref (self->servers);
    trial->path = g_strdup (pr_system_file_get_path (self->file));
    trial->board = g_strdup (pr_phone_get_board (self->phone));
    trial->ecid = pr_phone_get_ecid (self->phone);
    trial->keep_data = !pr_plan_goals_get (self->goal)->erases;
    task = g_task_new (NULL, pr_plan_begin_look (&self->trying), tried_cb, g_object_ref (self));
    g_task_set_source_tag (task, pr_plan_try_signing);
    g_task_set_task_data (task, trial, trial_free);
    g_task_run_in_thread (task, try);
}

void
pr_plan_forget_rehearsal (PrPlan *self)
{
    pr_plan_end_look (&self->reading);
    pr_plan_end_look (&self->trying);
    g_clear_error (&self->unsigned_error);
    self->genuine = PR_ANSWER_UNKNOWN;
    self->is_signed = FALSE;
}
