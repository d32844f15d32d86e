// SPDX-License-Identifier: GPL-3.0-or-later
/* What the link watch makes of a virtual phone that is plugged in and out, hangs, or is locked, seen by the real
 * phone-reset-usb. */
#include "pr-link-watch.h"

#include "desk.h"

static gboolean
has (PrLinkWatch *watch, PrFindingKind kind)
{
    g_autoptr (GArray) findings = pr_link_watch_find (watch);

    for (guint i = 0; i < findings->len; i++)
        if (g_array_index (findings, PrFinding, i).kind == kind)
            return TRUE;
    return FALSE;
}

/* A finding besides that this computer may itself be a virtual one. */
static gboolean
has_any (PrLinkWatch *watch)
{
    g_autoptr (GArray) findings = pr_link_watch_find (watch);

    for (guint i = 0; i < findings->len; i++)
        if (g_array_index (findings, PrFinding, i).kind != PR_FINDING_IN_MACHINE)
            return TRUE;
    return FALSE;
}

static void
await (PrLinkWatch *watch, PrFindingKind kind, gboolean found, double seconds)
{
    gint64 end = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);

    while (has (watch, kind) != found && g_get_monotonic_time () < end)
        desk_run_for (0.05);
    g_assert_cmpint (has (watch, kind), ==, found);
}

/* The finding as a value of the phone; NULL: it has none of this kind. */
static const PrFinding *
find_of_phone (PrPhone *phone, PrFindingKind kind)
{
    GArray *findings = pr_phone_get_findings (phone);

    for (guint i = 0; findings != NULL && i < findings->len; i++)
        if (g_array_index (findings, PrFinding, i).kind == kind)
            return &g_array_index (findings, PrFinding, i);
    return NULL;
}

static void
await_of_phone (PrPhone *phone, PrFindingKind kind, gboolean found, double seconds)
{
    gint64 end = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);

    while ((find_of_phone (phone, kind) != NULL) != found && g_get_monotonic_time () < end)
        desk_run_for (0.05);
    g_assert_cmpint (find_of_phone (phone, kind) != NULL, ==, found);
}

static void
count_cb (guint *count)
{
    (*count)++;
}

static void
await_present (Desk *desk, gboolean present)
{
    gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

    while ((g_list_model_get_n_items (G_LIST_MODEL (desk->list)) > 0) != present && g_get_monotonic_time () < end)
        desk_run_for (0.02);
}

static void
test_loose_contact (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("anna"));
    PrLinkWatch *watch = pr_phone_list_get_link (desk->list);
    guint changes = 0;

    g_signal_connect_swapped (watch, "changed", G_CALLBACK (count_cb), &changes);
    desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);
    desk_run_for (2);
    g_assert_false (has_any (watch));
    for (guint i = 0; i < 4; i++) {
        pr_test_phone_tell (desk->virtual, "unplug");
        await_present (desk, FALSE);
        pr_test_phone_tell (desk->virtual, "plug");
        await_present (desk, TRUE);
        desk_run_for (0.5);
    }
    await (watch, PR_FINDING_LOOSE_CONTACT, TRUE, 3);
    /* what comes together is told once: less often than things happened, but as often as they were waited for */
    g_assert_cmpuint (changes, >=, 4);
    g_assert_cmpuint (pr_link_history_count_lost (pr_link_watch_get_history (watch), "1-1", 0), >=, 3);
}

/* A change of mode that an operation makes is none of the phone's doing; one that nobody asked for is. */
static void
test_recovery (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("anna"));
    PrLinkWatch *watch = pr_phone_list_get_link (desk->list);
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);

    g_assert_true (pr_phone_claim (phone, NULL));
    pr_test_phone_tell (desk->virtual, "boot recovery");
    desk_await (phone, "mode", PR_PHONE_MODE_RECOVERY, 20);
    desk_run_for (1.5);
    g_assert_false (has_any (watch));
    pr_phone_release (phone);
}

static void
test_asks (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("recovery"));
    PrLinkWatch *watch = pr_phone_list_get_link (desk->list);

    await (watch, PR_FINDING_ASKS, TRUE, 10);
    pr_test_phone_tell (desk->virtual, "boot normal");
    await (watch, PR_FINDING_ASKS, FALSE, 20);
}

static void
test_trust (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("locked"));
    PrLinkWatch *watch = pr_phone_list_get_link (desk->list);

    await (watch, PR_FINDING_NOT_TRUSTED, TRUE, 10);
    pr_phone_list_ask_for_trust (desk->list, desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL));
    await (watch, PR_FINDING_LOCKED, TRUE, 15);
    pr_test_phone_tell (desk->virtual, "unlock");
    await (watch, PR_FINDING_LOCKED, FALSE, 20);
}

static void
test_hubs (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("hub"));
    PrLinkWatch *watch = pr_phone_list_get_link (desk->list);
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);

    await (watch, PR_FINDING_HUBS, TRUE, 10);
    await_of_phone (phone, PR_FINDING_HUBS, TRUE, 10);
    g_assert_cmpuint (find_of_phone (phone, PR_FINDING_HUBS)->count, ==, 2);
    pr_test_phone_tell (desk->virtual, "unplug");
    await (watch, PR_FINDING_HUBS, FALSE, 10);
    await_of_phone (phone, PR_FINDING_HUBS, FALSE, 10);
}

/* One that answers nobody is told of as silent once it has had time enough. */
static void
test_silent (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("silent"));
    PrLinkWatch *watch = pr_phone_list_get_link (desk->list);
    PrLinkHistory *history = pr_link_watch_get_history (watch);
    guint silences = 0;

    desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);
    desk_run_for (24);
    for (guint i = 0; i < pr_link_history_get_length (history); i++)
        silences += pr_link_history_get (history, i)->kind == PR_LINK_SILENT;
    g_assert_cmpuint (silences, ==, 1);
}

static void
test_charges (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("anna"));
    PrLinkWatch *watch = pr_phone_list_get_link (desk->list);

    pr_test_phone_tell (desk->virtual, "unplug");
    pr_link_watch_say_charges (watch);
    desk_run_for (1);
    g_assert_false (has (watch, PR_FINDING_CHARGE_ONLY));
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/link-watch/loose-contact", test_loose_contact);
    g_test_add_func ("/link-watch/recovery", test_recovery);
    g_test_add_func ("/link-watch/asks", test_asks);
    g_test_add_func ("/link-watch/trust", test_trust);
    g_test_add_func ("/link-watch/hubs", test_hubs);
    g_test_add_func ("/link-watch/silent", test_silent);
    g_test_add_func ("/link-watch/charges", test_charges);
    return g_test_run ();
}
