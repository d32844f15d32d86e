/* A command that can be selected and copied, with whom it is for above it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#define PR_TYPE_GUIDE_COMMAND (pr_guide_command_get_type ())
G_DECLARE_FINAL_TYPE (PrGuideCommand, pr_guide_command, PR, GUIDE_COMMAND, GtkBox)

/* @systems: (nullable): whom it is for */
GtkWidget *pr_guide_command_new (const char *command, const char *systems);
