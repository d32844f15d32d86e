/* Would this backup restore? Blocking; any thread.
 *
 * Quick: it was finished, its manifest opens (an encrypted one with the password), and every row has its file with the
 * right size. Deep: also every digest that was recorded when the file arrived, the database itself, every key and every
 * padding.
 *
 * A file that differs from its row in size, but is what arrived, is counted and no fault: phones back up files while
 * they change.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

typedef struct {
    guint64 files, bytes; /* of the rows; of the disk where rows cannot be read */
    gboolean encrypted;
    gboolean proven;   /* the rows were read: not encrypted, or the password opens it */
    guint64 recorded;  /* files with a digest (deep) */
    guint64 differing; /* in size from the row, but as they arrived */
    guint64 faults;    /* the first of them is in the error */
} PrBackupReport;

/* @done of @total bytes. */
typedef void (*PrBackupProgress) (guint64 done, guint64 total, gpointer data);

/**
 * pr_backup_verify_quick:
 * @root: a descriptor of the backup
 * @password: (nullable): without it an encrypted backup is only compared with what arrived: @report->proven is %FALSE
 *
 * Errors: PR_ERROR_BACKUP_DAMAGED with the first fault, PR_ERROR_WRONG_BACKUP_PASSWORD, G_IO_ERROR_CANCELLED.
 */
gboolean pr_backup_verify_quick (int root,
                                 const char *password,
                                 PrBackupReport *report,
                                 GCancellable *cancellable,
                                 GError **error);
gboolean pr_backup_verify_deep (int root,
                                const char *password,
                                PrBackupReport *report,
                                PrBackupProgress progress,
                                gpointer data,
                                GCancellable *cancellable,
                                GError **error);
