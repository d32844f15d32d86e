// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-link-page.h"

#include "pr-link-trace.h"
#include "pr-link-words.h"
#include "pr-plan-advice.h"
#include "pr-state-row.h"
#include "pr-words.h"

#include <glib/gi18n.h>

#define COUNTED_SECONDS 300
#define GATHER_MS 50     /* what comes together within so long is shown together; 200 are allowed */
#define LOOP_SECONDS 360 /* what the trace shows of a phone that restarts: some rounds of it */
#define HOLDS_SECONDS 60 /* a cable that was wiggled and held for so long is good */

struct _PrLinkPage {
    PrPage parent_instance;

    /* owned */
    PrLinkWatch *watch;
    char *shown; /* the headline: what is the same is not said again */
    guint clock;
    guint gathering;

    guint n_losses;
    gboolean started;
    gboolean leads_on;
    PrFindingKind shown_tries; /* PR_N_FINDINGS: of none */
    const char *guide;

    /* template */
    AdwBin *picture;
    GtkLabel *headline;
    GtkLabel *text;
    PrLinkTrace *trace;
    GtkLabel *losses;
    GtkLabel *losses_name;
    GtkLabel *gap;
    GtkLabel *speed;
    GtkLabel *hubs;
    GtkWidget *charges;
    GtkWidget *helps_group;
    GtkListBox *helps;
    GtkActionable *advice;
    AdwSwitchRow *sound;
};

/* What the trace shows, in numbers. */
typedef struct {
    guint losses;
    gint64 longest_gap;
    gboolean present;
    gint64 steady; /* microseconds since it came last */
    int speed, hub_depth;
} Counts;

G_DEFINE_FINAL_TYPE (PrLinkPage, pr_link_page, PR_TYPE_PAGE)

/* --- Numbers --- */

static Counts
count (PrLinkPage *self)
{
    PrLinkHistory *history = pr_link_watch_get_history (self->watch);
    const char *port = pr_link_history_get_last_port (history);
    gint64 now = g_get_monotonic_time ();
    gint64 since = now - COUNTED_SECONDS * G_USEC_PER_SEC;
    g_autoptr (GArray) spans = pr_link_history_list_spans (history, port ? port : "", since, now);
    Counts counts = { .hub_depth = -1 };

    for (guint i = 0; i < spans->len; i++) {
        const PrLinkSpan *span = &g_array_index (spans, PrLinkSpan, i);
        counts.losses += span->lost;
        if (span->lost && i + 1 < spans->len)
            counts.longest_gap = MAX (counts.longest_gap, (span + 1)->from - span->to);
        counts.present = span->present;
        counts.steady = now - span->from;
        counts.speed = span->speed;
        counts.hub_depth = span->hub_depth;
    }
    return counts;
}

/* Most are shorter than a second. */
static char *
describe_gap (double seconds)
{
    if (seconds <= 0)
        return g_strdup ("–");
    /* Translators: seconds, "0.5 s" */
    return seconds < 10 ? g_strdup_printf (_ ("%.1f s"), seconds) : pr_words_duration (seconds);
}

/* A phone that restarts leaves the bus too, and no contact is lost by that. */
static void
show_losses (PrLinkPage *self, const Counts *counts, const PrFinding *finding)
{
    gboolean restarts = finding && finding->kind == PR_FINDING_BOOT_LOOP;
    g_autofree char *losses = g_strdup_printf ("%u", restarts ? finding->count : counts->losses);

    gtk_label_set_label (self->losses, losses);
    gtk_label_set_label (self->losses_name, restarts ? _ ("restarts") : _ ("losses"));
}

static void
show_counts (PrLinkPage *self, const Counts *counts)
{
    g_autofree char *gap = describe_gap ((double) counts->longest_gap / G_USEC_PER_SEC);
    /* Translators: megabits a second */
    g_autofree char *speed = counts->speed > 0 ? g_strdup_printf (_ ("%d Mb/s"), counts->speed) : g_strdup ("–");
    g_autofree char *hubs = counts->hub_depth >= 0 ? g_strdup_printf ("%d", counts->hub_depth) : g_strdup ("–");

    gtk_label_set_label (self->gap, gap);
    gtk_label_set_label (self->speed, speed);
    gtk_label_set_label (self->hubs, hubs);
}

static void
describe_trace (PrLinkPage *self, const Counts *counts)
{
    g_autofree char *text =
        g_strdup_printf (ngettext ("The link over the last five minutes: lost %u time",
                                   "The link over the last five minutes: lost %u times", counts->losses),
                         counts->losses);

    gtk_accessible_update_property (GTK_ACCESSIBLE (self->trace), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

/* --- The verdict --- */

/* Beside words that say the same. */
static GtkWidget *
create_picture (const char *icon)
{
    return g_object_new (GTK_TYPE_IMAGE, "icon-name", icon, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
}

/* A row that leads on looks like one, and only where there is a way. */
static GtkWidget *
create_try (PrLinkPage *self, PrTry what)
{
    const PrTryWords *words = pr_link_words_try (what);
    GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", _ (words->title), "subtitle", _ (words->text), NULL);

    adw_action_row_add_prefix (ADW_ACTION_ROW (row), create_picture (words->icon));
    if (!words->action || !self->leads_on)
        return row;
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), create_picture ("go-next-symbolic"));
    gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
    gtk_actionable_set_action_name (GTK_ACTIONABLE (row), words->action);
    return row;
}

/* To the advisor, where what was found is the phone's own trouble. */
static void
show_advice (PrLinkPage *self, PrFindingKind kind)
{
    PrSymptom symptom = kind != PR_N_FINDINGS ? pr_plan_get_symptom_of_finding (kind) : PR_N_SYMPTOMS;

    gtk_widget_set_visible (GTK_WIDGET (self->advice), self->leads_on && symptom != PR_N_SYMPTOMS);
    gtk_actionable_set_action_target (self->advice, "u", (guint) symptom);
}

static void
show_tries (PrLinkPage *self, PrFindingKind kind)
{
    if (self->shown_tries == kind)
        return;
    self->shown_tries = kind;
    gtk_list_box_remove_all (self->helps);
    gtk_widget_set_visible (self->helps_group, kind != PR_N_FINDINGS);
    show_advice (self, kind);
    for (const PrTry *what = kind != PR_N_FINDINGS ? pr_finding_get_tries (kind) : NULL; what && *what; what++)
        gtk_list_box_append (self->helps, create_try (self, *what));
}

static void
show_verdict (PrLinkPage *self, PrCheckState state, const char *headline, const char *text)
{
    if (g_strcmp0 (self->shown, headline) != 0) {
        adw_bin_set_child (self->picture, pr_state_picture_new (state));
        gtk_label_set_label (self->headline, headline);
        if (self->started)
            pr_page_announce (PR_PAGE (self), headline);
        g_set_str (&self->shown, headline);
    }
    gtk_label_set_label (self->text, text);
}

static void
show_finding (PrLinkPage *self, const PrFinding *finding)
{
    g_autofree char *title = pr_link_words_title (finding);

    self->guide = pr_link_words_guide (finding->kind);
    show_verdict (self, finding->sureness == PR_SURENESS_INFORMATION ? PR_CHECK_GOOD : PR_CHECK_WARNING, title,
                  pr_link_words_text (finding));
    show_tries (self, finding->kind);
    pr_link_trace_set_seconds (self->trace, finding->kind == PR_FINDING_BOOT_LOOP ? LOOP_SECONDS : HOLDS_SECONDS);
}

static gboolean
lacks_daemon (PrLinkPage *self)
{
    PrPlan *plan = pr_page_get_plan (PR_PAGE (self));

    return plan && pr_phone_list_get_daemon (pr_plan_get_phones (plan)) == PR_ANSWER_NO;
}

static void
show_no_daemon (PrLinkPage *self)
{
    self->guide = pr_error_get_nick (PR_ERROR_NO_DAEMON);
    show_verdict (self, PR_CHECK_WARNING, _ ("A Program Is Missing on This Computer"),
                  _ ("usbmuxd does not answer. Without it a phone can only charge. Help has the commands."));
}

static void
show_quiet (PrLinkPage *self, const Counts *counts)
{
    /* Translators: seconds */
    g_autofree char *held = g_strdup_printf (_ ("This Cable Held for %d s"), HOLDS_SECONDS);

    self->guide = counts->present ? "hub" : "not-seen";
    /* what helps against a cable without data wires helps whoever is not seen */
    show_tries (self, counts->present ? PR_N_FINDINGS : PR_FINDING_CHARGE_ONLY);
    pr_link_trace_set_seconds (self->trace, HOLDS_SECONDS);
    if (!counts->present && lacks_daemon (self))
        show_no_daemon (self);
    else if (!counts->present)
        show_verdict (self, PR_CHECK_NOT_KNOWN, _ ("No Phone Is Seen Here"),
                      _ ("Plug it in. The line rises as soon as the computer sees it."));
    else if (counts->steady >= HOLDS_SECONDS * G_USEC_PER_SEC)
        show_verdict (self, PR_CHECK_GOOD, held, _ ("If you have wiggled the plug meanwhile, it is not the cable."));
    else
        show_verdict (self, PR_CHECK_PENDING, _ ("Watching the Link"),
                      _ ("Wiggle the plug gently for a minute. If the line drops, it is the cable or the port."));
}

static void
beep (PrLinkPage *self, guint losses)
{
    if (losses > self->n_losses && self->started && adw_switch_row_get_active (self->sound))
        gdk_display_beep (gtk_widget_get_display (GTK_WIDGET (self)));
    self->n_losses = losses;
}

static void
update (PrLinkPage *self)
{
    g_autoptr (GArray) findings = pr_link_watch_find (self->watch);
    const PrFinding *finding = pr_findings_get_shown (findings);
    Counts counts = count (self);

    show_losses (self, &counts, finding);
    show_counts (self, &counts);
    describe_trace (self, &counts);
    beep (self, counts.losses);
    gtk_widget_set_visible (self->charges, !counts.present && !finding);
    if (finding)
        show_finding (self, finding);
    else
        show_quiet (self, &counts);
}

static void
gathered_cb (gpointer data)
{
    PrLinkPage *self = data;

    self->gathering = 0;
    update (self);
}

static void
changed_cb (PrLinkPage *self)
{
    if (self->gathering == 0)
        self->gathering = g_timeout_add_once (GATHER_MS, gathered_cb, self);
}

static gboolean
clock_cb (gpointer data)
{
    update (data);
    return G_SOURCE_CONTINUE;
}

static void
charges_cb (PrLinkPage *self)
{
    pr_link_watch_say_charges (self->watch);
}

/* --- The object --- */

static const char *
pr_link_page_get_guide (PrPage *page)
{
    return PR_LINK_PAGE (page)->guide;
}

static void
pr_link_page_dispose (GObject *object)
{
    PrLinkPage *self = PR_LINK_PAGE (object);

    g_clear_handle_id (&self->clock, g_source_remove);
    g_clear_handle_id (&self->gathering, g_source_remove);
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_LINK_PAGE);
    g_clear_object (&self->watch);
    g_clear_pointer (&self->shown, g_free);
    G_OBJECT_CLASS (pr_link_page_parent_class)->dispose (object);
}

#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PrLinkPage, name)

static void
pr_link_page_class_init (PrLinkPageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    PR_PAGE_CLASS (klass)->is_aside = TRUE;
    G_OBJECT_CLASS (klass)->dispose = pr_link_page_dispose;
    PR_PAGE_CLASS (klass)->get_guide = pr_link_page_get_guide;
    g_type_ensure (PR_TYPE_LINK_TRACE);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-link-page.ui");
    CHILD (picture);
    CHILD (headline);
    CHILD (text);
    CHILD (trace);
    CHILD (losses);
    CHILD (losses_name);
    CHILD (gap);
    CHILD (speed);
    CHILD (hubs);
    CHILD (charges);
    CHILD (helps_group);
    CHILD (helps);
    CHILD (advice);
    CHILD (sound);
    gtk_widget_class_bind_template_callback (widget_class, charges_cb);
}

static void
pr_link_page_init (PrLinkPage *self)
{
    self->shown_tries = PR_N_FINDINGS;
    gtk_widget_init_template (GTK_WIDGET (self));
}

PrPage *
pr_link_page_new (PrPlan *plan, PrLinkWatch *watch, gboolean leads_on)
{
    PrLinkPage *self = g_object_new (PR_TYPE_LINK_PAGE, "plan", plan, NULL);

    self->watch = g_object_ref (watch);
    self->leads_on = leads_on;
    pr_link_trace_set_watch (self->trace, watch);
    gtk_widget_set_visible (self->helps_group, FALSE);
    update (self);
    self->started = TRUE;
    g_signal_connect_object (watch, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
    self->clock = g_timeout_add_seconds (1, clock_cb, self);
    return PR_PAGE (self);
}
