/* Our record of what every file of a backup was when it arrived: its size and XXH3-128.
 *
 * It finds decay of the disk and files cut short, not forgery: whoever can change a file can change this too.
 *
 * During a run what happens is appended to a log; at its end the log and the record of the backup before become the new
 * record, sorted by folder, with memory that does not grow with the number of files. The record is
 * "PRDIGST1", the number of entries of each of the 257 buckets, the digest of all that follows, then the entries.
 * Bucket n < 256 is the folder of that name in hexadecimal; 256 is everything else, by the SHA-1 of its path.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#define PR_BACKUP_N_BUCKETS 257

typedef enum {
    PR_BACKUP_NOTE_ARRIVED, /* with digest; in Snapshot it counts only once it was moved out */
    PR_BACKUP_NOTE_MOVED,   /* from Snapshot to its place */
    PR_BACKUP_NOTE_UNKNOWN, /* is there, without a digest */
    PR_BACKUP_NOTE_REMOVED,
    PR_BACKUP_NOTE_STAGED, /* internal: arrived in Snapshot */
} PrBackupNote;

typedef struct {
    guint8 id[20];
    guint16 bucket;
    guint8 note;
    guint8 unused;
    guint64 size;
    guint64 low, high; /* XXH3-128 */
} PrBackupDigest;

/* --- Writing: one thread at a time --- */

typedef struct _PrBackupLog PrBackupLog;

/* @fd: (transfer full): of a new, empty file that can be read and written */
PrBackupLog *pr_backup_log_new (int fd);
void pr_backup_log_free (PrBackupLog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrBackupLog, pr_backup_log_free)

/* @digest: (nullable): size, low and high are used */
gboolean pr_backup_log_note (PrBackupLog *self,
                             const char *path,
                             PrBackupNote note,
                             const PrBackupDigest *digest,
                             GError **error);

/**
 * pr_backup_log_merge:
 * @record: (nullable): a descriptor of the record before, -1 when there is none
 * @scratch: a descriptor of an empty file
 * @out: of the new, empty record
 */
gboolean pr_backup_log_merge (PrBackupLog *self, int record, int scratch, int out, GError **error);

/* --- Reading --- */

typedef struct _PrBackupRecord PrBackupRecord;

/**
 * pr_backup_record_open:
 * @fd: (transfer full): of a record
 *
 * Errors: PR_ERROR_BACKUP_DAMAGED.
 */
PrBackupRecord *pr_backup_record_open (int fd, GError **error);
void pr_backup_record_free (PrBackupRecord *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrBackupRecord, pr_backup_record_free)

guint64 pr_backup_record_count (PrBackupRecord *self, guint bucket);
/* Is the record itself what was written? */
gboolean pr_backup_record_check (PrBackupRecord *self, GError **error);
/* (transfer full) (element-type PrBackupDigest): sorted by id */
GArray *pr_backup_record_load (PrBackupRecord *self, guint bucket, GError **error);
/* (nullable): of @path in a loaded bucket, NULL if it has none */
const PrBackupDigest *pr_backup_digest_find (GArray *bucket, const char *path);
/* Which bucket is @path in? */
guint pr_backup_digest_get_bucket (const char *path);
