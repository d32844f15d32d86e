// SPDX-License-Identifier: GPL-3.0-or-later
/* Which buttons, and for how long.
 *
 * source: Apple Support, Force restart; If you can't update or restore (recovery mode); Turn your iPhone or iPad off
 * source: zdnet 2017-10-13 and Legacy-iOS-Kit, restore.sh: the way to DFU mode and its seconds
 * source for Windows Phone: Microsoft Community wiki, How to soft- and hard reset; IT Pro Today, Resetting a Lumia
 * Using the Hardware Buttons; allaboutwindowsphone 16201; wikitechsolutions 5342; mobilejaw on the HD2
 *
 * How long it takes from the logo to the picture of recovery mode, and to the slider, no source says: these two are
 * ours. */
#include "pr-coach-private.h"

#include <glib/gi18n.h>

#include "pr-model.h"

#define UP PR_BUTTON_VOLUME_UP
#define DOWN PR_BUTTON_VOLUME_DOWN
#define SIDE PR_BUTTON_SIDE
#define TOP PR_BUTTON_TOP
#define HOME PR_BUTTON_HOME
#define CAMERA PR_BUTTON_CAMERA

#define HOLD_PATIENCE 45
#define SCREEN_PATIENCE 120

#define PRESS(button, words) { PR_MOVE_PRESS, button, 1, 1, 1, PR_SIGN_NONE, words }
/* until a sign is seen */
#define HOLD(held, from, to, sign, words) { PR_MOVE_HOLD, held, from, to, HOLD_PATIENCE, PR_SIGN_##sign, words }
/* by the clock */
#define KEEP(held, from, to, words) { PR_MOVE_HOLD, held, from, to, to, PR_SIGN_NONE, words }
#define SLIDE(words) { PR_MOVE_SLIDE, 0, 2, 20, SCREEN_PATIENCE, PR_SIGN_BLACK, words }
#define WAIT(from, to, limit, sign, words) { PR_MOVE_WAIT, 0, from, to, limit, PR_SIGN_##sign, words }

/* The kinds of phones by their buttons, as the letters of the fact sheet: A has a Home button, B a Home button that is
 * none, C is worked by the side button, D is an iPad without a Home button. A and B have their power button on the side
 * or on the top. */
enum {
    A_SIDE = 1 << 0,
    A_TOP = 1 << 1,
    B_SIDE = 1 << 2,
    B_TOP = 1 << 3,
    C_HOME = 1 << 4, /* iPhone 8 and SE: buttons of C, but shut down by the side button alone */
    C_BARE = 1 << 5,
    D = 1 << 6,
};
#define C (C_HOME | C_BARE)

typedef struct {
    guint kinds; /* of the enum above, or 1 << PrWindowsKind */
    PrCoachSequence sequence;
} Row;

#define ROW(which, job, sign, ...)                                                                                     \
    {                                                                                                                  \
        which,                                                                                                         \
        {                                                                                                              \
            .task = PR_COACH_##job, .goal = PR_SIGN_##sign, .steps = { __VA_ARGS__ }                                   \
        }                                                                                                              \
    }

#define PRESS_UP PRESS (UP, N_ ("Press Volume Up, and let go."))
#define PRESS_DOWN PRESS (DOWN, N_ ("Press Volume Down, and let go."))
#define PRESS_NEAR PRESS (UP, N_ ("Press the volume button nearest the top button, and let go."))
#define PRESS_FAR PRESS (DOWN, N_ ("Press the other volume button, and let go."))
#define SLIDE_OFF SLIDE (N_ ("Let go, and drag the slider. Wait until the screen is dark."))

static const Row force_restart[] = {
    ROW (
        A_SIDE,
        FORCE_RESTART,
        LOGO,
        HOLD (HOME | SIDE, 10, 10, LOGO, N_ ("Hold Home and the side button together. Let go when the logo appears."))),
    ROW (A_TOP,
         FORCE_RESTART,
         LOGO,
         HOLD (HOME | TOP, 10, 10, LOGO, N_ ("Hold Home and the top button together. Let go when the logo appears."))),
    ROW (B_SIDE,
         FORCE_RESTART,
         LOGO,
         HOLD (DOWN | SIDE,
               10,
               10,
               LOGO,
               N_ ("Hold Volume Down and the side button together. Let go when the logo appears."))),
    ROW (B_TOP,
         FORCE_RESTART,
         LOGO,
         HOLD (DOWN | TOP,
               10,
               10,
               LOGO,
               N_ ("Hold Volume Down and the top button together. Let go when the logo appears."))),
    ROW (C,
         FORCE_RESTART,
         LOGO,
         PRESS_UP,
         PRESS_DOWN,
         HOLD (SIDE, 10, 20, LOGO, N_ ("Hold the side button. Let go when the logo appears."))),
    ROW (D,
         FORCE_RESTART,
         LOGO,
         PRESS_NEAR,
         PRESS_FAR,
         HOLD (TOP, 20, 30, LOGO, N_ ("Hold the top button. Let go when the logo appears."))),
};

static const Row recovery[] = {
    ROW (A_SIDE,
         RECOVERY,
         PICTURE,
         HOLD (HOME | SIDE,
               10,
               20,
               PICTURE,
               N_ ("Hold Home and the side button together. Keep holding past the logo, until you see a cable."))),
    ROW (A_TOP,
         RECOVERY,
         PICTURE,
         HOLD (HOME | TOP,
               10,
               20,
               PICTURE,
               N_ ("Hold Home and the top button together. Keep holding past the logo, until you see a cable."))),
    ROW (B_SIDE,
         RECOVERY,
         PICTURE,
         HOLD (
             DOWN | SIDE,
             10,
             20,
             PICTURE,
             N_ ("Hold Volume Down and the side button together. Keep holding past the logo, until you see a cable."))),
    ROW (
        B_TOP,
        RECOVERY,
        PICTURE,
        HOLD (DOWN | TOP,
              10,
              20,
              PICTURE,
              N_ ("Hold Volume Down and the top button together. Keep holding past the logo, until you see a cable."))),
    ROW (C,
         RECOVERY,
         PICTURE,
         PRESS_UP,
         PRESS_DOWN,
         HOLD (SIDE, 10, 30, PICTURE, N_ ("Hold the side button. Keep holding past the logo, until you see a cable."))),
    ROW (D,
         RECOVERY,
         PICTURE,
         PRESS_NEAR,
         PRESS_FAR,
         HOLD (TOP, 20, 40, PICTURE, N_ ("Hold the top button. Keep holding past the logo, until you see a cable."))),
};

#define KEEP_HOME KEEP (HOME, 8, 13, N_ ("Let go of the other button, and keep holding Home. The screen stays black."))
#define KEEP_DOWN_8                                                                                                    \
    KEEP (DOWN, 8, 8, N_ ("Let go of the other button, and keep holding Volume Down. The screen stays black."))
#define KEEP_DOWN_10                                                                                                   \
    KEEP (DOWN, 8, 10, N_ ("Let go of the other button, and keep holding Volume Down. The screen stays black."))

static const Row dfu[] = {
    ROW (A_SIDE, DFU, NONE, KEEP (HOME | SIDE, 10, 10, N_ ("Hold Home and the side button together.")), KEEP_HOME),
    ROW (A_TOP, DFU, NONE, KEEP (HOME | TOP, 10, 10, N_ ("Hold Home and the top button together.")), KEEP_HOME),
    ROW (B_SIDE,
         DFU,
         NONE,
         KEEP (DOWN | SIDE, 10, 10, N_ ("Hold Volume Down and the side button together.")),
         KEEP_DOWN_8),
    ROW (B_TOP,
         DFU,
         NONE,
         KEEP (DOWN | TOP, 10, 10, N_ ("Hold Volume Down and the top button together.")),
         KEEP_DOWN_8),
    ROW (C,
         DFU,
         NONE,
         PRESS_UP,
         PRESS_DOWN,
         KEEP (SIDE, 10, 10, N_ ("Hold the side button, until the screen is black.")),
         KEEP (DOWN | SIDE, 5, 5, N_ ("Keep holding it, and hold Volume Down too.")),
         KEEP_DOWN_10),
    ROW (D,
         DFU,
         NONE,
         PRESS_NEAR,
         PRESS_FAR,
         KEEP (TOP, 10, 10, N_ ("Hold the top button, until the screen is black.")),
         KEEP (DOWN | TOP, 5, 5, N_ ("Keep holding it, and hold the volume button farther from it too.")),
         KEEP (DOWN,
               8,
               10,
               N_ ("Let go of the top button, and keep holding the volume button. The screen stays black."))),
};

static const Row shut_down[] = {
    ROW (A_SIDE | B_SIDE | C_HOME,
         SHUT_DOWN,
         BLACK,
         HOLD (SIDE, 2, 5, SLIDER, N_ ("Hold the side button until a slider appears.")),
         SLIDE_OFF),
    ROW (A_TOP | B_TOP,
         SHUT_DOWN,
         BLACK,
         HOLD (TOP, 2, 5, SLIDER, N_ ("Hold the top button until a slider appears.")),
         SLIDE_OFF),
    ROW (C_BARE,
         SHUT_DOWN,
         BLACK,
         HOLD (DOWN | SIDE,
               2,
               5,
               SLIDER,
               N_ ("Hold the side button and Volume Down together. Let go as soon as sliders appear.")),
         SLIDE (N_ ("Drag the slider to power off, not the one for SOS. Wait until the screen is dark."))),
    ROW (D,
         SHUT_DOWN,
         BLACK,
         HOLD (DOWN | TOP, 2, 5, SLIDER, N_ ("Hold the top button and a volume button until a slider appears.")),
         SLIDE_OFF),
};

#define LUMIA (1 << PR_WINDOWS_LUMIA)
#define LUMIA_7 (1 << PR_WINDOWS_LUMIA_7)
#define HTC (1 << PR_WINDOWS_HTC)
#define HD2 (1 << PR_WINDOWS_HTC_HD2)
#define SAMSUNG (1 << PR_WINDOWS_SAMSUNG)
#define HUAWEI (1 << PR_WINDOWS_HUAWEI)

#define VIBRATES N_ ("Hold Volume Down and Power together until it vibrates. Do not touch the screen.")
#define FOUR_KEYS                                                                                                      \
    PRESS (UP, N_ ("Quickly now: press Volume Up.")), PRESS (DOWN, N_ ("Press Volume Down.")),                         \
        PRESS (SIDE, N_ ("Press Power.")), PRESS (DOWN, N_ ("Press Volume Down."))
/* usually half an hour, rarely up to two: a limit for the clock, in seconds */
#define GEARS                                                                                                          \
    WAIT (60, 1800, 7200, LANGUAGE,                                                                                    \
          N_ ("Hands off. Gears turn, usually for half an hour, rarely for two, until it asks for a language."))

static const Row windows[] = {
    ROW (LUMIA, SOFT_RESET, VIBRATION, HOLD (DOWN | SIDE, 10, 15, VIBRATION, VIBRATES)),
    ROW (LUMIA,
         HARD_RESET,
         LANGUAGE,
         HOLD (DOWN | SIDE, 10, 15, VIBRATION, VIBRATES),
         HOLD (DOWN, 1, 15, MARK, N_ ("Let go, and at once hold Volume Down alone, until a large “!” appears.")),
         FOUR_KEYS,
         GEARS),
    ROW (LUMIA,
         HARD_RESET_OFF,
         LANGUAGE,
         KEEP (DOWN, 1, 2, N_ ("Hold Volume Down.")),
         HOLD (DOWN | SIDE,
               1,
               15,
               MARK,
               N_ ("Keep holding it, and hold Power too, or plug in the charger, until a large “!” appears.")),
         FOUR_KEYS,
         GEARS),
    ROW (LUMIA,
         FORCE_RESTART,
         LOGO,
         KEEP (DOWN | SIDE, 5, 5, N_ ("Hold Volume Down and Power together until it is black.")),
         PRESS (SIDE, N_ ("Press Power."))),

    ROW (LUMIA_7,
         SOFT_RESET,
         LOGO,
         KEEP (SIDE, 10, 10, N_ ("Hold Power until it is off.")),
         PRESS (SIDE, N_ ("Press Power."))),
    ROW (LUMIA_7,
         HARD_RESET_OFF,
         LANGUAGE,
         HOLD (DOWN | SIDE | CAMERA,
               1,
               15,
               VIBRATION,
               N_ ("Hold Volume Down, Power and Camera together until it vibrates.")),
         KEEP (DOWN | CAMERA, 5, 10, N_ ("Let go of Power, and keep holding the other two.")),
         GEARS),

    ROW (HTC,
         SOFT_RESET,
         LOGO,
         HOLD (DOWN | SIDE, 5, 10, VIBRATION, N_ ("Hold Volume Down and Power together, until it restarts."))),
    ROW (HTC,
         HARD_RESET_OFF,
         LANGUAGE,
         HOLD (DOWN, 1, 15, MARK, N_ ("Hold Volume Down until a large “!” appears.")),
         FOUR_KEYS,
         GEARS),

    ROW (HD2,
         HARD_RESET_OFF,
         LANGUAGE,
         KEEP (UP | DOWN | SIDE, 1, 15, N_ ("Hold both volume buttons and Power, until there is text on the screen.")),
         PRESS (UP, N_ ("Press Volume Up to agree.")),
         GEARS),

    ROW (SAMSUNG, SOFT_RESET, LOGO, KEEP (SIDE, 11, 15, N_ ("Hold Power for eleven seconds or more."))),
    ROW (HUAWEI, SOFT_RESET, BLACK, HOLD (SIDE, 1, 15, BLACK, N_ ("Hold Power until it is off."))),
};

static gboolean
has_top_button (const char *product_type)
{
    static const char *const top[] = {
        "iPad", "iPod", "iPhone1,", "iPhone2,", "iPhone3,", "iPhone4,", "iPhone5,", "iPhone6,", "iPhone8,4",
    };

    for (gsize i = 0; i < G_N_ELEMENTS (top); i++)
        if (g_str_has_prefix (product_type, top[i]))
            return TRUE;
    return FALSE;
}

/* 0 where the buttons are not known. */
static guint
find_kind (const char *product_type)
{
    const char *buttons = pr_model_get_buttons (product_type);
    const char *family = pr_model_get_family (product_type);

    if (g_strcmp0 (buttons, "home") == 0)
        return has_top_button (product_type) ? A_TOP : A_SIDE;
    if (g_strcmp0 (buttons, "volume-down") == 0)
        return has_top_button (product_type) ? B_TOP : B_SIDE;
    if (g_strcmp0 (buttons, "side") == 0)
        return g_strcmp0 (family, "home") == 0 ? C_HOME : C_BARE;
    return g_strcmp0 (buttons, "top") == 0 ? D : 0;
}

static gboolean
holds_both (const PrCoachStep *step)
{
    return step->move == PR_MOVE_HOLD && (step->buttons & SIDE) && (step->buttons & (UP | DOWN));
}

/* Presses of a volume button right before the side button is held: a finger that stays there starts an emergency call.
 */
static gboolean
is_risky (const PrCoachSequence *sequence)
{
    guint seen = 0;

    for (guint i = 0; i < sequence->n_steps; i++) {
        if (holds_both (&sequence->steps[i]))
            return TRUE;
        seen |= sequence->steps[i].buttons;
    }
    return (seen & SIDE) && (seen & (UP | DOWN));
}

static gboolean
find_row (const Row *rows, gsize n_rows, guint kind, PrCoachTask task, PrCoachSequence *sequence)
{
    for (gsize i = 0; i < n_rows; i++) {
        if (!(rows[i].kinds & kind) || rows[i].sequence.task != task)
            continue;
        *sequence = rows[i].sequence;
        while (sequence->n_steps < PR_COACH_MOST_STEPS && sequence->steps[sequence->n_steps].text)
            sequence->n_steps++;
        return TRUE;
    }
    return FALSE;
}

static const char *
find_other_way (PrCoachTask task)
{
    switch (task) {
    case PR_COACH_FORCE_RESTART:
        return N_ (
            "A button is broken? While the phone answers, this window can restart it by the cable. Otherwise let the "
            "battery run out, and charge it again.");
    case PR_COACH_RECOVERY:
        return N_ (
            "A button is broken? While the phone answers, this window can send it to recovery mode by the cable.");
    case PR_COACH_DFU:
        return N_ ("A button is broken? DFU mode needs the buttons. Recovery mode by the cable mostly does as well.");
    case PR_COACH_SHUT_DOWN:
        return N_ ("A button is broken? Choose Settings › General › Shut Down, or let this window do it by the cable.");
    case PR_COACH_SOFT_RESET:
        return N_ (
            "A button is broken? Let the battery run out, or take it out for a moment where it can be taken out.");
    case PR_COACH_HARD_RESET:
    case PR_COACH_HARD_RESET_OFF:
        return N_ ("While the phone still works: Settings › About › Reset your phone.");
    case PR_N_COACH_TASKS:
    default:
        return NULL;
    }
}

gboolean
pr_coach_find_sequence (const char *product_type, PrCoachTask task, gboolean recovers, PrCoachSequence *sequence)
{
    static const struct {
        const Row *rows;
        gsize n_rows;
    } tables[PR_N_COACH_TASKS] = {
        [PR_COACH_FORCE_RESTART] = { force_restart, G_N_ELEMENTS (force_restart) },
        [PR_COACH_RECOVERY] = { recovery, G_N_ELEMENTS (recovery) },
        [PR_COACH_DFU] = { dfu, G_N_ELEMENTS (dfu) },
        [PR_COACH_SHUT_DOWN] = { shut_down, G_N_ELEMENTS (shut_down) },
    };
    guint kind = find_kind (product_type);

    g_return_val_if_fail (task < PR_N_COACH_TASKS, FALSE);
    if (!find_row (tables[task].rows, tables[task].n_rows, kind, task, sequence))
        return FALSE;
    sequence->needs_cable = task == PR_COACH_RECOVERY || task == PR_COACH_DFU;
    sequence->warns_of_sos = is_risky (sequence);
    sequence->other_way = find_other_way (task);
    /* Legacy-iOS-Kit: from recovery mode, 8 seconds will do */
    if (recovers && task == PR_COACH_DFU && (kind & (A_SIDE | A_TOP)))
        sequence->steps[0].least = sequence->steps[0].most = sequence->steps[0].patience = 8;
    return TRUE;
}

gboolean
pr_coach_find_windows_sequence (PrWindowsKind kind, PrCoachTask task, PrCoachSequence *sequence)
{
    g_return_val_if_fail (kind < PR_N_WINDOWS && task < PR_N_COACH_TASKS, FALSE);
    if (!find_row (windows, G_N_ELEMENTS (windows), 1u << kind, task, sequence))
        return FALSE;
    sequence->erases = task == PR_COACH_HARD_RESET || task == PR_COACH_HARD_RESET_OFF;
    sequence->other_way = find_other_way (sequence->erases ? task : PR_COACH_SOFT_RESET);
    return TRUE;
}

gboolean
pr_coach_step_may_call (const PrCoachStep *step)
{
    return holds_both (step);
}

gboolean
pr_coach_find_task (PrRemedy remedy, PrPhoneMode mode, PrCoachTask *task)
{
    static const struct {
        PrRemedy remedy;
        guint modes; /* in which it is still needed */
        PrCoachTask task;
    } tasks[] = {
#define AWAY (1 << PR_PHONE_MODE_GONE)
#define ANY G_MAXUINT
        { PR_REMEDY_FORCE_RESTART, ANY, PR_COACH_FORCE_RESTART },
        { PR_REMEDY_UPDATE, AWAY, PR_COACH_RECOVERY },
        { PR_REMEDY_RESTORE, AWAY, PR_COACH_RECOVERY },
        { PR_REMEDY_NEARBY, AWAY | 1 << PR_PHONE_MODE_NORMAL, PR_COACH_RECOVERY },
        { PR_REMEDY_DFU_RESTORE, ANY & ~(1u << PR_PHONE_MODE_DFU), PR_COACH_DFU },
        { PR_REMEDY_SOFT_RESET, ANY, PR_COACH_SOFT_RESET },
        { PR_REMEDY_HARD_RESET, ANY, PR_COACH_HARD_RESET },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (tasks); i++) {
        if (tasks[i].remedy != remedy || !(tasks[i].modes & (1u << mode)))
            continue;
        *task = tasks[i].task;
        return TRUE;
    }
    return FALSE;
}
