// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-file-digest.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK (256 * 1024) /* stays in the processor's cache between reading and hashing */
#define SHA1_DIGITS 40

struct _PrFileDigest {
    int fd;
    EVP_MD_CTX *context;
    GThread *thread;
    GMutex mutex;
    GCond cond;
    guint64 there;  /* bytes that may be read */
    guint64 done;   /* bytes that were */
    int number;     /* errno of a read that failed */
    gboolean ended; /* nobody wants it any more */
};

/* Waits for something to read. Returns: how much; 0: the end */
static gsize
wait_for_bytes (PrFileDigest *self)
{
    g_mutex_lock (&self->mutex);
    while (!self->ended && self->done == self->there)
        g_cond_wait (&self->cond, &self->mutex);
    gsize length = self->ended ? 0 : (gsize) MIN (self->there - self->done, CHUNK);
    g_mutex_unlock (&self->mutex);
    return length;
}

static void
note (PrFileDigest *self, gssize n, int number)
{
    g_mutex_lock (&self->mutex);
    if (n > 0)
        self->done += (guint64) n;
    else
        self->number = n < 0 ? number : EIO; /* shorter than it was */
    g_cond_broadcast (&self->cond);
    g_mutex_unlock (&self->mutex);
}

static gpointer
follow (gpointer data)
{
    PrFileDigest *self = data;
    g_autofree guint8 *buffer = g_malloc (CHUNK);
    gssize n = 1;

    while (n > 0) {
        gsize length = wait_for_bytes (self);

        if (length == 0)
            break;
        n = TEMP_FAILURE_RETRY (pread (self->fd, buffer, length, (off_t) self->done));
        int number = errno;
        if (n > 0)
            EVP_DigestUpdate (self->context, buffer, (gsize) n);
        note (self, n, number);
    }
    return NULL;
}

PrFileDigest *
pr_file_digest_new (int fd, const char *like)
{
    PrFileDigest *self = g_new0 (PrFileDigest, 1);

    self->fd = fcntl (fd, F_DUPFD_CLOEXEC, 3);
    self->context = EVP_MD_CTX_new ();
    EVP_DigestInit_ex (self->context, strlen (like) == SHA1_DIGITS ? EVP_sha1 () : EVP_sha256 (), NULL);
    g_mutex_init (&self->mutex);
    g_cond_init (&self->cond);
    self->thread = g_thread_new ("digest", follow, self);
    return self;
}

void
pr_file_digest_advance (PrFileDigest *self, guint64 length)
{
    g_mutex_lock (&self->mutex);
    self->there = MAX (self->there, length);
    g_cond_broadcast (&self->cond);
    g_mutex_unlock (&self->mutex);
}

/* Returns: whether everything was read; looks ten times a second whether the caller still wants it */
static gboolean
wait_until_read (PrFileDigest *self, GCancellable *cancellable, GError **error)
{
    gboolean cancelled = FALSE;

    g_mutex_lock (&self->mutex);
    while (self->done < self->there && self->number == 0 && !cancelled) {
        g_cond_wait_until (&self->cond, &self->mutex, g_get_monotonic_time () + G_USEC_PER_SEC / 10);
        cancelled = g_cancellable_is_cancelled (cancellable);
    }
    int number = self->number;
    g_mutex_unlock (&self->mutex);
    if (number != 0)
        g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "reading it back: %s", g_strerror (number));
    return number == 0 && !g_cancellable_set_error_if_cancelled (cancellable, error);
}

char *
pr_file_digest_finish (PrFileDigest *self, GCancellable *cancellable, GError **error)
{
    guint8 digest[EVP_MAX_MD_SIZE];
    guint length = 0;
    GString *text;

    if (!wait_until_read (self, cancellable, error))
        return NULL;
    text = g_string_new (NULL);
    EVP_DigestFinal_ex (self->context, digest, &length);
    for (guint i = 0; i < length; i++)
        g_string_append_printf (text, "%02x", digest[i]);
    return g_string_free_and_steal (text);
}

void
pr_file_digest_free (PrFileDigest *self)
{
    g_mutex_lock (&self->mutex);
    self->ended = TRUE;
    g_cond_broadcast (&self->cond);
    g_mutex_unlock (&self->mutex);
    g_thread_join (self->thread);
    EVP_MD_CTX_free (self->context);
    g_clear_fd (&self->fd, NULL);
    g_mutex_clear (&self->mutex);
    g_cond_clear (&self->cond);
    g_free (self);
}

char *
pr_file_digest_compute (const char *path, const char *like, GCancellable *cancellable, GError **error)
{
    g_autofd int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat status;

    if (fd < 0 || fstat (fd, &status) < 0 || !S_ISREG (status.st_mode)) {
        int number = fd < 0 ? errno : EINVAL;
        g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "%s: %s", path, g_strerror (number));
        return NULL;
    }
    posix_fadvise (fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    g_autoptr (PrFileDigest) digest = pr_file_digest_new (fd, like);
    pr_file_digest_advance (digest, (guint64) status.st_size);
    return pr_file_digest_finish (digest, cancellable, error);
}
