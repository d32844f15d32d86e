// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-advice.h"

#include "pr-advice-rules.h"

G_STATIC_ASSERT (PR_N_REMEDIES <= 64);

static const PrSymptomRules *
find_rules (PrSymptom symptom)
{
    g_return_val_if_fail (symptom < PR_N_SYMPTOMS, &pr_advice_phone_rules[0]);
    if (symptom < PR_SYMPTOM_FIRST_WINDOWS)
        return &pr_advice_phone_rules[symptom];
    return &pr_advice_windows_rules[symptom - PR_SYMPTOM_FIRST_WINDOWS];
}

static gboolean
can_help (const PrRule *rule, PrFactSet facts)
{
    return (facts & rule->when) == rule->when && !(facts & rule->unless) && pr_remedy_is_possible (rule->remedy, facts);
}

static PrRungState
judge (const PrRule *rule, PrFactSet facts, PrTried tried)
{
    if (tried & PR_TRIED (rule->remedy))
        return PR_RUNG_TRIED;
    return can_help (rule, facts) ? PR_RUNG_OPEN : PR_RUNG_NOT_NOW;
}

/* The first rung that is open; else the last that can help at all, tried or not. */
static guint
choose (const PrSymptomRules *symptom, const PrAdvice *ladder, PrFactSet facts)
{
    guint last = ladder->n_rungs - 1;

    for (guint i = 0; i < ladder->n_rungs; i++)
        if (ladder->rungs[i].state == PR_RUNG_OPEN)
            return i;
    while (last > 0 && !can_help (&symptom->rules[last], facts))
        last--;
    return last;
}

PrAdvice
pr_advice_give (PrSymptom symptom, const PrKnown *known, PrTried tried)
{
    const PrSymptomRules *about = find_rules (symptom);
    PrFactSet facts = pr_known_get_facts (known);
    PrAdvice advice = { .n_rungs = about->n_rules };
    PrRung *chosen;

    g_assert (about->n_rules > 0 && about->n_rules <= PR_MOST_RUNGS);
    for (guint i = 0; i < about->n_rules; i++) {
        const PrRule *rule = &about->rules[i];

        advice.rungs[i] = (PrRung) { rule->remedy, judge (rule, facts, tried), rule->reason };
    }
    chosen = &advice.rungs[choose (about, &advice, facts)];
    chosen->state = PR_RUNG_RECOMMENDED;
    advice.remedy = chosen->remedy;
    advice.reason = chosen->reason;
    return advice;
}

const char *
pr_symptom_get_title (PrSymptom symptom)
{
    return find_rules (symptom)->title;
}

const char *
pr_symptom_get_text (PrSymptom symptom)
{
    return find_rules (symptom)->text;
}

gboolean
pr_symptom_is_windows (PrSymptom symptom)
{
    return symptom >= PR_SYMPTOM_FIRST_WINDOWS && symptom < PR_N_SYMPTOMS;
}
