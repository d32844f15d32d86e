/* A person's word for one destructive step that has no confirm page of its own: a box that is ticked, and what tells
 * the phone from others, typed. The dialogs for a phone's last backup and for a profile have it; it makes their
 * PrConfirmation (guard rail 1).
 *
 * Property: "question" (what is ticked). Signal: "changed". Main thread only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-confirmation.h"

#include <adwaita.h>

#define PR_TYPE_AGREEMENT (pr_agreement_get_type ())
G_DECLARE_FINAL_TYPE (PrAgreement, pr_agreement, PR, AGREEMENT, AdwBin)

/* @expected: what has to be typed. @request: what asks for it, "Type the name: Anna’s iPhone" */
void pr_agreement_ask (PrAgreement *self, const char *expected, const char *request);
/* Is it ticked, and is the right thing typed? */
gboolean pr_agreement_is_given (PrAgreement *self);
/* (transfer full) (nullable): NULL where it is not given. The arguments are those of pr_confirmation_new(). */
PrConfirmation *pr_agreement_confirm (PrAgreement *self, guint64 ecid, const char *action, const char *file);
