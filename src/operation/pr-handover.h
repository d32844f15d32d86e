/* What was done to a phone that changes hands, and what was seen of it: for a sheet of paper and a file beside it.
 *
 * Says no more than was proven. Main thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup.h"
#include "pr-verdict.h"

typedef struct {
    /* of the phone, as it was before; texts are NULL, numbers 0 where they are not known */
    char *model, *product_type;
    char *serial, *imei;
    guint64 capacity; /* bytes, as it is sold */

    char *version, *build; /* of its system, after */
    GDateTime *erased;     /* (nullable): when it was seen to be empty */
    gboolean keeps_plan;   /* its eSIM was asked to stay */

    GDateTime *backup; /* (nullable): the newest on this computer */
    PrBackupHealth backup_health;

    PrVerdict verdict;
} PrHandover;

/* Takes down who @phone is, while it still tells. */
PrHandover *pr_handover_new (PrPhone *phone);
PrHandover *pr_handover_copy (const PrHandover *self);
void pr_handover_free (PrHandover *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrHandover, pr_handover_free)

/* Notes what became of it: empty since now, with what @phone says of its system and @verdict. */
void pr_handover_note_erased (PrHandover *self, PrPhone *phone, gboolean keeps_plan, const PrVerdict *verdict);
/* @backup: (nullable): of this phone, the newest on this computer */
void pr_handover_note_backup (PrHandover *self, PrBackup *backup);

/* (transfer full) (nullable): a number of which only the last four signs can be read */
char *pr_handover_mask (const char *number);

/**
 * pr_handover_to_json:
 * @masked: serial number and IMEI are masked
 *
 * Returns: (transfer full): as data/handover.schema.json says, in technical English
 */
char *pr_handover_to_json (const PrHandover *self, gboolean masked);

/* (transfer full): "sha256:" and the digest of @json, as the code on the sheet says it */
char *pr_handover_digest (const char *json);
