/* One USB device node (/dev/bus/usb/001/004) of the virtual phone, from plug to unplug: Linux's usbfs as libusb speaks
 * it, URB by URB, and behind it the boot loader.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <umockdev.h>

#include "pr-virtual-phone.h"

typedef struct _PrVirtualUsbNode PrVirtualUsbNode;

/* Starts to answer at @node ("/dev/bus/usb/001/004") of @testbed. */
PrVirtualUsbNode *pr_virtual_usb_node_new (PrVirtualPhone *phone,
                                           PrVirtualMode mode,
                                           UMockdevTestbed *testbed,
                                           const char *node);

/* Has any program opened it yet? */
gboolean pr_virtual_usb_node_opened (PrVirtualUsbNode *self);

/* It left the bus: from now on every request is answered with ENODEV. Gives up the caller's reference; who still has it
 * open keeps it alive. */
void pr_virtual_usb_node_leave (PrVirtualUsbNode *self);
