/* What was found about the link, in words. Main thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-link.h"

/* (transfer full): the headline of a finding, "The Cable Lost Contact 4 Times" */
char *pr_link_words_title (const PrFinding *finding);
/* What it means, translated. */
const char *pr_link_words_text (const PrFinding *finding);
/* (transfer full): the same of one that is looked back on, with the time that it took where that says something */
char *pr_link_words_story (const PrFinding *finding);
/* (transfer full): what a person ticks who goes on all the same; it names what they accept */
char *pr_link_words_consent (const PrFinding *finding);
/* (nullable): id of the guide that goes on from there */
const char *pr_link_words_guide (PrFindingKind kind);

typedef struct {
    const char *title, *text; /* N_() */
    const char *icon;
    const char *action; /* of the window, which leads on; NULL: there is none */
} PrTryWords;

const PrTryWords *pr_link_words_try (PrTry what);
