/* What the parts of PrUsbWatch share: pr-usb-watch.c is the object, -child.c the helper's runs, -lines.c what it says,
 * -calls.c what is asked of it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-usb-watch.h"

#define PR_USB_WATCH_DEATHS 3

/* One run of the helper. It outlives the watch until the helper's end was seen: whoever reads it last frees it. */
typedef struct {
    PrUsbWatch *watch; /* borrowed; NULL when the watch has gone */
    GSubprocess *process;
    GString *line;
    char chunk[4096];
    guint ready_limit_id;
} PrUsbWatchChild;

struct _PrUsbWatch {
    GObject parent_instance;

    /* Main thread */
    GStrv argv;
    GStrv environment;
    PrUsbWatchChild *child;
    GHashTable *ports;       /* told of as attached */
    GHashTable *stale_ports; /* of those, told of by the helper's run before, and not seen again yet */
    GHashTable *windows;     /* of those, the port of a Windows Phone → its name */
    gint64 deaths[PR_USB_WATCH_DEATHS];
    guint restart_id;

    /* Every thread, under the mutex */
    GMutex mutex;
    GCond cond; /* an answer came, or the state changed */
    PrUsbWatchState state;
    int input; /* the helper's standard input, a socket; -1 without a helper */
    GPtrArray *calls;
    gint64 last_request;
    guint holds;
    guint run;      /* counts the helper's runs */
    gboolean dying; /* its end is certain, but was not seen yet */
};

/* The object. Main thread. */
void pr_usb_watch_set_state (PrUsbWatch *self, PrUsbWatchState state);
void pr_usb_watch_emit_attached (PrUsbWatch *self, const PrUsbDevice *device);
void pr_usb_watch_emit_detached (PrUsbWatch *self, const char *port);
/* @name: %NULL when what is at @port is no Windows Phone (any more) */
void pr_usb_watch_set_windows_phone (PrUsbWatch *self, const char *port, const char *name);
void pr_usb_watch_emit_over_current (PrUsbWatch *self, const char *port);

/* Starts the helper, and again when it dies. Main thread. */
void pr_usb_watch_start_child (PrUsbWatch *self);
/* Ends it, and hears no more of it. */
void pr_usb_watch_drop_child (PrUsbWatch *self);

/* Takes every whole line that @child has said so far. Main thread. */
void pr_usb_watch_take_lines (PrUsbWatchChild *child);
/* The phones at @ports have left. Main thread. */
void pr_usb_watch_detach_all (PrUsbWatch *self, GHashTable *ports);

/* The helper's answer to @request. Any thread, as all below. */
void pr_usb_watch_answer (PrUsbWatch *self, gint64 request, const GError *error);
/* The helper died. What it was doing is lost, unless it was only to hold still: the next run is told that first. */
void pr_usb_watch_fail_calls (PrUsbWatch *self, gboolean all);
/* A new run of the helper holds as often as it is wanted, which answers all calls about that. */
void pr_usb_watch_send_holds (PrUsbWatch *self);
void pr_usb_watch_close_input (PrUsbWatch *self);
