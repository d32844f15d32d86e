/* Downloads the file of a system version into the folder of system files: continued after every interruption, never
 * mixed from two versions, checked by its digest while it arrives, and named only once that is right.
 *
 * Two processes that want the same file fetch it once: one does, the other waits and sees how far it is. Blocking; the
 * thread of an operation. Progress is told in that thread, ten times a second at most.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-firmware-folder.h"
#include "pr-firmware.h"
#include "pr-web.h"

typedef enum {
    PR_FETCH_ASKING,    /* the server, for the first or next piece */
    PR_FETCH_RECEIVING, /* bytes */
    PR_FETCH_RESTING,   /* it broke off: a pause before the next try */
    PR_FETCH_PAUSED,    /* until the person goes on */
    PR_FETCH_OTHER,     /* another process is downloading it */
    PR_FETCH_CHECKING,  /* the digest of what is there */
} PrFetchState;

typedef struct {
    PrFetchState state;
    guint64 done;        /* bytes */
    guint64 total;       /* bytes; 0: not known */
    double speed;        /* bytes a second, of the last seconds */
    double seconds_left; /* -1: not known */
} PrFetchProgress;

typedef void (*PrFetchProgressFunc) (const PrFetchProgress *progress, gpointer data);

#define PR_TYPE_FETCH (pr_fetch_get_type ())
G_DECLARE_FINAL_TYPE (PrFetch, pr_fetch, PR, FETCH, GObject)

PrFetch *pr_fetch_new (PrWeb *web, PrFirmwareFolder *folder, PrFirmware *firmware);
void pr_fetch_set_progress_func (PrFetch *self, PrFetchProgressFunc func, gpointer data);

/* Pauses, or goes on. Any thread. What has arrived stays. */
void pr_fetch_set_paused (PrFetch *self, gboolean paused);

/**
 * pr_fetch_run:
 *
 * Errors: PR_ERROR_NO_DOWNLOAD (six tries in a row brought nothing), _FILE_WITHDRAWN, _WRONG_DOWNLOAD, _SIGN_IN_FIRST,
 * _UNTRUSTED_SERVER, _NO_SPACE; G_IO_ERROR_CANCELLED; G_IO_ERRORs of the folder. What has arrived is kept, unless it is
 * of the wrong file, and the next run continues.
 *
 * Returns: (transfer full) (nullable): the path of the file, whose digest was right
 */
char *pr_fetch_run (PrFetch *self, GCancellable *cancellable, GError **error);
