/* What a window has from the beginning for whoever does not know how to go on: guides, and the keys.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

/* "win.help" and, for links in guides, "help.open": the guide of this id; "win.shortcuts": what the keys do. */
void pr_help_install_actions (GtkWidgetClass *klass);
