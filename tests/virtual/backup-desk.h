/* What every test of backups begins with: a virtual phone whose files are known, and an empty folder for its backups.
 *
 * For the main thread of a test program.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "backup-check.h"
#include "pr-test.h"

#define DESK_UDID "00008110-001122334455667A" /* of the phone in data/scenarios/anna.ini */
#define DESK_SEED 7
#define DESK_PASSWORD "secret"

typedef struct {
    PrTestPhone *phone;
    char *folder; /* of all backups */
    char *backup; /* of this phone, when there is one */
} BackupDesk;

/* (transfer full): of a trusted phone with an older system, which asks for no passcode. @sizes: "1,0,33K", by turns.
 * With @encrypts its backups are encrypted with DESK_PASSWORD. */
char *backup_desk_describe (guint files, const char *sizes, gboolean encrypts);

/* (transfer full): with a phone of that scenario, plugged in and spoken to by this process. */
BackupDesk *backup_desk_new (const char *scenario);
void backup_desk_free (BackupDesk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BackupDesk, backup_desk_free)

/* (transfer full): of the files that the phone has now. */
char *backup_desk_get_digest (BackupDesk *self);
/* backup_check() of the phone's backup. */
void backup_desk_check (BackupDesk *self, const char *password, guint files);
/* After a fault that took the phone away: it is mended, plugged in, and there again. @fault may have arguments. */
void backup_desk_mend (BackupDesk *self, const char *fault);
/* g_test_run(), with a cache of the test's own. To be returned by main(). */
int backup_desk_run_tests (void);
