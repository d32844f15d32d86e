/* A lock on a file's name that every process and user of a folder sees (flock). It goes with the process.
 *
 * Any thread; two locks of one process exclude each other like those of two.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

typedef struct _PrFileLock PrFileLock;

/* Does not wait. @shared: beside others that are shared. @mode: of the lock file, if it is new.
 *
 * Returns: (transfer full) (nullable): %NULL with G_IO_ERROR_BUSY when somebody has it */
PrFileLock *pr_file_lock_try (const char *path, gboolean shared, mode_t mode, GError **error);
void pr_file_lock_free (PrFileLock *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrFileLock, pr_file_lock_free)
