/* The list of all backups with a thousand of them: how soon it is there, and whether the window is ever blocked.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-backup-row.h"
#include "pr-backups-page.h"
#include "pr-test.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <time.h>

#define BACKUPS 1000
#define PHONES 40
#define RUNS 5
/* Both count only what this process itself needs, since other tests run at the same time; a wait would not show there.
 */
#define LISTED_MS 300  /* from asking for the page to the first picture with all of them */
#define BLOCKED_MS 150 /* the longest that the main loop may be away */
#define WAITED_MS 3000 /* on the clock at the wall, whatever else there is to do */
#define ONE_DAY (24 * 60 * 60)
#define SOME_TIME 1760000000

typedef struct {
    PrPlan *plan;
    PrPhoneList *phones;
    PrBackupLibrary *library;
    GtkWidget *window;
    AdwNavigationView *view;
    char *folder;
} Stage;

static int
get_patience (void)
{
    const char *text = g_getenv ("PR_PATIENCE");

    return text ? MAX (atoi (text), 1) : 1;
}

static void put (const char *folder, const char *name, const char *format, ...) G_GNUC_PRINTF (3, 4);

static void
put (const char *folder, const char *name, const char *format, ...)
{
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autofree char *text = NULL;
    va_list arguments;

    va_start (arguments, format);
    text = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

#define PLIST "<?xml version=\"1.0\" encoding=\"UTF-8\"?><plist version=\"1.0\"><dict>%s</dict></plist>\n"

static void
make_backup (const char *parent, guint number)
{
    g_autofree char *udid = g_strdup_printf ("00008110-%016X", 0x1000 + number % PHONES);
    g_autofree char *folder = g_strdup_printf ("%s/disk-%02u/%s", parent, number / PHONES, udid);
    g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (SOME_TIME - (gint64) number * ONE_DAY);
    g_autofree char *written = g_date_time_format (date, "%Y-%m-%dT%H:%M:%SZ");
    g_autofree char *info =
        g_strdup_printf ("<key>Device Name</key><string>Phone %u</string><key>Product Type</key><string>iPhone14,7"
                         "</string><key>Product Version</key><string>17.%u</string><key>Last Backup Date</key><date>%s"
                         "</date>",
                         number % PHONES, number % 7, written);

    g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
    put (folder, "Info.plist", PLIST, info);
    put (folder, "Manifest.plist", PLIST, number % 2 ? "<key>IsEncrypted</key><true/>" : "");
    put (folder, "Status.plist", PLIST,
         "<key>SnapshotState</key><string>finished</string><key>UUID</key><string>A</string>");
    put (folder, "Manifest.db", "SQLite format 3");
}

/* As on disks of an archive: many folders that were added, each with one backup a phone. */
static GStrv
list_folders (Stage *stage)
{
    g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

    for (guint i = 0; i < BACKUPS / PHONES; i++)
        g_strv_builder_take (builder, g_strdup_printf ("%s/disk-%02u", stage->folder, i));
    return g_strv_builder_end (builder);
}

static void
set_up (Stage *stage)
{
    stage->folder = pr_test_make_folder ();
    stage->phones = pr_phone_list_new (NULL, 0, G_MAXUINT64);
    stage->window = g_object_new (ADW_TYPE_WINDOW, "default-width", 760, "default-height", 820, NULL);
    for (guint i = 0; i < BACKUPS; i++)
        make_backup (stage->folder, i);
    gtk_window_present (GTK_WINDOW (stage->window));
}

static void
tear_down (Stage *stage)
{
    gtk_window_destroy (GTK_WINDOW (stage->window));
    g_clear_object (&stage->plan);
    g_clear_object (&stage->library);
    g_object_unref (stage->phones);
    pr_test_remove_folder (stage->folder);
    g_free (stage->folder);
}

static guint
count_rows (GtkWidget *widget)
{
    guint n_rows = PR_IS_BACKUP_ROW (widget) && gtk_widget_get_mapped (widget);

    for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
        n_rows += count_rows (child);
    return n_rows;
}

static gboolean
is_listed (gpointer data)
{
    Stage *stage = data;
    GtkWidget *page = GTK_WIDGET (adw_navigation_view_get_visible_page (stage->view));

    return page && g_list_model_get_n_items (G_LIST_MODEL (stage->library)) == BACKUPS && count_rows (page) > 5;
}

static double
count_ms (clockid_t clock)
{
    struct timespec now;

    g_assert_cmpint (clock_gettime (clock, &now), ==, 0);
    return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

typedef struct {
    double last;
    double longest; /* milliseconds of the main thread between two turns of its loop */
    gint64 seen;
    gint64 unseen; /* the longest on the clock at the wall, microseconds */
    guint turns;
    guint source;
} Pulse;

static gboolean
pulse_cb (gpointer data)
{
    Pulse *pulse = data;
    double now = count_ms (CLOCK_THREAD_CPUTIME_ID);
    gint64 time = g_get_monotonic_time ();

    pulse->longest = MAX (pulse->longest, now - pulse->last);
    pulse->unseen = MAX (pulse->unseen, time - pulse->seen);
    pulse->last = now;
    pulse->seen = time;
    pulse->turns++;
    return G_SOURCE_CONTINUE;
}

/* It comes to its turn in every turn of the main loop, whatever else there is to do. */
static void
feel_pulse (Pulse *pulse)
{
    *pulse = (Pulse) { .last = count_ms (CLOCK_THREAD_CPUTIME_ID), .seen = g_get_monotonic_time () };
    pulse->source = g_timeout_add_full (G_PRIORITY_HIGH, 1, pulse_cb, pulse, NULL);
}

/* Milliseconds for which the main loop was away at most. */
static double
let_go (Pulse *pulse)
{
    g_source_remove (pulse->source);
    pulse_cb (pulse);
    g_assert_cmpuint (pulse->turns, >, 1);
    g_test_message ("the main loop was away for %.0f ms, of which it worked %.0f", pulse->unseen / 1e3, pulse->longest);
    g_assert_cmpint (pulse->unseen, <, WAITED_MS * 1000 * get_patience ());
    return pulse->longest;
}

/* Everything that the program does from its start to the list, but for starting. Returns milliseconds. */
static double
open_page (Stage *stage)
{
    g_auto (GStrv) folders = list_folders (stage);
    double began = count_ms (CLOCK_PROCESS_CPUTIME_ID);
    gint64 time = g_get_monotonic_time ();
    AdwNavigationPage *page;

    g_clear_object (&stage->plan);
    g_clear_object (&stage->library);
    stage->library = pr_backup_library_new (stage->folder);
    pr_backup_library_set_added (stage->library, (const char *const *) folders);
    stage->plan = pr_plan_new (stage->phones, stage->library, NULL, NULL, NULL);
    page = ADW_NAVIGATION_PAGE (pr_backups_page_new (stage->plan, FALSE));
    stage->view = ADW_NAVIGATION_VIEW (adw_navigation_view_new ());
    adw_navigation_view_add (stage->view, page);
    adw_window_set_content (ADW_WINDOW (stage->window), GTK_WIDGET (stage->view));
    g_assert_true (pr_test_run_until (is_listed, stage, 20));
    g_test_message ("listed after %.0f ms", (g_get_monotonic_time () - time) / 1e3);
    return count_ms (CLOCK_PROCESS_CPUTIME_ID) - began;
}

/* The best of some runs: what else this computer does is not ours. */
static void
test_thousand (void)
{
    Stage stage = { 0 };
    double took = G_MAXDOUBLE, away = G_MAXDOUBLE;

    set_up (&stage);
    open_page (&stage); /* a warm start: disk, fonts and styles are there */
    for (guint i = 0; i < RUNS; i++) {
        Pulse pulse;
        double took_now, away_now;

        feel_pulse (&pulse);
        took_now = open_page (&stage);
        away_now = let_go (&pulse);
        took = MIN (took, took_now);
        away = MIN (away, away_now);
    }
    g_test_message ("%d backups are listed with %.0f ms of work; the main loop was away for %.0f ms at most", BACKUPS,
                    took, away);
    g_assert_cmpfloat (took, <, LISTED_MS * get_patience ());
    g_assert_cmpfloat (away, <, BLOCKED_MS * get_patience ());
    tear_down (&stage);
}

static gboolean
is_true (gpointer data)
{
    return *(gboolean *) data;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_assert_true (pr_backup_library_refresh_finish (PR_BACKUP_LIBRARY (source), result, NULL));
    *(gboolean *) data = TRUE;
}

/* Reading everything anew, with the page open: it stays as responsive, and the same number is there. */
static void
test_read_again (void)
{
    Stage stage = { 0 };
    double away = G_MAXDOUBLE;

    set_up (&stage);
    open_page (&stage);
    for (guint i = 0; i < RUNS; i++) {
        Pulse pulse;
        gboolean done = FALSE;
        double away_now;

        feel_pulse (&pulse);
        pr_backup_library_refresh (stage.library, NULL, read_cb, &done);
        g_assert_true (pr_test_run_until (is_true, &done, 20));
        away_now = let_go (&pulse);
        away = MIN (away, away_now);
    }
    g_test_message ("read anew; the main loop was away for %.0f ms at most", away);
    g_assert_true (is_listed (&stage));
    g_assert_cmpfloat (away, <, BLOCKED_MS * get_patience ());
    tear_down (&stage);
}

int
main (int argc, char *argv[])
{
    g_setenv ("USBMUXD_SOCKET_ADDRESS", "UNIX:/nonexistent/usbmuxd", TRUE); /* no phone of this computer is meant */
    g_test_init (&argc, &argv, NULL);
    adw_init ();
    g_test_add_func ("/backups/thousand", test_thousand);
    g_test_add_func ("/backups/read-again", test_read_again);
    return g_test_run ();
}
