// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-work.h"

/* After which numbers of the phone's it is worth another try: its passcode was not entered (libimobiledevice issues
 * 1380 and 1601), it was busy, it could not write here (1361), what is left of an older run is in its way (630, 1544),
 * or it cannot go on with the backup that is here, which a full one does not need. Of the tries that follow, @full says
 * from which on they are full. */
static const struct {
    gint64 number;
    guint tries; /* in all */
    guint full;  /* 0: none is */
    double pause;
    gboolean restoring; /* also where a backup is put back */
    const char *what;
} retries[] = {
    { 208, 3, 0, 5, TRUE, "the passcode was not entered" },
    { 14, 3, 0, 10, TRUE, "the phone was busy" },
    { 17, 3, 0, 10, TRUE, "the phone wants to be asked later" },
    { 104, 3, 3, 3, FALSE, "the phone could not hand over its files" },
    { 203, 2, 2, 1, FALSE, "the phone cannot go on with the backup that is here" },
    { 205, 2, 2, 1, FALSE, "the phone cannot go on with the backup that is here" },
    { 209, 2, 2, 1, FALSE, "a key was missing in the backup that is here" },
};

static void
show_passcode (PrBackupWork *self, gboolean asks)
{
    if (g_atomic_int_exchange (&self->asks, asks) != asks)
        pr_operation_set_note (self->operation, asks ? PR_NOTE_PASSCODE : PR_NOTE_NONE);
}

static void
progress_cb (const PrMobileBackupProgress *progress, gpointer data)
{
    PrBackupWork *self = data;

    show_passcode (self, progress->asks_passcode);
    pr_operation_enter_step (self->operation, self->steps[progress->stage]);
    if (progress->stage == PR_MOBILE_BACKUP_STAGE_FILES)
        pr_operation_report (self->operation, progress->fraction);
}

static gboolean
cross_cb (gpointer data, GError **error)
{
    PrBackupWork *self = data;

    self->crossed = pr_operation_enter_zone (self->operation, self->zone, error);
    return self->crossed;
}

void
pr_backup_work_fill (PrBackupWork *self, PrMobileBackupOptions *options)
{
    options->func = progress_cb;
    options->cross = cross_cb;
    options->data = self;
    options->phone_code = &self->number;
}

/* What is not there, or is something else than it should be, where the backups are: their disk is not there. */
void
pr_backup_work_name_error (PrBackupWork *self, GError **reason)
{
    if (pr_operation_ended_anyway (self->operation)) {
        g_clear_error (reason);
        g_set_error_literal (reason, PR_ERROR, PR_ERROR_ENDED_EARLY, "the person ended it");
    } else if ((*reason)->domain != PR_ERROR && !g_error_matches (*reason, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        (*reason)->domain = PR_ERROR;
        (*reason)->code = PR_ERROR_BACKUP_DISK_GONE;
    }
}

static gboolean
wait_a_little (double seconds, GError **reason, PrBackupWork *self, GCancellable *cancellable)
{
    g_autoptr (GError) stopped = NULL;

    pr_phone_wait (pr_operation_get_phone (self->operation), 0, seconds, cancellable, &stopped);
    if (stopped == NULL)
        return TRUE;
    g_clear_error (reason);
    *reason = g_steal_pointer (&stopped);
    return FALSE;
}

gboolean
pr_backup_work_again (PrBackupWork *self, GError **reason, GCancellable *cancellable)
{
    show_passcode (self, FALSE);
    pr_backup_work_name_error (self, reason);
    self->tries++;
    for (gsize i = 0; i < G_N_ELEMENTS (retries); i++) {
        g_autofree char *line = NULL;

        if (retries[i].number != ABS (self->number) || self->crossed || (self->restores && !retries[i].restoring) ||
            self->tries >= retries[i].tries)
            continue;
        self->full = retries[i].full > 0 && self->tries + 1 >= retries[i].full;
        line = g_strdup_printf ("%s (%" G_GINT64_FORMAT "): try %u of %u in %.0f s%s", retries[i].what, self->number,
                                self->tries + 1, retries[i].tries, retries[i].pause,
                                self->full ? ", as a full backup" : "");
        pr_operation_add_detail (self->operation, line);
        if (!wait_a_little (retries[i].pause, reason, self, cancellable))
            return FALSE;
        g_clear_error (reason);
        return TRUE;
    }
    return FALSE;
}
