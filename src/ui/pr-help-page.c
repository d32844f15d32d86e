// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-help-page.h"

#include "pr-guide-print.h"
#include "pr-guide-text.h"
#include "pr-guide-view.h"
#include "pr-paper.h"

#include <glib/gi18n.h>

struct _PrHelpPage {
    AdwNavigationPage parent_instance;

    /* template */
    AdwToastOverlay *toasts;
    PrGuideView *view;
};

G_DEFINE_FINAL_TYPE (PrHelpPage, pr_help_page, ADW_TYPE_NAVIGATION_PAGE)

static void
print_cb (GtkWidget *widget, const char *name, GVariant *target)
{
    g_autoptr (GtkPrintOperation) operation =
        pr_guide_print_new (pr_guide_view_get_guide (PR_HELP_PAGE (widget)->view));

    pr_paper_print (operation, widget);
}

static void
copy_cb (GtkWidget *widget, const char *name, GVariant *target)
{
    PrHelpPage *self = PR_HELP_PAGE (widget);
    g_autofree char *text = pr_guide_to_text (pr_guide_view_get_guide (self->view));

    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
    adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("Copied")));
}

static void
pr_help_page_class_init (PrHelpPageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    g_type_ensure (PR_TYPE_GUIDE_VIEW);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-help-page.ui");
    gtk_widget_class_bind_template_child (widget_class, PrHelpPage, view);
    gtk_widget_class_bind_template_child (widget_class, PrHelpPage, toasts);
    gtk_widget_class_install_action (widget_class, "help.print", NULL, print_cb);
    gtk_widget_class_install_action (widget_class, "help.copy", NULL, copy_cb);
}

static void
pr_help_page_init (PrHelpPage *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

AdwNavigationPage *
pr_help_page_new (PrGuide *guide)
{
    g_return_val_if_fail (PR_IS_GUIDE (guide), NULL);
    PrHelpPage *self = g_object_new (PR_TYPE_HELP_PAGE, "title", pr_guide_get_title (guide), NULL);

    pr_guide_view_set_guide (self->view, guide);
    return ADW_NAVIGATION_PAGE (self);
}
