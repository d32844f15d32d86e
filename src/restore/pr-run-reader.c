// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-run-reader.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define MAX_LINE (16 * 1024)

struct _PrRunReader {
    char *path;
    int fd; /* -1 until the file is there */
    char buffer[65536];
    gsize at, length;  /* what is left in the buffer */
    GString *line;     /* what there is of the current line */
    gboolean complete; /* the line was handed out */
};

PrRunReader *
pr_run_reader_new (const char *folder, const char *name)
{
    PrRunReader *self = g_new0 (PrRunReader, 1);

    self->path = g_build_filename (folder, name, NULL);
    self->fd = -1;
    self->line = g_string_new (NULL);
    return self;
}

void
pr_run_reader_free (PrRunReader *self)
{
    g_clear_fd (&self->fd, NULL);
    g_string_free (self->line, TRUE);
    g_free (self->path);
    g_free (self);
}

static gboolean
fill (PrRunReader *self)
{
    if (self->fd < 0)
        self->fd = open (self->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (self->fd < 0)
        return FALSE;
    gssize n = read (self->fd, self->buffer, sizeof self->buffer);
    self->at = 0;
    self->length = n > 0 ? (gsize) n : 0;
    return n > 0;
}

/* Moves bytes into the line. Returns whether its end was found. */
static gboolean
take (PrRunReader *self)
{
    while (self->at < self->length) {
        char byte = self->buffer[self->at++];

        if (byte == '\n' || byte == '\r')
            return TRUE;
        if (self->line->len < MAX_LINE && byte != '\0')
            g_string_append_c (self->line, byte);
    }
    return FALSE;
}

const char *
pr_run_reader_next (PrRunReader *self, gboolean at_end)
{
    if (self->complete)
        g_string_truncate (self->line, 0);
    self->complete = FALSE;
    while (self->at < self->length || fill (self)) {
        if (!take (self) || self->line->len == 0)
            continue;
        self->complete = TRUE;
        return self->line->str;
    }
    self->complete = at_end && self->line->len > 0;
    return self->complete ? self->line->str : NULL;
}
