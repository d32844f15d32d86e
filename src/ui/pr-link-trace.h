/* A picture of the last minutes at one port: the line is high while the phone is connected, low while it is not,
 * and each loss has a number. It draws itself anew with every event, and every fifth of a second while something moves.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-link-watch.h"

#include <gtk/gtk.h>

#define PR_TYPE_LINK_TRACE (pr_link_trace_get_type ())
G_DECLARE_FINAL_TYPE (PrLinkTrace, pr_link_trace, PR, LINK_TRACE, GtkWidget)

/* @watch: not owned longer than the widget. The port is the one at which something happened last. */
void pr_link_trace_set_watch (PrLinkTrace *self, PrLinkWatch *watch);
/* How much time it shows: 60 at first. */
void pr_link_trace_set_seconds (PrLinkTrace *self, guint seconds);
