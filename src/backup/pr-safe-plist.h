/* Property lists from a phone, with a limit on what they become in memory.
 *
 * Objects of a binary list may be referred to many times, and each reference becomes a copy: a few hundred bytes can
 * ask for any amount of memory. So what would become of it is added up first. Pure; any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <plist/plist.h>

/**
 * pr_safe_plist_parse:
 *
 * Returns: (transfer full) (nullable): %NULL also when it would take more than about 40 MiB
 */
plist_t pr_safe_plist_parse (const guint8 *data, gsize length);
