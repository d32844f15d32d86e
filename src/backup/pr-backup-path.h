/* Names that a phone supplies, and how they are looked up: never outside the backup, never through a link.
 *
 * Only names that need no trust are taken: ASCII, no "..", nothing hidden, and upper case in the few names that Apple
 * writes so. Two names that are taken are therefore never the same on a file system that folds case.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <sys/types.h>

#define PR_BACKUP_MAX_PATH 512
#define PR_BACKUP_MAX_DEPTH 8

/* What is ours inside a backup; a phone cannot name it. */
#define PR_BACKUP_OURS ".phone-reset"

/**
 * pr_backup_path_check:
 * @name: (array length=length): as the phone says it, "UDID/Snapshot/00/00…", not terminated
 * @udid: the folder that it must be in
 *
 * Errors: PR_ERROR_UNSAFE_DATA.
 *
 * Returns: (transfer full) (nullable): the path below the backup; "" is the backup itself
 */
char *pr_backup_path_check (const char *name, gsize length, const char *udid, GError **error);

/* (transfer full): how a phone wrote @name, which a file system gave back that does not keep upper case. */
char *pr_backup_path_restore_case (const char *name);

/* A UDID (or any name of a backup's folder) of letters, digits and "-" only. */
gboolean pr_backup_path_is_udid (const char *udid);

/* openat2() with RESOLVE_BENEATH, _NO_SYMLINKS and _NO_MAGICLINKS. Returns: a descriptor, or -1 with errno. */
int pr_backup_path_open (int root, const char *path, int flags, mode_t mode);

/* The descriptor of the folder that @path is in; @name: (out) (transfer none): the rest, a part of @path. */
int pr_backup_path_open_parent (int root, const char *path, const char **name);

/* A large file is read in pieces of @length, of which @done bytes are there: the disk is to bring the next ones. */
void pr_backup_path_read_ahead (int fd, guint64 done, gsize length);
