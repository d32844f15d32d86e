/* The apps that its owner or an organisation has put on a phone, from com.apple.mobile.installation_proxy.
 *
 * Blocking, with the limits of pr-lockdown.h, and in a session; one thread at a time, never the main one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-lockdown.h"

/* @app: of any type; what was asked for is in it where the phone tells it */
typedef void (*PrAppFunc) (plist_t app, gpointer data);

/**
 * pr_apps_browse:
 * @attributes: what is asked of each, NULL-terminated
 *
 * Returns: whether the phone told them to the end
 */
gboolean pr_apps_browse (PrLockdown *lockdown,
                         const char *const *attributes,
                         PrAppFunc func,
                         gpointer data,
                         GCancellable *cancellable);

/* (transfer full) (nullable): a set of identifiers; NULL where the phone does not tell them. */
GHashTable *pr_apps_read (PrLockdown *lockdown, GCancellable *cancellable);
