// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-coach-page.h"

#include "pr-coach-choice.h"
#include "pr-coach-clock.h"
#include "pr-coach-drawing.h"
#include "pr-coach-names.h"
#include "pr-plan-advice.h"
#include "pr-coach-trail.h"

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
    const char *shown_hint; /* static */

    /* template */
    GtkToggleButton *sound;
    PrCoachDrawing *drawing;
    GtkLabel *headline;
    GtkLabel *text;
    PrCoachClock *clock;
    GtkLabel *hint;
    PrCoachTrail *trail;
    GtkWidget *warning_box;
    GtkImage *warning_picture;
    GtkLabel *warning;
    GtkLabel *tries;
    AdwWrapBox *signs;
    PrCoachChoice *choice;
    GtkLabel *other_way;
    GtkButton *second;
    GtkButton *first;
    GtkLabel *notices;
};

enum { FOLLOW, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrCoachPage, pr_coach_page, PR_TYPE_PAGE)

static const PrCoachSequence *
get_sequence (PrCoachPage *self)
{
    return pr_coach_get_sequence (self->coach);
}

static const PrCoachStep *
get_step (PrCoachPage *self)
{
    return &get_sequence (self)->steps[pr_coach_get_step (self->coach)];
}

static PrCoachState
get_state (PrCoachPage *self)
{
    return self->coach ? pr_coach_get_state (self->coach) : PR_COACH_READY;
}

/* Whose mode is followed; NULL: nobody's. */
static PrPhone *
get_phone (PrCoachPage *self)
{
    return pr_plan_get_phone (pr_page_get_plan (PR_PAGE (self)));
}

static gboolean
is_windows (PrCoachPage *self)
{
    return pr_coach_choice_get_task (self->choice) >= PR_COACH_SOFT_RESET;
}

static void
set_text (GtkLabel *label, const char *text)
{
    gtk_label_set_label (label, text ? text : "");
    gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

/* --- What is said above --- */

static char *
get_headline (PrCoachPage *self)
{
    switch (get_state (self)) {
    case PR_COACH_COUNTING_IN:
        return g_strdup (_ ("Get Ready"));
    case PR_COACH_MOVING:
        return pr_coach_names_step (get_step (self), pr_coach_choice_get_family (self->choice));
    case PR_COACH_PAUSED:
        return g_strdup (_ ("Paused"));
    case PR_COACH_ASKING:
        return g_strdup (_ ("What Do You See?"));
    case PR_COACH_CORRECTING:
        return g_strdup (_ ("Not Quite"));
    case PR_COACH_DONE:
        return g_strdup (_ ("It Worked"));
    case PR_COACH_READY:
    default:
        return g_strdup (pr_coach_names_task (pr_coach_choice_get_task (self->choice)));
    }
}

static const char *
get_text (PrCoachPage *self)
{
    if (!self->coach)
        return _ ("No way by its buttons is known for this phone. Help tells what else there is.");
    return _ (pr_coach_get_text (self->coach));
}

static void
show_words (PrCoachPage *self)
{
    g_autofree char *headline = get_headline (self);

    gtk_label_set_label (self->headline, headline);
    set_text (self->text, get_text (self));
}

static void
say (PrCoachPage *self)
{
    g_autofree char *text =
        g_strdup_printf ("%s. %s", gtk_label_get_label (self->headline), gtk_label_get_label (self->text));

    pr_page_announce (PR_PAGE (self), text);
    if (gtk_toggle_button_get_active (self->sound))
        gdk_display_beep (gtk_widget_get_display (GTK_WIDGET (self)));
}

/* --- The drawing --- */

/* The large mark stays on the screen of a Windows Phone from when it appeared until the keys were pressed. */
static gboolean
shows_mark (PrCoachPage *self)
{
    guint step = pr_coach_get_step (self->coach);
    const PrCoachStep *steps = get_sequence (self)->steps;

    if (get_state (self) != PR_COACH_MOVING || steps[step].move != PR_MOVE_PRESS)
        return FALSE;
    for (guint i = 0; i < step; i++)
        if (steps[i].until == PR_SIGN_MARK)
            return TRUE;
    return FALSE;
}

static guint
get_buttons (PrCoachPage *self)
{
    PrCoachState state = get_state (self);

    if (state == PR_COACH_MOVING)
        return pr_coach_get_held (self->coach);
    /* where the fingers go first */
    return state == PR_COACH_READY || state == PR_COACH_COUNTING_IN ? get_sequence (self)->steps[0].buttons : 0;
}

static void
show_drawing (PrCoachPage *self)
{
    pr_coach_drawing_show (self->drawing, pr_coach_choice_get_family (self->choice),
                           self->coach ? get_buttons (self) : 0, self->coach && shows_mark (self));
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

/* --- Warnings and other ways --- */

static void
show_warning (PrCoachPage *self)
{
    const char *warning = self->coach ? pr_coach_get_warning (self->coach) : NULL;
    gboolean erases = warning && get_sequence (self)->erases;
    gboolean safe = self->coach && is_windows (self) && !erases;
    const char *classes[] = { erases ? "error" : safe ? "success" : "warning", NULL };

    if (safe && !warning)
        warning = N_ ("Nothing is erased");
    gtk_widget_set_visible (self->warning_box, warning != NULL && get_state (self) != PR_COACH_DONE);
    gtk_label_set_label (self->warning, warning ? _ (warning) : "");
    gtk_image_set_from_icon_name (self->warning_picture, erases ? "pr-blocking-symbolic"
                                                         : safe ? "pr-good-symbolic"
                                                                : "pr-warning-symbolic");
    gtk_widget_set_css_classes (self->warning_box, classes);
}

static void
show_tries (PrCoachPage *self)
{
    guint tries = self->coach ? pr_coach_get_tries (self->coach) : 0;
    g_autofree char *text = NULL;

    if (tries > 0 && get_sequence (self)->erases)
        text = g_strdup_printf (_ ("Try %u. It often takes three."), tries);
    else if (tries > 1)
        text = g_strdup_printf (_ ("Try %u"), tries);
    set_text (self->tries, get_state (self) == PR_COACH_DONE ? NULL : text);
}

/* The download comes before the buttons. */
static const char *
get_other_way (PrCoachPage *self)
{
    if (!self->coach)
        return NULL;
    if (get_state (self) == PR_COACH_READY && get_sequence (self)->needs_cable)
        return N_ ("Have the system file on this computer first: a phone does not stay in recovery mode for the time "
                   "of a download.");
    if (get_state (self) == PR_COACH_READY || pr_coach_offers_other_way (self->coach))
        return get_sequence (self)->other_way;
    return NULL;
}

/* --- The buttons --- */

static void show (PrCoachPage *self);

static void
see_cb (PrCoachPage *self, GtkWidget *button)
{
    pr_coach_see (self->coach, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "sign")));
    show (self);
}

/* What the step waits for; else what shows that all of it worked. */
static PrSign
get_wanted (PrCoachPage *self)
{
    const PrCoachStep *step = get_step (self);

    if (get_state (self) == PR_COACH_MOVING && step->until != PR_SIGN_NONE)
        return step->until;
    if (get_state (self) == PR_COACH_MOVING && step->move == PR_MOVE_PRESS)
        return PR_SIGN_NONE;
    return get_sequence (self)->goal;
}

static void
add_sign (PrCoachPage *self, PrSign sign)
{
    GtkWidget *button = gtk_button_new_with_label (pr_coach_names_sign (sign));

    g_object_set_data (G_OBJECT (button), "sign", GUINT_TO_POINTER (sign));
    g_signal_connect_object (button, "clicked", G_CALLBACK (see_cb), self, G_CONNECT_SWAPPED);
    adw_wrap_box_append (self->signs, button);
}

static void
show_signs (PrCoachPage *self)
{
    PrCoachState state = get_state (self);
    gboolean asks = state == PR_COACH_MOVING || state == PR_COACH_ASKING;
    guint signs = asks ? pr_coach_get_signs (self->coach) : 0;
    GtkWidget *child;

    while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->signs))))
        adw_wrap_box_remove (self->signs, child);
    for (PrSign sign = PR_SIGN_NONE + 1; sign < PR_N_SIGNS; sign++)
        if ((signs & (1u << sign)) && sign != get_wanted (self))
            add_sign (self, sign);
    gtk_widget_set_visible (GTK_WIDGET (self->signs), signs != 0);
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

/* (nullable): what the suggested button says */
static const char *
get_first_label (PrCoachPage *self)
{
    switch (get_state (self)) {
    case PR_COACH_READY:
        return _ ("Start");
    case PR_COACH_PAUSED:
        return _ ("Start Over");
    case PR_COACH_CORRECTING:
        return _ ("Try Again");
    case PR_COACH_DONE:
        return leads_on (self) ? _ ("Go On") : _ ("Done");
    case PR_COACH_MOVING:
        if (get_wanted (self) == PR_SIGN_NONE)
            return _ ("I Have Done It");
        return pr_coach_names_sign (get_wanted (self));
    case PR_COACH_ASKING:
        return pr_coach_names_sign (get_wanted (self));
    case PR_COACH_COUNTING_IN:
    default:
        return NULL;
    }
}

/* (nullable): what is waited for, below the buttons */
static const char *
get_notice (PrCoachPage *self)
{
    PrCoachState state = get_state (self);

    if (state == PR_COACH_READY && !pr_coach_choice_may_begin (self->choice))
        return _ ("Waits until you agree that everything may be erased");
    if (is_windows (self) || state == PR_COACH_READY || state == PR_COACH_CORRECTING || state == PR_COACH_DONE)
        return NULL;
    return _ ("This page notices by itself what the phone does");
}

static void
show_buttons (PrCoachPage *self)
{
    const char *first = self->coach ? get_first_label (self) : NULL;
    PrCoachState state = get_state (self);
    gboolean runs = state == PR_COACH_COUNTING_IN || state == PR_COACH_MOVING;

    gtk_widget_set_visible (GTK_WIDGET (self->first), first != NULL);
    if (first)
        gtk_button_set_label (self->first, first);
    gtk_widget_set_sensitive (GTK_WIDGET (self->first),
                              state != PR_COACH_READY || pr_coach_choice_may_begin (self->choice));
    gtk_widget_set_visible (GTK_WIDGET (self->second), runs);
    gtk_button_set_label (self->second, _ ("Pause"));
    set_text (self->notices, get_notice (self));
}

/* --- All of it --- */

static void
show_rest (PrCoachPage *self)
{
    const char *other_way = get_other_way (self);

    show_drawing (self);
    show_warning (self);
    show_tries (self);
    show_signs (self);
    show_buttons (self);
    set_text (self->other_way, other_way ? _ (other_way) : NULL);
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
    pr_coach_trail_fill (self->trail, self->coach ? get_sequence (self) : NULL,
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

    return phone && !is_windows (self) ? pr_phone_get_mode (phone) : PR_PHONE_MODE_GONE;
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
                                   is_windows (self) ? _ ("Windows Phone")
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

    if (!is_windows (self))
        pr_coach_choice_set_product_type (self->choice, phone ? pr_phone_get_product_type (phone) : NULL);
}

/* --- What the person does --- */

static void
follow_first (PrCoachPage *self)
{
    PrSign wanted = get_wanted (self);

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
    g_type_ensure (PR_TYPE_COACH_TRAIL);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-coach-page.ui");
    CHILD (sound);
    CHILD (drawing);
    CHILD (headline);
    CHILD (text);
    CHILD (clock);
    CHILD (hint);
    CHILD (trail);
    CHILD (warning_box);
    CHILD (warning_picture);
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
