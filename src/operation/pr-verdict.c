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
