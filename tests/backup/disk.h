/* Every call by which the engine changes the disk, heard between it and the system, and failed on demand.
 *
 * Programs get it by disk_dep, which links them with --wrap: what is linked into the program is heard, the C library's
 * own calls and those of other libraries are not. Only ordinary files and folders count.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

typedef enum {
    DISK_CREATE,
    DISK_MKDIR,
    DISK_LINK,
    DISK_RENAME,
    DISK_EXCHANGE,
    DISK_UNLINK, /* also of folders */
    DISK_MODE,   /* permissions */
    DISK_WRITE,
    DISK_SYNC,     /* a file or a folder */
    DISK_SYNC_ALL, /* the file system */
} DiskCall;

/* What was done. Folders and files are inode numbers, which a file system may give anew once they are free. */
typedef struct {
    DiskCall call;
    guint64 folder, new_folder;  /* of the names */
    const char *name, *new_name; /* (nullable) */
    guint64 subject;             /* what was made, linked, written to or synced */
    guint mode;                  /* permissions of what was made */
    guint64 offset;              /* of what was written */
    const guint8 *data;
    gsize length;
} DiskChange;

typedef struct {
    int (*before) (DiskCall call, gpointer data); /* 0, or the errno with which the call fails. A write is half done. */
    void (*after) (const DiskChange *change, gpointer data); /* (nullable) */
    gpointer data;
    gboolean no_exchange; /* two names cannot be exchanged here */
} DiskListener;

/* From now on; NULL: nobody. Calls of other threads that are under way may still reach the one before. */
void disk_listen (const DiskListener *listener);
