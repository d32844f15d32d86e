/* Restarts a phone in normal mode, or shuts it down. The shortest operations: read them first.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-operation.h"

#define PR_TYPE_RESTART (pr_restart_get_type ())
G_DECLARE_DERIVABLE_TYPE (PrRestart, pr_restart, PR, RESTART, PrOperation)

struct _PrRestartClass {
    PrOperationClass parent_class;
    gboolean (*ask) (const char *udid, GCancellable *cancellable, GError **error);
};

#define PR_TYPE_SHUT_DOWN (pr_shut_down_get_type ())
G_DECLARE_FINAL_TYPE (PrShutDown, pr_shut_down, PR, SHUT_DOWN, PrRestart)

PrOperation *pr_restart_new (PrPhone *phone);
PrOperation *pr_shut_down_new (PrPhone *phone);
