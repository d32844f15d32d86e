// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-coach-page.h"

#include "pr-coach-choice.h"
#include "pr-coach-clock.h"
#include "pr-coach-drawing.h"
#include "pr-coach-lines.h"
#include "pr-coach-names.h"
#include "pr-coach-signs.h"
#include "pr-coach-trail.h"
#include "pr-coach-warning.h"
#include "pr-plan-advice.h"

#include <glib/gi18n.h>

#define TICK_MS 100

struct _PrCoachPage {
    PrPage parent_instance;

    PrRemedy remedy; /* for which the buttons are; NONE: for their own sake */
    PrCoach *coach;  /* owned; NULL where no way by buttons is known */
    guint tick_source;
    gint64 ticked;          /* monotonic time of the last tick */
    PrCoachState shown;     /* what the page shows now, and has said */
    guint shown_step;       /* of MOVING */
    guint beat;             /* the second of the step that was rung for */
    const char *shown_hint; /* static */

    /* template */
    GtkToggleButton *sound;
    PrCoachDrawing *drawing;
    GtkLabel *headline;
    GtkLabel *text;
    PrCoachClock *clock;
    GtkLabel *hint;
    PrCoachTrail *trail;
    PrCoachWarning *warning;
    GtkLabel *tries;
    PrCoachSigns *signs;
    PrCoachChoice *choice;
    GtkLabel *other_way;
    GtkButton *second;
    GtkButton *first;
    GtkLabel *notices;
};

enum { FOLLOW, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrCoachPage, pr_coach_page, PR_TYPE_PAGE)

static PrCoachState
get_state (PrCoachPage *self)
{
    return pr_coach_lines_state (self->coach);
}

/* Whose mode is followed; NULL: nobody's. */
static PrPhone *
get_phone (PrCoachPage *self)
{
    return pr_plan_get_phone (pr_page_get_plan (PR_PAGE (self)));
}

static void
set_text (GtkLabel *label, const char *text)
{
    gtk_label_set_label (label, text ? text : "");
    gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

/* --- What is shown --- */

static void
show_words (PrCoachPage *self)
{
    g_autofree char *headline = pr_coach_lines_headline (self->coach, self->choice);

    gtk_label_set_label (self->headline, headline);
    set_text (self->text, pr_coach_lines_text (self->coach));
}

/* Whoever holds buttons looks at the phone, and not at this page. */
static void
ring (PrCoachPage *self)
{
    if (gtk_toggle_button_get_active (self->sound))
        gdk_display_beep (gtk_widget_get_display (GTK_WIDGET (self)));
}

/* At each second that counts. */
static void
keep_time (PrCoachPage *self)
{
    guint second = self->coach && get_state (self) == PR_COACH_MOVING ? (guint) pr_coach_get_seconds (self->coach) : 0;

    if (second > self->beat)
        ring (self);
    self->beat = second;
}

static void
say (PrCoachPage *self)
{
    g_autofree char *text =
        g_strdup_printf ("%s. %s", gtk_label_get_label (self->headline), gtk_label_get_label (self->text));

    pr_page_announce (PR_PAGE (self), text);
    ring (self);
}

static void
show_time (PrCoachPage *self)
{
    g_autofree char *spoken = pr_coach_clock_show (self->clock, self->coach);

    if (self->coach && get_state (self) == PR_COACH_MOVING)
        pr_coach_drawing_breathe (self->drawing, pr_coach_get_seconds (self->coach));
    if (spoken)
        pr_page_announce (PR_PAGE (self), spoken);
}

/* The phone is now where the remedy starts. */
static gboolean
leads_on (PrCoachPage *self)
{
    PrGoal goal;
    PrCoachTask task;

    return self->remedy != PR_REMEDY_NONE &&
           pr_plan_find_way_on (pr_page_get_plan (PR_PAGE (self)), self->remedy, &goal, &task) == PR_WAY_ON_GOAL;
}

static void
show_buttons (PrCoachPage *self)
{
    const char *first = pr_coach_lines_first (self->coach, leads_on (self));
    PrCoachState state = get_state (self);
    gboolean runs = state == PR_COACH_COUNTING_IN || state == PR_COACH_MOVING;

    gtk_widget_set_visible (GTK_WIDGET (self->first), first != NULL);
    if (first)
        gtk_button_set_label (self->first, first);
    gtk_widget_set_sensitive (GTK_WIDGET (self->first),
                              state != PR_COACH_READY || pr_coach_choice_may_begin (self->choice));
    gtk_widget_set_visible (GTK_WIDGET (self->second), runs);
    gtk_button_set_label (self->second, _ ("Pause"));
    set_text (self->notices, pr_coach_lines_notice (self->coach, self->choice));
}

static void
show_rest (PrCoachPage *self)
{
    g_autofree char *tries = pr_coach_lines_tries (self->coach);

    pr_coach_drawing_show (self->drawing, pr_coach_choice_get_family (self->choice), self->coach);
    pr_coach_warning_show (self->warning, self->coach, pr_coach_choice_is_windows (self->choice));
    set_text (self->tries, tries);
    pr_coach_signs_show (self->signs, self->coach);
    show_buttons (self);
    set_text (self->other_way, pr_coach_lines_other_way (self->coach));
    gtk_widget_set_visible (GTK_WIDGET (self->choice), get_state (self) == PR_COACH_READY);
    if (self->coach)
        pr_coach_trail_show (self->trail, self->coach);
}

static void
show_hint (PrCoachPage *self)
{
    const char *hint = self->coach ? pr_coach_get_hint (self->coach) : NULL;

    set_text (self->hint, hint ? _ (hint) : NULL);
    if (hint && hint != self->shown_hint)
        pr_page_announce (PR_PAGE (self), _ (hint));
    self->shown_hint = hint;
}

/* The keyboard was on a button that has gone. */
static void
keep_focus (PrCoachPage *self)
{
    GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
    GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;

    if (focus && gtk_widget_get_mapped (focus) && gtk_widget_is_sensitive (focus))
        return;
    if (gtk_widget_get_visible (GTK_WIDGET (self->first)))
        gtk_widget_grab_focus (GTK_WIDGET (self->first));
    else
        gtk_widget_grab_focus (GTK_WIDGET (self->second));
}

static void
show (PrCoachPage *self)
{
    PrCoachState state = get_state (self);
    guint step = self->coach ? pr_coach_get_step (self->coach) : 0;
    gboolean news = state != self->shown || step != self->shown_step;

    show_time (self);
    show_hint (self);
    if (!news)
        return;
    self->shown = state;
    self->shown_step = step;
    show_words (self);
    show_rest (self);
    say (self);
    keep_focus (self);
}

static void
show_anew (PrCoachPage *self)
{
    self->shown = get_state (self);
    self->shown_step = 0;
    pr_coach_trail_fill (self->trail, self->coach ? pr_coach_get_sequence (self->coach) : NULL,
                         pr_coach_choice_get_family (self->choice));
    show_words (self);
    show_rest (self);
    show_hint (self);
    show_time (self);
}

/* --- The coach --- */

static PrPhoneMode
get_mode (PrCoachPage *self)
{
    PrPhone *phone = get_phone (self);

    return phone && !pr_coach_choice_is_windows (self->choice) ? pr_phone_get_mode (phone) : PR_PHONE_MODE_GONE;
}

/* What is chosen before the start makes another coach. */
static void
make_coach (PrCoachPage *self)
{
    PrCoachSequence sequence;

    g_clear_pointer (&self->coach, pr_coach_free);
    if (pr_coach_choice_find (self->choice, get_mode (self), &sequence)) {
        self->coach = pr_coach_new (&sequence, get_mode (self));
        pr_coach_set_slow (self->coach, pr_coach_choice_get_slow (self->choice));
    }
    adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self),
                                   pr_coach_choice_is_windows (self->choice)
                                       ? _ ("Windows Phone")
                                       : pr_coach_names_task (pr_coach_choice_get_task (self->choice)));
    show_anew (self);
}

static void
choice_changed_cb (PrCoachPage *self)
{
    if (get_state (self) == PR_COACH_READY)
        make_coach (self);
}

static gboolean
tick_cb (gpointer data)
{
    PrCoachPage *self = data;
    gint64 now = g_get_monotonic_time ();
    double seconds = (double) (now - self->ticked) / G_USEC_PER_SEC;

    self->ticked = now;
    if (!self->coach)
        return G_SOURCE_CONTINUE;
    pr_coach_tick (self->coach, seconds);
    keep_time (self);
    show (self);
    return G_SOURCE_CONTINUE;
}

/* Before the start, the way may be another one from where the phone is now. */
static void
mode_cb (PrCoachPage *self)
{
    if (get_state (self) == PR_COACH_READY) {
        make_coach (self);
        return;
    }
    pr_coach_set_mode (self->coach, get_mode (self));
    show (self);
}

/* Buttons of a phone that nobody can tell yet are asked for, until the phone tells them itself. */
static void
product_type_cb (PrCoachPage *self)
{
    PrPhone *phone = get_phone (self);

    if (!pr_coach_choice_is_windows (self->choice))
        pr_coach_choice_set_product_type (self->choice, phone ? pr_phone_get_product_type (phone) : NULL);
}

/* --- What the person does --- */

static void
follow_first (PrCoachPage *self)
{
    PrSign wanted = pr_coach_get_wanted (self->coach);

    if (get_state (self) == PR_COACH_PAUSED)
        pr_coach_resume (self->coach);
    else if (get_state (self) == PR_COACH_READY || get_state (self) == PR_COACH_CORRECTING)
        pr_coach_start (self->coach);
    else if (wanted == PR_SIGN_NONE)
        pr_coach_next (self->coach);
    else
        pr_coach_see (self->coach, wanted);
}

static void
first_cb (PrCoachPage *self)
{
    if (get_state (self) == PR_COACH_DONE && leads_on (self)) {
        g_signal_emit (self, signals[FOLLOW], 0, self->remedy);
        return;
    }
    if (get_state (self) == PR_COACH_DONE) {
        gtk_widget_activate_action (GTK_WIDGET (self), "navigation.pop", NULL);
        return;
    }
    self->ticked = g_get_monotonic_time ();
    follow_first (self);
    show (self);
}

static void
see_cb (PrCoachPage *self, guint sign)
{
    pr_coach_see (self->coach, sign);
    show (self);
}

static void
second_cb (PrCoachPage *self)
{
    pr_coach_pause (self->coach);
    show (self);
}

static const char *
pr_coach_page_get_guide (PrPage *page)
{
    return pr_coach_names_guide (pr_coach_choice_get_task (PR_COACH_PAGE (page)->choice));
}

/* --- The object --- */

static void
pr_coach_page_dispose (GObject *object)
{
    PrCoachPage *self = PR_COACH_PAGE (object);

    g_clear_handle_id (&self->tick_source, g_source_remove);
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_COACH_PAGE);
    g_clear_pointer (&self->coach, pr_coach_free);
    G_OBJECT_CLASS (pr_coach_page_parent_class)->dispose (object);
}

#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PrCoachPage, name)

static void
bind_template (GtkWidgetClass *widget_class)
{
    g_type_ensure (PR_TYPE_COACH_CHOICE);
    g_type_ensure (PR_TYPE_COACH_CLOCK);
    g_type_ensure (PR_TYPE_COACH_DRAWING);
    g_type_ensure (PR_TYPE_COACH_SIGNS);
    g_type_ensure (PR_TYPE_COACH_TRAIL);
    g_type_ensure (PR_TYPE_COACH_WARNING);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-coach-page.ui");
    CHILD (sound);
    CHILD (drawing);
    CHILD (headline);
    CHILD (text);
    CHILD (clock);
    CHILD (hint);
    CHILD (trail);
    CHILD (warning);
    CHILD (tries);
    CHILD (signs);
    CHILD (choice);
    CHILD (other_way);
    CHILD (second);
    CHILD (first);
    CHILD (notices);
    gtk_widget_class_bind_template_callback (widget_class, choice_changed_cb);
    gtk_widget_class_bind_template_callback (widget_class, first_cb);
    gtk_widget_class_bind_template_callback (widget_class, second_cb);
    gtk_widget_class_bind_template_callback (widget_class, see_cb);
}

static void
pr_coach_page_class_init (PrCoachPageClass *klass)
{
    G_OBJECT_CLASS (klass)->dispose = pr_coach_page_dispose;
    PR_PAGE_CLASS (klass)->get_guide = pr_coach_page_get_guide;
    signals[FOLLOW] = g_signal_new ("follow", PR_TYPE_COACH_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                    1, G_TYPE_UINT);
    bind_template (GTK_WIDGET_CLASS (klass));
}

static void
pr_coach_page_init (PrCoachPage *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
    self->tick_source = g_timeout_add (TICK_MS, tick_cb, self);
}

PrPage *
pr_coach_page_new (PrPlan *plan, PrCoachTask task, PrRemedy remedy)
{
    PrCoachPage *self = g_object_new (PR_TYPE_COACH_PAGE, "plan", plan, NULL);

    self->remedy = remedy;
    pr_coach_choice_set_task (self->choice, task);
    pr_page_follow_phone (PR_PAGE (self), "notify::product-type", G_CALLBACK (product_type_cb));
    pr_page_follow_phone (PR_PAGE (self), "notify::mode", G_CALLBACK (mode_cb));
    product_type_cb (self);
    make_coach (self);
    return PR_PAGE (self);
}
