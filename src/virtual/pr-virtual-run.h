/* One backup while it is made; what the files that make it share.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-backup.h"
#include "pr-virtual-content.h"

#define PR_VIRTUAL_RUN_FOLDERS 256 /* that a backup keeps its files in */

/* What becomes of a file. */
enum { PR_VIRTUAL_RUN_TO_SEND, PR_VIRTUAL_RUN_UNCHANGED, PR_VIRTUAL_RUN_NOT_READ };

typedef struct {
    PrVirtualBackup *backup;
    PrVirtualLink *link;
    GArray *files;   /* PrVirtualFile, as they were when it began */
    guint8 *marks;   /* of each: what becomes of it */
    GPtrArray *gone; /* names of files in the backup that the phone has no more */
    gboolean full;
    gboolean had_before;
    PrVirtualKeybag *bag; /* (nullable): when it encrypts */
    guint8 manifest_key[PR_VIRTUAL_KEY_SIZE];
    PrVirtualManifest *manifest;
    PrVirtualContent *content;
    EVP_MD_CTX *sum;
    guint64 bytes, count, batch;
    guint cancellations;
    char *uuid;
} PrVirtualRun;

const PrVirtualFile *pr_virtual_run_file (PrVirtualRun *self, guint index);
/* The next file to send from @index on; as many as there are when there is none. */
guint pr_virtual_run_next (PrVirtualRun *self, guint index);
/* FALSE when the computer has asked to stop. */
gboolean pr_virtual_run_is_wanted (PrVirtualRun *self);
/* (transfer full) */
plist_t pr_virtual_run_new_date (void);
gboolean pr_virtual_run_send_plist (PrVirtualRun *self, const char *name, plist_t plist); /* takes it */
gboolean pr_virtual_run_send_status (PrVirtualRun *self, const char *state);

/* The steps, in this order. */
gboolean pr_virtual_run_send_files (PrVirtualRun *self);
gboolean pr_virtual_run_send_manifests (PrVirtualRun *self);
gboolean pr_virtual_run_move_all (PrVirtualRun *self);
gboolean pr_virtual_run_remove_all (PrVirtualRun *self);
