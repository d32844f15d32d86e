/* How a rule is written. Only for the files with rules, and for what reads them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib/gi18n.h>

#include "pr-advice.h"

/* "This remedy helps here, where @when is so and @unless is not, because …". What a remedy needs everywhere is said
 * once, in pr-remedy.c. The rules of a symptom stand in the order of mildness. */
typedef struct {
    PrRemedy remedy;
    const char *reason; /* N_() */
    PrFactSet when;
    PrFactSet unless;
} PrRule;

/* N_() needs its text at hand, so that a rule keeps it as it is. */
#define RULE(remedy, reason, ...) { PR_REMEDY_##remedy, reason, ##__VA_ARGS__ }
#define WHEN(facts) .when = (facts)
#define UNLESS(facts) .unless = (facts)

typedef struct {
    const char *title; /* N_(): how people say it */
    const char *text;  /* N_(): what tells it from its neighbours */
    const PrRule *rules;
    guint n_rules;
} PrSymptomRules;

#define RULES(list) list, G_N_ELEMENTS (list)

extern const PrSymptomRules pr_advice_phone_rules[PR_SYMPTOM_FIRST_WINDOWS];
extern const PrSymptomRules pr_advice_windows_rules[PR_N_SYMPTOMS - PR_SYMPTOM_FIRST_WINDOWS];
