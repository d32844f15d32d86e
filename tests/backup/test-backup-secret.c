/* Passwords in a keyring, and without one. The keyring is libsecret's own file, which its tests use too.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "pr-backup-secret.h"
#include "pr-test.h"

#define UDID "00008110-001122334455667A"
#define PASSWORD "Kirschkuchen-1"

static void
test_kept (void)
{
    g_autoptr (GError) error = NULL;
    char *found = pr_backup_secret_look_up (UDID, NULL, &error);

    g_assert_no_error (error);
    g_assert_null (found);
    pr_backup_secret_store (UDID, PASSWORD, NULL, &error);
    g_assert_no_error (error);
    found = pr_backup_secret_look_up (UDID, NULL, &error);
    g_assert_cmpstr (found, ==, PASSWORD);
    pr_backup_secret_free (found);
    g_assert_null (pr_backup_secret_look_up ("00008110-001122334455667B", NULL, &error));
    g_assert_true (pr_backup_secret_store (UDID, "another", NULL, NULL));
    found = pr_backup_secret_look_up (UDID, NULL, &error);
    g_assert_cmpstr (found, ==, "another");
    pr_backup_secret_free (found);
    g_assert_true (pr_backup_secret_forget (UDID, NULL, &error));
    g_assert_true (pr_backup_secret_forget (UDID, NULL, &error));
    g_assert_null (pr_backup_secret_look_up (UDID, NULL, &error));
    g_assert_no_error (error);
}

static void
test_copies (void)
{
    char *copy = pr_backup_secret_copy (PASSWORD);

    g_assert_cmpstr (copy, ==, PASSWORD);
    pr_backup_secret_free (copy);
    g_assert_null (pr_backup_secret_copy (NULL));
    pr_backup_secret_free (NULL);
}

/* Where there is no bus: nothing is found, nothing can be kept, and nobody is warned. */
static void
test_missing (void)
{
    if (g_test_subprocess ()) {
        g_autoptr (GError) error = NULL;

        g_unsetenv ("SECRET_BACKEND");
        g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
        g_assert_null (pr_backup_secret_look_up (UDID, NULL, &error));
        g_assert_no_error (error);
        g_assert_true (pr_backup_secret_forget (UDID, NULL, &error));
        g_assert_no_error (error);
        g_assert_false (pr_backup_secret_store (UDID, PASSWORD, NULL, &error));
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
        g_assert_null (strstr (error->message, PASSWORD));
        return;
    }
    g_test_trap_subprocess (NULL, 20 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed ();
    g_test_trap_assert_stderr_unmatched ("*WARNING*");
}

int
main (int argc, char *argv[])
{
    g_autofree char *folder = NULL, *file = NULL;
    int status;

    g_test_init (&argc, &argv, NULL);
    folder = pr_test_make_folder ();
    file = g_build_filename (folder, "keyring", NULL);
    g_setenv ("SECRET_BACKEND", "file", TRUE);
    g_setenv ("SECRET_FILE_TEST_PATH", file, TRUE);
    g_setenv ("SECRET_FILE_TEST_PASSWORD", "test", TRUE);
    g_test_add_func ("/backup-secret/kept", test_kept);
    g_test_add_func ("/backup-secret/copies", test_copies);
    g_test_add_func ("/backup-secret/missing", test_missing);
    status = g_test_run ();
    pr_test_remove_folder (folder);
    return status;
}
