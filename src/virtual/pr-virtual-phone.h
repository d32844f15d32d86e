/* The virtual phone: its identity, its mode machine, its faults. Everything else here hangs on it.
 *
 * Thread-safe: every function may be called from any thread (one mutex inside). Mode changes happen on the main loop:
 * pr_virtual_phone_boot() leaves the bus after a moment and comes back in the new mode after the scenario's pause.
 * Shares no code with the app, so that it cannot share its mistakes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "pr-virtual-files.h"

typedef enum {
    PR_VIRTUAL_OFF,      /* not on the bus */
    PR_VIRTUAL_NORMAL,   /* USB 12a8, usbmuxd, lockdownd */
    PR_VIRTUAL_RECOVERY, /* USB 1281, its own boot loader */
    PR_VIRTUAL_IBSS,     /* USB 1281, first boot stage that was sent in DFU mode */
    PR_VIRTUAL_IBEC,     /* USB 1281, the boot stage that was sent */
    PR_VIRTUAL_DFU,      /* USB 1227 */
    PR_VIRTUAL_RESTORE,  /* USB 12a8, usbmuxd, restored */
} PrVirtualMode;

typedef struct {
    char *product;   /* iPhone14,7 */
    char *board;     /* d27ap */
    char *marketing; /* iPhone 14 */
    char *name;      /* Anna’s iPhone */
    char *serial;    /* F17VIRTUAL01 */
    char *udid;      /* 00008110-001122334455667A */
    guint64 ecid;
    guint chip_id;  /* 0x8110 */
    guint board_id; /* 0x18 */
    char *version;  /* of the installed system; changes by a restore */
    char *build;
} PrVirtualIdentity;

typedef struct _PrVirtualPhone PrVirtualPhone;

const PrVirtualIdentity *pr_virtual_phone_identity (PrVirtualPhone *self);
const char *pr_virtual_phone_folder (PrVirtualPhone *self); /* its working folder */
PrVirtualMode pr_virtual_phone_mode (PrVirtualPhone *self);

/* Leaves the bus in a moment and comes back as @mode after @pause seconds (scaled by the scenario's pace; never under 1
 * s for a change of USB mode, which idevicerestore would miss). PR_VIRTUAL_OFF: stays away. */
void pr_virtual_phone_boot (PrVirtualPhone *self, PrVirtualMode mode, double pause);

/* NVRAM as iBoot shows it: "auto-boot" and friends. setenv works on a copy until saveenv. */
char *pr_virtual_phone_getenv (PrVirtualPhone *self, const char *name);
void pr_virtual_phone_setenv (PrVirtualPhone *self, const char *name, const char *value);
void pr_virtual_phone_saveenv (PrVirtualPhone *self);

/* Where would it start now? NORMAL, or RECOVERY when auto-boot is false or its system is incomplete. */
PrVirtualMode pr_virtual_phone_boot_target (PrVirtualPhone *self);

/* The phone's data: a mark that an update keeps and a restore removes; and whether its system is whole. */
gboolean pr_virtual_phone_has_data (PrVirtualPhone *self);
PrVirtualFiles *pr_virtual_phone_files (PrVirtualPhone *self); /* as much of it as a backup holds */
void pr_virtual_phone_erase_data (PrVirtualPhone *self);
guint pr_virtual_phone_erasures (PrVirtualPhone *self); /* how often that happened */
void pr_virtual_phone_set_system (PrVirtualPhone *self, const char *version, const char *build, gboolean whole);

/* Nonces: new whenever iOS or DFU mode starts, and kept through recovery mode and all boot stages; the signing server
 * signs for the ones it is given, the phone takes only a ticket for its own. 32 and 20 bytes. */
GBytes *pr_virtual_phone_ap_nonce (PrVirtualPhone *self);
GBytes *pr_virtual_phone_sep_nonce (PrVirtualPhone *self);

/* Faults, from the scenario's [faults] or the control socket: is this one set? Its argument, or NULL; "" for none. */
char *pr_virtual_phone_fault (PrVirtualPhone *self, const char *name);
double pr_virtual_phone_fault_number (PrVirtualPhone *self, const char *name, double otherwise);

/* Sleeps @seconds scaled by the scenario's pace; for the phone's own work (flashing, checking). Not on the main loop.
 */
void pr_virtual_phone_work (PrVirtualPhone *self, double seconds);

/* Says in the log what the phone saw: one JSON line {"time": s, "event": @event, …}. What follows are
 * pairs of key and value, strings, NULL-terminated. */
void pr_virtual_phone_saw (PrVirtualPhone *self, const char *event, ...) G_GNUC_NULL_TERMINATED;

/* --- Its life. Main thread only. --- */

/**
 * pr_virtual_phone_new:
 * @scenario: as pr_virtual_scenario_load() returns it
 * @folder: its working folder; the log is opened there
 *
 * Returns: (transfer full): a phone that is not started yet; %NULL with @error when the scenario makes no sense
 */
PrVirtualPhone *pr_virtual_phone_new (GKeyFile *scenario, const char *folder, GError **error);
/* Arrives in the scenario's mode, and is plugged in from now on. After everything that watches the bus is there. */
void pr_virtual_phone_start (PrVirtualPhone *self);
/* Unplugs and wakes everything that waits in pr_virtual_phone_work(). */
void pr_virtual_phone_end (PrVirtualPhone *self);
void pr_virtual_phone_free (PrVirtualPhone *self); /* once no thread uses it any more */

/* Called on the main loop when the phone comes to the bus (@mode) or leaves it (PR_VIRTUAL_OFF); in the order of the
 * calls here for coming, in reverse for leaving. */
typedef void (*PrVirtualBusFunc) (PrVirtualPhone *self, PrVirtualMode mode, gpointer data);
void pr_virtual_phone_watch_bus (PrVirtualPhone *self, PrVirtualBusFunc func, gpointer data);

/* The cable. Any thread; the phone keeps its mode while it is unplugged. */
void pr_virtual_phone_set_plugged (PrVirtualPhone *self, gboolean plugged);
gboolean pr_virtual_phone_ending (PrVirtualPhone *self);

const char *pr_virtual_mode_name (PrVirtualMode mode); /* "normal", "ibec", … */
/* The mode of that name; -1 for none. */
int pr_virtual_mode_from_name (const char *name);

/* --- What the scenario says. Any thread. --- */

/* (transfer full): the value of @key in [@group] of the scenario, as `set` has changed it; else a copy of @otherwise,
 * which may be NULL. */
char *pr_virtual_phone_setting (PrVirtualPhone *self, const char *group, const char *key, const char *otherwise);
double pr_virtual_phone_setting_number (PrVirtualPhone *self, const char *group, const char *key, double otherwise);
gboolean pr_virtual_phone_setting_flag (PrVirtualPhone *self, const char *group, const char *key, gboolean otherwise);
void pr_virtual_phone_set_setting (PrVirtualPhone *self, const char *group, const char *key, const char *value);
/* (transfer full): the keys of [@group], NULL-terminated. */
GStrv pr_virtual_phone_setting_keys (PrVirtualPhone *self, const char *group);

/* What its owner calls it, and which system it says it has; NULL leaves one as it is. */
void pr_virtual_phone_set_version (PrVirtualPhone *self, const char *version, const char *build);
void pr_virtual_phone_set_name (PrVirtualPhone *self, const char *name);
void pr_virtual_phone_set_fault (PrVirtualPhone *self, const char *name, const char *argument);
void pr_virtual_phone_mend_fault (PrVirtualPhone *self, const char *name);

/* Counts one more @what ("tickets-refused"); `state` shows every count. */
void pr_virtual_phone_count (PrVirtualPhone *self, const char *what);
/* (transfer full): what the control socket's `state` answers. */
JsonObject *pr_virtual_phone_get_state (PrVirtualPhone *self);
