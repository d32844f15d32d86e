/* Whole folders of a backup: copied without touching the original, measured, removed. Blocking; any thread.
 *
 * Nothing but folders and ordinary files is followed, copied or counted; links are left out.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <dirent.h>
#include <gio/gio.h>

#include "pr-backup-step.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DIR, closedir)

/* The folder @name in @fd, which must not be a link; NULL with errno. */
DIR *pr_backup_tree_open (int fd, const char *name);
/* The next entry but "." and "..", with its type; NULL at the end (errno is 0) or with errno. */
struct dirent *pr_backup_tree_next (DIR *dir);

/* How a copy is made. */
typedef enum {
    PR_BACKUP_MODE_AUTO,    /* the first of these that the file system can do */
    PR_BACKUP_MODE_REFLINK, /* new files that share their blocks */
    PR_BACKUP_MODE_LINK,    /* more names of the same files, which are never written to */
    PR_BACKUP_MODE_COPY,    /* new files */
    PR_BACKUP_MODE_JOURNAL, /* no copy: the original is changed, and what was there is kept until the end */
} PrBackupMode;

/**
 * pr_backup_tree_clone:
 * @mode: reflink, link or copy
 *
 * Files of the copy cannot be written to (0400), folders only by their owner (0700).
 */
gboolean pr_backup_tree_clone (int from,
                               int to,
                               PrBackupMode mode,
                               const PrBackupSteps *steps,
                               GCancellable *cancellable,
                               GError **error);

/* One file, by reflink where that works. 0 or an errno. */
int pr_backup_tree_copy_file (int from, const char *name, int to, const char *new_name);

/* Removes @name in @folder with everything in it. That there is none is success. */
gboolean pr_backup_tree_remove (int folder, const char *name, const PrBackupSteps *steps, GError **error);

/* Takes away the right to write to the files of a backup that another program made. */
gboolean pr_backup_tree_seal (int root, const PrBackupSteps *steps, GError **error);

/* Adds up what is there; FALSE if it could not be read. @bytes: the room that a copy of it would take. */
gboolean pr_backup_tree_measure (int root, guint64 *files, guint64 *bytes, GCancellable *cancellable);

/* The best of reflink, link and copy that works from @root into a new file of the same disk. */
PrBackupMode pr_backup_tree_probe (int root, int folder);
