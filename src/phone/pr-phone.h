/* One phone through all its modes, joined by its ECID.
 *
 * Main thread only, except pr_phone_wait() and what its comment names. Values that are not known are NULL, 0, -1 or
 * the UNKNOWN of their enum; unknown never means "off". The properties can be set, but only PrPhoneList does (a test
 * may make a phone of its own that way); "title" and "busy" are read only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

typedef enum {
    PR_PHONE_MODE_GONE, /* not connected now */
    PR_PHONE_MODE_NORMAL,
    PR_PHONE_MODE_RECOVERY,
    PR_PHONE_MODE_DFU,
    PR_PHONE_MODE_RESTORE,
} PrPhoneMode;

typedef enum {
    PR_TRUST_UNKNOWN,
    PR_TRUST_NEVER,   /* never paired with this computer */
    PR_TRUST_WAITING, /* the question is on its screen */
    PR_TRUST_REFUSED,
    PR_TRUST_LOCKED, /* wants its passcode before it talks */
    PR_TRUST_STALE,  /* the pair record here is no longer known to it */
    PR_TRUST_TRUSTED,
} PrTrust;

typedef enum {
    PR_ANSWER_UNKNOWN,
    PR_ANSWER_NO,
    PR_ANSWER_YES,
} PrAnswer;

typedef enum {
    PR_ACCESS_UNKNOWN,
    PR_ACCESS_GOOD,
    PR_ACCESS_REFUSED,
} PrAccess;

#define PR_TYPE_PHONE (pr_phone_get_type ())
G_DECLARE_FINAL_TYPE (PrPhone, pr_phone, PR, PHONE, GObject)

/* Every value is a property of the same name too ("find-my"), notified on change. */
guint64 pr_phone_get_ecid (PrPhone *self);     /* 0: not known yet */
const char *pr_phone_get_udid (PrPhone *self); /* as libimobiledevice writes it */
PrPhoneMode pr_phone_get_mode (PrPhone *self);
PrTrust pr_phone_get_trust (PrPhone *self);
const char *pr_phone_get_name (PrPhone *self);         /* what its owner called it */
const char *pr_phone_get_title (PrPhone *self);        /* the name, else the model's name, else "iPhone" */
const char *pr_phone_get_model_name (PrPhone *self);   /* "iPhone 14" */
const char *pr_phone_get_product_type (PrPhone *self); /* "iPhone14,7" */
const char *pr_phone_get_board (PrPhone *self);        /* "d27ap" */
const char *pr_phone_get_family (PrPhone *self);       /* drawings: "home", "notch", "island", "tablet" … */
const char *pr_phone_get_version (PrPhone *self);      /* "17.6.1"; kept when it goes to recovery */
const char *pr_phone_get_build (PrPhone *self);
const char *pr_phone_get_serial (PrPhone *self);
const char *pr_phone_get_imei (PrPhone *self);      /* of its modem; kept when it is erased */
guint64 pr_phone_get_capacity (PrPhone *self);      /* bytes, as it is sold; 0 unknown */
guint64 pr_phone_get_storage_total (PrPhone *self); /* bytes of the data partition; 0 unknown */
guint64 pr_phone_get_storage_free (PrPhone *self);
int pr_phone_get_battery (PrPhone *self); /* per cent; -1 unknown */
PrAnswer pr_phone_get_charging (PrPhone *self);
PrAnswer pr_phone_get_find_my (PrPhone *self);
gint64 pr_phone_get_find_my_time (PrPhone *self); /* g_get_monotonic_time() of that reading; 0 never */
PrAnswer pr_phone_get_activation_lock (PrPhone *self);
PrAnswer pr_phone_get_supervised (PrPhone *self);
const char *pr_phone_get_organization (PrPhone *self);
PrAnswer pr_phone_get_encrypts (PrPhone *self);     /* its backups on a computer are encrypted */
PrAnswer pr_phone_get_must_encrypt (PrPhone *self); /* an organisation wants that */
PrAnswer pr_phone_get_activated (PrPhone *self);
PrAnswer pr_phone_get_set_up (PrPhone *self);       /* the setup assistant is done */
PrAnswer pr_phone_get_cloud_backup (PrPhone *self); /* iCloud Backup switched on */
GDateTime *pr_phone_get_last_cloud_backup (PrPhone *self);
GDateTime *pr_phone_get_last_computer_backup (PrPhone *self);
/* the link */
const char *pr_phone_get_port (PrPhone *self);         /* "1-2.4" */
int pr_phone_get_speed (PrPhone *self);                /* Mbit/s; 0 unknown */
int pr_phone_get_hub_depth (PrPhone *self);            /* hubs between; -1 unknown */
PrAccess pr_phone_get_recovery_access (PrPhone *self); /* may this computer open it in recovery mode? */
gint64 pr_phone_get_steady_since (PrPhone *self);      /* monotonic time of the last attach; 0 unknown */
GArray *pr_phone_get_findings (PrPhone *self);         /* of PrFinding (pr-link.h): about it and its port; NULL: none */

/* One operation a phone. Set by PrOperation. */
gboolean pr_phone_get_busy (PrPhone *self);
gboolean pr_phone_claim (PrPhone *self, GError **error); /* PR_ERROR_BUSY when an operation runs on it */
void pr_phone_release (PrPhone *self);

/**
 * pr_phone_wait:
 * @modes: bit mask, (1 << PR_PHONE_MODE_X) | …
 * @seconds: the limit; a wait always has an end
 *
 * Blocks until the phone is in one of @modes. Any thread but the main one.
 *
 * Returns: whether it arrived. %FALSE without @error at the limit; G_IO_ERROR_CANCELLED when cancelled.
 */
gboolean pr_phone_wait (PrPhone *self, guint modes, double seconds, GCancellable *cancellable, GError **error);

/**
 * pr_phone_peek_mode:
 *
 * Returns: the mode now. Any thread.
 */
PrPhoneMode pr_phone_peek_mode (PrPhone *self);
/* How often it has come or gone so far, so that a worker sees a change that it slept through. Any thread. */
guint pr_phone_peek_changes (PrPhone *self);
