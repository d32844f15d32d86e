// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-coach-warning.h"

#include <glib/gi18n.h>

struct _PrCoachWarning {
    AdwBin parent_instance;
    GtkImage *picture;
    GtkLabel *text;
};

G_DEFINE_FINAL_TYPE (PrCoachWarning, pr_coach_warning, ADW_TYPE_BIN)

static void
pr_coach_warning_class_init (PrCoachWarningClass *klass)
{
}

static void
pr_coach_warning_init (PrCoachWarning *self)
{
    GtkWidget *box = g_object_new (GTK_TYPE_BOX, "halign", GTK_ALIGN_CENTER, "spacing", 9, NULL);

    self->picture = g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
    self->text = g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, NULL);
    gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->picture));
    gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->text));
    adw_bin_set_child (ADW_BIN (self), box);
}

void
pr_coach_warning_show (PrCoachWarning *self, PrCoach *coach, gboolean reassures)
{
    const char *warning = coach ? pr_coach_get_warning (coach) : NULL;
    gboolean erases = coach && pr_coach_get_sequence (coach)->erases;
    gboolean safe = coach && reassures && !erases;
    const char *classes[] = { erases ? "error" : safe ? "success" : "warning", NULL };

    if (safe && !warning)
        warning = N_ ("Nothing is erased");
    gtk_widget_set_visible (GTK_WIDGET (self), warning && pr_coach_get_state (coach) != PR_COACH_DONE);
    gtk_label_set_label (self->text, warning ? _ (warning) : "");
    gtk_image_set_from_icon_name (self->picture, erases ? "pr-blocking-symbolic"
                                                 : safe ? "pr-good-symbolic"
                                                        : "pr-warning-symbolic");
    gtk_widget_set_css_classes (GTK_WIDGET (self), classes);
}
