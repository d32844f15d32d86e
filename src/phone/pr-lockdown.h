/* A conversation with the phone's lockdownd (or, in restore mode, with restored, which answers at the same port).
 *
 * Blocking: every call has PR_WIRE_LIMIT. One thread at a time, never the main one. Errors of all calls: those of
 * pr-mux.h, and where the phone itself says no, the PrError for what it says (pr-error-codes.h). A session that is not
 * used for about ten seconds is ended by the phone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-pairing.h"
#include "pr-wire.h"

typedef struct _PrLockdown PrLockdown;

/**
 * pr_lockdown_open:
 *
 * Connects, and asks who is there.
 */
PrLockdown *pr_lockdown_open (const char *udid, GCancellable *cancellable, GError **error);
void pr_lockdown_close (PrLockdown *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrLockdown, pr_lockdown_close)

/* Is it restored that answers? Then nothing below works, and nothing may be tried. */
gboolean pr_lockdown_is_restored (PrLockdown *self);

/**
 * pr_lockdown_read:
 * @domain: (nullable): the root domain where %NULL
 * @key: (nullable): the whole domain, as a dictionary, where %NULL
 * @value: (out) (nullable): %NULL when the phone has no such value or does not tell it: that is "unknown"
 *
 * Returns: %FALSE with @error only if the phone did not answer at all
 */
gboolean pr_lockdown_read (PrLockdown *self,
                           const char *domain,
                           const char *key,
                           plist_t *value,
                           GCancellable *cancellable,
                           GError **error);

/**
 * pr_lockdown_start_session:
 *
 * With the pair record that usbmuxd keeps. What needs trust needs a session. Errors: also PR_ERROR_NOT_TRUSTED when
 * there is no record at all.
 */
gboolean pr_lockdown_start_session (PrLockdown *self, GCancellable *cancellable, GError **error);

/* In a session: starts a service of the phone and connects to it. */
PrWire *pr_lockdown_start_service (PrLockdown *self, const char *name, GCancellable *cancellable, GError **error);

/* The same for a service that reads what is protected by the passcode, also while the phone is locked: with the escrow
 * bag of the pair record, if that has one. */
PrWire *pr_lockdown_start_escrow_service (PrLockdown *self,
                                          const char *name,
                                          GCancellable *cancellable,
                                          GError **error);

/* Success means that it agreed; it leaves the bus a moment later. */
gboolean pr_lockdown_enter_recovery (PrLockdown *self, GCancellable *cancellable, GError **error);

/* Makes keys and certificates for this phone. */
PrPairing *pr_lockdown_prepare_pairing (PrLockdown *self, GCancellable *cancellable, GError **error);

/**
 * pr_lockdown_pair:
 *
 * Offers @pairing once and, if the phone takes it, lets usbmuxd keep the record. Errors: PR_ERROR_TRUST_PENDING while
 * the question is on its screen, PR_ERROR_LOCKED, PR_ERROR_NOT_TRUSTED when the person refused.
 */
gboolean pr_lockdown_pair (PrLockdown *self, PrPairing *pairing, GCancellable *cancellable, GError **error);
