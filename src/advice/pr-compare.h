/* The seven ways that people mix up, side by side: what each erases, keeps, mends, needs and takes, and its other
 * names.
 *
 * Data only; any thread; texts are N_() and static. In titles and places "%s" stands for iPhone or iPad.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-remedy.h"

typedef enum {
    PR_WAY_RESTART,
    PR_WAY_FORCE_RESTART,
    PR_WAY_RESET_SETTINGS,
    PR_WAY_UPDATE,
    PR_WAY_ERASE,
    PR_WAY_RESTORE,
    PR_WAY_PUT_BACK,
    PR_N_WAYS,
} PrWay;

/* The groups of the page, in which the ways stand in this order. */
typedef enum {
    PR_WAYS_KEEP,
    PR_WAYS_ERASE,
    PR_WAYS_BRING_BACK,
} PrWayGroup;

typedef enum {
    PR_FATE_KEPT,
    PR_FATE_RESET, /* back to how it was when new; only of settings */
    PR_FATE_ERASED,
    PR_FATE_NEW_COPY, /* only of the system */
    PR_FATE_FROM_BACKUP,
} PrFate;

typedef struct {
    PrWayGroup group;
    PrRemedy remedy;   /* the same in the ladder of the advice: time, needs, download, guide */
    const char *title; /* N_(), as Apple writes it where it is Apple's label */
    PrFate data;       /* photos, messages, apps and what is in them */
    PrFate settings;
    PrFate system;
    gboolean recovers_broken_system; /* can it mend a system that does not start? */
    const char *time;                /* N_(): "40 min" */
    const char *needs;               /* N_(), one or two words: "Computer" */
    const char *fixes;               /* N_(): what it is good for */
    const char *erases;              /* N_(), a sentence */
    const char *keeps;               /* N_(), a sentence */
    const char *where;               /* N_(): where it is */
    const char *names;               /* N_(): what others call it */
    const char *beware;              /* N_(): what people get wrong about it */
} PrWayFacts;

const PrWayFacts *pr_way_get_facts (PrWay way);

/**
 * pr_way_of_remedy:
 * @way: (out): the way that is the same
 *
 * Returns: whether one of the seven is; the page marks it as recommended then
 */
gboolean pr_way_of_remedy (PrRemedy remedy, PrWay *way);

/* A question that people ask, and its answer; N_(). */
typedef struct {
    const char *question;
    const char *answer;
    const char *guide; /* id of the guide that goes on from here */
} PrCompareQuestion;

/* (array zero-terminated=1): ends with a question that is NULL */
const PrCompareQuestion *pr_compare_get_questions (void);
