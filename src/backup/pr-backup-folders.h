/* Descriptors of a backup's folders that stay open while its files are made and moved, which opened two for each.
 *
 * One thread, but for several users in a process, of whom the first may keep many.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

typedef struct _PrBackupFolders PrBackupFolders;

PrBackupFolders *pr_backup_folders_new (void);
void pr_backup_folders_free (PrBackupFolders *self);

/**
 * pr_backup_folders_find_parent:
 * @root: always the same one
 * @path: of pr_backup_path_check()
 * @name: (out): the last part of @path
 *
 * Returns: the folder that @path is in, borrowed until another one takes its place; -1 with errno
 */
int pr_backup_folders_find_parent (PrBackupFolders *self, int root, const char *path, const char **name);

/* Would the folder of the one be closed to open that of the other? */
gboolean pr_backup_folders_share_place (PrBackupFolders *self, const char *path, const char *other);

/* After folders were removed or renamed. */
void pr_backup_folders_forget (PrBackupFolders *self);

/* After @path was renamed, or something to it, which may be a folder: nothing is done where only a file can be. */
void pr_backup_folders_forget_moved (PrBackupFolders *self, const char *path);
