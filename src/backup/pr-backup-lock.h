/* Who works on a backup: one run that writes, or any number that read. The lock is on FOLDER/.UDID.lock, and other
 * instances of the program see it; it is given back by closing the descriptor, or by the end of the process.
 *
 * Blocking; any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

/**
 * pr_backup_lock_write:
 * @seconds: how long to wait for those who read; 0: not at all
 *
 * Errors: PR_ERROR_BUSY when somebody holds it, G_IO_ERROR_CANCELLED, those of pr_backup_fail().
 *
 * Returns: (transfer full): a descriptor, -1 with @error
 */
int pr_backup_lock_write (int folder, const char *udid, double seconds, GCancellable *cancellable, GError **error);

/**
 * pr_backup_lock_read:
 * @path: of a backup, or of an earlier version of one
 * @ours: in a folder of ours, where runs of ours may come
 * @lock: (out) (transfer full): a descriptor; -1 where nobody can write anyway, or nobody of us ever did
 *
 * While it is held no run begins, and nothing is pruned or deleted. Errors: PR_ERROR_BUSY when a run works on it.
 */
gboolean pr_backup_lock_read (const char *path, gboolean ours, int *lock, GError **error);

/* (transfer full): whose backup is at @path: "F/UDID" and "F/UDID.versions/0001" are both UDID's. */
char *pr_backup_lock_get_udid (const char *path);
