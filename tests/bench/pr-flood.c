// SPDX-License-Identifier: GPL-3.0-or-later
/* The Progress page under a flood: an operation that reports as fast as its thread can, for two seconds. Measured from
 * outside by pr-meter (how long the main loop was busy at a time). */
#include "pr-progress-page.h"

#include "pr-plan.h"

#define FLOOD_USEC (2 * G_USEC_PER_SEC)

#define TYPE_FLOOD (flood_get_type ())
G_DECLARE_FINAL_TYPE (Flood, flood, PR, FLOOD, PrOperation)

struct _Flood {
    PrOperation parent_instance;
};

G_DEFINE_FINAL_TYPE (Flood, flood, PR_TYPE_OPERATION)

static const PrStep steps[] = {
    { "One", "The phone lies still.", "pr-state-normal-symbolic", 1, 1 },
    { "Two", "The phone lies still.", "pr-progress-symbolic", 1, 1 },
};

static gboolean
flood_run (PrOperation *operation, GCancellable *cancellable, GError **error)
{
    gint64 began = g_get_monotonic_time ();
    gint64 past;

    while ((past = g_get_monotonic_time () - began) < FLOOD_USEC) {
        double whole = 2.0 * past / FLOOD_USEC;
        pr_operation_enter_step (operation, whole < 1 ? 0 : 1);
        pr_operation_report (operation, whole < 1 ? whole : whole - 1);
        pr_operation_add_detail (operation, "a line as the installer says hundreds of them");
    }
    return TRUE;
}

static void
flood_class_init (FloodClass *klass)
{
    PrOperationClass *operation_class = PR_OPERATION_CLASS (klass);

    operation_class->steps = steps;
    operation_class->n_steps = G_N_ELEMENTS (steps);
    operation_class->run = flood_run;
}

static void
flood_init (Flood *self)
{
}

static void
over_cb (GApplication *application, GParamSpec *pspec, PrOperation *operation)
{
    if (pr_operation_is_over (operation))
        g_application_quit (application);
}

static void
activate_cb (GtkApplication *application)
{
    g_autoptr (PrPhone) phone = g_object_new (PR_TYPE_PHONE, "mode", PR_PHONE_MODE_NORMAL, NULL);
    g_autoptr (PrOperation) operation = g_object_new (TYPE_FLOOD, "phone", phone, NULL);
    GtkWidget *view = adw_navigation_view_new ();
    GtkWidget *window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", application, "content", view,
                                      "default-width", 760, "default-height", 820, NULL);
    PrPage *page = pr_progress_page_new (NULL, operation, PR_GOAL_RESTORE, "Anna", TRUE);

    adw_navigation_view_add (ADW_NAVIGATION_VIEW (view), ADW_NAVIGATION_PAGE (page));
    g_signal_connect_object (operation, "notify::state", G_CALLBACK (over_cb), application, G_CONNECT_SWAPPED);
    gtk_window_present (GTK_WINDOW (window));
    pr_operation_start (operation);
}

int
main (int argc, char **argv)
{
    g_autoptr (AdwApplication) application =
        adw_application_new ("org.example.PhoneReset.Flood", G_APPLICATION_NON_UNIQUE);

    g_application_set_resource_base_path (G_APPLICATION (application), "/org/example/PhoneReset");
    g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);
    return g_application_run (G_APPLICATION (application), argc, argv);
}
