/* One line of idevicerestore's output -> what it means. A table; no I/O; any thread.
 *
 * Knows both output contracts (2024 and 2025); see the doc comment of pr_restore_log_feed().
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-error.h"

/* The phases that a person is told about, in the order in which they come. */
typedef enum {
    PR_RESTORE_PHASE_FIND,    /* finding the phone, reading the file */
    PR_RESTORE_PHASE_SIGN,    /* asking for the signature */
    PR_RESTORE_PHASE_START,   /* sending the boot stages, waiting for restore mode */
    PR_RESTORE_PHASE_PREPARE, /* preparing the phone's storage */
    PR_RESTORE_PHASE_SEND,    /* sending the system */
    PR_RESTORE_PHASE_CHECK,   /* the phone checks what it got */
    PR_RESTORE_PHASE_FINISH,  /* firmware of parts, modem, keys */
    PR_RESTORE_PHASE_DONE,
} PrRestorePhase;

typedef struct {
    PrRestorePhase phase;       /* never goes back */
    double fraction;            /* of the phase, 0…1, never goes back within it; -1 not known */
    gboolean keeps_data;        /* it has said "without erasing user data" */
    gboolean erases;            /* it has said "will erase all device data", or anything else about that */
    gboolean wants_passcode;    /* the phone asks for its passcode, and the tool waits for that */
    gboolean entering_recovery; /* it has begun to send the phone to recovery mode */
    gboolean past_return;       /* "About to restore device" was said: guard rail 7, third zone */
    gboolean finished;          /* "Status: Restore Finished" was said */
    int apple_status;           /* StatusMsg number when the phone failed, 0 none */
    PrError cause;              /* the best explanation so far … */
    gboolean has_cause;         /* … if there is one */
    GString *evidence;          /* the lines that led to it, for the Details */
} PrRestoreState;

PrRestoreState *pr_restore_state_new (void);
void pr_restore_state_free (PrRestoreState *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrRestoreState, pr_restore_state_free)

/**
 * pr_restore_log_feed:
 * @line: one line without its end, from either stream ("\r" ends a line too)
 *
 * Returns: whether anything in @self changed
 */
gboolean pr_restore_log_feed (PrRestoreState *self, const char *line);

/* What the signing relay says of the last request, which got no ticket: it knows more than the tool, and less than the
 * phone. @nick: of its PrError. Returns: whether it is one that it can have */
gboolean pr_restore_log_blame_signing (PrRestoreState *self, const char *nick, const char *message);
