// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-verdict.h"

static const PrVerdictSign deciding[] = { PR_VERDICT_SAME_PHONE, PR_VERDICT_EMPTY, PR_VERDICT_FIND_MY,
                                          PR_VERDICT_ACTIVATION_LOCK };

PrVerdict
pr_verdict_judge (PrVerdict signs)
{
    signs.ready = PR_ANSWER_YES;
    for (gsize i = 0; i < G_N_ELEMENTS (deciding); i++)
        if (signs.good[deciding[i]] != PR_ANSWER_YES)
            signs.ready = PR_ANSWER_UNKNOWN;
    for (PrVerdictSign sign = 0; sign < PR_N_VERDICT_SIGNS; sign++)
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
pr_verdict_get_evidence (PrVerdictSign sign)
{
    static const char *const evidence[PR_N_VERDICT_SIGNS] = {
        [PR_VERDICT_SAME_PHONE] = "UniqueChipID is the one that was confirmed",
        [PR_VERDICT_EMPTY] = "it knows this computer no more",
        [PR_VERDICT_FIND_MY] = "Find My was off before (IsAssociated)",
        [PR_VERDICT_ACTIVATION_LOCK] = "Activation Lock is off (fm-activation-locked)",
        [PR_VERDICT_ACTIVATION] = "it is not activated (ActivationState)",
        [PR_VERDICT_SETUP] = "it is not set up (SetupDone)",
        [PR_VERDICT_MANAGEMENT] = "nobody managed it before (IsSupervised)",
    };

    return evidence[sign];
}
