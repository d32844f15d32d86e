/* Listens to usbmuxd: which phones it sees, and whether it is there at all.
 *
 * Speaks the protocol itself, on the main loop: libusbmuxd's own waiting for a daemon that is not there looks only into
 * its built-in folder, and its events come from a thread. Connects again once a second while there is no daemon.
 * Main thread only.
 *
 * Signals: "attached" (guint device, const char *udid), for phones on a cable; "detached" (guint device);
 * "paired" (guint device), when some client of usbmuxd finished pairing. Property: "daemon" (PrAnswer), notified before
 * the phones of a daemon that came, and after it went; then no "detached" is sent.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-phone.h"

#define PR_TYPE_MUX_WATCH (pr_mux_watch_get_type ())
G_DECLARE_FINAL_TYPE (PrMuxWatch, pr_mux_watch, PR, MUX_WATCH, GObject)

PrMuxWatch *pr_mux_watch_new (void);
void pr_mux_watch_start (PrMuxWatch *self);
/* No signal comes after this; the owner calls it before it lets go. */
void pr_mux_watch_stop (PrMuxWatch *self);
PrAnswer pr_mux_watch_get_daemon (PrMuxWatch *self);
