// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-plan-advice.h"

#define ROOM 10 /* per cent of the storage; a phone with less gets slow, and cannot update itself */

/* What a check that asks for the better says of the worse: good is @good, a warning is its opposite. */
static PrAnswer
ask (PrPhone *phone, PrCheckKind kind, PrAnswer good)
{
    switch (pr_check_judge_phone (kind, phone, TRUE, NULL)) {
    case PR_CHECK_GOOD:
        return good;
    case PR_CHECK_WARNING:
        return good == PR_ANSWER_YES ? PR_ANSWER_NO : PR_ANSWER_YES;
    case PR_CHECK_PENDING:
    case PR_CHECK_BLOCKING:
    case PR_CHECK_NOT_KNOWN:
    default:
        return PR_ANSWER_UNKNOWN;
    }
}

static PrAnswer
has_room (PrPhone *phone)
{
    guint64 total = pr_phone_get_storage_total (phone);

    if (total == 0)
        return PR_ANSWER_UNKNOWN;
    return pr_phone_get_storage_free (phone) >= total / 100 * ROOM ? PR_ANSWER_YES : PR_ANSWER_NO;
}

/* Whose it is does not change by going to recovery mode. */
static PrAnswer
is_managed (PrPhone *phone)
{
    if (pr_phone_get_supervised (phone) == PR_ANSWER_YES)
        return PR_ANSWER_YES;
    return ask (phone, PR_CHECK_SUPERVISION, PR_ANSWER_NO);
}

PrKnown
pr_plan_read_phone (PrPhone *phone)
{
    if (!phone)
        return (PrKnown) { .mode = PR_PHONE_MODE_GONE };
    return (PrKnown) {
        .mode = pr_phone_get_mode (phone),
        .trust = pr_phone_get_trust (phone),
        .system = pr_known_parse_system (pr_phone_get_version (phone)),
        .nearby = pr_known_can_nearby (pr_phone_get_product_type (phone)),
        .backup = ask (phone, PR_CHECK_BACKUP, PR_ANSWER_YES),
        .find_my = ask (phone, PR_CHECK_FIND_MY, PR_ANSWER_NO),
        .locked = pr_phone_get_activation_lock (phone),
        .managed = is_managed (phone),
        .charged = ask (phone, PR_CHECK_BATTERY, PR_ANSWER_YES),
        .has_room = has_room (phone),
    };
}

PrAdvice
pr_plan_get_advice (PrPlan *self, PrSymptom symptom, PrTried tried)
{
    PrKnown known = pr_plan_read_phone (pr_plan_get_phone (self));

    return pr_advice_give (symptom, &known, tried);
}

/* Where several remedies are one goal, the first is what the goal is by itself. */
static const struct {
    PrRemedy remedy;
    PrGoal goal;
} goals[] = {
    { PR_REMEDY_RESTART, PR_GOAL_RESTART },     { PR_REMEDY_LEAVE_RECOVERY, PR_GOAL_LEAVE_RECOVERY },
    { PR_REMEDY_UPDATE, PR_GOAL_UPDATE },       { PR_REMEDY_RESTORE, PR_GOAL_RESTORE },
    { PR_REMEDY_DFU_RESTORE, PR_GOAL_RESTORE }, { PR_REMEDY_BACK_UP, PR_GOAL_BACK_UP },
    { PR_REMEDY_PUT_BACK, PR_GOAL_PUT_BACK },   { PR_REMEDY_ERASE, PR_GOAL_ERASE },
};

PrGoal
pr_plan_get_goal_of_remedy (PrRemedy remedy)
{
    for (guint i = 0; i < G_N_ELEMENTS (goals); i++)
        if (goals[i].remedy == remedy)
            return goals[i].goal;
    return PR_GOAL_NONE;
}

PrRemedy
pr_plan_get_remedy_of_goal (PrGoal goal)
{
    for (guint i = 0; i < G_N_ELEMENTS (goals); i++)
        if (goals[i].goal == goal)
            return goals[i].remedy;
    return PR_REMEDY_NONE;
}

PrWayOn
pr_plan_find_way_on (PrPlan *self, PrRemedy remedy, PrGoal *goal, PrCoachTask *task)
{
    PrPhone *phone = pr_plan_get_phone (self);

    *goal = pr_plan_get_goal_of_remedy (remedy);
    if (pr_coach_find_task (remedy, phone ? pr_phone_get_mode (phone) : PR_PHONE_MODE_GONE, task))
        return PR_WAY_ON_COACH;
    if (*goal != PR_GOAL_NONE && pr_plan_goal_is_possible (self, *goal))
        return PR_WAY_ON_GOAL;
    return PR_WAY_ON_GUIDE;
}

PrSymptom
pr_plan_get_symptom_of_finding (PrFindingKind kind)
{
    static const PrSymptom symptoms[PR_N_FINDINGS] = {
        [PR_FINDING_BOOT_LOOP] = PR_SYMPTOM_RESTARTS,
        [PR_FINDING_HANGS] = PR_SYMPTOM_APPLE_LOGO,
        [PR_FINDING_ASKS] = PR_SYMPTOM_RECOVERY_SCREEN,
        [PR_FINDING_CHARGE_ONLY] = PR_SYMPTOM_NOT_SEEN,
    };

    G_STATIC_ASSERT (PR_SYMPTOM_FROZEN == 0); /* of which no link tells */
    return symptoms[kind] != PR_SYMPTOM_FROZEN ? symptoms[kind] : PR_N_SYMPTOMS;
}

/* The weightiest that is the phone's own trouble. */
static PrSymptom
get_symptom_of_findings (const GArray *findings)
{
    for (guint i = 0; findings && i < findings->len; i++) {
        PrSymptom symptom = pr_plan_get_symptom_of_finding (g_array_index (findings, PrFinding, i).kind);
        if (symptom != PR_N_SYMPTOMS)
            return symptom;
    }
    return PR_N_SYMPTOMS;
}

gboolean
pr_plan_guess_symptom (PrPhone *phone, PrSymptom *symptom)
{
    PrPhoneMode mode = phone ? pr_phone_get_mode (phone) : PR_PHONE_MODE_GONE;
    PrSymptom found = phone ? get_symptom_of_findings (pr_phone_get_findings (phone)) : PR_N_SYMPTOMS;

    if (found != PR_N_SYMPTOMS)
        *symptom = found;
    else if (mode == PR_PHONE_MODE_RECOVERY)
        *symptom = PR_SYMPTOM_RECOVERY_SCREEN;
    else if (mode == PR_PHONE_MODE_DFU)
        *symptom = PR_SYMPTOM_BLACK_SCREEN;
    else
        return FALSE;
    return TRUE;
}
