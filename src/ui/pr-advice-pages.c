// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-advice-pages.h"

#include "pr-advice-page.h"
#include "pr-coach-page.h"
#include "pr-compare-page.h"
#include "pr-symptom-page.h"

struct _PrAdvicePages {
    GObject parent_instance;

    AdwNavigationView *view; /* borrowed, NULL when the window is gone */
    PrPlan *plan;            /* owned */
    PrPhone *phone;          /* owned, nullable: of which something was tried */
    PrSymptom symptom;       /* PR_N_SYMPTOMS: none chosen yet */
    PrTried tried;
};

enum { ANSWERED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrAdvicePages, pr_advice_pages, G_TYPE_OBJECT)

gboolean
pr_advice_pages_has (AdwNavigationPage *page)
{
    return PR_IS_SYMPTOM_PAGE (page) || PR_IS_ADVICE_PAGE (page) || PR_IS_COMPARE_PAGE (page) ||
           PR_IS_COACH_PAGE (page);
}

gboolean
pr_advice_pages_are_shown (PrAdvicePages *self)
{
    return self->view && pr_advice_pages_has (adw_navigation_view_get_visible_page (self->view));
}

/* Another phone has its own troubles. That one is plugged in later is no reason to forget. */
static void
phone_changed_cb (PrAdvicePages *self)
{
    PrPhone *phone = pr_plan_get_phone (self->plan);

    if (!phone || phone == self->phone)
        return;
    if (self->phone)
        self->tried = 0;
    g_set_object (&self->phone, phone);
}

/* --- Following --- */

static void
answer (PrAdvicePages *self, PrGoal goal)
{
    pr_plan_set_goal (self->plan, goal);
    g_signal_emit (self, signals[ANSWERED], 0);
}

static void
show_guide (PrAdvicePages *self, PrRemedy remedy)
{
    gtk_widget_activate_action (GTK_WIDGET (self->view), "win.help", "s", pr_remedy_get_facts (remedy)->guide);
}

static void
push (PrAdvicePages *self, PrPage *page)
{
    adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (page));
}

static void follow_cb (PrAdvicePages *self, guint remedy);

static void
push_coach (PrAdvicePages *self, PrCoachTask task, PrRemedy remedy)
{
    PrPage *page = pr_coach_page_new (self->plan, task, remedy);

    g_signal_connect_object (page, "follow", G_CALLBACK (follow_cb), self, G_CONNECT_SWAPPED);
    push (self, page);
}

static void
follow_cb (PrAdvicePages *self, guint remedy)
{
    PrGoal goal;
    PrCoachTask task;

    switch (pr_plan_find_way_on (self->plan, remedy, &goal, &task)) {
    case PR_WAY_ON_GOAL:
        answer (self, goal);
        break;
    case PR_WAY_ON_COACH:
        push_coach (self, task, remedy);
        break;
    case PR_WAY_ON_GUIDE:
    default:
        show_guide (self, remedy);
    }
}

/* --- The pages --- */

static void
tried_cb (PrAdvicePages *self, GParamSpec *pspec, GObject *page)
{
    g_object_get (page, "tried", &self->tried, NULL);
}

static void
chosen_cb (PrAdvicePages *self, guint symptom)
{
    PrPage *page = pr_advice_page_new (self->plan, symptom, self->tried);

    self->symptom = symptom;
    g_signal_connect_object (page, "notify::tried", G_CALLBACK (tried_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (page, "follow", G_CALLBACK (follow_cb), self, G_CONNECT_SWAPPED);
    push (self, page);
}

/* Pushes @page, or goes back to the one of its kind that lies below. */
static gboolean
goes_back_to (PrAdvicePages *self, const char *tag)
{
    if (!self->view || !adw_navigation_view_find_page (self->view, tag))
        return self->view == NULL;
    adw_navigation_view_pop_to_tag (self->view, tag);
    return TRUE;
}

void
pr_advice_pages_show_symptoms (PrAdvicePages *self, gboolean windows)
{
    PrPage *page;

    if (goes_back_to (self, "symptoms"))
        return;
    page = pr_symptom_page_new (self->plan, windows, self->symptom);
    g_signal_connect_object (page, "chosen", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
    push (self, page);
}

void
pr_advice_pages_show_advice (PrAdvicePages *self, PrSymptom symptom)
{
    if (!goes_back_to (self, "advice"))
        chosen_cb (self, symptom);
}

void
pr_advice_pages_show_ways (PrAdvicePages *self)
{
    PrPage *page;

    if (goes_back_to (self, "compare"))
        return;
    page = pr_compare_page_new (self->plan, self->symptom, self->tried);
    g_signal_connect_object (page, "follow", G_CALLBACK (follow_cb), self, G_CONNECT_SWAPPED);
    push (self, page);
}

void
pr_advice_pages_show_buttons (PrAdvicePages *self)
{
    if (!goes_back_to (self, "coach"))
        push_coach (self, PR_COACH_FORCE_RESTART, PR_REMEDY_NONE);
}

void
pr_advice_pages_note_done (PrAdvicePages *self, PrGoal goal)
{
    PrRemedy remedy = pr_plan_get_remedy_of_goal (goal);

    if (remedy != PR_REMEDY_NONE)
        self->tried |= PR_TRIED (remedy);
}

/* --- The object --- */

static void
pr_advice_pages_dispose (GObject *object)
{
    PrAdvicePages *self = PR_ADVICE_PAGES (object);

    g_clear_weak_pointer (&self->view);
    g_clear_object (&self->phone);
    g_clear_object (&self->plan);
    G_OBJECT_CLASS (pr_advice_pages_parent_class)->dispose (object);
}

static void
pr_advice_pages_class_init (PrAdvicePagesClass *klass)
{
    G_OBJECT_CLASS (klass)->dispose = pr_advice_pages_dispose;
    signals[ANSWERED] =
        g_signal_new ("answered", PR_TYPE_ADVICE_PAGES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pr_advice_pages_init (PrAdvicePages *self)
{
    self->symptom = PR_N_SYMPTOMS;
}

PrAdvicePages *
pr_advice_pages_new (AdwNavigationView *view, PrPlan *plan)
{
    PrAdvicePages *self = g_object_new (PR_TYPE_ADVICE_PAGES, NULL);

    g_set_weak_pointer (&self->view, view);
    self->plan = g_object_ref (plan);
    g_signal_connect_object (plan, "notify::phone", G_CALLBACK (phone_changed_cb), self, G_CONNECT_SWAPPED);
    return self;
}
