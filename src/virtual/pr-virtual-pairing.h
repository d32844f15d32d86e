/* Trust, from the phone's side: its own key, the computers that it knows, and the question on its screen.
 *
 * Any thread (a mutex of its own; the certificates that it hands out are never changed).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-phone.h"
#include "pr-virtual-tls.h"

typedef struct _PrVirtualPairing PrVirtualPairing;

/* [phone] trust= of the scenario says what it knows already: "trusted" and "stale" make a pair record for this
 * computer, which a stale phone then does not know. */
PrVirtualPairing *pr_virtual_pairing_new (PrVirtualPhone *phone);
void pr_virtual_pairing_free (PrVirtualPairing *self);

/* (nullable): the record that this computer has from before, and this computer's name for itself. */
GBytes *pr_virtual_pairing_initial_record (PrVirtualPairing *self);
const char *pr_virtual_pairing_buid (PrVirtualPairing *self);

/* (transfer full): its public key as PEM, which the computer makes certificates of. */
GBytes *pr_virtual_pairing_public_key (PrVirtualPairing *self);

/**
 * pr_virtual_pairing_pair:
 * @record: what the computer made: HostID, SystemBUID and three certificates
 * @escrow_bag: (out) (transfer full): when it is paired
 *
 * Asks the phone's owner unless it is known already; as [phone] when-asked= and accept-after= say.
 *
 * Returns: NULL when paired, else lockdownd's name of the error
 */
const char *pr_virtual_pairing_pair (PrVirtualPairing *self, plist_t record, GBytes **escrow_bag);

gboolean pr_virtual_pairing_knows (PrVirtualPairing *self, const char *host_id);
gboolean pr_virtual_pairing_forget (PrVirtualPairing *self, const char *host_id);

/* TLS on @stream with the computer @host_id and no other. */
gboolean pr_virtual_pairing_accept (PrVirtualPairing *self, const char *host_id, PrVirtualStream *stream);

/* The owner's tap; before it is asked, it is the answer to the next question. */
void pr_virtual_pairing_tap (PrVirtualPairing *self, gboolean yes);

/* "trusted" (does it know any computer?) and "trust-question": "none", "shown", "refused". */
void pr_virtual_pairing_describe (PrVirtualPairing *self, JsonObject *state);
