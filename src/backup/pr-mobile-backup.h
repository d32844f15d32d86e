/* Backs a phone up into a store, and puts a backup back, through the phone's service mobilebackup2.
 *
 * Blocking: called from an operation's run(). Every wait has an end: @silence while the phone works, @preparing before
 * it has sent the first file (it may also wait for its passcode then).
 *
 * Errors beside those of the link and of trust: PR_ERROR_BACKUP_DISK_FULL, _BACKUP_DISK_GONE, _BACKUP_CUT (the phone or
 * the cable ended it, or what arrived does not verify), _PASSCODE_NOT_ENTERED, _WRONG_BACKUP_PASSWORD, _SYNC_LOCKED,
 * _UNSAFE_DATA, _BACKUP_DAMAGED (only of a backup that is to be put back), _PHONE_GAVE_UP, _BUSY; and
 * G_IO_ERROR_CANCELLED.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup-store.h"
#include "pr-backup-verify.h"

typedef struct {
    double fraction;        /* 0 to 1, as the phone says; never less than before */
    guint64 bytes, files;   /* that went over the link so far */
    gboolean asks_passcode; /* the question is on the phone's screen */
} PrMobileBackupProgress;

/* Called often, in the caller's thread or in one of its own. */
typedef void (*PrMobileBackupFunc) (const PrMobileBackupProgress *progress, gpointer data);

typedef struct {
    guint silence;           /* seconds; 0: 120 */
    guint preparing;         /* seconds; 0: 600 */
    PrMobileBackupFunc func; /* (nullable) */
    gpointer data;
} PrMobileBackupOptions;

/**
 * pr_mobile_backup_back_up:
 * @full: even where a backup is there already
 * @password: (nullable): of the phone's encrypted backups, to verify what arrived; without it @report->proven is %FALSE
 * @options: (nullable)
 * @report: (out): what the verification found
 *
 * After success the new backup is in its place, verified quickly; after a failure the one before is as it was.
 */
gboolean pr_mobile_backup_back_up (const char *udid,
                                   PrBackupStore *store,
                                   gboolean full,
                                   const char *password,
                                   const PrMobileBackupOptions *options,
                                   PrBackupReport *report,
                                   GCancellable *cancellable,
                                   GError **error);

typedef struct {
    const char *source;     /* (nullable): the backup's UDID, if it is of another phone */
    const char *password;   /* (nullable) */
    gboolean system_files;  /* also settings of the system */
    gboolean keep_settings; /* what the phone has set stays */
    gboolean remove_others; /* what the backup does not have is removed */
    gboolean no_restart;    /* the phone is not restarted at the end */
} PrMobileBackupWish;

/**
 * pr_mobile_backup_put_back:
 *
 * The backup is verified quickly first, and nothing is sent if that fails. It is only read. The phone restarts after
 * success.
 */
gboolean pr_mobile_backup_put_back (const char *udid,
                                    PrBackupStore *store,
                                    const PrMobileBackupWish *wish,
                                    const PrMobileBackupOptions *options,
                                    GCancellable *cancellable,
                                    GError **error);

/* Turns encryption on (@old is %NULL), off (@new is %NULL), or changes its password. The phone asks for its passcode.
 */
gboolean pr_mobile_backup_change_password (const char *udid,
                                           const char *old_password,
                                           const char *new_password,
                                           const PrMobileBackupOptions *options,
                                           GCancellable *cancellable,
                                           GError **error);

/* (transfer full): what the phone says about the backup of it that is in the store. */
char *pr_mobile_backup_read_info (const char *udid,
                                  PrBackupStore *store,
                                  const PrMobileBackupOptions *options,
                                  GCancellable *cancellable,
                                  GError **error);
