/* What connects one PrPhone to this computer now: usbmuxd's side, the bus's side, and who talks to it.
 *
 * Holds the rules by which the two sides make one mode. A part of PrPhoneList; main thread only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-phone.h"
#include "pr-usb-watch.h"

typedef struct _PrContact PrContact;

/* Called after anything changed that the list must know: mode, or an ECID that was learnt. */
typedef void (*PrContactFunc) (PrContact *self, gpointer data);

PrContact *pr_contact_new (PrContactFunc changed, gpointer data);
void pr_contact_free (PrContact *self);

PrPhone *pr_contact_get_phone (PrContact *self);
guint pr_contact_get_device (PrContact *self); /* usbmuxd's number; 0: usbmuxd does not see it */
gboolean pr_contact_has_port (PrContact *self, const char *port);
/* Does anybody see it now? */
gboolean pr_contact_is_present (PrContact *self);
/* Has it neither ECID nor UDID? */
gboolean pr_contact_is_anonymous (PrContact *self);

/* What usbmuxd says. */
void pr_contact_attach (PrContact *self, guint device, const char *udid);
void pr_contact_detach (PrContact *self);
/* usbmuxd itself has gone, which says nothing about the phone. */
void pr_contact_lose_daemon (PrContact *self);

/* What the bus says. */
void pr_contact_see (PrContact *self, const PrUsbDevice *device, guint64 ecid, const char *udid);
void pr_contact_unsee (PrContact *self);

/* Reads its values anew, if it is in normal mode; what comes of a reading that is under way is read again too. */
void pr_contact_read (PrContact *self);
void pr_contact_ask_for_trust (PrContact *self);
