// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-folders.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>

#include "pr-backup-path.h"

#define MAX_FOLDERS 512 /* Snapshot/00 to ff, and 00 to ff */
#define MIN_FOLDERS 64

typedef struct {
    char *path;
    int fd;
} Folder;

struct _PrBackupFolders {
    Folder places[MAX_FOLDERS];
    guint n_places; /* that this process can afford */
    gsize longest;  /* path that is kept */
};

static int n_users; /* atomic: in this process */

void
pr_backup_folders_forget (PrBackupFolders *self)
{
    for (guint i = 0; i < MAX_FOLDERS; i++) {
        g_clear_pointer (&self->places[i].path, g_free);
        g_clear_fd (&self->places[i].fd, NULL);
    }
    self->longest = 0;
}

void
pr_backup_folders_forget_moved (PrBackupFolders *self, const char *path)
{
    if (strlen (path) <= self->longest)
        pr_backup_folders_forget (self);
}

/* The first user may have half of what the process may open, others at the same time little. */
static guint
count_affordable (void)
{
    struct rlimit limit;
    gboolean first = g_atomic_int_add (&n_users, 1) == 0;

    if (!first || getrlimit (RLIMIT_NOFILE, &limit) < 0)
        return MIN_FOLDERS;
    return (guint) CLAMP (limit.rlim_cur / 2, MIN_FOLDERS, MAX_FOLDERS);
}

static gsize
get_parent_length (const char *path)
{
    const char *slash = strrchr (path, '/');

    return slash != NULL ? (gsize) (slash - path) : 0;
}

/* Where the folder of @path is kept: each of those that most files are in has a place of its own. */
static Folder *
find_place (PrBackupFolders *self, const char *path)
{
    gsize length = get_parent_length (path);
    int high = length >= 2 ? g_ascii_xdigit_value (path[length - 2]) : -1;
    int low = length >= 2 ? g_ascii_xdigit_value (path[length - 1]) : -1;
    guint place = high >= 0 && low >= 0 ? (guint) (16 * high + low) : 0;

    return &self->places[(place + (length > 2 ? MAX_FOLDERS / 2 : 0)) % self->n_places];
}

int
pr_backup_folders_find_parent (PrBackupFolders *self, int root, const char *path, const char **name)
{
    gsize length = get_parent_length (path);
    Folder *folder = find_place (self, path);

    *name = length > 0 ? path + length + 1 : path;
    if (folder->path != NULL && strncmp (folder->path, path, length) == 0 && folder->path[length] == '\0')
        return folder->fd;
    g_clear_pointer (&folder->path, g_free);
    g_clear_fd (&folder->fd, NULL);
    folder->path = g_strndup (path, length);
    folder->fd = pr_backup_path_open (root, folder->path, O_PATH | O_DIRECTORY, 0);
    if (folder->fd < 0)
        g_clear_pointer (&folder->path, g_free);
    self->longest = MAX (self->longest, length);
    return folder->fd;
}

gboolean
pr_backup_folders_share_place (PrBackupFolders *self, const char *path, const char *other)
{
    return find_place (self, path) == find_place (self, other);
}

PrBackupFolders *
pr_backup_folders_new (void)
{
    PrBackupFolders *self = g_new0 (PrBackupFolders, 1);

    for (guint i = 0; i < MAX_FOLDERS; i++)
        self->places[i].fd = -1;
    self->n_places = count_affordable ();
    return self;
}

void
pr_backup_folders_free (PrBackupFolders *self)
{
    pr_backup_folders_forget (self);
    g_atomic_int_add (&n_users, -1);
    g_free (self);
}
