/* A record of all that was done to a folder, and what a disk may hold of it when the computer loses power on the way.
 *
 * The model of a crash. What was synced is there: what was done before the sync began, not what was done beside it. Of
 * the rest:
 *   - A change of names (make, link, rename, exchange, remove) is there wholly or not at all, also a rename between two
 *     folders. No file system without that can keep a promise about renames; FAT and exFAT do not give it.
 *   - CRASH_ORDERED, as ext4, XFS and btrfs do it: there is one order of all changes of names, of which any beginning
 * is there; every sync, of whatever file or folder, takes all changes before it with it.
 *   - CRASH_LOOSE, as POSIX allows it: each folder has an order of its own. A sync of a folder keeps its own changes
 *     (and what those depend on), a sync of a file keeps none; of other folders any beginning is there, and a folder's
 *     own name may be lost while a file was already moved into it.
 *   - What was written to a file since it was last synced is there, or missing at its end, or zeros, page by page, each
 *     for itself: a name never means that there is anything in the file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "disk.h"

typedef enum {
    CRASH_ORDERED,
    CRASH_LOOSE,
    CRASH_NOTHING_LOST, /* everything is there, for trying the record itself */
} CrashKind;
#define CRASH_N_KINDS 2

typedef struct _CrashLog CrashLog;

/* What is in @folder now is on the disk. */
CrashLog *crash_log_new (const char *folder);
void crash_log_free (CrashLog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrashLog, crash_log_free)

/* For disk_listen(); valid as long as the log. Its no_exchange may be set. */
DiskListener *crash_log_get_listener (CrashLog *self);
/* A mark of the caller's on the changes from now on. */
void crash_log_set_mark (CrashLog *self, guint mark);

/* Points in time: 0 is before the first change. */
guint crash_log_get_end (CrashLog *self);
/* One after a change of that mark, any where there is none. */
guint crash_log_draw (CrashLog *self, guint mark, GRand *rand);
/* After the last change of that mark; 0 where there is none. */
guint crash_log_find_last (CrashLog *self, guint mark);

/* What the disk may hold if power is lost at @point, as the new folder @image. */
void crash_log_write_image (CrashLog *self, guint point, CrashKind kind, GRand *rand, const char *image);
