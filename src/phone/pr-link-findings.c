// SPDX-License-Identifier: GPL-3.0-or-later
/* The rules, one function a finding. Where a limit has no source it is marked [assumed]: only real phones can tell. */
#include "pr-link-private.h"

#include <string.h>

#define SECOND G_USEC_PER_SEC

/* source: three comings and goings of one port within ten seconds are no person's doing */
#define LOOSE_COUNT 3
#define LOOSE_SPAN (10 * SECOND)
#define LOST_FOR (5 * SECOND)    /* longer: somebody pulled it. [assumed] */
#define LOOSE_OVER (60 * SECOND) /* a contact that held for so long is good again */

/* source: a looping phone shows up for 20 to 60 s; the rest is leeway. [assumed] */
#define LOOP_COUNT 3
#define LOOP_SHORTEST (10 * SECOND)
#define LOOP_LONGEST (120 * SECOND)
#define LOOP_PAUSE (120 * SECOND)
#define LOOP_UNEVEN 3 /* times that one round may be longer than another: it is a rhythm */
#define LOOP_OVER (180 * SECOND)

#define HANGS_AFTER (120 * SECOND)        /* [assumed] */
#define HANGS_AFTER_UPDATE (600 * SECOND) /* a first start after an update sorts its data. [assumed] */
#define CHARGES_FOR (30 * SECOND)
#define MANY_HUBS 2 /* source: one hub works, two mostly fail, three always */
#define HIGH_SPEED 480

#define MAX_TRIES 6

static PrFinding *
add (GArray *findings, PrFindingKind kind, PrSureness sureness, const char *port, gint64 first, gint64 last)
{
    PrFinding finding = { .kind = kind, .sureness = sureness, .count = 1, .first = first, .last = last };

    g_strlcpy (finding.port, port, sizeof finding.port);
    g_array_append_val (findings, finding);
    return &g_array_index (findings, PrFinding, findings->len - 1);
}

static const PrLinkStay *
get_stay (const PrLinkView *view, guint index)
{
    return &g_array_index (view->stays, PrLinkStay, index);
}

/* The next one at its port, or NULL. */
static const PrLinkStay *
get_next (const PrLinkView *view, const PrLinkStay *stay)
{
    return stay->next ? get_stay (view, stay->next) : NULL;
}

/* --- Loose contact --- */

/* It was lost if the same phone comes back in the mode in which it left: a change of mode looks otherwise. */
static gboolean
was_lost (const PrLinkStay *stay, const PrLinkStay *next)
{
    gboolean other = next && stay->now->ecid && next->begin->ecid && stay->now->ecid != next->begin->ecid;

    return next && !other && next->begin->mode == stay->now->mode && next->from - stay->to <= LOST_FOR;
}

/* (transfer full): of gint64, the moments at which contact was lost at the port of @stay, from it on */
static GArray *
list_lost (const PrLinkView *view, const PrLinkStay *stay)
{
    GArray *lost = g_array_new (FALSE, FALSE, sizeof (gint64));

    for (; stay; stay = get_next (view, stay))
        if (was_lost (stay, get_next (view, stay)))
            g_array_append_val (lost, stay->to);
    return lost;
}

static gboolean
is_burst (const GArray *times)
{
    for (guint i = LOOSE_COUNT - 1; i < times->len; i++)
        if (g_array_index (times, gint64, i) - g_array_index (times, gint64, i + 1 - LOOSE_COUNT) <= LOOSE_SPAN)
            return TRUE;
    return FALSE;
}

static void
find_loose_contact (const PrLinkView *view, const PrLinkStay *stay, GArray *findings)
{
    g_autoptr (GArray) lost = list_lost (view, stay);
    gint64 last = lost->len > 0 ? g_array_index (lost, gint64, lost->len - 1) : 0;

    if (is_burst (lost) && view->now - last <= LOOSE_OVER)
        add (findings, PR_FINDING_LOOSE_CONTACT, PR_SURENESS_LIKELY, stay->begin->port, g_array_index (lost, gint64, 0),
             last)
            ->count = lost->len;
}

guint
pr_link_history_count_lost (PrLinkHistory *self, const char *port, gint64 since)
{
    g_auto (PrLinkView) view = { 0 };
    guint count = 0;

    pr_link_view_init (&view, self, since);
    for (guint i = 0; i < view.stays->len; i++) {
        const PrLinkStay *stay = get_stay (&view, i);
        if ((!port || g_str_equal (stay->begin->port, port)) && stay->to >= since &&
            was_lost (stay, get_next (&view, stay)))
            count++;
    }
    return count;
}

const char *
pr_link_history_get_last_port (PrLinkHistory *self)
{
    g_auto (PrLinkView) view = { 0 };

    pr_link_view_init (&view, self, 0);
    return view.stays->len > 0 ? get_stay (&view, view.stays->len - 1)->begin->port : NULL;
}

GArray *
pr_link_history_list_spans (PrLinkHistory *self, const char *port, gint64 since, gint64 now)
{
    GArray *spans = g_array_new (FALSE, FALSE, sizeof (PrLinkSpan));
    g_auto (PrLinkView) view = { 0 };

    pr_link_view_init (&view, self, now);
    for (guint i = 0; i < view.stays->len; i++) {
        const PrLinkStay *stay = get_stay (&view, i);
        PrLinkSpan span = {
            .from = stay->from,
            .to = MIN (stay->to, now),
            .present = stay->to == PR_LINK_STILL,
            .lost = was_lost (stay, get_next (&view, stay)),
            .mode = stay->now->mode,
            .speed = stay->now->speed,
            .hub_depth = stay->now->hub_depth,
        };
        if (g_str_equal (stay->begin->port, port) && span.to >= since)
            g_array_append_val (spans, span);
    }
    return spans;
}

/* --- Boot loop --- */

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

    for (; stay; stay = get_next (view, stay)) {
        if (stay->to == PR_LINK_STILL && !stay->answer)
            break; /* this round may still become one */
        if (!is_round (stay) || !goes_on (&rounds, stay))
            rounds = (Rounds) { 0 };
        if (is_round (stay))
            add_round (&rounds, stay);
    }
    return rounds;
}

static void
find_boot_loop (const PrLinkView *view, const PrLinkStay *stay, GArray *findings)
{
    Rounds rounds = count_rounds (view, stay);

    if (rounds.count >= LOOP_COUNT && view->now - rounds.last <= LOOP_OVER)
        add (findings, PR_FINDING_BOOT_LOOP, PR_SURENESS_LIKELY, stay->begin->port, rounds.first, rounds.last)->count =
            rounds.count;
}

/* What several stays at one port tell together. */
static void
find_of_ports (const PrLinkView *view, GArray *findings)
{
    for (guint i = 0; i < view->stays->len; i++) {
        const PrLinkStay *stay = get_stay (view, i);
        if (!stay->first)
            continue;
        find_loose_contact (view, stay, findings);
        find_boot_loop (view, stay, findings);
    }
}

/* --- Of a phone that is there --- */

static void
find_state (const PrLinkView *view, const PrLinkStay *stay, GArray *findings)
{
    gint64 since = view->now - stay->from;
    gint64 limit = stay->expected ? HANGS_AFTER_UPDATE : HANGS_AFTER;
    const char *port = stay->begin->port;

    if (stay->now->mode == PR_PHONE_MODE_NORMAL && stay->silent && !stay->answer && since >= limit)
        add (findings, PR_FINDING_HANGS, PR_SURENESS_LIKELY, port, stay->from, view->now);
    if (stay->now->mode == PR_PHONE_MODE_RECOVERY && !stay->expected)
        add (findings, PR_FINDING_ASKS, PR_SURENESS_SEEN, port, stay->from, stay->from);
}

static void
find_trust (const PrLinkStay *stay, GArray *findings)
{
    PrTrust trust = stay->answer ? stay->answer->trust : PR_TRUST_UNKNOWN;
    gint64 when = stay->answer ? stay->answer->time : 0;

    if (trust == PR_TRUST_LOCKED)
        add (findings, PR_FINDING_LOCKED, PR_SURENESS_SEEN, stay->begin->port, when, when);
    if (trust == PR_TRUST_NEVER || trust == PR_TRUST_REFUSED || trust == PR_TRUST_STALE)
        add (findings, PR_FINDING_NOT_TRUSTED, PR_SURENESS_SEEN, stay->begin->port, when, when);
}

static void
find_wiring (const PrLinkView *view, const PrLinkStay *stay, GArray *findings)
{
    const PrLinkEvent *now = stay->now;
    gint64 from = stay->from;

    if (now->unpowered)
        add (findings, PR_FINDING_NO_POWER, PR_SURENESS_SEEN, now->port, from, now->time);
    if (now->held && !view->busy)
        add (findings, PR_FINDING_HELD, PR_SURENESS_SEEN, now->port, from, now->time);
    if (now->hub_depth >= MANY_HUBS)
        add (findings, PR_FINDING_HUBS, PR_SURENESS_LIKELY, now->port, from, now->time)->count = (guint) now->hub_depth;
    if (now->speed > 0 && now->speed < HIGH_SPEED)
        add (findings, PR_FINDING_SLOW, PR_SURENESS_SEEN, now->port, from, now->time)->count = (guint) now->speed;
    else if (now->speed > 0 && now->speed < now->best_speed)
        add (findings, PR_FINDING_BELOW_BEST, PR_SURENESS_INFORMATION, now->port, from, now->time)->count =
            (guint) now->speed;
}

static void
find_of_present (const PrLinkView *view, GArray *findings)
{
    for (guint i = 0; i < view->stays->len; i++) {
        const PrLinkStay *stay = get_stay (view, i);
        if (stay->to != PR_LINK_STILL)
            continue;
        find_state (view, stay, findings);
        find_trust (stay, findings);
        find_wiring (view, stay, findings);
    }
}

/* At once, for a person who chooses one of them by its name. */
static void
find_same_name (const PrLinkView *view, GArray *findings)
{
    g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

    for (guint i = 0; i < view->stays->len; i++) {
        const PrLinkStay *stay = get_stay (view, i);
        if (stay->to != PR_LINK_STILL || !stay->answer || !*stay->answer->name)
            continue;
        if (!g_hash_table_add (names, (gpointer) stay->answer->name)) {
            add (findings, PR_FINDING_SAME_NAME, PR_SURENESS_SEEN, "", stay->from, view->now)->count = 2;
            return;
        }
    }
}

/* --- Of the computer --- */

static gboolean
is_any_there (const PrLinkView *view)
{
    for (guint i = 0; i < view->stays->len; i++)
        if (get_stay (view, i)->to == PR_LINK_STILL)
            return TRUE;
    return FALSE;
}

static void
find_charge_only (const PrLinkView *view, GArray *findings)
{
    const PrLinkEvent *said = view->last[PR_LINK_CHARGES];
    const PrLinkEvent *seen = view->last[PR_LINK_ATTACHED];

    if (said && !is_any_there (view) && !(seen && seen->time >= said->time) && view->now - said->time >= CHARGES_FOR)
        add (findings, PR_FINDING_CHARGE_ONLY, PR_SURENESS_LOW, "", said->time, view->now);
}

static void
find_of_computer (const PrLinkView *view, GArray *findings)
{
    const PrLinkEvent *cut = view->last[PR_LINK_OVER_CURRENT];
    const PrLinkEvent *daemons = view->last[PR_LINK_DAEMONS];
    const PrLinkEvent *machine = view->last[PR_LINK_IN_MACHINE];

    if (cut)
        add (findings, PR_FINDING_OVER_CURRENT, PR_SURENESS_SEEN, cut->port, view->first[PR_LINK_OVER_CURRENT]->time,
             cut->time)
            ->count = view->count[PR_LINK_OVER_CURRENT];
    if (view->slept)
        add (findings, PR_FINDING_SLEPT, PR_SURENESS_SEEN, "", view->slept->time, view->slept->time);
    if (daemons && daemons->count > 1)
        add (findings, PR_FINDING_TWO_DAEMONS, PR_SURENESS_SEEN, "", daemons->time, view->now)->count = daemons->count;
    if (machine)
        add (findings, PR_FINDING_IN_MACHINE, is_any_there (view) ? PR_SURENESS_INFORMATION : PR_SURENESS_LOW, "",
             machine->time, view->now);
}

static int
compare (gconstpointer a, gconstpointer b)
{
    const PrFinding *one = a, *other = b;

    if (one->kind != other->kind)
        return one->kind < other->kind ? -1 : 1;
    return strcmp (one->port, other->port);
}

GArray *
pr_link_history_find (PrLinkHistory *self, gint64 now)
{
    GArray *findings = g_array_new (FALSE, FALSE, sizeof (PrFinding));
    g_auto (PrLinkView) view = { 0 };

    pr_link_view_init (&view, self, now);
    find_of_ports (&view, findings);
    find_of_present (&view, findings);
    find_same_name (&view, findings);
    find_charge_only (&view, findings);
    find_of_computer (&view, findings);
    g_array_sort (findings, compare);
    return findings;
}

/* --- What to try --- */

const PrTry *
pr_finding_get_tries (PrFindingKind kind)
{
    static const PrTry tries[][MAX_TRIES + 1] = {
        [PR_FINDING_OVER_CURRENT] = { PR_TRY_CABLE, PR_TRY_DIRECT_PORT, PR_TRY_OTHER_PORT, PR_TRY_OTHER_COMPUTER },
        [PR_FINDING_NO_POWER] = { PR_TRY_DIRECT_PORT, PR_TRY_OTHER_PORT },
        [PR_FINDING_LOOSE_CONTACT] = { PR_TRY_CABLE, PR_TRY_DIRECT_PORT, PR_TRY_OTHER_PORT, PR_TRY_OTHER_COMPUTER },
        [PR_FINDING_SLEPT] = { PR_TRY_RESTART_COMPUTER },
        [PR_FINDING_TWO_DAEMONS] = { PR_TRY_CLOSE_OTHERS, PR_TRY_RESTART_COMPUTER },
        [PR_FINDING_HELD] = { PR_TRY_CLOSE_OTHERS, PR_TRY_RESTART_COMPUTER },
        [PR_FINDING_BOOT_LOOP] = { PR_TRY_CHARGE, PR_TRY_FORCE_RESTART, PR_TRY_UPDATE },
        [PR_FINDING_HANGS] = { PR_TRY_WAIT, PR_TRY_FORCE_RESTART, PR_TRY_UPDATE },
        [PR_FINDING_ASKS] = { PR_TRY_LEAVE_RECOVERY, PR_TRY_UPDATE },
        [PR_FINDING_HUBS] = { PR_TRY_DIRECT_PORT },
        [PR_FINDING_SLOW] = { PR_TRY_CABLE, PR_TRY_DIRECT_PORT, PR_TRY_OTHER_PORT },
        [PR_FINDING_LOCKED] = { PR_TRY_UNLOCK },
        [PR_FINDING_NOT_TRUSTED] = { PR_TRY_UNLOCK, PR_TRY_TRUST },
        [PR_FINDING_SAME_NAME] = { PR_TRY_WAIT },
        [PR_FINDING_CHARGE_ONLY] = { PR_TRY_CABLE, PR_TRY_DIRECT_PORT, PR_TRY_OTHER_PORT, PR_TRY_RESTART_COMPUTER,
                                     PR_TRY_FORCE_RESTART, PR_TRY_OTHER_COMPUTER },
        [PR_FINDING_IN_MACHINE] = { PR_TRY_OTHER_COMPUTER },
        [PR_FINDING_BELOW_BEST] = { PR_TRY_CABLE, PR_TRY_OTHER_PORT },
    };

    g_return_val_if_fail (kind < PR_N_FINDINGS, NULL);
    return tries[kind];
}
