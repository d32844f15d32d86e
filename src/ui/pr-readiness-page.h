/* Is it safe to start? One row a check, grouped by what it asks of the person.
 *
 * Signal: "back-up": the phone is to be backed up first.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-page.h"

#define PR_TYPE_READINESS_PAGE (pr_readiness_page_get_type ())
G_DECLARE_FINAL_TYPE (PrReadinessPage, pr_readiness_page, PR, READINESS_PAGE, PrPage)

PrPage *pr_readiness_page_new (PrPlan *plan);
