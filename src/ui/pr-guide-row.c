// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-guide-row.h"

#include "pr-guide-command.h"

#include <glib/gi18n.h>

struct _PrGuideRow {
    GtkListBoxRow parent_instance;
    /* template */
    GtkLabel *number;
    GtkBox *body;
    GtkLabel *title;
    GtkLabel *text;
    GtkImage *drawing;
    GtkImage *arrow;
};

G_DEFINE_FINAL_TYPE (PrGuideRow, pr_guide_row, GTK_TYPE_LIST_BOX_ROW)

static void
set_optional (GtkLabel *label, const char *text)
{
    gtk_label_set_text (label, text ? text : "");
    gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

static void
set_number (PrGuideRow *self, guint number)
{
    g_autofree char *text = number > 0 ? g_strdup_printf ("%u", number) : NULL;

    set_optional (self->number, text);
}

static void
add_command (const char *command, const char *system, gpointer data)
{
    gtk_box_append (PR_GUIDE_ROW (data)->body, pr_guide_command_new (command, system));
}

static void
set_drawing (PrGuideRow *self, const char *drawing)
{
    gtk_image_set_from_icon_name (self->drawing, drawing);
    gtk_widget_set_visible (GTK_WIDGET (self->drawing), drawing != NULL);
}

static void
set_guide (PrGuideRow *self, const char *guide)
{
    gtk_widget_set_visible (GTK_WIDGET (self->arrow), guide != NULL);
    if (!guide)
        return;
    gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), TRUE);
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self), "s", guide);
    gtk_actionable_set_action_name (GTK_ACTIONABLE (self), "help.open");
}

/* The number is no label of its own to a screen reader, so that it is read once, with the row. */
static void
set_names (PrGuideRow *self, guint number, gboolean described)
{
    const char *title = gtk_label_get_text (self->title);
    /* Translators: read to people who cannot see the list; %u is the number of the step, %s its title */
    g_autofree char *name = number > 0 ? g_strdup_printf (_ ("Step %u: %s"), number, title) : g_strdup (title);

    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    if (described)
        gtk_accessible_update_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, self->text, NULL,
                                        -1);
}

static void
pr_guide_row_class_init (PrGuideRowClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-guide-row.ui");
    gtk_widget_class_bind_template_child (widget_class, PrGuideRow, number);
    gtk_widget_class_bind_template_child (widget_class, PrGuideRow, body);
    gtk_widget_class_bind_template_child (widget_class, PrGuideRow, title);
    gtk_widget_class_bind_template_child (widget_class, PrGuideRow, text);
    gtk_widget_class_bind_template_child (widget_class, PrGuideRow, drawing);
    gtk_widget_class_bind_template_child (widget_class, PrGuideRow, arrow);
}

static void
pr_guide_row_init (PrGuideRow *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
pr_guide_row_new (PrGuideStep *step, guint number)
{
    g_return_val_if_fail (PR_IS_GUIDE_STEP (step), NULL);
    PrGuideRow *self = g_object_new (PR_TYPE_GUIDE_ROW, NULL);
    const char *text = pr_guide_step_get_text (step);

    set_number (self, number);
    gtk_label_set_text (self->title, pr_guide_step_get_title (step));
    set_optional (self->text, text);
    if (pr_guide_step_get_command (step))
        pr_guide_step_foreach_command (step, add_command, self);
    set_drawing (self, pr_guide_step_get_drawing (step));
    set_guide (self, pr_guide_step_get_guide (step));
    set_names (self, number, text != NULL);
    return GTK_WIDGET (self);
}
