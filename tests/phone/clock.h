/* A clock that can be put forward, so that a limit of minutes is seen to end without waiting for it. It stands before
 * GLib's g_get_monotonic_time() and g_cond_wait_until() for all that is linked into the test; what GLib itself and
 * other programs do keeps its own time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

/* Every wait that is under way sees it within a twentieth of a second. */
void clock_put_forward (double seconds);
