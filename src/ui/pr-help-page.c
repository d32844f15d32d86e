// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-help-page.h"

#include "pr-guide-view.h"

struct _PrHelpPage {
    AdwNavigationPage parent_instance;
    PrGuideView *view; /* template */
};

G_DEFINE_FINAL_TYPE (PrHelpPage, pr_help_page, ADW_TYPE_NAVIGATION_PAGE)

static void
pr_help_page_class_init (PrHelpPageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    g_type_ensure (PR_TYPE_GUIDE_VIEW);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-help-page.ui");
    gtk_widget_class_bind_template_child (widget_class, PrHelpPage, view);
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
