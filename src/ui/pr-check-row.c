// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-check-row.h"

#include "pr-check-words.h"
#include "pr-state-row.h"

#include <glib/gi18n.h>

struct _PrCheckRow {
    AdwPreferencesRow parent_instance;

    PrCheckKind kind;

    /* template */
    AdwBin *picture;
    GtkLabel *text;
    GtkWidget *consent;
    GtkLabel *consent_text;
    GtkWidget *choose;
    GtkWidget *password;
    GtkWidget *back_up;
    GtkWidget *mend;
    GtkWidget *help;
    GtkWidget *ask;
};

G_DEFINE_FINAL_TYPE (PrCheckRow, pr_check_row, ADW_TYPE_PREFERENCES_ROW)

/* What is in the way has its help as a button; what only has to be read, as a small one at the end. */
static void
show_help (GtkWidget *button, const PrCheckWords *words, gboolean visible, const char *name)
{
    gtk_widget_set_visible (button, visible && words->guide != NULL);
    if (words->guide)
        gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", words->guide);
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* Of what mends a blocker the first is the way. */
static void
suggest (PrCheckRow *self, gboolean blocks)
{
    GtkWidget *const ways[] = { self->choose, self->password, self->help };

    for (guint i = 0; blocks && i < G_N_ELEMENTS (ways); i++) {
        if (!gtk_widget_get_visible (ways[i]))
            continue;
        gtk_widget_add_css_class (ways[i], "suggested-action");
        return;
    }
}

static void
show_words (PrCheckRow *self, const PrCheckWords *words, gboolean asks_to_look)
{
    g_autofree char *name = g_strdup_printf (_ ("Show How: %s"), words->title);

    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), words->title);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words->title,
                                    GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words->text ? words->text : "", -1);
    gtk_label_set_label (self->text, words->text ? words->text : "");
    gtk_widget_set_visible (GTK_WIDGET (self->text), words->text != NULL);
    gtk_label_set_label (self->consent_text, words->consent ? words->consent : "");
    gtk_widget_set_visible (self->consent, words->consent != NULL);
    gtk_widget_set_visible (self->password, words->asks_password);
    gtk_widget_set_visible (self->back_up, words->offers_backup);
    gtk_widget_set_visible (self->mend, asks_to_look || words->asks_password || words->offers_backup);
    show_help (self->help, words, asks_to_look, name);
    show_help (self->ask, words, !asks_to_look, name);
    suggest (self, asks_to_look && !words->offers_download);
}

static void
pr_check_row_dispose (GObject *object)
{
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_CHECK_ROW);
    G_OBJECT_CLASS (pr_check_row_parent_class)->dispose (object);
}

static void
pr_check_row_class_init (PrCheckRowClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_check_row_dispose;
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-check-row.ui");
    gtk_widget_class_bind_template_child (widget_class, PrCheckRow, picture);
    gtk_widget_class_bind_template_child (widget_class, PrCheckRow, text);
    gtk_widget_class_bind_template_child (widget_class, PrCheckRow, consent);
    gtk_widget_class_bind_template_child (widget_class, PrCheckRow, consent_text);
    gtk_widget_class_bind_template_child (widget_class, PrCheckRow, choose);
    gtk_widget_class_bind_template_child (widget_class, PrCheckRow, password);
    gtk_widget_class_bind_template_child (widget_class, PrCheckRow, back_up);
    gtk_widget_class_bind_template_child (widget_class, PrCheckRow, mend);
    gtk_widget_class_bind_template_child (widget_class, PrCheckRow, help);
    gtk_widget_class_bind_template_child (widget_class, PrCheckRow, ask);
}

static void
pr_check_row_init (PrCheckRow *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
pr_check_row_new (PrCheck *check, PrPlan *plan)
{
    PrCheckRow *self = g_object_new (PR_TYPE_CHECK_ROW, NULL);
    g_autoptr (PrCheckWords) words = pr_check_words_new (check, plan);
    PrCheckState state = pr_check_get_state (check);

    self->kind = pr_check_get_kind (check);
    adw_bin_set_child (self->picture, pr_state_picture_new (state));
    gtk_widget_set_visible (self->choose, self->kind == PR_CHECK_FILE);
    show_words (self, words, state == PR_CHECK_BLOCKING || !pr_check_get_acceptable (check));
    g_signal_connect_object (self->help, "clicked", G_CALLBACK (pr_check_note_shown), check, G_CONNECT_SWAPPED);
    g_object_bind_property (check, "acceptable", self->consent, "sensitive", G_BINDING_SYNC_CREATE);
    g_object_bind_property (check, "accepted", self->consent, "active",
                            G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
    return GTK_WIDGET (self);
}

PrCheckKind
pr_check_row_get_kind (PrCheckRow *self)
{
    return self->kind;
}

void
pr_check_row_focus (PrCheckRow *self, const char *child)
{
    GObject *widget = child ? gtk_widget_get_template_child (GTK_WIDGET (self), PR_TYPE_CHECK_ROW, child) : NULL;

    if (!widget || !gtk_widget_grab_focus (GTK_WIDGET (widget)))
        gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}
