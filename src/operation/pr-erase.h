/* Erases a phone through its own running system, and watches it until it has come back without anything on it.
 *
 * Destructive: it takes a confirmation with the action "erase" (guard rail 1), and sends one request, never a second
 * one (guard rail 3). Nothing can be stopped once that is sent. Activation Lock is not touched by it: with @hand_over
 * a phone whose Find My is on is not erased at all (guard rail 4); whether "unknown" is enough, the plan has asked.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-confirmation.h"
#include "pr-operation.h"
#include "pr-verdict.h"

#define PR_TYPE_ERASE (pr_erase_get_type ())
G_DECLARE_FINAL_TYPE (PrErase, pr_erase, PR, ERASE, PrOperation)

/* Does a phone with that system know the request? @version: (nullable). Any thread. */
gboolean pr_erase_is_known_to (const char *version);

/**
 * pr_erase_new:
 * @hand_over: somebody else gets the phone
 * @keep_plan: its eSIM stays
 * @confirmation: (nullable)
 */
PrOperation *pr_erase_new (PrPhone *phone, gboolean hand_over, gboolean keep_plan, PrConfirmation *confirmation);

gboolean pr_erase_get_hand_over (PrErase *self);
gboolean pr_erase_get_keep_plan (PrErase *self);
/* What was seen of the phone when it was back. Main thread, once the operation has succeeded. */
const PrVerdict *pr_erase_get_verdict (PrErase *self);
