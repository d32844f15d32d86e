/* A backup on disk, looked at without any code of the app or of the virtual phone: every row of its manifest must have
 * its file, of the right size, with what the virtual phone is known to have in it (data/scenarios/README.md says how
 * that is made).
 *
 * For the main thread of a test program.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

typedef struct {
    gboolean readable; /* Manifest.plist and Manifest.db open, with the password if there must be one */
    gboolean encrypted;
    char state[32]; /* SnapshotState of Status.plist, "" without one */
    guint rows;     /* files in the manifest */
    guint missing;  /* of them not there */
    guint wrong;    /* of another size, or with something else in them */
    guint strays;   /* files there that are not in the manifest */
} BackupReport;

/* @folder: of one phone's backup; @password: NULL where none is needed; @seed: of the phone's files. */
BackupReport backup_report (const char *folder, const char *password, guint64 seed);

/* It must be readable, finished, and whole with @files files. */
void backup_check (const char *folder, const char *password, guint64 seed, gboolean encrypted, guint files);
