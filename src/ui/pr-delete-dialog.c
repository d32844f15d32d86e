// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-delete-dialog.h"

#include "pr-backup-words.h"
#include "pr-delete-backup.h"
#include "pr-words.h"

#include <glib/gi18n.h>

struct _PrDeleteDialog {
    AdwAlertDialog parent_instance;

    /* owned */
    PrBackup *backup;
    char *expected; /* what has to be typed; NULL: nothing */

    /* template */
    GtkWidget *only;
    GtkCheckButton *agrees;
    AdwEntryRow *entry;
};

enum { AGREED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrDeleteDialog, pr_delete_dialog, ADW_TYPE_ALERT_DIALOG)

static gboolean
is_agreed (PrDeleteDialog *self)
{
    return !self->expected ||
           (gtk_check_button_get_active (self->agrees) &&
            pr_confirmation_matches (self->expected, gtk_editable_get_text (GTK_EDITABLE (self->entry))));
}

static void
update (PrDeleteDialog *self)
{
    if (self->backup)
        adw_alert_dialog_set_response_enabled (ADW_ALERT_DIALOG (self), "delete", is_agreed (self));
}

static PrConfirmation *
confirm (PrDeleteDialog *self)
{
    return pr_confirmation_new (pr_backup_delete_get_number (self->backup), PR_BACKUP_DELETE_ACTION,
                                pr_backup_get_path (self->backup), self->expected,
                                gtk_editable_get_text (GTK_EDITABLE (self->entry)),
                                gtk_check_button_get_active (self->agrees));
}

static void
pr_delete_dialog_response (AdwAlertDialog *dialog, const char *response)
{
    PrDeleteDialog *self = PR_DELETE_DIALOG (dialog);
    g_autoptr (PrConfirmation) confirmation = NULL;

    if (!g_str_equal (response, "delete") || !is_agreed (self))
        return;
    confirmation = self->expected ? confirm (self) : NULL;
    g_signal_emit (self, signals[AGREED], 0, confirmation);
}

/* What stays when it is gone. */
static char *
say_body (PrBackup *backup, gboolean only)
{
    g_autofree char *date = pr_backup_words_date (backup);
    g_autofree char *phone = pr_backup_words_phone (backup);

    if (only)
        /* Translators: the name of a phone, and a date */
        return g_strdup_printf (_ ("It is the only backup of %s here that can be relied on (%s). Until the trash is "
                                   "emptied it can be taken out again."),
                                phone, date);
    /* Translators: the name of a phone, and a date */
    return g_strdup_printf (_ ("The backup of %s (%s) can be taken out again until the trash is emptied."), phone,
                            date);
}

static void
ask_for_word (PrDeleteDialog *self)
{
    g_autofree char *request = NULL;

    self->expected =
        pr_words_identity_of (pr_backup_get_name (self->backup), pr_backup_get_udid (self->backup), &request);
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->entry), request);
}

static void
pr_delete_dialog_dispose (GObject *object)
{
    PrDeleteDialog *self = PR_DELETE_DIALOG (object);

    g_clear_object (&self->backup);
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_DELETE_DIALOG);
    G_OBJECT_CLASS (pr_delete_dialog_parent_class)->dispose (object);
}

static void
pr_delete_dialog_finalize (GObject *object)
{
    g_free (PR_DELETE_DIALOG (object)->expected);
    G_OBJECT_CLASS (pr_delete_dialog_parent_class)->finalize (object);
}

static void
pr_delete_dialog_class_init (PrDeleteDialogClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_delete_dialog_dispose;
    G_OBJECT_CLASS (klass)->finalize = pr_delete_dialog_finalize;
    ADW_ALERT_DIALOG_CLASS (klass)->response = pr_delete_dialog_response;
    signals[AGREED] = g_signal_new ("agreed", PR_TYPE_DELETE_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_POINTER);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-delete-dialog.ui");
    gtk_widget_class_bind_template_child (widget_class, PrDeleteDialog, only);
    gtk_widget_class_bind_template_child (widget_class, PrDeleteDialog, agrees);
    gtk_widget_class_bind_template_child (widget_class, PrDeleteDialog, entry);
    gtk_widget_class_bind_template_callback (widget_class, update);
}

static void
pr_delete_dialog_init (PrDeleteDialog *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
pr_delete_dialog_new (PrBackupLibrary *library, PrBackup *backup)
{
    PrDeleteDialog *self = g_object_new (PR_TYPE_DELETE_DIALOG, NULL);
    gboolean only = pr_backup_delete_needs_confirmation (backup, library);
    g_autofree char *body = say_body (backup, only);

    self->backup = g_object_ref (backup);
    adw_alert_dialog_set_body (ADW_ALERT_DIALOG (self), body);
    gtk_widget_set_visible (self->only, only);
    if (only)
        ask_for_word (self);
    update (self);
    return ADW_DIALOG (self);
}
