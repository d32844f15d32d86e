/* The button of the main menu, for the header bars of the pages where people are not in the middle of something.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#define PR_TYPE_MAIN_MENU (pr_main_menu_get_type ())
G_DECLARE_FINAL_TYPE (PrMainMenu, pr_main_menu, PR, MAIN_MENU, AdwBin)
