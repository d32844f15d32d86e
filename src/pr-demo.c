// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-demo.h"

#include "config.h"

#include <gio/gunixinputstream.h>
#include <glib/gstdio.h>
#include <poll.h>

#define PROGRAM PR_LIBEXECDIR "/phone-reset-virtual-phone"
#define LOOPBACK "https://localhost:"
#define PROBE "http://localhost:"
#define READY_MS 20000

struct _PrDemo {
    GSubprocess *process; /* NULL for one that ran already */
    char *folder;         /* of one that ran already */
    GHashTable *variables;
    GStrv usb_environment;
};

static void
read_line (PrDemo *self, const char *line)
{
    const char *equals = strchr (line, '=');

    if (equals)
        g_hash_table_insert (self->variables, g_strndup (line, equals - line), g_strdup (equals + 1));
}

static gboolean
attach (PrDemo *self, const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename (folder, "environment", NULL);
    g_autofree char *text = NULL;
    g_auto (GStrv) lines = NULL;

    self->folder = g_strdup (folder);
    if (!g_file_get_contents (path, &text, NULL, error))
        return FALSE;
    lines = g_strsplit (text, "\n", -1);
    for (guint i = 0; lines[i]; i++)
        read_line (self, lines[i]);
    return TRUE;
}

static gboolean
wait_readable (GInputStream *stream, gint64 deadline, GError **error)
{
    struct pollfd wait = { .fd = g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (stream)), .events = POLLIN };
    gint64 left = (deadline - g_get_monotonic_time ()) / 1000;

    if (left > 0 && poll (&wait, 1, (int) left) > 0)
        return TRUE;
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "the virtual phone does not become ready");
    return FALSE;
}

/* What it says until it is ready, byte by byte: nothing of what comes later may be taken. */
static gboolean
read_until_ready (PrDemo *self, GError **error)
{
    GInputStream *stream = g_subprocess_get_stdout_pipe (self->process);
    gint64 deadline = g_get_monotonic_time () + READY_MS * 1000;
    g_autoptr (GString) line = g_string_new (NULL);
    char byte;

    while (wait_readable (stream, deadline, error)) {
        if (g_input_stream_read (stream, &byte, 1, NULL, NULL) != 1) {
            g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the virtual phone did not start");
            return FALSE;
        }
        if (byte != '\n') {
            g_string_append_c (line, byte);
            continue;
        }
        if (g_str_equal (line->str, "ready"))
            return TRUE;
        read_line (self, line->str);
        g_string_truncate (line, 0);
    }
    return FALSE;
}

static gboolean
start (PrDemo *self, const char *scenario, GError **error)
{
    const char *argv[] = { PROGRAM, scenario ? "--scenario" : NULL, scenario, NULL };

    self->process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, error);
    return self->process && read_until_ready (self, error);
}

/* This computer, a port and perhaps a path, and nothing that a server's name could hide behind
 * ("https://localhost:1@example.org"). */
static gboolean
is_loopback (PrDemo *self, const char *name, const char *prefix)
{
    const char *address = pr_demo_get (self, name);
    const char *port = address && g_str_has_prefix (address, prefix) ? address + strlen (prefix) : "";
    gsize digits = strspn (port, "0123456789");

    return digits > 0 && (port[digits] == '\0' || port[digits] == '/');
}

static gboolean
has_own_servers (PrDemo *self)
{
    return is_loopback (self, "SECURE_SIGNING_SERVER", LOOPBACK) && is_loopback (self, "VERSION_LIST", LOOPBACK) &&
           is_loopback (self, "IPSW_LIST", LOOPBACK) && is_loopback (self, "SIGN_IN_PROBE", PROBE) &&
           pr_demo_get (self, "WEB_AUTHORITY");
}

static gboolean
is_same_folder (const char *one, const char *other)
{
    GStatBuf a, b;

    return g_stat (one, &a) == 0 && g_stat (other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* The socket stands in the virtual phone's own folder: the computer's own usbmuxd, where real phones are, does not. */
static gboolean
is_own_socket (PrDemo *self)
{
    const char *socket = pr_demo_get (self, "USBMUXD_SOCKET_ADDRESS");
    const char *control = pr_demo_get (self, "CONTROL");
    g_autofree char *folder = control ? g_path_get_dirname (control) : NULL;
    g_autofree char *place = NULL;

    if (!folder || !socket || !g_str_has_prefix (socket, "UNIX:/"))
        return FALSE;
    place = g_path_get_dirname (socket + strlen ("UNIX:"));
    return is_same_folder (place, self->folder ? self->folder : folder);
}

static gboolean
is_range (PrDemo *self)
{
    const char *first = pr_demo_get (self, "FIRST_ECID");
    const char *last = pr_demo_get (self, "LAST_ECID");

    return first && last && g_ascii_strtoull (first, NULL, 16) == PR_DEMO_FIRST_ECID &&
           g_ascii_strtoull (last, NULL, 16) == PR_DEMO_LAST_ECID;
}

/* Guard rail 11: all of it leads to a virtual phone, or none of it is used. */
static gboolean
check (PrDemo *self, GError **error)
{
    if (is_own_socket (self) && pr_demo_get (self, "UMOCKDEV_DIR") && pr_demo_get (self, "LD_PRELOAD") &&
        pr_demo_get (self, "TESTBED") && pr_demo_get (self, "FIRMWARE_FOLDER") && has_own_servers (self) &&
        is_range (self))
        return TRUE;
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "that is no virtual phone");
    return FALSE;
}

static void
use (PrDemo *self)
{
    const char *socket = pr_demo_get (self, "USBMUXD_SOCKET_ADDRESS");
    g_autofree char *state = pr_demo_find_place (self, "state");

    g_setenv ("USBMUXD_SOCKET_ADDRESS", socket, TRUE);
    g_setenv ("XDG_STATE_HOME", state, TRUE);
    self->usb_environment = g_new0 (char *, 3);
    self->usb_environment[0] = g_strdup_printf ("UMOCKDEV_DIR=%s", pr_demo_get (self, "UMOCKDEV_DIR"));
    self->usb_environment[1] = g_strdup_printf ("LD_PRELOAD=%s", pr_demo_get (self, "LD_PRELOAD"));
}

PrDemo *
pr_demo_new (const char *what, GError **error)
{
    g_autoptr (PrDemo) self = g_new0 (PrDemo, 1);
    gboolean found;

    self->variables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    found = what && g_file_test (what, G_FILE_TEST_IS_DIR) ? attach (self, what, error) : start (self, what, error);
    if (!found || !check (self, error))
        return NULL;
    use (self);
    return g_steal_pointer (&self);
}

void
pr_demo_free (PrDemo *self)
{
    if (self->process)
        g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
    g_clear_object (&self->process);
    g_hash_table_unref (self->variables);
    g_strfreev (self->usb_environment);
    g_free (self->folder);
    g_free (self);
}

const char *
pr_demo_get (PrDemo *self, const char *name)
{
    return g_hash_table_lookup (self->variables, name);
}

char *
pr_demo_find_place (PrDemo *self, const char *name)
{
    const char *socket = pr_demo_get (self, "USBMUXD_SOCKET_ADDRESS");
    g_autofree char *folder = g_path_get_dirname (socket + strlen ("UNIX:"));

    return g_build_filename (folder, name, NULL);
}

const char *const *
pr_demo_get_usb_environment (PrDemo *self)
{
    return (const char *const *) self->usb_environment;
}

PrServers
pr_demo_get_servers (PrDemo *self, const char *copies)
{
    return (PrServers) {
        .signing = pr_demo_get (self, "SECURE_SIGNING_SERVER"),
        .version_list = pr_demo_get (self, "VERSION_LIST"),
        .ipsw_list = pr_demo_get (self, "IPSW_LIST"),
        .probe = pr_demo_get (self, "SIGN_IN_PROBE"),
        .authority = pr_demo_get (self, "WEB_AUTHORITY"),
        .copies = copies,
    };
}
