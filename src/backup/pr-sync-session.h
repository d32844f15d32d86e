/* What tells the phone, and other programs that use it, that a synchronization runs: notifications and a lock on a file
 * of the phone; and what the phone tells us meanwhile.
 *
 * Blocking; one thread, but @func is called in one of its own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-lockdown.h"

typedef enum {
    PR_SYNC_ASKS_PASSCODE,  /* it shows the question */
    PR_SYNC_ASKED_PASSCODE, /* it does not any more */
    PR_SYNC_CANCELLED,      /* the person stopped it on the phone */
} PrSyncNotice;

typedef void (*PrSyncFunc) (PrSyncNotice notice, gpointer data);

typedef struct _PrSyncSession PrSyncSession;

/* @lockdown: in a session. Errors: PR_ERROR_SYNC_LOCKED when another program holds the lock for 10 s. */
PrSyncSession *pr_sync_session_begin (PrLockdown *lockdown,
                                      PrSyncFunc func,
                                      gpointer data,
                                      GCancellable *cancellable,
                                      GError **error);
/* Gives the lock back. */
void pr_sync_session_end (PrSyncSession *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrSyncSession, pr_sync_session_end)

/* Asks the phone to stop what it does. */
void pr_sync_session_cancel (PrSyncSession *self);

/* Puts the list of apps where a phone that is restored looks for it. */
gboolean pr_sync_session_put_apps (PrSyncSession *self, GBytes *apps, GCancellable *cancellable, GError **error);
