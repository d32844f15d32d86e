/* What com.apple.mobile.MCInstall of a phone in normal mode is asked: whose it is, its profiles, and to erase itself.
 * Its requests are those of go-ios and pymobiledevice3; libimobiledevice has none of them.
 *
 * Blocking, with the limits of pr-lockdown.h, and in a session; one thread at a time, never the main one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-lockdown.h"
#include "pr-plist.h"
#include "pr-profile.h"

/* (transfer full) (nullable): a dictionary; NULL where the phone is too old or does not tell, which is "unknown". */
plist_t pr_management_read_configuration (PrLockdown *lockdown, GCancellable *cancellable);

/**
 * pr_management_erase:
 * @keep_plan: keeps the eSIM; of a phone that is not told it would go
 *
 * Sends one request. The phone agrees before it begins, and the connection may end instead of an answer: success means
 * that the request was sent and not refused, and what comes of it, its leaving tells.
 *
 * Errors: PR_ERROR_ERASE_REFUSED with the phone's own words; before the request those of the link.
 */
gboolean pr_management_erase (PrLockdown *lockdown, gboolean keep_plan, GCancellable *cancellable, GError **error);

/**
 * pr_management_list_profiles:
 *
 * As the phone orders them, each once. What is no profile is left out; what it does not tell of one is unknown.
 *
 * Returns: (transfer full) (element-type PrProfile): an array that owns them. Errors: PR_ERROR_BAD_ANSWER, also for
 * more than a phone can have; those of the link
 */
GPtrArray *pr_management_list_profiles (PrLockdown *lockdown, GCancellable *cancellable, GError **error);

/**
 * pr_management_remove_profile:
 * @profile: which pr_profile_may_go() says may
 *
 * Sends one request, which names just this profile, with its UUID, as idb and pymobiledevice3 do. The connection may
 * end instead of an answer: success means that it was sent and not refused, and what came of it the list tells.
 *
 * Errors: PR_ERROR_LOCKED, PR_ERROR_PROFILE_KEPT with the phone's own words; before the request those of the link.
 */
gboolean pr_management_remove_profile (PrLockdown *lockdown,
                                       const PrProfile *profile,
                                       GCancellable *cancellable,
                                       GError **error);
