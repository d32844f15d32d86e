// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-coach-signs.h"

#include "pr-coach-names.h"

struct _PrCoachSigns {
    AdwBin parent_instance;
    AdwWrapBox *box;
};

enum { SEE, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrCoachSigns, pr_coach_signs, ADW_TYPE_BIN)

static void
pr_coach_signs_class_init (PrCoachSignsClass *klass)
{
    signals[SEE] =
        g_signal_new ("see", PR_TYPE_COACH_SIGNS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
pr_coach_signs_init (PrCoachSigns *self)
{
    self->box = g_object_new (ADW_TYPE_WRAP_BOX, "align", 0.5, "child-spacing", 6, "line-spacing", 6, NULL);
    adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
}

static void
clicked_cb (PrCoachSigns *self, GtkWidget *button)
{
    g_signal_emit (self, signals[SEE], 0, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "sign")));
}

static void
add (PrCoachSigns *self, PrSign sign)
{
    GtkWidget *button = gtk_button_new_with_label (pr_coach_names_sign (sign));

    g_object_set_data (G_OBJECT (button), "sign", GUINT_TO_POINTER (sign));
    g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
    adw_wrap_box_append (self->box, button);
}

void
pr_coach_signs_show (PrCoachSigns *self, PrCoach *coach)
{
    PrCoachState state = coach ? pr_coach_get_state (coach) : PR_COACH_READY;
    gboolean asks = state == PR_COACH_MOVING || state == PR_COACH_ASKING;
    guint signs = asks ? pr_coach_get_signs (coach) : 0;
    GtkWidget *child;

    while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))))
        adw_wrap_box_remove (self->box, child);
    for (PrSign sign = PR_SIGN_NONE + 1; sign < PR_N_SIGNS; sign++)
        if ((signs & (1u << sign)) && sign != pr_coach_get_wanted (coach))
            add (self, sign);
    gtk_widget_set_visible (GTK_WIDGET (self), signs != 0);
}
