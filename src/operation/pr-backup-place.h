/* What is known of the folder where a phone's backup would go: looked at in a thread of its own; immutable once known.
 * Nothing is written there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

typedef enum {
    PR_BACKUP_PLACE_GOOD,
    PR_BACKUP_PLACE_SLOW,    /* over a network, or through another program */
    PR_BACKUP_PLACE_FOREIGN, /* made for other systems, or not known to us: no links, and maybe no large files */
} PrBackupPlaceKind;

typedef struct {
    GError *error; /* (nullable): PR_ERROR_BACKUP_DISK_GONE: it is not there, or cannot be written to */
    PrBackupPlaceKind kind;
    gboolean links;     /* a working copy costs nothing */
    guint64 free;       /* bytes that the person may still use */
    guint64 last_bytes; /* of the phone's backup that is there; 0: there is none */
} PrBackupPlace;

void pr_backup_place_free (PrBackupPlace *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrBackupPlace, pr_backup_place_free)

/* Main thread; @callback too. */
void pr_backup_place_look_async (const char *folder,
                                 const char *udid,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer data);
/* Returns: (transfer full) (nullable): %NULL only when cancelled */
PrBackupPlace *pr_backup_place_look_finish (GAsyncResult *result);

#define PR_BACKUP_PLACE_MARGIN (G_GUINT64_CONSTANT (128) << 20) /* bytes that a phone wants to see left over */

/* How well something fits. */
typedef enum {
    PR_BACKUP_ROOM_UNKNOWN,
    PR_BACKUP_ROOM_FITS,
    PR_BACKUP_ROOM_TIGHT,   /* it may or may not fit */
    PR_BACKUP_ROOM_JOURNAL, /* no second copy fits; the backup itself can be changed under an undo journal */
    PR_BACKUP_ROOM_NONE,    /* it cannot fit */
} PrBackupRoom;

/**
 * pr_backup_place_estimate:
 * @used: bytes in use on the phone; 0: not known
 * @needed: (out): bytes that the next backup is expected to need; 0: not known
 *
 * The phone tells what it holds only when it backs up. So a first backup is taken to be as large as all that is in use
 * on the phone, which is too much, because apps and the system are in no backup; and a later one is taken to bring a
 * tenth of the backup before. To this comes a second copy where the file system has no links, and the margin.
 */
PrBackupRoom pr_backup_place_estimate (const PrBackupPlace *self, guint64 used, guint64 *needed);
