/* Tickets: what the signing server allows one phone to start, once. A ticket names the phone (ECID), the moment (the
 * nonce of its boot loader) and the digests of what may be started, and is signed. Its shape is that of Apple's IM4M
 * (SEQUENCE of "IM4M", version, SET of properties, signature, certificates) with Ed25519 instead of Apple's RSA.
 *
 * The signing key is made from a fixed text: every virtual phone knows it by heart, as a real one has Apple's in ROM.
 * It protects nothing but the honesty of the tests.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

/* A ticket for @ecid and its nonces (not NULL) that trusts @digests, an array of GBytes. NULL: OpenSSL would not. */
GBytes *pr_virtual_ticket_new (guint64 ecid, GBytes *ap_nonce, GBytes *sep_nonce, GPtrArray *digests);

/* Is @ticket signed by that key, and for the phone @ecid with @ap_nonce? @error: G_IO_ERROR_PERMISSION_DENIED, or
 * _INVALID_DATA when it is no ticket at all. */
gboolean pr_virtual_ticket_check (GBytes *ticket, guint64 ecid, GBytes *ap_nonce, GError **error);

/* Does it trust something with this digest? Only said of a ticket that was checked. */
gboolean pr_virtual_ticket_trusts (GBytes *ticket, GBytes *digest);
