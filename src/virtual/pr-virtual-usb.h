/* The phone's side of the USB cable: a test bed of umockdev with one bus, on which the phone appears as Linux would
 * show it. In recovery and DFU mode programs open its node and speak to the boot loader, below the real libusb; in
 * normal and restore mode it is there to be seen (what is said then goes over usbmuxd's socket).
 *
 * The process must have been started under umockdev's preload. Functions here are for the main thread; requests of
 * clients are answered in threads of umockdev's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-phone.h"

typedef struct _PrVirtualUsb PrVirtualUsb;

/* A bus with nothing on it but its root hub. NULL and @error: umockdev does not let us. */
PrVirtualUsb *pr_virtual_usb_new (PrVirtualPhone *phone, GError **error);
const char *pr_virtual_usb_folder (PrVirtualUsb *self);         /* what clients need as UMOCKDEV_DIR */
const char *pr_virtual_usb_testbed_serial (PrVirtualUsb *self); /* of the root hub: no real bus has it */

/* The phone comes in @mode, with a new device number; or leaves. Both are told to everybody who watches udev. */
void pr_virtual_usb_plug (PrVirtualUsb *self, PrVirtualMode mode);
void pr_virtual_usb_unplug (PrVirtualUsb *self);
void pr_virtual_usb_free (PrVirtualUsb *self);
