// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-help-actions.h"

#include "pr-help-dialog.h"

static void
show_help (GtkWidget *widget, const char *action, GVariant *target)
{
    pr_help_dialog_present (widget, g_variant_get_string (target, NULL));
}

static void
show_shortcuts (GtkWidget *widget, const char *action, GVariant *target)
{
    g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource ("/org/example/PhoneReset/ui/pr-shortcuts.ui");

    adw_dialog_present (ADW_DIALOG (gtk_builder_get_object (builder, "dialog")), widget);
}

void
pr_help_install_actions (GtkWidgetClass *klass)
{
    gtk_widget_class_install_action (klass, "win.help", "s", show_help);
    gtk_widget_class_install_action (klass, "help.open", "s", show_help);
    gtk_widget_class_install_action (klass, "win.shortcuts", NULL, show_shortcuts);
}
