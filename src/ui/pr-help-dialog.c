// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-help-dialog.h"

#include "pr-guide-search.h"
#include "pr-help-page.h"

#include <glib/gi18n.h>

struct _PrHelpDialog {
    AdwDialog parent_instance;
    GListModel *guides; /* owned */
    /* template */
    AdwNavigationView *navigation;
    GtkWidget *list;
    GtkEditable *search;
    GtkStack *stack;
    GtkBox *groups;
    GtkListBox *found;
    GtkScrolledWindow *found_scroller;
};

static const char *const topic_titles[PR_GUIDE_N_TOPICS] = {
    [PR_GUIDE_TOPIC_HOW_TO] = N_ ("Good to Know"),
    [PR_GUIDE_TOPIC_CONNECTION] = N_ ("Computer and Cable"),
    [PR_GUIDE_TOPIC_TRUST] = N_ ("Trust and Passcode"),
    [PR_GUIDE_TOPIC_SYSTEM_FILE] = N_ ("System File and Signing"),
    [PR_GUIDE_TOPIC_WORK] = N_ ("While Working on the Phone"),
};

G_DEFINE_FINAL_TYPE (PrHelpDialog, pr_help_dialog, ADW_TYPE_DIALOG)

static GtkWidget *
make_row (PrGuide *guide, gboolean with_summary)
{
    GtkWidget *row = adw_action_row_new ();

    g_object_set (row, "use-markup", FALSE, "title", pr_guide_get_title (guide), "activatable", TRUE, NULL);
    if (with_summary)
        adw_action_row_set_subtitle (ADW_ACTION_ROW (row), pr_guide_get_summary (guide));
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               g_object_new (GTK_TYPE_IMAGE, "icon-name", "go-next-symbolic", "accessible-role",
                                             GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
    gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", pr_guide_get_id (guide));
    gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "help.open");
    return row;
}

static void
add_to_groups (PrHelpDialog *self, AdwPreferencesGroup **groups, PrGuide *guide)
{
    PrGuideTopic topic = pr_guide_get_topic (guide);

    if (!groups[topic]) {
        groups[topic] = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
        adw_preferences_group_set_title (groups[topic], _ (topic_titles[topic]));
        gtk_box_append (self->groups, GTK_WIDGET (groups[topic]));
    }
    adw_preferences_group_add (groups[topic], make_row (guide, FALSE));
}

static void
fill_groups (PrHelpDialog *self)
{
    AdwPreferencesGroup *groups[PR_GUIDE_N_TOPICS] = { NULL };

    for (guint i = 0; i < g_list_model_get_n_items (self->guides); i++) {
        g_autoptr (PrGuide) guide = g_list_model_get_item (self->guides, i);

        add_to_groups (self, groups, guide);
    }
}

static void
show_found (PrHelpDialog *self, GListModel *found)
{
    guint n = g_list_model_get_n_items (found);

    gtk_list_box_remove_all (self->found);
    for (guint i = 0; i < n; i++) {
        g_autoptr (PrGuide) guide = g_list_model_get_item (found, i);

        gtk_list_box_append (self->found, make_row (guide, TRUE));
    }
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->found_scroller), 0);
    gtk_stack_set_visible_child_name (self->stack, n > 0 ? "found" : "none");
    if (n == 0)
        gtk_accessible_announce (GTK_ACCESSIBLE (self->search), _ ("No Guide Found"),
                                 GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static gboolean
open_guide (PrHelpDialog *self, const char *id)
{
    g_autoptr (PrGuide) guide = pr_guide_load (id);

    if (guide)
        adw_navigation_view_push (self->navigation, pr_help_page_new (guide));
    return guide != NULL;
}

/* The first letter was typed with the keyboard elsewhere: the rest, and a space above all, is for the search too. */
static void
search_started_cb (PrHelpDialog *self)
{
    gtk_text_grab_focus_without_selecting (GTK_TEXT (gtk_editable_get_delegate (self->search)));
}

static void
search_changed_cb (PrHelpDialog *self)
{
    g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->search)));

    if (text[0] == '\0') {
        gtk_stack_set_visible_child_name (self->stack, "all");
        return;
    }
    g_autoptr (GListModel) found = pr_guide_search (self->guides, text);
    show_found (self, found);
}

/* Enter opens the best guide. */
static void
activate_cb (PrHelpDialog *self)
{
    search_changed_cb (self);
    GtkListBoxRow *first = gtk_list_box_get_row_at_index (self->found, 0);

    if (first && g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "found") == 0)
        gtk_widget_activate (GTK_WIDGET (first));
}

/* Escape empties the search first, and then closes. */
static void
stop_search_cb (PrHelpDialog *self)
{
    if (gtk_editable_get_text (self->search)[0] != '\0')
        gtk_editable_set_text (self->search, "");
    else
        adw_dialog_close (ADW_DIALOG (self));
}

static void
open_cb (GtkWidget *widget, const char *name, GVariant *id)
{
    open_guide (PR_HELP_DIALOG (widget), g_variant_get_string (id, NULL));
}

static void
pr_help_dialog_dispose (GObject *object)
{
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_HELP_DIALOG);
    g_clear_object (&PR_HELP_DIALOG (object)->guides);
    G_OBJECT_CLASS (pr_help_dialog_parent_class)->dispose (object);
}

static void
pr_help_dialog_class_init (PrHelpDialogClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_help_dialog_dispose;
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-help-dialog.ui");
    gtk_widget_class_bind_template_child (widget_class, PrHelpDialog, navigation);
    gtk_widget_class_bind_template_child (widget_class, PrHelpDialog, list);
    gtk_widget_class_bind_template_child (widget_class, PrHelpDialog, search);
    gtk_widget_class_bind_template_child (widget_class, PrHelpDialog, stack);
    gtk_widget_class_bind_template_child (widget_class, PrHelpDialog, groups);
    gtk_widget_class_bind_template_child (widget_class, PrHelpDialog, found);
    gtk_widget_class_bind_template_child (widget_class, PrHelpDialog, found_scroller);
    gtk_widget_class_bind_template_callback (widget_class, search_started_cb);
    gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
    gtk_widget_class_bind_template_callback (widget_class, activate_cb);
    gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
    gtk_widget_class_install_action (widget_class, "help.open", "s", open_cb);
}

static void
pr_help_dialog_init (PrHelpDialog *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    /* who comes back from a guide types on */
    gtk_search_entry_set_key_capture_widget (GTK_SEARCH_ENTRY (self->search), self->list);
    self->guides = pr_guide_list_all ();
    fill_groups (self);
}

void
pr_help_dialog_present (GtkWidget *parent, const char *guide_id)
{
    PrHelpDialog *self = g_object_new (PR_TYPE_HELP_DIALOG, NULL);

    /* the search lies below the guide and cannot have the keyboard: it would have no place, and Escape no effect */
    if (guide_id && open_guide (self, guide_id))
        adw_dialog_set_focus (ADW_DIALOG (self), NULL);
    adw_dialog_present (ADW_DIALOG (self), parent);
}

static void
show_help (GtkWidget *widget, const char *action, GVariant *target)
{
    pr_help_dialog_present (widget, g_variant_get_string (target, NULL));
}

static void
show_shortcuts (GtkWidget *widget, const char *action, GVariant *target)
{
    g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource ("/org/example/PhoneReset/ui/pr-shortcuts.ui");

    adw_dialog_present (ADW_DIALOG (gtk_builder_get_object (builder, "dialog")), widget);
}

void
pr_help_dialog_install_actions (GtkWidgetClass *widget_class)
{
    gtk_widget_class_install_action (widget_class, "win.help", "s", show_help);
    gtk_widget_class_install_action (widget_class, "help.open", "s", show_help);
    gtk_widget_class_install_action (widget_class, "win.shortcuts", NULL, show_shortcuts);
}
