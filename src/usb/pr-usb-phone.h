/* One iPhone or iPad on the bus, as sysfs shows it: nothing is opened on USB for this.
 *
 * Everything that a device names itself (its serial above all) is hostile: it is bounded, and what is not as it must be
 * is left out. Any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#define PR_USB_SYSFS "/sys/bus/usb/devices"

typedef enum {
    PR_USB_MODE_NORMAL, /* or restore: the same USB ids */
    PR_USB_MODE_RECOVERY,
    PR_USB_MODE_DFU,
    PR_USB_MODE_WTF, /* DFU of the models of 2008 */
} PrUsbMode;

typedef enum {
    PR_USB_ACCESS_UNKNOWN,
    PR_USB_ACCESS_GOOD,
    PR_USB_ACCESS_REFUSED,
} PrUsbAccess;

typedef struct {
    char *port; /* "1-2.4": bus, port of its root hub, ports of the hubs between */
    guint bus;
    guint address; /* new each time that it is plugged in or changes its mode */
    guint vendor;
    guint product;
    PrUsbMode mode;
    guint64 ecid;             /* 0: not known */
    char *serial;             /* normal mode: the UDID without its dash, 24 or 40 hexadecimal digits */
    char *serial_number;      /* recovery: as printed on its box */
    const char *product_type; /* this and the next two: libirecovery's, static */
    const char *board;
    const char *model_name;
    int speed;            /* Mbit/s; 0: not known */
    int hub_depth;        /* hubs between it and the computer's own */
    gboolean configured;  /* the system has given it a configuration, and so power */
    gboolean bus_powered; /* the hub that it hangs on has no power supply of its own */
    gboolean held;        /* a program has claimed it */
    gint64 bare_since;    /* monotonic; 0: it has one */
    gboolean unpowered;   /* it stayed without a configuration, at a hub that has no power of its own */
    gboolean suspended;   /* the system has put it to sleep to save power */
    guint retries;        /* addresses that its bus gave out in vain before it answered with its descriptors */
    PrUsbAccess access;
} PrUsbPhone;

/**
 * pr_usb_phone_read:
 * @name: a name below /sys/bus/usb/devices
 *
 * Returns: (transfer full) (nullable): %NULL when that is no phone, or has just gone. @access is left unknown.
 */
PrUsbPhone *pr_usb_phone_read (const char *name);
void pr_usb_phone_free (PrUsbPhone *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrUsbPhone, pr_usb_phone_free)

/* The same stay on the bus: neither unplugged nor changed in mode between. */
gboolean pr_usb_phone_is_same (const PrUsbPhone *self, const PrUsbPhone *other);
gboolean pr_usb_phone_is_equal (const PrUsbPhone *self, const PrUsbPhone *other);

/* Fills what @self does not know with what @before, the same stay on the bus, knew: attributes go one by one when a
 * device leaves, and nothing of it changes before that. */
void pr_usb_phone_keep (PrUsbPhone *self, const PrUsbPhone *before);

/* Takes what @serial, the USB serial, tells in the mode of @self. */
void pr_usb_phone_take_serial (PrUsbPhone *self, const char *serial);

/* Where it would be opened, "/dev/bus/usb/001/004". */
char *pr_usb_phone_get_node (const PrUsbPhone *self);
const char *pr_usb_mode_to_string (PrUsbMode mode);

/* "1-2.4" is one hub below its root hub's port 2. Interfaces ("1-2:1.0") and root hubs ("usb1") are no ports. */
gboolean pr_usb_is_port (const char *name);
/* A text attribute in sysfs without its line end; NULL when it is missing, too long or not UTF-8. */
char *pr_usb_read_attribute (const char *name, const char *attribute);
/* The number, at most 0xffff, that @attribute holds; %FALSE when it holds none. */
gboolean pr_usb_read_number (const char *name, const char *attribute, guint base, guint *number);
