// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-path.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pr-error.h"

#define MAX_NAME 128
#define MAX_UDID 64
#define READ_AHEAD (4 * 1024 * 1024)

/* The only names with upper case, in backups of every age; the rest of such a name is lower case. */
static const char *const upper_names[] = { "Snapshot", "Manifest.", "Status.", "Info." };

static gboolean
is_plain (const char *name, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if (!g_ascii_islower (name[i]) && !g_ascii_isdigit (name[i]) && strchr ("._-", name[i]) == NULL)
            return FALSE;
    return TRUE;
}

static gboolean
is_name (const char *name, gsize length)
{
    if (length == 0 || length > MAX_NAME || name[0] == '.' || memchr (name, '\0', length) != NULL)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS (upper_names); i++) {
        gsize n = strlen (upper_names[i]);

        if (length < n || g_ascii_strncasecmp (name, upper_names[i], n) != 0)
            continue;
        return strncmp (name, upper_names[i], n) == 0 && is_plain (name + n, length - n) && name[length - 1] != '.';
    }
    return is_plain (name, length) && name[length - 1] != '.';
}

static gboolean
are_names (const char *path, gsize length)
{
    for (guint depth = 0; depth < PR_BACKUP_MAX_DEPTH; depth++) {
        const char *slash = memchr (path, '/', length);
        gsize n = slash != NULL ? (gsize) (slash - path) : length;

        if (!is_name (path, n))
            return FALSE;
        if (slash == NULL)
            return TRUE;
        path += n + 1;
        length -= n + 1;
    }
    return FALSE;
}

char *
pr_backup_path_restore_case (const char *name)
{
    char *restored = g_ascii_strdown (name, -1);

    for (gsize i = 0; i < G_N_ELEMENTS (upper_names); i++)
        if (g_ascii_strncasecmp (name, upper_names[i], strlen (upper_names[i])) == 0)
            memcpy (restored, upper_names[i], strlen (upper_names[i]));
    return restored;
}

static char *
refuse (const char *name, gsize length, GError **error)
{
    g_autofree char *copy = g_strndup (name, MIN (length, 200));
    g_autofree char *shown = g_strescape (copy, NULL);

    g_set_error (error, PR_ERROR, PR_ERROR_UNSAFE_DATA, "the phone named \"%s\"", shown);
    return NULL;
}

char *
pr_backup_path_check (const char *name, gsize length, const char *udid, GError **error)
{
    gsize n = strlen (udid);
    gsize rest = length;

    if (length > PR_BACKUP_MAX_PATH || length < n || memcmp (name, udid, n) != 0)
        return refuse (name, length, error);
    while (rest > n && name[rest - 1] == '/')
        rest--;
    if (rest == n)
        return g_strdup ("");
    if (name[n] != '/' || !are_names (name + n + 1, rest - n - 1))
        return refuse (name, length, error);
    return g_strndup (name + n + 1, rest - n - 1);
}

gboolean
pr_backup_path_is_udid (const char *udid)
{
    gsize length = strlen (udid);

    if (length == 0 || length > MAX_UDID || udid[0] == '-')
        return FALSE;
    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isalnum (udid[i]) && udid[i] != '-')
            return FALSE;
    return TRUE;
}

int
pr_backup_path_open (int root, const char *path, int flags, mode_t mode)
{
    struct open_how how = {
        .flags = (guint64) (flags | O_CLOEXEC),
        .mode = (flags & (O_CREAT | __O_TMPFILE)) != 0 ? mode : 0,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    int fd;

    do
        fd = (int) syscall (SYS_openat2, root, *path != '\0' ? path : ".", &how, sizeof how);
    while (fd < 0 && (errno == EINTR || errno == EAGAIN));
    return fd;
}

int
pr_backup_path_open_parent (int root, const char *path, const char **name)
{
    const char *slash = strrchr (path, '/');
    g_autofree char *folder = slash != NULL ? g_strndup (path, slash - path) : g_strdup ("");

    *name = slash != NULL ? slash + 1 : path;
    return pr_backup_path_open (root, folder, O_PATH | O_DIRECTORY, 0);
}

void
pr_backup_path_read_ahead (int fd, guint64 done, gsize length)
{
    if (done <= length)
        posix_fadvise (fd, (off_t) done, READ_AHEAD, POSIX_FADV_WILLNEED);
    else
        posix_fadvise (fd, (off_t) (done + READ_AHEAD - length), (off_t) length, POSIX_FADV_WILLNEED);
}
