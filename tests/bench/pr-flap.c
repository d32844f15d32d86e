// SPDX-License-Identifier: GPL-3.0-or-later
/* Cable and Port under a flood: a phone comes and goes, a hundred events a second for a minute, as the helper tells of
 * it. The helper is this program too (--helper). Measured from outside by pr-meter (how long the main loop was busy at
 * a time). */
#include "pr-link-page.h"

#include <stdio.h>

#define FLAP_SECONDS 60
#define EVENTS_A_SECOND 100
#define ATTACHED                                                                                                       \
    "{\"event\": \"attached\", \"port\": \"1-1\", \"bus\": 1, \"address\": 4, \"vendor\": 1452, \"product\": 4776, "   \
    "\"mode\": \"normal\", \"ecid\": \"0x001122334455667a\", \"serial\": \"00008110001122334455667A\", \"speed\": "    \
    "480, "                                                                                                            \
    "\"hub-depth\": 0, \"access\": \"good\"}"
#define DETACHED "{\"event\": \"detached\", \"port\": \"1-1\"}"

static int
help (void)
{
    puts ("{\"event\": \"ready\", \"source\": \"scan\"}\n{\"event\": \"listed\"}");
    for (guint i = 0; i < FLAP_SECONDS * EVENTS_A_SECOND; i++) {
        puts (i % 2 == 0 ? ATTACHED : DETACHED);
        fflush (stdout);
        g_usleep (G_USEC_PER_SEC / EVENTS_A_SECOND);
    }
    while (getchar () != EOF)
        continue;
    return 0;
}

/* The window stays for as long as the flood takes, and then says how much of it arrived. */
static void
end_cb (gpointer data)
{
    PrLinkHistory *history = pr_link_watch_get_history (data);

    g_print ("%u events kept\n", pr_link_history_get_length (history));
    if (pr_link_history_count_lost (history, "1-1", 0) < 1000)
        g_error ("the flood did not arrive");
    g_application_quit (g_application_get_default ());
}

static void
activate_cb (GtkApplication *application, PrPhoneList *phones)
{
    GtkWidget *view = adw_navigation_view_new ();
    GtkWidget *window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", application, "content", view,
                                      "default-width", 760, "default-height", 820, NULL);
    PrLinkWatch *watch = pr_phone_list_get_link (phones);

    adw_navigation_view_add (ADW_NAVIGATION_VIEW (view), ADW_NAVIGATION_PAGE (pr_link_page_new (NULL, watch, TRUE)));
    gtk_window_present (GTK_WINDOW (window));
    pr_usb_watch_start (pr_phone_list_get_usb (phones));
    g_timeout_add_seconds_once (FLAP_SECONDS + 5, end_cb, watch);
}

int
main (int argc, char **argv)
{
    g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
    g_autoptr (AdwApplication) application = NULL;
    g_autoptr (PrUsbWatch) usb = NULL;
    g_autoptr (PrPhoneList) phones = NULL;

    if (argc > 1 && g_str_equal (argv[1], "--helper"))
        return help ();
    usb = pr_usb_watch_new ((const char *const[]) { self, "--helper", NULL }, NULL);
    phones = pr_phone_list_new (usb, 0, G_MAXUINT64);
    application = adw_application_new ("org.example.PhoneReset.Flap", G_APPLICATION_NON_UNIQUE);
    g_application_set_resource_base_path (G_APPLICATION (application), "/org/example/PhoneReset");
    g_signal_connect (application, "activate", G_CALLBACK (activate_cb), phones);
    return g_application_run (G_APPLICATION (application), argc, argv);
}
