/* One row of Readiness: what was looked at, how it stands, and whether the person accepts it as it is.
 *
 * The window puts kind and state into words. Main thread only. Properties: "kind", "state", "accepted", "acceptable",
 * all notified.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-link.h"

typedef enum {
    PR_CHECK_FILE,        /* the system file, and whether it fits */
    PR_CHECK_TOOL,        /* idevicerestore, the helper and usbmuxd are there */
    PR_CHECK_ACCESS,      /* may recovery mode be opened from here? */
    PR_CHECK_TRUST,       /* does the phone talk to this computer? */
    PR_CHECK_SETUP,       /* it is activated, and where it takes a backup */
    PR_CHECK_PLACE,       /* the folder where backups are kept */
    PR_CHECK_FITS,        /* the backup is for a phone like this, of no newer system */
    PR_CHECK_INTACT,      /* the backup is whole */
    PR_CHECK_ENCRYPTION,  /* are backups encrypted? */
    PR_CHECK_PASSWORD,    /* does the backup password open it? */
    PR_CHECK_ROOM,        /* bytes needed, and bytes free */
    PR_CHECK_BACKUP,      /* the last backup */
    PR_CHECK_FIND_MY,     /* after erasing, the Apple Account is asked for */
    PR_CHECK_SUPERVISION, /* an organisation manages it */
    PR_CHECK_BATTERY,
    PR_CHECK_LINK,   /* hubs, contact and power between phone and computer */
    PR_CHECK_UNSEEN, /* what no backup holds: sign-in codes, cards, what is only in iCloud */
    PR_N_CHECKS,
} PrCheckKind;

typedef enum {
    PR_CHECK_PENDING,
    PR_CHECK_GOOD,
    PR_CHECK_WARNING,   /* may be accepted by name */
    PR_CHECK_BLOCKING,  /* may not */
    PR_CHECK_NOT_KNOWN, /* may be accepted by name */
} PrCheckState;

#define PR_TYPE_CHECK (pr_check_get_type ())
G_DECLARE_FINAL_TYPE (PrCheck, pr_check, PR, CHECK, GObject)

PrCheck *pr_check_new (PrCheckKind kind);
PrCheckKind pr_check_get_kind (PrCheck *self);
PrCheckState pr_check_get_state (PrCheck *self);
/* Why it blocks or warns, for the guide; %NULL where the words of the row say it all. */
const GError *pr_check_get_error (PrCheck *self);
gboolean pr_check_get_accepted (PrCheck *self);
void pr_check_set_accepted (PrCheck *self, gboolean accepted);
/* Its consent counts only once the person was shown where to look. Property "acceptable": whether it counts now. */
void pr_check_set_needs_showing (PrCheck *self, gboolean needs_showing);
void pr_check_note_shown (PrCheck *self);
gboolean pr_check_get_acceptable (PrCheck *self);
/* Good, or a warning or an unknown that the person accepted. */
gboolean pr_check_is_settled (PrCheck *self);

/* What was found about the link, where that is why it warns; %NULL elsewhere. */
const PrFinding *pr_check_get_finding (PrCheck *self);

/* Sets how it stands, and why; a change takes an acceptance back, since it was given for something else. @error,
 * @finding: (nullable), copied */
void pr_check_set (PrCheck *self, PrCheckState state, const GError *error, const PrFinding *finding);

/* Was @date within the last hours? For a backup after which everything is to be erased. @date: (nullable) */
gboolean pr_check_is_fresh (GDateTime *date);

/**
 * pr_check_judge_phone:
 * @erases: whether everything on the phone will be erased
 *
 * How does @kind stand for this phone now? For the kinds that the phone itself answers; never optimistic: what is not
 * known is PR_CHECK_NOT_KNOWN. PR_CHECK_BACKUP is judged by the phone's word alone: what it says of another computer
 * cannot be looked at here.
 */
PrCheckState pr_check_judge_phone (PrCheckKind kind, PrPhone *phone, gboolean erases, GError **error);
