/* Words and pictures on paper, in black, from the top of a page to its end and on the next.
 *
 * Main thread, with a display.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

typedef struct _PrPaper PrPaper;

/* @title: of the job */
PrPaper *pr_paper_new (const char *title);
void pr_paper_free (PrPaper *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrPaper, pr_paper_free)

/**
 * pr_paper_add:
 * @markup: Pango's; stays in one piece
 * @picture: (nullable): at the end of its lines; a symbolic one is black
 * @size: of the picture, in points
 */
void pr_paper_add (PrPaper *self, const char *markup, GdkPaintable *picture, double size);

/**
 * pr_paper_print:
 * @operation: what is to be printed
 * @parent: in the window that asks how
 *
 * Returns at once. A failure is told in a dialog above @parent.
 */
void pr_paper_print (GtkPrintOperation *operation, GtkWidget *parent);

/* (transfer full): to be run with gtk_print_operation_run(). Takes @self. */
GtkPrintOperation *pr_paper_create_operation (PrPaper *self);
