/* For tests of backups: a desk with a phone on it that trusts this computer, and a folder of backups with its library.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "job.h"
#include "pr-backup-library.h"
#include "pr-backup-verify.h"

#define BED_PASSWORD "secret"

typedef struct {
    Desk *desk;
    PrPhone *phone; /* borrowed */
    char *folder;
    char *path; /* of the phone's backup */
    PrBackupLibrary *library;
} Bed;

/* Scenarios to be laid over "anna" for beds: few files, of these sizes. */
#define BED_PLAIN                                                                                                      \
    "[scenario]\nlike=anna\n[values]\ncom.apple.mobile.backup/WillEncrypt=false\n"                                     \
    "[files]\ncount=300\nsizes=1,0,100,4096,40000,33K,300K\nseed=7\n[pace]\nscale=0.5\n"
#define BED_ENCRYPTED                                                                                                  \
    "[scenario]\nlike=anna\n[values]\ncom.apple.mobile.backup/WillEncrypt=true\n[backup]\npassword=" BED_PASSWORD      \
    "\n[files]\ncount=300\nsizes=15,16,17,4096,40000,300K\nseed=7\n[pace]\nscale=0.5\n"

/* @scenario: the name of a file, or the text of one */
Bed *bed_new (const char *scenario);
void bed_free (Bed *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bed, bed_free)

/* Backs up without a window; it must end with @expected. @report: (out) (optional) */
void bed_back_up (Bed *self, const char *password, int expected, PrBackupReport *report);

/* Reads the list anew. Returns: (transfer none) (nullable): the phone's backup */
PrBackup *bed_find (Bed *self);

/* The backup on the disk is whole, by everything that can be known of it. */
void bed_verify (Bed *self, const char *password, guint files);

/* (transfer full): of what is on the phone */
char *bed_digest (Bed *self);

/* The phone has come back and trusts this computer. */
void bed_plug (Bed *self);

/* None of @secrets stands in a file below @path, nor in @text. NULL-terminated */
void bed_assert_nowhere (const char *path, const char *text, const char *const *secrets);
