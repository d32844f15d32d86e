/* The configuration profiles on the phone: [profiles] of the scenario and their own groups. They are listed as go-ios,
 * idb and pymobiledevice3 read the list, and taken away as these ask for it; the numbers of refusals are assumed.
 *
 * Any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-phone.h"
#include "pr-virtual-wire.h"

/* (transfer full): the answer to GetProfileList. */
plist_t pr_virtual_profiles_list (PrVirtualPhone *phone);

/**
 * pr_virtual_profiles_remove:
 * @request: names one by its identifier, or by a property list with identifier and UUID
 * @code: (out): why it is refused; 0 where it was done
 *
 * What a management profile brought goes with it.
 */
void pr_virtual_profiles_remove (PrVirtualPhone *phone, plist_t request, guint64 *code);

/* They go with the data; those by which an organisation enrolled the phone are back when it is activated. */
void pr_virtual_profiles_erase (PrVirtualPhone *phone);
