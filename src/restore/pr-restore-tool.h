/* Runs idevicerestore under phone-reset-supervisor, and follows a run, its own or one that an earlier app left behind.
 *
 * A run is a folder: what was asked (request.json), the tool's output (output, errors), its end (end.json), what
 * the signing relay has to say (signing.json). The supervisor ignores hang-ups, owns the pty and outlives the app; the
 * app reads the folder. Blocking; any thread but the main one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-restore-log.h"

#include <gio/gio.h>

typedef struct {
    guint64 ecid;
    const char *ipsw; /* path */
    gboolean keep_data;
    const char *title;              /* what to call the phone when a later start shows the run */
    const char *const *relay;       /* (nullable): the command of the signing relay, without the run's folder */
    const char *signing_server;     /* (nullable): without a relay; else the tool's own */
    const char *const *environment; /* (nullable): variables to add for the tool, "NAME=value" */
} PrRestoreRequest;

/* The supervisor died before it could write how the tool ended. */
#define PR_RESTORE_END_UNKNOWN G_MININT

typedef struct {
    gboolean ended;
    int exit_status; /* of the tool; -signal when a signal ended it; PR_RESTORE_END_UNKNOWN */
} PrRestoreEnd;

#define PR_TYPE_RESTORE_TOOL (pr_restore_tool_get_type ())
G_DECLARE_FINAL_TYPE (PrRestoreTool, pr_restore_tool, PR, RESTORE_TOOL, GObject)

/* Starts a run, and its relay before it. Errors: PR_ERROR_TOOL_MISSING, _NO_SPACE, _BUSY (a run for this ECID is
 * alive), _TOOL_FAILED. */
PrRestoreTool *pr_restore_tool_start (const PrRestoreRequest *request, GError **error);
/* Runs left by earlier starts of the app, alive or ended and not yet acknowledged; newest first. */
GPtrArray *pr_restore_tool_list_runs (void);
guint64 pr_restore_tool_get_ecid (PrRestoreTool *self);
const char *pr_restore_tool_get_title (PrRestoreTool *self);
gboolean pr_restore_tool_get_keep_data (PrRestoreTool *self);
const char *pr_restore_tool_get_folder (PrRestoreTool *self);

/**
 * pr_restore_tool_next:
 * @seconds: how long to wait for something new
 *
 * Reads on: feeds what the tool has said since into @state.
 *
 * Returns: whether anything in @state or @end changed
 */
gboolean pr_restore_tool_next (PrRestoreTool *self, PrRestoreState *state, PrRestoreEnd *end, double seconds);

/* (transfer full) (element-type utf8): what the tool has said since the last call, progress apart; the last 200 lines
 * at most. For the Details. */
GPtrArray *pr_restore_tool_take_lines (PrRestoreTool *self);

/* Ends the tool and all its children by SIGKILL (SIGTERM has no effect on a tool that spins) and waits for their end,
 * 2 s at most. */
void pr_restore_tool_kill (PrRestoreTool *self);
/* The person has seen how it ended: the run is not listed again (its log is kept for 30 days). */
void pr_restore_tool_acknowledge (PrRestoreTool *self);

/* What is the outcome of an ended run? %TRUE only for exit 0 and "Status: Restore Finished"; else @error says why.
 * @phone_lost: the phone left the bus and did not come back in time; the run need not have ended then. */
gboolean pr_restore_tool_judge (const PrRestoreState *state,
                                const PrRestoreEnd *end,
                                gboolean phone_lost,
                                GError **error);

/* Bytes that are free where runs have their folders, in which the tool unpacks the system; 0: not known, or none. */
guint64 pr_restore_tool_get_room (void);

/* Is idevicerestore there, and does it know --logfile (the 2025 contract)? PR_ERROR_TOOL_MISSING. */
gboolean pr_restore_tool_probe (gboolean *knows_logfile, GError **error);
