// SPDX-License-Identifier: GPL-3.0-or-later
#include "store-check.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pr-backup-path.h"
#include "pr-backup-verify.h"

#define OTHERS 4 /* Info.plist, Status.plist, Manifest.plist, Manifest.db */

static void
check_sealed (const char *folder)
{
    g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
        g_autofree char *path = g_build_filename (folder, name, NULL);
        GStatBuf status;

        g_assert_no_errno (g_lstat (path, &status));
        if (S_ISREG (status.st_mode) && (status.st_mode & 0222) != 0)
            g_error ("%s may be written to", path);
        if (S_ISDIR (status.st_mode) && !g_str_equal (name, PR_BACKUP_OURS))
            check_sealed (path);
    }
}

void
store_check_tidy (const char *folder, const char *udid)
{
    g_autofree char *versions = g_strconcat (udid, ".versions", NULL);
    g_autofree char *lock = g_strdup_printf (".%s.lock", udid);
    g_autofree char *spare = g_strdup_printf (".%s.spare", udid);
    g_autofree char *path = g_build_filename (folder, spare, NULL);
    g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name (dir)) != NULL)
        if (!g_str_equal (name, udid) && !g_str_equal (name, versions) && !g_str_equal (name, lock) &&
            !g_str_equal (name, spare))
            g_error ("%s was left", name);
    check_sealed (path);
}

guint64
store_check_deeply (const char *backup, gboolean recorded)
{
    g_autofd int root = open (backup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    g_autoptr (GError) error = NULL;
    PrBackupReport report;

    pr_backup_verify_deep (root, NULL, &report, NULL, NULL, NULL, &error);
    g_assert_no_error (error);
    if (recorded)
        g_assert_cmpuint (report.recorded, ==, report.files + OTHERS);
    return report.files;
}

guint
store_check_versions (const char *backup)
{
    g_autofree char *versions = g_strconcat (backup, ".versions", NULL);
    g_autoptr (GDir) dir = g_dir_open (versions, 0, NULL);
    const char *name;
    guint n = 0;

    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
        g_autofree char *version = g_build_filename (versions, name, NULL);

        store_check_deeply (version, FALSE);
        n++;
    }
    return n;
}
