// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-advice-page.h"

#include "pr-advice-words.h"
#include "pr-link-row.h"
#include "pr-rung-row.h"
#include "pr-words.h"

#include <glib/gi18n.h>

struct _PrAdvicePage {
    PrPage parent_instance;

    PrSymptom symptom;
    PrTried tried;
    PrRemedy recommended;

    /* template */
    GtkImage *portrait;
    GtkLabel *headline;
    GtkLabel *reason;
    AdwActionRow *time;
    AdwActionRow *loss;
    GtkImage *loss_picture;
    AdwActionRow *needs;
    GtkWidget *download;
    GtkWidget *starts;
    GtkListBox *ladder;
    PrStateRow *link;
    GtkWidget *no_help;
    GtkButton *follow;
};

typedef enum {
    PROP_TRIED = 1,
    N_PROPS,
} PrAdvicePageProps;

enum { FOLLOW, N_SIGNALS };

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrAdvicePage, pr_advice_page, PR_TYPE_PAGE)

static PrPlan *
get_plan (PrAdvicePage *self)
{
    return pr_page_get_plan (PR_PAGE (self));
}

/* A Windows Phone is never the phone of the plan: what is known of it, the person says. */
static PrAdvice
get_advice (PrAdvicePage *self)
{
    PrKnown known = { .mode = PR_PHONE_MODE_GONE };

    if (!pr_symptom_is_windows (self->symptom))
        return pr_plan_get_advice (get_plan (self), self->symptom, self->tried);
    if (adw_switch_row_get_active (ADW_SWITCH_ROW (self->starts)))
        known.starts = PR_ANSWER_NO;
    return pr_advice_give (self->symptom, &known, self->tried);
}

/* --- The recommended step --- */

/* Without a face: it is not well, and the person knows. */
static void
show_portrait (PrAdvicePage *self)
{
    PrPhone *phone = pr_plan_get_phone (get_plan (self));
    gboolean normal = !phone || pr_phone_get_mode (phone) == PR_PHONE_MODE_NORMAL;
    g_autofree char *icon = NULL;

    if (pr_symptom_is_windows (self->symptom))
        icon = g_strdup ("pr-phone-windows-symbolic");
    else
        icon = normal ? pr_words_drawing ("pr-phone-%s-symbolic", phone) : pr_words_portrait (phone);
    gtk_image_set_from_icon_name (self->portrait, icon);
}

static void
show_loss (PrAdvicePage *self, PrLoss loss)
{
    const char *css_class;
    const char *icon = pr_advice_words_loss_icon (loss, &css_class);
    const char *classes[] = { css_class, NULL };

    adw_action_row_set_subtitle (self->loss, pr_advice_words_loss (loss));
    gtk_image_set_from_icon_name (self->loss_picture, icon);
    gtk_widget_set_css_classes (GTK_WIDGET (self->loss_picture), classes);
}

static void
show_costs (PrAdvicePage *self, PrRemedy remedy)
{
    const PrRemedyFacts *facts = pr_remedy_get_facts (remedy);
    g_autofree char *time = pr_advice_words_time (remedy);

    adw_action_row_set_subtitle (self->time, time);
    show_loss (self, facts->loss);
    adw_action_row_set_subtitle (self->needs, facts->needs ? _ (facts->needs) : "");
    gtk_widget_set_visible (GTK_WIDGET (self->needs), facts->needs != NULL);
    gtk_widget_set_visible (self->download, facts->download);
}

static void
announce (PrAdvicePage *self, const PrAdvice *advice)
{
    /* Translators: the name of a remedy, and why */
    g_autofree char *text = g_strdup_printf (_ ("Recommended now: %s. %s"),
                                             _ (pr_remedy_get_facts (advice->remedy)->title), _ (advice->reason));

    pr_page_announce (PR_PAGE (self), text);
}

static void
show_step (PrAdvicePage *self, const PrAdvice *advice)
{
    g_autofree char *way_on = pr_advice_words_way_on (get_plan (self), advice->remedy);

    gtk_label_set_label (self->headline, _ (pr_remedy_get_facts (advice->remedy)->title));
    gtk_label_set_label (self->reason, _ (advice->reason));
    gtk_button_set_label (self->follow, way_on);
    gtk_widget_set_visible (self->no_help, advice->remedy != advice->rungs[advice->n_rungs - 1].remedy);
    show_costs (self, advice->remedy);
    if (self->recommended != PR_REMEDY_NONE && self->recommended != advice->remedy)
        announce (self, advice);
    self->recommended = advice->remedy;
}

/* --- The ladder --- */

static void set_tried (PrAdvicePage *self, PrTried tried);

static void
tried_changed_cb (PrAdvicePage *self, PrRungRow *row)
{
    PrTried one = PR_TRIED (pr_rung_row_get_remedy (row));

    set_tried (self, pr_rung_row_get_tried (row) ? self->tried | one : self->tried & ~one);
}

static PrRungRow *
get_row (PrAdvicePage *self, guint i)
{
    return (PrRungRow *) gtk_list_box_get_row_at_index (self->ladder, (int) i);
}

static gboolean
has_rows_of (PrAdvicePage *self, const PrAdvice *advice)
{
    for (guint i = 0; i < advice->n_rungs; i++) {
        PrRungRow *row = get_row (self, i);

        if (!row || pr_rung_row_get_remedy (row) != advice->rungs[i].remedy)
            return FALSE;
    }
    return get_row (self, advice->n_rungs) == NULL;
}

static void
add_rows (PrAdvicePage *self, const PrAdvice *advice)
{
    gtk_list_box_remove_all (self->ladder);
    for (guint i = 0; i < advice->n_rungs; i++) {
        PrRungRow *row = pr_rung_row_new (advice->rungs[i].remedy);

        gtk_list_box_append (self->ladder, GTK_WIDGET (row));
        g_signal_connect_object (row, "tried-changed", G_CALLBACK (tried_changed_cb), self, G_CONNECT_SWAPPED);
    }
}

/* Rows stay where they can: the keyboard may be in one of them. */
static void
show_ladder (PrAdvicePage *self, const PrAdvice *advice)
{
    if (!has_rows_of (self, advice))
        add_rows (self, advice);
    for (guint i = 0; i < advice->n_rungs; i++)
        pr_rung_row_show (get_row (self, i), &advice->rungs[i]);
}

static void
update (PrAdvicePage *self)
{
    PrAdvice advice;

    if (self->symptom >= PR_N_SYMPTOMS)
        return;
    advice = get_advice (self);
    show_portrait (self);
    show_step (self, &advice);
    show_ladder (self, &advice);
}

static void
set_tried (PrAdvicePage *self, PrTried tried)
{
    if (self->tried == tried)
        return;
    self->tried = tried;
    update (self);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TRIED]);
}

/* --- What the person does --- */

static void
follow_cb (PrAdvicePage *self)
{
    g_signal_emit (self, signals[FOLLOW], 0, self->recommended);
}

static void
no_help_cb (PrAdvicePage *self)
{
    set_tried (self, self->tried | PR_TRIED (self->recommended));
}

static const char *
pr_advice_page_get_guide (PrPage *page)
{
    PrRemedy remedy = PR_ADVICE_PAGE (page)->recommended;

    return remedy == PR_REMEDY_NONE ? NULL : pr_remedy_get_facts (remedy)->guide;
}

/* --- The object --- */

static void
pr_advice_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
    if (prop_id == PROP_TRIED)
        g_value_set_uint64 (value, PR_ADVICE_PAGE (object)->tried);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
pr_advice_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
    if (prop_id == PROP_TRIED)
        set_tried (PR_ADVICE_PAGE (object), g_value_get_uint64 (value));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
pr_advice_page_dispose (GObject *object)
{
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_ADVICE_PAGE);
    G_OBJECT_CLASS (pr_advice_page_parent_class)->dispose (object);
}

#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PrAdvicePage, name)

static void
bind_template (GtkWidgetClass *widget_class)
{
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-advice-page.ui");
    CHILD (portrait);
    CHILD (headline);
    CHILD (reason);
    CHILD (time);
    CHILD (loss);
    CHILD (loss_picture);
    CHILD (needs);
    CHILD (download);
    CHILD (starts);
    CHILD (ladder);
    CHILD (link);
    CHILD (no_help);
    CHILD (follow);
    gtk_widget_class_bind_template_callback (widget_class, update);
    gtk_widget_class_bind_template_callback (widget_class, follow_cb);
    gtk_widget_class_bind_template_callback (widget_class, no_help_cb);
}

static void
pr_advice_page_class_init (PrAdvicePageClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);

    object_class->get_property = pr_advice_page_get_property;
    object_class->set_property = pr_advice_page_set_property;
    object_class->dispose = pr_advice_page_dispose;
    PR_PAGE_CLASS (klass)->get_guide = pr_advice_page_get_guide;

    properties[PROP_TRIED] = g_param_spec_uint64 ("tried", NULL, NULL, 0, G_MAXUINT64, 0,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
    g_object_class_install_properties (object_class, N_PROPS, properties);
    signals[FOLLOW] = g_signal_new ("follow", PR_TYPE_ADVICE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                    1, G_TYPE_UINT);
    bind_template (GTK_WIDGET_CLASS (klass));
}

static void
pr_advice_page_init (PrAdvicePage *self)
{
    self->symptom = PR_N_SYMPTOMS;
    g_type_ensure (PR_TYPE_STATE_ROW);
    gtk_widget_init_template (GTK_WIDGET (self));
}

PrPage *
pr_advice_page_new (PrPlan *plan, PrSymptom symptom, PrTried tried)
{
    PrAdvicePage *self =
        g_object_new (PR_TYPE_ADVICE_PAGE, "plan", plan, "title", _ (pr_symptom_get_title (symptom)), NULL);

    self->symptom = symptom;
    self->tried = tried;
    gtk_widget_set_visible (self->starts, pr_symptom_is_windows (symptom));
    gtk_widget_set_visible (GTK_WIDGET (self->link), !pr_symptom_is_windows (symptom));
    pr_link_row_follow (self->link, pr_phone_list_get_link (pr_plan_get_phones (plan)));
    pr_page_follow_phone (PR_PAGE (self), "notify", G_CALLBACK (update));
    update (self);
    return PR_PAGE (self);
}
