/* Whose phone it is, and the configuration profiles on it: which can be removed from here, and who can remove the
 * others. It is about a phone and answers no question of the plan.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-page.h"

#define PR_TYPE_PROFILES_PAGE (pr_profiles_page_get_type ())
G_DECLARE_FINAL_TYPE (PrProfilesPage, pr_profiles_page, PR, PROFILES_PAGE, PrPage)

/* @plan: has a phone */
PrPage *pr_profiles_page_new (PrPlan *plan);
