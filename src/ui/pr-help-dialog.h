/* All guides, to be searched and read, in a dialog over the window.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#define PR_TYPE_HELP_DIALOG (pr_help_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PrHelpDialog, pr_help_dialog, PR, HELP_DIALOG, AdwDialog)

/**
 * pr_help_dialog_present:
 * @parent: a widget in the window that it covers
 * @guide_id: (nullable): the guide that it opens at; the list of all guides lies behind it. %NULL, or the id of no
 *   guide, opens the list.
 */
void pr_help_dialog_present (GtkWidget *parent, const char *guide_id);
/* For the window: "win.help" and "help.open", with the id of a guide, and "win.shortcuts". */
void pr_help_dialog_install_actions (GtkWidgetClass *widget_class);
