// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-verdict.h"

static const PrSign deciding[] = { PR_SIGN_SAME_PHONE, PR_SIGN_EMPTY, PR_SIGN_FIND_MY, PR_SIGN_ACTIVATION_LOCK };

PrVerdict
pr_verdict_judge (PrVerdict signs)
{
    signs.ready = PR_ANSWER_YES;
    for (gsize i = 0; i < G_N_ELEMENTS (deciding); i++)
        if (signs.good[deciding[i]] != PR_ANSWER_YES)
            signs.ready = PR_ANSWER_UNKNOWN;
    for (PrSign sign = 0; sign < PR_N_SIGNS; sign++)
        if (signs.good[sign] == PR_ANSWER_NO)
            signs.ready = PR_ANSWER_NO;
    return signs;
}

PrAnswer
pr_verdict_invert (PrAnswer answer)
{
    if (answer == PR_ANSWER_UNKNOWN)
        return answer;
    return answer == PR_ANSWER_YES ? PR_ANSWER_NO : PR_ANSWER_YES;
}

static const struct {
    const char *name, *evidence;
} signs_told[PR_N_SIGNS] = {
    [PR_SIGN_SAME_PHONE] = { "same-phone", "UniqueChipID is the one that was confirmed" },
    [PR_SIGN_EMPTY] = { "empty", "it knows this computer no more" },
    [PR_SIGN_FIND_MY] = { "find-my", "Find My was off before (IsAssociated)" },
    [PR_SIGN_ACTIVATION_LOCK] = { "activation-lock", "Activation Lock is off (fm-activation-locked)" },
    [PR_SIGN_ACTIVATION] = { "activation", "it is not activated (ActivationState)" },
    [PR_SIGN_SETUP] = { "setup", "it is not set up (SetupDone)" },
    [PR_SIGN_MANAGEMENT] = { "management", "nobody managed it before (IsSupervised)" },
};

const char *
pr_sign_get_name (PrSign sign)
{
    return signs_told[sign].name;
}

const char *
pr_sign_get_evidence (PrSign sign)
{
    return signs_told[sign].evidence;
}
