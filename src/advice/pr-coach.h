/* Which buttons to hold, how long, and when to let go: sequences as data, and a machine that leads through one.
 *
 * The machine is pure: it has no clock, no phone and no widget. Seconds, what the person sees, and what the phone did
 * are told to it; what to show is asked of it. Any thread, one at a time. Texts are N_() and static.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-remedy.h"

typedef enum {
    PR_COACH_FORCE_RESTART,
    PR_COACH_RECOVERY,
    PR_COACH_DFU,
    PR_COACH_SHUT_DOWN,
    /* Windows Phone */
    PR_COACH_SOFT_RESET,
    PR_COACH_HARD_RESET,     /* the phone is on */
    PR_COACH_HARD_RESET_OFF, /* the phone is off, or its screen stays black */
    PR_N_COACH_TASKS,
} PrCoachTask;

/* Windows Phones, told apart by the person: no computer under Linux can ask them. */
typedef enum {
    PR_WINDOWS_NONE,
    PR_WINDOWS_LUMIA,   /* Windows Phone 8, 8.1 and Windows 10 Mobile */
    PR_WINDOWS_LUMIA_7, /* Lumia 710, 800 and 900 with Windows Phone 7 */
    PR_WINDOWS_HTC,     /* 8X and 8S */
    PR_WINDOWS_HTC_HD2, /* Windows Mobile 6.5 */
    PR_WINDOWS_SAMSUNG, /* Ativ S */
    PR_WINDOWS_HUAWEI,  /* W1 */
    PR_N_WINDOWS,
} PrWindowsKind;

typedef enum {
    PR_BUTTON_VOLUME_UP = 1 << 0, /* on an iPad: the one nearest the top button */
    PR_BUTTON_VOLUME_DOWN = 1 << 1,
    PR_BUTTON_SIDE = 1 << 2, /* also the power button of a Windows Phone */
    PR_BUTTON_TOP = 1 << 3,
    PR_BUTTON_HOME = 1 << 4,
    PR_BUTTON_CAMERA = 1 << 5,
} PrButtons;

typedef enum {
    PR_MOVE_PRESS, /* and let go at once */
    PR_MOVE_HOLD,
    PR_MOVE_SLIDE, /* on the screen */
    PR_MOVE_WAIT,  /* hands off */
} PrMove;

/* What the person can say to see or feel. */
typedef enum {
    PR_SIGN_NONE,
    PR_SIGN_LOGO,    /* the Apple logo, or the maker's */
    PR_SIGN_PICTURE, /* a cable and a computer */
    PR_SIGN_BLACK,   /* the screen went black */
    PR_SIGN_SLIDER,  /* the slider to power off */
    PR_SIGN_SOS,     /* the slider or the countdown of Emergency SOS */
    PR_SIGN_VIBRATION,
    PR_SIGN_MARK,     /* a large exclamation mark */
    PR_SIGN_LANGUAGE, /* the first screen of a new Windows Phone */
    PR_SIGN_NOTHING,  /* nothing happened */
    PR_N_SIGNS,
} PrSign;

typedef struct {
    PrMove move;
    guint buttons;     /* held down, or pressed, in this step */
    guint least, most; /* seconds that it takes; as long as @until has not come, up to @patience */
    guint patience;    /* seconds after which the machine goes on, or asks what is seen; never 0 */
    PrSign until;      /* ends the step; NONE: it ends by the clock */
    const char *text;  /* N_() */
} PrCoachStep;

#define PR_COACH_MOST_STEPS 10

typedef struct {
    PrCoachTask task;
    PrSign goal; /* what shows that it worked; NONE: only USB tells */
    guint n_steps;
    PrCoachStep steps[PR_COACH_MOST_STEPS];
    gboolean warns_of_sos; /* a side and a volume button are held, or easily are by mistake */
    gboolean erases;       /* everything, and the phone does not ask again */
    gboolean needs_cable;  /* in this computer, before the first step */
    const char *other_way; /* N_() (nullable): for broken buttons */
} PrCoachSequence;

/**
 * pr_coach_find_sequence:
 * @product_type: (nullable): "iPhone14,7"
 * @recovers: the phone is in recovery mode now, which makes the way to DFU shorter
 *
 * For every product type whose buttons are known by rule, also of models to come.
 *
 * Returns: %FALSE if the buttons are not known, or the task is one of Windows Phone
 */
gboolean pr_coach_find_sequence (const char *product_type,
                                 PrCoachTask task,
                                 gboolean recovers,
                                 PrCoachSequence *sequence);

/* The same for a Windows Phone; %FALSE where no way by buttons is known. */
gboolean pr_coach_find_windows_sequence (PrWindowsKind kind, PrCoachTask task, PrCoachSequence *sequence);

/**
 * pr_coach_find_task:
 * @mode: that of the phone now
 * @task: (out):
 *
 * Which buttons lead to @remedy. A phone that is in no mode for an update or a restore is brought to recovery mode.
 *
 * Returns: %FALSE for a remedy that needs no buttons, or none any more
 */
gboolean pr_coach_find_task (PrRemedy remedy, PrPhoneMode mode, PrCoachTask *task);

typedef enum {
    PR_COACH_READY,       /* shows what is to come, and its warnings; pr_coach_start() */
    PR_COACH_COUNTING_IN, /* fingers on the buttons */
    PR_COACH_MOVING,      /* in a step */
    PR_COACH_PAUSED,
    PR_COACH_ASKING,     /* the last step is over: what is to be seen? */
    PR_COACH_CORRECTING, /* it went wrong: why, and pr_coach_start() again */
    PR_COACH_DONE,
} PrCoachState;

typedef struct _PrCoach PrCoach;

/* @mode: that of the phone now; GONE where no phone is connected */
PrCoach *pr_coach_new (const PrCoachSequence *sequence, PrPhoneMode mode);
void pr_coach_free (PrCoach *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrCoach, pr_coach_free)

/* Begins the count-in, from READY or CORRECTING; each is one try. */
void pr_coach_start (PrCoach *self);
/* The hands come off the buttons: after it everything begins with the first step again, as the same try. */
void pr_coach_pause (PrCoach *self);
void pr_coach_resume (PrCoach *self);
/* Slow hands: a longer count-in, and more time for each short press. */
void pr_coach_set_slow (PrCoach *self, gboolean slow);
/* "I have done it": goes on to the next step, except from one that has to be held longer. */
void pr_coach_next (PrCoach *self);
void pr_coach_tick (PrCoach *self, double seconds);       /* so much time went by */
void pr_coach_see (PrCoach *self, PrSign sign);           /* what the person says to see */
void pr_coach_set_mode (PrCoach *self, PrPhoneMode mode); /* what the phone did on USB */

PrCoachState pr_coach_get_state (PrCoach *self);
const PrCoachSequence *pr_coach_get_sequence (PrCoach *self);
guint pr_coach_get_step (PrCoach *self);       /* from 0; of the step in MOVING, else of the one that comes first */
double pr_coach_get_seconds (PrCoach *self);   /* in this step, or left of the count-in */
guint pr_coach_get_tries (PrCoach *self);      /* begun so far */
guint pr_coach_get_held (PrCoach *self);       /* PrButtons that are down now */
guint pr_coach_get_released (PrCoach *self);   /* PrButtons to let go of, compared with the step before */
const char *pr_coach_get_text (PrCoach *self); /* N_(): what to do now, or what went wrong, or that it is done */
guint pr_coach_get_signs (PrCoach *self);      /* of 1 << PrSign: what the person may be asked for now */
/* What the step waits for, else what shows that all of it worked; NONE: only that the person says to have done it */
PrSign pr_coach_get_wanted (PrCoach *self);
/* N_() (nullable): a word in between that changes nothing, "keep holding" */
const char *pr_coach_get_hint (PrCoach *self);
/* N_() (nullable): what has to be known before the first step, and again before a hold of side and volume */
const char *pr_coach_get_warning (PrCoach *self);
/* Is it time to offer the other way (pr_coach_get_sequence()->other_way) by itself? After three tries. */
gboolean pr_coach_offers_other_way (PrCoach *self);
