/* What is known of a file in the folder of system files, kept beside it: its digest, and how the file looked when that
 * was computed. A stamp is believed as long as the file is the same and this user wrote it; its digest only until the
 * computer is started anew, because nothing waits for the disk when a file is complete.
 *
 * Blocking; any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

typedef struct {
    char *digest; /* in hex; NULL: it must be computed (again) */
    char *version;
    char *build;
    gboolean downloaded; /* by us, so that we may remove it */
    gint64 used;         /* seconds since 1970 */
} PrFirmwareStamp;

void pr_firmware_stamp_clear (PrFirmwareStamp *stamp);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrFirmwareStamp, pr_firmware_stamp_clear)

/* Fills @stamp with what the stamp at @path says of the file @file. Returns: whether there is one of ours, and the
 * file is still the same */
gboolean pr_firmware_stamp_read (const char *path, const char *file, PrFirmwareStamp *stamp);
gboolean pr_firmware_stamp_write (const char *path, const char *file, const PrFirmwareStamp *stamp, GError **error);
