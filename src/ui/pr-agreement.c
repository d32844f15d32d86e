// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-agreement.h"

struct _PrAgreement {
    AdwBin parent_instance;

    /* owned */
    char *question;
    char *expected;

    /* template */
    GtkCheckButton *agrees;
    AdwEntryRow *entry;
};

typedef enum {
    PROP_QUESTION = 1,
    N_PROPS,
} PrAgreementProps;

enum { CHANGED, N_SIGNALS };

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrAgreement, pr_agreement, ADW_TYPE_BIN)

static const char *
get_typed (PrAgreement *self)
{
    return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

static void
changed_cb (PrAgreement *self)
{
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
pr_agreement_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
    if (prop_id == PROP_QUESTION)
        g_value_set_string (value, PR_AGREEMENT (object)->question);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
set_question (PrAgreement *self, const char *question)
{
    self->question = g_strdup (question);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->agrees), GTK_ACCESSIBLE_PROPERTY_LABEL, question, -1);
}

static void
pr_agreement_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
    if (prop_id == PROP_QUESTION)
        set_question (PR_AGREEMENT (object), g_value_get_string (value));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
pr_agreement_dispose (GObject *object)
{
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_AGREEMENT);
    G_OBJECT_CLASS (pr_agreement_parent_class)->dispose (object);
}

static void
pr_agreement_finalize (GObject *object)
{
    PrAgreement *self = PR_AGREEMENT (object);

    g_free (self->question);
    g_free (self->expected);
    G_OBJECT_CLASS (pr_agreement_parent_class)->finalize (object);
}

static void
pr_agreement_class_init (PrAgreementClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    object_class->get_property = pr_agreement_get_property;
    object_class->set_property = pr_agreement_set_property;
    object_class->dispose = pr_agreement_dispose;
    object_class->finalize = pr_agreement_finalize;
    properties[PROP_QUESTION] =
        g_param_spec_string ("question", NULL, NULL, NULL,
                             G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties (object_class, N_PROPS, properties);
    signals[CHANGED] =
        g_signal_new ("changed", PR_TYPE_AGREEMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-agreement.ui");
    gtk_widget_class_bind_template_child (widget_class, PrAgreement, agrees);
    gtk_widget_class_bind_template_child (widget_class, PrAgreement, entry);
    gtk_widget_class_bind_template_callback (widget_class, changed_cb);
}

static void
pr_agreement_init (PrAgreement *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

void
pr_agreement_ask (PrAgreement *self, const char *expected, const char *request)
{
    g_set_str (&self->expected, expected);
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->entry), request);
}

gboolean
pr_agreement_is_given (PrAgreement *self)
{
    return gtk_check_button_get_active (self->agrees) && pr_confirmation_matches (self->expected, get_typed (self));
}

PrConfirmation *
pr_agreement_confirm (PrAgreement *self, guint64 ecid, const char *action, const char *file)
{
    return pr_confirmation_new (ecid, action, file, self->expected, get_typed (self),
                                gtk_check_button_get_active (self->agrees));
}
