/* The folders of restore runs, below $XDG_STATE_HOME/phone-reset/restores: <ECID>-<time>, each with what was asked
 * (request.json), what was said (output, errors), who runs it (supervisor.json), how it ended (end.json), and a lock
 * that is held while anything of the run is alive. Blocking; any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

/**
 * pr_run_folder_claim:
 *
 * Returns: a descriptor that keeps others from starting a run for @ecid, -1 with PR_ERROR_BUSY (one starts or is
 * alive), PR_ERROR_NO_SPACE or a G_IO_ERROR
 */
int pr_run_folder_claim (guint64 ecid, GError **error);

/**
 * pr_run_folder_create:
 * @lock_fd: (out): its lock, held; the run is alive while this or a copy of it is open
 *
 * Returns: (transfer full) (nullable): its path
 */
char *pr_run_folder_create (guint64 ecid, int *lock_fd, GError **error);

/* Bytes that are free there; 0: not known, or none. */
guint64 pr_run_folder_get_room (void);

/* (transfer full) (element-type filename): paths of all that are not acknowledged, newest first. Deletes what is 30
 * days past that. */
GPtrArray *pr_run_folder_list (void);

guint64 pr_run_folder_get_ecid (const char *folder); /* 0: not the name of one */
gboolean pr_run_folder_is_alive (const char *folder);
gboolean pr_run_folder_write (const char *folder, const char *name, GVariant *dictionary, GError **error);
/* (transfer full) (nullable): a JSON object of ours as a{sv}; NULL if it is missing, torn or not an object. */
GVariant *pr_run_folder_read (const char *folder, const char *name);
void pr_run_folder_acknowledge (const char *folder);
void pr_run_folder_remove (const char *folder);
/* Deletes what only the tool needed: gigabytes of unpacked system. */
void pr_run_folder_shrink (const char *folder);
