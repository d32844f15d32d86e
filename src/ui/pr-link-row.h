/* What the link does now, in one row: for pages that are about something else, and lead to Cable and Port.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-link-watch.h"
#include "pr-state-row.h"

/* Keeps title, state and subtitle of @row current from now on, as long as both live. Main thread. */
void pr_link_row_follow (PrStateRow *row, PrLinkWatch *watch);
