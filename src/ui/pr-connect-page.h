/* No phone is chosen yet: what to do, why none may be seen, and which there are where there are several.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-page.h"

#define PR_TYPE_CONNECT_PAGE (pr_connect_page_get_type ())
G_DECLARE_FINAL_TYPE (PrConnectPage, pr_connect_page, PR, CONNECT_PAGE, PrPage)

PrPage *pr_connect_page_new (PrPlan *plan, PrPhoneList *phones);
