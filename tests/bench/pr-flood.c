/* The real progress page under a flood: an operation that reports as fast as a thread can, for three seconds.
 *
 * Run under the meter, which tells the longest time that the main loop was busy.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <adwaita.h>

#include "pr-operation.h"
#include "pr-progress-page.h"

#define SECONDS 3

#define TYPE_FLOOD (flood_get_type ())
G_DECLARE_FINAL_TYPE (Flood, flood, PR, FLOOD, PrOperation)

struct _Flood {
    PrOperation parent_instance;
};

G_DEFINE_FINAL_TYPE (Flood, flood, PR_TYPE_OPERATION)

static const PrStep steps[] = {
    { "First", "The phone shows a bar.", "pr-shows-bar-symbolic", 1, 10 },
    { "Second", "The phone shows a bar.", "pr-shows-bar-symbolic", 1, 10 },
    { "Third", "The phone shows a bar.", "pr-shows-bar-symbolic", 1, 10 },
};

static gboolean
flood_run (PrOperation *operation, GCancellable *cancellable, GError **error)
{
    gint64 start = g_get_monotonic_time ();
    gint64 end = start + SECONDS * G_USEC_PER_SEC;

    for (gint64 now = start; now < end; now = g_get_monotonic_time ()) {
        double fraction = (double) (now - start) / (double) (end - start) * G_N_ELEMENTS (steps);
        guint step = (guint) fraction;

        pr_operation_enter_step (operation, MIN (step, G_N_ELEMENTS (steps) - 1));
        pr_operation_report (operation, fraction - step);
        pr_operation_add_detail (operation, "Progress: a line as the tool writes it, again and again");
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
state_cb (PrOperation *operation, GParamSpec *pspec, GApplication *application)
{
    if (pr_operation_is_over (operation))
        g_application_quit (application);
}

static gboolean
start_cb (gpointer operation)
{
    pr_operation_start (operation);
    return G_SOURCE_REMOVE;
}

static void
activate_cb (GApplication *application, PrOperation *operation)
{
    GtkWidget *window = adw_application_window_new (GTK_APPLICATION (application));
    GtkWidget *view = adw_navigation_view_new ();

    adw_navigation_view_push (ADW_NAVIGATION_VIEW (view), pr_progress_page_new (operation, "Flood", TRUE, NULL));
    adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), view);
    gtk_window_set_default_size (GTK_WINDOW (window), 760, 820);
    gtk_window_present (GTK_WINDOW (window));
    g_signal_connect (operation, "notify::state", G_CALLBACK (state_cb), application);
    g_timeout_add (500, start_cb, operation);
}

int
main (int argc, char **argv)
{
    g_autoptr (PrOperation) operation = g_object_new (TYPE_FLOOD, NULL);
    g_autoptr (AdwApplication) application =
        adw_application_new ("org.example.PhoneReset.Flood", G_APPLICATION_NON_UNIQUE);

    g_signal_connect (application, "activate", G_CALLBACK (activate_cb), operation);
    return g_application_run (G_APPLICATION (application), argc, argv);
}
