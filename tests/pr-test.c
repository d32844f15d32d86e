// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-test.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include <gio/gunixinputstream.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#define START_SECONDS 30
#define CONTROL_SECONDS 10
#define STOP_SECONDS 20

struct _PrTestPhone {
    GSubprocess *process;
    GHashTable *environment;
    char *folder;   /* that it made */
    char *scenario; /* (nullable): a file of ours */
};

static const char *
need_variable (const char *name)
{
    const char *value = g_getenv (name);
    if (value == NULL)
        g_error ("%s is not set; run this test by meson", name);
    return value;
}

/* --- Starting --- */

/* One line within the time that is left, without its end; an empty string at the end of the stream. */
static char *
read_line (int fd, gint64 until)
{
    GString *line = g_string_new (NULL);
    for (;;) {
        struct pollfd wait = { .fd = fd, .events = POLLIN };
        int left = (int) MAX ((until - g_get_monotonic_time ()) / 1000, 0);
        int n = TEMP_FAILURE_RETRY (poll (&wait, 1, left));
        char c = '\n';
        if (n == 0)
            g_error ("the virtual phone said nothing more for %d s, after \"%s\"", START_SECONDS, line->str);
        if (TEMP_FAILURE_RETRY (read (fd, &c, 1)) != 1 || c == '\n')
            return g_string_free_and_steal (line);
        g_string_append_c (line, c);
    }
}

static void
read_environment (PrTestPhone *self)
{
    int fd = g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (g_subprocess_get_stdout_pipe (self->process)));
    gint64 until = g_get_monotonic_time () + START_SECONDS * G_USEC_PER_SEC;
    for (;;) {
        g_autofree char *line = read_line (fd, until);
        if (g_str_equal (line, "ready"))
            return;
        char *equals = strchr (line, '=');
        if (equals == NULL)
            g_error ("the virtual phone did not start: \"%s\"", line);
        g_hash_table_insert (self->environment, g_strndup (line, equals - line), g_strdup (equals + 1));
    }
}

static PrTestPhone *
start (const char *path)
{
    g_autoptr (GError) error = NULL;
    const char *program = need_variable ("PR_TEST_VIRTUAL_PHONE");
    PrTestPhone *self = g_new0 (PrTestPhone, 1);
    self->environment = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program,
                                      "--scenario", path, NULL);
    if (self->process == NULL)
        g_error ("%s", error->message);
    read_environment (self);
    self->folder = g_path_get_dirname (pr_test_phone_environment (self, "CONTROL"));
    return self;
}

PrTestPhone *
pr_test_phone_start (const char *scenario)
{
    if (g_str_has_suffix (scenario, ".ini"))
        return start (scenario);
    g_autofree char *file = g_strconcat (scenario, ".ini", NULL);
    g_autofree char *path = g_build_filename (need_variable ("PR_TEST_SCENARIOS"), file, NULL);
    return start (path);
}

PrTestPhone *
pr_test_phone_start_text (const char *text)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *base = g_build_filename (need_variable ("PR_TEST_SCENARIOS"), "anna.ini", NULL);
    g_autofree char *folder = pr_test_make_folder ();
    g_autofree char *copy = g_build_filename (folder, "anna.ini", NULL);
    g_autofree char *path = g_build_filename (folder, "scenario.ini", NULL);
    g_autofree char *whole = g_strconcat ("[scenario]\nlike=anna\n", text, NULL);
    if (symlink (base, copy) != 0 || !g_file_set_contents (path, whole, -1, &error))
        g_error ("cannot write %s", path);
    PrTestPhone *self = start (path);
    self->scenario = g_steal_pointer (&folder);
    return self;
}

GSubprocess *
pr_test_phone_process (PrTestPhone *self)
{
    return self->process;
}

const char *
pr_test_phone_environment (PrTestPhone *self, const char *name)
{
    return g_hash_table_lookup (self->environment, name);
}

void
pr_test_phone_use (PrTestPhone *self)
{
    g_setenv ("USBMUXD_SOCKET_ADDRESS", pr_test_phone_environment (self, "USBMUXD_SOCKET_ADDRESS"), TRUE);
}

/* --- Ending --- */

void
pr_test_phone_forget (PrTestPhone *self)
{
    if (self->scenario != NULL)
        pr_test_remove_folder (self->scenario);
    g_object_unref (self->process);
    g_hash_table_unref (self->environment);
    g_free (self->folder);
    g_free (self->scenario);
    g_free (self);
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    gboolean *finished = data;
    *finished = g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
}

static gboolean
is_true (gpointer data)
{
    return *(gboolean *) data;
}

void
pr_test_phone_stop (PrTestPhone *self)
{
    gboolean finished = FALSE;
    g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
    g_subprocess_wait_async (self->process, NULL, finished_cb, &finished);
    if (!pr_test_run_until (is_true, &finished, STOP_SECONDS))
        g_error ("the virtual phone did not end within %d s", STOP_SECONDS);
    if (!g_subprocess_get_successful (self->process))
        g_error ("the virtual phone ended badly");
    if (g_file_test (self->folder, G_FILE_TEST_EXISTS))
        g_error ("the virtual phone left %s", self->folder);
    pr_test_phone_forget (self);
}

/* --- Asking --- */

static GSocketConnection *
connect_control (PrTestPhone *self)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GSocketClient) client = g_socket_client_new ();
    g_autoptr (GSocketAddress) address = g_unix_socket_address_new (pr_test_phone_environment (self, "CONTROL"));
    g_socket_client_set_timeout (client, CONTROL_SECONDS);
    GSocketConnection *connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
    if (connection == NULL)
        g_error ("control socket: %s", error->message);
    return connection;
}

static JsonObject *
parse_object (const char *line)
{
    g_autoptr (JsonNode) node = json_from_string (line, NULL);
    if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
        g_error ("not a JSON object: %s", line);
    return json_node_dup_object (node);
}

static JsonObject *
ask (PrTestPhone *self, const char *question)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GSocketConnection) connection = connect_control (self);
    g_autofree char *line = g_strconcat (question, "\n", NULL);
    GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
    if (!g_output_stream_write_all (output, line, strlen (line), NULL, NULL, &error))
        g_error ("control socket, %s: %s", question, error->message);
    g_autoptr (GDataInputStream) input =
        g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
    g_autofree char *answer = g_data_input_stream_read_line (input, NULL, NULL, &error);
    if (answer == NULL)
        g_error ("control socket, %s: %s", question, error != NULL ? error->message : "no answer");
    return parse_object (answer);
}

JsonObject *
pr_test_phone_control (PrTestPhone *self, const char *line, ...)
{
    va_list arguments;
    va_start (arguments, line);
    g_autofree char *question = g_strdup_vprintf (line, arguments);
    va_end (arguments);
    return ask (self, question);
}

void
pr_test_phone_tell (PrTestPhone *self, const char *line, ...)
{
    va_list arguments;
    va_start (arguments, line);
    g_autofree char *question = g_strdup_vprintf (line, arguments);
    va_end (arguments);
    g_autoptr (JsonObject) answer = ask (self, question);
    if (!json_object_get_boolean_member_with_default (answer, "ok", FALSE))
        g_error ("the virtual phone did not take \"%s\"", question);
}

char *
pr_test_phone_state (PrTestPhone *self, const char *member)
{
    g_autoptr (JsonObject) state = ask (self, "state");
    JsonNode *node = json_object_get_member (state, member);
    if (node == NULL)
        return NULL;
    return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
               ? json_node_dup_string (node)
               : json_to_string (node, FALSE);
}

gboolean
pr_test_phone_wait_state (PrTestPhone *self, const char *member, const char *value, double seconds)
{
    gint64 until = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
    for (;;) {
        g_autofree char *now = pr_test_phone_state (self, member);
        if (g_strcmp0 (now, value) == 0)
            return TRUE;
        if (g_get_monotonic_time () >= until)
            return FALSE;
        g_usleep (G_USEC_PER_SEC / 20);
    }
}

/* --- Its log --- */

static gboolean
line_fits (const char *line, GPtrArray *pairs)
{
    if (*line == '\0')
        return FALSE;
    g_autoptr (JsonObject) object = parse_object (line);
    for (guint i = 0; i < pairs->len; i += 2) {
        const char *value = json_object_get_string_member_with_default (object, pairs->pdata[i], NULL);
        if (g_strcmp0 (value, pairs->pdata[i + 1]) != 0)
            return FALSE;
    }
    return TRUE;
}

/* Without a last line that is being written. */
static GStrv
read_log (PrTestPhone *self)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents (pr_test_phone_environment (self, "LOG"), &text, NULL, NULL))
        g_error ("the virtual phone has no log");
    char *end = strrchr (text, '\n');
    *(end != NULL ? end : text) = '\0';
    return g_strsplit (text, "\n", -1);
}

guint
pr_test_phone_log_count (PrTestPhone *self, const char *event, ...)
{
    g_autoptr (GPtrArray) pairs = g_ptr_array_new ();
    g_ptr_array_add (pairs, (gpointer) "event");
    g_ptr_array_add (pairs, (gpointer) event);
    va_list arguments;
    va_start (arguments, event);
    for (const char *word; (word = va_arg (arguments, const char *)) != NULL;)
        g_ptr_array_add (pairs, (gpointer) word);
    va_end (arguments);
    g_assert_cmpuint (pairs->len % 2, ==, 0);

    g_auto (GStrv) lines = read_log (self);
    guint count = 0;
    for (guint i = 0; lines[i] != NULL; i++)
        count += line_fits (lines[i], pairs);
    return count;
}

/* --- Running programs --- */

static GSubprocess *
spawn (const char *const *argv, const char *const *environment)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GSubprocessLauncher) launcher =
        g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
    for (guint i = 0; environment != NULL && environment[i] != NULL; i++) {
        g_auto (GStrv) pair = g_strsplit (environment[i], "=", 2);
        g_subprocess_launcher_setenv (launcher, pair[0], pair[1], TRUE);
    }
    GSubprocess *process = g_subprocess_launcher_spawnv (launcher, argv, &error);
    if (process == NULL)
        g_error ("%s: %s", argv[0], error->message);
    return process;
}

typedef struct {
    gboolean finished;
    GBytes *output;
    GBytes *errors;
} Run;

static void
communicated_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    Run *run = data;
    g_autoptr (GError) error = NULL;
    if (!g_subprocess_communicate_finish (G_SUBPROCESS (source), result, &run->output, &run->errors, &error))
        g_error ("reading a program's output: %s", error->message);
    run->finished = TRUE;
}

/* Nothing is an empty text too: the bytes of nothing are NULL. */
static void
give_text (GBytes *bytes, char **text)
{
    gsize size = 0;
    const char *data = g_bytes_get_data (bytes, &size);
    if (text != NULL)
        *text = g_strndup (data != NULL ? data : "", size);
    g_bytes_unref (bytes);
}

int
pr_test_run (const char *const *argv, const char *const *environment, double seconds, char **output, char **errors)
{
    g_autoptr (GSubprocess) process = spawn (argv, environment);
    Run run = { 0 };
    g_subprocess_communicate_async (process, NULL, NULL, communicated_cb, &run);
    gboolean in_time = pr_test_run_until (is_true, &run.finished, seconds);
    if (!in_time) {
        g_subprocess_force_exit (process);
        if (!pr_test_run_until (is_true, &run.finished, STOP_SECONDS))
            g_error ("%s does not end, not even when it is killed", argv[0]);
    }
    give_text (run.output, output);
    give_text (run.errors, errors);
    if (!in_time)
        return -1;
    if (g_subprocess_get_if_signaled (process))
        return 128 + g_subprocess_get_term_sig (process);
    return g_subprocess_get_exit_status (process);
}

int
pr_test_phone_run (PrTestPhone *phone, const char *command, char **output, char **errors)
{
    g_auto (GStrv) argv = g_strsplit (command, " ", -1);
    g_autofree char *socket =
        g_strconcat ("USBMUXD_SOCKET_ADDRESS=", pr_test_phone_environment (phone, "USBMUXD_SOCKET_ADDRESS"), NULL);
    const char *const environment[] = { socket, NULL };
    return pr_test_run ((const char *const *) argv, environment, 30, output, errors);
}

/* --- Waiting --- */

gboolean
pr_test_run_until (PrTestCondition condition, gpointer data, double seconds)
{
    gint64 until = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
    while (!condition (data)) {
        if (g_get_monotonic_time () >= until)
            return FALSE;
        if (!g_main_context_iteration (NULL, FALSE))
            g_usleep (G_USEC_PER_SEC / 200);
    }
    return TRUE;
}

/* --- Folders --- */

char *
pr_test_make_folder (void)
{
    g_autoptr (GError) error = NULL;
    char *path = g_dir_make_tmp ("phone-reset-test-XXXXXX", &error);
    if (path == NULL)
        g_error ("%s", error->message);
    return path;
}

void
pr_test_remove_folder (const char *path)
{
    g_autoptr (GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
    for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;) {
        g_autofree char *child = g_build_filename (path, name, NULL);
        pr_test_remove_folder (child);
    }
    g_remove (path);
}

void
pr_test_ignore_leaks_of_phone (void)
{
    const char *options = g_getenv ("ASAN_OPTIONS");
    g_autofree char *more = g_strconcat (options != NULL ? options : "", ":detect_leaks=0", NULL);

    g_setenv ("ASAN_OPTIONS", more, TRUE);
}
