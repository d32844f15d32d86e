// SPDX-License-Identifier: GPL-3.0-or-later
/* Cable and Port under a flood: a phone comes and goes, a hundred events a second for a minute, as the helper tells of
 * it. The helper is this program too (--helper). Measured from outside by pr-meter (how long the main loop was busy at
 * a time).
 *
 * With --slowly the phone comes and goes at a person's pace, and the program says how long it took at most from when
 * the helper told of a coming until the page showed it: "longest-ms 80". */
#include "pr-link-page.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#define FLAP_SECONDS 60
#define EVENTS_A_SECOND 100
#define SLOW_EVENTS 40
#define SLOW_PAUSE (G_USEC_PER_SEC * 3 / 10)
#define ATTACHED                                                                                                       \
    "{\"event\": \"attached\", \"port\": \"1-1\", \"bus\": 1, \"address\": 4, \"vendor\": 1452, \"product\": 4776, "   \
    "\"mode\": \"normal\", \"ecid\": \"0x001122334455667a\", \"serial\": \"00008110001122334455667A\", \"speed\": "    \
    "480, "                                                                                                            \
    "\"hub-depth\": 0, \"access\": \"good\"}"
#define DETACHED "{\"event\": \"detached\", \"port\": \"1-1\"}"

/* When the helper told of something last is written beside it: both programs have the same clock. */
static void
note_time (const char *path)
{
    g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_monotonic_time ());

    if (path)
        g_file_set_contents (path, now, -1, NULL);
}

/* @times: (nullable): the file for when it told of something */
static int
help (guint n_events, gulong pause, const char *times)
{
    puts ("{\"event\": \"ready\", \"source\": \"scan\"}\n{\"event\": \"listed\"}");
    for (guint i = 0; i < n_events; i++) {
        note_time (times);
        puts (i % 2 == 0 ? ATTACHED : DETACHED);
        fflush (stdout);
        g_usleep (pause);
    }
    while (getchar () != EOF)
        continue;
    return 0;
}

/* --- How soon the page shows what was told --- */

static struct {
    char *times; /* NULL: it is not asked for */
    gint64 longest;
    guint n_shown;
} soon;

/* The number changes when a contact that was lost has come back. */
static void
shown_cb (void)
{
    g_autofree char *text = NULL;

    if (!g_file_get_contents (soon.times, &text, NULL, NULL))
        g_error ("no time was noted");
    soon.longest = MAX (soon.longest, g_get_monotonic_time () - g_ascii_strtoll (text, NULL, 10));
    soon.n_shown++;
}

static void
end_slow_cb (gpointer data)
{
    if (soon.n_shown < SLOW_EVENTS / 2 - 2)
        g_error ("only %u of %u were shown", soon.n_shown, SLOW_EVENTS / 2 - 1);
    g_print ("longest-ms %.1f\n", (double) soon.longest / 1000);
    g_unlink (soon.times);
    g_application_quit (g_application_get_default ());
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

    PrPage *page = pr_link_page_new (NULL, watch, TRUE);

    adw_navigation_view_add (ADW_NAVIGATION_VIEW (view), ADW_NAVIGATION_PAGE (page));
    gtk_window_present (GTK_WINDOW (window));
    pr_usb_watch_start (pr_phone_list_get_usb (phones));
    if (!soon.times) {
        g_timeout_add_seconds_once (FLAP_SECONDS + 5, end_cb, watch);
        return;
    }
    g_signal_connect (gtk_widget_get_template_child (GTK_WIDGET (page), PR_TYPE_LINK_PAGE, "losses"), "notify::label",
                      G_CALLBACK (shown_cb), NULL);
    g_timeout_add_once (SLOW_EVENTS * SLOW_PAUSE / 1000 + 3000, end_slow_cb, NULL);
}

int
main (int argc, char **argv)
{
    g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
    g_autoptr (AdwApplication) application = NULL;
    g_autoptr (PrUsbWatch) usb = NULL;
    g_autoptr (PrPhoneList) phones = NULL;

    if (argc > 1 && g_str_equal (argv[1], "--helper"))
        return argc > 2 ? help (SLOW_EVENTS, SLOW_PAUSE, argv[2])
                        : help (FLAP_SECONDS * EVENTS_A_SECOND, G_USEC_PER_SEC / EVENTS_A_SECOND, NULL);
    if (argc > 1 && g_str_equal (argv[1], "--slowly"))
        soon.times = g_strdup_printf ("%s/pr-flap-%d", g_get_tmp_dir (), (int) getpid ());
    usb = pr_usb_watch_new ((const char *const[]) { self, "--helper", soon.times, NULL }, NULL);
    phones = pr_phone_list_new (usb, 0, G_MAXUINT64);
    application = adw_application_new ("org.example.PhoneReset.Flap", G_APPLICATION_NON_UNIQUE);
    g_application_set_resource_base_path (G_APPLICATION (application), "/org/example/PhoneReset");
    g_signal_connect (application, "activate", G_CALLBACK (activate_cb), phones);
    return g_application_run (G_APPLICATION (application), 1, argv);
}
