// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-digests.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pr-backup-step.h"
#include "pr-error.h"
#include "pr-xxh3.h"

#define MAGIC "PRDIGST1"
#define SNAPSHOT "Snapshot/"
#define LOG_BUFFER 1024  /* entries */
#define BUCKET_BUFFER 64 /* entries of each bucket while they are sorted into buckets */

G_STATIC_ASSERT (sizeof (PrBackupDigest) == 48);

typedef struct {
    char magic[8];
    guint64 counts[PR_BACKUP_N_BUCKETS];
    guint64 low, high;
} Header;

struct _PrBackupLog {
    int fd;
    PrBackupDigest buffer[LOG_BUFFER];
    guint used;
    guint64 written;
};

struct _PrBackupRecord {
    int fd;
    Header header;
    guint64 starts[PR_BACKUP_N_BUCKETS];
};

/* --- Keys --- */

static gboolean
read_hex (const char *text, guint8 *bytes, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        int high = g_ascii_xdigit_value (text[2 * i]);
        int low = high >= 0 ? g_ascii_xdigit_value (text[2 * i + 1]) : -1;

        if (low < 0)
            return FALSE;
        bytes[i] = (guint8) (high << 4 | low);
    }
    return TRUE;
}

/* "xx/" and the 40 digits of which xx are the first */
static gboolean
read_id (const char *path, guint8 id[20])
{
    return strlen (path) == 43 && path[2] == '/' && strncmp (path, path + 3, 2) == 0 && read_hex (path + 3, id, 20);
}

static void
make_key (const char *path, PrBackupDigest *key)
{
    g_autoptr (GChecksum) checksum = NULL;
    gsize length = sizeof key->id;

    if (read_id (path, key->id)) {
        key->bucket = key->id[0];
        return;
    }
    checksum = g_checksum_new (G_CHECKSUM_SHA1);
    g_checksum_update (checksum, (const guchar *) path, -1);
    g_checksum_get_digest (checksum, key->id, &length);
    key->bucket = PR_BACKUP_N_BUCKETS - 1;
}

guint
pr_backup_digest_get_bucket (const char *path)
{
    PrBackupDigest key;

    make_key (path, &key);
    return key.bucket;
}

/* --- Files --- */

static gboolean
write_at (int fd, const void *data, gsize length, guint64 offset, GError **error)
{
    const guint8 *bytes = data;

    while (length > 0) {
        gssize n = TEMP_FAILURE_RETRY (pwrite (fd, bytes, length, (off_t) offset));

        if (n <= 0)
            return pr_backup_fail (error, n < 0 ? errno : ENOSPC, "writing the digests");
        bytes += n;
        offset += (gsize) n;
        length -= (gsize) n;
    }
    return TRUE;
}

static gboolean
read_at (int fd, void *data, gsize length, guint64 offset, GError **error)
{
    guint8 *bytes = data;

    while (length > 0) {
        gssize n = TEMP_FAILURE_RETRY (pread (fd, bytes, length, (off_t) offset));

        if (n < 0)
            return pr_backup_fail (error, errno, "reading the digests");
        if (n == 0) {
            g_set_error_literal (error, PR_ERROR, PR_ERROR_BACKUP_DAMAGED, "the record of digests is cut short");
            return FALSE;
        }
        bytes += n;
        offset += (gsize) n;
        length -= (gsize) n;
    }
    return TRUE;
}

/* --- The log --- */

PrBackupLog *
pr_backup_log_new (int fd)
{
    PrBackupLog *self = g_new0 (PrBackupLog, 1);

    self->fd = fd;
    return self;
}

void
pr_backup_log_free (PrBackupLog *self)
{
    g_clear_fd (&self->fd, NULL);
    g_free (self);
}

static gboolean
flush (PrBackupLog *self, GError **error)
{
    if (!write_at (self->fd, self->buffer, self->used * sizeof *self->buffer, self->written * sizeof *self->buffer,
                   error))
        return FALSE;
    self->written += self->used;
    self->used = 0;
    return TRUE;
}

gboolean
pr_backup_log_note (PrBackupLog *self,
                    const char *path,
                    PrBackupNote note,
                    const PrBackupDigest *digest,
                    GError **error)
{
    gboolean staged = g_str_has_prefix (path, SNAPSHOT);
    PrBackupDigest entry = { 0 };

    if (staged && note != PR_BACKUP_NOTE_ARRIVED)
        return TRUE;
    if (digest != NULL)
        entry = *digest;
    make_key (staged ? path + strlen (SNAPSHOT) : path, &entry);
    entry.note = (guint8) (staged ? PR_BACKUP_NOTE_STAGED : note);
    self->buffer[self->used++] = entry;
    return self->used < LOG_BUFFER || flush (self, error);
}

/* --- Becoming a record --- */

typedef struct {
    int log, record, scratch, out;
    Header before; /* all 0 when there is none */
    guint64 n_log, n_record;
    guint64 starts[PR_BACKUP_N_BUCKETS]; /* of the buckets in the scratch file */
    guint64 counts[PR_BACKUP_N_BUCKETS];
} Merge;

static gboolean
count_log (Merge *merge, GError **error)
{
    g_autofree PrBackupDigest *chunk = g_new (PrBackupDigest, LOG_BUFFER);

    for (guint64 i = 0; i < merge->n_log; i += LOG_BUFFER) {
        gsize n = (gsize) MIN (LOG_BUFFER, merge->n_log - i);

        if (!read_at (merge->log, chunk, n * sizeof *chunk, i * sizeof *chunk, error))
            return FALSE;
        for (gsize j = 0; j < n; j++)
            merge->counts[MIN (chunk[j].bucket, PR_BACKUP_N_BUCKETS - 1)]++;
    }
    return TRUE;
}

/* Puts the log's entries into the scratch file, bucket by bucket, in their order. */
static gboolean
distribute (Merge *merge, GError **error)
{
    g_autofree PrBackupDigest *chunk = g_new (PrBackupDigest, LOG_BUFFER);
    g_autofree PrBackupDigest *waiting = g_new (PrBackupDigest, PR_BACKUP_N_BUCKETS * BUCKET_BUFFER);
    guint used[PR_BACKUP_N_BUCKETS] = { 0 };
    guint64 at[PR_BACKUP_N_BUCKETS];

    memcpy (at, merge->starts, sizeof at);
    for (guint64 i = 0; i < merge->n_log; i += LOG_BUFFER) {
        gsize n = (gsize) MIN (LOG_BUFFER, merge->n_log - i);

        if (!read_at (merge->log, chunk, n * sizeof *chunk, i * sizeof *chunk, error))
            return FALSE;
        for (gsize j = 0; j < n; j++) {
            guint b = MIN (chunk[j].bucket, PR_BACKUP_N_BUCKETS - 1);
            PrBackupDigest *own = waiting + b * BUCKET_BUFFER;

            own[used[b]++] = chunk[j];
            if (used[b] < BUCKET_BUFFER)
                continue;
            if (!write_at (merge->scratch, own, sizeof *own * used[b], at[b] * sizeof *own, error))
                return FALSE;
            at[b] += used[b];
            used[b] = 0;
        }
    }
    for (guint b = 0; b < PR_BACKUP_N_BUCKETS; b++)
        if (!write_at (merge->scratch, waiting + b * BUCKET_BUFFER, sizeof *waiting * used[b], at[b] * sizeof *waiting,
                       error))
            return FALSE;
    return TRUE;
}

static gboolean
append_entries (GArray *array, int fd, guint64 offset, guint64 count, GError **error)
{
    guint before = array->len;

    g_array_set_size (array, before + (guint) count);
    return read_at (fd, &g_array_index (array, PrBackupDigest, before), (gsize) count * sizeof (PrBackupDigest), offset,
                    error);
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
    return memcmp (((const PrBackupDigest *) a)->id, ((const PrBackupDigest *) b)->id,
                   sizeof ((PrBackupDigest *) a)->id);
}

/* What is left of one file after @n notes about it, oldest first; FALSE if nothing is. */
static gboolean
play (const PrBackupDigest *notes, guint n, PrBackupDigest *left)
{
    const PrBackupDigest *staged = NULL, *present = NULL;

    for (guint i = 0; i < n; i++) {
        switch ((PrBackupNote) notes[i].note) {
        case PR_BACKUP_NOTE_STAGED:
            staged = &notes[i];
            break;
        case PR_BACKUP_NOTE_ARRIVED:
            present = &notes[i];
            break;
        case PR_BACKUP_NOTE_MOVED:
            present = staged;
            staged = NULL;
            break;
        case PR_BACKUP_NOTE_UNKNOWN:
        case PR_BACKUP_NOTE_REMOVED:
            present = NULL;
            break;
        }
    }
    if (present == NULL)
        return FALSE;
    *left = *present;
    left->note = PR_BACKUP_NOTE_ARRIVED;
    return TRUE;
}

/* GArray's sort is stable. */
static void
settle (GArray *notes, GArray *settled)
{
    g_array_sort (notes, compare_ids);
    for (guint i = 0, n; i < notes->len; i += n) {
        const PrBackupDigest *first = &g_array_index (notes, PrBackupDigest, i);
        PrBackupDigest left;

        for (n = 1; i + n < notes->len && compare_ids (first, first + n) == 0; n++)
            ;
        if (play (first, n, &left))
            g_array_append_val (settled, left);
    }
}

static gboolean
write_buckets (Merge *merge, GError **error)
{
    g_autoptr (GArray) notes = g_array_new (FALSE, FALSE, sizeof (PrBackupDigest));
    g_autoptr (GArray) settled = g_array_new (FALSE, FALSE, sizeof (PrBackupDigest));
    XXH3_state_t *state = XXH3_createState ();
    Header header = { .magic = MAGIC };
    guint64 old_at = sizeof header, new_at = sizeof header;
    gboolean ok = TRUE;
    XXH128_hash_t hash;

    XXH3_128bits_reset (state);
    for (guint b = 0; ok && b < PR_BACKUP_N_BUCKETS; b++) {
        g_array_set_size (notes, 0);
        g_array_set_size (settled, 0);
        ok =
            append_entries (notes, merge->record, old_at, merge->before.counts[b], error) &&
            append_entries (notes, merge->scratch, merge->starts[b] * sizeof (PrBackupDigest), merge->counts[b], error);
        if (!ok)
            break;
        settle (notes, settled);
        header.counts[b] = settled->len;
        XXH3_128bits_update (state, settled->data, settled->len * sizeof (PrBackupDigest));
        ok = write_at (merge->out, settled->data, settled->len * sizeof (PrBackupDigest), new_at, error);
        old_at += merge->before.counts[b] * sizeof (PrBackupDigest);
        new_at += settled->len * sizeof (PrBackupDigest);
    }
    XXH3_128bits_update (state, header.counts, sizeof header.counts);
    hash = XXH3_128bits_digest (state);
    XXH3_freeState (state);
    header.low = hash.low64;
    header.high = hash.high64;
    return ok && write_at (merge->out, &header, sizeof header, 0, error);
}

static gboolean
read_header (int fd, Header *header, GError **error)
{
    guint64 total = 0;
    struct stat status;

    if (!read_at (fd, header, sizeof *header, 0, error))
        return FALSE;
    for (guint i = 0; i < PR_BACKUP_N_BUCKETS && header->counts[i] < G_MAXUINT32; i++)
        total += header->counts[i];
    if (fstat (fd, &status) < 0 || memcmp (header->magic, MAGIC, sizeof header->magic) != 0 ||
        total * sizeof (PrBackupDigest) + sizeof *header != (guint64) status.st_size) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_BACKUP_DAMAGED, "the record of digests is damaged");
        return FALSE;
    }
    return TRUE;
}

gboolean
pr_backup_log_merge (PrBackupLog *self, int record, int scratch, int out, GError **error)
{
    g_autofree Merge *merge = g_new0 (Merge, 1);

    if (!flush (self, error))
        return FALSE;
    merge->log = self->fd;
    merge->record = record;
    merge->scratch = scratch;
    merge->out = out;
    merge->n_log = self->written;
    if (record >= 0 && !read_header (record, &merge->before, error))
        return FALSE;
    if (!count_log (merge, error))
        return FALSE;
    for (guint b = 1; b < PR_BACKUP_N_BUCKETS; b++)
        merge->starts[b] = merge->starts[b - 1] + merge->counts[b - 1];
    return distribute (merge, error) && write_buckets (merge, error);
}

/* --- Reading --- */

PrBackupRecord *
pr_backup_record_open (int fd, GError **error)
{
    g_autoptr (PrBackupRecord) self = g_new0 (PrBackupRecord, 1);

    self->fd = fd;
    if (!read_header (fd, &self->header, error))
        return NULL;
    self->starts[0] = sizeof (Header);
    for (guint b = 1; b < PR_BACKUP_N_BUCKETS; b++)
        self->starts[b] = self->starts[b - 1] + self->header.counts[b - 1] * sizeof (PrBackupDigest);
    return g_steal_pointer (&self);
}

void
pr_backup_record_free (PrBackupRecord *self)
{
    g_clear_fd (&self->fd, NULL);
    g_free (self);
}

guint64
pr_backup_record_count (PrBackupRecord *self, guint bucket)
{
    return self->header.counts[bucket];
}

gboolean
pr_backup_record_check (PrBackupRecord *self, GError **error)
{
    XXH3_state_t *state = XXH3_createState ();
    gboolean ok = TRUE;
    XXH128_hash_t hash;

    XXH3_128bits_reset (state);
    for (guint b = 0; ok && b < PR_BACKUP_N_BUCKETS; b++) {
        g_autoptr (GArray) entries = pr_backup_record_load (self, b, error);

        ok = entries != NULL;
        if (ok)
            XXH3_128bits_update (state, entries->data, entries->len * sizeof (PrBackupDigest));
    }
    XXH3_128bits_update (state, self->header.counts, sizeof self->header.counts);
    hash = XXH3_128bits_digest (state);
    XXH3_freeState (state);
    if (!ok || (hash.low64 == self->header.low && hash.high64 == self->header.high))
        return ok;
    g_set_error_literal (error, PR_ERROR, PR_ERROR_BACKUP_DAMAGED, "the record of digests has changed");
    return FALSE;
}

GArray *
pr_backup_record_load (PrBackupRecord *self, guint bucket, GError **error)
{
    g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (PrBackupDigest));

    if (!append_entries (entries, self->fd, self->starts[bucket], self->header.counts[bucket], error))
        return NULL;
    return g_steal_pointer (&entries);
}

const PrBackupDigest *
pr_backup_digest_find (GArray *bucket, const char *path)
{
    PrBackupDigest key = { 0 };
    guint place;

    make_key (path, &key);
    if (bucket == NULL || !g_array_binary_search (bucket, &key, compare_ids, &place))
        return NULL;
    return &g_array_index (bucket, PrBackupDigest, place);
}
