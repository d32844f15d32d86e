/* Does Apple's server sign this system for this phone today? Asked before anything is touched: nothing is asked of the
 * phone, whose one-time numbers ours stand for, and the ticket, which is of no use to anybody, is thrown away.
 *
 * Blocking; any thread but the main one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-ipsw.h"
#include "pr-web.h"

typedef struct {
    guint64 ecid;
    const char *board; /* "d27ap" */
    gboolean keep_data;
} PrSigningTrial;

/* The request, an XML property list: what idevicerestore asks for a phone with Image4 (A7 and later), with numbers made
 * up here. Source of the format: libtatsu, tss.c. Errors: those of pr_ipsw_dup_identity(); G_IO_ERROR_NOT_SUPPORTED: an
 * older phone. */
GBytes *pr_signing_trial_write (const PrSigningTrial *trial, PrIpsw *ipsw, GError **error);

/**
 * pr_signing_trial_run:
 * @server: as in pr_signing_server_ask()
 *
 * Errors: PR_ERROR_SIGNING_REFUSED: no. PR_ERROR_NO_SIGNING, _UNTRUSTED_SERVER, _SIGN_IN_FIRST: the server is not
 * reached. PR_ERROR_BAD_ANSWER: it said something else, from which nothing follows. Those of pr_signing_trial_write();
 * G_IO_ERROR_CANCELLED.
 *
 * Returns: whether it signs it
 */
gboolean pr_signing_trial_run (const PrSigningTrial *trial,
                               PrIpsw *ipsw,
                               PrWeb *web,
                               const char *server,
                               GCancellable *cancellable,
                               GError **error);
