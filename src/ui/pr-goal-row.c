// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-goal-row.h"

#include "pr-words.h"

#include <glib/gi18n.h>

#define GOAL "pr-goal"

static GtkWidget *
create_picture (const PrGoalWords *words)
{
    GtkWidget *image = g_object_new (GTK_TYPE_IMAGE, "icon-name", words->icon, "accessible-role",
                                     GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

    if (words->css_class)
        gtk_widget_add_css_class (image, words->css_class);
    return image;
}

static GtkWidget *
create_time (const PrGoalWords *words)
{
    GtkWidget *label = gtk_label_new (_ (words->time));

    gtk_widget_add_css_class (label, "dimmed");
    gtk_widget_add_css_class (label, "numeric");
    return label;
}

GtkWidget *
pr_goal_row_new (PrGoal goal, PrPhone *phone)
{
    const PrGoalWords *words = pr_words_of_goal (goal);
    g_autofree char *title = pr_words_fill (words->title, pr_words_kind (phone));
    GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "activatable", TRUE, "use-markup", FALSE, NULL);

    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _ (words->text));
    adw_action_row_add_prefix (ADW_ACTION_ROW (row), create_picture (words));
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), create_time (words));
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               g_object_new (GTK_TYPE_IMAGE, "icon-name", "go-next-symbolic", "accessible-role",
                                             GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
    g_object_set_data (G_OBJECT (row), GOAL, GINT_TO_POINTER (goal));
    return row;
}

PrGoal
pr_goal_row_get_goal (GtkWidget *row)
{
    return GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), GOAL));
}
