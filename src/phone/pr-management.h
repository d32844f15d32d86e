/* What com.apple.mobile.MCInstall of a phone in normal mode is asked: whose it is, and to erase itself. Its requests
 * are those of go-ios and pymobiledevice3; libimobiledevice has none of them.
 *
 * Blocking, with the limits of pr-lockdown.h, and in a session; one thread at a time, never the main one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-lockdown.h"
#include "pr-plist.h"

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
