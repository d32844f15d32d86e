// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-firmware-stamp.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define GROUP "file"
#define MAX_STAMP (16 * 1024)
#define BOOT_ID "/proc/sys/kernel/random/boot_id"

void
pr_firmware_stamp_clear (PrFirmwareStamp *stamp)
{
    g_clear_pointer (&stamp->digest, g_free);
    g_clear_pointer (&stamp->version, g_free);
    g_clear_pointer (&stamp->build, g_free);
}

/* What changes when a file does: where it is, how long it is, and the time that no user can set (ctime). */
static char *
describe (const char *file)
{
    struct stat status;

    if (stat (file, &status) < 0 || !S_ISREG (status.st_mode))
        return NULL;
    return g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                            ".%09ld",
                            (guint64) status.st_dev, (guint64) status.st_ino, (gint64) status.st_size,
                            (gint64) status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
}

/* (nullable): which start of the computer this is */
static char *
get_boot (void)
{
    char *boot = NULL;

    return g_file_get_contents (BOOT_ID, &boot, NULL, NULL) ? g_strchomp (boot) : NULL;
}

static GKeyFile *
load (const char *path)
{
    g_autoptr (GKeyFile) file = g_key_file_new ();
    struct stat status;

    if (lstat (path, &status) < 0 || !S_ISREG (status.st_mode) || status.st_uid != geteuid () ||
        status.st_size > MAX_STAMP || !g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
        return NULL;
    return g_steal_pointer (&file);
}

gboolean
pr_firmware_stamp_read (const char *path, const char *file, PrFirmwareStamp *stamp)
{
    g_autoptr (GKeyFile) stored = load (path);
    g_autofree char *now = describe (file);

    if (stored == NULL || now == NULL)
        return FALSE;
    g_autofree char *then = g_key_file_get_string (stored, GROUP, "looks", NULL);
    g_autofree char *boot = get_boot ();
    g_autofree char *boot_then = g_key_file_get_string (stored, GROUP, "boot", NULL);
    if (g_strcmp0 (now, then) != 0)
        return FALSE;
    if (boot != NULL && g_strcmp0 (boot, boot_then) == 0)
        stamp->digest = g_key_file_get_string (stored, GROUP, "digest", NULL);
    stamp->version = g_key_file_get_string (stored, GROUP, "version", NULL);
    stamp->build = g_key_file_get_string (stored, GROUP, "build", NULL);
    stamp->downloaded = g_key_file_get_boolean (stored, GROUP, "downloaded", NULL);
    stamp->used = g_key_file_get_int64 (stored, GROUP, "used", NULL);
    return TRUE;
}

gboolean
pr_firmware_stamp_write (const char *path, const char *file, const PrFirmwareStamp *stamp, GError **error)
{
    g_autoptr (GKeyFile) stored = g_key_file_new ();
    g_autofree char *now = describe (file);
    gsize length;

    g_autofree char *boot = get_boot ();
    if (now != NULL)
        g_key_file_set_string (stored, GROUP, "looks", now);
    if (boot != NULL)
        g_key_file_set_string (stored, GROUP, "boot", boot);
    if (stamp->digest != NULL)
        g_key_file_set_string (stored, GROUP, "digest", stamp->digest);
    if (stamp->version != NULL)
        g_key_file_set_string (stored, GROUP, "version", stamp->version);
    if (stamp->build != NULL)
        g_key_file_set_string (stored, GROUP, "build", stamp->build);
    g_key_file_set_boolean (stored, GROUP, "downloaded", stamp->downloaded);
    g_key_file_set_int64 (stored, GROUP, "used", stamp->used);
    g_autofree char *text = g_key_file_to_data (stored, &length, NULL);
    return g_file_set_contents_full (path, text, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}
