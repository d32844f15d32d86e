/* One backup in some folder: whose, when, how large, and what is known about it.
 *
 * Properties: "path", "udid", "name", "product-type", "version", "date" (GDateTime), "size" (bytes, -1: not measured),
 * "encrypted", "health" (PrBackupHealth), "earlier" (a version that was kept), "ours" (in our own folder).
 *
 * For the main thread; made by PrBackupLibrary.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

typedef enum {
    PR_BACKUP_HEALTH_INCOMPLETE, /* it was never finished, or is being written */
    PR_BACKUP_HEALTH_UNCHECKED,  /* finished; nobody has verified it */
    PR_BACKUP_HEALTH_UNPROVEN,   /* verified, but encrypted, and its password not seen since the program started */
    PR_BACKUP_HEALTH_GOOD,       /* verified */
    PR_BACKUP_HEALTH_DAMAGED,    /* verified, and not good */
} PrBackupHealth;

#define PR_TYPE_BACKUP (pr_backup_get_type ())
G_DECLARE_FINAL_TYPE (PrBackup, pr_backup, PR, BACKUP, GObject)

/**
 * pr_backup_read:
 * @folder: the folder of the one backup; its name is the UDID
 *
 * Reads only what stands in it; blocks for about 0.1 ms; any thread.
 *
 * Returns: (nullable): %NULL if there is no backup
 */
PrBackup *pr_backup_read (const char *folder, gboolean ours, gboolean earlier);

const char *pr_backup_get_path (PrBackup *self);
const char *pr_backup_get_udid (PrBackup *self);
guint64 pr_backup_get_ecid (PrBackup *self);             /* of the phone; 0 where its UDID does not hold it */
const char *pr_backup_get_name (PrBackup *self);         /* (nullable) */
const char *pr_backup_get_product_type (PrBackup *self); /* (nullable) */
const char *pr_backup_get_version (PrBackup *self);      /* (nullable) */
GDateTime *pr_backup_get_date (PrBackup *self);          /* (nullable) */
gint64 pr_backup_get_size (PrBackup *self);
gboolean pr_backup_get_encrypted (PrBackup *self);
gboolean pr_backup_get_earlier (PrBackup *self);
gboolean pr_backup_get_ours (PrBackup *self);
PrBackupHealth pr_backup_get_health (PrBackup *self);

/* What a verification, or somebody who added up its files, found out. Main thread. */
void pr_backup_set_health (PrBackup *self, PrBackupHealth health);
void pr_backup_set_size (PrBackup *self, gint64 size);
