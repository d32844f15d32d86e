/* What the two halves of verification share: what the rows ask for, and what was recorded when it arrived.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup-digests.h"
#include "pr-backup-manifest.h"
#include "pr-backup-verify.h"

/* One thread's place in a verification. */
typedef struct {
    int root;
    gboolean deep;
    PrBackupManifest *manifest;
    PrBackupRecord *record;    /* (nullable) */
    PrBackupProgress progress; /* (nullable) */
    gpointer data;             /* for it */
    GCancellable *cancellable;

    PrBackupReport report;
    GError *first;  /* the first fault */
    GArray *bucket; /* loaded of the record */
    guint bucket_number;
    int folder; /* open for that bucket */

    guint8 *buffer; /* for contents */
    guint64 done, total;
} PrBackupCheck;

void pr_backup_check_fault (PrBackupCheck *check, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Loads what is known of the files in folder @number. FALSE: the record cannot be read. */
gboolean pr_backup_check_load (PrBackupCheck *check, guint number, GError **error);

/* Has every row its file? FALSE: the rows cannot be read; what they lack are faults. */
gboolean pr_backup_check_rows (PrBackupCheck *check, GError **error);
