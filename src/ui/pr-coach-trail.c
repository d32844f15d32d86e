// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-coach-trail.h"

#include "pr-coach-names.h"

struct _PrCoachTrail {
    AdwBin parent_instance;
    AdwWrapBox *box;
    guint n_steps;
    GtkWidget *steps[PR_COACH_MOST_STEPS]; /* borrowed */
};

G_DEFINE_FINAL_TYPE (PrCoachTrail, pr_coach_trail, ADW_TYPE_BIN)

static void
pr_coach_trail_class_init (PrCoachTrailClass *klass)
{
}

static void
pr_coach_trail_init (PrCoachTrail *self)
{
    self->box = g_object_new (ADW_TYPE_WRAP_BOX, "align", 0.5, "child-spacing", 18, "line-spacing", 6, NULL);
    adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
}

static void
add_step (PrCoachTrail *self, const PrCoachStep *step, const char *family)
{
    g_autofree char *name =
        step->buttons ? pr_coach_names_buttons (step->buttons, family) : pr_coach_names_step (step, family);
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

    gtk_box_append (GTK_BOX (box),
                    g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
    gtk_box_append (GTK_BOX (box), g_object_new (GTK_TYPE_LABEL, "label", name, "wrap", TRUE, NULL));
    adw_wrap_box_append (self->box, box);
    self->steps[self->n_steps++] = box;
}

void
pr_coach_trail_fill (PrCoachTrail *self, const PrCoachSequence *sequence, const char *family)
{
    while (self->n_steps > 0)
        adw_wrap_box_remove (self->box, self->steps[--self->n_steps]);
    for (guint i = 0; sequence && i < sequence->n_steps; i++)
        add_step (self, &sequence->steps[i], family);
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
pr_coach_trail_show (PrCoachTrail *self, PrCoach *coach)
{
    PrCoachState state = pr_coach_get_state (coach);
    guint step = pr_coach_get_step (coach);
    gboolean over = state == PR_COACH_DONE || state == PR_COACH_ASKING;

    for (guint i = 0; i < self->n_steps; i++)
        show_step (self->steps[i], over || (state == PR_COACH_MOVING && i < step),
                   state == PR_COACH_MOVING && i == step);
}
