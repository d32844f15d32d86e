/* What the two sides of an operation share: pr-operation.c is the main thread's, pr-operation-work.c the worker's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-operation.h"

#define PR_OPERATION_DETAIL_LINES 200

typedef struct _PrOperationPrivate PrOperationPrivate;

/* What the worker has said and the main thread has not yet taken over. */
typedef struct {
    guint step;
    double fraction; /* of the whole */
    PrNote note;
    PrStop zone;
    gboolean asked_to_stop;
    gboolean ended_anyway;
    GQueue lines; /* of char *: owned */
} Shared;

struct _PrOperationPrivate {
    /* owned, the main thread's copy: getters and bindings read these */
    PrPhone *phone;
    guint64 ecid;
    char *udid;
    PrOperationState state;
    guint step;
    double fraction;
    PrNote note;
    PrStop stop;
    GString *detail;
    guint detail_lines;
    GError *error;
    double seconds_left;
    gint64 started;
    gint64 ended; /* 0: not yet */
    gint64 step_started;
    guint tick_source;
    PrFinding fault; /* the weightiest so far, where has_fault */
    gboolean has_fault;
    gboolean claimed;
    GThread *thread;
    GCancellable *cancellable;

    /* shared with the worker, under the lock */
    GMutex lock;
    Shared shared;
    guint sync_source;
};

PrOperationPrivate *pr_operation_private (PrOperation *self);
/* Notes what is found about the phone's link from now on. */
void pr_operation_watch_link (PrOperation *self);
/* Carries the worker's latest word to the main thread soon. With the lock held. */
void pr_operation_schedule_sync (PrOperation *self);
