// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-paper.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* in points */
#define FONT "Sans 11"
#define GAP 10

/* What stands in one piece on a page. */
typedef struct {
    char *markup;
    GdkPaintable *picture; /* owned, nullable */
    double size;           /* of the picture; 0 without */
    PangoLayout *layout;   /* owned; while it is printed */
    double height;
    guint page;
} Block;

struct _PrPaper {
    char *title;
    GPtrArray *blocks; /* of Block */
};

static void
free_block (Block *block)
{
    g_free (block->markup);
    g_clear_object (&block->layout);
    g_clear_object (&block->picture);
    g_free (block);
}

PrPaper *
pr_paper_new (const char *title)
{
    PrPaper *self = g_new0 (PrPaper, 1);

    self->title = g_strdup (title);
    self->blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) free_block);
    return self;
}

void
pr_paper_free (PrPaper *self)
{
    g_free (self->title);
    g_ptr_array_unref (self->blocks);
    g_free (self);
}

void
pr_paper_add (PrPaper *self, const char *markup, GdkPaintable *picture, double size)
{
    Block *block = g_new0 (Block, 1);

    block->markup = g_strdup (markup);
    block->picture = picture ? g_object_ref (picture) : NULL;
    block->size = picture ? size : 0;
    g_ptr_array_add (self->blocks, block);
}

/* --- Pages --- */

static void
lay_out (Block *block, GtkPrintContext *context)
{
    g_autoptr (PangoFontDescription) font = pango_font_description_from_string (FONT);
    double width = gtk_print_context_get_width (context) - (block->picture ? block->size + GAP : 0);
    int height;

    g_clear_object (&block->layout);
    block->layout = gtk_print_context_create_pango_layout (context);
    pango_layout_set_font_description (block->layout, font);
    pango_layout_set_width (block->layout, (int) (width * PANGO_SCALE));
    pango_layout_set_wrap (block->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_markup (block->layout, block->markup, -1);
    pango_layout_get_size (block->layout, NULL, &height);
    block->height = MAX ((double) height / PANGO_SCALE, block->size);
}

/* Returns: how many pages; a block that is higher than a page has one to itself. */
static guint
share_out (GPtrArray *blocks, double height)
{
    guint page = 0;
    double used = 0;

    for (guint i = 0; i < blocks->len; i++) {
        Block *block = blocks->pdata[i];

        if (used > 0 && used + block->height > height) {
            page++;
            used = 0;
        }
        block->page = page;
        used += block->height + GAP;
    }
    return page + 1;
}

static void
begin_print_cb (GtkPrintOperation *operation, GtkPrintContext *context, PrPaper *self)
{
    for (guint i = 0; i < self->blocks->len; i++)
        lay_out (self->blocks->pdata[i], context);
    gtk_print_operation_set_n_pages (operation, (int) share_out (self->blocks, gtk_print_context_get_height (context)));
}

static void
draw_picture (cairo_t *cairo, GdkPaintable *picture, double size, double x, double y)
{
    g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
    g_autoptr (GskRenderNode) node = NULL;
    const GdkRGBA black = { 0, 0, 0, 1 };
    const GdkRGBA colors[] = { black, black, black, black };

    if (GTK_IS_SYMBOLIC_PAINTABLE (picture))
        gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (picture), snapshot, size, size, colors,
                                                  G_N_ELEMENTS (colors));
    else
        gdk_paintable_snapshot (picture, snapshot, size, size);
    node = gtk_snapshot_to_node (snapshot);
    if (!node)
        return;
    cairo_save (cairo);
    cairo_translate (cairo, x, y);
    gsk_render_node_draw (node, cairo);
    cairo_restore (cairo);
}

static void
draw_block (cairo_t *cairo, const Block *block, double width, double y)
{
    if (block->picture)
        draw_picture (cairo, block->picture, block->size, width - block->size, y);
    cairo_move_to (cairo, 0, y);
    pango_cairo_show_layout (cairo, block->layout);
}

static void
draw_page_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, PrPaper *self)
{
    cairo_t *cairo = gtk_print_context_get_cairo_context (context);
    double y = 0;

    cairo_set_source_rgb (cairo, 0, 0, 0);
    for (guint i = 0; i < self->blocks->len; i++) {
        Block *block = self->blocks->pdata[i];

        if ((int) block->page != page)
            continue;
        draw_block (cairo, block, gtk_print_context_get_width (context), y);
        y += block->height + GAP;
    }
}

static void
let_go (gpointer data, GClosure *closure)
{
    pr_paper_free (data);
}

GtkPrintOperation *
pr_paper_create_operation (PrPaper *self)
{
    GtkPrintOperation *operation = gtk_print_operation_new ();

    gtk_print_operation_set_job_name (operation, self->title);
    gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
    gtk_print_operation_set_embed_page_setup (operation, TRUE);
    g_signal_connect (operation, "draw-page", G_CALLBACK (draw_page_cb), self);
    g_signal_connect_data (operation, "begin-print", G_CALLBACK (begin_print_cb), self, let_go, 0);
    return operation;
}

/* --- For the person --- */

static void
done_cb (GtkPrintOperation *operation, GtkPrintOperationResult result, GtkWidget *parent)
{
    g_autoptr (GError) error = NULL;
    AdwDialog *alert;

    if (result != GTK_PRINT_OPERATION_RESULT_ERROR)
        return;
    gtk_print_operation_get_error (operation, &error);
    alert = adw_alert_dialog_new (_ ("It Could Not Be Printed"), error ? error->message : NULL);
    adw_alert_dialog_add_response (ADW_ALERT_DIALOG (alert), "close", _ ("_Close"));
    adw_dialog_present (alert, parent);
}

void
pr_paper_print (GtkPrintOperation *operation, GtkWidget *parent)
{
    gtk_print_operation_set_allow_async (operation, TRUE);
    g_signal_connect_object (operation, "done", G_CALLBACK (done_cb), parent, 0);
    gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG,
                             GTK_WINDOW (gtk_widget_get_root (parent)), NULL);
}
