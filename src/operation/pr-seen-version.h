/* Which system each phone said that it has, also from one start of the program to the next: in recovery and DFU mode a
 * phone does not tell, and an update must not go back all the same. Blocking; any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

/* A convenience: that it cannot be kept is nobody's trouble. */
void pr_seen_version_note (guint64 ecid, const char *version);
/* (transfer full) (nullable): it was never seen here */
char *pr_seen_version_find (guint64 ecid);
