/* What can be said of a phone that was erased: may it be handed over?
 *
 * Pure: from what was read to a verdict, for any thread. Unknown is never good, and what decides must be known: that
 * Find My was off before, and that Activation Lock is off after. What no computer sees (enrolment that shows at
 * activation alone, a blocked number, an unpaid contract) is no part of it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-phone.h"

typedef enum {
    PR_VERDICT_SAME_PHONE,      /* the one that was confirmed came back, by its ECID */
    PR_VERDICT_EMPTY,           /* it does not know this computer any more */
    PR_VERDICT_FIND_MY,         /* was off right before */
    PR_VERDICT_ACTIVATION_LOCK, /* is off after */
    PR_VERDICT_ACTIVATION,      /* nobody has activated it since */
    PR_VERDICT_SETUP,           /* nobody has set it up since */
    PR_VERDICT_MANAGEMENT,      /* no organisation managed it before */
} PrVerdictSign;

#define PR_N_VERDICT_SIGNS (PR_VERDICT_MANAGEMENT + 1)

/* One answer a sign: YES is good, NO is bad, UNKNOWN was not told. */
typedef struct {
    PrAnswer good[PR_N_VERDICT_SIGNS];
    PrAnswer ready; /* to be handed over */
} PrVerdict;

/**
 * pr_verdict_judge:
 * @signs: their "good" is read
 *
 * Returns: the same with "ready": NO as soon as one sign is bad, YES only if all that decide are good
 */
PrVerdict pr_verdict_judge (PrVerdict signs);

/* What was read for it, in technical English, for details and data. Any thread. */
const char *pr_verdict_get_evidence (PrVerdictSign sign);

/* The answer to the opposite question. */
PrAnswer pr_verdict_invert (PrAnswer answer);
