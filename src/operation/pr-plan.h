/* What the person has chosen so far, and the next question that is still open. No GTK; tested without a display.
 *
 * Pages write choices into the plan and never push each other; the window asks pr_plan_get_next_question() and shows
 * the page that asks it. Main thread only; reading files happens in a task of its own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup-library.h"
#include "pr-check.h"
#include "pr-confirmation.h"
#include "pr-firmware.h"
#include "pr-operation.h"
#include "pr-phone-list.h"
#include "pr-servers.h"

typedef enum {
    PR_GOAL_NONE,
    PR_GOAL_RESTART,
    PR_GOAL_SHUT_DOWN,
    PR_GOAL_ENTER_RECOVERY,
    PR_GOAL_LEAVE_RECOVERY,
    PR_GOAL_UPDATE,  /* a new copy of the system, data kept */
    PR_GOAL_RESTORE, /* a new copy of the system, everything else erased */
    PR_GOAL_ERASE,   /* everything, by the phone's own system */
    PR_GOAL_BACK_UP,
    PR_GOAL_PUT_BACK,        /* a backup's content in place of what is on the phone */
    PR_GOAL_ENCRYPT,         /* backups are encrypted from now on */
    PR_GOAL_CHANGE_PASSWORD, /* of encrypted backups */
    PR_GOAL_DECRYPT,         /* backups are not encrypted any more */
    PR_GOAL_DOWNLOAD,        /* of a system version, on the way to one of the others: never the plan's own */
} PrGoal;

typedef enum {
    PR_QUESTION_PHONE,     /* which phone? */
    PR_QUESTION_GOAL,      /* what shall happen? */
    PR_QUESTION_BACKUP,    /* put back: which backup? pr_plan_set_backup() */
    PR_QUESTION_PASSWORD,  /* which old and new password? pr_plan_set_passwords() */
    PR_QUESTION_READINESS, /* is it safe to start? (includes the system file) */
    PR_QUESTION_CONFIRM,   /* does the person really want it? */
    PR_QUESTION_NONE,      /* nothing open: pr_plan_create_operation() */
} PrQuestion;

#define PR_TYPE_PLAN (pr_plan_get_type ())
G_DECLARE_FINAL_TYPE (PrPlan, pr_plan, PR, PLAN, GObject)

/**
 * pr_plan_new:
 * @library: its list is read anew where a goal depends on it
 * @servers: (nullable): which are asked for versions and signatures; without it, none for versions
 * @environment: (nullable): variables to add for the restore tool
 * @firmware_folder: (nullable): where system files are looked for
 */
PrPlan *pr_plan_new (PrPhoneList *phones,
                     PrBackupLibrary *library,
                     PrServers *servers,
                     const char *const *environment,
                     const char *firmware_folder);

PrBackupLibrary *pr_plan_get_library (PrPlan *self);
PrPhoneList *pr_plan_get_phones (PrPlan *self); /* borrowed */

/* Properties of the same names, notified: "phone", "goal", "file", "backup", "versions", "hand-over", "ready",
 * "question". */
PrPhone *pr_plan_get_phone (PrPlan *self);
void pr_plan_set_phone (PrPlan *self, PrPhone *phone); /* resets everything else */
PrGoal pr_plan_get_goal (PrPlan *self);
void pr_plan_set_goal (PrPlan *self, PrGoal goal);             /* resets readiness and confirmation */
gboolean pr_plan_goal_is_possible (PrPlan *self, PrGoal goal); /* for the phone in its mode now */
gboolean pr_plan_goal_erases (PrGoal goal);
const char *pr_plan_goal_get_action (PrGoal goal); /* for pr_confirmation_new() */

/* The system file. NULL while none is chosen; one that fits is chosen by itself from the firmware folder. */
const char *pr_plan_get_file (PrPlan *self);
const char *pr_plan_get_file_version (PrPlan *self);
void pr_plan_set_file (PrPlan *self, const char *path);

/* The versions that can be downloaded for this phone and goal, newest first. (transfer none) (nullable) (element-type
 * PrFirmware): %NULL while they are asked for, and where pr_plan_get_versions_error() says why there are none */
GPtrArray *pr_plan_get_versions (PrPlan *self);
const GError *pr_plan_get_versions_error (PrPlan *self);
/* The chosen one of these, by itself the newest. (nullable). Notified as "versions" */
PrFirmware *pr_plan_get_version (PrPlan *self);
void pr_plan_set_version (PrPlan *self, PrFirmware *version);
/* Is the file that would be installed of that version? */
gboolean pr_plan_has_version (PrPlan *self);
/* (transfer full) (nullable): a PrDownload of it. The phone is not touched, so this needs no confirmation. Its file is
 * for pr_plan_set_file(). */
PrOperation *pr_plan_create_download (PrPlan *self);

/* The backup that is put back; for other goals the newest of this phone in the library. (transfer none) (nullable) */
PrBackup *pr_plan_get_backup (PrPlan *self);
/* Only for PR_GOAL_PUT_BACK. @backup: (nullable). It is verified quickly by itself. */
void pr_plan_set_backup (PrPlan *self, PrBackup *backup);
/* Put back: shall the phone become as it was, or does it take over from another one? By itself: whether it is the same
 * phone. */
gboolean pr_plan_get_same_phone (PrPlan *self);
void pr_plan_set_same_phone (PrPlan *self, gboolean same_phone);
/**
 * pr_plan_try_password:
 * @password: (nullable): of the backup of pr_plan_get_backup(), or to be proven when the phone is backed up. A copy is
 *   kept, and wiped as soon as phone, goal or backup change
 *
 * Proves it in a task. Then PR_CHECK_PASSWORD, and PR_CHECK_BACKUP, are good, or have PR_ERROR_WRONG_BACKUP_PASSWORD.
 */
void pr_plan_try_password (PrPlan *self, const char *password);
/* The two passwords of the three goals about encryption; each is needed or not as the goal says. (nullable) Copies. */
void pr_plan_set_passwords (PrPlan *self, const char *old_password, const char *new_password);

/* Only for PR_GOAL_ERASE: does somebody else get the phone? Guard rail 4 asks more of one that is given away. Unknown
 * until the person says so, and not ready before. */
PrAnswer pr_plan_get_hand_over (PrPlan *self);
void pr_plan_set_hand_over (PrPlan *self, PrAnswer hand_over);
/* Only for PR_GOAL_ERASE: does its eSIM stay? Unknown until the person says so, and no confirmation is taken before;
 * another word makes the confirmation void. */
PrAnswer pr_plan_get_keep_esim (PrPlan *self);
void pr_plan_set_keep_esim (PrPlan *self, PrAnswer keep_esim);

/* How many earlier versions of a phone's backup are kept; 1 by itself. */
void pr_plan_set_keep_versions (PrPlan *self, guint versions);

/* Bytes, for PR_CHECK_ROOM; 0: not known. What is needed is an estimate: see pr-backup-place.h. */
guint64 pr_plan_get_room_needed (PrPlan *self);
guint64 pr_plan_get_room_free (PrPlan *self);
/* No second copy of the backup fits: whoever accepts PR_CHECK_ROOM consents that the backup itself is changed, under an
 * undo journal. */
gboolean pr_plan_needs_journal (PrPlan *self);
/* Is the place slow (TRUE), or only foreign? Where PR_CHECK_PLACE warns. */
gboolean pr_plan_place_is_slow (PrPlan *self);

/* What the confirmation must name: the backup that is put back, else the system file. (nullable) */
const char *pr_plan_get_confirmed_file (PrPlan *self);

GListModel *pr_plan_get_checks (PrPlan *self); /* of PrCheck, in the order in which they are to be shown */
void pr_plan_check_again (PrPlan *self);
gboolean pr_plan_is_ready (PrPlan *self); /* nothing pending or blocking, every warning and unknown accepted */
/* The person pressed Continue. Taken back, with the confirmation, as soon as the plan is not ready any more. */
void pr_plan_set_readiness_passed (PrPlan *self, gboolean passed);

/* Hands over what the confirm page made; dropped if it is not for this phone, this goal and this file. */
void pr_plan_take_confirmation (PrPlan *self, PrConfirmation *confirmation);

PrQuestion pr_plan_get_next_question (PrPlan *self);
/* Only when the next question is NONE. The operation itself fails where the phone is in no mode for it any more. Error:
 * PR_ERROR_NOT_CONFIRMED, also when the confirmation is too old by now, which is then asked for again. */
PrOperation *pr_plan_create_operation (PrPlan *self, GError **error);
