// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-coach.h"

#include <glib/gi18n.h>

#include "pr-coach-private.h"

#define COUNT_IN 3 /* seconds */
#define SLOW_COUNT_IN 8
#define SLOW_PRESS 3 /* seconds for a press with slow hands */
#define MANY_TRIES 3 /* a Lumia that could be reset at all was by then */

struct _PrCoach {
    PrCoachSequence sequence;
    PrCoachState state;
    guint step;
    double seconds; /* in this step, or left of the count-in */
    guint tries;
    gboolean slow;
    PrPhoneMode mode;
    gboolean has_left;      /* the bus, since this try began */
    const char *correction; /* static; why it went wrong */
    const char *hint;       /* static */
};

PrCoach *
pr_coach_new (const PrCoachSequence *sequence, PrPhoneMode mode)
{
    PrCoach *self = g_new0 (PrCoach, 1);

    g_assert (sequence->n_steps > 0 && sequence->n_steps <= PR_COACH_MOST_STEPS);
    self->sequence = *sequence;
    self->mode = mode;
    return self;
}

void
pr_coach_free (PrCoach *self)
{
    g_free (self);
}

static const PrCoachStep *
get_step (PrCoach *self)
{
    return &self->sequence.steps[MIN (self->step, self->sequence.n_steps - 1)];
}

static void
begin (PrCoach *self)
{
    self->state = PR_COACH_COUNTING_IN;
    self->step = 0;
    self->seconds = self->slow ? SLOW_COUNT_IN : COUNT_IN;
    self->has_left = self->mode == PR_PHONE_MODE_GONE;
    self->correction = NULL;
    self->hint = NULL;
}

void
pr_coach_start (PrCoach *self)
{
    if (self->state != PR_COACH_READY && self->state != PR_COACH_CORRECTING)
        return;
    self->tries++;
    begin (self);
}

void
pr_coach_pause (PrCoach *self)
{
    if (self->state == PR_COACH_COUNTING_IN || self->state == PR_COACH_MOVING)
        self->state = PR_COACH_PAUSED;
}

void
pr_coach_resume (PrCoach *self)
{
    if (self->state == PR_COACH_PAUSED)
        begin (self);
}

void
pr_coach_set_slow (PrCoach *self, gboolean slow)
{
    self->slow = slow;
}

static void
finish (PrCoach *self)
{
    self->state = PR_COACH_DONE;
    self->hint = NULL;
}

static void
correct (PrCoach *self, const char *why)
{
    self->state = PR_COACH_CORRECTING;
    self->correction = why;
    self->hint = NULL;
    self->step = 0;
    self->seconds = 0;
}

static void
go_on (PrCoach *self)
{
    self->hint = NULL;
    self->seconds = 0;
    if (self->step + 1 < self->sequence.n_steps)
        self->step++;
    else
        self->state = PR_COACH_ASKING;
}

void
pr_coach_next (PrCoach *self)
{
    const PrCoachStep *step = get_step (self);

    if (self->state != PR_COACH_MOVING)
        return;
    if (step->move == PR_MOVE_HOLD && self->seconds < step->least)
        return;
    go_on (self);
}

static double
get_limit (PrCoach *self)
{
    const PrCoachStep *step = get_step (self);

    return step->move == PR_MOVE_PRESS && self->slow ? SLOW_PRESS : step->patience;
}

/* Uses up some of @seconds; returns what is left of them for the next step. */
static double
spend (PrCoach *self, double seconds)
{
    double limit = self->state == PR_COACH_MOVING ? get_limit (self) - self->seconds : self->seconds;

    if (seconds < limit) {
        self->seconds += self->state == PR_COACH_MOVING ? seconds : -seconds;
        return 0;
    }
    if (self->state == PR_COACH_MOVING) {
        go_on (self);
    } else {
        self->state = PR_COACH_MOVING;
        self->seconds = 0;
    }
    return seconds - limit;
}

void
pr_coach_tick (PrCoach *self, double seconds)
{
    while (seconds > 0 && (self->state == PR_COACH_COUNTING_IN || self->state == PR_COACH_MOVING))
        seconds = spend (self, seconds);
}

static gboolean
is_at_work (PrCoach *self)
{
    return self->state == PR_COACH_COUNTING_IN || self->state == PR_COACH_MOVING || self->state == PR_COACH_ASKING;
}

/* While buttons are held, some signs only mean to go on. */
static const char *
find_hint (PrCoach *self, PrSign sign)
{
    if (self->state != PR_COACH_MOVING || get_step (self)->move != PR_MOVE_HOLD)
        return NULL;
    if (sign == PR_SIGN_SLIDER)
        return N_ ("Leave that slider alone, and keep holding.");
    if (sign == PR_SIGN_LOGO && self->sequence.task == PR_COACH_RECOVERY)
        return N_ ("The logo is not the end yet. Keep holding until you see a cable.");
    if (sign == PR_SIGN_NOTHING || sign == PR_SIGN_BLACK)
        return N_ ("Keep holding. It can take some seconds more.");
    return NULL;
}

static void
see_unexpected (PrCoach *self, PrSign sign)
{
    const char *fault = pr_coach_find_fault_of_sign (self->sequence.task, sign);
    const char *hint = find_hint (self, sign);

    if (hint)
        self->hint = hint;
    else if (fault)
        correct (self, fault);
}

void
pr_coach_see (PrCoach *self, PrSign sign)
{
    if (sign == PR_SIGN_NONE || !is_at_work (self))
        return;
    if (sign == PR_SIGN_SOS)
        correct (self,
                 N_ ("Let go of everything. Cancel the emergency call on the screen, and wait until it is gone. Then "
                     "press the volume buttons only for a moment, and take your finger off before you go on."));
    else if (sign == self->sequence.goal)
        finish (self);
    else if (self->state == PR_COACH_MOVING && sign == get_step (self)->until)
        go_on (self);
    else
        see_unexpected (self, sign);
}

/* PR_PHONE_MODE_GONE where no mode shows that it worked. */
static PrPhoneMode
get_goal_mode (PrCoachTask task)
{
    switch (task) {
    case PR_COACH_FORCE_RESTART:
        return PR_PHONE_MODE_NORMAL;
    case PR_COACH_RECOVERY:
        return PR_PHONE_MODE_RECOVERY;
    case PR_COACH_DFU:
        return PR_PHONE_MODE_DFU;
    case PR_COACH_SHUT_DOWN:
    case PR_COACH_SOFT_RESET:
    case PR_COACH_HARD_RESET:
    case PR_COACH_HARD_RESET_OFF:
    case PR_N_COACH_TASKS:
    default:
        return PR_PHONE_MODE_GONE;
    }
}

static void
leave_bus (PrCoach *self)
{
    gboolean sliding =
        self->state == PR_COACH_ASKING || (self->state == PR_COACH_MOVING && get_step (self)->move == PR_MOVE_SLIDE);

    self->has_left = TRUE;
    if (self->sequence.task == PR_COACH_SHUT_DOWN && sliding)
        finish (self);
    else if (self->sequence.task == PR_COACH_FORCE_RESTART || self->sequence.task == PR_COACH_RECOVERY)
        self->hint = N_ ("It has switched off. Keep holding.");
}

/* A phone that was there all the time proves nothing; it has to leave first, or to arrive in another mode. */
void
pr_coach_set_mode (PrCoach *self, PrPhoneMode mode)
{
    PrPhoneMode before = self->mode;
    const char *fault;

    self->mode = mode;
    if (mode == before || self->state == PR_COACH_READY || self->state == PR_COACH_DONE)
        return;
    if (mode == PR_PHONE_MODE_GONE) {
        leave_bus (self);
        return;
    }
    fault = pr_coach_find_fault_of_mode (self->sequence.task, mode);
    if (mode == get_goal_mode (self->sequence.task))
        finish (self);
    else if (fault && is_at_work (self) && (self->has_left || before != PR_PHONE_MODE_GONE))
        correct (self, fault);
}

PrCoachState
pr_coach_get_state (PrCoach *self)
{
    return self->state;
}

const PrCoachSequence *
pr_coach_get_sequence (PrCoach *self)
{
    return &self->sequence;
}

guint
pr_coach_get_step (PrCoach *self)
{
    return self->step;
}

double
pr_coach_get_seconds (PrCoach *self)
{
    return self->seconds;
}

guint
pr_coach_get_tries (PrCoach *self)
{
    return self->tries;
}

guint
pr_coach_get_held (PrCoach *self)
{
    if (self->state != PR_COACH_MOVING)
        return 0;
    return get_step (self)->buttons;
}

guint
pr_coach_get_released (PrCoach *self)
{
    if (self->state != PR_COACH_MOVING || self->step == 0)
        return 0;
    return self->sequence.steps[self->step - 1].buttons & ~get_step (self)->buttons;
}

const char *
pr_coach_get_text (PrCoach *self)
{
    switch (self->state) {
    case PR_COACH_READY:
        return pr_coach_find_ready_text (self->sequence.task, self->sequence.needs_cable);
    case PR_COACH_COUNTING_IN:
    case PR_COACH_MOVING:
        return get_step (self)->text;
    case PR_COACH_PAUSED:
        return N_ ("Let go of all buttons. Nothing has happened, and it begins from the start.");
    case PR_COACH_ASKING:
        return N_ ("Let go of all buttons. What do you see on the phone?");
    case PR_COACH_CORRECTING:
        return self->correction;
    case PR_COACH_DONE:
    default:
        return pr_coach_find_done_text (self->sequence.task);
    }
}

PrSign
pr_coach_get_wanted (PrCoach *self)
{
    const PrCoachStep *step = get_step (self);

    if (self->state == PR_COACH_MOVING && step->until != PR_SIGN_NONE)
        return step->until;
    if (self->state == PR_COACH_MOVING && step->move == PR_MOVE_PRESS)
        return PR_SIGN_NONE;
    return self->sequence.goal;
}

const char *
pr_coach_get_hint (PrCoach *self)
{
    return self->hint;
}

guint
pr_coach_get_signs (PrCoach *self)
{
    if (!is_at_work (self))
        return 0;
    return pr_coach_find_signs (self->sequence.task) | (self->sequence.warns_of_sos ? 1u << PR_SIGN_SOS : 0);
}

static gboolean
is_before_call (PrCoach *self)
{
    guint last = MIN (self->step + 1, self->sequence.n_steps - 1);

    if (self->state != PR_COACH_MOVING)
        return self->sequence.warns_of_sos;
    return pr_coach_step_may_call (get_step (self)) || pr_coach_step_may_call (&self->sequence.steps[last]);
}

const char *
pr_coach_get_warning (PrCoach *self)
{
    if (self->state == PR_COACH_DONE)
        return NULL;
    if (self->sequence.erases)
        return N_ ("This erases everything on the phone, and it does not ask again.");
    if (self->sequence.warns_of_sos && is_before_call (self))
        return N_ ("Side and volume button held together can start an emergency call. If a countdown or an SOS slider "
                   "appears, let go at once and cancel it.");
    return NULL;
}

gboolean
pr_coach_offers_other_way (PrCoach *self)
{
    return self->sequence.other_way != NULL && self->tries >= MANY_TRIES && self->state != PR_COACH_DONE;
}
