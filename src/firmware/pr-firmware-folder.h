/* The folder where system files are kept: what was downloaded, and what a person put there.
 *
 * Several processes and users may share it: its own mode says who may, and all that we make in it gets the same. What
 * is ours (parts, locks, stamps) is in .phone-reset below it. Blocking; any thread but the main one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-file-lock.h"
#include "pr-firmware.h"
#include "pr-partial.h"

#define PR_TYPE_FIRMWARE_FOLDER (pr_firmware_folder_get_type ())
G_DECLARE_FINAL_TYPE (PrFirmwareFolder, pr_firmware_folder, PR, FIRMWARE_FOLDER, GObject)

/* One system file in it. */
typedef struct {
    char *path;
    char *version; /* (nullable): it cannot be read as a system file */
    char *build;   /* (nullable) */
    guint64 size;
    gint64 used;         /* when it was last, in seconds since 1970 */
    gboolean downloaded; /* by us; another one is never removed */
    gboolean in_use;     /* now, by some process */
} PrFirmwareFile;

void pr_firmware_file_free (PrFirmwareFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrFirmwareFile, pr_firmware_file_free)

/* Nothing is made before it is needed. */
PrFirmwareFolder *pr_firmware_folder_new (const char *path);
const char *pr_firmware_folder_get_path (PrFirmwareFolder *self);

/**
 * pr_firmware_folder_find:
 *
 * The file of @firmware, whatever it is called: by its stamp or, where there is none, by its size (or the
 * build in its BuildManifest, where no list says the size) and its digest, which is then kept. Only a file whose digest
 * is right is found (guard rail 10).
 *
 * Returns: (transfer full) (nullable): its path; %NULL with @error only when cancelled
 */
char *pr_firmware_folder_find (PrFirmwareFolder *self, PrFirmware *firmware, GCancellable *cancellable, GError **error);

/**
 * pr_firmware_folder_is:
 * @path: of a file that says that it is of the same build; it may be elsewhere, and is then read each time
 *
 * Returns: whether it is just the file of @firmware, by its digest; %FALSE with @error only when cancelled
 */
gboolean pr_firmware_folder_is (PrFirmwareFolder *self,
                                const char *path,
                                PrFirmware *firmware,
                                GCancellable *cancellable,
                                GError **error);

/* (transfer full) (element-type PrFirmwareFile): all of them, the last used first; 200 at most. Digests are not
 * computed. */
GPtrArray *pr_firmware_folder_list (PrFirmwareFolder *self);

/* Keeps @path from being removed, by any process, until the lock is freed or the process ends. G_IO_ERROR_NOT_FOUND: it
 * is gone. */
PrFileLock *pr_firmware_folder_use (PrFirmwareFolder *self, const char *path, GError **error);

/**
 * pr_firmware_folder_clean:
 * @limit: bytes that all system files together may have
 *
 * Removes what this user has downloaded, the longest unused first, until the rest is within @limit; nothing that is in
 * use, and nothing that a person put there. Parts that nobody has gone on with for 30 days go too.
 *
 * Returns: how many bytes were freed
 */
guint64 pr_firmware_folder_clean (PrFirmwareFolder *self, guint64 limit);

/* --- For the download --- */

/* The lock of one download. G_IO_ERROR_BUSY: another process has it. Makes the folders. */
PrFileLock *pr_firmware_folder_lock (PrFirmwareFolder *self, PrFirmware *firmware, GError **error);
/* With the lock. */
PrPartial *pr_firmware_folder_open_partial (PrFirmwareFolder *self, PrFirmware *firmware, GError **error);
/* Without the lock: how much another process has by now. */
guint64 pr_firmware_folder_get_partial_length (PrFirmwareFolder *self, PrFirmware *firmware);
/* Gives a checked part its name. (transfer full): the path */
char *pr_firmware_folder_take (PrFirmwareFolder *self, PrFirmware *firmware, PrPartial *partial, GError **error);
