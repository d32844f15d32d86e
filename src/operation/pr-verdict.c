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

const char *
pr_sign_get_evidence (PrSign sign)
{
    static const char *const evidence[PR_N_SIGNS] = {
        [PR_SIGN_SAME_PHONE] = "UniqueChipID is the one that was confirmed",
        [PR_SIGN_EMPTY] = "it knows this computer no more",
        [PR_SIGN_FIND_MY] = "Find My was off before (IsAssociated)",
        [PR_SIGN_ACTIVATION_LOCK] = "Activation Lock is off (fm-activation-locked)",
        [PR_SIGN_ACTIVATION] = "it is not activated (ActivationState)",
        [PR_SIGN_SETUP] = "it is not set up (SetupDone)",
        [PR_SIGN_MANAGEMENT] = "nobody managed it before (IsSupervised)",
    };

    return evidence[sign];
}
