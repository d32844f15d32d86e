// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>

#include "pr-backup-step.h"
#include "pr-error.h"

#define VERSIONS ".versions"
#define PAUSE (50 * 1000) /* microseconds */

static char *
create_name (const char *udid)
{
    return g_strdup_printf (".%s.lock", udid);
}

static gboolean
is_version (const char *path)
{
    g_autofree char *folder = g_path_get_dirname (path);

    return g_str_has_suffix (folder, VERSIONS);
}

char *
pr_backup_lock_get_udid (const char *path)
{
    g_autofree char *folder = g_path_get_dirname (path);
    g_autofree char *name = NULL;

    if (!is_version (path))
        return g_path_get_basename (path);
    name = g_path_get_basename (folder);
    return g_strndup (name, strlen (name) - strlen (VERSIONS));
}

/* 0, EWOULDBLOCK when somebody holds it, or an errno. */
static int
try_lock (int fd, int how)
{
    return flock (fd, how | LOCK_NB) == 0 ? 0 : errno;
}

static gboolean
fail (int number, const char *name, GError **error)
{
    if (number != EWOULDBLOCK)
        return pr_backup_fail (error, number, name);
    g_set_error (error, PR_ERROR, PR_ERROR_BUSY, "somebody works on the backup (%s)", name);
    return FALSE;
}

int
pr_backup_lock_write (int folder, const char *udid, double seconds, GCancellable *cancellable, GError **error)
{
    g_autofree char *name = create_name (udid);
    g_autofd int fd = openat (folder, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    gint64 end = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
    int number;

    if (fd < 0) {
        pr_backup_fail (error, errno, name);
        return -1;
    }
    while ((number = try_lock (fd, LOCK_EX)) == EWOULDBLOCK && g_get_monotonic_time () < end) {
        if (g_cancellable_set_error_if_cancelled (cancellable, error))
            return -1;
        g_usleep (PAUSE);
    }
    if (number == 0)
        return g_steal_fd (&fd);
    fail (number, name, error);
    return -1;
}

/* On a disk that cannot be written to nobody writes; and into another program's folder no file of ours is put. */
static int
open_to_read (const char *folder, const char *name, gboolean ours)
{
    g_autofree char *path = g_build_filename (folder, name, NULL);
    int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC;
    int fd = open (path, flags);

    if (fd < 0 && errno == ENOENT && ours)
        fd = open (path, flags | O_CREAT, 0600);
    return fd;
}

gboolean
pr_backup_lock_read (const char *path, gboolean ours, int *lock, GError **error)
{
    g_autofree char *parent = g_path_get_dirname (path);
    g_autofree char *folder = is_version (path) ? g_path_get_dirname (parent) : g_strdup (parent);
    g_autofree char *udid = pr_backup_lock_get_udid (path);
    g_autofree char *name = create_name (udid);
    g_autofd int fd = open_to_read (folder, name, ours);
    int number;

    *lock = -1;
    if (fd < 0 && (errno == ENOENT || errno == EROFS || errno == EACCES))
        return TRUE;
    if (fd < 0)
        return pr_backup_fail (error, errno, name);
    number = try_lock (fd, LOCK_SH);
    if (number != 0)
        return fail (number, name, error);
    *lock = g_steal_fd (&fd);
    return TRUE;
}
