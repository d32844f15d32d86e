/* What the phone asks of us while it backs up or is restored: files to take, files to give, folders to make, list, move
 * and remove; all within one backup. Blocking; one thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup-run.h"
#include "pr-device-link.h"

typedef struct {
    guint64 bytes, files; /* that went over the link */
    double percent;       /* as the phone says; 0 to 100 */
    guint64 refused;      /* files that the phone could not read */
    char *refusal;        /* (nullable): the first of them */
    gboolean wants_room;  /* it asked to make room: to its mind the disk is too full */
} PrBackupTransferState;

typedef void (*PrBackupTransferFunc) (const PrBackupTransferState *state, gpointer data);

/* @path is about to go to the phone. FALSE with @error: it does not, and the conversation ends. */
typedef gboolean (*PrBackupTransferSend) (const char *path, gpointer data, GError **error);

typedef struct _PrBackupTransfer PrBackupTransfer;

/**
 * pr_backup_transfer_new:
 * @run: (nullable): borrowed; %NULL: nothing may be written
 * @root: borrowed: what is read from
 * @name: the folder's name, by which the phone calls it
 * @store: (nullable): borrowed: where it asks for free space
 * @func: (nullable)
 * @send: (nullable)
 */
PrBackupTransfer *pr_backup_transfer_new (PrDeviceLink *link,
                                          PrBackupRun *run,
                                          int root,
                                          const char *name,
                                          PrBackupStore *store,
                                          PrBackupTransferFunc func,
                                          PrBackupTransferSend send,
                                          gpointer data);
void pr_backup_transfer_free (PrBackupTransfer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrBackupTransfer, pr_backup_transfer_free)

const PrBackupTransferState *pr_backup_transfer_get_state (PrBackupTransfer *self);

/* Does what @message asks, and answers. FALSE with @error ends the conversation. */
gboolean pr_backup_transfer_serve (PrBackupTransfer *self,
                                   const char *name,
                                   plist_t message,
                                   GCancellable *cancellable,
                                   GError **error);
