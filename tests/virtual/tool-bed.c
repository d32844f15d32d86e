// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool-bed.h"

#include <signal.h>

#define KILL_SECONDS 10

struct _Tool {
    GSubprocess *process;
    char *folder;
    char *command;
    char *output, *errors; /* files */
    char *said;
    gboolean finished;
};

/* --- Starting --- */

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    Tool *self = data;

    self->finished = g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
}

static void
give_variable (GSubprocessLauncher *launcher, PrTestPhone *phone, const char *name)
{
    const char *value = pr_test_phone_environment (phone, name);

    g_assert_nonnull (value);
    g_subprocess_launcher_setenv (launcher, name, value, TRUE);
}

static GSubprocessLauncher *
make_launcher (Tool *self, PrTestPhone *phone)
{
    GSubprocessLauncher *launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);

    g_subprocess_launcher_set_cwd (launcher, self->folder);
    g_subprocess_launcher_set_stdout_file_path (launcher, self->output);
    g_subprocess_launcher_set_stderr_file_path (launcher, self->errors);
    give_variable (launcher, phone, "USBMUXD_SOCKET_ADDRESS");
    give_variable (launcher, phone, "UMOCKDEV_DIR");
    give_variable (launcher, phone, "LD_PRELOAD");
    return launcher;
}

static Tool *
start (PrTestPhone *phone, const char *const *argv)
{
    g_autoptr (GError) error = NULL;
    Tool *self = g_new0 (Tool, 1);

    self->folder = pr_test_make_folder ();
    self->command = g_strjoinv (" ", (char **) argv);
    self->output = g_build_filename (self->folder, "output", NULL);
    self->errors = g_build_filename (self->folder, "errors", NULL);
    g_autoptr (GSubprocessLauncher) launcher = make_launcher (self, phone);
    self->process = g_subprocess_launcher_spawnv (launcher, argv, &error);
    g_assert_no_error (error);
    g_subprocess_wait_async (self->process, NULL, finished_cb, self);
    return self;
}

Tool *
tool_start (PrTestPhone *phone, const char *command)
{
    g_auto (GStrv) argv = g_strsplit (command, " ", -1);

    return start (phone, (const char *const *) argv);
}

char *
bed_find_system (PrTestPhone *phone)
{
    const char *folder = pr_test_phone_environment (phone, "FIRMWARE_FOLDER");
    g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
    const char *name = dir != NULL ? g_dir_read_name (dir) : NULL;

    g_assert_nonnull (name);
    return g_build_filename (folder, name, NULL);
}

Tool *
restore_start_file (PrTestPhone *phone, const char *options, const char *ipsw)
{
    const char *program = g_getenv ("PR_TEST_IDEVICERESTORE");
    g_autofree char *command =
        g_strdup_printf ("%s -i " BED_ECID " -y -P -d%s -s %s %s", program != NULL ? program : "idevicerestore",
                         program != NULL ? " --logfile=-" : "", pr_test_phone_environment (phone, "SIGNING_SERVER"),
                         options);
    g_auto (GStrv) words = g_strsplit (g_strchomp (command), " ", -1);
    g_autoptr (GStrvBuilder) argv = g_strv_builder_new ();

    g_strv_builder_addv (argv, (const char **) words);
    g_strv_builder_add (argv, ipsw);
    g_auto (GStrv) all = g_strv_builder_end (argv);
    return start (phone, (const char *const *) all);
}

Tool *
restore_start (PrTestPhone *phone, const char *options)
{
    g_autofree char *ipsw = bed_find_system (phone);

    return restore_start_file (phone, options, ipsw);
}

/* --- Following --- */

static gboolean
is_finished (gpointer data)
{
    return ((Tool *) data)->finished;
}

gboolean
tool_is_running (Tool *self)
{
    g_main_context_iteration (NULL, FALSE);
    return !self->finished;
}

static void
end (Tool *self)
{
    g_subprocess_force_exit (self->process);
    if (!pr_test_run_until (is_finished, self, KILL_SECONDS))
        g_error ("%s does not end, not even when it is killed", self->command);
}

int
tool_wait (Tool *self, double seconds)
{
    if (!pr_test_run_until (is_finished, self, seconds)) {
        end (self);
        return -1;
    }
    if (g_subprocess_get_if_signaled (self->process))
        return 128 + g_subprocess_get_term_sig (self->process);
    return g_subprocess_get_exit_status (self->process);
}

const char *
tool_said (Tool *self)
{
    g_autofree char *output = NULL;
    g_autofree char *errors = NULL;

    g_file_get_contents (self->output, &output, NULL, NULL);
    g_file_get_contents (self->errors, &errors, NULL, NULL);
    g_free (self->said);
    self->said = g_strconcat (output != NULL ? output : "", errors != NULL ? errors : "", NULL);
    return self->said;
}

void
tool_expect (Tool *self, double seconds, int status, const char *text)
{
    int ended = tool_wait (self, seconds);

    if (ended != status || strstr (tool_said (self), text) == NULL)
        g_error ("%s ended with %d and not %d, or did not say \"%s\" but:\n%s", self->command, ended, status, text,
                 tool_said (self));
}

void
tool_wait_said (Tool *self, const char *text, double seconds)
{
    gint64 until = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);

    while (strstr (tool_said (self), text) == NULL) {
        if (g_get_monotonic_time () > until || self->finished)
            g_error ("%s did not say \"%s\" but:\n%s", self->command, text, tool_said (self));
        g_main_context_iteration (NULL, FALSE);
        g_usleep (G_USEC_PER_SEC / 50);
    }
}

const char *
tool_folder (Tool *self)
{
    return self->folder;
}

void
tool_free (Tool *self)
{
    if (!self->finished)
        end (self);
    pr_test_remove_folder (self->folder);
    g_object_unref (self->process);
    g_free (self->folder);
    g_free (self->command);
    g_free (self->output);
    g_free (self->errors);
    g_free (self->said);
    g_free (self);
}

/* --- The phone's side --- */

void
bed_expect_state (PrTestPhone *phone, const char *member, const char *value, double seconds)
{
    if (pr_test_phone_wait_state (phone, member, value, seconds))
        return;
    g_autofree char *now = pr_test_phone_state (phone, member);
    g_error ("%s of the phone is %s and not %s", member, now, value);
}

void
bed_wait_log (PrTestPhone *phone, const char *event, double seconds)
{
    gint64 until = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);

    while (!pr_test_phone_log_has (phone, event, NULL)) {
        if (g_get_monotonic_time () > until)
            g_error ("the phone's log has no %s", event);
        g_main_context_iteration (NULL, FALSE);
        g_usleep (G_USEC_PER_SEC / 50);
    }
}
