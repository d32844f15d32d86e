/* What the cable, the port and the phone did, and what that means: pure functions over a history of events.
 *
 * Somebody tells the history what happened (the helper's lines, usbmuxd, lockdownd, the person); nothing here looks at
 * a device, at a clock or at the screen. Times are those of g_get_monotonic_time(), in microseconds. A history keeps
 * ten minutes and 4,096 events at most.
 *
 * Any thread, one at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-phone.h"

typedef enum {
    PR_LINK_ATTACHED, /* port, mode, ecid, speed, best_speed, hub_depth, unpowered, held, suspended, count (retries) */
    PR_LINK_DETACHED, /* port */
    PR_LINK_ANSWERED, /* port, trust, name: the phone's system answered (lockdownd) */
    PR_LINK_SILENT,   /* port: it was asked, and did not answer within its limit */
    PR_LINK_OVER_CURRENT, /* port: the hub or the computer cut the power of a port */
    PR_LINK_EXPECTED,     /* an operation begins: modes change from now on because we want it */
    PR_LINK_SETTLED,      /* the operation is over */
    PR_LINK_SLEPT,        /* the computer was asleep until now */
    PR_LINK_DAEMONS,      /* count: so many usbmuxd run */
    PR_LINK_CHARGES,      /* the person says that the phone shows that it charges */
    PR_LINK_IN_MACHINE,   /* this computer is a virtual machine */
} PrLinkEventKind;
#define PR_LINK_N_EVENTS (PR_LINK_IN_MACHINE + 1)

typedef struct {
    gint64 time;
    PrLinkEventKind kind;
    char port[32]; /* "1-2.4"; cut where longer */
    PrPhoneMode mode;
    guint64 ecid;       /* 0: not known */
    int speed;          /* Mbit/s; 0: not known */
    int best_speed;     /* what the model can do; 0: not known */
    int hub_depth;      /* -1: not known */
    gboolean unpowered; /* the system gave it no configuration, because the port has too little power for it */
    gboolean held;      /* another program holds it */
    gboolean suspended; /* the system lets it sleep to save power */
    PrTrust trust;
    char name[64]; /* "": not known */
    guint count;
} PrLinkEvent;

typedef enum {
    PR_FINDING_OVER_CURRENT,
    PR_FINDING_NO_POWER,
    PR_FINDING_LOOSE_CONTACT,
    PR_FINDING_SLEPT,       /* the computer slept in the middle of an operation */
    PR_FINDING_TWO_DAEMONS, /* two usbmuxd take the phone from each other */
    PR_FINDING_HELD,        /* another program holds the phone */
    PR_FINDING_BOOT_LOOP,
    PR_FINDING_HANGS, /* it is on the bus, and its system does not come up */
    PR_FINDING_ASKS,  /* in recovery mode, and nobody sent it there */
    PR_FINDING_HUBS,  /* two or more between phone and computer */
    PR_FINDING_SLOW,  /* slower than any phone that works */
    PR_FINDING_LOCKED,
    PR_FINDING_NOT_TRUSTED,
    PR_FINDING_SAME_NAME,   /* two phones are called the same */
    PR_FINDING_CHARGE_ONLY, /* a cable without data wires, perhaps */
    PR_FINDING_IN_MACHINE,  /* USB reaches this computer through another one */
    PR_FINDING_BELOW_BEST,  /* information: the model could be faster with another cable or port */
} PrFindingKind;
#define PR_N_FINDINGS (PR_FINDING_BELOW_BEST + 1)

typedef enum {
    PR_SURENESS_INFORMATION, /* nothing is wrong */
    PR_SURENESS_LOW,
    PR_SURENESS_LIKELY,
    PR_SURENESS_SEEN, /* the computer itself says so */
} PrSureness;

typedef struct {
    PrFindingKind kind;
    PrSureness sureness;
    char port[32];      /* "": of no port */
    guint count;        /* how often: contacts lost, restarts, hubs, daemons, phones, Mbit/s */
    gint64 first, last; /* when the evidence began, and its newest part */
} PrFinding;

/* Is it about the way from the phone to this computer, which a transfer depends on, and stands against it? */
gboolean pr_finding_is_of_way (PrFindingKind kind);
/* Nothing can be moved while it is so: the phone has no power for its data lines, or another program has it. */
gboolean pr_finding_forbids (PrFindingKind kind);
/* It stands against a transfer, and that needs only be said: two hubs work often enough, three never do. */
gboolean pr_finding_is_mild (const PrFinding *finding);
/* (nullable): the weightiest of these among @findings (nullable; weightiest first), one that forbids before the others;
 * borrowed from them */
const PrFinding *pr_findings_get_of_way (const GArray *findings);

/* (nullable): the one to show where there is room for one: the weightiest that a person can do something about; what is
 * only good to know about the link comes when all else is well. Borrowed. */
const PrFinding *pr_findings_get_shown (const GArray *findings);

/* What to try, mildest first. */
typedef enum {
    PR_TRY_END,
    PR_TRY_WAIT,
    PR_TRY_UNLOCK,
    PR_TRY_TRUST,
    PR_TRY_CABLE,
    PR_TRY_DIRECT_PORT,
    PR_TRY_OTHER_PORT,
    PR_TRY_CLOSE_OTHERS, /* other programs that use the phone */
    PR_TRY_RESTART_COMPUTER,
    PR_TRY_CHARGE,
    PR_TRY_FORCE_RESTART,
    PR_TRY_LEAVE_RECOVERY,
    PR_TRY_UPDATE,
    PR_TRY_OTHER_COMPUTER,
} PrTry;

typedef struct _PrLinkHistory PrLinkHistory;

PrLinkHistory *pr_link_history_new (void);
void pr_link_history_free (PrLinkHistory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrLinkHistory, pr_link_history_free)

/* An event that is older than the newest one is taken to have happened with it. */
void pr_link_history_add (PrLinkHistory *self, const PrLinkEvent *event);
guint pr_link_history_get_length (PrLinkHistory *self);
const PrLinkEvent *pr_link_history_get (PrLinkHistory *self, guint index); /* borrowed; oldest first */

/**
 * pr_link_history_find:
 * @now: the time for which it is asked; silence counts up to it
 *
 * Returns: (transfer full): of PrFinding, the weightiest first; one a kind and port
 */
GArray *pr_link_history_find (PrLinkHistory *self, gint64 now);

/* Contacts that were lost at @port (NULL: at any) since @since: a coming back in the mode in which it had left. */
guint pr_link_history_count_lost (PrLinkHistory *self, const char *port, gint64 since);

/* One stay on the bus. */
typedef struct {
    gint64 from, to;  /* @to is the time asked for while it is there */
    gboolean present; /* it is there */
    gboolean lost;    /* contact was lost at its end, and came back */
    PrPhoneMode mode;
    int speed;     /* Mbit/s; 0: not known */
    int hub_depth; /* -1: not known */
} PrLinkSpan;

gboolean pr_link_history_is_any_present (PrLinkHistory *self); /* is a phone on the bus? */
/* The port at which something happened last; NULL: nothing has. Borrowed until the next event. */
const char *pr_link_history_get_last_port (PrLinkHistory *self);
/* (transfer full): of PrLinkSpan, oldest first: the stays at @port that did not end before @since. */
GArray *pr_link_history_list_spans (PrLinkHistory *self, const char *port, gint64 since, gint64 now);

/* What to try in this order; it ends with PR_TRY_END. */
const PrTry *pr_finding_get_tries (PrFindingKind kind);
