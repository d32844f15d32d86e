/* A guide on paper, for whom the phone at hand is the only screen.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "pr-guide.h"

/**
 * pr_guide_print_new:
 *
 * What is printed is the whole guide: its drawing, its words, its commands and its pictures, in black. Main thread,
 * with a display.
 *
 * Returns: (transfer full): to be run with gtk_print_operation_run()
 */
GtkPrintOperation *pr_guide_print_new (PrGuide *guide);
