/* Sends a phone to recovery mode, or brings it out of it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-operation.h"
#include "pr-usb-watch.h"

#define PR_TYPE_ENTER_RECOVERY (pr_enter_recovery_get_type ())
G_DECLARE_FINAL_TYPE (PrEnterRecovery, pr_enter_recovery, PR, ENTER_RECOVERY, PrOperation)

#define PR_TYPE_LEAVE_RECOVERY (pr_leave_recovery_get_type ())
G_DECLARE_FINAL_TYPE (PrLeaveRecovery, pr_leave_recovery, PR, LEAVE_RECOVERY, PrOperation)

PrOperation *pr_enter_recovery_new (PrPhone *phone);
PrOperation *pr_leave_recovery_new (PrPhone *phone, PrUsbWatch *usb);

/* The two halves of leaving, for operations that end by bringing the phone out of recovery mode. Blocking, in run().
 * ask: until it has left the bus; errors of pr_usb_watch_call(), PR_ERROR_NO_RESTART when it stays.
 * await: until it has started; PR_ERROR_BACK_IN_RECOVERY when it comes back there within three minutes, which means
 * that its system is incomplete; PR_ERROR_NO_RESTART when it does not show up. */
gboolean pr_leave_recovery_ask (PrOperation *operation, PrUsbWatch *usb, GCancellable *cancellable, GError **error);
gboolean pr_leave_recovery_await (PrOperation *operation, GCancellable *cancellable, GError **error);
