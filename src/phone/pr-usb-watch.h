/* The app's end of phone-reset-usb: starts it, reads its JSON lines, sends it commands, starts it again when it dies
 * (three times in a minute, then it is given up and "state" says so).
 *
 * Main thread, except pr_usb_watch_call().
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

typedef enum {
    PR_USB_WATCH_STARTING,
    PR_USB_WATCH_RUNNING,
    PR_USB_WATCH_GONE,    /* it cannot start, or does not stay up */
    PR_USB_WATCH_REFUSED, /* demonstration without its test bed: it lists nothing */
} PrUsbWatchState;

/* One line of the helper about a device, as said in src/usb/protocol.md; NULL, 0 or -1 where it does not know. */
typedef struct {
    const char *port;
    const char *mode; /* "normal", "recovery", "dfu", "restore", "wtf" */
    guint64 ecid;
    const char *serial; /* the USB serial of a phone in normal mode: its UDID without the dash */
    const char *product_type;
    const char *board;
    const char *model_name;
    const char *serial_number;
    int speed;
    int hub_depth;
    gboolean unpowered; /* the hub has too little power for it */
    gboolean held;      /* another program has claimed it */
    gboolean suspended; /* the system lets it sleep to save power */
    int retries;        /* tries before this coming in which it did not answer */
    const char *access; /* "good", "refused", "unknown": may recovery mode be opened from here? */
} PrUsbDevice;

#define PR_TYPE_USB_WATCH (pr_usb_watch_get_type ())
G_DECLARE_FINAL_TYPE (PrUsbWatch, pr_usb_watch, PR, USB_WATCH, GObject)

/* Signals: "attached" (PrUsbDevice *device), also for changes of a known one; "detached" (const char *port);
 * "over-current" (const char *port).
 * Properties: "state"; "windows-phone" (string, nullable): see pr_usb_watch_get_windows_phone(). */

/**
 * pr_usb_watch_new:
 * @argv: the helper's command line
 * @environment: (nullable): variables to add for it, "NAME=value"
 */
PrUsbWatch *pr_usb_watch_new (const char *const *argv, const char *const *environment);
/* Also again, after "state" said GONE or REFUSED. */
void pr_usb_watch_start (PrUsbWatch *self);
PrUsbWatchState pr_usb_watch_get_state (PrUsbWatch *self);

/* (transfer none) (nullable): the name of a Windows Phone on the bus, "Lumia 920"; %NULL where there is none. Main
 * thread. */
const char *pr_usb_watch_get_windows_phone (PrUsbWatch *self);

/**
 * pr_usb_watch_call:
 * @command: "leave-recovery", "hold" or "release" (see src/usb/protocol.md)
 * @ecid: the phone it is about; 0 for none
 * @seconds: limit of the answer. "leave-recovery" takes up to 25 s by itself; a helper that lets a limit pass is taken
 *     to hang, and started anew.
 *
 * Blocking, any thread but the main one. While the helper is being started again it waits for that. Holds count, and
 * outlive the helper: a new one is told of them first.
 *
 * Returns: %TRUE when the helper did it; errors: PR_ERROR_NO_USB_PERMISSION, _BUSY, _UNPLUGGED, _NO_ANSWER,
 * _HELPER_GONE, _BAD_ANSWER
 */
gboolean pr_usb_watch_call (PrUsbWatch *self,
                            const char *command,
                            guint64 ecid,
                            double seconds,
                            GCancellable *cancellable,
                            GError **error);
