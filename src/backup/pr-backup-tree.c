// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-tree.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pr-backup-path.h"

#define BLOCK 4096
#define PROBE ".probe"

typedef struct {
    PrBackupMode mode;
    const PrBackupSteps *steps;
    GCancellable *cancellable;
} Clone;

DIR *
pr_backup_tree_open (int fd, const char *name)
{
    int folder = openat (fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = folder >= 0 ? fdopendir (folder) : NULL;

    if (dir == NULL && folder >= 0)
        close (folder);
    return dir;
}

struct dirent *
pr_backup_tree_next (DIR *dir)
{
    struct dirent *entry;

    while ((errno = 0, entry = readdir (dir)) != NULL) {
        struct stat status;

        if (strcmp (entry->d_name, ".") == 0 || strcmp (entry->d_name, "..") == 0)
            continue;
        if (entry->d_type == DT_UNKNOWN && fstatat (dirfd (dir), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0)
            entry->d_type = IFTODT (status.st_mode);
        return entry;
    }
    return NULL;
}

static int
copy_bytes (int in, int out)
{
    for (;;) {
        gssize n = copy_file_range (in, NULL, out, NULL, 1 << 30, 0);

        if (n == 0)
            return 0;
        if (n < 0 && (errno == EINVAL || errno == EXDEV || errno == ENOSYS || errno == EOPNOTSUPP))
            break;
        if (n < 0 && errno != EINTR)
            return errno;
    }
    for (;;) {
        guint8 buffer[64 * 1024];
        gssize n = TEMP_FAILURE_RETRY (read (in, buffer, sizeof buffer));

        if (n <= 0)
            return n < 0 ? errno : 0;
        if (TEMP_FAILURE_RETRY (write (out, buffer, (gsize) n)) != n)
            return errno != 0 ? errno : ENOSPC;
    }
}

static int
make_file (int from, const char *name, int to, const char *new_name, gboolean share)
{
    g_autofd int in = openat (from, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    g_autofd int out = -1;

    if (in < 0)
        return errno;
    out = openat (to, new_name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0400);
    if (out < 0)
        return errno;
    if (share)
        return ioctl (out, FICLONE, in) == 0 ? 0 : errno;
    return copy_bytes (in, out);
}

int
pr_backup_tree_copy_file (int from, const char *name, int to, const char *new_name)
{
    int number = make_file (from, name, to, new_name, TRUE);

    if (number == 0 || number == ENOENT || number == EEXIST || number == ENOSPC)
        return number;
    unlinkat (to, new_name, 0);
    return make_file (from, name, to, new_name, FALSE);
}

static gboolean
clone_file (const Clone *clone, int from, int to, const char *name, GError **error)
{
    int number;

    if (!pr_backup_step (clone->steps, "link", error))
        return FALSE;
    if (clone->mode == PR_BACKUP_MODE_LINK)
        number = linkat (from, name, to, name, 0) == 0 ? 0 : errno;
    else
        number = make_file (from, name, to, name, clone->mode == PR_BACKUP_MODE_REFLINK);
    return number == 0 || pr_backup_fail (error, number, name);
}

static gboolean clone_folder (const Clone *clone, int from, int to, guint depth, GError **error);

static gboolean
clone_subfolder (const Clone *clone, int from, int to, const char *name, guint depth, GError **error)
{
    g_autofd int in = -1, out = -1;

    if (!pr_backup_step (clone->steps, "mkdir", error))
        return FALSE;
    in = openat (from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (in < 0 || mkdirat (to, name, 0700) < 0)
        return pr_backup_fail (error, errno, name);
    out = openat (to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (out < 0)
        return pr_backup_fail (error, errno, name);
    return clone_folder (clone, in, out, depth + 1, error);
}

static gboolean
clone_folder (const Clone *clone, int from, int to, guint depth, GError **error)
{
    g_autoptr (DIR) dir = pr_backup_tree_open (from, ".");
    struct dirent *entry;

    if (dir == NULL || depth > PR_BACKUP_MAX_DEPTH)
        return pr_backup_fail (error, dir == NULL ? errno : ENAMETOOLONG, "reading the backup");
    while ((entry = pr_backup_tree_next (dir)) != NULL) {
        gboolean ok = TRUE;

        if (g_cancellable_set_error_if_cancelled (clone->cancellable, error))
            return FALSE;
        if (depth == 0 && strcmp (entry->d_name, PR_BACKUP_OURS) == 0)
            continue;
        if (entry->d_type == DT_DIR)
            ok = clone_subfolder (clone, from, to, entry->d_name, depth, error);
        else if (entry->d_type == DT_REG)
            ok = clone_file (clone, from, to, entry->d_name, error);
        if (!ok)
            return FALSE;
    }
    return errno == 0 || pr_backup_fail (error, errno, "reading the backup");
}

gboolean
pr_backup_tree_clone (int from,
                      int to,
                      PrBackupMode mode,
                      const PrBackupSteps *steps,
                      GCancellable *cancellable,
                      GError **error)
{
    Clone clone = { mode, steps, cancellable };

    return clone_folder (&clone, from, to, 0, error);
}

static gboolean
remove_entries (int folder, const char *name, const PrBackupSteps *steps, guint depth, GError **error)
{
    g_autoptr (DIR) dir = pr_backup_tree_open (folder, name);
    struct dirent *entry;

    if (dir == NULL || depth > 2 * PR_BACKUP_MAX_DEPTH)
        return pr_backup_fail (error, dir == NULL ? errno : ENAMETOOLONG, name);
    while ((entry = pr_backup_tree_next (dir)) != NULL) {
        gboolean is_folder = entry->d_type == DT_DIR;

        if (is_folder && !remove_entries (dirfd (dir), entry->d_name, steps, depth + 1, error))
            return FALSE;
        if (!pr_backup_step (steps, "unlink", error))
            return FALSE;
        if (unlinkat (dirfd (dir), entry->d_name, is_folder ? AT_REMOVEDIR : 0) < 0 && errno != ENOENT)
            return pr_backup_fail (error, errno, entry->d_name);
    }
    return errno == 0 || pr_backup_fail (error, errno, name);
}

gboolean
pr_backup_tree_remove (int folder, const char *name, const PrBackupSteps *steps, GError **error)
{
    if (!pr_backup_step (steps, "remove", error))
        return FALSE;
    if (unlinkat (folder, name, 0) == 0 || errno == ENOENT)
        return TRUE;
    if (errno != EISDIR && errno != EPERM)
        return pr_backup_fail (error, errno, name);
    if (!remove_entries (folder, name, steps, 0, error) || !pr_backup_step (steps, "rmdir", error))
        return FALSE;
    return unlinkat (folder, name, AT_REMOVEDIR) == 0 || pr_backup_fail (error, errno, name);
}

static gboolean
measure (int folder, const char *name, guint depth, guint64 *files, guint64 *bytes, GCancellable *cancellable)
{
    g_autoptr (DIR) dir = pr_backup_tree_open (folder, name);
    struct dirent *entry;

    if (dir == NULL || depth > PR_BACKUP_MAX_DEPTH || g_cancellable_is_cancelled (cancellable))
        return FALSE;
    while ((entry = pr_backup_tree_next (dir)) != NULL) {
        struct stat status;

        if (entry->d_type == DT_DIR && !measure (dirfd (dir), entry->d_name, depth + 1, files, bytes, cancellable))
            return FALSE;
        if (entry->d_type != DT_REG || fstatat (dirfd (dir), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0)
            continue;
        *files += 1;
        *bytes += ((guint64) status.st_size + BLOCK - 1) / BLOCK * BLOCK;
    }
    return errno == 0;
}

gboolean
pr_backup_tree_measure (int root, guint64 *files, guint64 *bytes, GCancellable *cancellable)
{
    *files = 0;
    *bytes = 0;
    return measure (root, ".", 0, files, bytes, cancellable);
}

static gboolean
seal (int folder, const char *name, const PrBackupSteps *steps, guint depth, GError **error)
{
    g_autoptr (DIR) dir = pr_backup_tree_open (folder, name);
    struct dirent *entry;

    if (dir == NULL || depth > PR_BACKUP_MAX_DEPTH)
        return pr_backup_fail (error, dir == NULL ? errno : ENAMETOOLONG, name);
    while ((entry = pr_backup_tree_next (dir)) != NULL) {
        if (entry->d_type == DT_DIR && !seal (dirfd (dir), entry->d_name, steps, depth + 1, error))
            return FALSE;
        if (entry->d_type != DT_REG)
            continue;
        if (!pr_backup_step (steps, "chmod", error))
            return FALSE;
        if (fchmodat (dirfd (dir), entry->d_name, 0400, 0) < 0 && errno != EPERM && errno != EOPNOTSUPP)
            return pr_backup_fail (error, errno, entry->d_name);
    }
    return TRUE;
}

gboolean
pr_backup_tree_seal (int root, const PrBackupSteps *steps, GError **error)
{
    return seal (root, ".", steps, 0, error);
}

static int
try_mode (int root, const char *name, int folder, gboolean share)
{
    int number =
        share ? make_file (root, name, folder, PROBE, TRUE) : (linkat (root, name, folder, PROBE, 0) == 0 ? 0 : errno);

    unlinkat (folder, PROBE, 0);
    return number;
}

PrBackupMode
pr_backup_tree_probe (int root, int folder)
{
    g_autoptr (DIR) dir = pr_backup_tree_open (root, ".");
    struct dirent *entry;

    while (dir != NULL && (entry = pr_backup_tree_next (dir)) != NULL) {
        if (entry->d_type != DT_REG)
            continue;
        unlinkat (folder, PROBE, 0);
        if (try_mode (root, entry->d_name, folder, TRUE) == 0)
            return PR_BACKUP_MODE_REFLINK;
        return try_mode (root, entry->d_name, folder, FALSE) == 0 ? PR_BACKUP_MODE_LINK : PR_BACKUP_MODE_COPY;
    }
    return PR_BACKUP_MODE_LINK;
}
