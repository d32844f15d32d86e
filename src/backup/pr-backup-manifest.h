/* Reads what a phone wrote about a backup: its property lists, and Manifest.db, row by row. Blocking; one thread, but
 * that each part of the rows may be read in a thread of its own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <plist/plist.h>

#include "pr-keybag.h"

/* A dictionary; NULL if it is not there, is no property list, or is larger than 64 MiB. */
plist_t pr_backup_read_plist (int root, const char *path);

typedef struct _PrBackupManifest PrBackupManifest;

/* Flags of a row, as phones write them. */
#define PR_BACKUP_ROW_FILE 1
#define PR_BACKUP_ROW_FOLDER 2
#define PR_BACKUP_ROW_LINK 4

typedef struct {
    const char *id; /* 40 digits */
    const char *domain, *path;
    int flags;
    gint64 size;       /* -1: not told */
    const guint8 *key; /* (nullable): wrapped */
    gsize key_length;
} PrBackupRow;

/**
 * pr_backup_manifest_open:
 * @password: (nullable): of an encrypted backup; where it is needed and %NULL, there are no rows
 *
 * Errors: PR_ERROR_BACKUP_DAMAGED, PR_ERROR_WRONG_BACKUP_PASSWORD.
 */
PrBackupManifest *pr_backup_manifest_open (int root, const char *password, GError **error);
void pr_backup_manifest_free (PrBackupManifest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrBackupManifest, pr_backup_manifest_free)

gboolean pr_backup_manifest_is_encrypted (PrBackupManifest *self);
/* Can its rows be read? */
gboolean pr_backup_manifest_is_open (PrBackupManifest *self);
PrKeybag *pr_backup_manifest_get_keybag (PrBackupManifest *self); /* (nullable) */
guint64 pr_backup_manifest_count (PrBackupManifest *self);

/* The rows come in two parts, about as long as each other, for two threads. */
#define PR_BACKUP_MANIFEST_PARTS 2

/* By id within part @number. The row's values are good until its next call. FALSE: no more, or @error. */
gboolean pr_backup_manifest_next (PrBackupManifest *self, guint number, PrBackupRow *row, GError **error);

/* Asks SQLite whether the database is sound; some seconds for large ones. */
gboolean pr_backup_manifest_check (PrBackupManifest *self, GError **error);
