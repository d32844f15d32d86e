/* Apple's signing server: a request is posted, and an answer comes that says no with a number, or yes with a ticket.
 *
 * Blocking; any thread but the main one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-web.h"

#define PR_SIGNING_SERVER "https://gs.apple.com"
#define PR_SIGNING_PATH "/TSS/controller"

/* What it says when it does not sign this system for this phone, at all or any more. Source: libtatsu, tss.c. */
#define PR_SIGNING_NOT_ELIGIBLE 94
#define PR_SIGNING_NOT_ELIGIBLE_EITHER 69

/**
 * pr_signing_server_ask:
 * @server: PR_SIGNING_SERVER, or another that begins with https:
 * @request: an XML property list
 *
 * Errors: PR_ERROR_NO_SIGNING, _UNTRUSTED_SERVER, _SIGN_IN_FIRST; G_IO_ERROR_CANCELLED
 */
GBytes *pr_signing_server_ask (PrWeb *web,
                               const char *server,
                               GBytes *request,
                               GCancellable *cancellable,
                               GError **error);

/* The number of an answer: 0 with a ticket, -1 when it is no answer of a signing server. */
int pr_signing_server_read_status (GBytes *answer);
/* Is there a ticket in it? Errors: PR_ERROR_SIGNING_REFUSED, with the server's own words; PR_ERROR_NO_SIGNING */
gboolean pr_signing_server_is_granted (GBytes *answer, GError **error);
