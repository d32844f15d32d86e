/* The store of backups: runs, versions, locks, names, links in the way.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pr-backup-enums.h"
#include "pr-backup-path.h"
#include "pr-error.h"
#include "pr-test.h"
#include "pretender.h"
#include "tree-print.h"

static const Pretender pretender = { .n = 200 };

static PrBackupStore *
open_store (const char *folder, PrBackupMode mode, guint versions)
{
    return g_object_new (PR_TYPE_BACKUP_STORE, "folder", folder, "mode", mode, "keep-versions", versions, NULL);
}

static void
test_names (void)
{
    static const struct {
        const char *name, *path; /* NULL: refused */
    } cases[] = {
        { "UDID", "" },
        { "UDID/", "" },
        { "UDID/Manifest.db", "Manifest.db" },
        { "UDID/Manifest.db-wal", "Manifest.db-wal" },
        { "UDID/Snapshot/00/00aa", "Snapshot/00/00aa" },
        { "UDID/ab/abcdef.mddata", "ab/abcdef.mddata" },
        { "", NULL },
        { "/etc/passwd", NULL },
        { "UDIDx/a", NULL },
        { "OTHER/a", NULL },
        { "UDID/../a", NULL },
        { "UDID/a/../../b", NULL },
        { "UDID//a", NULL },
        { "UDID/./a", NULL },
        { "UDID/.phone-reset/state", NULL },
        { "UDID/manifest.db", NULL },
        { "UDID/MANIFEST.DB", NULL },
        { "UDID/snapshot/a", NULL },
        { "UDID/AB/ab", NULL },
        { "UDID/a b", NULL },
        { "UDID/a\\b", NULL },
        { "UDID/a:b", NULL },
        { "UDID/a\nb", NULL },
        { "UDID/\xc3\xa4", NULL },
        { "UDID/a.", NULL },
        { "UDID/a/b/c/d/e/f/g/h/i", NULL },
        { "UDID/.", NULL },
        { "UDID/..", NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GError) error = NULL;
        g_autofree char *path = pr_backup_path_check (cases[i].name, strlen (cases[i].name), "UDID", &error);

        g_test_message ("%s", cases[i].name);
        g_assert_cmpstr (path, ==, cases[i].path);
        if (path == NULL)
            g_assert_error (error, PR_ERROR, PR_ERROR_UNSAFE_DATA);
    }
    g_assert_null (pr_backup_path_check ("UDID/a\0b", 8, "UDID", NULL));
}

/* Any two names that are taken are two files on every file system: none differ in case alone. */
static void
test_case (void)
{
    static const char *const parts[] = { "a",        "A",       "f0", "F0",        "Snapshot",  "snapshot",
                                         "SNAPSHOT", "/",       "/",  "Manifest.", "manifest.", "db",
                                         "DB",       "Status.", ".",  "Info.",     "plist",     "Plist",
                                         "-",        "_",       "S",  "ss",        "\xc5\xbf",  "\xe2\x84\xaa",
                                         "\xc3\x9f", "i",       "I" };
    g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    guint n = 0;

    for (guint i = 0; i < 200000; i++) {
        g_autoptr (GString) name = g_string_new ("UDID/");
        g_autofree char *path = NULL;
        char *folded;
        const char *other;

        for (int k = g_test_rand_int_range (1, 6); k > 0; k--)
            g_string_append (name, parts[g_test_rand_int_range (0, G_N_ELEMENTS (parts))]);
        path = pr_backup_path_check (name->str, name->len, "UDID", NULL);
        if (path == NULL)
            continue;
        folded = g_utf8_casefold (path, -1);
        other = g_hash_table_lookup (taken, folded);
        if (other != NULL && !g_str_equal (other, path))
            g_error ("%s and %s are both taken", other, path);
        n += other == NULL;
        g_hash_table_insert (taken, folded, g_steal_pointer (&path));
    }
    g_assert_cmpuint (n, >, 1000);
}

static guint
count_entries (const char *folder, const char *suffix)
{
    g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
    const char *name;
    guint n = 0;

    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        n += g_str_has_suffix (name, suffix);
    return n;
}

static void
test_rounds (gconstpointer mode)
{
    g_autofree char *folder = pr_test_make_folder ();
    g_autoptr (PrBackupStore) store = open_store (folder, (PrBackupMode) GPOINTER_TO_INT (mode), 0);
    g_autoptr (GError) error = NULL;

    for (guint round = 1; round <= 4; round++) {
        pretender_back_up (&pretender, store, round, NULL, NULL, &error);
        g_assert_no_error (error);
        g_assert_cmpuint (pretender_check_folder (&pretender, folder), ==, round);
    }
    /* only links are worth keeping for the next run */
    g_assert_cmpuint (count_entries (folder, ".spare"), ==, GPOINTER_TO_INT (mode) == PR_BACKUP_MODE_LINK);
    pr_test_remove_folder (folder);
}

static void
test_versions (void)
{
    g_autofree char *folder = pr_test_make_folder ();
    g_autofree char *versions = g_build_filename (folder, PRETENDER_UDID ".versions", NULL);
    g_autoptr (PrBackupStore) store = open_store (folder, PR_BACKUP_MODE_AUTO, 2);
    g_autoptr (GError) error = NULL;

    for (guint round = 1; round <= 5; round++) {
        pretender_back_up (&pretender, store, round, NULL, NULL, &error);
        g_assert_no_error (error);
        g_assert_cmpuint (count_entries (versions, ""), ==, MIN (round - 1, 2));
    }
    for (guint round = 3; round <= 4; round++) {
        g_autofree char *path = g_strdup_printf ("%s/%08u", versions, round);
        g_autofd int root = open (path, O_RDONLY | O_DIRECTORY);

        g_assert_cmpuint (pretender_check (&pretender, root), ==, round);
    }
    g_assert_cmpuint (count_entries (folder, ".partial"), ==, 0);
    pr_test_remove_folder (folder);
}

static gboolean
refuse (int root, PrBackupTotals *totals, gpointer data, GCancellable *cancellable, GError **error)
{
    g_set_error_literal (error, PR_ERROR, PR_ERROR_BACKUP_DAMAGED, "no");
    return FALSE;
}

/* Whatever another program left open, a backup of ours is nobody else's to read; and what nothing uses is not kept. */
static void
test_spare_modes (void)
{
    g_autofree char *folder = pr_test_make_folder ();
    g_autofree char *backup = g_build_filename (folder, PRETENDER_UDID, NULL);
    g_autofree char *ours = g_build_filename (backup, PR_BACKUP_OURS, NULL);
    g_autoptr (PrBackupStore) store = open_store (folder, PR_BACKUP_MODE_LINK, 0);
    g_autoptr (PrBackupStore) journal = open_store (folder, PR_BACKUP_MODE_JOURNAL, 0);
    GStatBuf status;

    g_assert_true (pretender_back_up (&pretender, store, 1, NULL, NULL, NULL));
    pr_test_remove_folder (ours);
    g_assert_no_errno (g_chmod (backup, 0755));
    for (guint round = 2; round <= 3; round++)
        g_assert_true (pretender_back_up (&pretender, store, round, NULL, NULL, NULL));
    g_assert_no_errno (g_stat (backup, &status));
    g_assert_cmpuint (status.st_mode & 0777, ==, 0700);
    g_assert_cmpuint (count_entries (folder, ".spare"), ==, 1);
    g_assert_true (pretender_back_up (&pretender, journal, 4, NULL, NULL, NULL));
    g_assert_cmpuint (count_entries (folder, ".spare"), ==, 0);
    g_assert_cmpuint (pretender_check_folder (&pretender, folder), ==, 4);
    pr_test_remove_folder (folder);
}

/* Nobody is to trust what is left for the next run. */
static void
test_spare (void)
{
    g_autofree char *folder = pr_test_make_folder ();
    g_autofree char *spare = g_build_filename (folder, "." PRETENDER_UDID ".spare", NULL);
    g_autofree char *backup = g_build_filename (folder, PRETENDER_UDID, NULL);
    g_autoptr (PrBackupStore) store = open_store (folder, PR_BACKUP_MODE_LINK, 0);
    static const char *const strange[] = { "ab", "Info.plist", "Manifest.db", "more" };
    g_autoptr (GError) error = NULL;
    g_autofd int fd = -1;

    for (guint round = 1; round <= 2; round++)
        g_assert_true (pretender_back_up (&pretender, store, round, NULL, NULL, NULL));
    g_assert_false (pr_backup_path_is_udid ("." PRETENDER_UDID ".spare"));
    fd = open (spare, O_RDONLY | O_DIRECTORY);
    g_assert_cmpint (fd, >=, 0);
    for (gsize i = 0; i < G_N_ELEMENTS (strange); i++) {
        g_autofree char *path = g_build_filename (spare, strange[i], NULL);

        pr_test_remove_folder (path);
        unlinkat (fd, strange[i], 0);
        if (i / 2 == 0)
            g_assert_no_errno (symlinkat ("/etc", fd, strange[i]));
        else
            g_assert_no_errno (mkdirat (fd, strange[i], 0700));
    }
    g_assert_true (pretender_back_up (&pretender, store, 3, NULL, NULL, &error));
    g_assert_cmpuint (pretender_check_folder (&pretender, folder), ==, 3);
    /* it goes with its backup */
    pr_test_remove_folder (backup);
    g_assert_true (pr_backup_store_recover (store, NULL, &error));
    g_assert_cmpuint (count_entries (folder, ".spare"), ==, 0);
    pr_test_remove_folder (folder);
}

/* What does not verify does not become the backup. */
static void
test_refused (gconstpointer mode)
{
    g_autofree char *folder = pr_test_make_folder ();
    g_autoptr (PrBackupStore) store = open_store (folder, (PrBackupMode) GPOINTER_TO_INT (mode), 0);
    g_autoptr (GError) error = NULL;

    g_assert_true (pretender_back_up (&pretender, store, 1, NULL, NULL, NULL));
    g_assert_false (pretender_back_up (&pretender, store, 2, refuse, NULL, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_BACKUP_DAMAGED);
    g_assert_cmpuint (pretender_check_folder (&pretender, folder), ==, 1);
    g_assert_cmpuint (count_entries (folder, ".partial") + count_entries (folder, ".undo"), ==, 0);
    pr_test_remove_folder (folder);
}

/* --- A phone that does to folders what none was seen to do --- */

typedef struct {
    char *folder, *first, *second; /* a folder of the backup, and two of its files */
} Place;

/* The @n-th folder with two files or more. */
static void
find_place (const char *backup, guint n, Place *place)
{
    for (guint i = 0; i < 256; i++) {
        g_autofree char *folder = g_strdup_printf ("%02x", i);
        g_autofree char *path = g_build_filename (backup, folder, NULL);
        g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
        const char *first = dir != NULL ? g_dir_read_name (dir) : NULL;
        g_autofree char *one = first != NULL ? g_build_filename (folder, first, NULL) : NULL;
        const char *second = one != NULL ? g_dir_read_name (dir) : NULL;

        if (second == NULL || n-- > 0)
            continue;
        place->folder = g_steal_pointer (&folder);
        place->first = g_steal_pointer (&one);
        place->second = g_build_filename (place->folder, second, NULL);
        return;
    }
    g_error ("there is no such folder");
}

static void
clear_place (Place *place)
{
    g_free (place->folder);
    g_free (place->first);
    g_free (place->second);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, clear_place)

static void
put (PrBackupRun *run, const char *folder, const char *name)
{
    g_autofree char *path = name != NULL ? g_build_filename (folder, name, NULL) : g_strdup (folder);
    g_autoptr (GBytes) text = g_bytes_new_static ("new", 3);

    g_assert_true (pr_backup_run_write (run, path, text, NULL));
}

static void
remove_rest (PrBackupRun *run, const Place *place)
{
    g_assert_true (pr_backup_run_remove (run, place->first, NULL));
    put (run, place->folder, "fresh");
    g_assert_true (pr_backup_run_remove (run, place->folder, NULL));
}

static void
move_rest (PrBackupRun *run, const Place *place)
{
    g_assert_true (pr_backup_run_remove (run, place->first, NULL));
    g_assert_true (pr_backup_run_move (run, place->folder, "elsewhere", NULL));
    put (run, "elsewhere", "more");
}

static void
file_for_folder (PrBackupRun *run, const Place *place)
{
    g_assert_true (pr_backup_run_remove (run, place->folder, NULL));
    put (run, place->folder, NULL);
}

static void
folder_for_file (PrBackupRun *run, const Place *place)
{
    g_assert_true (pr_backup_run_remove (run, place->first, NULL));
    g_assert_true (pr_backup_run_mkdir (run, place->first, NULL, NULL));
    put (run, place->first, "deep");
}

static void
copy_whole (PrBackupRun *run, const Place *place)
{
    g_assert_true (pr_backup_run_copy (run, place->folder, "copied", NULL));
    put (run, "copied", "more");
    g_assert_true (pr_backup_run_remove (run, place->second, NULL));
}

static void
replace_whole (PrBackupRun *run, const Place *place)
{
    g_assert_true (pr_backup_run_remove (run, place->folder, NULL));
    g_assert_true (pr_backup_run_mkdir (run, place->folder, NULL, NULL));
    put (run, place->first, NULL);
    put (run, place->folder, "fresh");
}

/* A path means what it says, also after a folder that was in use has another name. */
static void
move_snapshot (PrBackupRun *run, const Place *place)
{
    g_autofd int fd = -1;
    g_autoptr (GError) error = NULL;

    g_assert_true (pr_backup_run_mkdir (run, "Snapshot", NULL, NULL));
    g_assert_true (pr_backup_run_mkdir (run, "Snapshot/ab", NULL, NULL));
    put (run, "Snapshot/ab", "first");
    g_assert_true (pr_backup_run_move (run, "Snapshot/ab", "moved", NULL));
    fd = pr_backup_run_create (run, "Snapshot/ab/second", &error);
    g_assert_cmpint (fd, <, 0);
    g_assert_nonnull (error);
}

/* It is dropped as if it had never been. */
static void
test_folders (gconstpointer mode)
{
    static void (*const deeds[]) (PrBackupRun *, const Place *) = { remove_rest,     move_rest,  file_for_folder,
                                                                    folder_for_file, copy_whole, replace_whole,
                                                                    move_snapshot };
    g_autofree char *folder = pr_test_make_folder ();
    g_autofree char *backup = g_build_filename (folder, PRETENDER_UDID, NULL);
    g_autoptr (PrBackupStore) store = open_store (folder, (PrBackupMode) GPOINTER_TO_INT (mode), 0);
    g_autoptr (PrBackupRun) run = NULL;
    TreePrint before, after;

    g_assert_true (pretender_back_up (&pretender, store, 1, NULL, NULL, NULL));
    tree_print (backup, NULL, &before);
    run = pr_backup_store_begin (store, PRETENDER_UDID, NULL, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (deeds); i++) {
        g_auto (Place) place = { 0 };

        find_place (backup, i, &place);
        deeds[i](run, &place);
    }
    g_clear_pointer (&run, pr_backup_run_free);
    tree_print (backup, NULL, &after);
    g_assert_true (tree_print_equal (&before, &after));
    g_assert_cmpuint (pretender_check_folder (&pretender, folder), ==, 1);
    g_assert_cmpuint (count_entries (folder, ".undo") + count_entries (folder, ".trash"), ==, 0);
    pr_test_remove_folder (folder);
}

static void
test_lock (void)
{
    g_autofree char *folder = pr_test_make_folder ();
    g_autoptr (PrBackupStore) store = open_store (folder, PR_BACKUP_MODE_AUTO, 0);
    g_autoptr (PrBackupStore) other = open_store (folder, PR_BACKUP_MODE_AUTO, 0);
    g_autoptr (PrBackupRun) run = pr_backup_store_begin (store, PRETENDER_UDID, NULL, NULL);
    g_autoptr (PrBackupRun) second = NULL;
    g_autoptr (GError) error = NULL;
    PrBackupRecovery recovery;

    g_assert_nonnull (run);
    g_assert_null (pr_backup_store_begin (other, PRETENDER_UDID, NULL, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_BUSY);
    g_assert_true (pr_backup_store_recover (other, &recovery, NULL));
    g_assert_cmpuint (recovery.dropped, ==, 0);
    g_assert_cmpuint (count_entries (folder, ".partial"), ==, 1);
    second = pr_backup_store_begin (other, "other", NULL, NULL);
    g_assert_nonnull (second);
    g_clear_pointer (&run, pr_backup_run_free);
    g_clear_pointer (&second, pr_backup_run_free);
    pr_test_remove_folder (folder);
}

/* Somebody puts a link where a folder of the copy was. */
static void
test_link_in_the_way (void)
{
    g_autofree char *folder = pr_test_make_folder ();
    g_autofree char *outside = pr_test_make_folder ();
    g_autofree char *place = g_build_filename (folder, PRETENDER_UDID ".partial", "ab", NULL);
    g_autoptr (PrBackupStore) store = open_store (folder, PR_BACKUP_MODE_AUTO, 0);
    g_autoptr (PrBackupRun) run = pr_backup_store_begin (store, PRETENDER_UDID, NULL, NULL);
    g_autoptr (GError) error = NULL;

    g_assert_no_errno (symlink (outside, place));
    g_assert_cmpint (pr_backup_run_create (run, "ab/abcd", &error), <, 0);
    g_assert_error (error, PR_ERROR, PR_ERROR_UNSAFE_DATA);
    g_assert_cmpuint (count_entries (outside, ""), ==, 0);
    g_clear_pointer (&run, pr_backup_run_free);
    pr_test_remove_folder (folder);
    pr_test_remove_folder (outside);
}

static void
test_no_folder (void)
{
    g_autoptr (PrBackupStore) store = pr_backup_store_new ("/nowhere/at/all");
    g_autoptr (GError) error = NULL;

    g_assert_false (pr_backup_store_recover (store, NULL, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_BACKUP_DISK_GONE);
}

/* What another program made is never written to, and is kept as a version. */
static void
test_foreign (void)
{
    g_autofree char *folder = pr_test_make_folder ();
    g_autofree char *ours = g_build_filename (folder, PRETENDER_UDID, PR_BACKUP_OURS, NULL);
    g_autofree char *version = g_build_filename (folder, PRETENDER_UDID ".versions", "00000000", NULL);
    g_autoptr (PrBackupStore) store = open_store (folder, PR_BACKUP_MODE_AUTO, 1);
    g_autofd int root = -1;

    g_assert_true (pretender_back_up (&pretender, store, 1, NULL, NULL, NULL));
    pr_test_remove_folder (ours);
    g_assert_true (pretender_back_up (&pretender, store, 2, NULL, NULL, NULL));
    g_assert_cmpuint (pretender_check_folder (&pretender, folder), ==, 2);
    root = open (version, O_RDONLY | O_DIRECTORY);
    g_assert_cmpuint (pretender_check (&pretender, root), ==, 1);
    pr_test_remove_folder (folder);
}

int
main (int argc, char *argv[])
{
    static const struct {
        const char *name;
        PrBackupMode mode;
    } modes[] = { { "link", PR_BACKUP_MODE_LINK },
                  { "copy", PR_BACKUP_MODE_COPY },
                  { "journal", PR_BACKUP_MODE_JOURNAL } };

    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/backup-store/names", test_names);
    g_test_add_func ("/backup-store/case", test_case);
    for (gsize i = 0; i < G_N_ELEMENTS (modes); i++) {
        g_autofree char *rounds = g_strconcat ("/backup-store/rounds/", modes[i].name, NULL);
        g_autofree char *folders = g_strconcat ("/backup-store/folders/", modes[i].name, NULL);
        g_autofree char *refused = g_strconcat ("/backup-store/refused/", modes[i].name, NULL);

        g_test_add_data_func (rounds, GINT_TO_POINTER (modes[i].mode), test_rounds);
        g_test_add_data_func (folders, GINT_TO_POINTER (modes[i].mode), test_folders);
        g_test_add_data_func (refused, GINT_TO_POINTER (modes[i].mode), test_refused);
    }
    g_test_add_func ("/backup-store/versions", test_versions);
    g_test_add_func ("/backup-store/spare", test_spare);
    g_test_add_func ("/backup-store/spare/modes", test_spare_modes);
    g_test_add_func ("/backup-store/foreign", test_foreign);
    g_test_add_func ("/backup-store/lock", test_lock);
    g_test_add_func ("/backup-store/link-in-the-way", test_link_in_the_way);
    g_test_add_func ("/backup-store/no-folder", test_no_folder);
    return g_test_run ();
}
