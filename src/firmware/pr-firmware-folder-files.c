// SPDX-License-Identifier: GPL-3.0-or-later
/* What there is in the folder, who uses it, and what goes. */
#include "pr-firmware-folder-private.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define SECONDS_A_DAY (24 * 60 * 60)
#define OLD_PART_DAYS 30

/* --- The list --- */

void
pr_firmware_file_free (PrFirmwareFile *file)
{
    g_free (file->path);
    g_free (file->version);
    g_free (file->build);
    g_free (file);
}

static gboolean
is_in_use (PrFirmwareFolder *self, const char *path)
{
    g_autofree char *use = pr_firmware_folder_get_use_path (self, path);

    if (!g_file_test (use, G_FILE_TEST_EXISTS))
        return FALSE;
    g_autoptr (PrFileLock) lock = pr_file_lock_try (use, FALSE, pr_firmware_folder_get_mode (self), NULL);
    return lock == NULL;
}

static PrFirmwareFile *
describe (PrFirmwareFolder *self, const char *path)
{
    PrFirmwareFile *file = g_new0 (PrFirmwareFile, 1);
    g_auto (PrFirmwareStamp) stamp = { 0 };
    struct stat status = { 0 };

    stat (path, &status);
    if (!pr_firmware_folder_read_stamp (self, path, &stamp))
        stamp.used = status.st_mtime;
    pr_firmware_folder_read_manifest (path, &stamp, NULL);
    file->path = g_strdup (path);
    file->version = g_steal_pointer (&stamp.version);
    file->build = g_steal_pointer (&stamp.build);
    file->size = (guint64) status.st_size;
    file->used = stamp.used;
    file->downloaded = stamp.downloaded;
    file->in_use = is_in_use (self, path);
    return file;
}

static int
compare_use (gconstpointer a, gconstpointer b)
{
    const PrFirmwareFile *one = a, *other = b;

    if (one->used != other->used)
        return one->used > other->used ? -1 : 1;
    return strcmp (one->path, other->path);
}

GPtrArray *
pr_firmware_folder_list (PrFirmwareFolder *self)
{
    g_autoptr (GPtrArray) paths = pr_firmware_folder_list_paths (self);
    GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_firmware_file_free);

    for (guint i = 0; i < paths->len; i++)
        g_ptr_array_add (files, describe (self, paths->pdata[i]));
    g_ptr_array_sort_values (files, compare_use);
    return files;
}

PrFileLock *
pr_firmware_folder_use (PrFirmwareFolder *self, const char *path, GError **error)
{
    g_autofree char *use = pr_firmware_folder_get_use_path (self, path);
    g_auto (PrFirmwareStamp) stamp = { 0 };
    g_autoptr (PrFileLock) lock = NULL;

    if (!pr_firmware_folder_make (self, error))
        return NULL;
    lock = pr_file_lock_try (use, TRUE, pr_firmware_folder_get_mode (self), error);
    if (lock == NULL)
        return NULL;
    if (!g_file_test (path, G_FILE_TEST_IS_REGULAR)) {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s is gone", path);
        return NULL;
    }
    if (pr_firmware_folder_read_stamp (self, path, &stamp)) {
        stamp.used = pr_firmware_folder_now ();
        pr_firmware_folder_remember (self, path, &stamp);
    }
    return g_steal_pointer (&lock);
}

/* --- Cleaning --- */

/* Whoever uses it has the lock; whoever is about to will see that it is gone. */
static gboolean
remove_file (PrFirmwareFolder *self, const char *path)
{
    g_autofree char *use = pr_firmware_folder_get_use_path (self, path);
    g_autofree char *stamp = pr_firmware_folder_get_stamp_path (self, path);
    g_autoptr (PrFileLock) lock = pr_file_lock_try (use, FALSE, pr_firmware_folder_get_mode (self), NULL);

    if (lock == NULL || g_unlink (path) < 0)
        return FALSE;
    g_unlink (stamp);
    return TRUE;
}

static guint64
remove_old_part (PrFirmwareFolder *self, const char *name)
{
    g_autofree char *base = g_strndup (name, strlen (name) - strlen (".part"));
    g_autofree char *path = pr_firmware_folder_get_our_path (self, base, ".part");
    g_autofree char *marks = pr_firmware_folder_get_our_path (self, base, ".marks");
    g_autofree char *lock_path = pr_firmware_folder_get_our_path (self, base, ".get");
    struct stat status;

    if (lstat (path, &status) < 0 || pr_firmware_folder_now () - status.st_mtime < OLD_PART_DAYS * SECONDS_A_DAY)
        return 0;
    g_autoptr (PrFileLock) lock = pr_file_lock_try (lock_path, FALSE, pr_firmware_folder_get_mode (self), NULL);
    if (lock == NULL || g_unlink (path) < 0)
        return 0;
    g_unlink (marks);
    return (guint64) status.st_blocks * 512;
}

static guint64
remove_old_parts (PrFirmwareFolder *self)
{
    g_autofree char *ours = g_build_filename (self->path, OURS, NULL);
    g_autoptr (GDir) folder = g_dir_open (ours, 0, NULL);
    const char *name;
    guint64 freed = 0;

    while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
        if (g_str_has_suffix (name, ".part"))
            freed += remove_old_part (self, name);
    return freed;
}

guint64
pr_firmware_folder_clean (PrFirmwareFolder *self, guint64 limit)
{
    g_autoptr (GPtrArray) files = pr_firmware_folder_list (self);
    guint64 freed = remove_old_parts (self), total = 0;

    for (guint i = 0; i < files->len; i++)
        total += ((PrFirmwareFile *) files->pdata[i])->size;
    for (guint i = files->len; i > 0 && total > limit; i--) {
        const PrFirmwareFile *file = files->pdata[i - 1];

        if (!file->downloaded || !remove_file (self, file->path))
            continue;
        total -= file->size;
        freed += file->size;
    }
    return freed;
}
