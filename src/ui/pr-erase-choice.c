// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-erase-choice.h"

struct _PrEraseChoice {
    AdwPreferencesGroup parent_instance;

    PrPlan *plan; /* owned */

    /* template */
    GtkCheckButton *hand_over;
    GtkCheckButton *keep;
};

G_DEFINE_FINAL_TYPE (PrEraseChoice, pr_erase_choice, ADW_TYPE_PREFERENCES_GROUP)

static void
toggled_cb (PrEraseChoice *self)
{
    if (!self->plan)
        return;
    if (gtk_check_button_get_active (self->hand_over))
        pr_plan_set_hand_over (self->plan, PR_ANSWER_YES);
    else if (gtk_check_button_get_active (self->keep))
        pr_plan_set_hand_over (self->plan, PR_ANSWER_NO);
}

static void
pr_erase_choice_dispose (GObject *object)
{
    PrEraseChoice *self = PR_ERASE_CHOICE (object);

    g_clear_object (&self->plan);
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_ERASE_CHOICE);
    G_OBJECT_CLASS (pr_erase_choice_parent_class)->dispose (object);
}

static void
pr_erase_choice_class_init (PrEraseChoiceClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_erase_choice_dispose;
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-erase-choice.ui");
    gtk_widget_class_bind_template_child (widget_class, PrEraseChoice, hand_over);
    gtk_widget_class_bind_template_child (widget_class, PrEraseChoice, keep);
    gtk_widget_class_bind_template_callback (widget_class, toggled_cb);
}

static void
pr_erase_choice_init (PrEraseChoice *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
pr_erase_choice_new (PrPlan *plan)
{
    PrEraseChoice *self = g_object_new (PR_TYPE_ERASE_CHOICE, NULL);
    PrAnswer hand_over = pr_plan_get_hand_over (plan);

    gtk_check_button_set_active (self->hand_over, hand_over == PR_ANSWER_YES);
    gtk_check_button_set_active (self->keep, hand_over == PR_ANSWER_NO);
    self->plan = g_object_ref (plan);
    return GTK_WIDGET (self);
}
