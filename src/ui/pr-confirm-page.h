/* Does the person really want it? Which phone, what will be lost, what stays. The only place that makes a
 * PrConfirmation (guard rail 1).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-page.h"

#define PR_TYPE_CONFIRM_PAGE (pr_confirm_page_get_type ())
G_DECLARE_FINAL_TYPE (PrConfirmPage, pr_confirm_page, PR, CONFIRM_PAGE, PrPage)

PrPage *pr_confirm_page_new (PrPlan *plan);
