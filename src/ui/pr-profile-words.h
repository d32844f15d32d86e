/* What the window says of configuration profiles. Main thread only; texts are translated.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-profile.h"

/* (transfer full): whose it is, what for, and who can remove it where that is not the person: "Example Ltd · VPN" */
char *pr_profile_words_facts (const PrProfile *profile);
/* (transfer full): what goes when it goes. @apps: how many there are on the phone; -1: not known */
char *pr_profile_words_loss (const PrProfile *profile, int apps);
/* (transfer full): what has gone with it. @apps: how many; -1: not known */
char *pr_profile_words_gone (int apps);
/**
 * pr_profile_words_owner:
 * @profiles: of PrProfile
 * @managed: (out): does anybody?
 *
 * Returns: (transfer full): who manages @phone, as far as can be told
 */
char *pr_profile_words_owner (PrPhone *phone, GPtrArray *profiles, PrAnswer *managed);
