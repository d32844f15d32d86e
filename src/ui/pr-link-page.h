/* Cable and Port: what the link does, live, what was found, and what helps. It asks nothing of the plan.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-link-watch.h"
#include "pr-page.h"

#define PR_TYPE_LINK_PAGE (pr_link_page_get_type ())
G_DECLARE_FINAL_TYPE (PrLinkPage, pr_link_page, PR, LINK_PAGE, PrPage)

/* @plan: (nullable); @leads_on: whether one may go from here to the coach and to the advisor */
PrPage *pr_link_page_new (PrPlan *plan, PrLinkWatch *watch, gboolean leads_on);
