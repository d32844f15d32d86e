/* The services of iOS that lockdownd starts: each gets a port of its own, for one connection of the computer that
 * asked. To add one, write its function and a line in the table of pr-virtual-services.c.
 *
 * Any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-pairing.h"

/* Speaks with the computer until either has enough; blocking, in a thread of its own. */
typedef void (*PrVirtualServiceFunc) (PrVirtualPhone *phone, PrVirtualStream *stream);

typedef struct _PrVirtualServices PrVirtualServices;
typedef struct _PrVirtualTicket PrVirtualTicket; /* one connection to come */

PrVirtualServices *pr_virtual_services_new (PrVirtualPhone *phone, PrVirtualPairing *pairing);
void pr_virtual_services_free (PrVirtualServices *self);

/* Opens a port for @name. Returns: the port; 0 when there is no such service, or too many are open. */
guint16 pr_virtual_services_open (PrVirtualServices *self, const char *name, const char *host_id);

/* (transfer full) (nullable): what waits at @port, which is closed then; goes to pr_virtual_services_serve(). */
PrVirtualTicket *pr_virtual_services_take (PrVirtualServices *self, guint16 port);

/* Serves @ticket, and frees it. */
void pr_virtual_services_serve (PrVirtualServices *self, PrVirtualTicket *ticket, int fd);

/* Service functions, each in a file of its own. */
void pr_virtual_diagnostics_serve (PrVirtualPhone *phone, PrVirtualStream *stream);
void pr_virtual_management_serve (PrVirtualPhone *phone, PrVirtualStream *stream);
void pr_virtual_preboard_serve (PrVirtualPhone *phone, PrVirtualStream *stream);
void pr_virtual_backup_serve (PrVirtualPhone *phone, PrVirtualStream *stream);
void pr_virtual_notes_serve (PrVirtualPhone *phone, PrVirtualStream *stream);
void pr_virtual_afc_serve (PrVirtualPhone *phone, PrVirtualStream *stream);
void pr_virtual_apps_serve (PrVirtualPhone *phone, PrVirtualStream *stream);
void pr_virtual_icons_serve (PrVirtualPhone *phone, PrVirtualStream *stream);
