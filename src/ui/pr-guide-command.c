// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-guide-command.h"

#include <glib/gi18n.h>

#define THANKS_SECONDS 2

struct _PrGuideCommand {
    GtkBox parent_instance;
    /* template */
    GtkLabel *systems;
    GtkLabel *command;
    GtkButton *button;

    guint thanks; /* source id while the button shows that it did its work */
};

G_DEFINE_FINAL_TYPE (PrGuideCommand, pr_guide_command, GTK_TYPE_BOX)

static void
end_thanks_cb (gpointer data)
{
    PrGuideCommand *self = data;

    self->thanks = 0;
    gtk_button_set_icon_name (self->button, "edit-copy-symbolic");
}

static void
clicked_cb (PrGuideCommand *self)
{
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), gtk_label_get_text (self->command));
    gtk_accessible_announce (GTK_ACCESSIBLE (self), _ ("Copied"), GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
    gtk_button_set_icon_name (self->button, "object-select-symbolic");
    g_clear_handle_id (&self->thanks, g_source_remove);
    self->thanks = g_timeout_add_seconds_once (THANKS_SECONDS, end_thanks_cb, self);
}

static void
pr_guide_command_dispose (GObject *object)
{
    g_clear_handle_id (&PR_GUIDE_COMMAND (object)->thanks, g_source_remove);
    G_OBJECT_CLASS (pr_guide_command_parent_class)->dispose (object);
}

static void
pr_guide_command_class_init (PrGuideCommandClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    G_OBJECT_CLASS (klass)->dispose = pr_guide_command_dispose;
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-guide-command.ui");
    gtk_widget_class_bind_template_child (widget_class, PrGuideCommand, systems);
    gtk_widget_class_bind_template_child (widget_class, PrGuideCommand, command);
    gtk_widget_class_bind_template_child (widget_class, PrGuideCommand, button);
    gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
}

static void
pr_guide_command_init (PrGuideCommand *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
pr_guide_command_new (const char *command, const char *systems)
{
    PrGuideCommand *self = g_object_new (PR_TYPE_GUIDE_COMMAND, NULL);
    /* Translators: %s is a command for a terminal */
    g_autofree char *name = g_strdup_printf (_ ("Copy “%s”"), command);

    gtk_label_set_text (self->command, command);
    gtk_label_set_text (self->systems, systems ? systems : "");
    gtk_widget_set_visible (GTK_WIDGET (self->systems), systems != NULL);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    return GTK_WIDGET (self);
}
