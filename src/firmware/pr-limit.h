/* A limit for something that blocks: when the time is over, or the caller's own cancellable is cancelled, the
 * cancellable of the limit is. Covers what no socket's timeout does: names that are looked up, and answers that come
 * drop by drop.
 *
 * Any thread; used and freed by one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

typedef struct _PrLimit PrLimit;

PrLimit *pr_limit_new (double seconds, GCancellable *cancellable);
GCancellable *pr_limit_get_cancellable (PrLimit *self); /* (transfer none) */
gboolean pr_limit_is_over (PrLimit *self);              /* the time, not the caller, ended it */
void pr_limit_free (PrLimit *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrLimit, pr_limit_free)
