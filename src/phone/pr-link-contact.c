// SPDX-License-Identifier: GPL-3.0-or-later
/* Contact that is lost and comes back: what is a loss, a burst of them, and the stays as they are drawn. */
#include "pr-link-private.h"

#define SECOND G_USEC_PER_SEC

/* source: three comings and goings of one port within ten seconds are no person's doing */
#define LOOSE_COUNT 3
#define LOOSE_SPAN (10 * SECOND)
#define LOST_FOR (5 * SECOND)    /* longer: somebody pulled it. [assumed] */
#define LOOSE_OVER (60 * SECOND) /* a contact that held for so long is good again */

/* It was lost if the same phone comes back in the mode in which it left: a change of mode looks otherwise. */
static gboolean
was_lost (const PrLinkStay *stay, const PrLinkStay *next)
{
    gboolean other = next && stay->now->ecid && next->begin->ecid && stay->now->ecid != next->begin->ecid;

    return next && !other && !next->next_stage && next->begin->mode == stay->now->mode &&
           next->from - stay->to <= LOST_FOR;
}

/* (transfer full): of gint64, the moments at which contact was lost at the port of @stay, from it on */
static GArray *
list_lost (const PrLinkView *view, const PrLinkStay *stay)
{
    GArray *lost = g_array_new (FALSE, FALSE, sizeof (gint64));

    for (; stay; stay = pr_link_view_get_next (view, stay))
        if (was_lost (stay, pr_link_view_get_next (view, stay)))
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

void
pr_link_find_loose_contact (const PrLinkView *view, const PrLinkStay *stay, GArray *findings)
{
    g_autoptr (GArray) lost = list_lost (view, stay);
    gint64 last = lost->len > 0 ? g_array_index (lost, gint64, lost->len - 1) : 0;

    if (is_burst (lost) && view->now - last <= LOOSE_OVER)
        pr_link_add_finding (findings, PR_FINDING_LOOSE_CONTACT, PR_SURENESS_LIKELY, stay->begin->port,
                             g_array_index (lost, gint64, 0), last)
            ->count = lost->len;
}

guint
pr_link_history_count_lost (PrLinkHistory *self, const char *port, gint64 since)
{
    g_auto (PrLinkView) view = { 0 };
    guint count = 0;

    pr_link_view_init (&view, self, since);
    for (guint i = 0; i < view.stays->len; i++) {
        const PrLinkStay *stay = pr_link_view_get_stay (&view, i);
        if ((!port || g_str_equal (stay->begin->port, port)) && stay->to >= since &&
            was_lost (stay, pr_link_view_get_next (&view, stay)))
            count++;
    }
    return count;
}

gboolean
pr_link_history_is_any_present (PrLinkHistory *self)
{
    g_auto (PrLinkView) view = { 0 };

    pr_link_view_init (&view, self, 0);
    return pr_link_view_is_any_present (&view);
}

const char *
pr_link_history_get_last_port (PrLinkHistory *self)
{
    g_auto (PrLinkView) view = { 0 };

    pr_link_view_init (&view, self, 0);
    return view.stays->len > 0 ? pr_link_view_get_stay (&view, view.stays->len - 1)->begin->port : NULL;
}

GArray *
pr_link_history_list_spans (PrLinkHistory *self, const char *port, gint64 since, gint64 now)
{
    GArray *spans = g_array_new (FALSE, FALSE, sizeof (PrLinkSpan));
    g_auto (PrLinkView) view = { 0 };

    pr_link_view_init (&view, self, now);
    for (guint i = 0; i < view.stays->len; i++) {
        const PrLinkStay *stay = pr_link_view_get_stay (&view, i);
        PrLinkSpan span = {
            .from = stay->from,
            .to = MIN (stay->to, now),
            .present = stay->to == PR_LINK_STILL,
            .lost = was_lost (stay, pr_link_view_get_next (&view, stay)),
            .mode = stay->now->mode,
            .speed = stay->now->speed,
            .hub_depth = stay->now->hub_depth,
        };
        if (g_str_equal (stay->begin->port, port) && span.to >= since)
            g_array_append_val (spans, span);
    }
    return spans;
}
