/* From what a person sees to the mildest step that can be enough: symptoms, remedies, and the ladder between them.
 *
 * The rules are data (pr-advice-rules.c, pr-advice-windows.c), each with its reason; what a remedy costs is data too
 * (pr-remedy.c). No state, no phone, no files: any thread. Texts are N_(), static, and in plain words.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-known.h"
#include "pr-remedy.h"

/* What people say, in their words. */
typedef enum {
    PR_SYMPTOM_FROZEN,
    PR_SYMPTOM_BLACK_SCREEN,
    PR_SYMPTOM_APPLE_LOGO,
    PR_SYMPTOM_RESTARTS,
    PR_SYMPTOM_RECOVERY_SCREEN,
    PR_SYMPTOM_FORGOT_PASSCODE,
    PR_SYMPTOM_UNAVAILABLE,
    PR_SYMPTOM_CRASHES,
    PR_SYMPTOM_BATTERY,
    PR_SYMPTOM_SLOW,
    PR_SYMPTOM_SETTINGS,
    PR_SYMPTOM_MALWARE,
    PR_SYMPTOM_STORAGE,
    PR_SYMPTOM_NO_CHARGE,
    PR_SYMPTOM_NOT_SEEN,
    PR_SYMPTOM_SETUP_STUCK,
    PR_SYMPTOM_TROUBLE_BACK,
    PR_SYMPTOM_DATA_BACK,
    PR_SYMPTOM_SELLING,
    PR_SYMPTOM_BOUGHT_USED,
    PR_SYMPTOM_STRANGERS_ACCOUNT,

    PR_SYMPTOM_WINDOWS_APP,
    PR_SYMPTOM_WINDOWS_BATTERY,
    PR_SYMPTOM_WINDOWS_ODD,
    PR_SYMPTOM_WINDOWS_FROZEN,
    PR_SYMPTOM_WINDOWS_AIRPLANE,
    PR_SYMPTOM_WINDOWS_CARD,
    PR_SYMPTOM_WINDOWS_PREVIEW,
    PR_SYMPTOM_WINDOWS_PIN,
    PR_SYMPTOM_WINDOWS_ACCOUNT,
    PR_SYMPTOM_WINDOWS_GIVE_AWAY,
    PR_SYMPTOM_WINDOWS_GEARS,
    PR_N_SYMPTOMS,
} PrSymptom;

#define PR_SYMPTOM_FIRST_WINDOWS PR_SYMPTOM_WINDOWS_APP

typedef enum {
    PR_RUNG_OPEN,        /* can be done, after the recommended one */
    PR_RUNG_TRIED,       /* the person says that it did not help */
    PR_RUNG_RECOMMENDED, /* do this now; one a ladder */
    PR_RUNG_NOT_NOW,     /* cannot be done in the state in which the phone is, or is not needed */
} PrRungState;

typedef struct {
    PrRemedy remedy;
    PrRungState state;
    const char *reason; /* N_() */
} PrRung;

#define PR_MOST_RUNGS 16

/* The whole ladder of one symptom, mildest first; @remedy is the recommended rung. */
typedef struct {
    PrRemedy remedy;
    const char *reason; /* N_() */
    guint n_rungs;
    PrRung rungs[PR_MOST_RUNGS];
} PrAdvice;

/* What has been tried: a set of PrRemedy. */
typedef guint64 PrTried;
#define PR_TRIED(remedy) (G_GUINT64_CONSTANT (1) << (remedy))

/**
 * pr_advice_give:
 * @known: what is known of the phone; what is not known is never taken for the better
 * @tried: what did not help
 *
 * The mildest remedy that can help and was not tried. When all were, the last one, which loses nothing: it is where
 * other people have to help.
 */
PrAdvice pr_advice_give (PrSymptom symptom, const PrKnown *known, PrTried tried);

/* N_(): how people say it, for the list of symptoms: "It is frozen" */
const char *pr_symptom_get_title (PrSymptom symptom);
/* N_(): what tells it from its neighbours in the list */
const char *pr_symptom_get_text (PrSymptom symptom);
gboolean pr_symptom_is_windows (PrSymptom symptom);
