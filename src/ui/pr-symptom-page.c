// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-symptom-page.h"

#include "pr-plan-advice.h"

#include <glib/gi18n.h>

#define SYMPTOM "pr-symptom"

struct _PrSymptomPage {
    PrPage parent_instance;
    PrSymptom last;
    PrSymptom guessed; /* stands in the group of its own; PR_N_SYMPTOMS: none */

    /* template */
    AdwToggleGroup *kinds;
    GtkEditable *search;
    AdwPreferencesGroup *guess_group;
    GtkListBox *guess;
    AdwPreferencesGroup *found_group;
    GtkListBox *symptoms;
    GtkWidget *nothing;
    GtkWidget *ways;
};

enum { CHOSEN, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrSymptomPage, pr_symptom_page, PR_TYPE_PAGE)

static PrSymptom
get_symptom (gpointer row)
{
    return GPOINTER_TO_UINT (g_object_get_data (row, SYMPTOM));
}

static void
activated_cb (PrSymptomPage *self, GtkListBoxRow *row)
{
    g_object_set (self, "start", row, NULL); /* who comes back is where they were */
    g_signal_emit (self, signals[CHOSEN], 0, get_symptom (row));
}

static GtkWidget *
create_row (PrSymptomPage *self, PrSymptom symptom)
{
    GtkWidget *row =
        g_object_new (ADW_TYPE_ACTION_ROW, "activatable", TRUE, "use-markup", FALSE, "title",
                      _ (pr_symptom_get_title (symptom)), "subtitle", _ (pr_symptom_get_text (symptom)), NULL);

    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               g_object_new (GTK_TYPE_IMAGE, "icon-name", "go-next-symbolic", "accessible-role",
                                             GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
    g_object_set_data (G_OBJECT (row), SYMPTOM, GUINT_TO_POINTER (symptom));
    g_signal_connect_object (row, "activated", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
    return row;
}

/* --- The search --- */

/* Every word that was typed is the beginning of a word of the symptom. */
static gboolean
fits (const char *typed, PrSymptom symptom)
{
    g_autofree char *text =
        g_strjoin (" ", _ (pr_symptom_get_title (symptom)), _ (pr_symptom_get_text (symptom)), NULL);

    return g_str_match_string (typed, text, TRUE);
}

static gboolean
is_windows (PrSymptomPage *self)
{
    return adw_toggle_group_get_active (self->kinds) == 1;
}

static gboolean
filter_cb (GtkListBoxRow *row, gpointer data)
{
    PrSymptomPage *self = data;
    PrSymptom symptom = get_symptom (row);
    const char *typed = gtk_editable_get_text (self->search);

    if (pr_symptom_is_windows (symptom) != is_windows (self))
        return FALSE;
    return *typed ? fits (typed, symptom) : symptom != self->guessed;
}

static GtkListBoxRow *
find_first (PrSymptomPage *self)
{
    GtkListBoxRow *row;

    for (int i = 0; (row = gtk_list_box_get_row_at_index (self->symptoms, i)); i++)
        if (gtk_widget_get_child_visible (GTK_WIDGET (row)))
            return row;
    return NULL;
}

static void
search_cb (PrSymptomPage *self)
{
    gboolean searching = *gtk_editable_get_text (self->search) != '\0';
    gboolean guesses = self->guessed < PR_N_SYMPTOMS && pr_symptom_is_windows (self->guessed) == is_windows (self);
    gboolean found;

    gtk_list_box_invalidate_filter (self->symptoms);
    found = find_first (self) != NULL;
    gtk_widget_set_visible (GTK_WIDGET (self->guess_group), guesses && !searching);
    adw_preferences_group_set_title (self->found_group, guesses && !searching ? _ ("Something Else") : "");
    gtk_widget_set_visible (GTK_WIDGET (self->found_group), found);
    gtk_widget_set_visible (self->nothing, !found);
    if (!found)
        pr_page_announce (PR_PAGE (self), gtk_label_get_label (GTK_LABEL (self->nothing)));
}

static void
search_activated_cb (PrSymptomPage *self)
{
    GtkListBoxRow *row = find_first (self);

    if (row && *gtk_editable_get_text (self->search))
        activated_cb (self, row);
}

/* Escape goes back from here as from elsewhere, once there is nothing to take back. */
static void
stop_search_cb (PrSymptomPage *self)
{
    if (*gtk_editable_get_text (self->search))
        gtk_editable_set_text (self->search, "");
    else
        gtk_widget_activate_action (GTK_WIDGET (self), "navigation.pop", NULL);
}

static void
kind_cb (PrSymptomPage *self)
{
    search_cb (self);
}

/* --- What is offered first --- */

static void
update_guess (PrSymptomPage *self)
{
    PrPhone *phone = pr_plan_get_phone (pr_page_get_plan (PR_PAGE (self)));
    PrSymptom symptom = self->last;
    gboolean shown = pr_plan_guess_symptom (phone, &symptom);

    gtk_widget_set_visible (self->ways, phone && pr_phone_get_mode (phone) != PR_PHONE_MODE_GONE);
    if (symptom == self->guessed) {
        search_cb (self);
        return;
    }
    self->guessed = symptom;
    gtk_list_box_remove_all (self->guess);
    if (symptom < PR_N_SYMPTOMS) {
        GtkWidget *row = create_row (self, symptom);

        gtk_widget_add_css_class (row, "marked");
        gtk_list_box_append (self->guess, row);
    }
    adw_preferences_group_set_title (self->guess_group, shown ? _ ("It Looks Like This") : _ ("You Chose Before"));
    search_cb (self);
}

static const char *
pr_symptom_page_get_guide (PrPage *page)
{
    return is_windows (PR_SYMPTOM_PAGE (page)) ? "windows-soft-reset" : "off-or-frozen";
}

/* --- The object --- */

static void
pr_symptom_page_dispose (GObject *object)
{
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_SYMPTOM_PAGE);
    G_OBJECT_CLASS (pr_symptom_page_parent_class)->dispose (object);
}

#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PrSymptomPage, name)

static void
pr_symptom_page_class_init (PrSymptomPageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_symptom_page_dispose;
    PR_PAGE_CLASS (klass)->get_guide = pr_symptom_page_get_guide;
    signals[CHOSEN] = g_signal_new ("chosen", PR_TYPE_SYMPTOM_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                    1, G_TYPE_UINT);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-symptom-page.ui");
    CHILD (kinds);
    CHILD (search);
    CHILD (guess_group);
    CHILD (guess);
    CHILD (found_group);
    CHILD (symptoms);
    CHILD (nothing);
    CHILD (ways);
    gtk_widget_class_bind_template_callback (widget_class, kind_cb);
    gtk_widget_class_bind_template_callback (widget_class, search_cb);
    gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
    gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
}

static void
pr_symptom_page_init (PrSymptomPage *self)
{
    self->last = self->guessed = PR_N_SYMPTOMS;
    gtk_widget_init_template (GTK_WIDGET (self));
    gtk_list_box_set_filter_func (self->symptoms, filter_cb, self, NULL);
    for (PrSymptom symptom = 0; symptom < PR_N_SYMPTOMS; symptom++)
        gtk_list_box_append (self->symptoms, create_row (self, symptom));
}

PrPage *
pr_symptom_page_new (PrPlan *plan, gboolean windows, PrSymptom last)
{
    PrSymptomPage *self = g_object_new (PR_TYPE_SYMPTOM_PAGE, "plan", plan, NULL);

    self->last = last;
    /* who has come from an attached phone does not mean another one */
    gtk_widget_set_visible (GTK_WIDGET (self->kinds), pr_plan_get_phone (plan) == NULL);
    adw_toggle_group_set_active (self->kinds, windows ? 1 : 0);
    pr_page_follow_phone (PR_PAGE (self), "notify::mode", G_CALLBACK (update_guess));
    pr_page_follow_phone (PR_PAGE (self), "notify::findings", G_CALLBACK (update_guess));
    update_guess (self);
    return PR_PAGE (self);
}
