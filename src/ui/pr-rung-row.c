// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-rung-row.h"

#include "pr-advice-words.h"

#include <glib/gi18n.h>

struct _PrRungRow {
    AdwPreferencesRow parent_instance;
    PrRemedy remedy;
    gboolean showing; /* the tick is set from outside just now */

    /* template */
    GtkCheckButton *tried;
    GtkWidget *name;
    GtkLabel *tag;
    GtkLabel *reason;
    GtkActionable *help;
};

enum { TRIED_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrRungRow, pr_rung_row, ADW_TYPE_PREFERENCES_ROW)

static void
tried_cb (PrRungRow *self)
{
    if (!self->showing)
        g_signal_emit (self, signals[TRIED_CHANGED], 0);
}

static void
toggle_class (GtkWidget *widget, const char *css_class, gboolean on)
{
    if (on)
        gtk_widget_add_css_class (widget, css_class);
    else
        gtk_widget_remove_css_class (widget, css_class);
}

static const char *
get_tag (PrRungState state)
{
    switch (state) {
    case PR_RUNG_RECOMMENDED:
        return _ ("Recommended");
    case PR_RUNG_TRIED:
        return _ ("Tried");
    case PR_RUNG_NOT_NOW:
    case PR_RUNG_OPEN:
    default:
        return NULL;
    }
}

static void
show_state (PrRungRow *self, PrRungState state)
{
    const char *tag = get_tag (state);

    gtk_widget_set_visible (GTK_WIDGET (self->tag), tag != NULL);
    gtk_label_set_label (self->tag, tag ? tag : "");
    toggle_class (GTK_WIDGET (self->tag), "tag", state == PR_RUNG_RECOMMENDED);
    toggle_class (GTK_WIDGET (self->tag), "dimmed", state != PR_RUNG_RECOMMENDED);
    toggle_class (self->name, "heading", state == PR_RUNG_RECOMMENDED);
    toggle_class (self->name, "dimmed", state == PR_RUNG_TRIED);
    toggle_class (GTK_WIDGET (self), "marked", state == PR_RUNG_RECOMMENDED);
    gtk_widget_set_sensitive (GTK_WIDGET (self->tried), state != PR_RUNG_NOT_NOW);
}

static void
say_row (PrRungRow *self, PrRungState state, const char *cost)
{
    const char *title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self));
    const char *tag = get_tag (state);
    g_autofree char *name = tag ? g_strdup_printf ("%s, %s", title, tag) : g_strdup (title);
    /* Translators: the name of a remedy */
    g_autofree char *tried = g_strdup_printf (_ ("Tried: %s"), title);
    /* Translators: the name of a remedy */
    g_autofree char *help = g_strdup_printf (_ ("Show How: %s"), title);

    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                    GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, cost, -1);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->tried), GTK_ACCESSIBLE_PROPERTY_LABEL, tried, -1);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->help), GTK_ACCESSIBLE_PROPERTY_LABEL, help, -1);
}

static void
pr_rung_row_dispose (GObject *object)
{
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_RUNG_ROW);
    G_OBJECT_CLASS (pr_rung_row_parent_class)->dispose (object);
}

static void
pr_rung_row_class_init (PrRungRowClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_rung_row_dispose;
    signals[TRIED_CHANGED] =
        g_signal_new ("tried-changed", PR_TYPE_RUNG_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-rung-row.ui");
    gtk_widget_class_bind_template_child (widget_class, PrRungRow, tried);
    gtk_widget_class_bind_template_child (widget_class, PrRungRow, name);
    gtk_widget_class_bind_template_child (widget_class, PrRungRow, tag);
    gtk_widget_class_bind_template_child (widget_class, PrRungRow, reason);
    gtk_widget_class_bind_template_child (widget_class, PrRungRow, help);
    gtk_widget_class_bind_template_callback (widget_class, tried_cb);
}

static void
pr_rung_row_init (PrRungRow *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

PrRungRow *
pr_rung_row_new (PrRemedy remedy)
{
    const PrRemedyFacts *facts = pr_remedy_get_facts (remedy);
    PrRungRow *self = g_object_new (PR_TYPE_RUNG_ROW, "title", _ (facts->title), NULL);

    self->remedy = remedy;
    gtk_actionable_set_action_target (self->help, "s", facts->guide);
    return self;
}

PrRemedy
pr_rung_row_get_remedy (PrRungRow *self)
{
    return self->remedy;
}

gboolean
pr_rung_row_get_tried (PrRungRow *self)
{
    return gtk_check_button_get_active (self->tried);
}

void
pr_rung_row_show (PrRungRow *self, const PrRung *rung)
{
    g_autofree char *time = pr_advice_words_time (rung->remedy);
    /* the reason speaks of a state in which the phone is not */
    const char *reason = rung->state == PR_RUNG_NOT_NOW ? N_ ("Not possible now, or not needed") : rung->reason;
    /* Translators: how long it takes, and why it is done */
    g_autofree char *text = g_strdup_printf (_ ("%s · %s"), time, _ (reason));

    self->showing = TRUE;
    gtk_check_button_set_active (self->tried, rung->state == PR_RUNG_TRIED);
    self->showing = FALSE;
    gtk_label_set_label (self->reason, text);
    show_state (self, rung->state);
    say_row (self, rung->state, text);
}
