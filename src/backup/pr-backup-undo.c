// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-undo.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pr-backup-path.h"
#include "pr-backup-tree.h"
#include "pr-xxh3.h"

#define JOURNAL "journal"
#define TREE "tree"
#define SNAPSHOT "Snapshot"
#define DISCARDED "discarded"

struct _PrBackupUndo {
    int root;            /* borrowed: the backup */
    int tree;            /* where originals are kept */
    int journal;         /* appended to */
    GHashTable *created; /* digests of paths that are written down */
    GString *line;       /* not yet written */
    const PrBackupSteps *steps;
};

static char *
undo_name (const char *udid)
{
    return g_strconcat (udid, ".undo", NULL);
}

static gpointer
make_key (const char *path)
{
    return GSIZE_TO_POINTER ((gsize) XXH3_64bits (path, strlen (path)) | 1);
}

static gboolean
is_staged (const char *path)
{
    return g_str_has_prefix (path, SNAPSHOT) && (path[strlen (SNAPSHOT)] == '/' || path[strlen (SNAPSHOT)] == '\0');
}

static gboolean
exists (int root, const char *path)
{
    g_autofd int fd = pr_backup_path_open (root, path, O_PATH, 0);

    return fd >= 0;
}

static gboolean
is_folder (int root, const char *path)
{
    g_autofd int fd = pr_backup_path_open (root, path, O_PATH | O_DIRECTORY, 0);

    return fd >= 0;
}

/* That a file is kept in it must not reach the disk before the folder itself does: what is moved into a folder that is
 * lost is lost. */
static gboolean
make_folder (int root, const char *path, GError **error)
{
    const char *name;
    g_autofd int parent = pr_backup_path_open_parent (root, path, &name);
    g_autofd int above = -1;

    if (parent < 0)
        return pr_backup_fail (error, errno, path);
    if (mkdirat (parent, name, 0700) < 0)
        return errno == EEXIST || pr_backup_fail (error, errno, path);
    above = openat (parent, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return (above >= 0 && fsync (above) == 0) || pr_backup_fail (error, errno, path);
}

/* Makes the folders above @path. */
static gboolean
make_parents (int root, const char *path, GError **error)
{
    for (const char *slash = strchr (path, '/'); slash != NULL; slash = strchr (slash + 1, '/')) {
        g_autofree char *folder = g_strndup (path, slash - path);

        if (!is_folder (root, folder) && !make_folder (root, folder, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
rename_path (int from, int to, const char *path, const PrBackupSteps *steps, GError **error)
{
    const char *name;
    g_autofd int source = -1, target = -1;

    if (!make_parents (to, path, error) || !pr_backup_step (steps, "rename", error))
        return FALSE;
    source = pr_backup_path_open_parent (from, path, &name);
    target = pr_backup_path_open_parent (to, path, &name);
    if (source < 0 || target < 0 || renameat (source, name, target, name) < 0)
        return pr_backup_fail (error, errno, path);
    return TRUE;
}

/* --- During a run --- */

static PrBackupUndo *
open_undo (int undo, int root, const PrBackupSteps *steps, GError **error)
{
    g_autoptr (PrBackupUndo) self = g_new0 (PrBackupUndo, 1);

    self->root = root;
    self->steps = steps;
    self->created = g_hash_table_new (NULL, NULL);
    self->line = g_string_new (NULL);
    self->tree = openat (undo, TREE, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    self->journal = openat (undo, JOURNAL, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (self->tree < 0 || self->journal < 0) {
        pr_backup_fail (error, errno, "opening the undo journal");
        return NULL;
    }
    return g_steal_pointer (&self);
}

PrBackupUndo *
pr_backup_undo_begin (int folder, const char *udid, int root, const PrBackupSteps *steps, GError **error)
{
    g_autofree char *name = undo_name (udid);
    g_autoptr (PrBackupUndo) self = NULL;
    g_autofd int undo = -1;

    if (!pr_backup_step (steps, "mkdir", error))
        return NULL;
    if (mkdirat (folder, name, 0700) == 0)
        undo = openat (folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (undo < 0 || mkdirat (undo, TREE, 0700) < 0) {
        pr_backup_fail (error, errno, "making the undo journal");
        return NULL;
    }
    self = open_undo (undo, root, steps, error);
    if (self == NULL || !pr_backup_step (steps, "sync", error))
        return NULL;
    if (fsync (self->journal) < 0 || fsync (undo) < 0 || fsync (folder) < 0) {
        pr_backup_fail (error, errno, "making the undo journal");
        return NULL;
    }
    if (exists (root, SNAPSHOT) && !rename_path (root, self->tree, SNAPSHOT, steps, error))
        return NULL;
    return g_steal_pointer (&self);
}

void
pr_backup_undo_free (PrBackupUndo *self)
{
    g_clear_fd (&self->tree, NULL);
    g_clear_fd (&self->journal, NULL);
    g_hash_table_unref (self->created);
    g_string_free (self->line, TRUE);
    g_free (self);
}

static void
write_down (PrBackupUndo *self, const char *path)
{
    if (g_hash_table_add (self->created, make_key (path)))
        g_string_append_printf (self->line, "%s\n", path);
}

static gboolean
sync_journal (PrBackupUndo *self, GError **error)
{
    gsize length = self->line->len;

    if (length == 0)
        return TRUE;
    if (!pr_backup_step (self->steps, "journal", error))
        return FALSE;
    if (TEMP_FAILURE_RETRY (write (self->journal, self->line->str, length)) != (gssize) length ||
        fdatasync (self->journal) < 0)
        return pr_backup_fail (error, errno != 0 ? errno : ENOSPC, "writing the undo journal");
    g_string_truncate (self->line, 0);
    return TRUE;
}

static gboolean
is_written_down (PrBackupUndo *self, const char *path)
{
    return is_staged (path) || g_hash_table_contains (self->created, make_key (path));
}

/* Calls @each with every path below @path in the backup, until it returns FALSE. */
static gboolean
walk (PrBackupUndo *self, const char *path, gboolean (*each) (PrBackupUndo *, const char *, GError **), GError **error)
{
    int fd = pr_backup_path_open (self->root, path, O_RDONLY | O_DIRECTORY, 0);
    g_autoptr (DIR) dir = fd >= 0 ? fdopendir (fd) : NULL;
    struct dirent *entry;

    if (dir == NULL)
        return pr_backup_fail (error, errno, path);
    while ((entry = readdir (dir)) != NULL) {
        g_autofree char *below = g_strconcat (path, "/", entry->d_name, NULL);

        if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0 && !each (self, below, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_new (PrBackupUndo *self, const char *path, GError **error)
{
    return !pr_backup_undo_is_original (self, path);
}

/* A folder of which something was kept may still hold the rest. */
gboolean
pr_backup_undo_is_original (PrBackupUndo *self, const char *path)
{
    if (is_written_down (self, path) || !exists (self->root, path))
        return FALSE;
    if (!exists (self->tree, path))
        return TRUE;
    return is_folder (self->root, path) && !walk (self, path, is_new, NULL);
}

static gboolean
keep (PrBackupUndo *self, const char *path, GError **error)
{
    if (!pr_backup_undo_is_original (self, path))
        return TRUE;
    if (exists (self->tree, path))
        return walk (self, path, keep, error);
    return rename_path (self->root, self->tree, path, self->steps, error);
}

gboolean
pr_backup_undo_prepare (PrBackupUndo *self, const char *path, GError **error)
{
    if (is_written_down (self, path))
        return TRUE;
    if (exists (self->root, path))
        return keep (self, path, error);
    if (exists (self->tree, path))
        return TRUE;
    write_down (self, path);
    return sync_journal (self, error);
}

/* Of many files the folders that they will be kept in are made with one sync. */
static gboolean
make_places (PrBackupUndo *self, const char *const *paths, GError **error)
{
    gboolean made = FALSE;

    for (gsize i = 0; paths[i] != NULL; i++) {
        const char *slash = strchr (paths[i], '/');
        g_autofree char *folder = slash != NULL ? g_strndup (paths[i], slash - paths[i]) : NULL;

        if (folder == NULL || is_written_down (self, folder) || !exists (self->root, folder))
            continue;
        if (mkdirat (self->tree, folder, 0700) == 0)
            made = TRUE;
        else if (errno != EEXIST)
            return pr_backup_fail (error, errno, folder);
    }
    return !made || fsync (self->tree) == 0 || pr_backup_fail (error, errno, "syncing the undo journal");
}

gboolean
pr_backup_undo_prepare_many (PrBackupUndo *self, const char *const *paths, GError **error)
{
    for (gsize i = 0; paths[i] != NULL; i++)
        if (!is_written_down (self, paths[i]) && !exists (self->tree, paths[i]) && !exists (self->root, paths[i]))
            write_down (self, paths[i]);
    return sync_journal (self, error) && make_places (self, paths, error);
}

gboolean
pr_backup_undo_commit (int folder, const char *udid, const char *trash, const PrBackupSteps *steps, GError **error)
{
    g_autofree char *name = undo_name (udid);

    if (!pr_backup_step (steps, "rename", error))
        return FALSE;
    if (renameat (folder, name, folder, trash) < 0 || fsync (folder) < 0)
        return pr_backup_fail (error, errno, name);
    return TRUE;
}

/* --- Going back --- */

/* All that is in a folder of this run's is this run's too: what was there before is copied into it, never moved.
 * Through a link nothing was made. */
static gboolean
remove_created (int root, const char *path, const PrBackupSteps *steps, GError **error)
{
    const char *name;
    g_autofd int parent = pr_backup_path_open_parent (root, path, &name);

    if (parent < 0)
        return errno == ENOENT || errno == ENOTDIR || errno == ELOOP || pr_backup_fail (error, errno, path);
    return pr_backup_tree_remove (parent, name, steps, error);
}

/* The journal's last line first, so that folders are empty when it is their turn. A line without an end was never
 * acted upon. */
static gboolean
remove_all_created (int undo, int root, const PrBackupSteps *steps, GError **error)
{
    g_autofd int fd = openat (undo, JOURNAL, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    g_autofree char *path = fd >= 0 ? g_strdup_printf ("/proc/self/fd/%d", fd) : NULL;
    g_autofree char *text = NULL;
    g_auto (GStrv) lines = NULL;

    if (fd < 0)
        return errno == ENOENT || pr_backup_fail (error, errno, "reading the undo journal");
    if (!g_file_get_contents (path, &text, NULL, error))
        return FALSE;
    lines = g_strsplit (text, "\n", -1);
    for (guint i = g_strv_length (lines); i-- > 1;)
        if (*lines[i - 1] != '\0' && !remove_created (root, lines[i - 1], steps, error))
            return FALSE;
    return TRUE;
}

static gboolean move_back (int from, int to, const char *path, const PrBackupSteps *steps, GError **error);

/* A file may have taken a folder's place, or a folder a file's. */
static gboolean
move_one_back (int from, int to, const char *path, const PrBackupSteps *steps, GError **error)
{
    gboolean was_folder = is_folder (from, path), has_folder = is_folder (to, path);

    if (was_folder && has_folder)
        return move_back (from, to, path, steps, error);
    if (was_folder != has_folder && !remove_created (to, path, steps, error))
        return FALSE;
    return rename_path (from, to, path, steps, error);
}

static gboolean
move_back (int from, int to, const char *path, const PrBackupSteps *steps, GError **error)
{
    int fd = pr_backup_path_open (from, path, O_RDONLY | O_DIRECTORY, 0);
    g_autoptr (DIR) dir = fd >= 0 ? fdopendir (fd) : NULL;
    struct dirent *entry;

    if (dir == NULL)
        return pr_backup_fail (error, errno, path);
    while ((entry = readdir (dir)) != NULL) {
        g_autofree char *below =
            *path != '\0' ? g_strconcat (path, "/", entry->d_name, NULL) : g_strdup (entry->d_name);

        if (strcmp (entry->d_name, ".") == 0 || strcmp (entry->d_name, "..") == 0)
            continue;
        if (!move_one_back (from, to, below, steps, error))
            return FALSE;
    }
    return TRUE;
}

/* What this run had staged, away in one step that is done once: a Snapshot from before may be moved back after it. */
static gboolean
discard_staged (int undo, int root, const PrBackupSteps *steps, GError **error)
{
    if (exists (undo, DISCARDED))
        return TRUE;
    if (!pr_backup_step (steps, "rename", error))
        return FALSE;
    if (renameat (root, SNAPSHOT, undo, DISCARDED) == 0)
        return TRUE;
    if (errno == ENOENT && mkdirat (undo, DISCARDED, 0700) == 0 && fsync (undo) == 0)
        return TRUE;
    return pr_backup_fail (error, errno, SNAPSHOT);
}

static gboolean
go_back (int undo, int root, const PrBackupSteps *steps, GError **error)
{
    g_autofd int tree = openat (undo, TREE, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (tree < 0) /* it ended before it began */
        return errno == ENOENT || pr_backup_fail (error, errno, TREE);
    return discard_staged (undo, root, steps, error) && remove_all_created (undo, root, steps, error) &&
           move_back (tree, root, "", steps, error);
}

gboolean
pr_backup_undo_roll_back (int folder, const char *udid, const char *trash, const PrBackupSteps *steps, GError **error)
{
    g_autofree char *name = undo_name (udid);
    g_autofd int undo = openat (folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    g_autofd int root = openat (folder, udid, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (undo < 0)
        return errno == ENOENT || pr_backup_fail (error, errno, name);
    if (root < 0)
        return pr_backup_fail (error, errno, udid);
    if (!go_back (undo, root, steps, error) || !pr_backup_step (steps, "sync", error))
        return FALSE;
    if (syncfs (folder) < 0)
        return pr_backup_fail (error, errno, "syncing");
    return pr_backup_undo_commit (folder, udid, trash, steps, error);
}
