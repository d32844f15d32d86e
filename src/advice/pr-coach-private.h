/* Between the sequences and the machine that leads through them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-coach.h"

/* Are a side and a volume button held together, which can start an emergency call? */
gboolean pr_coach_step_may_call (const PrCoachStep *step);

/* N_() (nullable): what went wrong when the phone came up in @mode, or the person saw @sign, instead of what was wanted
 */
const char *pr_coach_find_fault_of_mode (PrCoachTask task, PrPhoneMode mode);
const char *pr_coach_find_fault_of_sign (PrCoachTask task, PrSign sign);
/* N_(): what is said at the end, and before the beginning */
const char *pr_coach_find_done_text (PrCoachTask task);
const char *pr_coach_find_ready_text (PrCoachTask task, gboolean needs_cable);
/* of 1 << PrSign */
guint pr_coach_find_signs (PrCoachTask task);
