/* One guide as a page of the Help dialog.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "pr-guide.h"

#define PR_TYPE_HELP_PAGE (pr_help_page_get_type ())
G_DECLARE_FINAL_TYPE (PrHelpPage, pr_help_page, PR, HELP_PAGE, AdwNavigationPage)

AdwNavigationPage *pr_help_page_new (PrGuide *guide);
