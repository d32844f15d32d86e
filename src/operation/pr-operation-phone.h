/* What operations ask of their phone around the work itself: that it is the confirmed one, and that it comes back. But
 * for the first for an operation's run(), in its thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-confirmation.h"
#include "pr-operation.h"

/* For prepare(), in the main thread. Is the phone there in normal mode? Error: PR_ERROR_UNPLUGGED. */
gboolean pr_operation_check_normal (PrOperation *self, GError **error);

/**
 * pr_operation_check_confirmed:
 * @confirmation: (nullable)
 * @at: when it has to be good, as g_get_monotonic_time() counts
 * @file: (nullable)
 *
 * Guard rail 1: the phone is asked once more who it is, right before, and the confirmation must be for just this.
 *
 * Errors: PR_ERROR_WRONG_PHONE, PR_ERROR_NOT_CONFIRMED, those of trust and link.
 */
gboolean pr_operation_check_confirmed (PrOperation *self,
                                       PrConfirmation *confirmation,
                                       gint64 at,
                                       const char *action,
                                       const char *file,
                                       GCancellable *cancellable,
                                       GError **error);

/**
 * pr_operation_await_leaving:
 * @changes: pr_phone_peek_changes() before it was asked to go: it may be gone before the end of the conversation is
 *
 * Waits for the phone to leave the bus. Errors: @code.
 */
gboolean pr_operation_await_leaving (PrOperation *self,
                                     guint changes,
                                     double seconds,
                                     PrError code,
                                     GCancellable *cancellable,
                                     GError **error);

/**
 * pr_operation_await_return:
 * @notice: seconds past which the person is told that the cable may be out
 * @seconds: at most
 *
 * Waits for the phone to be on the bus in normal mode. Errors: @code.
 */
gboolean pr_operation_await_return (PrOperation *self,
                                    double notice,
                                    double seconds,
                                    PrError code,
                                    GCancellable *cancellable,
                                    GError **error);

/* Waits up to @seconds until it answers, which is later than it shows up. Errors: PR_ERROR_WRONG_PHONE, those of the
 * link. Needs no trust. */
gboolean pr_operation_await_answer (PrOperation *self, double seconds, GCancellable *cancellable, GError **error);
