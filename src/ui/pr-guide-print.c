// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-guide-print.h"

#include "pr-paper.h"

#include <glib/gi18n.h>

/* in points */
#define DRAWING 96
#define PICTURE 72

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

static void
add_block (PrPaper *paper, const char *markup, const char *icon, double size)
{
    g_autoptr (GdkPaintable) picture = find_picture (icon);

    pr_paper_add (paper, markup, picture, size);
}

static void
add_head (PrPaper *paper, PrGuide *guide)
{
    g_autofree char *markup = g_markup_printf_escaped ("<span size=\"x-large\" weight=\"bold\">%s</span>\n\n%s",
                                                       pr_guide_get_title (guide), pr_guide_get_summary (guide));

    add_block (paper, markup, pr_guide_get_drawing (guide), DRAWING);
}

static void
add_heading (PrPaper *paper, PrGuide *guide)
{
    const char *heading = pr_guide_get_heading (guide);
    g_autofree char *markup = g_markup_printf_escaped ("<span size=\"large\" weight=\"bold\">%s</span>",
                                                       heading ? heading : _ ("What to Do"));

    add_block (paper, markup, NULL, 0);
}

/* Each command on a line of its own, after whom it is for. */
static void
append_command (const char *command, const char *system, gpointer markup)
{
    g_autofree char *line = system ? g_markup_printf_escaped ("\n%s: <tt>%s</tt>", system, command)
                                   : g_markup_printf_escaped ("\n<tt>%s</tt>", command);

    g_string_append (markup, line);
}

static void
add_step (PrPaper *paper, PrGuideStep *step, guint number)
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
    pr_guide_step_foreach_command (step, append_command, markup);
    add_block (paper, markup->str, pr_guide_step_get_drawing (step), PICTURE);
}

GtkPrintOperation *
pr_guide_print_new (PrGuide *guide)
{
    g_return_val_if_fail (PR_IS_GUIDE (guide), NULL);
    PrPaper *paper = pr_paper_new (pr_guide_get_title (guide));
    GListModel *steps = pr_guide_get_steps (guide);
    gboolean numbered = !pr_guide_get_unordered (guide);

    add_head (paper, guide);
    add_heading (paper, guide);
    for (guint i = 0; i < g_list_model_get_n_items (steps); i++) {
        g_autoptr (PrGuideStep) step = g_list_model_get_item (steps, i);

        add_step (paper, step, numbered ? i + 1 : 0);
    }
    return pr_paper_create_operation (paper);
}
