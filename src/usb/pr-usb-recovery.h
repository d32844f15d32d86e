/* Talking to iBoot, the boot loader that runs in recovery mode, by libirecovery.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-usb-phone.h"

typedef enum {
    PR_USB_DONE,
    PR_USB_NO_ACCESS,
    PR_USB_BUSY, /* another program has its interface */
    PR_USB_GONE,
    PR_USB_TIMEOUT,
    PR_USB_PROTOCOL,
} PrUsbResult;

/**
 * pr_usb_recovery_leave:
 * @phone: whom, as it was found on the bus
 * @message: (out): on failure, what happened, in technical English
 *
 * Lets the phone start its system again: sets auto-boot, saves that, restarts. Blocking, any thread but the main one,
 * one at a time. It gives up after 10 s, but the system can keep one call of it for longer.
 *
 * Returns: %PR_USB_DONE when the phone has left the bus. Where it comes back, and how, is seen there.
 */
PrUsbResult pr_usb_recovery_leave (const PrUsbPhone *phone, char **message);
const char *pr_usb_result_to_string (PrUsbResult result);
