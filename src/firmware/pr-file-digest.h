/* The digest of a file, computed by a thread that follows while the file grows: what was written is read back from
 * memory, so that a download needs no second pass, and one that is continued catches up beside the new bytes.
 *
 * Used by one thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

typedef struct _PrFileDigest PrFileDigest;

/* @fd: is duplicated. @like: a digest in hex, of which only the length counts: SHA-1 or SHA-256 */
PrFileDigest *pr_file_digest_new (int fd, const char *like);
/* The first @length bytes are there. Never less than before. */
void pr_file_digest_advance (PrFileDigest *self, guint64 length);
/* Waits until everything that is there was read. Returns: (transfer full) (nullable): in hex; G_IO_ERRORs of reading */
char *pr_file_digest_finish (PrFileDigest *self, GCancellable *cancellable, GError **error);
void pr_file_digest_free (PrFileDigest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrFileDigest, pr_file_digest_free)

/* Of a whole file, at once. Blocking. */
char *pr_file_digest_compute (const char *path, const char *like, GCancellable *cancellable, GError **error);
