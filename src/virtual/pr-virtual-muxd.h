/* usbmuxd's socket, FOLDER/usbmuxd: which phone is there, tunnels to its ports, pair records.
 *
 * Each client has a thread, which blocks; an unplug shuts the sockets of all tunnels down. Made and freed on the main
 * thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-services.h"

typedef struct _PrVirtualMuxd PrVirtualMuxd;

PrVirtualMuxd *pr_virtual_muxd_new (PrVirtualPhone *phone, PrVirtualPairing *pairing, PrVirtualServices *services);
/* Without a start there is no socket, as on a computer without usbmuxd. */
gboolean pr_virtual_muxd_start (PrVirtualMuxd *self, GError **error);
/* Hangs up on every client, and waits until every thread has ended. */
void pr_virtual_muxd_stop (PrVirtualMuxd *self);
void pr_virtual_muxd_free (PrVirtualMuxd *self); /* after pr_virtual_phone_end() */
