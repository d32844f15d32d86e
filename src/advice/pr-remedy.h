/* The things that can be done about a phone in trouble, in the one written order of mildness, and what each costs.
 *
 * Data only; any thread; texts are N_() and static. A remedy has a guide; some have a flow of this program too, which
 * the plan knows (pr_plan_get_goal_of_remedy()).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-known.h"

/* Mildest first. Everything before PR_REMEDY_FIRST_LOSS leaves what is on the phone where it is.
 *
 * Leaving recovery mode comes before a force restart: it costs less, and a phone that was told to stay in recovery mode
 * comes back there after a force restart.
 * The restore by a nearby device comes after the update: Apple counts it among the ways that erase. */
typedef enum {
    PR_REMEDY_NONE,

    /* nothing is changed: to look, to wait, to ask */
    PR_REMEDY_WAIT,
    PR_REMEDY_CHECK_CABLE,
    PR_REMEDY_CHARGE,
    PR_REMEDY_CHECK_COMPUTER,
    PR_REMEDY_TRUST,
    PR_REMEDY_CHECK_BATTERY,
    PR_REMEDY_CHECK_NETWORK,
    PR_REMEDY_CHECK_USED,
    PR_REMEDY_CHECK_CARD,
    PR_REMEDY_LOOK_FOR_COPIES,
    PR_REMEDY_OLD_PASSCODE,
    PR_REMEDY_ASK_OWNER,
    PR_REMEDY_ASK_ORGANISATION,

    /* it starts anew */
    PR_REMEDY_RESTART,
    PR_REMEDY_LEAVE_RECOVERY,
    PR_REMEDY_FORCE_RESTART,
    PR_REMEDY_SOFT_RESET,
    PR_REMEDY_RUN_EMPTY,

    /* the phone mends itself */
    PR_REMEDY_RECOVERY_ASSISTANT,
    PR_REMEDY_UPDATE_ON_PHONE,
    PR_REMEDY_MAKE_ROOM,
    PR_REMEDY_REMOVE_PROFILE,
    PR_REMEDY_RESET_SETTINGS,

    /* first the data, then a new system under it */
    PR_REMEDY_BACK_UP,
    PR_REMEDY_WINDOWS_BACK_UP,
    PR_REMEDY_SIGN_OUT,
    PR_REMEDY_UPDATE,

    /* what is on the phone is replaced or erased */
    PR_REMEDY_PUT_BACK,
    PR_REMEDY_NEARBY,
    PR_REMEDY_SECURITY_LOCKOUT,
    PR_REMEDY_ERASE,
    PR_REMEDY_AS_NEW,
    PR_REMEDY_WINDOWS_RESET,
    PR_REMEDY_HARD_RESET,
    PR_REMEDY_RESTORE,
    PR_REMEDY_DFU_RESTORE,
    PR_REMEDY_RECOVERY_TOOL,

    /* other people's hands */
    PR_REMEDY_SERVICE,
    PR_N_REMEDIES,
} PrRemedy;

#define PR_REMEDY_FIRST_LOSS PR_REMEDY_PUT_BACK

typedef enum {
    PR_LOSS_NOTHING,
    PR_LOSS_CHOSEN,   /* only what the person picks, piece by piece */
    PR_LOSS_SETTINGS, /* settings go back to the start; photos, messages and apps stay */
    PR_LOSS_REPLACED, /* what is on the phone gives way to what is in the backup */
    PR_LOSS_ALL,      /* everything on the phone */
} PrLoss;

typedef struct {
    const char *title; /* N_() */
    guint least, most; /* minutes; 0 and 0: it cannot be said */
    PrLoss loss;
    gboolean download; /* the system file, several gigabytes, once */
    const char *needs; /* N_(): "A cable"; (nullable) nothing */
    const char *guide; /* id of the guide that shows how */
    PrFactSet when;    /* it can be done only where all of these are so */
    PrFactSet unless;  /* and none of these */
} PrRemedyFacts;

const PrRemedyFacts *pr_remedy_get_facts (PrRemedy remedy);
gboolean pr_remedy_loses_data (PrRemedy remedy); /* the loss is REPLACED or ALL */
/* Can it be done to a phone of which @facts are known? */
gboolean pr_remedy_is_possible (PrRemedy remedy, PrFactSet facts);
