/* The apps that its owner installed: [apps] of the scenario.
 *
 * Any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <plist/plist.h>

#include "pr-virtual-phone.h"

/* (transfer full): as a backup's Manifest.plist lists them. */
plist_t pr_virtual_apps_describe (PrVirtualPhone *phone);
