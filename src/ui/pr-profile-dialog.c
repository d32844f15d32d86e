// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-profile-dialog.h"

#include "pr-agreement.h"
#include "pr-profile-words.h"
#include "pr-remove-profile.h"
#include "pr-words.h"

#define REMOVE "remove"

struct _PrProfileDialog {
    AdwAlertDialog parent_instance;

    PrProfile *profile; /* owned */
    guint64 ecid;

    /* template */
    PrAgreement *agreement;
};

enum { AGREED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrProfileDialog, pr_profile_dialog, ADW_TYPE_ALERT_DIALOG)

static void
update (PrProfileDialog *self)
{
    adw_alert_dialog_set_response_enabled (ADW_ALERT_DIALOG (self), REMOVE, pr_agreement_is_given (self->agreement));
}

static void
pr_profile_dialog_response (AdwAlertDialog *dialog, const char *response)
{
    PrProfileDialog *self = PR_PROFILE_DIALOG (dialog);
    g_autofree char *key = pr_profile_dup_key (self->profile);
    g_autoptr (PrConfirmation) confirmation = NULL;

    if (g_str_equal (response, REMOVE))
        confirmation = pr_agreement_confirm (self->agreement, self->ecid, PR_REMOVE_PROFILE_ACTION, key);
    if (confirmation)
        g_signal_emit (self, signals[AGREED], 0, confirmation);
}

static void
pr_profile_dialog_dispose (GObject *object)
{
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_PROFILE_DIALOG);
    G_OBJECT_CLASS (pr_profile_dialog_parent_class)->dispose (object);
}

static void
pr_profile_dialog_finalize (GObject *object)
{
    pr_profile_unref (PR_PROFILE_DIALOG (object)->profile);
    G_OBJECT_CLASS (pr_profile_dialog_parent_class)->finalize (object);
}

static void
pr_profile_dialog_class_init (PrProfileDialogClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_profile_dialog_dispose;
    G_OBJECT_CLASS (klass)->finalize = pr_profile_dialog_finalize;
    ADW_ALERT_DIALOG_CLASS (klass)->response = pr_profile_dialog_response;
    signals[AGREED] = g_signal_new ("agreed", PR_TYPE_PROFILE_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_POINTER);
    g_type_ensure (PR_TYPE_AGREEMENT);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-profile-dialog.ui");
    gtk_widget_class_bind_template_child (widget_class, PrProfileDialog, agreement);
    gtk_widget_class_bind_template_callback (widget_class, update);
}

static void
pr_profile_dialog_init (PrProfileDialog *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
pr_profile_dialog_new (PrPhone *phone, PrProfile *profile, int apps)
{
    PrProfileDialog *self = g_object_new (PR_TYPE_PROFILE_DIALOG, NULL);
    g_autofree char *body = pr_profile_words_loss (profile, apps);
    g_autofree char *request = NULL;
    g_autofree char *expected = pr_words_identity (phone, &request);

    self->profile = pr_profile_ref (profile);
    self->ecid = pr_phone_get_ecid (phone);
    adw_alert_dialog_set_body (ADW_ALERT_DIALOG (self), body);
    pr_agreement_ask (self->agreement, expected, request);
    return ADW_DIALOG (self);
}

PrProfile *
pr_profile_dialog_get_profile (PrProfileDialog *self)
{
    return self->profile;
}
