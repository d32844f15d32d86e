/* The system file for a plan: found or given, read and judged in a thread of its own; immutable once known.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#define PR_TYPE_SYSTEM_FILE (pr_system_file_get_type ())
G_DECLARE_FINAL_TYPE (PrSystemFile, pr_system_file, PR, SYSTEM_FILE, GObject)

typedef struct {
    const char *path;         /* (nullable): this file; else the newest in @folder that fits */
    const char *folder;       /* (nullable) */
    const char *product_type; /* (nullable) of the phone */
    const char *board;        /* (nullable) */
    const char *version;      /* (nullable): installed now; an update must not go below it. Where the phone does not
                                 tell, it is what it last told */
    guint64 ecid;             /* by which that is remembered */
    gboolean keep_data;
} PrSystemFileQuery;

/**
 * pr_system_file_check:
 * @query: with a path
 *
 * Proves that this file can do this for this phone. Blocking; any thread but the main one.
 *
 * Errors: those of pr_ipsw_check(); PR_ERROR_FILE_DAMAGED, PR_ERROR_OLDER_SYSTEM
 */
gboolean pr_system_file_check (const PrSystemFileQuery *query, GCancellable *cancellable, GError **error);

/* Looks for it and at it. Main thread; @callback too. */
void pr_system_file_look_async (const PrSystemFileQuery *query,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer data);
/* Returns: (transfer full) (nullable): %NULL only when cancelled */
PrSystemFile *pr_system_file_look_finish (GAsyncResult *result);

const char *pr_system_file_get_path (PrSystemFile *self);    /* (nullable): none was found */
const char *pr_system_file_get_version (PrSystemFile *self); /* (nullable) */
const char *pr_system_file_get_build (PrSystemFile *self);   /* (nullable) */
guint64 pr_system_file_get_size (PrSystemFile *self);        /* bytes; 0: not known */
/* Bytes that are free where the tool unpacks it; 0: not known, or none. */
guint64 pr_system_file_get_room (PrSystemFile *self);
/* Is it known that an update to it does not go back? */
gboolean pr_system_file_is_newer (PrSystemFile *self);
/* Why it cannot be used: PrErrors, or G_IO_ERROR_NOT_FOUND where there is none. */
const GError *pr_system_file_get_error (PrSystemFile *self);
/* Why no file could be installed: PR_ERROR_TOOL_MISSING. */
const GError *pr_system_file_get_tool_error (PrSystemFile *self);
