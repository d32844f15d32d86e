/* Info.plist, which the computer writes into a backup: what phone it is of, and its apps. Blocking; one thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-lockdown.h"

/* (transfer full): its text; @lockdown is in a session. */
GBytes *pr_backup_info_create (PrLockdown *lockdown, const char *udid, GCancellable *cancellable, GError **error);
