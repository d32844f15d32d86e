/* One job being done: base class of all. It alone knows threads, progress, cancellation and the point of no return.
 *
 * Main thread for everything but run() and the functions marked "in run()". run() gets one named thread and is straight
 * blocking code. The window binds to the properties: "state", "step" (index), "step-title", "fraction" (0…1, never
 * backwards), "detail" (technical, untranslated), "can-cancel", "stop" (what Stop means now), "note" (what the phone
 * needs from the person now), "started", "seconds-left".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-error.h"
#include "pr-link.h"
#include "pr-phone.h"

typedef enum {
    PR_OPERATION_READY,
    PR_OPERATION_RUNNING,
    PR_OPERATION_STOPPING, /* Stop was asked for and is on its way */
    PR_OPERATION_SUCCEEDED,
    PR_OPERATION_CANCELLED,
    PR_OPERATION_FAILED,
} PrOperationState;

/* The three zones of Stop (guard rail 7). */
typedef enum {
    PR_STOP_AT_ONCE,       /* nothing on the phone has changed yet */
    PR_STOP_THEN_RECOVERY, /* stops, then brings the phone out of recovery mode */
    PR_STOP_END_ANYWAY,    /* only a confirmed "End anyway", which leaves an incomplete system */
    PR_STOP_NOT,           /* too short to stop */
} PrStop;

/* What the person should do or expect at the phone now. */
typedef enum {
    PR_NOTE_NONE,
    PR_NOTE_TRUST,     /* tap Trust */
    PR_NOTE_PASSCODE,  /* enter the passcode */
    PR_NOTE_UNPLUGGED, /* it left the bus: plug it in again (a countdown runs) */
    PR_NOTE_LONGER,    /* longer than usual, which is no reason to stop */
    PR_NOTE_PAUSED,    /* by the person */
    PR_NOTE_BROKE_OFF, /* a download, which is tried again by itself */
    PR_NOTE_ELSEWHERE, /* another window or program does the same, and this one waits for it */
} PrNote;

typedef struct {
    const char *title;   /* N_() */
    const char *then;    /* N_(): what the phone shows meanwhile */
    const char *drawing; /* icon name of what the phone shows; %s stands for the phone's family */
    double weight;       /* share of the time */
    int usual;           /* seconds; past three times that PR_NOTE_LONGER is shown */
} PrStep;

#define PR_TYPE_OPERATION (pr_operation_get_type ())
G_DECLARE_DERIVABLE_TYPE (PrOperation, pr_operation, PR, OPERATION, GObject)

struct _PrOperationClass {
    GObjectClass parent_class;
    const PrStep *steps;
    guint n_steps;
    /* the main thread, before the thread starts: copy what run() needs from the phone; may fail */
    gboolean (*prepare) (PrOperation *self, GError **error);
    /* its own thread */
    gboolean (*run) (PrOperation *self, GCancellable *cancellable, GError **error);
    /* the main thread: it is over, and its error is known, but nobody has heard of it yet; may be NULL */
    void (*ended) (PrOperation *self);
    /* the main thread: the person has seen how it ended; may be NULL */
    void (*acknowledge) (PrOperation *self);
};

/* Construct property "phone" (nullable only where none is worked on). */
PrPhone *pr_operation_get_phone (PrOperation *self);
void pr_operation_start (PrOperation *self);
/* Stop. In the third zone it has no effect: only end_anyway has. Returns whether it was accepted. */
gboolean pr_operation_cancel (PrOperation *self);
void pr_operation_end_anyway (PrOperation *self);
PrOperationState pr_operation_get_state (PrOperation *self);
gboolean pr_operation_is_over (PrOperation *self);
const PrStep *pr_operation_get_steps (PrOperation *self, guint *n_steps);
guint pr_operation_get_step (PrOperation *self);
double pr_operation_get_fraction (PrOperation *self);
PrStop pr_operation_get_stop (PrOperation *self);
PrNote pr_operation_get_note (PrOperation *self);
const GError *pr_operation_get_error (PrOperation *self);
/* Why it failed, where that was the link: the weightiest of what was found about it while the operation ran. %NULL: it
 * did not fail, or with what no link explains, or the link was good. Borrowed. */
const PrFinding *pr_operation_get_link_fault (PrOperation *self);
const char *pr_operation_get_detail (PrOperation *self);  /* the last 200 lines at most */
double pr_operation_get_seconds_left (PrOperation *self); /* -1 unknown */
/* The result was shown to the person: what was kept only to tell it may go. */
void pr_operation_acknowledge (PrOperation *self);

/* in run(): the phone's identity, copied before the thread began */
guint64 pr_operation_get_ecid (PrOperation *self);
const char *pr_operation_get_udid (PrOperation *self);
/* in run(): waits until the phone is in one of @modes (bits, as for pr_phone_wait()), else fails with @code */
gboolean pr_operation_wait_for (PrOperation *self,
                                guint modes,
                                double seconds,
                                GCancellable *cancellable,
                                PrError code,
                                GError **error);
void pr_operation_enter_step (PrOperation *self, guint step);
void pr_operation_report (PrOperation *self, double fraction); /* of the step */
void pr_operation_add_detail (PrOperation *self, const char *line);
void pr_operation_set_note (PrOperation *self, PrNote note);
/* Moves into a later zone of Stop, in one decision with every click: fails with G_IO_ERROR_CANCELLED if the person had
 * already asked to stop; otherwise every later click is judged by the new zone. */
gboolean pr_operation_enter_zone (PrOperation *self, PrStop zone, GError **error);
/* Has the person confirmed End anyway? */
gboolean pr_operation_ended_anyway (PrOperation *self);
