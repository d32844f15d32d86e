/* The engine as a program, for measuring it: pr-backup-tool COMMAND FOLDER [PASSWORD]
 *
 * Commands: full, more (incremental), put-back, verify (deep), stage (begins a run and commits it unchanged), nothing.
 * Prints one line: seconds, seconds of CPU, peak memory in MiB, files, bytes. The phone is the one of the virtual
 * phone. Other commands: digest MIB, the digest by itself; it prints seconds and bytes. library FOLDER, the list of
 * what backups there are; it prints seconds and their number.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "pr-backup-library.h"
#include "pr-backup-run.h"
#include "pr-mobile-backup.h"
#include "pr-xxh3.h"

#define UDID "00008110-001122334455667A"

static gboolean
accept (int root, PrBackupTotals *totals, gpointer data, GCancellable *cancellable, GError **error)
{
    return TRUE;
}

static gboolean
stage (PrBackupStore *store, GError **error)
{
    g_autoptr (PrBackupRun) run = pr_backup_store_begin (store, UDID, NULL, error);

    return run != NULL && pr_backup_run_commit (run, accept, NULL, NULL, error);
}

static gboolean
verify (PrBackupStore *store, const char *password, PrBackupReport *report, GError **error)
{
    g_autofd int root = pr_backup_store_open_backup (store, UDID, error);

    return root >= 0 && pr_backup_verify_deep (root, password, report, NULL, NULL, NULL, error);
}

static gboolean
run (const char *command, PrBackupStore *store, const char *password, PrBackupReport *report, GError **error)
{
    PrMobileBackupWish wish = { .password = password, .remove_others = TRUE, .no_restart = TRUE };

    if (g_str_equal (command, "nothing"))
        return TRUE;
    if (g_str_equal (command, "stage"))
        return stage (store, error);
    if (g_str_equal (command, "verify"))
        return verify (store, password, report, error);
    if (g_str_equal (command, "put-back"))
        return pr_mobile_backup_put_back (UDID, store, &wish, NULL, NULL, error);
    return pr_mobile_backup_back_up (UDID, store, g_str_equal (command, "full"), password, NULL, report, NULL, error);
}

static int
digest (guint64 mib)
{
    gsize length = 1024 * 1024;
    g_autofree guint8 *data = g_malloc (length);
    XXH3_state_t *state = XXH3_createState ();
    gint64 start = g_get_monotonic_time ();

    memset (data, 0x5a, length);
    XXH3_128bits_reset (state);
    for (guint64 i = 0; i < mib; i++)
        XXH3_128bits_update (state, data, length);
    g_print ("%.3f %" G_GUINT64_FORMAT "\n", (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC, mib * length);
    XXH3_freeState (state);
    return 0;
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer loop)
{
    pr_backup_library_refresh_finish (PR_BACKUP_LIBRARY (source), result, NULL);
    g_main_loop_quit (loop);
}

static int
list (const char *folder)
{
    g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
    g_autoptr (PrBackupLibrary) library = pr_backup_library_new (folder);
    gint64 start = g_get_monotonic_time ();

    pr_backup_library_refresh (library, NULL, listed_cb, loop);
    g_main_loop_run (loop);
    g_print ("%.3f %u\n", (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC,
             g_list_model_get_n_items (G_LIST_MODEL (library)));
    return 0;
}

/* MiB. Not ru_maxrss, which begins with what the program had that started this one. */
static guint64
read_peak (void)
{
    g_autofree char *text = NULL;
    const char *line;

    if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
        return 0;
    line = strstr (text, "VmHWM:");
    return line != NULL ? g_ascii_strtoull (line + strlen ("VmHWM:"), NULL, 10) / 1024 : 0;
}

static double
seconds_of (const struct timeval *time)
{
    return (double) time->tv_sec + (double) time->tv_usec / G_USEC_PER_SEC;
}

int
main (int argc, char *argv[])
{
    g_autoptr (PrBackupStore) store = NULL;
    g_autoptr (GError) error = NULL;
    PrBackupReport report = { 0 };
    gint64 start = g_get_monotonic_time ();
    struct rusage usage;

    if (argc < 3) {
        g_printerr ("usage: pr-backup-tool full|more|put-back|verify|stage FOLDER [PASSWORD]\n       pr-backup-tool "
                    "digest MIB\n       pr-backup-tool library FOLDER\n");
        return 2;
    }
    if (g_str_equal (argv[1], "digest"))
        return digest (g_ascii_strtoull (argv[2], NULL, 10));
    if (g_str_equal (argv[1], "library"))
        return list (argv[2]);
    store = pr_backup_store_new (argv[2]);
    if (!run (argv[1], store, argc > 3 ? argv[3] : NULL, &report, &error)) {
        g_printerr ("%s\n", error->message);
        return 1;
    }
    getrusage (RUSAGE_SELF, &usage);
    g_print ("%.3f %.3f %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n",
             (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC,
             seconds_of (&usage.ru_utime) + seconds_of (&usage.ru_stime), read_peak (), report.files, report.bytes);
    return 0;
}
