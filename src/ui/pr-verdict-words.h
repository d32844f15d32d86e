/* What Result says of a phone that was erased. Main thread only; texts are translated.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-check.h"
#include "pr-verdict.h"

const char *pr_verdict_words_title (PrVerdictSign sign);
/* (nullable): of a sign that is not worth a row as it stands */
const char *pr_verdict_words_value (PrVerdictSign sign, PrAnswer good);
PrCheckState pr_verdict_words_state (PrAnswer good);

/* Of the whole, for who hands the phone over. */
typedef struct {
    const char *drawing;
    const char *headline;
    const char *text;  /* N_(); "%s" is what the phone was called */
    const char *guide; /* (nullable): what to do about it */
} PrVerdictWords;

PrVerdictWords pr_verdict_words (const PrVerdict *verdict);
