/* What can go wrong, as a closed list that the window can act on.
 *
 * The nick of a code ("no-daemon") is the id of the guide that explains it, data/guides/<nick>.blp; a test walks the
 * list. Messages are technical English for the Details; what a person reads is the guide. Cancellation is always
 * G_IO_ERROR_CANCELLED and never one of these.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

typedef enum {
    /* the computer */
    PR_ERROR_NO_DAEMON,         /* usbmuxd does not answer */
    PR_ERROR_NO_USB_PERMISSION, /* a recovery device may not be opened */
    PR_ERROR_HELPER_GONE,       /* phone-reset-usb died and does not stay up */
    PR_ERROR_TOOL_MISSING,      /* idevicerestore is not installed */
    PR_ERROR_NO_SPACE,          /* the computer's disk is full */
    PR_ERROR_BUSY,              /* another program holds the phone, or another operation runs on it */
    /* trust */
    PR_ERROR_NOT_TRUSTED,   /* the person tapped Don't Trust */
    PR_ERROR_TRUST_PENDING, /* the question is on the phone's screen, unanswered */
    PR_ERROR_LOCKED,        /* the phone wants its passcode first */
    PR_ERROR_STALE_PAIRING, /* this computer's pair record is no longer known to the phone */
    /* the link */
    PR_ERROR_UNPLUGGED,         /* gone before anything was changed */
    PR_ERROR_UNPLUGGED_IN_WORK, /* gone while the system was being written */
    PR_ERROR_LOST_IN_START,     /* gone while its first boot stage was sent */
    PR_ERROR_NO_ANSWER,         /* connected, but silent past the written limit */
    PR_ERROR_WRONG_PHONE,       /* not the phone that was confirmed */
    /* changes of mode */
    PR_ERROR_RECOVERY_REFUSED,   /* it did not go to recovery mode when asked */
    PR_ERROR_NO_RECOVERY_RETURN, /* it did not come back after its boot stage was sent */
    PR_ERROR_NO_RESTORE_MODE,    /* it did not arrive in restore mode */
    PR_ERROR_BACK_IN_RECOVERY,   /* it left recovery mode and came back there: the system is incomplete */
    PR_ERROR_NO_RESTART,         /* asked to restart or to shut down, it stayed */
    /* the system file */
    PR_ERROR_WRONG_MODEL,     /* made for other models */
    PR_ERROR_FILE_DAMAGED,    /* cannot be read as an IPSW, or is cut short */
    PR_ERROR_NO_KEEPING_DATA, /* has no identity that keeps data for this model */
    PR_ERROR_OLDER_SYSTEM,    /* an update to an older system than the installed one */
    /* versions and their download */
    PR_ERROR_NO_VERSIONS,      /* no source tells which versions there are */
    PR_ERROR_NO_DOWNLOAD,      /* the file's server cannot be reached, or breaks off again and again */
    PR_ERROR_FILE_WITHDRAWN,   /* the server does not have the file, or does not give it */
    PR_ERROR_WRONG_DOWNLOAD,   /* what the server sends is not the file that was announced */
    PR_ERROR_SIGN_IN_FIRST,    /* the network answers in place of the server, and wants the person to sign in */
    PR_ERROR_UNTRUSTED_SERVER, /* the server cannot prove who it is: a bad certificate, or a way without any */
    /* signing */
    PR_ERROR_SIGNING_REFUSED, /* the server does not sign this system for this phone (any more) */
    PR_ERROR_NO_SIGNING,      /* the server cannot be reached */
    /* the work itself */
    PR_ERROR_WOULD_ERASE,   /* an update was about to erase: ended before a byte went to the phone */
    PR_ERROR_PHONE_GAVE_UP, /* the phone reported that a step of its own failed */
    PR_ERROR_TOOL_FAILED,   /* idevicerestore ended without success for a reason not known to us */
    PR_ERROR_ENDED_EARLY,   /* the person ended it past the point of no return */
    PR_ERROR_NOT_CONFIRMED, /* the confirmation is missing, too old, or for something else */
    PR_ERROR_BAD_ANSWER,    /* the phone's answer made no sense */
    /* backups */
    PR_ERROR_BACKUP_DISK_FULL,      /* no room where the backups are kept */
    PR_ERROR_BACKUP_DISK_GONE,      /* that disk was unmounted, is read-only or does not work */
    PR_ERROR_BACKUP_DAMAGED,        /* it is not what it was when it was made, or parts are missing */
    PR_ERROR_WRONG_BACKUP_PASSWORD, /* does not open this backup, or the phone does not take it */
    PR_ERROR_PASSCODE_NOT_ENTERED,  /* the phone waited for its passcode in vain (208) */
    PR_ERROR_SYNC_LOCKED,           /* another program synchronizes with the phone */
    PR_ERROR_BACKUP_CUT,            /* the run ended before the backup was complete */
    PR_ERROR_UNSAFE_DATA,           /* the phone named files that no phone names: nothing of it was kept */
    PR_ERROR_BACKUP_REFUSED,        /* the phone ended a backup with a number that is not one of those above */
    PR_ERROR_ENCRYPTION_REQUIRED,   /* an organisation wants backups to be encrypted */
    /* putting a backup back */
    PR_ERROR_FIND_MY_ON,       /* Find My is on, and the phone takes no backup meanwhile (211) */
    PR_ERROR_NOT_ACTIVATED,    /* it has not been activated yet */
    PR_ERROR_SETUP_UNFINISHED, /* it is being set up, and not where it takes a backup (212) */
    PR_ERROR_BACKUP_MISFIT,    /* of a newer system, or in a format that the phone does not take (203) */
    PR_ERROR_PHONE_FULL,       /* no room on the phone (106) */
    PR_ERROR_PUT_BACK_CUT,     /* it ended after the first file had gone to the phone */
    /* erasing */
    PR_ERROR_ERASE_REFUSED,     /* the phone said no, or is too old to be asked */
    PR_ERROR_ERASE_NOT_STARTED, /* it agreed, and stayed */
    PR_ERROR_ERASE_UNSEEN,      /* it left to be erased, and did not come back */
    PR_ERROR_NOT_ERASED,        /* it came back as it was */
    PR_ERROR_MANAGED,           /* an organisation manages it, so it is not handed over */
} PrError;

#define PR_ERROR (pr_error_quark ())
GQuark pr_error_quark (void);

/**
 * pr_error_get_nick:
 * @code: a #PrError
 *
 * Returns: (transfer none): the id of the guide for @code, for example "no-daemon". Any thread.
 */
const char *pr_error_get_nick (PrError code);

/* Hands on why a file could not be written, as PR_ERROR_NO_SPACE where that was it. @failure: (transfer full). Returns:
 * %FALSE. Any thread. */
gboolean pr_error_propagate_file (GError **error, GError *failure);
