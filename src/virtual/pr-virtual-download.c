// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-download.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <openssl/evp.h>

#define CHUNK (1024 * 1024)

struct _PrVirtualDownload {
    int fd; /* -1: made of numbers */
    guint64 size;
    GMutex mutex;
    guint generation;
    char *sha1; /* (nullable): of this generation, once it is known */
};

PrVirtualDownload *
pr_virtual_download_new (const char *path, guint64 size, GError **error)
{
    PrVirtualDownload *self = g_new0 (PrVirtualDownload, 1);
    GStatBuf status;

    self->fd = -1;
    self->size = size;
    g_mutex_init (&self->mutex);
    if (size > 0)
        return self;
    self->fd = open (path, O_RDONLY | O_CLOEXEC);
    if (self->fd >= 0 && fstat (self->fd, &status) == 0) {
        self->size = (guint64) status.st_size;
        return self;
    }
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", path, g_strerror (errno));
    pr_virtual_download_free (self);
    return NULL;
}

guint64
pr_virtual_download_size (PrVirtualDownload *self)
{
    return self->size;
}

void
pr_virtual_download_change (PrVirtualDownload *self)
{
    g_mutex_lock (&self->mutex);
    self->generation++;
    g_clear_pointer (&self->sha1, g_free);
    g_mutex_unlock (&self->mutex);
}

guint
pr_virtual_download_generation (PrVirtualDownload *self)
{
    g_mutex_lock (&self->mutex);
    guint generation = self->generation;
    g_mutex_unlock (&self->mutex);
    return generation;
}

/* SplitMix64 of the number of the word (Steele, Lea and Flood, 2014): any word without those before it. */
static guint64
make_word (guint64 number)
{
    guint64 z = number * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void
make_numbers (guint generation, guint64 at, guint8 *buffer, gsize length)
{
    guint64 seed = ((guint64) generation + 1) << 40;

    for (gsize done = 0; done < length;) {
        guint64 word = make_word (seed + (at + done) / 8);
        gsize inside = (at + done) % 8, n = MIN (8 - inside, length - done);

        memcpy (buffer + done, (guint8 *) &word + inside, n);
        done += n;
    }
}

gboolean
pr_virtual_download_read (PrVirtualDownload *self, guint generation, guint64 at, void *buffer, gsize length)
{
    if (self->fd >= 0)
        return pread (self->fd, buffer, length, (off_t) at) == (ssize_t) length;
    make_numbers (generation, at, buffer, length);
    return TRUE;
}

static char *
take_hex (EVP_MD_CTX *context)
{
    guint8 digest[EVP_MAX_MD_SIZE];
    guint length = 0;
    GString *text = g_string_new (NULL);

    EVP_DigestFinal_ex (context, digest, &length);
    for (guint i = 0; i < length; i++)
        g_string_append_printf (text, "%02x", digest[i]);
    return g_string_free_and_steal (text);
}

static char *
compute (PrVirtualDownload *self, guint generation)
{
    g_autofree guint8 *buffer = g_malloc (CHUNK);
    EVP_MD_CTX *context = EVP_MD_CTX_new ();

    EVP_DigestInit_ex (context, EVP_sha1 (), NULL);
    for (guint64 at = 0; at < self->size; at += CHUNK) {
        gsize length = (gsize) MIN (CHUNK, self->size - at);

        pr_virtual_download_read (self, generation, at, buffer, length);
        EVP_DigestUpdate (context, buffer, length);
    }
    char *text = take_hex (context);
    EVP_MD_CTX_free (context);
    return text;
}

char *
pr_virtual_download_sha1 (PrVirtualDownload *self)
{
    g_mutex_lock (&self->mutex);
    if (self->sha1 == NULL)
        self->sha1 = compute (self, self->generation);
    char *copy = g_strdup (self->sha1);
    g_mutex_unlock (&self->mutex);
    return copy;
}

void
pr_virtual_download_free (PrVirtualDownload *self)
{
    g_clear_fd (&self->fd, NULL);
    g_mutex_clear (&self->mutex);
    g_free (self->sha1);
    g_free (self);
}
