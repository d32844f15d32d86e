/* Backs a phone up into a store, and puts a backup back, through the phone's service mobilebackup2.
 *
 * Blocking: called from an operation's run(). Every wait has an end: @silence while the phone works, @preparing before
 * it has sent the first file (it may also wait for its passcode then).
 *
 * Errors beside those of the link and of trust: PR_ERROR_BACKUP_DISK_FULL, _BACKUP_DISK_GONE, _BACKUP_CUT (the phone or
 * the cable ended it, or what arrived does not verify), _PASSCODE_NOT_ENTERED, _WRONG_BACKUP_PASSWORD, _SYNC_LOCKED,
 * _UNSAFE_DATA, _BACKUP_REFUSED (a number of the phone's that is not one of these), _BUSY; of putting back also
 * _BACKUP_DAMAGED, _FIND_MY_ON, _SETUP_UNFINISHED, _BACKUP_MISFIT, _PHONE_FULL, _PUT_BACK_CUT; and
 * G_IO_ERROR_CANCELLED.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup-store.h"
#include "pr-backup-verify.h"

/* What it is busy with. */
typedef enum {
    PR_MOBILE_BACKUP_STAGE_OPEN, /* the connection, and a lock that keeps others from synchronizing */
    PR_MOBILE_BACKUP_STAGE_COPY, /* a working copy of the backup before */
    PR_MOBILE_BACKUP_STAGE_WAIT, /* the phone prepares, and may ask for its passcode */
    PR_MOBILE_BACKUP_STAGE_FILES,
    PR_MOBILE_BACKUP_STAGE_VERIFY, /* verifies, syncs, takes its place */
} PrMobileBackupStage;

typedef struct {
    PrMobileBackupStage stage;
    double fraction;        /* 0 to 1, as the phone says; never less than before */
    guint64 bytes, files;   /* that went over the link so far */
    gboolean asks_passcode; /* the question is on the phone's screen */
} PrMobileBackupProgress;

/* Called often, in the caller's thread or in one of its own, never in both at once. */
typedef void (*PrMobileBackupFunc) (const PrMobileBackupProgress *progress, gpointer data);

/* The point of no return: a new backup is whole and about to take its place; the phone asks for the first file of a
 * backup that is put back. In the caller's thread, once. FALSE with @error: it ends here. */
typedef gboolean (*PrMobileBackupCross) (gpointer data, GError **error);

typedef struct {
    guint silence;             /* seconds; 0: 120 */
    guint preparing;           /* seconds; 0: 600 */
    PrMobileBackupFunc func;   /* (nullable) */
    PrMobileBackupCross cross; /* (nullable) */
    gpointer data;             /* of both */
    gint64 *phone_code;     /* (out) (optional): the number with which the phone ended; 0: it did not, or all is well */
    gboolean keep_unproven; /* a password that does not open the new backup is no failure */
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
    const char *path;       /* (nullable): of the backup, where it is not the one of @source in the store */
    const char *password;   /* (nullable) */
    gboolean verified;      /* the caller has just done so */
    gboolean system_files;  /* also settings of the system */
    gboolean keep_settings; /* what the phone has set stays */
    gboolean remove_others; /* what the backup does not have is removed */
    gboolean no_restart;    /* the phone is not restarted at the end */
} PrMobileBackupWish;

/**
 * pr_mobile_backup_put_back:
 *
 * @store: (nullable): not needed with a path
 *
 * The backup is verified quickly first, and nothing is sent if that fails. It is only read; whoever calls this keeps
 * others from writing to it (pr_backup_lock_read()). The phone restarts after success.
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
