// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-coach-clock.h"

#include "pr-ring.h"

#include <glib/gi18n.h>

#define MANY_SECONDS 180 /* more than this is counted in minutes */
#define SPOKEN_SECONDS 5 /* how often the count is said */

struct _PrCoachClock {
    AdwBin parent_instance;
    PrCoachState state; /* in which the last second was shown */
    int second;
    PrRing *ring;
    GtkLabel *number;
    GtkLabel *unit;
};

G_DEFINE_FINAL_TYPE (PrCoachClock, pr_coach_clock, ADW_TYPE_BIN)

static void
pr_coach_clock_class_init (PrCoachClockClass *klass)
{
}

static GtkLabel *
create_label (GtkWidget *box, const char *first_class, const char *second_class)
{
    const char *classes[] = { first_class, second_class, NULL };
    GtkWidget *label = gtk_label_new (NULL);

    gtk_widget_set_css_classes (label, classes);
    gtk_box_append (GTK_BOX (box), label);
    return GTK_LABEL (label);
}

static void
pr_coach_clock_init (PrCoachClock *self)
{
    GtkWidget *box = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "halign", GTK_ALIGN_CENTER,
                                   "valign", GTK_ALIGN_CENTER, NULL);

    self->ring = g_object_new (PR_TYPE_RING, "child", box, NULL);
    self->number = create_label (box, "title-1", "numeric");
    self->unit = create_label (box, "caption", "dimmed");
    adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->ring));
}

static const PrCoachStep *
get_step (PrCoach *coach)
{
    return &pr_coach_get_sequence (coach)->steps[pr_coach_get_step (coach)];
}

static gboolean
counts_minutes (PrCoach *coach)
{
    return pr_coach_get_state (coach) == PR_COACH_MOVING && get_step (coach)->most > MANY_SECONDS;
}

/* The count-in counts down, a step counts up. */
static int
get_second (PrCoach *coach)
{
    double seconds = pr_coach_get_seconds (coach);

    return pr_coach_get_state (coach) == PR_COACH_COUNTING_IN ? (int) (seconds + 0.999) : (int) seconds;
}

static void
show_number (PrCoachClock *self, PrCoach *coach, int second)
{
    gboolean minutes = counts_minutes (coach);
    int count = minutes ? second / 60 : second;
    g_autofree char *number = g_strdup_printf ("%d", count);

    gtk_label_set_label (self->number, number);
    gtk_label_set_label (self->unit,
                         minutes ? ngettext ("minute", "minutes", count) : ngettext ("second", "seconds", count));
}

static void
show_ring (PrCoachClock *self, PrCoach *coach)
{
    gboolean moving = pr_coach_get_state (coach) == PR_COACH_MOVING;

    pr_ring_set_fraction (self->ring, moving ? pr_coach_get_seconds (coach) / MAX (1, get_step (coach)->most) : 0);
}

static char *
get_spoken (PrCoach *coach, int second)
{
    if (second == 0 || second % SPOKEN_SECONDS != 0 || counts_minutes (coach) ||
        pr_coach_get_state (coach) != PR_COACH_MOVING)
        return NULL;
    return g_strdup_printf (ngettext ("%d second", "%d seconds", second), second);
}

char *
pr_coach_clock_show (PrCoachClock *self, PrCoach *coach)
{
    PrCoachState state = coach ? pr_coach_get_state (coach) : PR_COACH_READY;
    gboolean runs = state == PR_COACH_COUNTING_IN || state == PR_COACH_MOVING;
    int second = runs ? get_second (coach) : -1;
    gboolean news = second != self->second || state != self->state;

    gtk_widget_set_visible (GTK_WIDGET (self), runs);
    self->second = second;
    self->state = state;
    if (runs && (news || adw_get_enable_animations (GTK_WIDGET (self))))
        show_ring (self, coach);
    if (!runs || !news)
        return NULL;
    show_number (self, coach, second);
    return get_spoken (coach, second);
}
