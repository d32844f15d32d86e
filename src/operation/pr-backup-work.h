/* What the operations that talk to the phone's backup service have in common: its progress as steps, the passcode that
 * it asks for, the point of no return, and tries that the phone itself wants repeated. In run().
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-mobile-backup.h"
#include "pr-operation.h"

typedef struct {
    PrOperation *operation; /* borrowed */
    const guint *steps;     /* which step is each PrMobileBackupStage? */
    PrStop zone;            /* of Stop, past the point of no return */
    gboolean restores;      /* a backup is put back, not made */

    /* internal */
    gint64 number; /* with which the phone ended */
    guint tries;
    gboolean full; /* the next try begins anew */
    gboolean crossed;
    int asks; /* atomic */
} PrBackupWork;

/* Options whose callbacks show the work in the operation. */
void pr_backup_work_fill (PrBackupWork *self, PrMobileBackupOptions *options);

/**
 * pr_backup_work_again:
 * @reason: (inout): why a try failed
 *
 * Says so in the details and waits a little, if the phone's number means that it may be tried again. Never past the
 * point of no return.
 *
 * Returns: %TRUE with @reason cleared; %FALSE with what the operation ends with, which is always a PrError or
 * G_IO_ERROR_CANCELLED
 */
gboolean pr_backup_work_again (PrBackupWork *self, GError **reason, GCancellable *cancellable);

/* Makes @reason one that the operation may end with: an end by the person is one, a folder that is not there too. */
void pr_backup_work_name_error (PrBackupWork *self, GError **reason);
