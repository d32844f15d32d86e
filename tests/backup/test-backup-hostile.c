/* A phone that means harm writes nothing outside the copy that it works on, and cannot make us large.
 *
 * Everything outside is compared before and after: what else is in the folder of backups, the backup itself, a folder
 * that links lead to, and what a name with ".." or "/tmp" in it would make. So it is while somebody swaps folders of
 * the copy for links to the outside, and on a file system that takes "Status.plist" and "STATUS.PLIST" for one name.
 *
 * Such a file system is NTFS, mounted by lowntfs-3g, for which the test must be root and have FUSE; Linux's own (ext4
 * with casefold, FAT, exFAT) are in few kernels. That no two names which are allowed differ in case alone is shown, for
 * every user, in test-backup-store.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "engine-desk.h"
#include "pr-backup-enums.h"
#include "pr-error.h"
#include "tree-print.h"

#define SILENCE 60     /* seconds: none of these falls silent for good, and a busy computer may take long */
#define MEMORY 150     /* MiB */
#define RACES 8        /* runs against which folders are swapped */
#define SWAP_FILES 800 /* of a phone that uploads meanwhile */
#define IMAGE_SIZE (256 * 1024 * 1024)
#define OTHER_UDID "00000000-0000000000000000"
#define ESCAPED "phone-reset-escaped" /* the virtual phone's name for what gets out */

/* --- Everything outside --- */

typedef struct {
    char *folder; /* that links lead to */
    TreePrint there, beside, backup;
} Outside;

static void
write_text (const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename (folder, name, NULL);

    g_assert_true (g_file_set_contents (path, "not the phone's", -1, NULL));
}

static void
print_outside (Outside *self, EngineDesk *desk, Outside *print)
{
    static const char *const ours[] = { DESK_UDID, "." DESK_UDID ".spare", NULL };

    tree_print (self->folder, NULL, &print->there);
    tree_print (desk->at->folder, ours, &print->beside);
    tree_print (desk->at->backup, NULL, &print->backup);
}

/* After a first backup, into which a link is put. */
static void
make_outside (Outside *self, EngineDesk *desk)
{
    g_autofree char *other = g_build_filename (desk->at->folder, OTHER_UDID, NULL);
    g_autofree char *link = g_build_filename (desk->at->backup, "link", NULL);

    self->folder = pr_test_make_folder ();
    write_text (self->folder, "there");
    write_text (desk->at->folder, "beside");
    g_assert_no_errno (g_mkdir (other, 0700));
    write_text (other, "Status.plist");
    g_assert_no_errno (symlink (self->folder, link));
    print_outside (self, desk, self);
}

/* @same: the backup too. */
static void
check_outside (Outside *self, EngineDesk *desk, gboolean same)
{
    g_autofree char *escaped = g_build_filename (desk->at->folder, "..", ESCAPED, NULL);
    Outside now;

    print_outside (self, desk, &now);
    g_assert_true (tree_print_equal (&self->there, &now.there));
    g_assert_true (tree_print_equal (&self->beside, &now.beside));
    g_assert_true (!same || tree_print_equal (&self->backup, &now.backup));
    g_assert_false (g_file_test (escaped, G_FILE_TEST_EXISTS));
    g_assert_false (g_file_test ("/tmp/" ESCAPED, G_FILE_TEST_EXISTS));
}

static void
clear_outside (Outside *self)
{
    pr_test_remove_folder (self->folder);
    g_free (self->folder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outside, clear_outside)

static guint64
measure_memory (void)
{
    g_autofree char *text = NULL;
    const char *line;

    g_assert_true (g_file_get_contents ("/proc/self/status", &text, NULL, NULL));
    line = strstr (text, "VmHWM:");
    return line != NULL ? g_ascii_strtoull (line + 6, NULL, 10) / 1024 : 0;
}

/* --- Names, lengths, messages --- */

static void
be_hostile (EngineDesk *desk, Outside *outside, const char *kind)
{
    gboolean made;

    pr_test_phone_tell (desk->at->phone, "fault backup-hostile %s", kind);
    made = engine_desk_try (desk, FALSE, NULL, SILENCE);
    g_test_message ("%s: %s", kind, made ? "went on" : desk->error->message);
    g_assert_true (made || desk->error->domain == PR_ERROR);
    if (!pr_test_phone_log_has (desk->at->phone, "backup-hostile", "what", kind, NULL))
        g_error ("the phone did not come to %s: %s", kind, made ? "it was made" : desk->error->message);
    check_outside (outside, desk, !made);
    g_assert_cmpuint (measure_memory (), <, MEMORY);
}

static void
test_mode (EngineDesk *desk, PrBackupMode mode, const char *kind)
{
    g_auto (Outside) outside = { 0 };

    engine_desk_back_up (desk, TRUE, NULL);
    make_outside (&outside, desk);
    engine_desk_use_mode (desk, mode);
    be_hostile (desk, &outside, kind);
    engine_desk_verify (desk, NULL, DESK_FILES);
}

static EngineDesk *
desk_new_small (void)
{
    g_autofree char *scenario = backup_desk_describe (DESK_FILES, "1,0,100,4096,40000,33K", FALSE);

    return engine_desk_new (scenario);
}

static void
test_copy (gconstpointer kind)
{
    g_autoptr (EngineDesk) desk = desk_new_small ();

    test_mode (desk, PR_BACKUP_MODE_LINK, kind);
}

/* Here the phone works in the backup itself. */
static void
test_journal (gconstpointer kind)
{
    g_autoptr (EngineDesk) desk = desk_new_small ();

    test_mode (desk, PR_BACKUP_MODE_JOURNAL, kind);
}

/* With large files, of which several are under way at a time. */
static void
test_large (gconstpointer kind)
{
    g_autoptr (EngineDesk) desk = engine_desk_new_plain ();

    test_mode (desk, PR_BACKUP_MODE_LINK, kind);
    g_test_message ("at most %" G_GUINT64_FORMAT " MiB of memory", measure_memory ());
}

/* --- Folders that become links --- */

typedef struct {
    const char *folder, *outside;
    int stop; /* atomic */
    guint swapped;
} Swapper;

static guint
swap_one (const char *staging, const char *outside, const char *name)
{
    g_autofd int root = open (staging, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    g_autofree char *away = g_strconcat (name, "~", NULL);
    guint swapped = 0;

    if (root < 0 || renameat (root, name, root, away) < 0)
        return 0;
    if (symlinkat (outside, root, name) == 0) {
        swapped = 1;
        g_usleep (300);
        unlinkat (root, name, 0);
    }
    renameat (root, away, root, name);
    return swapped;
}

static gpointer
swap_folders (gpointer data)
{
    Swapper *self = data;
    g_autofree char *staging = g_build_filename (self->folder, DESK_UDID ".partial", NULL);
    g_autoptr (GRand) rand = g_rand_new ();

    while (g_atomic_int_get (&self->stop) == 0) {
        g_autofree char *name = g_strdup_printf ("%s%02x", g_rand_boolean (rand) ? "Snapshot/" : "",
                                                 (guint) g_rand_int_range (rand, 0, 256));

        self->swapped += swap_one (staging, self->outside, name);
        if (g_rand_int_range (rand, 0, 20) == 0)
            self->swapped += swap_one (staging, self->outside, "Snapshot");
    }
    return NULL;
}

static gboolean
race (EngineDesk *desk, Outside *outside)
{
    Swapper swapper = { desk->at->folder, outside->folder, 0, 0 };
    GThread *thread = g_thread_new ("swapper", swap_folders, &swapper);
    gboolean made = engine_desk_try (desk, TRUE, NULL, SILENCE);
    g_autoptr (GError) error = NULL;

    g_atomic_int_set (&swapper.stop, 1);
    g_thread_join (thread);
    g_test_message ("%u folders were links for a while: %s", swapper.swapped, made ? "made" : desk->error->message);
    g_assert_cmpuint (swapper.swapped, >, 0);
    g_assert_true (made || desk->error->domain == PR_ERROR);
    /* what could not be cleared up while somebody was at it */
    pr_backup_store_recover (desk->store, NULL, &error);
    g_assert_no_error (error);
    return made;
}

static void
test_race (void)
{
    g_autofree char *scenario = backup_desk_describe (SWAP_FILES, "1,100,4096,40000", FALSE);
    g_autoptr (EngineDesk) desk = engine_desk_new (scenario);
    g_auto (Outside) outside = { 0 };
    guint made = 0;

    engine_desk_back_up (desk, TRUE, NULL);
    make_outside (&outside, desk);
    for (guint i = 0; i < RACES; i++) {
        gboolean new = race (desk, &outside);

        check_outside (&outside, desk, !new);
        engine_desk_verify (desk, NULL, SWAP_FILES);
        made += new;
        print_outside (&outside, desk, &outside);
    }
    g_assert_cmpuint (made, <, RACES); /* the race was won at least once */
}

/* --- A file system that does not tell upper case from lower --- */

static void
run (const char *command, const char *first, const char *second)
{
    g_auto (GStrv) words = g_strsplit (command, " ", -1);
    g_autoptr (GPtrArray) argv = g_ptr_array_new ();
    g_autofree char *output = NULL, *errors = NULL;

    for (guint i = 0; words[i] != NULL; i++)
        g_ptr_array_add (argv, words[i]);
    g_ptr_array_add (argv, (gpointer) first);
    g_ptr_array_add (argv, (gpointer) second);
    g_ptr_array_add (argv, NULL);
    if (pr_test_run ((const char *const *) argv->pdata, NULL, 60, &output, &errors) != 0)
        g_error ("%s: %s%s", command, output, errors);
}

static void
mount_folded (const char *folder)
{
    g_autofree char *image = g_strconcat (folder, ".image", NULL);
    g_autofree char *a = g_build_filename (folder, "Case", NULL);
    g_autofree char *b = g_build_filename (folder, "cASE", NULL);
    g_autofd int fd = open (image, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    g_assert_no_errno (ftruncate (fd, IMAGE_SIZE));
    run ("mkntfs -F -Q -q", image, NULL);
    run ("lowntfs-3g -o ignore_case", image, folder);
    g_assert_true (g_file_set_contents (a, "", 0, NULL));
    g_assert_true (g_file_test (b, G_FILE_TEST_EXISTS));
    g_assert_no_errno (g_unlink (b));
}

static void
unmount_folded (const char *folder)
{
    g_autofree char *image = g_strconcat (folder, ".image", NULL);

    run ("umount", folder, NULL);
    g_assert_no_errno (g_unlink (image));
}

static void
try_folded (EngineDesk *desk, PrBackupMode mode)
{
    static const char *const kinds[] = {
        "upload case",
        "move-to case",
        "copy-to case",
        "make =" DESK_UDID "/SNAPSHOT",
        "upload =" DESK_UDID "/manifest.DB",
        "upload =" DESK_UDID "/.PHONE-RESET/state",
        "upload =" DESK_UDID "/AB/abcd",
    };
    g_auto (Outside) outside = { 0 };

    engine_desk_use_mode (desk, mode);
    engine_desk_back_up (desk, TRUE, NULL);
    make_outside (&outside, desk);
    for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
        be_hostile (desk, &outside, kinds[i]);
        g_assert_error (desk->error, PR_ERROR, PR_ERROR_UNSAFE_DATA);
    }
    engine_desk_verify (desk, NULL, DESK_FILES);
    pr_test_phone_tell (desk->at->phone, "mend backup-hostile");
    pr_test_phone_tell (desk->at->phone, "mutate 50 20 20");
    engine_desk_back_up (desk, FALSE, NULL);
    engine_desk_verify (desk, NULL, DESK_FILES);
}

static void
test_folded (gconstpointer mode)
{
    g_autoptr (EngineDesk) desk = NULL;

    if (geteuid () != 0 || g_access ("/dev/fuse", R_OK | W_OK) != 0) {
        g_test_message ("a file system that folds cases cannot be mounted here: its names alone are tested");
        return;
    }
    desk = desk_new_small ();
    mount_folded (desk->at->folder);
    try_folded (desk, (PrBackupMode) GPOINTER_TO_INT (mode));
    engine_desk_use_store (desk, pr_backup_store_new ("/")); /* its folder is in use no more */
    unmount_folded (desk->at->folder);
}

static const char *const hostilities[] = {
    "upload parent",    "upload parent-inside", "upload absolute",   "upload link",       "upload other",
    "upload folder",    "upload root",          "upload empty",      "upload dot",        "upload long",
    "upload long-part", "upload nul",           "upload newline",    "upload invalid",    "upload case",
    "move-from parent", "move-to parent",       "move-to absolute",  "move-to case",      "copy-from absolute",
    "copy-to parent",   "remove parent",        "remove root",       "make parent",       "make absolute",
    "list parent",      "download parent",      "download absolute", "frame-huge",        "frame-negative",
    "frame-zero",       "frame-truncated",      "name-huge",         "name-negative",     "name-truncated",
    "message-huge",     "message-negative",     "message-empty",     "message-truncated", "message-garbage",
    "message-nested",   "message-types",        "message-dict",      "message-few",       "message-unknown",
};

static const char *const in_place[] = {
    "upload parent", "upload link", "upload folder", "move-to parent", "copy-to link",
    "remove link",   "make link",   "upload root",   "move-from link",
};

static void
add (const char *group, const char *kind, GTestDataFunc func)
{
    g_autofree char *name = g_strdup_printf ("/backup-hostile/%s/%s", group, kind);

    g_test_add_data_func (g_strdelimit (name, " ", '-'), kind, func);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (hostilities); i++)
        add ("copy", hostilities[i], test_copy);
    add ("large", "frame-huge", test_large);
    add ("large", "name-huge", test_large);
    add ("large", "message-huge", test_large);
    for (gsize i = 0; i < G_N_ELEMENTS (in_place); i++)
        add ("journal", in_place[i], test_journal);
    g_test_add_func ("/backup-hostile/race", test_race);
    g_test_add_data_func ("/backup-hostile/folded/link", GINT_TO_POINTER (PR_BACKUP_MODE_LINK), test_folded);
    g_test_add_data_func ("/backup-hostile/folded/copy", GINT_TO_POINTER (PR_BACKUP_MODE_COPY), test_folded);
    g_test_add_data_func ("/backup-hostile/folded/journal", GINT_TO_POINTER (PR_BACKUP_MODE_JOURNAL), test_folded);
    return backup_desk_run_tests ();
}
