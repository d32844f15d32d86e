// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-sink.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Returns how much could be written. */
static size_t
put (int fd, const char *data, size_t length)
{
    size_t done = 0;

    while (done < length) {
        ssize_t n = write (fd, data + done, length - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        done += (size_t) n;
    }
    return done;
}

static void
keep (PrSink *self, const char *data, size_t length)
{
    if (self->kept == NULL)
        self->kept = malloc (PR_SINK_KEPT);
    for (size_t i = 0; i < length && self->kept != NULL; i++)
        self->kept[(self->more + i) % PR_SINK_KEPT] = data[i];
    self->more += length;
}

void
pr_sink_write (PrSink *self, const char *data, size_t length)
{
    size_t room = 0, done = 0;

    if (self->more == 0 && self->written < self->limit)
        room = self->limit - self->written < length ? (size_t) (self->limit - self->written) : length;
    done = put (self->fd, data, room);
    self->written += done;
    if (done < length)
        keep (self, data + done, length - done);
}

void
pr_sink_finish (PrSink *self)
{
    uint64_t kept = self->more < PR_SINK_KEPT ? self->more : PR_SINK_KEPT;
    size_t from = (size_t) ((self->more - kept) % PR_SINK_KEPT);
    char note[96];

    if (self->kept != NULL) {
        int n = snprintf (note, sizeof note, "\n[%" PRIu64 " bytes left out]\n", self->more - kept);
        size_t first = kept < PR_SINK_KEPT - from ? (size_t) kept : PR_SINK_KEPT - from;

        put (self->fd, note, (size_t) n);
        put (self->fd, self->kept + from, first);
        put (self->fd, self->kept, (size_t) kept - first);
    }
    free (self->kept);
    self->kept = NULL;
    fsync (self->fd);
    close (self->fd);
    self->fd = -1;
}
