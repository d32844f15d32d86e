/* Makes an old copy of a backup like the backup again, without making anew what both still share.
 *
 * Two names are the same when they are links to one file: both trees are on one disk, and their files are never written
 * to. So it costs the reading of the folders, and a link for every file that is different. Blocking; any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "pr-backup-step.h"

/* Removes from @copy all that is not, or not the same, in @model: what is left takes no room of its own. @kept: (out):
 * how many files that is; none where the copy was not made by links. */
gboolean pr_backup_match_trim (int model, int copy, guint64 *kept, const PrBackupSteps *steps, GError **error);

/* Makes @copy what pr_backup_tree_clone() by links would make of @model, whatever is in it. PR_BACKUP_OURS stays. */
gboolean pr_backup_match_fill (int model,
                               int copy,
                               const PrBackupSteps *steps,
                               GCancellable *cancellable,
                               GError **error);
