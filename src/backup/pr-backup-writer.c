// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pr-error.h"
#include "pr-xxh3.h"

#define BLOCK PR_BACKUP_WRITER_BLOCK
#define ALIGNMENT 4096
#define DISK_LIMIT 60 /* seconds that one block may take */

/* A large file, from its first full block until it is written. */
typedef struct {
    char *path;
    int fd;
    gboolean direct;
    guint64 size;          /* that was written */
    PrBackupDigest digest; /* once all was received */
} Large;

typedef struct {
    guint8 *data; /* NULL: the thread ends */
    gsize length;
    Large *file;
    gboolean last;
} Job;

struct _PrBackupWriter {
    PrBackupRun *run;
    GThread *thread;
    GAsyncQueue *jobs; /* Job, to the thread */
    GAsyncQueue *free; /* blocks, from it */
    GAsyncQueue *done; /* Large, from it: written to the end, or failed */
    int failed;        /* atomic: an errno */
    guint blocks;      /* that exist */
    guint n_large;     /* given to the thread, not yet taken back */
    /* of the present file */
    char *path;
    XXH3_state_t *state; /* of what was received */
    guint64 size;
    guint8 *block; /* (nullable) */
    gsize used;
    Large *large; /* (nullable) */
};

/* --- In the thread --- */

static int
write_at (int fd, const guint8 *data, gsize length, guint64 offset)
{
    while (length > 0) {
        gssize n = TEMP_FAILURE_RETRY (pwrite (fd, data, length, (off_t) offset));

        if (n <= 0)
            return n < 0 ? errno : ENOSPC;
        data += n;
        offset += (guint64) n;
        length -= (gsize) n;
    }
    return 0;
}

static int
write_buffered (Large *file, const guint8 *data, gsize length, guint64 offset)
{
    if (file->direct)
        fcntl (file->fd, F_SETFL, fcntl (file->fd, F_GETFL) & ~O_DIRECT);
    file->direct = FALSE;
    return write_at (file->fd, data, length, offset);
}

/* Past the page cache go only whole pages; and on some file systems nothing, which they say at the first write. */
static int
write_job (const Job *job)
{
    Large *file = job->file;
    gsize whole = file->direct ? job->length / ALIGNMENT * ALIGNMENT : 0;
    int number = write_at (file->fd, job->data, whole, file->size);

    if (number == EINVAL)
        whole = 0;
    if ((number == 0 || number == EINVAL) && whole < job->length)
        number = write_buffered (file, job->data + whole, job->length - whole, file->size + whole);
    file->size += job->length;
    return number;
}

static gpointer
write_jobs (gpointer data)
{
    PrBackupWriter *self = data;

    for (;;) {
        Job *job = g_async_queue_pop (self->jobs);
        gboolean ends = job->data == NULL;
        int number = 0;

        if (!ends && g_atomic_int_get (&self->failed) == 0)
            number = write_job (job);
        if (number != 0)
            g_atomic_int_compare_and_exchange (&self->failed, 0, number);
        if (!ends && job->last)
            g_async_queue_push (self->done, job->file);
        if (!ends)
            g_async_queue_push (self->free, job->data);
        g_free (job);
        if (ends)
            return NULL;
    }
}

/* --- In the thread that receives --- */

static void
large_free (Large *file)
{
    g_clear_fd (&file->fd, NULL);
    g_free (file->path);
    g_free (file);
}

PrBackupWriter *
pr_backup_writer_new (PrBackupRun *run)
{
    PrBackupWriter *self = g_new0 (PrBackupWriter, 1);

    self->run = run;
    self->state = XXH3_createState ();
    self->jobs = g_async_queue_new ();
    self->free = g_async_queue_new ();
    self->done = g_async_queue_new ();
    self->thread = g_thread_new ("backup-writer", write_jobs, self);
    return self;
}

static void
push (PrBackupWriter *self, guint8 *data, gsize length, Large *file, gboolean last)
{
    Job *job = g_new0 (Job, 1);

    job->data = data;
    job->length = length;
    job->file = file;
    job->last = last;
    g_async_queue_push (self->jobs, job);
}

static void
free_large (gpointer data, gpointer unused)
{
    large_free (data);
}

void
pr_backup_writer_free (PrBackupWriter *self)
{
    gpointer item;

    push (self, NULL, 0, NULL, FALSE);
    g_thread_join (self->thread);
    while ((item = g_async_queue_try_pop (self->free)) != NULL)
        free (item);
    while ((item = g_async_queue_try_pop (self->done)) != NULL)
        free_large (item, NULL);
    g_clear_pointer (&self->large, large_free);
    free (self->block);
    XXH3_freeState (self->state);
    g_free (self->path);
    g_async_queue_unref (self->jobs);
    g_async_queue_unref (self->free);
    g_async_queue_unref (self->done);
    g_free (self);
}

static PrBackupDigest
get_digest (PrBackupWriter *self)
{
    XXH128_hash_t hash = XXH3_128bits_digest (self->state);

    return (PrBackupDigest) { .size = self->size, .low = hash.low64, .high = hash.high64 };
}

static gboolean
take_done (PrBackupWriter *self, GError **error)
{
    int number = g_atomic_int_get (&self->failed);
    Large *file;

    if (number != 0)
        return pr_backup_fail (error, number, "writing a file of the backup");
    while ((file = g_async_queue_try_pop (self->done)) != NULL) {
        gboolean ok = pr_backup_run_note (self->run, file->path, &file->digest, error);

        self->n_large--;
        large_free (file);
        if (!ok)
            return FALSE;
    }
    return TRUE;
}

static gboolean
wait_a_moment (gint64 *deadline, GCancellable *cancellable, GError **error)
{
    if (*deadline == 0)
        *deadline = g_get_monotonic_time () + DISK_LIMIT * G_USEC_PER_SEC;
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
    if (g_get_monotonic_time () < *deadline)
        return TRUE;
    g_set_error (error, PR_ERROR, PR_ERROR_BACKUP_DISK_GONE, "the disk took no data for %d s", DISK_LIMIT);
    return FALSE;
}

static guint8 *
get_block (PrBackupWriter *self, GCancellable *cancellable, GError **error)
{
    guint8 *block = g_async_queue_try_pop (self->free);
    gint64 deadline = 0;

    if (block == NULL && self->blocks < PR_BACKUP_WRITER_BLOCKS) {
        self->blocks++;
        block = aligned_alloc (ALIGNMENT, BLOCK);
        g_assert (block != NULL);
    }
    while (block == NULL && wait_a_moment (&deadline, cancellable, error))
        block = g_async_queue_timeout_pop (self->free, G_USEC_PER_SEC / 4);
    return block;
}

gboolean
pr_backup_writer_begin (PrBackupWriter *self, char *path, GCancellable *cancellable, GError **error)
{
    g_free (self->path);
    self->path = path;
    self->used = 0;
    self->size = 0;
    XXH3_128bits_reset (self->state);
    return take_done (self, error);
}

/* The file turned out to be a large one. */
static gboolean
open_large (PrBackupWriter *self, GError **error)
{
    int fd = pr_backup_run_create (self->run, self->path, error);

    if (fd < 0)
        return FALSE;
    self->large = g_new0 (Large, 1);
    self->large->fd = fd;
    self->large->path = g_strdup (self->path);
    self->large->direct = fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) | O_DIRECT) == 0;
    return TRUE;
}

static gboolean
hand_over (PrBackupWriter *self, gboolean last, GError **error)
{
    if (!pr_backup_step (pr_backup_run_get_steps (self->run), "write", error) || !take_done (self, error))
        return FALSE;
    if (last)
        self->large->digest = get_digest (self);
    push (self, g_steal_pointer (&self->block), self->used, self->large, last);
    self->used = 0;
    if (last) {
        self->large = NULL;
        self->n_large++;
    }
    return TRUE;
}

guint8 *
pr_backup_writer_reserve (PrBackupWriter *self, gsize *length, GCancellable *cancellable, GError **error)
{
    if (self->block != NULL && self->used == BLOCK &&
        ((self->large == NULL && !open_large (self, error)) || !hand_over (self, FALSE, error)))
        return NULL;
    if (self->block == NULL)
        self->block = get_block (self, cancellable, error);
    if (self->block == NULL)
        return NULL;
    *length = BLOCK - self->used;
    return self->block + self->used;
}

/* What has just been received is still near the processor: here its digest costs least. */
void
pr_backup_writer_add (PrBackupWriter *self, gsize length)
{
    XXH3_128bits_update (self->state, self->block + self->used, length);
    self->used += length;
    self->size += length;
}

static gboolean
write_small (PrBackupWriter *self, GError **error)
{
    static const guint8 nothing[1];
    const guint8 *data = self->block != NULL ? self->block : nothing;
    g_autofd int fd = pr_backup_run_create (self->run, self->path, error);
    PrBackupDigest digest = get_digest (self);
    int number;

    if (fd < 0 || (self->used > 0 && !pr_backup_step (pr_backup_run_get_steps (self->run), "write", error)))
        return FALSE;
    number = write_at (fd, data, self->used, 0);
    if (number != 0)
        return pr_backup_fail (error, number, self->path);
    return pr_backup_run_note (self->run, self->path, &digest, error);
}

gboolean
pr_backup_writer_end (PrBackupWriter *self, GCancellable *cancellable, GError **error)
{
    gsize length;

    if (self->large == NULL)
        return write_small (self, error);
    if (self->block == NULL && pr_backup_writer_reserve (self, &length, cancellable, error) == NULL)
        return FALSE;
    return hand_over (self, TRUE, error);
}

gboolean
pr_backup_writer_drop (PrBackupWriter *self, GCancellable *cancellable, GError **error)
{
    gboolean large = self->large != NULL;

    if (!large) {
        self->used = 0;
        return TRUE;
    }
    return pr_backup_writer_end (self, cancellable, error) && pr_backup_writer_drain (self, cancellable, error) &&
           pr_backup_run_remove (self->run, self->path, error);
}

gboolean
pr_backup_writer_drain (PrBackupWriter *self, GCancellable *cancellable, GError **error)
{
    gint64 deadline = 0;

    if (!take_done (self, error))
        return FALSE;
    while (self->n_large > 0) {
        Large *file = g_async_queue_timeout_pop (self->done, G_USEC_PER_SEC / 4);

        if (file != NULL)
            g_async_queue_push_front (self->done, file);
        if (!take_done (self, error) || (file == NULL && !wait_a_moment (&deadline, cancellable, error)))
            return FALSE;
    }
    return TRUE;
}
