// SPDX-License-Identifier: GPL-3.0-or-later
/* A phone that restarts by itself: on the bus, never answering, and gone again, in a rhythm. */
#include "pr-link-private.h"

#define SECOND G_USEC_PER_SEC

/* source: a looping phone shows up for 20 to 60 s; the rest is leeway. [assumed] */
#define LOOP_COUNT 3
#define LOOP_SHORTEST (10 * SECOND)
#define LOOP_LONGEST (120 * SECOND)
#define LOOP_PAUSE (120 * SECOND)
#define LOOP_UNEVEN 3 /* times that one round may be longer than another: it is a rhythm */
#define LOOP_OVER (180 * SECOND)

typedef struct {
    guint count;
    gint64 first, last;
    gint64 shortest, longest;
} Rounds;

/* On the bus for a while, and gone without its system ever having answered. */
static gboolean
is_round (const PrLinkStay *stay)
{
    gint64 length = stay->to - stay->from;

    return stay->now->mode == PR_PHONE_MODE_NORMAL && stay->to != PR_LINK_STILL && !stay->answer && !stay->expected &&
           length >= LOOP_SHORTEST && length <= LOOP_LONGEST;
}

static gboolean
goes_on (const Rounds *rounds, const PrLinkStay *stay)
{
    gint64 length = stay->to - stay->from;

    return rounds->count == 0 || (stay->from - rounds->last <= LOOP_PAUSE && length <= LOOP_UNEVEN * rounds->shortest &&
                                  rounds->longest <= LOOP_UNEVEN * length);
}

static void
add_round (Rounds *rounds, const PrLinkStay *stay)
{
    gint64 length = stay->to - stay->from;

    if (rounds->count++ == 0)
        rounds->first = stay->from;
    rounds->last = stay->to;
    rounds->shortest = rounds->count == 1 ? length : MIN (rounds->shortest, length);
    rounds->longest = MAX (rounds->longest, length);
}

/* The rounds that ended last at the port of @stay, from it on; one that answered, or is no round, ends the row. */
static Rounds
count_rounds (const PrLinkView *view, const PrLinkStay *stay)
{
    Rounds rounds = { 0 };

    for (; stay; stay = pr_link_view_get_next (view, stay)) {
        if (stay->to == PR_LINK_STILL && !stay->answer)
            break; /* this round may still become one */
        if (!is_round (stay) || !goes_on (&rounds, stay))
            rounds = (Rounds) { 0 };
        if (is_round (stay))
            add_round (&rounds, stay);
    }
    return rounds;
}

void
pr_link_find_boot_loop (const PrLinkView *view, const PrLinkStay *stay, GArray *findings)
{
    Rounds rounds = count_rounds (view, stay);

    if (rounds.count >= LOOP_COUNT && view->now - rounds.last <= LOOP_OVER)
        pr_link_add_finding (findings, PR_FINDING_BOOT_LOOP, PR_SURENESS_LIKELY, stay->begin->port, rounds.first,
                             rounds.last)
            ->count = rounds.count;
}
