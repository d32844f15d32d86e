/* The small file in a backup by which we know what a folder of ours is: .phone-reset/state. Blocking; any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#define PR_BACKUP_STATE_FILE PR_BACKUP_OURS "/state"

typedef struct {
    gboolean ours;      /* there is such a file, or what is left of one */
    gboolean complete;  /* it was verified and synced when this was written */
    guint64 generation; /* counts the runs; 0: made by another program */
    guint64 files, bytes;
    gint64 time;  /* of the run's end, seconds since 1970 */
    char run[64]; /* what the phone called that run: UUID in Status.plist; "" where it has none */
} PrBackupState;

/* What is not there, or makes no sense, is 0. */
void pr_backup_state_read (int root, PrBackupState *state);
/* Is the backup still what it was then, or has another program gone on with it? Then our digests are of another one. */
gboolean pr_backup_state_is_current (int root, const PrBackupState *state);
/* What the phone calls the run that is in @root. */
void pr_backup_state_read_run (int root, char run[64]);
/* (transfer full): its text */
GBytes *pr_backup_state_write (const PrBackupState *state);
