/* What Readiness says of one check. Main thread only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-plan.h"

typedef struct {
    char *title;
    char *text;               /* (nullable): why, and what to do */
    char *value;              /* (nullable): what was found, for a check that is good */
    char *consent;            /* (nullable): the sentence that the person ticks */
    char *waits;              /* what Continue waits for */
    char *guide;              /* (nullable): id of the guide that mends it */
    gboolean asks_password;   /* typing the backup password is what mends it */
    gboolean offers_backup;   /* backing up is */
    gboolean offers_download; /* of a system version, above it */
} PrCheckWords;

PrCheckWords *pr_check_words_new (PrCheck *check, PrPlan *plan);
void pr_check_words_free (PrCheckWords *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrCheckWords, pr_check_words_free)
