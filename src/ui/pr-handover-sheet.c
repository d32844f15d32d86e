// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-handover-sheet.h"

#include "pr-handover-words.h"
#include "pr-paper.h"

#include <glib/gi18n.h>
#include <qrencode.h>

#define CODE 110 /* points */
#define MODULE 8 /* pixels */
#define QUIET 4  /* modules of white around a code (ISO/IEC 18004) */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QRcode, QRcode_free)

/* One byte a pixel, white. */
static guint8 *
draw_modules (QRcode *code, int pixels)
{
    guint8 *data = g_malloc ((gsize) pixels * (gsize) pixels * 3);

    memset (data, 0xff, (gsize) pixels * (gsize) pixels * 3);
    for (int y = QUIET * MODULE; y < pixels - QUIET * MODULE; y++)
        for (int x = QUIET * MODULE; x < pixels - QUIET * MODULE; x++)
            if (code->data[(y / MODULE - QUIET) * code->width + x / MODULE - QUIET] & 1)
                memset (data + ((gsize) y * (gsize) pixels + (gsize) x) * 3, 0, 3);
    return data;
}

/* (nullable): only without memory */
static GdkPaintable *
create_code (const char *text)
{
    g_autoptr (QRcode) code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
    int pixels = code ? (code->width + 2 * QUIET) * MODULE : 0;
    gsize stride = (gsize) pixels * 3;
    g_autoptr (GBytes) bytes = code ? g_bytes_new_take (draw_modules (code, pixels), stride * (gsize) pixels) : NULL;

    return bytes ? GDK_PAINTABLE (gdk_memory_texture_new (pixels, pixels, GDK_MEMORY_R8G8B8, bytes, stride)) : NULL;
}

static void
append_line (GString *markup, const PrHandoverLine *line)
{
    g_autofree char *text = g_markup_printf_escaped ("\n%s: <b>%s</b>", line->title, line->value);

    g_string_append (markup, text);
    if (line->has_state)
        g_string_append_printf (markup, " – %s", pr_handover_words_state (line->state));
}

static void
add_section (PrPaper *paper, GString *markup)
{
    if (markup->len > 0)
        pr_paper_add (paper, markup->str, NULL, 0);
    g_string_truncate (markup, 0);
}

static void
add_sections (PrPaper *paper, const PrHandover *handover, gboolean masked)
{
    g_autoptr (GPtrArray) lines = pr_handover_words_lines (handover, masked);
    g_autoptr (GString) markup = g_string_new (NULL);

    for (guint i = 0; i < lines->len; i++) {
        const PrHandoverLine *line = lines->pdata[i];
        g_autofree char *head = line->section ? g_markup_printf_escaped ("<big>%s</big>", line->section) : NULL;

        if (head) {
            add_section (paper, markup);
            g_string_append (markup, head);
        }
        append_line (markup, line);
    }
    add_section (paper, markup);
}

static void
add_code (PrPaper *paper, const PrHandover *handover, gboolean masked)
{
    g_autofree char *json = pr_handover_to_json (handover, masked);
    g_autofree char *digest = pr_handover_digest (json);
    g_autofree char *markup = g_markup_printf_escaped ("<small>%s\n\n%s\n<tt>%s</tt></small>",
                                                       pr_handover_words_limits (), pr_handover_words_code (), digest);
    g_autoptr (GdkPaintable) code = create_code (digest);

    pr_paper_add (paper, markup, code, CODE);
}

GtkPrintOperation *
pr_handover_sheet_new (const PrHandover *handover, gboolean masked)
{
    PrPaper *paper = pr_paper_new (_ ("Hand-Over Report"));
    g_autofree char *head = g_markup_printf_escaped ("<span size=\"x-large\" weight=\"bold\">%s</span>\n\n%s",
                                                     _ ("Hand-Over Report"), pr_handover_words_headline (handover));

    pr_paper_add (paper, head, NULL, 0);
    add_sections (paper, handover, masked);
    add_code (paper, handover, masked);
    return pr_paper_create_operation (paper);
}
