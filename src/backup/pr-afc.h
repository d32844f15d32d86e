/* The part of AFC, the phone's file service, that backups need: one file that is locked, one that is written.
 *
 * A packet is "CFA6LPAA", then (least significant byte first, 64 bits each) its length, the length of the header with
 * its parameters, a number that the answer repeats, an operation. Seen in libimobiledevice. Blocking; one thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-wire.h"

typedef struct _PrAfc PrAfc;

#define PR_AFC_READ_WRITE 3 /* made if it is missing */
#define PR_AFC_WRITE 4      /* made anew */

PrAfc *pr_afc_new (PrWire *wire); /* (transfer full) */
void pr_afc_free (PrAfc *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrAfc, pr_afc_free)

gboolean pr_afc_open (PrAfc *self,
                      const char *path,
                      guint64 mode,
                      guint64 *file,
                      GCancellable *cancellable,
                      GError **error);
gboolean pr_afc_write (PrAfc *self, guint64 file, GBytes *data, GCancellable *cancellable, GError **error);
gboolean pr_afc_close (PrAfc *self, guint64 file, GCancellable *cancellable, GError **error);
gboolean pr_afc_make_folder (PrAfc *self, const char *path, GCancellable *cancellable, GError **error);
/* Errors: G_IO_ERROR_BUSY when another program has it. */
gboolean pr_afc_lock (PrAfc *self, guint64 file, GCancellable *cancellable, GError **error);
gboolean pr_afc_unlock (PrAfc *self, guint64 file, GCancellable *cancellable, GError **error);
