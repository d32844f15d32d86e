/* The signing server, on a port of the loopback: answers as Apple's does (POST /TSS/controller?action=2), with a ticket
 * for whatever it is asked, as long as the request names a phone, a nonce and something to start. It shares nothing
 * with the phone but the key that it signs with (pr-virtual-ticket.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-phone.h"

typedef struct _PrVirtualServer PrVirtualServer;

/* Main thread; each connection gets a thread. NULL and @error: no port to be had. */
PrVirtualServer *pr_virtual_server_new (PrVirtualPhone *phone, GError **error);
const char *pr_virtual_server_address (PrVirtualServer *self); /* http://127.0.0.1:PORT */
void pr_virtual_server_free (PrVirtualServer *self);           /* after pr_virtual_phone_end() */

/* (transfer full): what it answers to a request; for the same server behind TLS. Blocks as long as the fault
 * slow-ticket says; any thread. */
char *pr_virtual_server_answer (PrVirtualPhone *phone, const char *body, gsize size);
