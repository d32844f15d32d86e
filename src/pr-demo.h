/* A virtual phone for --demo: starts one, or is told of one that runs, and says how to reach it and nothing else.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-servers.h"

/* Phones of the demonstration have ECIDs of this range, and nothing else is ever listed there (guard rail 11). */
#define PR_DEMO_FIRST_ECID G_GUINT64_CONSTANT (0x0011223344550000)
#define PR_DEMO_LAST_ECID G_GUINT64_CONSTANT (0x001122334455ffff)

typedef struct _PrDemo PrDemo;

/**
 * pr_demo_new:
 * @what: (nullable): the name of a scenario, the path of a scenario file (ends in .ini), or the working folder of a
 *     virtual phone that runs already; the healthy phone where %NULL
 *
 * Blocks until the phone is ready (20 s). Changes this process's environment, so it comes before all threads: the
 * phone's own usbmuxd is used, and what is remembered of restores is kept in the phone's folder.
 *
 * Returns: (nullable): NULL with @error if there is none
 */
PrDemo *pr_demo_new (const char *what, GError **error);
/* Ends a phone that was started here. */
void pr_demo_free (PrDemo *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrDemo, pr_demo_free)

/* One of the variables that the virtual phone says, "TESTBED" */
const char *pr_demo_get (PrDemo *self, const char *name);
/* (transfer full): the path of something in the virtual phone's own folder, which goes with it */
char *pr_demo_find_place (PrDemo *self, const char *name);
/* Its own servers, and nobody else's; what they answer is kept at @copies (nullable). (transfer none) */
PrServers pr_demo_get_servers (PrDemo *self, const char *copies);
/* For phone-reset-usb and idevicerestore alone: the phone's USB. "NAME=value", NULL-terminated */
const char *const *pr_demo_get_usb_environment (PrDemo *self);
