// SPDX-License-Identifier: GPL-3.0-or-later
/* The rules, one function a finding. Where a limit has no source it is marked [assumed]: only real phones can tell. */
#include "pr-link-private.h"

#include <string.h>

#define SECOND G_USEC_PER_SEC

#define HANGS_AFTER (120 * SECOND)        /* [assumed] */
#define HANGS_AFTER_UPDATE (600 * SECOND) /* a first start after an update sorts its data. [assumed] */
#define CHARGES_FOR (30 * SECOND)
#define MANY_HUBS 2 /* source: idevicerestore issue 236: one hub works, two mostly fail, three always */
#define HOPELESS_HUBS 3
#define HIGH_SPEED 480

#define MAX_TRIES 6

PrFinding *
pr_link_add_finding (GArray *findings,
                     PrFindingKind kind,
                     PrSureness sureness,
                     const char *port,
                     gint64 first,
                     gint64 last)
{
    PrFinding finding = { .kind = kind, .sureness = sureness, .count = 1, .first = first, .last = last };

    g_strlcpy (finding.port, port, sizeof finding.port);
    g_array_append_val (findings, finding);
    return &g_array_index (findings, PrFinding, findings->len - 1);
}

/* What several stays at one port tell together. */
static void
find_of_ports (const PrLinkView *view, GArray *findings)
{
    for (guint i = 0; i < view->stays->len; i++) {
        const PrLinkStay *stay = pr_link_view_get_stay (view, i);
        if (!stay->first)
            continue;
        pr_link_find_loose_contact (view, stay, findings);
        pr_link_find_boot_loop (view, stay, findings);
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
        pr_link_add_finding (findings, PR_FINDING_HANGS, PR_SURENESS_LIKELY, port, stay->from, view->now);
    if (stay->now->mode == PR_PHONE_MODE_RECOVERY && !stay->expected)
        pr_link_add_finding (findings, PR_FINDING_ASKS, PR_SURENESS_SEEN, port, stay->from, stay->from);
}

/* A phone that an operation has just erased knows nobody, as it should. */
static void
find_trust (const PrLinkStay *stay, GArray *findings)
{
    PrTrust trust = stay->answer ? stay->answer->trust : PR_TRUST_UNKNOWN;
    gint64 when = stay->answer ? stay->answer->time : 0;

    if (trust == PR_TRUST_LOCKED)
        pr_link_add_finding (findings, PR_FINDING_LOCKED, PR_SURENESS_SEEN, stay->begin->port, when, when);
    if ((trust == PR_TRUST_NEVER && !stay->expected) || trust == PR_TRUST_REFUSED || trust == PR_TRUST_STALE)
        pr_link_add_finding (findings, PR_FINDING_NOT_TRUSTED, PR_SURENESS_SEEN, stay->begin->port, when, when);
}

static void
find_wiring (const PrLinkView *view, const PrLinkStay *stay, GArray *findings)
{
    const PrLinkEvent *now = stay->now;
    gint64 from = stay->from;

    if (now->unpowered)
        pr_link_add_finding (findings, PR_FINDING_NO_POWER, PR_SURENESS_SEEN, now->port, from, now->time);
    if (now->held && !view->busy)
        pr_link_add_finding (findings, PR_FINDING_HELD, PR_SURENESS_SEEN, now->port, from, now->time);
    if (now->hub_depth >= MANY_HUBS)
        pr_link_add_finding (findings, PR_FINDING_HUBS, PR_SURENESS_LIKELY, now->port, from, now->time)->count =
            (guint) now->hub_depth;
    if (now->speed > 0 && now->speed < HIGH_SPEED)
        pr_link_add_finding (findings, PR_FINDING_SLOW, PR_SURENESS_SEEN, now->port, from, now->time)->count =
            (guint) now->speed;
    else if (now->speed > 0 && now->speed < now->best_speed)
        pr_link_add_finding (findings, PR_FINDING_BELOW_BEST, PR_SURENESS_INFORMATION, now->port, from, now->time)
            ->count = (guint) now->speed;
}

static void
find_of_present (const PrLinkView *view, GArray *findings)
{
    for (guint i = 0; i < view->stays->len; i++) {
        const PrLinkStay *stay = pr_link_view_get_stay (view, i);
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
        const PrLinkStay *stay = pr_link_view_get_stay (view, i);
        if (stay->to != PR_LINK_STILL || !stay->answer || !*stay->answer->name)
            continue;
        if (!g_hash_table_add (names, (gpointer) stay->answer->name)) {
            pr_link_add_finding (findings, PR_FINDING_SAME_NAME, PR_SURENESS_SEEN, "", stay->from, view->now)->count =
                2;
            return;
        }
    }
}

/* --- Of the computer --- */

static void
find_charge_only (const PrLinkView *view, GArray *findings)
{
    const PrLinkEvent *said = view->last[PR_LINK_CHARGES];
    const PrLinkEvent *seen = view->last[PR_LINK_ATTACHED];

    if (said && !pr_link_view_is_any_present (view) && !(seen && seen->time >= said->time) &&
        view->now - said->time >= CHARGES_FOR)
        pr_link_add_finding (findings, PR_FINDING_CHARGE_ONLY, PR_SURENESS_LOW, "", said->time, view->now);
}

static void
find_of_computer (const PrLinkView *view, GArray *findings)
{
    const PrLinkEvent *cut = view->last[PR_LINK_OVER_CURRENT];
    const PrLinkEvent *daemons = view->last[PR_LINK_DAEMONS];
    const PrLinkEvent *machine = view->last[PR_LINK_IN_MACHINE];

    if (cut)
        pr_link_add_finding (findings, PR_FINDING_OVER_CURRENT, PR_SURENESS_SEEN, cut->port,
                             view->first[PR_LINK_OVER_CURRENT]->time, cut->time)
            ->count = view->count[PR_LINK_OVER_CURRENT];
    if (view->slept)
        pr_link_add_finding (findings, PR_FINDING_SLEPT, PR_SURENESS_SEEN, "", view->slept->time, view->slept->time);
    if (daemons && daemons->count > 1)
        pr_link_add_finding (findings, PR_FINDING_TWO_DAEMONS, PR_SURENESS_SEEN, "", daemons->time, view->now)->count =
            daemons->count;
    if (machine)
        pr_link_add_finding (findings, PR_FINDING_IN_MACHINE,
                             pr_link_view_is_any_present (view) ? PR_SURENESS_INFORMATION : PR_SURENESS_LOW, "",
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

/* --- Which of them are about what --- */

gboolean
pr_finding_is_of_way (PrFindingKind kind)
{
    const guint of_way = 1u << PR_FINDING_OVER_CURRENT | 1u << PR_FINDING_NO_POWER | 1u << PR_FINDING_LOOSE_CONTACT |
                         1u << PR_FINDING_TWO_DAEMONS | 1u << PR_FINDING_HELD | 1u << PR_FINDING_HUBS |
                         1u << PR_FINDING_SLOW;

    return (of_way & 1u << kind) != 0;
}

gboolean
pr_finding_forbids (PrFindingKind kind)
{
    return kind == PR_FINDING_NO_POWER || kind == PR_FINDING_HELD;
}

gboolean
pr_finding_is_mild (const PrFinding *finding)
{
    return finding->kind == PR_FINDING_HUBS && finding->count < HOPELESS_HUBS;
}

const PrFinding *
pr_findings_get_of_way (const GArray *findings)
{
    const PrFinding *found = NULL;

    for (guint i = 0; findings && i < findings->len; i++) {
        const PrFinding *finding = &g_array_index (findings, PrFinding, i);
        if (pr_finding_forbids (finding->kind))
            return finding;
        if (!found && pr_finding_is_of_way (finding->kind))
            found = finding;
    }
    return found;
}

const PrFinding *
pr_findings_get_shown (const GArray *findings)
{
    const PrFinding *information = NULL;

    for (guint i = 0; findings && i < findings->len; i++) {
        const PrFinding *finding = &g_array_index (findings, PrFinding, i);
        if (finding->sureness != PR_SURENESS_INFORMATION)
            return finding;
        if (!information && finding->kind == PR_FINDING_BELOW_BEST)
            information = finding;
    }
    return information;
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
