/* A signing server on the loopback for idevicerestore (-s): it forwards to Apple's over a checked connection, which the
 * tool itself does not check; it lets pass only what asks for the identity that was chosen; in an update it withholds
 * the ticket until somebody says that the tool keeps data (guard rail 2); and it keeps the server's reason for a no.
 *
 * Any thread. It has a thread of its own, and ends with pr_signing_relay_free(), within a second.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-signing-request.h"
#include "pr-web.h"

typedef struct _PrSigningRelay PrSigningRelay;

/**
 * pr_signing_relay_new:
 * @server: PR_SIGNING_SERVER; beginning with https:
 * @withhold: no ticket before pr_signing_relay_allow()
 *
 * Errors: G_IO_ERRORs: no port to be had
 */
PrSigningRelay *pr_signing_relay_new (PrWeb *web,
                                      const char *server,
                                      const PrSigningWanted *wanted,
                                      gboolean withhold,
                                      GError **error);
const char *pr_signing_relay_get_address (PrSigningRelay *self); /* "http://127.0.0.1:PORT" */

/* Called in the relay's thread with why a request gets no ticket, %NULL where it does, before the tool hears of it. */
typedef void (*PrSigningRelayFunc) (const GError *failure, gpointer data);
/* To be set before anybody knows the address. */
void pr_signing_relay_set_func (PrSigningRelay *self, PrSigningRelayFunc func, gpointer data);

/* The tool has said what it will do: right, or not. The first word counts; a refusal is for good. A request waits for
 * it 30 s. */
void pr_signing_relay_allow (PrSigningRelay *self);
void pr_signing_relay_refuse (PrSigningRelay *self);

/* (transfer full) (nullable): why the last request got no ticket: PR_ERROR_SIGNING_REFUSED (with the server's own
 * status and words), _NO_SIGNING, _UNTRUSTED_SERVER, _SIGN_IN_FIRST, _WOULD_ERASE, _WRONG_PHONE, _BAD_ANSWER */
GError *pr_signing_relay_dup_failure (PrSigningRelay *self);
guint pr_signing_relay_get_n_tickets (PrSigningRelay *self); /* that were given out */

void pr_signing_relay_free (PrSigningRelay *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrSigningRelay, pr_signing_relay_free)
