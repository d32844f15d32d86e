// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-guide-view.h"

#include "pr-guide-row.h"

#include <glib/gi18n.h>

enum { PROP_GUIDE = 1, PROP_SHOW_TITLE, N_PROPS };

static GParamSpec *properties[N_PROPS];

struct _PrGuideView {
    AdwBin parent_instance;
    PrGuide *guide; /* owned, nullable */
    gboolean show_title;
    /* template */
    GtkLabel *heading;
    GtkListBox *steps;
};

G_DEFINE_FINAL_TYPE (PrGuideView, pr_guide_view, ADW_TYPE_BIN)

static void
add_steps (PrGuideView *self)
{
    GListModel *steps = pr_guide_get_steps (self->guide);
    gboolean numbered = !pr_guide_get_unordered (self->guide);

    for (guint i = 0; i < g_list_model_get_n_items (steps); i++) {
        g_autoptr (PrGuideStep) step = g_list_model_get_item (steps, i);

        gtk_list_box_append (self->steps, pr_guide_row_new (step, numbered ? i + 1 : 0));
    }
}

static void
show_guide (PrGuideView *self)
{
    const char *heading = self->guide ? pr_guide_get_heading (self->guide) : NULL;

    gtk_label_set_label (self->heading, heading ? heading : _ ("What to Do"));
    gtk_list_box_remove_all (self->steps);
    if (self->guide)
        add_steps (self);
}

static void
pr_guide_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    PrGuideView *self = PR_GUIDE_VIEW (object);

    if (id == PROP_GUIDE)
        g_value_set_object (value, self->guide);
    else
        g_value_set_boolean (value, self->show_title);
}

static void
pr_guide_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    PrGuideView *self = PR_GUIDE_VIEW (object);

    if (id == PROP_GUIDE)
        pr_guide_view_set_guide (self, g_value_get_object (value));
    else
        pr_guide_view_set_show_title (self, g_value_get_boolean (value));
}

static void
pr_guide_view_dispose (GObject *object)
{
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_GUIDE_VIEW);
    g_clear_object (&PR_GUIDE_VIEW (object)->guide);
    G_OBJECT_CLASS (pr_guide_view_parent_class)->dispose (object);
}

static void
pr_guide_view_class_init (PrGuideViewClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
    GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

    object_class->get_property = pr_guide_view_get_property;
    object_class->set_property = pr_guide_view_set_property;
    object_class->dispose = pr_guide_view_dispose;
    properties[PROP_GUIDE] = g_param_spec_object ("guide", NULL, NULL, PR_TYPE_GUIDE, flags);
    properties[PROP_SHOW_TITLE] = g_param_spec_boolean ("show-title", NULL, NULL, TRUE, flags);
    g_object_class_install_properties (object_class, N_PROPS, properties);

    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-guide-view.ui");
    gtk_widget_class_bind_template_child (widget_class, PrGuideView, heading);
    gtk_widget_class_bind_template_child (widget_class, PrGuideView, steps);
}

static void
pr_guide_view_init (PrGuideView *self)
{
    self->show_title = TRUE;
    gtk_widget_init_template (GTK_WIDGET (self));
    show_guide (self);
}

PrGuide *
pr_guide_view_get_guide (PrGuideView *self)
{
    g_return_val_if_fail (PR_IS_GUIDE_VIEW (self), NULL);
    return self->guide;
}

void
pr_guide_view_set_guide (PrGuideView *self, PrGuide *guide)
{
    g_return_if_fail (PR_IS_GUIDE_VIEW (self));
    g_return_if_fail (guide == NULL || PR_IS_GUIDE (guide));

    if (!g_set_object (&self->guide, guide))
        return;
    show_guide (self);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GUIDE]);
}

gboolean
pr_guide_view_get_show_title (PrGuideView *self)
{
    g_return_val_if_fail (PR_IS_GUIDE_VIEW (self), FALSE);
    return self->show_title;
}

void
pr_guide_view_set_show_title (PrGuideView *self, gboolean show_title)
{
    g_return_if_fail (PR_IS_GUIDE_VIEW (self));

    if (self->show_title == show_title)
        return;
    self->show_title = show_title;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOW_TITLE]);
}
