/* What the coach page calls tasks, phones, buttons, steps and signs. Main thread only; texts are translated.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-coach.h"

const char *pr_coach_names_task (PrCoachTask task);
/* id of the guide that says the same */
const char *pr_coach_names_guide (PrCoachTask task);
/* (transfer full): "Side Button + Volume Down"; @family: as pr_model_get_family(), or "windows" */
char *pr_coach_names_buttons (guint buttons, const char *family);
/* (transfer full): "Hold Side Button" · "Drag the Slider" · "Hands Off" */
char *pr_coach_names_step (const PrCoachStep *step, const char *family);
/* "It Vibrated" */
const char *pr_coach_names_sign (PrSign sign);

/* Phones that the person tells apart, for who has none attached: one of each that has other buttons. */
typedef struct {
    const char *name;         /* N_() */
    const char *product_type; /* one that stands for all of them */
} PrCoachModel;

extern const PrCoachModel pr_coach_models[];
extern const guint pr_coach_n_models;
/* N_(), by PrWindowsKind from PR_WINDOWS_LUMIA on */
extern const char *const pr_coach_windows_names[PR_N_WINDOWS];
