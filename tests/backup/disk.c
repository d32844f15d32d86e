// SPDX-License-Identifier: GPL-3.0-or-later
#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* --wrap's names: __real_x is the system's x, and every x of the program is __wrap_x. */
#define WRAPPED(type, name, ...)                                                                                       \
    type __real_##name (__VA_ARGS__);                                                                                  \
    type __wrap_##name (__VA_ARGS__);                                                                                  \
    type __wrap_##name (__VA_ARGS__)

static const DiskListener *listener;
static GMutex lock; /* over what it is told */

void
disk_listen (const DiskListener *new_listener)
{
    g_mutex_lock (&lock);
    listener = new_listener;
    g_mutex_unlock (&lock);
}

/* FALSE with errno. */
static gboolean
announce (DiskCall call)
{
    int number = 0;

    g_mutex_lock (&lock);
    if (listener != NULL)
        number = listener->before (call, listener->data);
    g_mutex_unlock (&lock);
    errno = number;
    return number == 0;
}

/* Keeps errno, as it stands after a call that went well. */
static void
tell (const DiskChange *change)
{
    int number = errno;

    g_mutex_lock (&lock);
    if (listener != NULL && listener->after != NULL)
        listener->after (change, listener->data);
    g_mutex_unlock (&lock);
    errno = number;
}

static gboolean
has_listener (void)
{
    return listener != NULL;
}

/* --- Which file is that? --- */

static guint64
find_inode (int fd)
{
    struct stat status;

    return fstat (fd, &status) == 0 ? status.st_ino : 0;
}

static gboolean
is_ordinary (int fd)
{
    struct stat status;

    return fstat (fd, &status) == 0 && (S_ISREG (status.st_mode) || S_ISDIR (status.st_mode));
}

static guint64
find_named (int folder, const char *path)
{
    struct stat status;

    return fstatat (folder, path, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status.st_ino : 0;
}

/* The folder that @path's last part is in. *@name: borrowed from @path */
static guint64
find_folder (int folder, const char *path, const char **name)
{
    const char *slash = strrchr (path, '/');
    g_autofree char *parent = slash != NULL ? g_strndup (path, slash - path) : NULL;

    *name = slash != NULL ? slash + 1 : path;
    return parent != NULL ? find_named (folder, parent) : find_inode (folder);
}

static void
tell_named (DiskCall call, int folder, const char *path, guint64 subject)
{
    DiskChange change = { .call = call, .subject = subject };
    struct stat status;

    if (subject != 0 && fstatat (folder, path, &status, AT_SYMLINK_NOFOLLOW) == 0)
        change.mode = status.st_mode & 0777;
    change.folder = find_folder (folder, path, &change.name);
    tell (&change);
}

static void
tell_two (DiskCall call, int folder, const char *path, int new_folder, const char *new_path)
{
    DiskChange change = { .call = call };

    change.folder = find_folder (folder, path, &change.name);
    change.new_folder = find_folder (new_folder, new_path, &change.new_name);
    change.subject = find_named (new_folder, new_path);
    tell (&change);
}

/* --- Names --- */

int __real_openat64 (int folder, const char *path, int flags, ...);
int __wrap_openat64 (int folder, const char *path, int flags, ...);
int
__wrap_openat64 (int folder, const char *path, int flags, ...)
{
    gboolean makes = has_listener () && (flags & O_CREAT) != 0 && find_named (folder, path) == 0;
    mode_t mode = 0;
    va_list arguments;
    int fd;

    va_start (arguments, flags);
    if ((flags & O_CREAT) != 0)
        mode = va_arg (arguments, mode_t);
    va_end (arguments);
    if (makes && !announce (DISK_CREATE))
        return -1;
    fd = __real_openat64 (folder, path, flags, mode);
    if (makes && fd >= 0)
        tell_named (DISK_CREATE, folder, path, find_inode (fd));
    return fd;
}

WRAPPED (int, mkdirat, int folder, const char *path, mode_t mode)
{
    if (!announce (DISK_MKDIR) || __real_mkdirat (folder, path, mode) < 0)
        return -1;
    tell_named (DISK_MKDIR, folder, path, find_named (folder, path));
    return 0;
}

WRAPPED (int, linkat, int folder, const char *path, int new_folder, const char *new_path, int flags)
{
    if (!announce (DISK_LINK) || __real_linkat (folder, path, new_folder, new_path, flags) < 0)
        return -1;
    tell_two (DISK_LINK, folder, path, new_folder, new_path);
    return 0;
}

/* Two names of one file stay both: nothing is done, and nothing told. */
static gboolean
is_same (int folder, const char *path, int new_folder, const char *new_path)
{
    return has_listener () && find_named (folder, path) == find_named (new_folder, new_path);
}

WRAPPED (int, renameat, int folder, const char *path, int new_folder, const char *new_path)
{
    gboolean same = is_same (folder, path, new_folder, new_path);

    if (!announce (DISK_RENAME) || __real_renameat (folder, path, new_folder, new_path) < 0)
        return -1;
    if (!same)
        tell_two (DISK_RENAME, folder, path, new_folder, new_path);
    return 0;
}

WRAPPED (int, renameat2, int folder, const char *path, int new_folder, const char *new_path, unsigned int flags)
{
    DiskCall call = (flags & RENAME_EXCHANGE) != 0 ? DISK_EXCHANGE : DISK_RENAME;

    if (has_listener () && listener->no_exchange) {
        errno = EINVAL;
        return -1;
    }
    if (!announce (call) || __real_renameat2 (folder, path, new_folder, new_path, flags) < 0)
        return -1;
    tell_two (call, folder, path, new_folder, new_path);
    return 0;
}

WRAPPED (int, unlinkat, int folder, const char *path, int flags)
{
    if (!announce (DISK_UNLINK) || __real_unlinkat (folder, path, flags) < 0)
        return -1;
    tell_named (DISK_UNLINK, folder, path, 0);
    return 0;
}

WRAPPED (int, fchmodat, int folder, const char *path, mode_t mode, int flags)
{
    return announce (DISK_MODE) ? __real_fchmodat (folder, path, mode, flags) : -1;
}

WRAPPED (int, fchmod, int fd, mode_t mode)
{
    return announce (DISK_MODE) ? __real_fchmod (fd, mode) : -1;
}

/* --- What is in files --- */

static void
tell_written (int fd, const void *data, gssize length, off_t offset)
{
    DiskChange change = { DISK_WRITE, .data = data, .length = (gsize) length };

    if (length <= 0 || !has_listener ())
        return;
    change.subject = find_inode (fd);
    change.offset = (guint64) offset;
    tell (&change);
}

static off_t
find_start (int fd, gssize length)
{
    return lseek (fd, 0, SEEK_CUR) - length;
}

ssize_t __real_write (int fd, const void *data, size_t length);
ssize_t __wrap_write (int fd, const void *data, size_t length);
ssize_t
__wrap_write (int fd, const void *data, size_t length)
{
    gboolean counts = has_listener () && is_ordinary (fd);
    gssize n;

    if (counts && !announce (DISK_WRITE)) {
        int number = errno;

        G_GNUC_UNUSED gssize half = __real_write (fd, data, length / 2);
        errno = number;
        return -1;
    }
    n = __real_write (fd, data, length);
    if (counts)
        tell_written (fd, data, n, find_start (fd, n));
    return n;
}

ssize_t __real_pwrite64 (int fd, const void *data, size_t length, off_t offset);
ssize_t __wrap_pwrite64 (int fd, const void *data, size_t length, off_t offset);
ssize_t
__wrap_pwrite64 (int fd, const void *data, size_t length, off_t offset)
{
    gssize n;

    if (!announce (DISK_WRITE)) {
        int number = errno;

        G_GNUC_UNUSED gssize half = __real_pwrite64 (fd, data, length / 2, offset);
        errno = number;
        return -1;
    }
    n = __real_pwrite64 (fd, data, length, offset);
    tell_written (fd, data, n, offset);
    return n;
}

/* What went from one file to another within the system is read again. */
static void
tell_copied (int in, off_t from, int out, off_t to, gssize length)
{
    g_autofree guint8 *data = NULL;

    if (length <= 0 || !has_listener ())
        return;
    data = g_malloc ((gsize) length);
    if (pread (in, data, (gsize) length, from) != length)
        g_error ("what was copied cannot be read: %s", g_strerror (errno));
    tell_written (out, data, length, to);
}

WRAPPED (ssize_t,
         copy_file_range,
         int in,
         off_t *in_offset,
         int out,
         off_t *out_offset,
         size_t length,
         unsigned int flags)
{
    gssize n;

    g_assert (in_offset == NULL && out_offset == NULL);
    if (!announce (DISK_WRITE))
        return -1;
    n = __real_copy_file_range (in, NULL, out, NULL, length, flags);
    tell_copied (in, find_start (in, n), out, find_start (out, n), n);
    return n;
}

int __real_ioctl (int fd, unsigned long request, ...);
int __wrap_ioctl (int fd, unsigned long request, ...);
int
__wrap_ioctl (int fd, unsigned long request, ...)
{
    va_list arguments;
    long argument;
    int result;
    struct stat status;

    va_start (arguments, request);
    argument = va_arg (arguments, long);
    va_end (arguments);
    if (request != FICLONE)
        return __real_ioctl (fd, request, argument);
    if (!announce (DISK_WRITE))
        return -1;
    result = __real_ioctl (fd, request, argument);
    if (result == 0 && fstat ((int) argument, &status) == 0)
        tell_copied ((int) argument, 0, fd, 0, status.st_size);
    return result;
}

/* --- Syncing --- */

static int
finish_sync (DiskCall call, int fd, int result)
{
    DiskChange change = { call, .subject = find_inode (fd) };

    if (result == 0)
        tell (&change);
    return result;
}

WRAPPED (int, fsync, int fd)
{
    return announce (DISK_SYNC) ? finish_sync (DISK_SYNC, fd, __real_fsync (fd)) : -1;
}

WRAPPED (int, fdatasync, int fd)
{
    return announce (DISK_SYNC) ? finish_sync (DISK_SYNC, fd, __real_fdatasync (fd)) : -1;
}

WRAPPED (int, syncfs, int fd)
{
    return announce (DISK_SYNC_ALL) ? finish_sync (DISK_SYNC_ALL, fd, __real_syncfs (fd)) : -1;
}
