/* Downloads the file of a system version into the folder of system files, before anything is done to a phone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-firmware.h"
#include "pr-operation.h"
#include "pr-servers.h"

#define PR_TYPE_DOWNLOAD (pr_download_get_type ())
G_DECLARE_FINAL_TYPE (PrDownload, pr_download, PR, DOWNLOAD, PrOperation)

/**
 * pr_download_new:
 * @phone: for which it is; it is not touched
 * @folder: path of the folder of system files
 *
 * Errors: those of pr_fetch_run(). What has arrived stays, and the next download of the same file goes on from there.
 */
PrOperation *pr_download_new (PrPhone *phone, PrServers *servers, const char *folder, PrFirmware *firmware);

/* Once it has succeeded, what was downloaded earlier is removed, the longest unused first, until all system files
 * together have at most @limit bytes; 0, which it is by itself: nothing is. Before it starts. */
void pr_download_set_limit (PrDownload *self, guint64 limit);
/* Pauses, or goes on. Main thread. */
void pr_download_set_paused (PrDownload *self, gboolean paused);
gboolean pr_download_get_paused (PrDownload *self);
const char *pr_download_get_path (PrDownload *self); /* (nullable): once it has succeeded */
