// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-partial.h"

#include "pr-error.h"
#include "pr-file-digest.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define GROUP "file"
#define MARGIN (64 * 1024 * 1024) /* bytes that are left free beside it */
#define MAX_MARKS (16 * 1024)

struct _PrPartial {
    int fd;
    char *path;
    char *marks_path;
    char *digest;
    mode_t mode;
    guint64 length;
    gboolean begun;
    gboolean continued;
    PrPartialMarks marks;
    PrFileDigest *following; /* (nullable) */
};

void
pr_partial_marks_clear (PrPartialMarks *marks)
{
    g_clear_pointer (&marks->etag, g_free);
    g_clear_pointer (&marks->modified, g_free);
    marks->size = 0;
}

static gboolean
fail (const char *path, int number, GError **error)
{
    if (number == ENOSPC || number == EDQUOT)
        g_set_error (error, PR_ERROR, PR_ERROR_NO_SPACE, "%s: %s", path, g_strerror (number));
    else
        g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "%s: %s", path, g_strerror (number));
    return FALSE;
}

/* --- Its marks --- */

/* A quoted text without a W/ before it (RFC 9110, 8.8.3), or a date; nothing that could be more than one line. */
static char *
take_mark (GKeyFile *file, const char *key)
{
    g_autofree char *text = g_key_file_get_string (file, GROUP, key, NULL);

    return text != NULL && g_str_is_ascii (text) && strpbrk (text, "\r\n") == NULL ? g_steal_pointer (&text) : NULL;
}

/* Whatever is not as we write it means that there is nothing to continue. */
static gboolean
read_marks (PrPartial *self)
{
    g_autoptr (GKeyFile) file = g_key_file_new ();
    struct stat status;

    if (stat (self->marks_path, &status) < 0 || !S_ISREG (status.st_mode) || status.st_size > MAX_MARKS ||
        !g_key_file_load_from_file (file, self->marks_path, G_KEY_FILE_NONE, NULL))
        return FALSE;
    g_autofree char *digest = g_key_file_get_string (file, GROUP, "digest", NULL);
    self->marks.size = g_key_file_get_uint64 (file, GROUP, "size", NULL);
    self->marks.etag = take_mark (file, "etag");
    self->marks.modified = take_mark (file, "modified");
    return g_strcmp0 (digest, self->digest) == 0 && self->marks.size > 0 && self->length <= self->marks.size;
}

static gboolean
write_marks (PrPartial *self, GError **error)
{
    g_autoptr (GKeyFile) file = g_key_file_new ();
    g_autoptr (GError) failure = NULL;
    gsize length;

    g_key_file_set_string (file, GROUP, "digest", self->digest);
    g_key_file_set_uint64 (file, GROUP, "size", self->marks.size);
    if (self->marks.etag != NULL)
        g_key_file_set_string (file, GROUP, "etag", self->marks.etag);
    if (self->marks.modified != NULL)
        g_key_file_set_string (file, GROUP, "modified", self->marks.modified);
    g_autofree char *text = g_key_file_to_data (file, &length, NULL);
    if (g_file_set_contents_full (self->marks_path, text, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT,
                                  (int) self->mode, &failure)) {
        chmod (self->marks_path, self->mode);
        return TRUE;
    }
    return pr_error_propagate_file (error, g_steal_pointer (&failure));
}

/* --- Opening --- */

/* Read and write, because the digest reads it back. Created only where there is none, as for locks. */
static gboolean
open_part (PrPartial *self, GError **error)
{
    const int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    struct stat status;

    self->fd = open (self->path, flags);
    if (self->fd < 0 && errno == ENOENT) {
        self->fd = open (self->path, flags | O_CREAT | O_EXCL, self->mode);
        if (self->fd >= 0)
            fchmod (self->fd, self->mode);
    }
    if (self->fd < 0 || fstat (self->fd, &status) < 0)
        return fail (self->path, errno, error);
    if (!S_ISREG (status.st_mode))
        return fail (self->path, EINVAL, error);
    self->length = (guint64) status.st_size;
    return TRUE;
}

PrPartial *
pr_partial_open (const char *base, const char *digest, mode_t mode, GError **error)
{
    g_autoptr (PrPartial) self = g_new0 (PrPartial, 1);

    self->fd = -1;
    self->path = g_strconcat (base, ".part", NULL);
    self->marks_path = g_strconcat (base, ".marks", NULL);
    self->digest = g_strdup (digest);
    self->mode = mode;
    if (!open_part (self, error))
        return NULL;
    self->begun = read_marks (self);
    if (self->begun) {
        self->continued = TRUE;
        self->following = pr_file_digest_new (self->fd, self->digest);
        pr_file_digest_advance (self->following, self->length);
        return g_steal_pointer (&self);
    }
    pr_partial_marks_clear (&self->marks);
    if (ftruncate (self->fd, 0) < 0) {
        fail (self->path, errno, error);
        return NULL;
    }
    self->length = 0;
    return g_steal_pointer (&self);
}

guint64
pr_partial_get_length (PrPartial *self)
{
    return self->length;
}

const PrPartialMarks *
pr_partial_get_marks (PrPartial *self)
{
    return self->begun ? &self->marks : NULL;
}

gboolean
pr_partial_is_of_one_piece (PrPartial *self)
{
    return !self->continued;
}

void
pr_partial_note_continued (PrPartial *self)
{
    self->continued = TRUE;
}

/* --- Writing --- */

/* Asked first, because some file systems cannot reserve; and then the others would fail only near the end. */
gboolean
pr_partial_check_room (PrPartial *self, guint64 size, GError **error)
{
    guint64 wanted = size - MIN (size, self->length);
    struct statvfs status;
    struct stat file;

    if (fstatvfs (self->fd, &status) < 0 || fstat (self->fd, &file) < 0)
        return TRUE;
    guint64 room = (guint64) status.f_bavail * status.f_frsize;
    guint64 reserved = MAX ((guint64) file.st_blocks * 512, self->length) - self->length;
    if (room + reserved >= wanted + MARGIN)
        return TRUE;
    g_set_error (error, PR_ERROR, PR_ERROR_NO_SPACE,
                 "%s: %" G_GUINT64_FORMAT " bytes are wanted, %" G_GUINT64_FORMAT " are free", self->path, wanted,
                 room + reserved);
    return FALSE;
}

gboolean
pr_partial_reserve (PrPartial *self, GError **error)
{
    guint64 wanted = self->marks.size - self->length;

    if (wanted == 0)
        return TRUE;
    if (!pr_partial_check_room (self, self->marks.size, error))
        return FALSE;
    if (TEMP_FAILURE_RETRY (fallocate (self->fd, FALLOC_FL_KEEP_SIZE, (off_t) self->length, (off_t) wanted)) == 0 ||
        errno == EOPNOTSUPP || errno == ENOSYS)
        return TRUE;
    return fail (self->path, errno, error);
}

gboolean
pr_partial_forget (PrPartial *self, GError **error)
{
    g_clear_pointer (&self->following, pr_file_digest_free);
    pr_partial_marks_clear (&self->marks);
    g_remove (self->marks_path);
    self->begun = self->continued = FALSE;
    self->length = 0;
    return ftruncate (self->fd, 0) == 0 || fail (self->path, errno, error);
}

gboolean
pr_partial_begin (PrPartial *self, const PrPartialMarks *marks, GError **error)
{
    if (!pr_partial_forget (self, error))
        return FALSE;
    self->marks = (PrPartialMarks) {
        .etag = g_strdup (marks->etag),
        .modified = g_strdup (marks->modified),
        .size = marks->size,
    };
    if (!write_marks (self, error) || !pr_partial_reserve (self, error))
        return FALSE;
    self->begun = TRUE;
    self->following = pr_file_digest_new (self->fd, self->digest);
    return TRUE;
}

gboolean
pr_partial_append (PrPartial *self, const void *bytes, gsize length, GError **error)
{
    for (gsize done = 0; done < length;) {
        ssize_t n =
            TEMP_FAILURE_RETRY (pwrite (self->fd, (const guint8 *) bytes + done, length - done, (off_t) self->length));

        if (n <= 0)
            return fail (self->path, n < 0 ? errno : EIO, error);
        done += (gsize) n;
        self->length += (guint64) n;
        pr_file_digest_advance (self->following, self->length);
    }
    return TRUE;
}

/* --- Its end --- */

gboolean
pr_partial_check (PrPartial *self, GCancellable *cancellable, GError **error)
{
    g_autoptr (PrFileDigest) following = g_steal_pointer (&self->following);
    g_autofree char *found = pr_file_digest_finish (following, cancellable, error);

    if (found == NULL || g_str_equal (found, self->digest))
        return found != NULL;
    g_set_error (error, PR_ERROR, PR_ERROR_WRONG_DOWNLOAD, "its digest is %s, which should be %s", found, self->digest);
    return FALSE;
}

/* Not every file system can refuse to replace; whoever has the lock is the only one who puts a file there. */
static gboolean
rename_if_free (const char *from, const char *to)
{
    if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return TRUE;
    if (errno != EINVAL && errno != ENOSYS)
        return FALSE;
    if (g_file_test (to, G_FILE_TEST_EXISTS) || g_file_test (to, G_FILE_TEST_IS_SYMLINK)) {
        errno = EEXIST;
        return FALSE;
    }
    return rename (from, to) == 0;
}

gboolean
pr_partial_move (PrPartial *self, const char *path, GError **error)
{
    /* what was reserved and not used goes back */
    if (ftruncate (self->fd, (off_t) self->length) < 0 || !rename_if_free (self->path, path))
        return fail (path, errno, error);
    g_remove (self->marks_path);
    return TRUE;
}

void
pr_partial_drop (PrPartial *self)
{
    g_remove (self->path);
    g_remove (self->marks_path);
}

void
pr_partial_free (PrPartial *self)
{
    g_clear_pointer (&self->following, pr_file_digest_free);
    g_clear_fd (&self->fd, NULL);
    pr_partial_marks_clear (&self->marks);
    g_free (self->path);
    g_free (self->marks_path);
    g_free (self->digest);
    g_free (self);
}
