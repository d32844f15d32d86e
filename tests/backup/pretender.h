/* What a phone would send, without a phone: a set of files that changes from round to round, with a manifest as phones
 * write it, plain or encrypted. All of it follows from the number of files and of the round.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup-run.h"

#define PRETENDER_UDID "00008110-001122334455667A"

typedef struct {
    guint n;              /* files */
    const char *password; /* (nullable): not encrypted */
} Pretender;

/* Sends what changed from round @from (0: nothing is there) to round @to, in a phone's order. */
gboolean pretender_send (const Pretender *self, PrBackupRun *run, guint from, guint to, GError **error);

/* A whole run: begins, sends, commits. @check: (nullable). */
gboolean pretender_back_up (const Pretender *self,
                            PrBackupStore *store,
                            guint to,
                            PrBackupCheck check,
                            gpointer data,
                            GError **error);

/* Which round is in @root? 0: none. Fails the test if it is not that round, whole and nothing else. */
guint pretender_check (const Pretender *self, int root);
/* The round that is committed in @folder; fails the test if it is not whole. */
guint pretender_check_folder (const Pretender *self, const char *folder);
