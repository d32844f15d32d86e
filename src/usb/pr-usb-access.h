/* May a phone be opened in recovery mode from here, by this user?
 *
 * In recovery and DFU mode its device node tells. In normal mode that is foretold from udev's rules: a computer without
 * them has to be mended before the phone is sent to recovery mode, not after. Any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-usb-phone.h"

/**
 * pr_usb_access_foretell:
 * @rules_dirs: (nullable): where rules are, first wins; %NULL for udev's own folders
 *
 * Returns: GOOD when this is root, or a rule gives a person at this computer both recovery (1281) and DFU (1227);
 * REFUSED when there are rules, and none does; UNKNOWN when there are no rules to be read (a sandbox)
 */
PrUsbAccess pr_usb_access_foretell (const char *const *rules_dirs);

/* The same from @phone's device node as it is now; only recovery, DFU and WTF mode. UNKNOWN when there is no node: it
 * is just leaving, or this is a sandbox that was not given it. */
PrUsbAccess pr_usb_access_test (const PrUsbPhone *phone);

/* Does one rule, a line without its line end, give access to that product? Its own keys about modes and groups count as
 * udev(7) says. @late: its file comes after 73-seat-late.rules, where the tag "uaccess" no longer has an effect. */
gboolean pr_usb_access_rule_gives (const char *rule, guint vendor, guint product, gboolean late);
const char *pr_usb_access_to_string (PrUsbAccess access);
