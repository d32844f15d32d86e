/* What the hand-over report says, line by line, on paper as in the window. Main thread only; texts are translated.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-check.h"
#include "pr-handover.h"

typedef struct {
    const char *section; /* NULL: the one before goes on */
    const char *title;
    char *value; /* owned */
    gboolean has_state;
    PrCheckState state;
} PrHandoverLine;

/* @masked: as in pr_handover_to_json(). (transfer full) (element-type PrHandoverLine) */
GPtrArray *pr_handover_words_lines (const PrHandover *handover, gboolean masked);

/* What it proves, and what it does not. */
const char *pr_handover_words_headline (const PrHandover *handover);
const char *pr_handover_words_limits (void);
const char *pr_handover_words_code (void);
/* For one's eyes: good, bad, not known. */
const char *pr_handover_words_state (PrCheckState state);
