/* The files on the phone that a backup holds: a tree of any size, of which it keeps 16 bytes a file. Paths follow from
 * a file's number, contents from its seed, number and version (see pr-virtual-content.h).
 *
 * Thread-safe.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

typedef struct {
    guint64 size;
    guint32 number;
    guint32 version : 24; /* how often it was changed */
    guint32 family : 8;   /* whose seed its contents come from */
} PrVirtualFile;

#define PR_VIRTUAL_PATH_SIZE 128

typedef struct {
    const char *domain;
    char path[PR_VIRTUAL_PATH_SIZE];
} PrVirtualFilePath;

typedef struct _PrVirtualFiles PrVirtualFiles;

/* As [files] of @scenario says: none without count=. */
PrVirtualFiles *pr_virtual_files_new (GKeyFile *scenario);
void pr_virtual_files_free (PrVirtualFiles *self);

/* What the control socket says: @count new files in place of all (@size: NULL, as the scenario says), and changes
 * spread over the tree. Returns: whether @size made sense. */
gboolean pr_virtual_files_fill (PrVirtualFiles *self, guint64 count, const char *size);
void pr_virtual_files_mutate (PrVirtualFiles *self, guint64 modified, guint64 removed, guint64 added);

/* (transfer full): all PrVirtualFile as they are now, by number. */
GArray *pr_virtual_files_snapshot (PrVirtualFiles *self);
/* Puts @restored on the phone; what else was there stays if @keep. @odd are files that came back other than any that
 * was ever on a phone, @odd_digest is the sum over their digests. */
void pr_virtual_files_restore (PrVirtualFiles *self, GArray *restored, gboolean keep, guint64 odd, guint64 odd_digest);

/* A short name for @seed, that PrVirtualFile holds; and back. */
guint8 pr_virtual_files_family (PrVirtualFiles *self, guint64 seed);
guint64 pr_virtual_files_seed (PrVirtualFiles *self, guint8 family);

void pr_virtual_file_get_path (const PrVirtualFile *file, PrVirtualFilePath *path);
/* What a backup says of a file, in seconds since 1970: each change is a second later, and when it was made tells its
 * seed. */
guint64 pr_virtual_file_get_modified (const PrVirtualFile *file);
guint64 pr_virtual_file_get_born (PrVirtualFiles *self, const PrVirtualFile *file);
/* The file of which that is said. Returns: FALSE if it is none of ours. */
gboolean pr_virtual_file_recognise (PrVirtualFiles *self,
                                    guint64 number,
                                    guint64 modified,
                                    guint64 born,
                                    guint64 size,
                                    PrVirtualFile *file);

/* Adds what `state` tells: files, files-bytes, files-odd and files-digest, which is equal for equal trees only. */
void pr_virtual_files_describe (PrVirtualFiles *self, JsonObject *state);
