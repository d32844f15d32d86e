/* How usbmuxd is, the daemon through which a phone in normal mode is reached, and for which kind of system advice about
 * it must be given. Blocking; any thread but the main one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

typedef enum {
    PR_DAEMON_ANSWERS,
    PR_DAEMON_NOT_INSTALLED, /* neither its socket nor the program is there */
    PR_DAEMON_NOT_STARTED,   /* the program is there, its socket is not */
    PR_DAEMON_NOT_ALLOWED,   /* this person may not open its socket */
    PR_DAEMON_STALE,         /* a socket at which nobody listens: it ended, or a sandbox still has an old one */
    PR_DAEMON_SILENT,        /* it takes the connection and says nothing */
    PR_DAEMON_STRANGE,       /* what answers does not speak its language: another version, another program */
} PrDaemonState;

/* Asks it for its name for this computer. Ends within the limit of pr-wire.h. @detail: (out) (optional): technical
 * English, what was tried and what came of it. */
PrDaemonState pr_daemon_check (char **detail, GCancellable *cancellable);

typedef enum {
    PR_SYSTEM_OTHER,
    PR_SYSTEM_DEBIAN, /* also Ubuntu, Linux Mint */
    PR_SYSTEM_FEDORA,
    PR_SYSTEM_ARCH,
    PR_SYSTEM_SUSE,
} PrSystemFamily;

/* From os-release(5): the computer's own, also in a sandbox that shows it. */
PrSystemFamily pr_system_family_find (void);
/* The same from the text of such a file. */
PrSystemFamily pr_system_family_read (const char *os_release);
