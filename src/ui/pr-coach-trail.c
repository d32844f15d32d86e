// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-coach-trail.h"

#include "pr-coach-names.h"

static GtkWidget *
create_step (const PrCoachStep *step, const char *family)
{
    g_autofree char *name =
        step->buttons ? pr_coach_names_buttons (step->buttons, family) : pr_coach_names_step (step, family);
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

    gtk_box_append (GTK_BOX (box),
                    g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
    gtk_box_append (GTK_BOX (box), g_object_new (GTK_TYPE_LABEL, "label", name, "wrap", TRUE, NULL));
    return box;
}

void
pr_coach_trail_fill (AdwWrapBox *trail, const PrCoachSequence *sequence, const char *family, GtkWidget **steps)
{
    GtkWidget *child;

    while ((child = gtk_widget_get_first_child (GTK_WIDGET (trail))))
        adw_wrap_box_remove (trail, child);
    for (guint i = 0; sequence && i < sequence->n_steps; i++) {
        steps[i] = create_step (&sequence->steps[i], family);
        adw_wrap_box_append (trail, steps[i]);
    }
}

static void
show_step (GtkWidget *box, gboolean done, gboolean now)
{
    GtkWidget *picture = gtk_widget_get_first_child (box);
    const char *box_classes[] = { now ? NULL : "dimmed", NULL };
    const char *picture_classes[] = { now ? "accent" : NULL, NULL };
    const char *label_classes[] = { now ? "heading" : NULL, NULL };

    gtk_image_set_from_icon_name (GTK_IMAGE (picture), done  ? "pr-good-symbolic"
                                                       : now ? "pr-now-symbolic"
                                                             : "pr-waiting-symbolic");
    gtk_widget_set_css_classes (box, box_classes);
    gtk_widget_set_css_classes (picture, picture_classes);
    gtk_widget_set_css_classes (gtk_widget_get_next_sibling (picture), label_classes);
}

void
pr_coach_trail_show (PrCoach *coach, GtkWidget *const *steps)
{
    PrCoachState state = pr_coach_get_state (coach);
    guint step = pr_coach_get_step (coach);
    gboolean moves = state == PR_COACH_MOVING;
    gboolean over = state == PR_COACH_DONE || state == PR_COACH_ASKING;

    for (guint i = 0; i < pr_coach_get_sequence (coach)->n_steps; i++)
        show_step (steps[i], over || (moves && i < step), moves && i == step);
}
