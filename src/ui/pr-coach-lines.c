// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-coach-lines.h"

#include "pr-coach-names.h"

#include <glib/gi18n.h>

PrCoachState
pr_coach_lines_state (PrCoach *coach)
{
    return coach ? pr_coach_get_state (coach) : PR_COACH_READY;
}

char *
pr_coach_lines_headline (PrCoach *coach, PrCoachChoice *choice)
{
    switch (pr_coach_lines_state (coach)) {
    case PR_COACH_COUNTING_IN:
        return g_strdup (_ ("Get Ready"));
    case PR_COACH_MOVING:
        return pr_coach_names_step (&pr_coach_get_sequence (coach)->steps[pr_coach_get_step (coach)],
                                    pr_coach_choice_get_family (choice));
    case PR_COACH_PAUSED:
        return g_strdup (_ ("Paused"));
    case PR_COACH_ASKING:
        return g_strdup (_ ("What Do You See?"));
    case PR_COACH_CORRECTING:
        return g_strdup (_ ("Not Quite"));
    case PR_COACH_DONE:
        return g_strdup (_ ("It Worked"));
    case PR_COACH_READY:
    default:
        return g_strdup (pr_coach_names_task (pr_coach_choice_get_task (choice)));
    }
}

const char *
pr_coach_lines_text (PrCoach *coach)
{
    if (!coach)
        return _ ("No way by its buttons is known for this phone. Help tells what else there is.");
    return _ (pr_coach_get_text (coach));
}

char *
pr_coach_lines_tries (PrCoach *coach)
{
    guint tries = coach ? pr_coach_get_tries (coach) : 0;

    if (tries == 0 || pr_coach_get_state (coach) == PR_COACH_DONE)
        return NULL;
    if (pr_coach_get_sequence (coach)->erases)
        return g_strdup_printf (_ ("Try %u. It often takes three."), tries);
    return tries > 1 ? g_strdup_printf (_ ("Try %u"), tries) : NULL;
}

/* The download comes before the buttons. */
const char *
pr_coach_lines_other_way (PrCoach *coach)
{
    const char *other_way = coach ? pr_coach_get_sequence (coach)->other_way : NULL;
    gboolean ready = coach && pr_coach_get_state (coach) == PR_COACH_READY;

    if (ready && pr_coach_get_sequence (coach)->needs_cable)
        return _ ("Have the system file on this computer first: a phone does not stay in recovery mode for the time of "
                  "a download.");
    if (!other_way || (!ready && !pr_coach_offers_other_way (coach)))
        return NULL;
    return _ (other_way);
}

const char *
pr_coach_lines_first (PrCoach *coach, gboolean leads_on)
{
    if (!coach)
        return NULL;
    switch (pr_coach_get_state (coach)) {
    case PR_COACH_READY:
        return _ ("Start");
    case PR_COACH_PAUSED:
        return _ ("Start Over");
    case PR_COACH_CORRECTING:
        return _ ("Try Again");
    case PR_COACH_DONE:
        return leads_on ? _ ("Go On") : _ ("Done");
    case PR_COACH_MOVING:
        if (pr_coach_get_wanted (coach) == PR_SIGN_NONE)
            return _ ("I Have Done It");
        return pr_coach_names_sign (pr_coach_get_wanted (coach));
    case PR_COACH_ASKING:
        return pr_coach_names_sign (pr_coach_get_wanted (coach));
    case PR_COACH_COUNTING_IN:
    default:
        return NULL;
    }
}

const char *
pr_coach_lines_notice (PrCoach *coach, PrCoachChoice *choice)
{
    PrCoachState state = pr_coach_lines_state (coach);

    if (state == PR_COACH_READY && !pr_coach_choice_may_begin (choice))
        return _ ("Waits until you agree that everything may be erased");
    if (pr_coach_choice_is_windows (choice) || state == PR_COACH_READY || state == PR_COACH_CORRECTING ||
        state == PR_COACH_DONE)
        return NULL;
    return _ ("This page notices by itself what the phone does");
}
