/* The part of a file that has arrived so far, and the marks of the version that it belongs to.
 *
 * Two files: NAME.part, whose length is what has arrived (the rest is reserved beyond its end), and NAME.marks, which
 * is written before the first byte. Used by whoever has the lock of the download; blocking; any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

typedef struct {
    char *etag;     /* (nullable): a strong one only */
    char *modified; /* (nullable) */
    guint64 size;   /* of the whole file */
} PrPartialMarks;

void pr_partial_marks_clear (PrPartialMarks *marks);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrPartialMarks, pr_partial_marks_clear)

typedef struct _PrPartial PrPartial;

/**
 * pr_partial_open:
 * @base: the path without ".part"
 * @digest: of the whole file; what belongs to another one is begun anew
 * @mode: of the files, if they are new
 *
 * Returns: (transfer full): with what an earlier download has left, if it can be continued. G_IO_ERRORs
 */
PrPartial *pr_partial_open (const char *base, const char *digest, mode_t mode, GError **error);
guint64 pr_partial_get_length (PrPartial *self);
/* (nullable): %NULL when nothing has been begun */
const PrPartialMarks *pr_partial_get_marks (PrPartial *self);
/* Has it only come over one connection, so that its bytes are surely of one file? */
gboolean pr_partial_is_of_one_piece (PrPartial *self);
void pr_partial_note_continued (PrPartial *self);

/* Nothing of it is of use, or of a file that is still to be had. */
gboolean pr_partial_forget (PrPartial *self, GError **error);
/* Begins anew, with nothing of what was there; reserves the room for all of it. Errors: PR_ERROR_NO_SPACE */
gboolean pr_partial_begin (PrPartial *self, const PrPartialMarks *marks, GError **error);
/* Is there room for a file of @size bytes, of which some are there? PR_ERROR_NO_SPACE: no. */
gboolean pr_partial_check_room (PrPartial *self, guint64 size, GError **error);
/* Reserves the room for what is still to come. Errors: PR_ERROR_NO_SPACE */
gboolean pr_partial_reserve (PrPartial *self, GError **error);
gboolean pr_partial_append (PrPartial *self, const void *bytes, gsize length, GError **error);
/* Is what has been written so far, read back, what @digest says? PR_ERROR_WRONG_DOWNLOAD: no. */
gboolean pr_partial_check (PrPartial *self, GCancellable *cancellable, GError **error);
/* Moves it to @path, where nothing may be (G_IO_ERROR_EXISTS), and forgets the marks. */
gboolean pr_partial_move (PrPartial *self, const char *path, GError **error);
/* Removes it: nothing of it is worth keeping. */
void pr_partial_drop (PrPartial *self);
void pr_partial_free (PrPartial *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrPartial, pr_partial_free)
