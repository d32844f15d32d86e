// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-link-private.h"

#include <string.h>

#define KEPT (10 * 60 * G_USEC_PER_SEC)
#define MAX_EVENTS 4096
#define MAX_STANDING 64

struct _PrLinkHistory {
    GArray *standing; /* of PrLinkEvent: what older events, which are no longer kept, still mean */
    GArray *events;   /* of PrLinkEvent */
};

PrLinkHistory *
pr_link_history_new (void)
{
    PrLinkHistory *self = g_new0 (PrLinkHistory, 1);

    self->standing = g_array_new (FALSE, FALSE, sizeof (PrLinkEvent));
    self->events = g_array_new (FALSE, FALSE, sizeof (PrLinkEvent));
    return self;
}

void
pr_link_history_free (PrLinkHistory *self)
{
    g_array_unref (self->standing);
    g_array_unref (self->events);
    g_free (self);
}

guint
pr_link_history_get_length (PrLinkHistory *self)
{
    return self->events->len;
}

const PrLinkEvent *
pr_link_history_get (PrLinkHistory *self, guint index)
{
    return &g_array_index (self->events, PrLinkEvent, index);
}

/* Is @later said of the same stay on the bus as @earlier? */
static gboolean
is_same (const PrLinkEvent *earlier, const PrLinkEvent *later)
{
    gboolean other = earlier->ecid && later->ecid && earlier->ecid != later->ecid;

    return earlier->mode == later->mode && !other;
}

/* --- Forgetting --- */

/* Does @later make @earlier meaningless? */
static gboolean
overrides (const PrLinkEvent *later, const PrLinkEvent *earlier)
{
    gboolean same_port = g_str_equal (later->port, earlier->port);

    if (later->kind == PR_LINK_DETACHED)
        return same_port && *later->port;
    if (later->kind == PR_LINK_SETTLED)
        return earlier->kind == PR_LINK_EXPECTED || earlier->kind == PR_LINK_SETTLED;
    return later->kind == earlier->kind && same_port;
}

/* What a phone is, an operation or the computer, lasts; that something happened does not. */
static gboolean
lasts (PrLinkEventKind kind)
{
    return kind != PR_LINK_DETACHED && kind != PR_LINK_OVER_CURRENT && kind != PR_LINK_SLEPT;
}

static void
remove_overridden (GArray *standing, const PrLinkEvent *event)
{
    for (guint i = standing->len; i-- > 0;)
        if (overrides (event, &g_array_index (standing, PrLinkEvent, i)))
            g_array_remove_index (standing, i);
}

/* What is said again of a phone that is there does not begin its stay anew. */
static gboolean
renew (GArray *standing, const PrLinkEvent *event)
{
    for (guint i = 0; event->kind == PR_LINK_ATTACHED && i < standing->len; i++) {
        PrLinkEvent *known = &g_array_index (standing, PrLinkEvent, i);
        gint64 since = known->time;
        if (known->kind != PR_LINK_ATTACHED || !g_str_equal (known->port, event->port) || !is_same (known, event))
            continue;
        *known = *event;
        known->time = since;
        return TRUE;
    }
    return FALSE;
}

static void
fold (GArray *standing, const PrLinkEvent *event)
{
    PrLinkEvent leaving = *event;

    if (renew (standing, event))
        return;
    if (event->kind == PR_LINK_ATTACHED)
        leaving.kind = PR_LINK_DETACHED; /* of whatever was there */
    remove_overridden (standing, &leaving);
    if (!lasts (event->kind))
        return;
    if (standing->len == MAX_STANDING)
        g_array_remove_index (standing, 0);
    g_array_append_val (standing, *event);
}

static void
forget (PrLinkHistory *self, gint64 now)
{
    guint old = 0;

    while (old < self->events->len &&
           (self->events->len - old > MAX_EVENTS || pr_link_history_get (self, old)->time < now - KEPT))
        fold (self->standing, pr_link_history_get (self, old++));
    g_array_remove_range (self->events, 0, old);
}

void
pr_link_history_add (PrLinkHistory *self, const PrLinkEvent *event)
{
    PrLinkEvent added = *event;

    g_return_if_fail (event->kind < PR_LINK_N_EVENTS);

    if (self->events->len > 0)
        added.time = MAX (added.time, pr_link_history_get (self, self->events->len - 1)->time);
    g_array_append_val (self->events, added);
    forget (self, added.time);
}

/* --- Stays on the bus --- */

static PrLinkStay *
find_last (PrLinkView *view, const char *port)
{
    guint last = GPOINTER_TO_UINT (g_hash_table_lookup (view->ports, port));

    return last ? &g_array_index (view->stays, PrLinkStay, last - 1) : NULL;
}

static PrLinkStay *
find_present (PrLinkView *view, const char *port)
{
    PrLinkStay *stay = find_last (view, port);

    return stay && stay->to == PR_LINK_STILL ? stay : NULL;
}

/* Once in an operation a phone leaves recovery mode and comes back in it: iBoot has loaded iBEC. Nothing was lost. */
static gboolean
is_next_stage (const PrLinkView *view, const PrLinkStay *last, const PrLinkEvent *event)
{
    return view->busy && !view->staged && last && last->now->mode == PR_PHONE_MODE_RECOVERY &&
           is_same (last->now, event);
}

static void
append_stay (PrLinkView *view, const PrLinkEvent *event)
{
    PrLinkStay *last = find_last (view, event->port);
    PrLinkStay stay = { .begin = event, .now = event, .from = event->time, .to = PR_LINK_STILL, .first = !last };

    if (last)
        last->next = view->stays->len;
    stay.next_stage = is_next_stage (view, last, event);
    view->staged = view->staged || stay.next_stage;
    stay.expected = view->busy || (view->settled && event->time - view->settled < PR_LINK_AFTERMATH);
    g_array_append_val (view->stays, stay);
    g_hash_table_insert (view->ports, (gpointer) event->port, GUINT_TO_POINTER (view->stays->len));
}

/* Said again, something of it has changed; said of another mode, its leaving was missed. */
static void
take_attached (PrLinkView *view, const PrLinkEvent *event)
{
    PrLinkStay *known = find_present (view, event->port);

    if (known && is_same (known->now, event)) {
        known->now = event;
        return;
    }
    if (known)
        known->to = event->time;
    append_stay (view, event);
}

static void
take_of_port (PrLinkView *view, const PrLinkEvent *event)
{
    PrLinkStay *stay = find_present (view, event->port);

    if (!stay)
        return;
    if (event->kind == PR_LINK_DETACHED)
        stay->to = event->time;
    else if (event->kind == PR_LINK_SILENT)
        stay->silent = TRUE;
    else
        stay->answer = event;
}

static void
take (PrLinkView *view, const PrLinkEvent *event)
{
    view->last[event->kind] = event;
    view->count[event->kind]++;
    if (!view->first[event->kind])
        view->first[event->kind] = event;
    switch (event->kind) {
    case PR_LINK_ATTACHED:
        take_attached (view, event);
        break;
    case PR_LINK_DETACHED:
    case PR_LINK_ANSWERED:
    case PR_LINK_SILENT:
        take_of_port (view, event);
        break;
    case PR_LINK_EXPECTED:
        view->busy = TRUE;
        view->staged = FALSE;
        break;
    case PR_LINK_SETTLED:
        view->busy = FALSE;
        view->settled = event->time;
        break;
    case PR_LINK_SLEPT:
        if (view->busy)
            view->slept = event;
        break;
    case PR_LINK_OVER_CURRENT:
    case PR_LINK_DAEMONS:
    case PR_LINK_CHARGES:
    case PR_LINK_IN_MACHINE:
    default:
        break;
    }
}

void
pr_link_view_init (PrLinkView *view, PrLinkHistory *history, gint64 now)
{
    *view = (PrLinkView) { .now = now };
    view->stays = g_array_new (FALSE, FALSE, sizeof (PrLinkStay));
    view->ports = g_hash_table_new (g_str_hash, g_str_equal);
    for (guint i = 0; i < history->standing->len; i++)
        take (view, &g_array_index (history->standing, PrLinkEvent, i));
    for (guint i = 0; i < history->events->len; i++)
        take (view, pr_link_history_get (history, i));
}

void
pr_link_view_clear (PrLinkView *view)
{
    g_clear_pointer (&view->ports, g_hash_table_unref);
    g_clear_pointer (&view->stays, g_array_unref);
}

const PrLinkStay *
pr_link_view_get_stay (const PrLinkView *view, guint index)
{
    return &g_array_index (view->stays, PrLinkStay, index);
}

const PrLinkStay *
pr_link_view_get_next (const PrLinkView *view, const PrLinkStay *stay)
{
    return stay->next ? pr_link_view_get_stay (view, stay->next) : NULL;
}

gboolean
pr_link_view_is_any_present (const PrLinkView *view)
{
    for (guint i = 0; i < view->stays->len; i++)
        if (pr_link_view_get_stay (view, i)->to == PR_LINK_STILL)
            return TRUE;
    return FALSE;
}
