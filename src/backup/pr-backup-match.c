// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-match.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pr-backup-path.h"
#include "pr-backup-tree.h"

typedef struct {
    gboolean fills;
    const PrBackupSteps *steps;
    GCancellable *cancellable;
    guint64 kept; /* files */
} Match;

typedef struct {
    guint64 inode; /* 0: not known */
    guchar type;
    char name[];
} Entry;

#define UNKNOWN_INODE G_MAXUINT32 /* FUSE's word, in listings: FUSE_UNKNOWN_INO */

/* What a file system says of the inodes in a folder is only as good as what it says of the first file there. */
typedef enum { NOT_ASKED, TRUE_NUMBERS, FALSE_NUMBERS } Trust;

static guint64
read_inode (DIR *dir, const struct dirent *entry, Trust *trust)
{
    struct stat status;

    if (entry->d_type != DT_REG || entry->d_ino == UNKNOWN_INODE)
        return 0;
    if (*trust == NOT_ASKED)
        *trust =
            fstatat (dirfd (dir), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_ino == entry->d_ino
                ? TRUE_NUMBERS
                : FALSE_NUMBERS;
    return *trust == TRUE_NUMBERS ? entry->d_ino : 0;
}

/* (element-type utf8 Entry): what is in a folder */
static GHashTable *
list_folder (int fd, Trust trust, GError **error)
{
    g_autoptr (GHashTable) entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
    g_autoptr (DIR) dir = pr_backup_tree_open (fd, ".");
    const struct dirent *found;

    if (dir == NULL) {
        pr_backup_fail (error, errno, "reading the old copy");
        return NULL;
    }
    while ((found = pr_backup_tree_next (dir)) != NULL) {
        Entry *entry = g_malloc (sizeof *entry + strlen (found->d_name) + 1);

        entry->inode = read_inode (dir, found, &trust);
        entry->type = found->d_type;
        strcpy (entry->name, found->d_name);
        g_hash_table_insert (entries, entry->name, entry);
    }
    if (errno == 0)
        return g_steal_pointer (&entries);
    pr_backup_fail (error, errno, "reading the old copy");
    return NULL;
}

static gboolean match_folder (Match *match, int model, int copy, guint depth, GError **error);

static gboolean
match_subfolder (Match *match, int model, int copy, const char *name, guint depth, GError **error)
{
    g_autofd int in = openat (model, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    g_autofd int out = openat (copy, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (in < 0 || out < 0)
        return pr_backup_fail (error, errno, name);
    return match_folder (match, in, out, depth + 1, error);
}

static gboolean
add_file (Match *match, int model, int copy, const char *name, GError **error)
{
    return pr_backup_step (match->steps, "link", error) &&
           (linkat (model, name, copy, name, 0) == 0 || pr_backup_fail (error, errno, name));
}

static gboolean
add_folder (Match *match, int model, int copy, const char *name, guint depth, GError **error)
{
    return pr_backup_step (match->steps, "mkdir", error) &&
           (mkdirat (copy, name, 0700) == 0 || pr_backup_fail (error, errno, name)) &&
           match_subfolder (match, model, copy, name, depth, error);
}

/* Takes what may stay out of @entries, the rest of which is removed in the end. */
static gboolean
match_entry (Match *match,
             int model,
             int copy,
             const struct dirent *wanted,
             guint64 inode,
             GHashTable *entries,
             guint depth,
             GError **error)
{
    const char *name = wanted->d_name;
    const Entry *there = g_hash_table_lookup (entries, name);
    gboolean is_folder = wanted->d_type == DT_DIR;
    gboolean stays = there != NULL && there->type == wanted->d_type &&
                     (is_folder || (wanted->d_type == DT_REG && inode != 0 && inode == there->inode));

    if (stays) {
        g_hash_table_remove (entries, name);
        match->kept += !is_folder;
        return !is_folder || match_subfolder (match, model, copy, name, depth, error);
    }
    if (!match->fills || (!is_folder && wanted->d_type != DT_REG))
        return TRUE;
    if (there != NULL && !pr_backup_tree_remove (copy, name, match->steps, error))
        return FALSE;
    g_hash_table_remove (entries, name);
    return is_folder ? add_folder (match, model, copy, name, depth, error) : add_file (match, model, copy, name, error);
}

static gboolean
remove_rest (Match *match, int copy, GHashTable *entries, GError **error)
{
    GHashTableIter iter;
    const char *name;

    g_hash_table_iter_init (&iter, entries);
    while (g_hash_table_iter_next (&iter, (gpointer *) &name, NULL))
        if (!pr_backup_tree_remove (copy, name, match->steps, error))
            return FALSE;
    return TRUE;
}

/* Two disks, or two volumes of one, give the same number to two files. What another program made may be open to others;
 * a new copy would not be. */
static gboolean
compare_folders (const Match *match, int model, int copy, Trust *trust, GError **error)
{
    struct stat in, out;

    if (fstat (model, &in) < 0 || fstat (copy, &out) < 0)
        return pr_backup_fail (error, errno, "reading the old copy");
    *trust = in.st_dev == out.st_dev ? NOT_ASKED : FALSE_NUMBERS;
    if (!match->fills || (out.st_mode & 0777) == 0700 || fchmod (copy, 0700) == 0)
        return TRUE;
    return errno == EPERM || errno == EOPNOTSUPP || pr_backup_fail (error, errno, "making the old copy private");
}

static gboolean
match_folder (Match *match, int model, int copy, guint depth, GError **error)
{
    g_autoptr (DIR) dir = pr_backup_tree_open (model, ".");
    g_autoptr (GHashTable) entries = NULL;
    const struct dirent *wanted;
    Trust trust;

    if (dir == NULL || depth > PR_BACKUP_MAX_DEPTH)
        return pr_backup_fail (error, dir == NULL ? errno : ENAMETOOLONG, "reading the backup");
    if (!compare_folders (match, model, copy, &trust, error))
        return FALSE;
    entries = list_folder (copy, trust, error);
    if (entries == NULL)
        return FALSE;
    if (depth == 0)
        g_hash_table_remove (entries, PR_BACKUP_OURS);
    while ((wanted = pr_backup_tree_next (dir)) != NULL) {
        if (g_cancellable_set_error_if_cancelled (match->cancellable, error))
            return FALSE;
        if (depth == 0 && strcmp (wanted->d_name, PR_BACKUP_OURS) == 0)
            continue;
        if (!match_entry (match, model, copy, wanted, read_inode (dir, wanted, &trust), entries, depth, error))
            return FALSE;
    }
    if (errno != 0)
        return pr_backup_fail (error, errno, "reading the backup");
    return remove_rest (match, copy, entries, error);
}

gboolean
pr_backup_match_trim (int model, int copy, guint64 *kept, const PrBackupSteps *steps, GError **error)
{
    Match match = { FALSE, steps, NULL, 0 };
    gboolean ok = match_folder (&match, model, copy, 0, error);

    *kept = match.kept;
    return ok;
}

gboolean
pr_backup_match_fill (int model, int copy, const PrBackupSteps *steps, GCancellable *cancellable, GError **error)
{
    Match match = { TRUE, steps, cancellable, 0 };

    return match_folder (&match, model, copy, 0, error);
}
