/* The phones now connected: a GListModel of PrPhone, and the sole subscriber to device events.
 *
 * Joins what usbmuxd and phone-reset-usb report into one PrPhone by ECID, reads what an arrived phone tells (in a
 * thread of its own, each read with a limit) and remembers a phone that left, so that the same ECID resumes with what
 * is known of it. A phone that an operation works on stays in the list while it is away. Main thread only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-link-watch.h"
#include "pr-phone.h"
#include "pr-usb-watch.h"

#define PR_TYPE_PHONE_LIST (pr_phone_list_get_type ())
G_DECLARE_FINAL_TYPE (PrPhoneList, pr_phone_list, PR, PHONE_LIST, GObject)

/**
 * pr_phone_list_new:
 * @usb: (nullable): the watch on the bus
 * @first_ecid: phones below this are not listed (0: all)
 * @last_ecid: nor above this (G_MAXUINT64: all)
 *
 * The range keeps a demonstration away from real phones. Starts listening at once.
 */
PrPhoneList *pr_phone_list_new (PrUsbWatch *usb, guint64 first_ecid, guint64 last_ecid);

PrUsbWatch *pr_phone_list_get_usb (PrPhoneList *self);
PrLinkWatch *pr_phone_list_get_link (PrPhoneList *self); /* what cable and port do */

/* Property "daemon": does usbmuxd answer? Kept current (it is looked for once a second while it does not). */
PrAnswer pr_phone_list_get_daemon (PrPhoneList *self);

/* Returns: (transfer none) (nullable): the phone, also one that is gone but remembered. */
PrPhone *pr_phone_list_find (PrPhoneList *self, guint64 ecid);

/* Returns: (transfer full): the phone; where it was never seen, one that is gone and becomes that phone when it comes.
 */
PrPhone *pr_phone_list_expect (PrPhoneList *self, guint64 ecid);

/* Asks the phone's values anew, and for trust where it was not given yet ("Try Again"). */
void pr_phone_list_refresh (PrPhoneList *self, PrPhone *phone);
/* Puts the question for trust on the phone's screen and follows the answer in the phone's "trust". */
void pr_phone_list_ask_for_trust (PrPhoneList *self, PrPhone *phone);
