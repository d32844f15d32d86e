// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-place.h"

#include "pr-backup-path.h"
#include "pr-backup-state.h"
#include "pr-backup-step.h"
#include "pr-backup-tree.h"
#include "pr-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#define EXPECTED_SHARE 10 /* a later backup brings one part in so many anew */

/* What statfs() calls file systems, from <linux/magic.h> and the kernel's sources of those that are not in it. */
static const struct {
    guint32 magic;
    PrBackupPlaceKind kind;
    gboolean links;
} kinds[] = {
    { EXT4_SUPER_MAGIC, PR_BACKUP_PLACE_GOOD, TRUE },
    { BTRFS_SUPER_MAGIC, PR_BACKUP_PLACE_GOOD, TRUE },
    { XFS_SUPER_MAGIC, PR_BACKUP_PLACE_GOOD, TRUE },
    { F2FS_SUPER_MAGIC, PR_BACKUP_PLACE_GOOD, TRUE },
    { TMPFS_MAGIC, PR_BACKUP_PLACE_GOOD, TRUE },
    { OVERLAYFS_SUPER_MAGIC, PR_BACKUP_PLACE_GOOD, TRUE },
    { 0x2fc12fc1 /* ZFS */, PR_BACKUP_PLACE_GOOD, TRUE },
    { 0xca451a4e /* bcachefs */, PR_BACKUP_PLACE_GOOD, TRUE },
    { NFS_SUPER_MAGIC, PR_BACKUP_PLACE_SLOW, TRUE },
    { SMB_SUPER_MAGIC, PR_BACKUP_PLACE_SLOW, FALSE },
    { CIFS_SUPER_MAGIC, PR_BACKUP_PLACE_SLOW, FALSE },
    { SMB2_SUPER_MAGIC, PR_BACKUP_PLACE_SLOW, FALSE },
    { 0x65735546 /* FUSE */, PR_BACKUP_PLACE_SLOW, FALSE },
    { 0x01021997 /* 9p */, PR_BACKUP_PLACE_SLOW, FALSE },
};

void
pr_backup_place_free (PrBackupPlace *self)
{
    g_clear_error (&self->error);
    g_free (self);
}

static void
judge_kind (PrBackupPlace *self, guint32 magic)
{
    self->kind = PR_BACKUP_PLACE_FOREIGN;
    for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
        if (kinds[i].magic == magic) {
            self->kind = kinds[i].kind;
            self->links = kinds[i].links;
        }
}

/* One that another program made says nothing of its size. */
static guint64
measure_backup (int folder, const char *udid, GCancellable *cancellable)
{
    g_autofd int root = openat (folder, udid, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    PrBackupState state;
    guint64 files = 0, bytes = 0;

    if (root < 0)
        return 0;
    pr_backup_state_read (root, &state);
    if (state.bytes > 0)
        return state.bytes;
    return pr_backup_tree_measure (root, &files, &bytes, cancellable) ? bytes : 0;
}

/* The folder itself is made if only it is missing. */
static int
open_folder (const char *path, GError **error)
{
    g_autofree char *parent = g_path_get_dirname (path);
    int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0 && errno == ENOENT)
        fd = open (parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        g_set_error (error, PR_ERROR, PR_ERROR_BACKUP_DISK_GONE, "%s: %s", path, g_strerror (errno));
    return fd;
}

static void
look_at (PrBackupPlace *self, const char *path, const char *udid, GCancellable *cancellable)
{
    g_autofd int folder = open_folder (path, &self->error);
    struct statfs status;

    if (folder < 0)
        return;
    if (fstatfs (folder, &status) < 0 || faccessat (folder, ".", W_OK | X_OK, AT_EACCESS) < 0) {
        g_set_error (&self->error, PR_ERROR, PR_ERROR_BACKUP_DISK_GONE, "%s: %s", path, g_strerror (errno));
        return;
    }
    judge_kind (self, (guint32) status.f_type);
    self->free = (guint64) status.f_bavail * (guint64) status.f_bsize;
    if (udid && pr_backup_path_is_udid (udid))
        self->last_bytes = measure_backup (folder, udid, cancellable);
}

typedef struct {
    char *folder, *udid;
} Query;

static void
query_free (gpointer data)
{
    Query *query = data;

    g_free (query->folder);
    g_free (query->udid);
    g_free (query);
}

static void
look (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    const Query *query = data;
    PrBackupPlace *self = g_new0 (PrBackupPlace, 1);

    look_at (self, query->folder, query->udid, cancellable);
    g_task_return_pointer (task, self, (GDestroyNotify) pr_backup_place_free);
}

void
pr_backup_place_look_async (const char *folder,
                            const char *udid,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
    g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
    Query *query = g_new0 (Query, 1);

    query->folder = g_strdup (folder);
    query->udid = g_strdup (udid);
    g_task_set_source_tag (task, pr_backup_place_look_async);
    g_task_set_task_data (task, query, query_free);
    g_task_run_in_thread (task, look);
}

PrBackupPlace *
pr_backup_place_look_finish (GAsyncResult *result)
{
    return g_task_propagate_pointer (G_TASK (result), NULL);
}

PrBackupRoom
pr_backup_place_estimate (const PrBackupPlace *self, guint64 used, guint64 *needed)
{
    guint64 expected = self->last_bytes > 0 ? self->last_bytes / EXPECTED_SHARE : used;
    guint64 copy = self->links ? 0 : self->last_bytes;

    *needed = expected > 0 ? expected + copy + PR_BACKUP_PLACE_MARGIN : 0;
    if (self->free < PR_BACKUP_PLACE_MARGIN)
        return PR_BACKUP_ROOM_NONE;
    if (copy > 0 && copy + PR_BACKUP_PLACE_MARGIN > self->free) {
        *needed = expected + PR_BACKUP_PLACE_MARGIN;
        return *needed <= self->free ? PR_BACKUP_ROOM_JOURNAL : PR_BACKUP_ROOM_NONE;
    }
    if (*needed == 0)
        return PR_BACKUP_ROOM_UNKNOWN;
    return *needed <= self->free ? PR_BACKUP_ROOM_FITS : PR_BACKUP_ROOM_TIGHT;
}
