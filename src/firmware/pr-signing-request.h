/* What is asked of Apple's signing server, held against what should be asked: a request for another phone, or for parts
 * that keep no data, is found before it is signed (guard rail 2).
 *
 * Pure; any thread. Source of the format: libtatsu (tss.c) and idevicerestore, which write it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

typedef struct {
    guint64 ecid;
    GHashTable *digests; /* as pr_ipsw_get_digests() returns it */
} PrSigningWanted;

/**
 * pr_signing_request_check:
 * @body: the request, an XML property list
 *
 * Every part whose digest it names must be in the identity that was chosen, with that digest. Requests that are not for
 * the phone's own ticket (of the modem and other chips, late in the work) name no such parts, and pass.
 *
 * Errors: PR_ERROR_WRONG_PHONE, PR_ERROR_WOULD_ERASE (other parts than those chosen), PR_ERROR_BAD_ANSWER (no request)
 */
gboolean pr_signing_request_check (GBytes *body, const PrSigningWanted *wanted, GError **error);
