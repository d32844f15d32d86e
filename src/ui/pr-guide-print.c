// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-guide-print.h"

#include <glib/gi18n.h>

/* all in points */
#define FONT "Sans 11"
#define GAP 10
#define DRAWING 96
#define PICTURE 72

/* What stands in one piece on a page: words, and a picture at the end of their lines. */
typedef struct {
    PangoLayout *layout;   /* owned */
    GdkPaintable *picture; /* owned, nullable */
    double size;           /* of the picture; 0 without */
    double height;
    guint page;
} Block;

typedef struct {
    PrGuide *guide;    /* owned */
    GPtrArray *blocks; /* of Block */
} Print;

static void
free_block (Block *block)
{
    g_object_unref (block->layout);
    g_clear_object (&block->picture);
    g_free (block);
}

static void
free_print (gpointer data, GClosure *closure)
{
    Print *print = data;

    g_object_unref (print->guide);
    g_ptr_array_unref (print->blocks);
    g_free (print);
}

/* (nullable) (transfer full) */
static GdkPaintable *
find_picture (const char *icon)
{
    GtkIconTheme *theme = gtk_icon_theme_get_for_display (gdk_display_get_default ());

    if (!icon || !gtk_icon_theme_has_icon (theme, icon))
        return NULL;
    return GDK_PAINTABLE (
        gtk_icon_theme_lookup_icon (theme, icon, NULL, DRAWING, 2, GTK_TEXT_DIR_NONE, GTK_ICON_LOOKUP_NONE));
}

static PangoLayout *
create_layout (GtkPrintContext *context, const char *markup, double width)
{
    g_autoptr (PangoFontDescription) font = pango_font_description_from_string (FONT);
    PangoLayout *layout = gtk_print_context_create_pango_layout (context);

    pango_layout_set_font_description (layout, font);
    pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
    pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_markup (layout, markup, -1);
    return layout;
}

static void
add_block (Print *print, GtkPrintContext *context, const char *markup, const char *icon, double size)
{
    Block *block = g_new0 (Block, 1);
    double width = gtk_print_context_get_width (context);
    int height;

    block->picture = find_picture (icon);
    block->size = block->picture ? size : 0;
    block->layout = create_layout (context, markup, block->picture ? width - size - GAP : width);
    pango_layout_get_size (block->layout, NULL, &height);
    block->height = MAX ((double) height / PANGO_SCALE, block->size);
    g_ptr_array_add (print->blocks, block);
}

/* --- What is said --- */

static void
add_head (Print *print, GtkPrintContext *context)
{
    g_autofree char *markup =
        g_markup_printf_escaped ("<span size=\"x-large\" weight=\"bold\">%s</span>\n\n%s",
                                 pr_guide_get_title (print->guide), pr_guide_get_summary (print->guide));

    add_block (print, context, markup, pr_guide_get_drawing (print->guide), DRAWING);
}

static void
add_heading (Print *print, GtkPrintContext *context)
{
    const char *heading = pr_guide_get_heading (print->guide);
    g_autofree char *markup = g_markup_printf_escaped ("<span size=\"large\" weight=\"bold\">%s</span>",
                                                       heading ? heading : _ ("What to Do"));

    add_block (print, context, markup, NULL, 0);
}

/* Each command on a line of its own, after whom it is for. */
static void
append_commands (GString *markup, PrGuideStep *step)
{
    const char *commands = pr_guide_step_get_command (step);
    const char *systems = pr_guide_step_get_systems (step);
    g_auto (GStrv) lines = g_strsplit (commands ? commands : "", "\n", -1);
    g_auto (GStrv) whom = g_strsplit (systems ? systems : "", "\n", -1);
    guint n_whom = g_strv_length (whom);

    for (guint i = 0; lines[i]; i++) {
        g_autofree char *line = i < n_whom ? g_markup_printf_escaped ("\n%s: <tt>%s</tt>", whom[i], lines[i])
                                           : g_markup_printf_escaped ("\n<tt>%s</tt>", lines[i]);

        g_string_append (markup, line);
    }
}

static void
add_step (Print *print, GtkPrintContext *context, PrGuideStep *step, guint number)
{
    g_autoptr (GString) markup = g_string_new (NULL);
    const char *title = pr_guide_step_get_title (step);
    const char *text = pr_guide_step_get_text (step);
    g_autofree char *head = number > 0 ? g_markup_printf_escaped ("<b>%u. %s</b>", number, title)
                                       : g_markup_printf_escaped ("<b>%s</b>", title);
    g_autofree char *body = text ? g_markup_printf_escaped ("\n%s", text) : NULL;

    g_string_append (markup, head);
    if (body)
        g_string_append (markup, body);
    append_commands (markup, step);
    add_block (print, context, markup->str, pr_guide_step_get_drawing (step), PICTURE);
}

/* --- Pages --- */

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
begin_print_cb (GtkPrintOperation *operation, GtkPrintContext *context, Print *print)
{
    GListModel *steps = pr_guide_get_steps (print->guide);
    gboolean numbered = !pr_guide_get_unordered (print->guide);

    g_ptr_array_set_size (print->blocks, 0);
    add_head (print, context);
    add_heading (print, context);
    for (guint i = 0; i < g_list_model_get_n_items (steps); i++) {
        g_autoptr (PrGuideStep) step = g_list_model_get_item (steps, i);

        add_step (print, context, step, numbered ? i + 1 : 0);
    }
    gtk_print_operation_set_n_pages (operation,
                                     (int) share_out (print->blocks, gtk_print_context_get_height (context)));
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
draw_page_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, Print *print)
{
    cairo_t *cairo = gtk_print_context_get_cairo_context (context);
    double y = 0;

    cairo_set_source_rgb (cairo, 0, 0, 0);
    for (guint i = 0; i < print->blocks->len; i++) {
        Block *block = print->blocks->pdata[i];

        if ((int) block->page != page)
            continue;
        draw_block (cairo, block, gtk_print_context_get_width (context), y);
        y += block->height + GAP;
    }
}

GtkPrintOperation *
pr_guide_print_new (PrGuide *guide)
{
    g_return_val_if_fail (PR_IS_GUIDE (guide), NULL);
    GtkPrintOperation *operation = gtk_print_operation_new ();
    Print *print = g_new0 (Print, 1);

    print->guide = g_object_ref (guide);
    print->blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) free_block);
    gtk_print_operation_set_job_name (operation, pr_guide_get_title (guide));
    gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
    gtk_print_operation_set_embed_page_setup (operation, TRUE);
    g_signal_connect_data (operation, "begin-print", G_CALLBACK (begin_print_cb), print, free_print, 0);
    g_signal_connect (operation, "draw-page", G_CALLBACK (draw_page_cb), print);
    return operation;
}
