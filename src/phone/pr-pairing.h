/* A pair record being made: the keys and certificates by which a phone knows this computer.
 *
 * Making one takes some tenths of a second (two RSA keys), so it is made once and offered as often as it takes the
 * person to answer. Not for the main thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-plist.h"

typedef struct _PrPairing PrPairing;

/**
 * pr_pairing_new:
 * @phone_key: the phone's DevicePublicKey, PEM
 * @buid: what usbmuxd calls this computer, SystemBUID
 *
 * Errors: PR_ERROR_BAD_ANSWER when @phone_key is none.
 */
PrPairing *pr_pairing_new (GBytes *phone_key, const char *buid, GError **error);
void pr_pairing_free (PrPairing *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrPairing, pr_pairing_free)

/* Returns: (transfer full): what the phone is given: the public part. */
plist_t pr_pairing_get_offer (PrPairing *self);

/**
 * pr_pairing_finish:
 * @escrow_bag: (nullable): the phone's EscrowBag, without which a backup cannot start while it is locked
 * @wifi_address: (nullable): its WiFiAddress
 *
 * Returns: the whole record, as usbmuxd keeps it
 */
GBytes *pr_pairing_finish (PrPairing *self, GBytes *escrow_bag, const char *wifi_address);
