/* What the two files of the folder share: pr-firmware-folder.c finds, proves and takes files,
 * pr-firmware-folder-files.c lists them and cleans up.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-firmware-folder.h"
#include "pr-firmware-stamp.h"

#define OURS ".phone-reset"

struct _PrFirmwareFolder {
    GObject parent_instance;
    char *path;
};

static inline gint64
pr_firmware_folder_now (void)
{
    return g_get_real_time () / G_USEC_PER_SEC;
}

/* (transfer full): the path of our file for the system file @name, of this user's stamp for the file at @path, and of
 * the lock that its users hold. */
char *pr_firmware_folder_get_our_path (PrFirmwareFolder *self, const char *name, const char *suffix);
char *pr_firmware_folder_get_stamp_path (PrFirmwareFolder *self, const char *path);
char *pr_firmware_folder_get_use_path (PrFirmwareFolder *self, const char *path);
mode_t pr_firmware_folder_get_mode (PrFirmwareFolder *self); /* of what we make */
gboolean pr_firmware_folder_make (PrFirmwareFolder *self, GError **error);
/* (transfer full): of all system files, in no order */
GPtrArray *pr_firmware_folder_list_paths (PrFirmwareFolder *self);
void pr_firmware_folder_remember (PrFirmwareFolder *self, const char *path, const PrFirmwareStamp *stamp);
gboolean pr_firmware_folder_read_stamp (PrFirmwareFolder *self, const char *path, PrFirmwareStamp *stamp);
/* Fills in what is in it, if nobody knows yet and it is a system file. */
void pr_firmware_folder_read_manifest (const char *path, PrFirmwareStamp *stamp, GCancellable *cancellable);
