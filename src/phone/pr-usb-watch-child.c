// SPDX-License-Identifier: GPL-3.0-or-later
/* The helper's runs: it is started, read, and started again when it dies. */
#include "pr-usb-watch-private.h"

#include <sys/socket.h>
#include <unistd.h>

#define LINE_MAX_BYTES (64 * 1024)
/* Seconds until the helper must have said its first line. */
#define READY_LIMIT 10
#define RESTART_PAUSE_MS 200
#define DEATHS_WITHIN (60 * G_USEC_PER_SEC)

static void
free_child (PrUsbWatchChild *child)
{
    g_clear_handle_id (&child->ready_limit_id, g_source_remove);
    g_object_unref (child->process);
    g_string_free (child->line, TRUE);
    g_free (child);
}

/* The oldest of the last deaths was long enough ago, or there were not so many. */
static gboolean
may_restart (PrUsbWatch *self)
{
    gint64 now = g_get_monotonic_time ();

    for (gsize i = 1; i < PR_USB_WATCH_DEATHS; i++)
        self->deaths[i - 1] = self->deaths[i];
    self->deaths[PR_USB_WATCH_DEATHS - 1] = now;
    return self->deaths[0] == 0 || now - self->deaths[0] > DEATHS_WITHIN;
}

static void
give_up (PrUsbWatch *self, PrUsbWatchState state)
{
    pr_usb_watch_set_state (self, state);
    pr_usb_watch_fail_calls (self, TRUE);
    pr_usb_watch_detach_all (self, self->ports);
}

static gboolean
restart_cb (gpointer data)
{
    PrUsbWatch *self = data;

    self->restart_id = 0;
    pr_usb_watch_start_child (self);
    return G_SOURCE_REMOVE;
}

static void
restart (PrUsbWatch *self)
{
    GHashTableIter iter;
    const char *port;

    g_hash_table_iter_init (&iter, self->ports);
    while (g_hash_table_iter_next (&iter, (gpointer *) &port, NULL))
        g_hash_table_add (self->stale_ports, g_strdup (port));
    pr_usb_watch_set_state (self, PR_USB_WATCH_STARTING);
    pr_usb_watch_fail_calls (self, FALSE);
    self->restart_id = g_timeout_add (RESTART_PAUSE_MS, restart_cb, self);
}

static void
died_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    PrUsbWatchChild *child = data;
    g_autoptr (PrUsbWatch) self = child->watch != NULL ? g_object_ref (child->watch) : NULL;

    g_subprocess_wait_finish (child->process, result, NULL);
    free_child (child);
    if (self == NULL)
        return;
    self->child = NULL;
    pr_usb_watch_close_input (self);
    if (pr_usb_watch_get_state (self) == PR_USB_WATCH_REFUSED)
        give_up (self, PR_USB_WATCH_REFUSED);
    else if (may_restart (self))
        restart (self);
    else
        give_up (self, PR_USB_WATCH_GONE);
}

static void read_on (PrUsbWatchChild *child);

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    PrUsbWatchChild *child = data;
    gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

    if (length > 0) {
        g_string_append_len (child->line, child->chunk, length);
        pr_usb_watch_take_lines (child);
    }
    if (length > 0 && child->line->len <= LINE_MAX_BYTES) {
        read_on (child);
        return;
    }
    g_subprocess_force_exit (child->process);
    g_subprocess_wait_async (child->process, NULL, died_cb, child);
}

static void
read_on (PrUsbWatchChild *child)
{
    g_input_stream_read_async (g_subprocess_get_stdout_pipe (child->process), child->chunk, sizeof child->chunk,
                               G_PRIORITY_DEFAULT, NULL, read_cb, child);
}

static gboolean
not_ready_cb (gpointer data)
{
    PrUsbWatchChild *child = data;

    child->ready_limit_id = 0;
    g_subprocess_force_exit (child->process);
    return G_SOURCE_REMOVE;
}

/* A socket as standard input, because writing to it can be told neither to wait nor to raise SIGPIPE. */
static GSubprocess *
spawn (PrUsbWatch *self, int *input)
{
    g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
    g_autoptr (GSubprocess) process = NULL;
    g_autoptr (GError) error = NULL;
    int ends[2];

    if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return NULL;
    for (char **variable = self->environment; variable != NULL && *variable != NULL; variable++) {
        g_auto (GStrv) parts = g_strsplit (*variable, "=", 2);

        if (parts[0] != NULL && parts[1] != NULL)
            g_subprocess_launcher_setenv (launcher, parts[0], parts[1], TRUE);
    }
    g_subprocess_launcher_take_stdin_fd (launcher, ends[1]);
    process = g_subprocess_launcher_spawnv (launcher, (const char *const *) self->argv, &error);
    if (process == NULL) {
        g_message ("starting %s: %s", self->argv[0], error->message);
        close (ends[0]);
        return NULL;
    }
    *input = ends[0];
    return g_steal_pointer (&process);
}

void
pr_usb_watch_start_child (PrUsbWatch *self)
{
    int input = -1;
    GSubprocess *process = spawn (self, &input);
    PrUsbWatchChild *child;

    if (process == NULL) {
        give_up (self, PR_USB_WATCH_GONE);
        return;
    }
    child = g_new0 (PrUsbWatchChild, 1);
    child->watch = self;
    child->process = process;
    child->line = g_string_new (NULL);
    child->ready_limit_id = g_timeout_add_seconds (READY_LIMIT, not_ready_cb, child);
    self->child = child;
    g_mutex_lock (&self->mutex);
    self->input = input;
    self->run++;
    self->dying = FALSE;
    g_mutex_unlock (&self->mutex);
    read_on (child);
}

void
pr_usb_watch_drop_child (PrUsbWatch *self)
{
    g_clear_handle_id (&self->restart_id, g_source_remove);
    if (self->child == NULL)
        return;
    self->child->watch = NULL;
    g_clear_handle_id (&self->child->ready_limit_id, g_source_remove);
    g_subprocess_force_exit (self->child->process);
    self->child = NULL;
}
