// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-goal-page.h"

#include "pr-goal-row.h"
#include "pr-words.h"

#include <glib/gi18n.h>

struct _PrGoalPage {
    PrPage parent_instance;

    /* template */
    GtkListBox *keeps;
    GtkListBox *erases;
    GtkListBox *modes;
};

G_DEFINE_FINAL_TYPE (PrGoalPage, pr_goal_page, PR_TYPE_PAGE)

static char *
say_phone (PrGoalPage *self, const char *title, int mode)
{
    if (mode == PR_PHONE_MODE_GONE)
        /* Translators: the name of a phone */
        return g_strdup_printf (_ ("%s is not connected. Plug it in again."), title);
    return g_strdup_printf (_ ("A stronger way for %s can be taken any time later."), title);
}

static void
goal_cb (PrGoalPage *self, GtkWidget *row)
{
    pr_plan_set_goal (pr_page_get_plan (PR_PAGE (self)), pr_goal_row_get_goal (row));
    pr_page_answered (PR_PAGE (self));
}

/* A row can be pressed while the phone is there in a mode from which its goal can be reached. */
static void
update_list (PrGoalPage *self, GtkListBox *list)
{
    PrPlan *plan = pr_page_get_plan (PR_PAGE (self));
    GtkListBoxRow *row;

    for (int i = 0; (row = gtk_list_box_get_row_at_index (list, i)); i++)
        gtk_widget_set_sensitive (GTK_WIDGET (row),
                                  pr_plan_goal_is_possible (plan, pr_goal_row_get_goal (GTK_WIDGET (row))));
}

static void
update (PrGoalPage *self)
{
    update_list (self, self->keeps);
    update_list (self, self->erases);
    update_list (self, self->modes);
}

static void
pr_goal_page_constructed (GObject *object)
{
    PrGoalPage *self = PR_GOAL_PAGE (object);
    PrPhone *phone = pr_plan_get_phone (pr_page_get_plan (PR_PAGE (self)));

    G_OBJECT_CLASS (pr_goal_page_parent_class)->constructed (object);
    gtk_list_box_append (self->keeps, pr_goal_row_new (PR_GOAL_RESTART, phone));
    gtk_list_box_append (self->keeps, pr_goal_row_new (PR_GOAL_UPDATE, phone));
    gtk_list_box_append (self->erases, pr_goal_row_new (PR_GOAL_ERASE, phone));
    gtk_list_box_append (self->erases, pr_goal_row_new (PR_GOAL_RESTORE, phone));
    gtk_list_box_append (self->modes, pr_goal_row_new (PR_GOAL_ENTER_RECOVERY, phone));
    gtk_list_box_append (self->modes, pr_goal_row_new (PR_GOAL_SHUT_DOWN, phone));
    g_signal_connect_object (phone, "notify::mode", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (phone, "notify::trust", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    update (self);
}

static void
pr_goal_page_dispose (GObject *object)
{
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_GOAL_PAGE);
    G_OBJECT_CLASS (pr_goal_page_parent_class)->dispose (object);
}

static void
pr_goal_page_class_init (PrGoalPageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->constructed = pr_goal_page_constructed;
    G_OBJECT_CLASS (klass)->dispose = pr_goal_page_dispose;
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-goal-page.ui");
    gtk_widget_class_bind_template_child (widget_class, PrGoalPage, keeps);
    gtk_widget_class_bind_template_child (widget_class, PrGoalPage, erases);
    gtk_widget_class_bind_template_child (widget_class, PrGoalPage, modes);
    gtk_widget_class_bind_template_callback (widget_class, goal_cb);
    gtk_widget_class_bind_template_callback (widget_class, say_phone);
}

static void
pr_goal_page_init (PrGoalPage *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

PrPage *
pr_goal_page_new (PrPlan *plan)
{
    return g_object_new (PR_TYPE_GOAL_PAGE, "plan", plan, NULL);
}
