// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-delete-dialog.h"

#include "pr-agreement.h"
#include "pr-backup-words.h"
#include "pr-delete-backup.h"
#include "pr-words.h"

#include <glib/gi18n.h>

struct _PrDeleteDialog {
    AdwAlertDialog parent_instance;

    PrBackup *backup; /* owned */
    gboolean is_only; /* then the person's word is needed */

    /* template */
    PrAgreement *only;
};

enum { AGREED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrDeleteDialog, pr_delete_dialog, ADW_TYPE_ALERT_DIALOG)

static gboolean
is_agreed (PrDeleteDialog *self)
{
    return !self->is_only || pr_agreement_is_given (self->only);
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
    return pr_agreement_confirm (self->only, pr_backup_delete_get_number (self->backup), PR_BACKUP_DELETE_ACTION,
                                 pr_backup_get_path (self->backup));
}

static void
pr_delete_dialog_response (AdwAlertDialog *dialog, const char *response)
{
    PrDeleteDialog *self = PR_DELETE_DIALOG (dialog);
    g_autoptr (PrConfirmation) confirmation = NULL;

    if (!g_str_equal (response, "delete") || !is_agreed (self))
        return;
    confirmation = self->is_only ? confirm (self) : NULL;
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
    g_autofree char *expected =
        pr_words_identity_of (pr_backup_get_name (self->backup), pr_backup_get_udid (self->backup), &request);

    pr_agreement_ask (self->only, expected, request);
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
pr_delete_dialog_class_init (PrDeleteDialogClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_delete_dialog_dispose;
    ADW_ALERT_DIALOG_CLASS (klass)->response = pr_delete_dialog_response;
    signals[AGREED] = g_signal_new ("agreed", PR_TYPE_DELETE_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_POINTER);
    g_type_ensure (PR_TYPE_AGREEMENT);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-delete-dialog.ui");
    gtk_widget_class_bind_template_child (widget_class, PrDeleteDialog, only);
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
    self->is_only = only;
    adw_alert_dialog_set_body (ADW_ALERT_DIALOG (self), body);
    gtk_widget_set_visible (GTK_WIDGET (self->only), only);
    if (only)
        ask_for_word (self);
    update (self);
    return ADW_DIALOG (self);
}
