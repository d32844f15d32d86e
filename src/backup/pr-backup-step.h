/* The steps by which a backup folder is changed, and what becomes of an errno.
 *
 * Every call that changes something on the disk is announced as a step first. Whoever opens a store can give a function
 * that hears them; an errno that it returns is treated as the failure of that call. (It is how the promise "nothing is
 * lost" is proven: a test ends the process, or fails the call, at any step it likes.)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

/* What a run is busy with. */
typedef enum {
    PR_BACKUP_PHASE_RECOVERY,
    PR_BACKUP_PHASE_STAGING,
    PR_BACKUP_PHASE_UPLOAD,
    PR_BACKUP_PHASE_MOVE,
    PR_BACKUP_PHASE_MANIFEST,
    PR_BACKUP_PHASE_VERIFY,
    PR_BACKUP_PHASE_SWAP,
    PR_BACKUP_PHASE_PRUNING,
} PrBackupPhase;
#define PR_BACKUP_N_PHASES (PR_BACKUP_PHASE_PRUNING + 1)

/* @step: a word for the call ("link", "rename"…). Returns: 0, or an errno. Any thread of the run. */
typedef int (*PrBackupStepFunc) (PrBackupPhase phase, const char *step, gpointer data);

typedef struct {
    PrBackupStepFunc func; /* (nullable) */
    gpointer data;
    PrBackupPhase phase;
} PrBackupSteps;

/* FALSE with the error of an errno that the step's listener made up. */
gboolean pr_backup_step (const PrBackupSteps *steps, const char *step, GError **error);

/**
 * pr_backup_fail:
 * @number: an errno
 *
 * Sets PR_ERROR_BACKUP_DISK_FULL, _BACKUP_DISK_GONE, _UNSAFE_DATA (a link in the way), or a G_IO_ERROR.
 *
 * Returns: %FALSE
 */
gboolean pr_backup_fail (GError **error, int number, const char *what);
