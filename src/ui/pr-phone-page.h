/* One phone: what it is, what can be done with it, and how it stands.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-page.h"

#define PR_TYPE_PHONE_PAGE (pr_phone_page_get_type ())
G_DECLARE_FINAL_TYPE (PrPhonePage, pr_phone_page, PR, PHONE_PAGE, PrPage)

/* Signal besides PrPage's: "fix", the person wants to see what helps with a problem. */
PrPage *pr_phone_page_new (PrPlan *plan, PrPhoneList *phones);
