/* The list of backups: what is found, what is said of each, and how fast for a thousand.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <unistd.h>

#include "pr-backup-library.h"
#include "pr-backup-path.h"
#include "pr-test.h"
#include "pretender.h"

static gboolean
is_done (gpointer data)
{
    return *(gboolean *) data;
}

static void
refresh_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_assert_true (pr_backup_library_refresh_finish (PR_BACKUP_LIBRARY (source), result, NULL));
    *(gboolean *) data = TRUE;
}

static guint
refresh (PrBackupLibrary *library)
{
    gboolean done = FALSE;

    pr_backup_library_refresh (library, NULL, refresh_cb, &done);
    g_assert_true (pr_test_run_until (is_done, &done, 20));
    return g_list_model_get_n_items (G_LIST_MODEL (library));
}

static PrBackup *
get (PrBackupLibrary *library, guint i)
{
    return g_list_model_get_item (G_LIST_MODEL (library), i);
}

static void
test_found (void)
{
    g_autofree char *folder = pr_test_make_folder ();
    g_autofree char *added = pr_test_make_folder ();
    g_autofree char *sync = g_build_filename (added, "MobileSync", NULL);
    g_autofree char *backups = g_build_filename (sync, "Backup", NULL);
    g_autofree char *state = g_build_filename (backups, PRETENDER_UDID, PR_BACKUP_OURS, NULL);
    const char *const folders[] = { added, NULL };
    static const Pretender plain = { .n = 20 }, secret = { .n = 20, .password = "secret" };
    g_autoptr (PrBackupStore) store = g_object_new (PR_TYPE_BACKUP_STORE, "folder", folder, "keep-versions", 3, NULL);
    g_autoptr (PrBackupStore) other = NULL;
    g_autoptr (PrBackupLibrary) library = pr_backup_library_new (folder);
    guint counts[5] = { 0 };

    g_assert_cmpuint (refresh (library), ==, 0);
    g_assert_no_errno (g_mkdir (sync, 0700));
    other = pr_backup_store_new (backups);
    g_assert_true (pretender_back_up (&plain, store, 1, NULL, NULL, NULL));
    g_assert_true (pretender_back_up (&secret, store, 2, NULL, NULL, NULL));
    g_assert_true (pretender_back_up (&plain, other, 1, NULL, NULL, NULL));
    pr_test_remove_folder (state);
    pr_backup_library_set_added (library, folders);
    g_assert_cmpuint (refresh (library), ==, 3);
    for (guint i = 0; i < 3; i++) {
        g_autoptr (PrBackup) backup = get (library, i);

        counts[pr_backup_get_health (backup)]++;
        g_assert_cmpstr (pr_backup_get_name (backup), ==, "Anna’s iPhone");
        g_assert_cmpstr (pr_backup_get_version (backup), ==, "18.5");
        g_assert_nonnull (pr_backup_get_date (backup));
        g_assert_true (pr_backup_get_encrypted (backup) ==
                       (pr_backup_get_health (backup) == PR_BACKUP_HEALTH_UNPROVEN));
    }
    g_assert_cmpuint (counts[PR_BACKUP_HEALTH_UNPROVEN], ==, 1);
    g_assert_cmpuint (counts[PR_BACKUP_HEALTH_GOOD], ==, 1);
    g_assert_cmpuint (counts[PR_BACKUP_HEALTH_UNCHECKED], ==, 1);
    pr_test_remove_folder (folder);
    pr_test_remove_folder (added);
}

static void
copy_text (const char *from, const char *to, const char *name)
{
    g_autofree char *source = g_build_filename (from, name, NULL);
    g_autofree char *target = g_build_filename (to, name, NULL);
    g_autofree char *text = NULL;
    gsize length;

    g_assert_true (g_file_get_contents (source, &text, &length, NULL));
    g_assert_true (g_file_set_contents_full (target, text, (gssize) length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
test_thousand (void)
{
    static const char *const names[] = { "Info.plist", "Status.plist", "Manifest.plist", "Manifest.db" };
    static const Pretender plain = { .n = 20 };
    g_autofree char *folder = pr_test_make_folder ();
    g_autofree char *first = g_build_filename (folder, PRETENDER_UDID, NULL);
    g_autoptr (PrBackupStore) store = pr_backup_store_new (folder);
    g_autoptr (PrBackupLibrary) library = pr_backup_library_new (folder);
    gint64 start;
    double seconds;

    g_assert_true (pretender_back_up (&plain, store, 1, NULL, NULL, NULL));
    for (guint i = 0; i < 999; i++) {
        g_autofree char *path = g_strdup_printf ("%s/00008110-%016X", folder, i);

        g_assert_no_errno (g_mkdir (path, 0700));
        for (guint k = 0; k < G_N_ELEMENTS (names); k++)
            copy_text (first, path, names[k]);
    }
    g_assert_cmpuint (refresh (library), ==, 1000);
    start = g_get_monotonic_time ();
    g_assert_cmpuint (refresh (library), ==, 1000);
    seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
    g_test_message ("a thousand backups in %.0f ms", seconds * 1000);
    g_assert_cmpfloat (seconds, <, 3); /* 0.3 on a machine that has nothing else to do */
    pr_test_remove_folder (folder);
}

int
main (int argc, char *argv[])
{
    if (g_access ("/dev/shm", W_OK) == 0)
        g_setenv ("TMPDIR", "/dev/shm", TRUE);
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/backup-library/found", test_found);
    g_test_add_func ("/backup-library/thousand", test_thousand);
    return g_test_run ();
}
