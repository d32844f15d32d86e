// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-advice-words.h"

#include "pr-words.h"

#include <glib/gi18n.h>

#define HOUR 60 /* minutes */

static char *
say_minutes (guint minutes)
{
    if (minutes < HOUR)
        return g_strdup_printf (ngettext ("%u min", "%u min", minutes), minutes);
    if (minutes % HOUR == 0)
        return g_strdup_printf (ngettext ("%u hour", "%u hours", minutes / HOUR), minutes / HOUR);
    return pr_words_duration (minutes * 60.0);
}

char *
pr_advice_words_time (PrRemedy remedy)
{
    const PrRemedyFacts *facts = pr_remedy_get_facts (remedy);
    g_autofree char *least = NULL;
    g_autofree char *most = NULL;

    if (facts->most == 0)
        return g_strdup (_ ("It depends"));
    if (facts->most < HOUR)
        /* Translators: minutes, from and to */
        return g_strdup_printf (_ ("%u to %u min"), facts->least, facts->most);
    least = say_minutes (facts->least);
    most = say_minutes (facts->most);
    /* Translators: from and to, "30 min" and "2 hours" */
    return g_strdup_printf (_ ("%s to %s"), least, most);
}

static const struct {
    const char *text;
    const char *icon;
    const char *css_class;
} losses[] = {
    [PR_LOSS_NOTHING] = { N_ ("Nothing"), "pr-keep-symbolic", "dimmed" },
    [PR_LOSS_CHOSEN] = { N_ ("Only what you pick yourself"), "pr-warning-symbolic", "warning" },
    [PR_LOSS_SETTINGS] = { N_ ("Settings. Photos, messages and apps stay."), "pr-anew-symbolic", "warning" },
    [PR_LOSS_REPLACED] = { N_ ("What is on the phone gives way to the backup"), "pr-lost-symbolic", "error" },
    [PR_LOSS_ALL] = { N_ ("Everything on the phone"), "pr-lost-symbolic", "error" },
};

const char *
pr_advice_words_loss (PrLoss loss)
{
    return _ (losses[loss].text);
}

const char *
pr_advice_words_loss_icon (PrLoss loss, const char **css_class)
{
    *css_class = losses[loss].css_class;
    return losses[loss].icon;
}

char *
pr_advice_words_way_on (PrPlan *plan, PrRemedy remedy)
{
    PrGoal goal;
    PrCoachTask task;

    switch (pr_plan_find_way_on (plan, remedy, &goal, &task)) {
    case PR_WAY_ON_GOAL:
        return pr_words_fill (pr_words_of_goal (goal)->title, pr_words_kind (pr_plan_get_phone (plan)));
    case PR_WAY_ON_COACH:
        return g_strdup (_ ("Show the Buttons"));
    case PR_WAY_ON_GUIDE:
    default:
        return g_strdup (_ ("Show How"));
    }
}
