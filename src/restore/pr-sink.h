/* A file that takes what a program says, and is never full: past its limit, or on a full disk, the end of it is kept in
 * memory and put after a note. The last words are what counts. Plain C, for the supervisor; one thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PR_SINK_KEPT (256 * 1024) /* bytes of the end that are kept */

typedef struct {
    int fd;
    uint64_t limit;   /* bytes that are written as they come */
    uint64_t written; /* of those */
    uint64_t more;    /* bytes that came after */
    char *kept;       /* a ring of the last of these; made when it is needed */
} PrSink;

void pr_sink_write (PrSink *self, const char *data, size_t length);
void pr_sink_finish (PrSink *self); /* puts the note and the end after it, closes */
