/* For tests of what the app sees of a virtual phone: a computer with the phone plugged in. usbmuxd is the virtual
 * phone's, phone-reset-usb is the real program under the preload, and the list of phones is the app's.
 *
 * For the main thread of a test program whose PR_TEST_USB names phone-reset-usb.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-phone-list.h"
#include "pr-test.h"

#define DESK_ECID G_GUINT64_CONSTANT (0x001122334455667a)
#define DESK_UDID "00008110-001122334455667A"
#define DESK_FIRST G_GUINT64_CONSTANT (0x0011223344550000)
#define DESK_LAST G_GUINT64_CONSTANT (0x001122334455ffff)

typedef struct {
    PrTestPhone *virtual;
    PrUsbWatch *usb;
    PrPhoneList *list;
} Desk;

/* Takes @virtual, and lists the phones of the virtual range. */
Desk *desk_new (PrTestPhone *virtual);
void desk_free (Desk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Desk, desk_free)

/* phone-reset-usb, started in the test bed of @virtual. */
PrUsbWatch *desk_start_usb (PrTestPhone *virtual);

/* The phone of @ecid, once it is in @mode; it must come within 20 s. (transfer none) */
PrPhone *desk_expect (Desk *self, guint64 ecid, PrPhoneMode mode);

/* @property, an enum, a boolean or a number, becomes @value within @seconds, or the test fails. */
void desk_await (gpointer object, const char *property, int value, double seconds);

/* Turns the main loop for so long. */
void desk_run_for (double seconds);
