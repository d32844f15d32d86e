// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-file-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FLAGS (O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)

struct _PrFileLock {
    int fd;
};

/* Reading is enough to lock, and all that a file of another user gives. It is created only where there is none: the
 * kernel refuses to "create" the files of others in a folder for everybody (fs.protected_regular). */
static int
open_lock (const char *path, mode_t mode)
{
    int fd = open (path, O_RDONLY | FLAGS);

    if (fd >= 0 || errno != ENOENT)
        return fd;
    fd = open (path, O_RDONLY | O_CREAT | O_EXCL | FLAGS, mode);
    if (fd >= 0)
        fchmod (fd, mode);
    else if (errno == EEXIST)
        fd = open (path, O_RDONLY | FLAGS);
    return fd;
}

PrFileLock *
pr_file_lock_try (const char *path, gboolean shared, mode_t mode, GError **error)
{
    int fd = open_lock (path, mode);

    if (fd >= 0 && TEMP_FAILURE_RETRY (flock (fd, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB)) == 0) {
        PrFileLock *self = g_new0 (PrFileLock, 1);
        self->fd = fd;
        return self;
    }
    int number = errno;
    g_set_error (error, G_IO_ERROR, number == EWOULDBLOCK ? G_IO_ERROR_BUSY : g_io_error_from_errno (number), "%s: %s",
                 path, g_strerror (number));
    g_clear_fd (&fd, NULL);
    return NULL;
}

void
pr_file_lock_free (PrFileLock *self)
{
    g_clear_fd (&self->fd, NULL);
    g_free (self);
}
