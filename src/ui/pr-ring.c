// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-ring.h"

#include <math.h>

#define LEAST_SIZE 96
#define LINE 8
#define TRACK 0.12 /* opacity */

struct _PrRing {
    AdwBin parent_instance;
    double fraction;
};

G_DEFINE_FINAL_TYPE (PrRing, pr_ring, ADW_TYPE_BIN)

void
pr_ring_get_accent (GtkWidget *widget, GdkRGBA *accent)
{
    AdwStyleManager *style = adw_style_manager_get_for_display (gtk_widget_get_display (widget));

    adw_accent_color_to_standalone_rgba (adw_style_manager_get_accent_color (style), adw_style_manager_get_dark (style),
                                         accent);
}

static GskPath *
create_arc (double x, double y, double radius, double fraction)
{
    g_autoptr (GskPathBuilder) builder = gsk_path_builder_new ();
    double end = 2 * G_PI * fraction;

    if (fraction >= 1) {
        gsk_path_builder_add_circle (builder, &GRAPHENE_POINT_INIT ((float) x, (float) y), (float) radius);
    } else {
        gsk_path_builder_move_to (builder, (float) x, (float) (y - radius));
        gsk_path_builder_svg_arc_to (builder, (float) radius, (float) radius, 0, fraction > 0.5, TRUE,
                                     (float) (x + radius * sin (end)), (float) (y - radius * cos (end)));
    }
    return gsk_path_builder_to_path (builder);
}

static void
draw_arc (PrRing *self, GtkSnapshot *snapshot, double fraction, const GdkRGBA *color)
{
    double width = gtk_widget_get_width (GTK_WIDGET (self));
    double height = gtk_widget_get_height (GTK_WIDGET (self));
    g_autoptr (GskPath) path = create_arc (width / 2, height / 2, (MIN (width, height) - LINE) / 2, fraction);
    GskStroke *stroke = gsk_stroke_new (LINE);

    gsk_stroke_set_line_cap (stroke, GSK_LINE_CAP_ROUND);
    gtk_snapshot_append_stroke (snapshot, path, stroke, color);
    gsk_stroke_free (stroke);
}

static void
pr_ring_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
    PrRing *self = PR_RING (widget);
    GdkRGBA color;

    gtk_widget_get_color (widget, &color);
    color.alpha = TRACK;
    draw_arc (self, snapshot, 1, &color);
    pr_ring_get_accent (widget, &color);
    if (self->fraction > 0)
        draw_arc (self, snapshot, self->fraction, &color);
    GTK_WIDGET_CLASS (pr_ring_parent_class)->snapshot (widget, snapshot);
}

/* Square, and as large as what is in it and the line around it. */
static void
pr_ring_measure (GtkWidget *widget,
                 GtkOrientation orientation,
                 int for_size,
                 int *minimum,
                 int *natural,
                 int *minimum_baseline,
                 int *natural_baseline)
{
    GtkRequisition child = { 0, 0 };

    if (adw_bin_get_child (ADW_BIN (widget)))
        gtk_widget_get_preferred_size (adw_bin_get_child (ADW_BIN (widget)), NULL, &child);
    *minimum = *natural = MAX (LEAST_SIZE, MAX (child.width, child.height) + 4 * LINE);
}

static void
pr_ring_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
    if (adw_bin_get_child (ADW_BIN (widget)))
        gtk_widget_allocate (adw_bin_get_child (ADW_BIN (widget)), width, height, baseline, NULL);
}

static void
pr_ring_class_init (PrRingClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    widget_class->snapshot = pr_ring_snapshot;
    widget_class->measure = pr_ring_measure;
    widget_class->size_allocate = pr_ring_size_allocate;
}

static void
pr_ring_init (PrRing *self)
{
    gtk_widget_set_layout_manager (GTK_WIDGET (self), NULL);
}

void
pr_ring_set_fraction (PrRing *self, double fraction)
{
    fraction = CLAMP (fraction, 0, 1);
    if (fabs (self->fraction - fraction) < 0.001)
        return;
    self->fraction = fraction;
    gtk_widget_queue_draw (GTK_WIDGET (self));
}
