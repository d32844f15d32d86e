/* Verification, quick and deep, of backups that are whole or damaged; key bags and passwords.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pr-backup-verify.h"
#include "pr-error.h"
#include "pr-keybag.h"
#include "pr-test.h"
#include "pretender.h"

#define PASSWORD "correct horse"

static const Pretender plain = { .n = 300 };
static const Pretender secret = { .n = 300, .password = PASSWORD };

static char *
make_backup (const Pretender *pretender)
{
    g_autofree char *folder = pr_test_make_folder ();
    g_autoptr (PrBackupStore) store = pr_backup_store_new (folder);

    g_assert_true (pretender_back_up (pretender, store, 1, NULL, NULL, NULL));
    g_assert_true (pretender_back_up (pretender, store, 2, NULL, NULL, NULL));
    return g_steal_pointer (&folder);
}

static int
open_backup (const char *folder)
{
    g_autofree char *path = g_build_filename (folder, PRETENDER_UDID, NULL);

    return open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void
test_whole (gconstpointer data)
{
    const Pretender *pretender = data;
    g_autofree char *folder = make_backup (pretender);
    g_autofd int root = open_backup (folder);
    g_autoptr (GError) error = NULL;
    PrBackupReport report;

    pr_backup_verify_quick (root, pretender->password, &report, NULL, &error);
    g_assert_no_error (error);
    g_assert_true (report.proven);
    g_assert_cmpuint (report.files, >, 250);
    pr_backup_verify_deep (root, pretender->password, &report, NULL, NULL, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (report.recorded, ==, report.files + 4);
    g_assert_true (report.encrypted == (pretender->password != NULL));
    pr_test_remove_folder (folder);
}

/* The first file in a folder of two digits from @from on, that has content. */
static char *
find_file (int root, guint from)
{
    for (guint i = from; i < 256; i++) {
        g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d/%02x", root, i);
        g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
        const char *name = dir != NULL ? g_dir_read_name (dir) : NULL;
        g_autofree char *file = name != NULL ? g_build_filename (path, name, NULL) : NULL;
        GStatBuf status;

        if (file != NULL && g_stat (file, &status) == 0 && status.st_size > 100)
            return g_steal_pointer (&file);
    }
    g_assert_not_reached ();
}

typedef enum { REMOVE, CUT, FLIP, FLIP_DATABASE, CUT_DATABASE, NO_STATUS, FLIP_DIGESTS, LAST_BLOCK } Damage;

static void
flip (const char *path, off_t at)
{
    g_autofd int fd = -1;
    guint8 byte;

    g_assert_no_errno (g_chmod (path, 0600));
    fd = open (path, O_RDWR);
    at = at < 0 ? lseek (fd, 0, SEEK_END) + at : at;
    g_assert_cmpint (pread (fd, &byte, 1, at), ==, 1);
    byte ^= 0x40;
    g_assert_cmpint (pwrite (fd, &byte, 1, at), ==, 1);
}

static void
cut (const char *path)
{
    GStatBuf status;

    g_assert_no_errno (g_chmod (path, 0600));
    g_assert_no_errno (g_stat (path, &status));
    g_assert_no_errno (truncate (path, status.st_size - 16));
}

static void
damage (int root, Damage what)
{
    g_autofree char *folder = g_strdup_printf ("/proc/self/fd/%d", root);
    g_autofree char *file = find_file (root, 0);
    g_autofree char *database = g_build_filename (folder, "Manifest.db", NULL);
    g_autofree char *status = g_build_filename (folder, "Status.plist", NULL);
    g_autofree char *digests = g_build_filename (folder, ".phone-reset", "digests", NULL);

    switch (what) {
    case REMOVE:
        g_assert_no_errno (g_unlink (file));
        break;
    case CUT:
        cut (file);
        break;
    case FLIP:
        flip (file, 30);
        break;
    case FLIP_DATABASE:
        flip (database, 40);
        break;
    case CUT_DATABASE:
        cut (database);
        break;
    case NO_STATUS:
        g_assert_no_errno (g_unlink (status));
        break;
    case FLIP_DIGESTS:
        flip (digests, -5);
        break;
    case LAST_BLOCK: /* no record of ours, as in others' backups: only the padding tells */
        g_assert_no_errno (g_unlink (digests));
        flip (file, -1);
        break;
    }
}

static void
test_damages (void)
{
    static const struct {
        const char *name;
        Damage damage;
        const Pretender *pretender;
        gboolean quick; /* does the quick one find it? */
    } cases[] = {
        { "a file removed", REMOVE, &plain, TRUE },
        { "a file cut", CUT, &plain, TRUE },
        { "a byte changed", FLIP, &plain, FALSE },
        { "the database changed", FLIP_DATABASE, &plain, FALSE },
        { "the status removed", NO_STATUS, &plain, TRUE },
        { "the digests changed", FLIP_DIGESTS, &plain, FALSE },
        { "encrypted, a file removed", REMOVE, &secret, TRUE },
        { "encrypted, a file cut", CUT, &secret, TRUE },
        { "encrypted, a byte changed", FLIP, &secret, FALSE },
        { "encrypted, the database cut", CUT_DATABASE, &secret, FALSE },
        { "encrypted, a last block changed", LAST_BLOCK, &secret, FALSE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *folder = make_backup (cases[i].pretender);
        g_autofd int root = open_backup (folder);
        g_autoptr (GError) error = NULL;
        PrBackupReport report;

        g_test_message ("%s", cases[i].name);
        damage (root, cases[i].damage);
        if (cases[i].quick)
            g_assert_false (pr_backup_verify_quick (root, cases[i].pretender->password, &report, NULL, NULL));
        g_assert_false (pr_backup_verify_deep (root, cases[i].pretender->password, &report, NULL, NULL, NULL, &error));
        g_assert_error (error, PR_ERROR, PR_ERROR_BACKUP_DAMAGED);
        pr_test_remove_folder (folder);
    }
}

/* Rows are read in two threads: what is missing in either half counts, and the first of it is named. */
static void
test_halves (void)
{
    g_autofree char *folder = make_backup (&plain);
    g_autofd int root = open_backup (folder);
    g_autofree char *early = find_file (root, 0), *late = find_file (root, 0x80);
    g_autofree char *name = g_path_get_basename (early);
    g_autoptr (GError) error = NULL;
    PrBackupReport whole, report;

    g_assert_true (pr_backup_verify_quick (root, NULL, &whole, NULL, NULL));
    g_assert_no_errno (g_unlink (late));
    g_assert_false (pr_backup_verify_quick (root, NULL, &report, NULL, NULL));
    g_assert_cmpuint (report.faults, ==, 1);
    g_assert_no_errno (g_unlink (early));
    g_assert_false (pr_backup_verify_quick (root, NULL, &report, NULL, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_BACKUP_DAMAGED);
    g_assert_nonnull (strstr (error->message, name));
    g_assert_cmpuint (report.faults, ==, 2);
    g_assert_cmpuint (report.files, ==, whole.files - 2);
    pr_test_remove_folder (folder);
}

/* An id that is none is in one of the halves, whatever it is. */
static void
test_strange_ids (void)
{
    static const char *const ids[] = { "null", "''", "7", "'zz'", "x'00ff'", "'7fff'", "'../../etc'" };

    for (gsize i = 0; i < G_N_ELEMENTS (ids); i++) {
        g_autofree char *folder = make_backup (&plain);
        g_autofree char *path = g_build_filename (folder, PRETENDER_UDID, "Manifest.db", NULL);
        g_autofree char *query = g_strdup_printf ("insert into Files (fileID, flags) values (%s, 1)", ids[i]);
        g_autofd int root = open_backup (folder);
        g_autoptr (GError) error = NULL;
        PrBackupReport report;
        sqlite3 *db = NULL;

        g_assert_no_errno (g_chmod (path, 0600));
        g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
        g_assert_cmpint (sqlite3_exec (db, query, NULL, NULL, NULL), ==, SQLITE_OK);
        sqlite3_close (db);
        g_assert_false (pr_backup_verify_quick (root, NULL, &report, NULL, &error));
        g_assert_error (error, PR_ERROR, PR_ERROR_BACKUP_DAMAGED);
        pr_test_remove_folder (folder);
    }
}

static void
test_password (void)
{
    g_autofree char *folder = make_backup (&secret);
    g_autofd int root = open_backup (folder);
    g_autoptr (GError) error = NULL;
    PrBackupReport report;

    g_assert_false (pr_backup_verify_quick (root, "wrong", &report, NULL, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_WRONG_BACKUP_PASSWORD);
    g_assert_true (pr_backup_verify_quick (root, NULL, &report, NULL, NULL));
    g_assert_true (report.encrypted);
    g_assert_false (report.proven);
    pr_test_remove_folder (folder);
}

/* Whatever its bytes are, a key bag is read or refused. */
static void
test_keybags (void)
{
    static const char header[] = "SALT\0\0\0\4abcdITER\0\0\0\4\0\0\0\1";
    static const struct {
        const char *text;
        gsize length;
    } cases[] = {
        { "", 0 },
        { "SALT", 4 },
        { "SALT\377\377\377\377abcd", 12 },
        { header, sizeof header - 1 },
        { "UUID\0\0\0\0UUID\0\0\0\0ITER\377\377\377\377", 28 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GError) error = NULL;

        g_assert_null (pr_keybag_new ((const guint8 *) cases[i].text, cases[i].length, &error));
        g_assert_error (error, PR_ERROR, PR_ERROR_BACKUP_DAMAGED);
    }
    for (guint i = 0; i < 10000; i++) {
        guint8 noise[64];

        for (gsize k = 0; k < sizeof noise; k++)
            noise[k] = (guint8) g_test_rand_int_range (0, 256);
        memcpy (noise, "UUID\0\0\0", 7);
        g_assert_null (pr_keybag_new (noise, sizeof noise, NULL));
    }
}

/* What stays the same in the number of files: a run that changes nothing keeps its digests. */
static void
test_unchanged (void)
{
    g_autofree char *folder = make_backup (&plain);
    g_autoptr (PrBackupStore) store = pr_backup_store_new (folder);
    g_autofd int root = -1;
    g_autoptr (GError) error = NULL;
    PrBackupReport report;

    g_assert_true (pretender_back_up (&plain, store, 2, NULL, NULL, NULL));
    root = open_backup (folder);
    pr_backup_verify_deep (root, NULL, &report, NULL, NULL, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (report.recorded, ==, report.files + 4);
    pr_test_remove_folder (folder);
}

int
main (int argc, char *argv[])
{
    g_autofree char *cache = NULL;
    int status;

    g_test_init (&argc, &argv, NULL);
    if (g_access ("/dev/shm", W_OK) == 0)
        g_setenv ("TMPDIR", "/dev/shm", TRUE);
    cache = pr_test_make_folder ();
    g_setenv ("XDG_CACHE_HOME", cache, TRUE);
    g_test_add_func ("/keybag/bytes", test_keybags);
    g_test_add_data_func ("/backup-verify/plain", &plain, test_whole);
    g_test_add_data_func ("/backup-verify/encrypted", &secret, test_whole);
    g_test_add_func ("/backup-verify/unchanged", test_unchanged);
    g_test_add_func ("/backup-verify/password", test_password);
    g_test_add_func ("/backup-verify/damages", test_damages);
    g_test_add_func ("/backup-verify/halves", test_halves);
    g_test_add_func ("/backup-verify/strange-ids", test_strange_ids);
    status = g_test_run ();
    pr_test_remove_folder (cache);
    return status;
}
