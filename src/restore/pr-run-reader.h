/* Reads a growing file of a run, line by line; "\r" ends a line too. Blocking only as a disk is; one thread at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

typedef struct _PrRunReader PrRunReader;

PrRunReader *pr_run_reader_new (const char *folder, const char *name);
void pr_run_reader_free (PrRunReader *self);

/**
 * pr_run_reader_next:
 * @at_end: nothing more will be written: a last line without its end counts too
 *
 * Returns: (transfer none) (nullable): the next whole line that is not empty, good until the next call; %NULL if there
 * is none now. Of a line longer than 16 KiB the rest is left out.
 */
const char *pr_run_reader_next (PrRunReader *self, gboolean at_end);
