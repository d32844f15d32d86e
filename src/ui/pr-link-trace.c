// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-link-trace.h"

#include "pr-ring.h"

#include <glib/gi18n.h>

#define RISE 110 /* from "lost" to "connected" */
#define MIN_WIDTH 280
#define TOP 13        /* above the line of "connected", beside its word */
#define FOOT 15       /* below the line of "lost", beside the times */
#define LINE 3.0f     /* width of the line */
#define DISC 0.65f    /* radius of a loss's number, in heights of the text */
#define DOT 6.0f      /* radius of "now" */
#define REDRAW_MS 100 /* in a minute's picture a pixel is about a tenth of a second */
#define NEAR 4.0f     /* what begins closer together than this is drawn as one: nobody could tell it apart */
#define SECONDS 60
#define PARTS 6 /* of the grid */

struct _PrLinkTrace {
    GtkWidget parent_instance;

    PrLinkWatch *watch; /* owned */
    guint seconds;
    guint timer;
};

/* Where things are while one picture is drawn. */
typedef struct {
    PrLinkTrace *self;
    GtkSnapshot *snapshot;
    gint64 now;
    float width, high, low;
    float text_height;
    float disc; /* radius */
    gboolean mirrored;
    GdkRGBA accent, text;
} Canvas;

G_DEFINE_FINAL_TYPE (PrLinkTrace, pr_link_trace, GTK_TYPE_WIDGET)

static float
place (const Canvas *canvas, gint64 time)
{
    double before = (double) (canvas->now - time) / G_USEC_PER_SEC / canvas->self->seconds;
    float x = (float) (CLAMP (1 - before, 0, 1) * canvas->width);

    return canvas->mirrored ? canvas->width - x : x;
}

static void
write_text (const Canvas *canvas, const char *words, float x, float y, float align, const GdkRGBA *colour)
{
    g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (canvas->self), words);
    int width, height;

    pango_layout_get_pixel_size (layout, &width, &height);
    x = CLAMP (x - align * (float) width, 0, canvas->width - (float) width);
    gtk_snapshot_save (canvas->snapshot);
    gtk_snapshot_translate (canvas->snapshot, &GRAPHENE_POINT_INIT (x, y));
    gtk_snapshot_append_layout (canvas->snapshot, layout, colour);
    gtk_snapshot_restore (canvas->snapshot);
}

static GdkRGBA
fade (GdkRGBA colour, float alpha)
{
    colour.alpha *= alpha;
    return colour;
}

static char *
name_time (guint seconds)
{
    if (seconds == 0)
        return g_strdup (_ ("now"));
    if (seconds % 60 == 0)
        /* Translators: so many minutes ago */
        return g_strdup_printf (_ ("%u min"), seconds / 60);
    /* Translators: so many seconds ago */
    return g_strdup_printf (_ ("%u s"), seconds);
}

static void
draw_grid (const Canvas *canvas)
{
    GdkRGBA faint = fade (canvas->text, 0.13f);
    GdkRGBA dim = fade (canvas->text, 0.6f);
    float start = canvas->mirrored ? canvas->width - 6 : 6;
    float align = canvas->mirrored ? 1 : 0;

    for (guint part = 0; part <= PARTS; part++) {
        guint seconds = canvas->self->seconds * part / PARTS;
        float x = place (canvas, canvas->now - seconds * G_USEC_PER_SEC);
        g_autofree char *label = name_time (seconds);

        gtk_snapshot_append_color (canvas->snapshot, &faint, &GRAPHENE_RECT_INIT (x, 0, 1, canvas->low + 6));
        if (part % 2 == 0)
            write_text (canvas, label, x, canvas->low + 8, 0.5f, &dim);
    }
    write_text (canvas, _ ("connected"), start, canvas->high - canvas->text_height - 9, align, &dim);
    write_text (canvas, _ ("lost"), start, canvas->low - canvas->text_height - 9, align, &dim);
}

static void
fill_span (const Canvas *canvas, const PrLinkSpan *span)
{
    GdkRGBA colour = fade (canvas->accent, 0.14f);
    float a = place (canvas, span->from), b = place (canvas, span->to);

    gtk_snapshot_append_color (canvas->snapshot, &colour,
                               &GRAPHENE_RECT_INIT (MIN (a, b), canvas->high, ABS (b - a), canvas->low - canvas->high));
}

static void
draw_line (const Canvas *canvas, GArray *spans)
{
    GskPathBuilder *builder = gsk_path_builder_new ();
    g_autoptr (GskPath) path = NULL;
    g_autoptr (GskStroke) stroke = gsk_stroke_new (LINE);

    gsk_path_builder_move_to (builder, place (canvas, 0), canvas->low);
    for (guint i = 0; i < spans->len; i++) {
        const PrLinkSpan *span = &g_array_index (spans, PrLinkSpan, i);

        gsk_path_builder_line_to (builder, place (canvas, span->from), canvas->low);
        gsk_path_builder_line_to (builder, place (canvas, span->from), canvas->high);
        gsk_path_builder_line_to (builder, place (canvas, span->to), canvas->high);
        if (!span->present)
            gsk_path_builder_line_to (builder, place (canvas, span->to), canvas->low);
    }
    if (spans->len == 0 || !g_array_index (spans, PrLinkSpan, spans->len - 1).present)
        gsk_path_builder_line_to (builder, place (canvas, canvas->now), canvas->low);
    path = gsk_path_builder_free_to_path (builder);
    gsk_stroke_set_line_join (stroke, GSK_LINE_JOIN_ROUND);
    gtk_snapshot_append_stroke (canvas->snapshot, path, stroke, &canvas->accent);
}

static void
draw_disc (const Canvas *canvas, float x, float y, float radius, const GdkRGBA *colour)
{
    GskPathBuilder *builder = gsk_path_builder_new ();
    g_autoptr (GskPath) path = NULL;

    gsk_path_builder_add_circle (builder, &GRAPHENE_POINT_INIT (x, y), radius);
    path = gsk_path_builder_free_to_path (builder);
    gtk_snapshot_append_fill (canvas->snapshot, path, GSK_FILL_RULE_WINDING, colour);
}

typedef struct {
    float x;
    guint number; /* how many there were up to here */
} Loss;

/* Of those whose discs would cover each other the last one stays. */
static void
list_losses (const Canvas *canvas, const GArray *spans, GArray *losses)
{
    guint number = 0;

    for (guint i = 0; i < spans->len; i++) {
        const PrLinkSpan *span = &g_array_index (spans, PrLinkSpan, i);
        Loss loss = { place (canvas, span->to), number + 1 };
        Loss *last = losses->len > 0 ? &g_array_index (losses, Loss, losses->len - 1) : NULL;

        if (!span->lost)
            continue;
        number++;
        if (last && ABS (loss.x - last->x) < 2 * canvas->disc)
            last->number = number;
        else
            g_array_append_val (losses, loss);
    }
}

/* In the colours of text and page turned round, so that it is read in any style. */
static void
draw_losses (const Canvas *canvas, const GArray *losses)
{
    GdkRGBA paper = canvas->text.red + canvas->text.green + canvas->text.blue > 1.5f ? (GdkRGBA) { 0, 0, 0, 1 }
                                                                                     : (GdkRGBA) { 1, 1, 1, 1 };

    for (guint i = 0; i < losses->len; i++) {
        const Loss *loss = &g_array_index (losses, Loss, i);
        g_autofree char *label = g_strdup_printf ("%u", loss->number);

        draw_disc (canvas, loss->x, canvas->low - 2, canvas->disc, &canvas->text);
        write_text (canvas, label, loss->x, canvas->low - 2 - canvas->text_height / 2, 0.5f, &paper);
    }
}

/* However often it came and went, a picture has only so many strokes. Changes @spans. */
static void
thin_out (const Canvas *canvas, GArray *spans)
{
    guint kept = 0;

    for (guint i = 1; i < spans->len; i++) {
        const PrLinkSpan span = g_array_index (spans, PrLinkSpan, i);
        PrLinkSpan *last = &g_array_index (spans, PrLinkSpan, kept);

        if (ABS (place (canvas, span.from) - place (canvas, last->from)) < NEAR) {
            last->to = span.to;
            last->present = span.present;
        } else {
            g_array_index (spans, PrLinkSpan, ++kept) = span;
        }
    }
    if (spans->len > 0)
        g_array_set_size (spans, kept + 1);
}

static void
draw (const Canvas *canvas)
{
    const char *port = pr_link_history_get_last_port (pr_link_watch_get_history (canvas->self->watch));
    gint64 since = canvas->now - canvas->self->seconds * G_USEC_PER_SEC;
    g_autoptr (GArray) spans = pr_link_history_list_spans (pr_link_watch_get_history (canvas->self->watch),
                                                           port ? port : "", since, canvas->now);
    g_autoptr (GArray) losses = g_array_new (FALSE, FALSE, sizeof (Loss));
    gboolean present = spans->len > 0 && g_array_index (spans, PrLinkSpan, spans->len - 1).present;

    draw_grid (canvas);
    list_losses (canvas, spans, losses);
    thin_out (canvas, spans);
    for (guint i = 0; i < spans->len; i++)
        fill_span (canvas, &g_array_index (spans, PrLinkSpan, i));
    draw_line (canvas, spans);
    draw_losses (canvas, losses);
    draw_disc (canvas, place (canvas, canvas->now) + (canvas->mirrored ? DOT : -DOT),
               present ? canvas->high : canvas->low, DOT, &canvas->accent);
}

/* It grows with the letters. */
static int
get_text_height (PrLinkTrace *self)
{
    g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), "0");
    int height;

    pango_layout_get_pixel_size (layout, NULL, &height);
    return height;
}

static void
pr_link_trace_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
    PrLinkTrace *self = PR_LINK_TRACE (widget);
    float text_height = (float) get_text_height (self);
    Canvas canvas = {
        .self = self,
        .snapshot = snapshot,
        .now = g_get_monotonic_time (),
        .width = (float) gtk_widget_get_width (widget),
        .high = TOP + text_height,
        .text_height = text_height,
        .disc = DISC * text_height,
        .low = (float) gtk_widget_get_height (widget) - FOOT - text_height,
        .mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL,
    };

    if (!self->watch)
        return;
    pr_ring_get_accent (widget, &canvas.accent);
    gtk_widget_get_color (widget, &canvas.text);
    draw (&canvas);
}

static void
pr_link_trace_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
    int height = TOP + RISE + FOOT + 2 * get_text_height (PR_LINK_TRACE (widget));

    *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? height : MIN_WIDTH;
    *minimum_baseline = *natural_baseline = -1;
}

static gboolean
redraw_cb (gpointer data)
{
    gtk_widget_queue_draw (data);
    return G_SOURCE_CONTINUE;
}

static void
pr_link_trace_map (GtkWidget *widget)
{
    PrLinkTrace *self = PR_LINK_TRACE (widget);

    GTK_WIDGET_CLASS (pr_link_trace_parent_class)->map (widget);
    self->timer = g_timeout_add (REDRAW_MS, redraw_cb, self);
}

static void
pr_link_trace_unmap (GtkWidget *widget)
{
    g_clear_handle_id (&PR_LINK_TRACE (widget)->timer, g_source_remove);
    GTK_WIDGET_CLASS (pr_link_trace_parent_class)->unmap (widget);
}

static void
pr_link_trace_dispose (GObject *object)
{
    PrLinkTrace *self = PR_LINK_TRACE (object);

    g_clear_handle_id (&self->timer, g_source_remove);
    g_clear_object (&self->watch);
    G_OBJECT_CLASS (pr_link_trace_parent_class)->dispose (object);
}

static void
pr_link_trace_class_init (PrLinkTraceClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_link_trace_dispose;
    widget_class->snapshot = pr_link_trace_snapshot;
    widget_class->measure = pr_link_trace_measure;
    widget_class->map = pr_link_trace_map;
    widget_class->unmap = pr_link_trace_unmap;
    gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
    gtk_widget_class_set_css_name (widget_class, "linktrace");
}

static void
pr_link_trace_init (PrLinkTrace *self)
{
    self->seconds = SECONDS;
    gtk_widget_add_css_class (GTK_WIDGET (self), "caption");
    gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

void
pr_link_trace_set_watch (PrLinkTrace *self, PrLinkWatch *watch)
{
    g_set_object (&self->watch, watch);
}

void
pr_link_trace_set_seconds (PrLinkTrace *self, guint seconds)
{
    if (self->seconds == seconds)
        return;
    self->seconds = seconds;
    gtk_widget_queue_draw (GTK_WIDGET (self));
}
