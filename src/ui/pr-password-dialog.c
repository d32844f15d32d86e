// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-password-dialog.h"

#include "pr-backup-secret.h"

#include <glib/gi18n.h>

struct _PrPasswordDialog {
    AdwDialog parent_instance;

    char *udid;            /* owned; NULL: nothing is remembered */
    GCancellable *looking; /* owned */
    PrPasswordPurpose purpose;
    gboolean checking;

    /* template */
    GtkButton *done;
    GtkLabel *text;
    AdwEntryRow *old;
    AdwEntryRow *fresh;
    AdwEntryRow *again;
    GtkWidget *trouble_box;
    GtkLabel *trouble;
    GtkWidget *checking_box;
    AdwSwitchRow *remember;
    GtkWidget *warning;
    GtkWidget *lost;
};

enum { ENTERED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrPasswordDialog, pr_password_dialog, ADW_TYPE_DIALOG)

static const struct {
    const char *title;
    const char *text;
    const char *old;
    const char *button;
    gboolean wants_old;
    gboolean wants_new;
} purposes[] = {
    [PR_PASSWORD_OPEN] = { N_ ("Backup Password"),
                           N_ ("It is the one that was set when encryption was turned on, not the phone’s passcode."),
                           N_ ("Password"), N_ ("_Open"), TRUE, FALSE },
    [PR_PASSWORD_NEW] = { N_ ("Encrypt Backups"),
                          N_ ("Encrypted backups also hold passwords, Health data and Wi-Fi settings. The phone asks "
                              "for "
                              "its passcode."),
                          NULL, N_ ("_Turn On"), FALSE, TRUE },
    [PR_PASSWORD_CHANGE] = { N_ ("Change Password"),
                             N_ ("New backups open with the new password only, older ones with the old. The next "
                                 "backup "
                                 "copies everything anew."),
                             N_ ("Old Password"), N_ ("C_hange"), TRUE, TRUE },
    [PR_PASSWORD_OFF] = { N_ ("Turn Off Encryption"),
                          N_ ("New backups then lack passwords, Health data and Wi-Fi settings. Older ones stay as "
                              "they "
                              "are."),
                          N_ ("Password"), N_ ("_Turn Off"), TRUE, FALSE },
};

static const char *
get_text (AdwEntryRow *row)
{
    return gtk_editable_get_text (GTK_EDITABLE (row));
}

/* Can it be sent off? @complaint: (out): what is wrong, not only unfinished */
static gboolean
is_complete (PrPasswordDialog *self, const char **complaint)
{
    const char *fresh = get_text (self->fresh);
    const char *again = get_text (self->again);

    *complaint = NULL;
    if (purposes[self->purpose].wants_old && !*get_text (self->old))
        return FALSE;
    if (!purposes[self->purpose].wants_new)
        return TRUE;
    if (*again && !g_str_has_prefix (fresh, again))
        *complaint = _ ("The two new passwords differ.");
    return *fresh && g_str_equal (fresh, again);
}

static void
complain (PrPasswordDialog *self, const char *text)
{
    gtk_label_set_label (self->trouble, text ? text : "");
    gtk_widget_set_visible (self->trouble_box, text != NULL);
}

static void
update (PrPasswordDialog *self)
{
    const char *complaint;
    gboolean complete = is_complete (self, &complaint);

    gtk_widget_set_sensitive (GTK_WIDGET (self->done), complete && !self->checking);
    /* not insensitive: it has the keyboard, and gets it back when it was wrong */
    gtk_editable_set_editable (GTK_EDITABLE (self->old), !self->checking);
    gtk_widget_set_visible (self->checking_box, self->checking);
}

static void
changed_cb (PrPasswordDialog *self)
{
    const char *complaint;

    is_complete (self, &complaint);
    complain (self, complaint);
    update (self);
}

static void
done_cb (PrPasswordDialog *self)
{
    const char *complaint;

    if (self->checking || !is_complete (self, &complaint))
        return;
    self->checking = TRUE;
    complain (self, NULL);
    update (self);
    g_signal_emit (self, signals[ENTERED], 0, purposes[self->purpose].wants_old ? get_text (self->old) : NULL,
                   purposes[self->purpose].wants_new ? get_text (self->fresh) : NULL);
}

static void
cancel_cb (PrPasswordDialog *self)
{
    adw_dialog_close (ADW_DIALOG (self));
}

/* --- The keyring: it may ask the person something, so it is spoken to in a thread of its own --- */

typedef struct {
    char *udid;
    char *password; /* NULL: forget it */
} Remembered;

static void
remembered_free (gpointer data)
{
    Remembered *self = data;

    g_free (self->udid);
    if (self->password)
        pr_backup_secret_free (self->password);
    g_free (self);
}

static void
look_up (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    g_task_return_pointer (task, pr_backup_secret_look_up (data, cancellable, NULL),
                           (GDestroyNotify) pr_backup_secret_free);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    PrPasswordDialog *self = PR_PASSWORD_DIALOG (source);
    char *password = g_task_propagate_pointer (G_TASK (result), NULL);

    if (!password)
        return;
    if (!*get_text (self->old) && !self->checking)
        gtk_editable_set_text (GTK_EDITABLE (self->old), password);
    adw_switch_row_set_active (self->remember, TRUE);
    pr_backup_secret_free (password);
}

static void
look_for_password (PrPasswordDialog *self)
{
    g_autoptr (GTask) task = g_task_new (self, self->looking, found_cb, NULL);

    g_task_set_task_data (task, g_strdup (self->udid), g_free);
    g_task_run_in_thread (task, look_up);
}

static void
write_down (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Remembered *what = data;
    g_autoptr (GError) error = NULL;
    gboolean done = what->password ? pr_backup_secret_store (what->udid, what->password, cancellable, &error)
                                   : pr_backup_secret_forget (what->udid, cancellable, &error);

    if (!done)
        g_info ("the keyring: %s", error ? error->message : "not there");
    g_task_return_boolean (task, done);
}

static void
remember (PrPasswordDialog *self)
{
    g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
    Remembered *what = g_new0 (Remembered, 1);

    what->udid = g_strdup (self->udid);
    what->password = adw_switch_row_get_active (self->remember) ? g_strdup (get_text (self->old)) : NULL;
    g_task_set_task_data (task, what, remembered_free);
    g_task_run_in_thread (task, write_down);
}

/* --- The object --- */

static void
show_purpose (PrPasswordDialog *self)
{
    gboolean wants_old = purposes[self->purpose].wants_old, wants_new = purposes[self->purpose].wants_new;

    adw_dialog_set_title (ADW_DIALOG (self), _ (purposes[self->purpose].title));
    gtk_label_set_label (self->text, _ (purposes[self->purpose].text));
    gtk_button_set_label (self->done, _ (purposes[self->purpose].button));
    if (wants_old)
        adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->old), _ (purposes[self->purpose].old));
    gtk_widget_set_visible (GTK_WIDGET (self->old), wants_old);
    gtk_widget_set_visible (GTK_WIDGET (self->fresh), wants_new);
    gtk_widget_set_visible (GTK_WIDGET (self->again), wants_new);
    gtk_widget_set_visible (GTK_WIDGET (self->remember), self->purpose == PR_PASSWORD_OPEN && self->udid);
    gtk_widget_set_visible (self->warning, wants_new);
    gtk_widget_set_visible (self->lost, wants_old);
    adw_dialog_set_focus (ADW_DIALOG (self), GTK_WIDGET (wants_old ? self->old : self->fresh));
}

static void
pr_password_dialog_dispose (GObject *object)
{
    PrPasswordDialog *self = PR_PASSWORD_DIALOG (object);

    g_cancellable_cancel (self->looking);
    g_clear_object (&self->looking);
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_PASSWORD_DIALOG);
    g_clear_pointer (&self->udid, g_free);
    G_OBJECT_CLASS (pr_password_dialog_parent_class)->dispose (object);
}

static void
pr_password_dialog_class_init (PrPasswordDialogClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_password_dialog_dispose;
    signals[ENTERED] =
        g_signal_new ("entered", PR_TYPE_PASSWORD_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                      G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-password-dialog.ui");
    gtk_widget_class_bind_template_child (widget_class, PrPasswordDialog, done);
    gtk_widget_class_bind_template_child (widget_class, PrPasswordDialog, text);
    gtk_widget_class_bind_template_child (widget_class, PrPasswordDialog, old);
    gtk_widget_class_bind_template_child (widget_class, PrPasswordDialog, fresh);
    gtk_widget_class_bind_template_child (widget_class, PrPasswordDialog, again);
    gtk_widget_class_bind_template_child (widget_class, PrPasswordDialog, trouble_box);
    gtk_widget_class_bind_template_child (widget_class, PrPasswordDialog, trouble);
    gtk_widget_class_bind_template_child (widget_class, PrPasswordDialog, checking_box);
    gtk_widget_class_bind_template_child (widget_class, PrPasswordDialog, remember);
    gtk_widget_class_bind_template_child (widget_class, PrPasswordDialog, warning);
    gtk_widget_class_bind_template_child (widget_class, PrPasswordDialog, lost);
    gtk_widget_class_bind_template_callback (widget_class, changed_cb);
    gtk_widget_class_bind_template_callback (widget_class, done_cb);
    gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
}

static void
pr_password_dialog_init (PrPasswordDialog *self)
{
    self->looking = g_cancellable_new ();
    gtk_widget_init_template (GTK_WIDGET (self));
}

PrPasswordDialog *
pr_password_dialog_new (PrPasswordPurpose purpose, const char *udid)
{
    PrPasswordDialog *self = g_object_new (PR_TYPE_PASSWORD_DIALOG, NULL);

    self->purpose = purpose;
    self->udid = g_strdup (udid);
    show_purpose (self);
    update (self);
    if (purposes[purpose].wants_old && udid)
        look_for_password (self);
    return self;
}

void
pr_password_dialog_accept (PrPasswordDialog *self)
{
    if (self->purpose == PR_PASSWORD_OPEN && self->udid)
        remember (self);
    adw_dialog_force_close (ADW_DIALOG (self));
}

void
pr_password_dialog_refuse (PrPasswordDialog *self, const char *why)
{
    self->checking = FALSE;
    complain (self, why);
    update (self);
    gtk_accessible_announce (GTK_ACCESSIBLE (self), why, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
    gtk_widget_grab_focus (GTK_WIDGET (purposes[self->purpose].wants_old ? self->old : self->fresh));
    gtk_editable_select_region (GTK_EDITABLE (self->old), 0, -1);
}
