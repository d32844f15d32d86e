/* Windows Phones on the bus: told by their USB ids, and named as they name themselves. Nothing else of them can be
 * known from here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-usb-phone.h"

/**
 * pr_usb_windows_read:
 * @name: a name below /sys/bus/usb/devices
 *
 * Any thread. The name that a phone gives itself is hostile: it is believed only where it is short and says what it has
 * to say ("Nokia Lumia 920" is "Lumia 920" here).
 *
 * Returns: (transfer full) (nullable): what to call it; %NULL when that is no Windows Phone, or has just gone
 */
char *pr_usb_windows_read (const char *name);
