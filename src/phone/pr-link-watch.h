/* Follows the link while the program runs: listens to the helper, to the phones and to the computer, and keeps the
 * history of what they did (pr-link.h).
 *
 * Signal: "changed", within 200 ms of an event (once for all that come together), and when time alone makes a finding
 * or ends one.
 *
 * Main thread only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-link.h"
#include "pr-usb-watch.h"

#define PR_TYPE_LINK_WATCH (pr_link_watch_get_type ())
G_DECLARE_FINAL_TYPE (PrLinkWatch, pr_link_watch, PR, LINK_WATCH, GObject)

/**
 * pr_link_watch_new:
 * @phones: of PrPhone; borrowed, it outlives this (a PrPhoneList has one: pr_phone_list_get_link())
 * @usb: (nullable)
 */
PrLinkWatch *pr_link_watch_new (GListModel *phones, PrUsbWatch *usb);
PrLinkHistory *pr_link_watch_get_history (PrLinkWatch *self); /* borrowed */
GArray *pr_link_watch_find (PrLinkWatch *self);               /* as pr_link_history_find(), for now */
/* The person says that the phone shows that it charges. */
void pr_link_watch_say_charges (PrLinkWatch *self);
