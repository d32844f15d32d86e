// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-main-menu.h"

struct _PrMainMenu {
    AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (PrMainMenu, pr_main_menu, ADW_TYPE_BIN)

static void
pr_main_menu_dispose (GObject *object)
{
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_MAIN_MENU);
    G_OBJECT_CLASS (pr_main_menu_parent_class)->dispose (object);
}

static void
pr_main_menu_class_init (PrMainMenuClass *klass)
{
    G_OBJECT_CLASS (klass)->dispose = pr_main_menu_dispose;
    gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                                 "/org/example/PhoneReset/ui/pr-main-menu.ui");
}

static void
pr_main_menu_init (PrMainMenu *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}
