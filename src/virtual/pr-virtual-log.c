// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-log.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

/* libumockdev (0.19, destructor of its IoctlClient) says so when it could not write its answer to a client: one that
 * was killed within a request. It then forgets the client, as it should. */
static const char lost_client[] = "Destroying IoctlClient with open stream!";

static GLogLevelFlags fatal; /* set once, before there are threads */

static gboolean
is_lost_client (const GLogField *fields, gsize n)
{
    for (gsize i = 0; i < n; i++)
        if (strcmp (fields[i].key, "MESSAGE") == 0)
            return fields[i].length < 0 && strstr (fields[i].value, lost_client) != NULL;
    return FALSE;
}

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
    GLogWriterOutput output;

    if (is_lost_client (fields, n))
        return G_LOG_WRITER_HANDLED;
    output = g_log_writer_default (level, fields, n, NULL);
    if ((level & fatal) != 0)
        abort ();
    return output;
}

void
pr_virtual_log_start (void)
{
    /* GLib would end the program before it asks what was said */
    fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK);
    g_log_set_writer_func (write_log, NULL, NULL);
}
