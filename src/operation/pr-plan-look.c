// SPDX-License-Identifier: GPL-3.0-or-later
/* What a plan has to read, each in a task of its own; a new look ends the one before. */
#include "pr-backup-secret.h"
#include "pr-plan-private.h"

#define READ_EVERY 5                         /* seconds, to see whether it is time */
#define READ_AFTER (4 * G_USEC_PER_SEC * 60) /* a minute before it is too old (pr-plan-judge.c) */

static void
stop (GCancellable **look)
{
    g_cancellable_cancel (*look);
    g_clear_object (look);
}

static GCancellable *
begin (GCancellable **look)
{
    stop (look);
    *look = g_cancellable_new ();
    return *look;
}

/* --- The system file --- */

static void
file_known_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (PrPlan) self = data;
    g_autoptr (PrSystemFile) file = pr_system_file_look_finish (result);

    if (!file)
        return; /* another look has begun since */
    g_clear_object (&self->looking);
    g_set_object (&self->file, file);
    pr_plan_notify_file (self);
    pr_plan_update (self);
}

void
pr_plan_look_for_file (PrPlan *self)
{
    PrSystemFileQuery query = { .path = self->chosen, .folder = self->firmware_folder };

    stop (&self->looking);
    g_clear_object (&self->file);
    pr_plan_notify_file (self);
    if (!pr_plan_asks_for (self, PR_CHECK_FILE))
        return;
    query.product_type = pr_phone_get_product_type (self->phone);
    query.board = pr_phone_get_board (self->phone);
    query.version = pr_phone_get_version (self->phone);
    query.keep_data = !pr_plan_goals_get (self->goal)->erases;
    pr_system_file_look_async (&query, begin (&self->looking), file_known_cb, g_object_ref (self));
}

/* --- Where backups are kept --- */

static void
place_known_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (PrPlan) self = data;
    PrBackupPlace *place = pr_backup_place_look_finish (result);

    if (!place)
        return;
    g_clear_object (&self->placing);
    g_clear_pointer (&self->place, pr_backup_place_free);
    self->place = place;
    pr_plan_update (self);
}

void
pr_plan_look_at_place (PrPlan *self)
{
    stop (&self->placing);
    g_clear_pointer (&self->place, pr_backup_place_free);
    if (pr_plan_asks_for (self, PR_CHECK_PLACE))
        pr_backup_place_look_async (pr_backup_library_get_folder (self->library), pr_phone_get_udid (self->phone),
                                    begin (&self->placing), place_known_cb, g_object_ref (self));
}

/* --- The library --- */

/* Whatever came of it: what is listed now is what there is. */
static void
listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (PrPlan) self = data;
    g_autoptr (GError) error = NULL;

    pr_backup_library_refresh_finish (PR_BACKUP_LIBRARY (source), result, &error);
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    g_clear_object (&self->listing);
    self->listed = TRUE;
    pr_plan_find_backup (self);
}

void
pr_plan_read_library (PrPlan *self)
{
    stop (&self->listing);
    self->listed = FALSE;
    if (self->phone && pr_plan_goals_get (self->goal)->wants_list)
        pr_backup_library_refresh (self->library, begin (&self->listing), listed_cb, g_object_ref (self));
}

/* --- The backup --- */

/* A password that does not open this backup may still be the phone's, and is kept where it is backed up. */
static void
prove_without (PrPlan *self)
{
    if (self->goal == PR_GOAL_BACK_UP)
        return;
    g_clear_pointer (&self->password, pr_backup_secret_free);
    if (!self->proof)
        pr_plan_prove (self);
}

/* What was found out is known of the backup from now on, in the library too. */
static void
take_proof (PrPlan *self, PrBackupProof *proof)
{
    if (g_error_matches (proof->error, PR_ERROR, PR_ERROR_WRONG_BACKUP_PASSWORD)) {
        g_clear_error (&self->wrong);
        self->wrong = g_error_copy (proof->error);
        pr_backup_proof_free (proof);
        prove_without (self);
        return;
    }
    g_clear_pointer (&self->proof, pr_backup_proof_free);
    self->proof = proof;
    if (g_error_matches (proof->error, PR_ERROR, PR_ERROR_BACKUP_DAMAGED))
        pr_backup_set_health (self->backup, PR_BACKUP_HEALTH_DAMAGED);
    else if (!proof->error && proof->report.proven)
        pr_backup_set_health (self->backup, PR_BACKUP_HEALTH_GOOD);
    if (!proof->error && pr_backup_get_size (self->backup) < 0)
        pr_backup_set_size (self->backup, (gint64) proof->report.bytes);
}

static void
proven_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (PrPlan) self = data;
    PrBackupProof *proof = pr_backup_proof_make_finish (result);

    if (!proof)
        return;
    g_clear_object (&self->proving);
    take_proof (self, proof);
    pr_plan_update (self);
}

/* For a backup run only a password is to be proven; for an erase only what is fresh enough to count. */
static gboolean
wants_proof (PrPlan *self)
{
    if (!self->backup)
        return FALSE;
    if (pr_plan_asks_for (self, PR_CHECK_INTACT))
        return TRUE;
    if (pr_plan_asks_for (self, PR_CHECK_BACKUP))
        return pr_check_is_fresh (pr_backup_get_date (self->backup));
    return pr_plan_asks_for (self, PR_CHECK_PASSWORD) && self->password && pr_backup_get_encrypted (self->backup);
}

void
pr_plan_prove (PrPlan *self)
{
    stop (&self->proving);
    if (wants_proof (self))
        pr_backup_proof_make_async (self->backup, self->password, begin (&self->proving), proven_cb,
                                    g_object_ref (self));
}

/* --- Find My --- */

static gboolean
is_old (PrPhone *phone)
{
    return pr_phone_get_mode (phone) == PR_PHONE_MODE_NORMAL && pr_phone_get_trust (phone) == PR_TRUST_TRUSTED &&
           !pr_phone_get_busy (phone) && g_get_monotonic_time () - pr_phone_get_find_my_time (phone) > READ_AFTER;
}

static gboolean
read_cb (gpointer data)
{
    PrPlan *self = data;

    if (is_old (self->phone))
        pr_phone_list_refresh (self->phones, self->phone);
    pr_plan_update (self);
    return G_SOURCE_CONTINUE;
}

void
pr_plan_keep_reading (PrPlan *self)
{
    g_clear_handle_id (&self->reading, g_source_remove);
    if (pr_plan_hands_over (self))
        self->reading = g_timeout_add_seconds (READ_EVERY, read_cb, self);
}

void
pr_plan_stop_looking (PrPlan *self)
{
    stop (&self->looking);
    stop (&self->placing);
    stop (&self->listing);
    stop (&self->proving);
    g_clear_handle_id (&self->reading, g_source_remove);
}
