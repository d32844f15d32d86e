/* Manifest.db: which file of a backup is which file of the phone. A row's file column is an MBFile of NSKeyedArchiver,
 * of the shape that phones write.
 *
 * For one thread at a time. Failures of SQLite are the phone's own disk, or a file that is no manifest: the functions
 * then return FALSE or NULL.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "pr-virtual-keybag.h"

#define PR_VIRTUAL_DIGEST_SIZE 20
#define PR_VIRTUAL_ID_SIZE 41 /* 40 hexadecimal digits */

typedef enum { PR_VIRTUAL_ROW_FILE = 1, PR_VIRTUAL_ROW_FOLDER = 2, PR_VIRTUAL_ROW_LINK = 4 } PrVirtualRowKind;

typedef struct {
    PrVirtualRowKind kind;
    const char *domain;
    const char *path;
    const char *target; /* (nullable): of a link */
    guint64 size;
    guint64 inode;
    guint64 modified;
    guint64 born;
    guint mode;
    guint class;
    gboolean has_key, has_digest;
    guint8 key[PR_VIRTUAL_WRAPPED_SIZE];
    guint8 digest[PR_VIRTUAL_DIGEST_SIZE]; /* SHA-1 of what is in it, before any encryption */
} PrVirtualRow;

typedef struct _PrVirtualManifest PrVirtualManifest;

/* A new one at @path, or the one that is there. (transfer full) (nullable) */
PrVirtualManifest *pr_virtual_manifest_create (const char *path);
PrVirtualManifest *pr_virtual_manifest_open (const char *path);
/* Writes what is left. Returns: whether all of it was written. */
gboolean pr_virtual_manifest_close (PrVirtualManifest *self);

/* Puts @row in, in place of one for the same file; and its folders. */
gboolean pr_virtual_manifest_add (PrVirtualManifest *self, const PrVirtualRow *row);
gboolean pr_virtual_manifest_remove (PrVirtualManifest *self, const char *id);
gboolean pr_virtual_manifest_has (PrVirtualManifest *self, const char *id);

/* Calls @func for every row; it may not touch the manifest. Returns: FALSE when @func did so, or it cannot be read. */
typedef gboolean (*PrVirtualRowFunc) (const char *id, const PrVirtualRow *row, gpointer data);
gboolean pr_virtual_manifest_each (PrVirtualManifest *self, PrVirtualRowFunc func, gpointer data);

/* The name of a file in a backup: SHA-1 of "DOMAIN-PATH". */
void pr_virtual_manifest_make_id (const char *domain, const char *path, char *id);
