/* Which phones are plugged in: their comings, goings and changes.
 *
 * One look at /sys/bus/usb/devices, compared with the last one, is the only source of what is said. Events of libgudev
 * say when to look; and it looks more than once a second, because none arrive in a sandbox, and one may be missed
 * elsewhere. Main thread only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-usb-phone.h"

typedef struct {
    void (*attached) (const PrUsbPhone *phone, gpointer data); /* also when something about it changed */
    void (*detached) (const char *port, gpointer data);
    /* a Windows Phone; it is detached as phones are */
    void (*windows_phone) (const char *port, const char *name, gpointer data);
    /* the power of a port at which a phone was was cut, @count times so far */
    void (*over_current) (const char *port, guint count, gpointer data);
    void (*refused) (gpointer data); /* the test bed is not there (any more); nothing more comes */
} PrUsbDevicesEvents;

typedef struct _PrUsbDevices PrUsbDevices;

/**
 * pr_usb_devices_new:
 * @testbed: (nullable): the serial that a root hub must have, else nothing is looked at (guard rail 11)
 * @rules_dirs: (nullable): see pr_usb_access_foretell(); borrowed
 * @events: what to tell; borrowed
 */
PrUsbDevices *pr_usb_devices_new (const char *testbed,
                                  const char *const *rules_dirs,
                                  const PrUsbDevicesEvents *events,
                                  gpointer data);
void pr_usb_devices_free (PrUsbDevices *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrUsbDevices, pr_usb_devices_free)

/* "udev" or "scan" */
const char *pr_usb_devices_get_source (PrUsbDevices *self);

/* Tells of all that is there, then goes on in the main loop. */
void pr_usb_devices_start (PrUsbDevices *self);

/**
 * pr_usb_devices_find:
 * @ecid: whom
 * @count: (out): how many phones in recovery mode say that they are it
 *
 * Returns: (transfer none) (nullable): one of them
 */
const PrUsbPhone *pr_usb_devices_find (PrUsbDevices *self, guint64 ecid, guint *count);
