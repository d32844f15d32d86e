/* What lockdownd tells about the phone: values of [values] and [battery] in the scenario, as property lists of the
 * type that they look like, and those that follow from the phone's identity and state.
 *
 * Any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-phone.h"
#include "pr-virtual-wire.h"

/**
 * pr_virtual_values_get_domain:
 * @domain: (nullable): NULL is the root domain
 * @trusted: inside a session; outside one only what a stranger may know is there
 *
 * Returns: (transfer full) (nullable): a dict; NULL when the phone knows nothing of that domain
 */
plist_t pr_virtual_values_get_domain (PrVirtualPhone *phone, const char *domain, gboolean trusted);

/* (transfer full): everything in [@group] of the scenario that is no domain's; "battery" is what IORegistry tells. */
plist_t pr_virtual_values_get_group (PrVirtualPhone *phone, const char *group);

/* The values of a phone that was erased: not activated, not set up, nothing stored. */
void pr_virtual_values_erase (PrVirtualPhone *phone);
