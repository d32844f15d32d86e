/* What the files of the plan share: pr-plan.c has the choices and the questions, pr-plan-goals.c what each goal asks
 * for, pr-plan-judge.c how each check stands, pr-plan-look.c what is read in tasks.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup-place.h"
#include "pr-backup-proof.h"
#include "pr-plan.h"
#include "pr-system-file.h"

struct _PrPlan {
    GObject parent_instance;

    /* owned */
    PrPhoneList *phones;
    PrBackupLibrary *library;
    PrServers *servers; /* NULL: nobody is asked for versions */
    GStrv environment;
    char *firmware_folder;

    PrPhone *phone;
    PrConfirmation *confirmation;
    GListStore *checks;
    PrSystemFile *file; /* what is known of the chosen system file; NULL while it is looked for */
    GCancellable *looking;
    GPtrArray *versions;    /* of PrFirmware; NULL: not known (yet) */
    PrFirmware *version;    /* the one that is to be downloaded */
    GError *versions_error; /* why they are not known */
    GCancellable *asking;   /* for them */
    char *chosen;           /* the path of a file that was chosen by hand */

    PrBackup *backup;
    char *password;        /* of that backup, or of the phone's backups */
    PrBackupProof *proof;  /* what a verification of the backup said; NULL while it runs, or was not asked for */
    GCancellable *proving; /* NULL: it does not run */
    GError *wrong;         /* the password that was tried last does not open it */
    char *old_password, *new_password;
    PrBackupPlace *place; /* NULL while it is looked at */
    GCancellable *placing;
    GCancellable *listing; /* the library is being read */
    guint reading;         /* source that has Find My read again in time; 0: none */

    PrGoal goal;
    gboolean listed; /* the library was read for this goal */
    gboolean same_phone;
    PrAnswer hand_over, keep_esim;
    gboolean readiness_passed;
    PrQuestion question;
    gboolean ready;
    guint keep_versions;
};

/* --- pr-plan-goals.c --- */

typedef struct {
    guint modes;         /* from which it can be reached */
    guint checks;        /* what it asks for before it starts */
    gboolean confirm;    /* guard rail 1 */
    gboolean erases;     /* everything */
    gboolean wants_old;  /* password */
    gboolean wants_new;  /* password */
    gboolean wants_list; /* the library's newest backup of the phone */
    gboolean asks_phone; /* is carried out by the running system, if that is new enough and trusts this computer */
    PrAnswer encrypted;  /* what the phone's backups must not be known not to be; UNKNOWN: either */
    const char *action;
} PrPlanGoal;

const PrPlanGoal *pr_plan_goals_get (PrGoal goal);
gboolean pr_plan_asks_for (PrPlan *self, PrCheckKind kind);

/* --- pr-plan-judge.c --- */

gboolean pr_plan_is_present (PrPlan *self);
/* Erasing for somebody else: guard rail 4. */
gboolean pr_plan_hands_over (PrPlan *self);
/* Is it judged while the phone is away? */
gboolean pr_plan_judges_without_phone (PrCheckKind kind);
PrCheckState pr_plan_judge (PrPlan *self, PrCheckKind kind, GError **error);
/* Does its consent count only once the person was shown where to look? */
gboolean pr_plan_wants_showing (PrPlan *self, PrCheckKind kind);

/* --- pr-plan-look.c: each ends in pr_plan_update() --- */

/* Reads the chosen file, or without one looks in the firmware folder for the newest that fits. */
void pr_plan_look_for_file (PrPlan *self);
/* Looks at the folder where backups are kept. */
void pr_plan_look_at_place (PrPlan *self);
/* Reads the library where the goal depends on it; pr_plan_find_backup() follows. */
void pr_plan_read_library (PrPlan *self);
/* Verifies the backup, where the goal wants that. */
void pr_plan_prove (PrPlan *self);
/* Has the phone tell of Find My again before what it told is too old, where the goal depends on it. */
void pr_plan_keep_reading (PrPlan *self);
/* All of them end, and nothing more is heard of them. */
void pr_plan_stop_looking (PrPlan *self);

/* --- pr-plan-versions.c --- */

/* Asks which versions there are, where the goal installs one; pr_plan_notify_versions() follows. */
void pr_plan_ask_for_versions (PrPlan *self);
void pr_plan_forget_versions (PrPlan *self);

/* --- pr-plan.c --- */

/* Judges everything anew, and says what changed. */
void pr_plan_update (PrPlan *self);
/* The library changed: which backup is it about now? */
void pr_plan_find_backup (PrPlan *self);
void pr_plan_notify_file (PrPlan *self);
void pr_plan_notify_versions (PrPlan *self);
