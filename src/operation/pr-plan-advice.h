/* What the plan knows about advice: what is known of its phone, what helps, and which of its goals does it.
 *
 * Main thread only. What was tried is the page's to keep, and to tick off when a goal has been carried out.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-advice.h"
#include "pr-coach.h"
#include "pr-plan.h"

/* What is known of @phone now; of none, where it is %NULL. What was read in another mode counts only for the worse. */
PrKnown pr_plan_read_phone (PrPhone *phone);

/* The ladder for the phone of this plan, which may have none. */
PrAdvice pr_plan_get_advice (PrPlan *self, PrSymptom symptom, PrTried tried);

/**
 * pr_plan_get_goal_of_remedy:
 *
 * Returns: the goal that carries it out here; PR_GOAL_NONE where the guide of the remedy shows the way instead. Whether
 * the goal can be reached now is for pr_plan_goal_is_possible() to say.
 */
PrGoal pr_plan_get_goal_of_remedy (PrRemedy remedy);

/* The remedy that was tried when @goal was carried out; PR_REMEDY_NONE for a goal that is none. */
PrRemedy pr_plan_get_remedy_of_goal (PrGoal goal);

typedef enum {
    PR_WAY_ON_GUIDE, /* the guide of the remedy shows how */
    PR_WAY_ON_GOAL,  /* this program does it */
    PR_WAY_ON_COACH, /* the person does it with the phone's buttons, and the coach leads */
} PrWayOn;

/**
 * pr_plan_find_way_on:
 * @goal: (out): for PR_WAY_ON_GOAL; it can be reached now
 * @task: (out): for PR_WAY_ON_COACH
 *
 * What comes next for who wants @remedy, with the phone of this plan as it is now. Buttons that bring the phone where
 * the remedy starts, such as to DFU mode, come before the goal.
 */
PrWayOn pr_plan_find_way_on (PrPlan *self, PrRemedy remedy, PrGoal *goal, PrCoachTask *task);

/* What a person would say of a phone of which this was found; PR_N_SYMPTOMS where it is no matter of the phone. */
PrSymptom pr_plan_get_symptom_of_finding (PrFindingKind kind);

/**
 * pr_plan_guess_symptom:
 * @phone: (nullable):
 * @symptom: (out):
 *
 * What the phone shows by itself, by its mode and by what was found about it, before anybody has said anything.
 *
 * Returns: whether it shows something
 */
gboolean pr_plan_guess_symptom (PrPhone *phone, PrSymptom *symptom);
