/* What the history and its findings share: the events, read as stays of phones on the bus.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-link.h"

#define PR_LINK_STILL G_MAXINT64
/* After an operation the phone starts, perhaps twice, before it is as it will be. [assumed] */
#define PR_LINK_AFTERMATH (10 * 60 * G_USEC_PER_SEC)

/* One phone at one port in one mode, from its coming to its leaving. Events are borrowed. */
typedef struct {
    const PrLinkEvent *begin;  /* with which it came */
    const PrLinkEvent *now;    /* the newest that is known of it */
    const PrLinkEvent *answer; /* the newest ANSWERED; NULL */
    gint64 from, to;           /* PR_LINK_STILL: it is there */
    gboolean first;            /* at its port */
    guint next;                /* index of the next one at its port; 0: there is none */
    gboolean silent;
    gboolean expected;   /* it came in an operation or its aftermath */
    gboolean next_stage; /* it came because it loaded the next stage of its start */
} PrLinkStay;

typedef struct {
    gint64 now;
    GArray *stays;     /* of PrLinkStay, in the order of their beginnings */
    GHashTable *ports; /* port (borrowed) → index of its last stay, and 1 */
    const PrLinkEvent *first[PR_LINK_N_EVENTS];
    const PrLinkEvent *last[PR_LINK_N_EVENTS];
    guint count[PR_LINK_N_EVENTS];
    gboolean busy;            /* an operation runs, */
    gboolean staged;          /* in which a phone has loaded the next stage of its start */
    gint64 settled;           /* when the last one was over; 0: there was none */
    const PrLinkEvent *slept; /* in the middle of an operation; NULL */
} PrLinkView;

/* @view borrows from @history until it is changed. */
void pr_link_view_init (PrLinkView *view, PrLinkHistory *history, gint64 now);
void pr_link_view_clear (PrLinkView *view);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrLinkView, pr_link_view_clear)

const PrLinkStay *pr_link_view_get_stay (const PrLinkView *view, guint index);
gboolean pr_link_view_is_any_present (const PrLinkView *view);
/* The next one at its port, or NULL. */
const PrLinkStay *pr_link_view_get_next (const PrLinkView *view, const PrLinkStay *stay);

/* One that was seen once; borrowed from @findings until the next is added. */
PrFinding *pr_link_add_finding (GArray *findings,
                                PrFindingKind kind,
                                PrSureness sureness,
                                const char *port,
                                gint64 first,
                                gint64 last);

/* Each looks at the stays at one port, from @stay, the first of them, on. */
void pr_link_find_loose_contact (const PrLinkView *view, const PrLinkStay *stay, GArray *findings);
void pr_link_find_boot_loop (const PrLinkView *view, const PrLinkStay *stay, GArray *findings);
