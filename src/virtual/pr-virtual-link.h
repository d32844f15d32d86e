/* DeviceLink, the language of mobilebackup2: the phone asks the computer to keep its files, and the computer answers
 * each with a status. Arrays in binary plists; what is in files goes between them in frames.
 *
 * For the thread of one connection; blocking. Functions that return FALSE have said why: either the connection is over
 * (@over), or @code is what the computer is to be told at the end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-services.h"

/* Of the domain MBErrorDomain, as issue threads and open tools know them. */
enum {
    PR_VIRTUAL_ERROR_GENERAL = 1,
    PR_VIRTUAL_ERROR_NOT_FOUND = 4,
    PR_VIRTUAL_ERROR_IO = 100,
    PR_VIRTUAL_ERROR_STATUS = 103,
    PR_VIRTUAL_ERROR_HOST_IO = 104,
    PR_VIRTUAL_ERROR_HOST_FULL = 105,
    PR_VIRTUAL_ERROR_CANCELLED = 202,
    PR_VIRTUAL_ERROR_VERSION = 203,
    PR_VIRTUAL_ERROR_STATE = 204,
    PR_VIRTUAL_ERROR_CORRUPT = 205,
    PR_VIRTUAL_ERROR_PASSWORD = 207,
    PR_VIRTUAL_ERROR_LOCKED = 208,
    PR_VIRTUAL_ERROR_FIND_MY = 211,
    PR_VIRTUAL_ERROR_SETUP = 212,
};

/* Bytes that go over the connection at once: few enough that the computer has work while the next are made. */
#define PR_VIRTUAL_LINK_PIECE (128 * 1024)

/* What a computer's status says went wrong. */
enum { PR_VIRTUAL_LINK_EXISTS = -7, PR_VIRTUAL_LINK_FULL = -15 };

typedef struct {
    PrVirtualPhone *phone;
    PrVirtualStream *stream;
    gboolean over; /* nothing can be said any more */
    guint code;    /* what went wrong; 0: nothing */
    char *why;
    double progress;   /* per cent */
    gboolean restarts; /* once the end is told */

    /* so far, in this conversation */
    guint64 bytes, files, moves;
    char *stalled; /* (nullable): where it did last */

    GByteArray *out; /* frames to be sent */
    guint flush_at;  /* bytes of it that are sent at once */
    /* faults, read when a phase begins; G_MAXUINT64: not set */
    guint64 cut_at_bytes, cut_at_file, cut_moving, stall_at_bytes, restore_cut_at_file, restore_stall_at_file;
    guint64 error_at_file;
    guint8 error_code;
    double pace; /* seconds a byte */
} PrVirtualLink;

PrVirtualLink *pr_virtual_link_new (PrVirtualPhone *phone, PrVirtualStream *stream);
void pr_virtual_link_free (PrVirtualLink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrVirtualLink, pr_virtual_link_free)

/* The exchange of versions. */
gboolean pr_virtual_link_greet (PrVirtualLink *self);
/* (transfer full) (nullable): the dictionary of the next DLMessageProcessMessage; NULL at the end. */
plist_t pr_virtual_link_receive (PrVirtualLink *self);
/* Tells how what was asked for ended, by @code and @why; @content may be NULL. */
gboolean pr_virtual_link_respond (PrVirtualLink *self, const char *content);
/* Takes @response. */
gboolean pr_virtual_link_respond_with (PrVirtualLink *self, plist_t response);
/* Returns: FALSE, having noted @code and @why unless something else was before. */
gboolean pr_virtual_link_fail (PrVirtualLink *self, guint code, const char *why);

/* Begins anew for the next request. */
void pr_virtual_link_forget (PrVirtualLink *self);

/* Says in the log that @name begins, and suffers what is to happen then. */
gboolean pr_virtual_link_phase (PrVirtualLink *self, const char *name);
/* Leaves the bus, and does not come back before the cable is plugged in. Returns: FALSE. */
gboolean pr_virtual_link_cut (PrVirtualLink *self);

/* Says and takes nothing for as long as the fault backup-stall says @name. */
gboolean pr_virtual_link_stall (PrVirtualLink *self, const char *name);
gboolean pr_virtual_link_stall_in_data (PrVirtualLink *self); /* the fault backup-stall-at-bytes */
gboolean pr_virtual_link_stall_at_file (PrVirtualLink *self); /* the fault restore-stall-at-file, if it is that far */
/* Nothing more can be said. Returns: FALSE. */
gboolean pr_virtual_link_end (PrVirtualLink *self);

/* --- Requests to the computer --- */

gboolean pr_virtual_link_send (PrVirtualLink *self, plist_t message); /* takes it */
gboolean pr_virtual_link_receive_status (PrVirtualLink *self, gint64 *status, plist_t *payload);
/* Any status but 0 fails; @what it is of. */
gboolean pr_virtual_link_take_status (PrVirtualLink *self, const char *what);

/* Sends @message, which it takes. Returns: FALSE if no status came; else @status and @payload (transfer full, both
 * optional) are set. */
gboolean pr_virtual_link_ask (PrVirtualLink *self, plist_t message, gint64 *status, plist_t *payload);
/* (transfer full): ["DLMessage@name"]. */
plist_t pr_virtual_link_message (const char *name);
/* Appends an empty dictionary and the progress, and asks; any status but 0 and @accepted fails. */
gboolean pr_virtual_link_demand (PrVirtualLink *self, plist_t message, gint64 accepted);

gboolean pr_virtual_link_make_folder (PrVirtualLink *self, const char *path);
gboolean pr_virtual_link_move (PrVirtualLink *self, plist_t from_to); /* takes it */
gboolean pr_virtual_link_remove (PrVirtualLink *self, plist_t paths); /* takes it */
gboolean pr_virtual_link_free_space (PrVirtualLink *self, guint64 *bytes);
/* (transfer full) (nullable): what is in the folder @path; NULL when it is over. */
plist_t pr_virtual_link_list (PrVirtualLink *self, const char *path);

/* --- Files to the computer --- */

/* Bytes that are no part of what the functions below would send. */
gboolean pr_virtual_link_send_raw (PrVirtualLink *self, const void *data, gsize length);

gboolean pr_virtual_link_begin_upload (PrVirtualLink *self, guint64 total);
gboolean pr_virtual_link_begin_file (PrVirtualLink *self, const char *phone_name, const char *host_name);
gboolean pr_virtual_link_data (PrVirtualLink *self, const guint8 *data, gsize length);
/* @code: 0, or of what went wrong with it on the phone. */
gboolean pr_virtual_link_end_file (PrVirtualLink *self, guint8 code, const char *text);
gboolean pr_virtual_link_end_upload (PrVirtualLink *self);
/* All of it, for one file: of memory, and of the phone's own folder. */
gboolean pr_virtual_link_upload_bytes (PrVirtualLink *self, const char *host_name, const void *data, gsize length);
gboolean pr_virtual_link_upload_file (PrVirtualLink *self, const char *host_name, const char *path);

/* --- Files from the computer --- */

typedef struct {
    gboolean (*open) (const char *name, gpointer data);
    gboolean (*data) (const guint8 *bytes, gsize length, gpointer data);
    gboolean (*close) (guint8 code, const char *text, gpointer data); /* @code: 0 when it is whole */
    gpointer user_data;
} PrVirtualSink;

/* Takes @paths, an array. Returns: FALSE if it did not come to a @status, or @sink did not like it. */
gboolean pr_virtual_link_download (PrVirtualLink *self, plist_t paths, const PrVirtualSink *sink, gint64 *status);
/* Into the phone's own folder. @there: whether the computer had it. */
gboolean pr_virtual_link_download_file (PrVirtualLink *self, const char *host_name, const char *path, gboolean *there);
