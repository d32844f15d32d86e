// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-restore-tool.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ECID G_GUINT64_CONSTANT (0x001122334455667A)
#define SYSTEM_PATH "/usr/local/bin:/usr/bin:/bin"
#define SOON 20 /* seconds that nothing here should need */

/* Where the made-up idevicerestore is; the only folder in PATH. */
static char *bin;
static char *own_path;

typedef struct {
    char *scratch; /* FILE in the scripts' environment */
    char *assignment;
    const char *environment[2];
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
    fixture->scratch = g_build_filename (g_get_user_data_dir (), "scratch", NULL);
    g_mkdir_with_parents (g_get_user_data_dir (), 0700);
    fixture->assignment = g_strconcat ("FILE=", fixture->scratch, NULL);
    fixture->environment[0] = fixture->assignment;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
    g_autoptr (GPtrArray) runs = pr_restore_tool_list_runs ();

    for (guint i = 0; i < runs->len; i++)
        pr_restore_tool_kill (runs->pdata[i]);
    g_free (fixture->assignment);
    g_free (fixture->scratch);
}

/* Installs a shell script as the tool. --help comes first, as it does in the app. */
static void
install_tool (const char *help, const char *script)
{
    g_autofree char *path = g_build_filename (bin, "idevicerestore", NULL);
    g_autofree char *text = g_strdup_printf ("#!/bin/sh\nPATH=" SYSTEM_PATH "\n"
                                             "[ \"$1\" != --help ] || { echo '%s'; exit 0; }\n%s\n",
                                             help, script);
    g_autoptr (GError) error = NULL;

    g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0755, &error);
    g_assert_no_error (error);
}

static PrRestoreRequest
make_request (Fixture *fixture)
{
    return (PrRestoreRequest) {
        .ecid = ECID,
        .ipsw = "/nowhere/system.ipsw",
        .title = "Anna’s iPhone",
        .environment = fixture->environment,
    };
}

static PrRestoreTool *
start (Fixture *fixture, const char *script)
{
    g_autoptr (GError) error = NULL;
    PrRestoreRequest request = make_request (fixture);

    install_tool ("usage", script);
    PrRestoreTool *tool = pr_restore_tool_start (&request, &error);
    g_assert_no_error (error);
    g_assert_nonnull (tool);
    return tool;
}

static void
follow_to_end (PrRestoreTool *tool, PrRestoreState *state, PrRestoreEnd *end)
{
    gint64 deadline = g_get_monotonic_time () + SOON * G_USEC_PER_SEC;

    while (!end->ended) {
        pr_restore_tool_next (tool, state, end, 1);
        g_assert_cmpint (g_get_monotonic_time (), <, deadline);
    }
}

static void
wait_for_phase (PrRestoreTool *tool, PrRestoreState *state, PrRestorePhase phase)
{
    gint64 deadline = g_get_monotonic_time () + SOON * G_USEC_PER_SEC;
    PrRestoreEnd end = { 0 };

    while (state->phase < phase) {
        pr_restore_tool_next (tool, state, &end, 1);
        g_assert_false (end.ended);
        g_assert_cmpint (g_get_monotonic_time (), <, deadline);
    }
}

static char *
read_text (const char *path)
{
    g_autoptr (GError) error = NULL;
    char *text = NULL;

    g_file_get_contents (path, &text, NULL, &error);
    g_assert_no_error (error);
    return text;
}

static void
test_good (Fixture *fixture, gconstpointer data)
{
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();
    g_autoptr (PrRestoreTool) tool =
        start (fixture, "for a in \"$@\"; do echo \"<$a>\"; done >\"$FILE\"; pwd -P >>\"$FILE\"\n"
                        "echo 'This restore will erase all device data.'; echo 'ERROR: only a trifle' >&2\n"
                        "echo 'About to restore device... '; echo 'Status: Restore Finished'");
    g_autoptr (GError) error = NULL;
    PrRestoreEnd end = { 0 };

    g_assert_cmpstr (pr_restore_tool_get_title (tool), ==, "Anna’s iPhone");
    g_assert_cmpuint (pr_restore_tool_get_ecid (tool), ==, ECID);
    g_assert_false (pr_restore_tool_get_keep_data (tool));
    follow_to_end (tool, state, &end);
    g_assert_cmpint (end.exit_status, ==, 0);
    g_assert_true (state->finished && state->erases && state->past_return);
    g_assert_true (pr_restore_tool_judge (state, &end, FALSE, &error));
    g_assert_no_error (error);
    const char *folder = pr_restore_tool_get_folder (tool);
    g_autofree char *said = read_text (fixture->scratch);
    g_autofree char *expected = g_strdup_printf ("<-i>\n<0x1122334455667A>\n<-y>\n<-P>\n<-d>\n<-C>\n<%s/cache>\n<-e>\n"
                                                 "</nowhere/system.ipsw>\n%s/work\n",
                                                 folder, folder);
    g_assert_cmpstr (said, ==, expected);
    g_autoptr (GPtrArray) lines = pr_restore_tool_take_lines (tool);
    g_assert_cmpuint (lines->len, ==, 4);
    /* the tool's two streams have no order between them */
    g_assert_true (g_ptr_array_find_with_equal_func (lines, "ERROR: only a trifle", g_str_equal, NULL));
}

static void
test_update (Fixture *fixture, gconstpointer data)
{
    PrRestoreRequest request = make_request (fixture);
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();
    g_autoptr (GError) error = NULL;
    PrRestoreEnd end = { 0 };

    install_tool ("  --logfile=PATH", "for a in \"$@\"; do echo \"<$a>\"; done >\"$FILE\"");
    request.keep_data = TRUE;
    request.signing_server = "http://127.0.0.1:1";
    g_autoptr (PrRestoreTool) tool = pr_restore_tool_start (&request, &error);
    g_assert_no_error (error);
    g_assert_true (pr_restore_tool_get_keep_data (tool));
    follow_to_end (tool, state, &end);
    g_autofree char *said = read_text (fixture->scratch);
    g_assert_null (strstr (said, "<-e>"));
    g_assert_nonnull (strstr (said, "<--logfile=->\n<-s>\n<http://127.0.0.1:1>\n<--variant>\n"
                                    "<Customer Upgrade Install (IPSW)>\n</nowhere/system.ipsw>\n"));
}

/* A script in the relay's place; $0 is the folder of the run. */
static PrRestoreTool *
start_with_relay (Fixture *fixture, const char *relay, const char *script, GError **error)
{
    PrRestoreRequest request = make_request (fixture);
    const char *const command[] = { "/bin/sh", "-c", relay, NULL };

    install_tool ("usage", script);
    request.relay = command;
    return pr_restore_tool_start (&request, error);
}

/* The tool asks where the relay is, and what the relay knows of a refusal is the reason; it is no run without one. */
static void
test_relay (Fixture *fixture, gconstpointer data)
{
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();
    g_autoptr (GError) error = NULL, missing = NULL;
    PrRestoreEnd end = { 0 };
    g_autoptr (PrRestoreTool) tool = start_with_relay (
        fixture,
        "echo '{\"error\": \"untrusted-server\", \"message\": \"a bad certificate\"}' >\"$0/signing.json\"\n"
        "echo http://127.0.0.1:1234",
        "echo \"$@\" >\"$FILE\"; echo 'TSS request failed: no' >&2; exit 1", &error);

    g_assert_no_error (error);
    follow_to_end (tool, state, &end);
    g_autofree char *said = read_text (fixture->scratch);
    g_assert_nonnull (strstr (said, " -s http://127.0.0.1:1234 -e "));
    g_assert_false (pr_restore_tool_judge (state, &end, FALSE, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_UNTRUSTED_SERVER);
    g_assert_nonnull (strstr (error->message, "a bad certificate"));
    g_assert_null (start_with_relay (fixture, "echo 'no such file' >&2; exit 1", "echo started >\"$FILE\"", &missing));
    g_assert_error (missing, PR_ERROR, PR_ERROR_TOOL_FAILED);
    g_assert_nonnull (strstr (missing->message, "no such file"));
    g_autofree char *unchanged = read_text (fixture->scratch);
    g_assert_cmpstr (unchanged, ==, said);
    g_autoptr (GPtrArray) runs = pr_restore_tool_list_runs ();
    g_assert_cmpuint (runs->len, ==, 1);
}

/* grep keeps lines back unless it writes to a terminal. */
static void
test_prompt (Fixture *fixture, gconstpointer data)
{
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();
    gint64 begin = g_get_monotonic_time ();
    g_autoptr (PrRestoreTool) tool =
        start (fixture, "test ! -t 0 || exit 1; (echo 'Sending filesystem now...'; sleep 60) | grep Sending");

    wait_for_phase (tool, state, PR_RESTORE_PHASE_SEND);
    g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_USEC_PER_SEC);
    pr_restore_tool_kill (tool);
}

/* A dead process whose new parent has not yet asked about it counts as gone. */
static gboolean
is_running (pid_t pid)
{
    g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int) pid);
    g_autofree char *text = NULL;

    if (!g_file_get_contents (path, &text, NULL, NULL))
        return FALSE;
    return !g_str_has_prefix (strrchr (text, ')'), ") Z");
}

static void
assert_gone (const char *pids)
{
    g_auto (GStrv) lines = g_strsplit (g_strchomp ((char *) pids), "\n", -1);

    g_assert_cmpuint (g_strv_length (lines), >=, 2);
    for (guint i = 0; lines[i] != NULL; i++) {
        pid_t pid = (pid_t) g_ascii_strtoll (lines[i], NULL, 10);

        g_assert_cmpint (pid, >, 1);
        g_assert_false (is_running (pid));
    }
}

/* What idevicerestore does when its phone is gone: it spins, and SIGTERM does nothing. */
static void
test_kill (Fixture *fixture, gconstpointer data)
{
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();
    g_autoptr (PrRestoreTool) tool =
        start (fixture, "trap '' TERM INT HUP; echo $$ >>\"$FILE\"\n"
                        "sh -c 'echo $$ >>\"$FILE\"; exec sleep 1000' &\n"
                        "setsid sh -c 'echo $$ >>\"$FILE\"; echo \"Sending filesystem now...\"; exec sleep 1000' &\n"
                        "while :; do :; done");
    PrRestoreEnd end = { 0 };

    wait_for_phase (tool, state, PR_RESTORE_PHASE_SEND);
    g_usleep (200 * 1000);
    gint64 begin = g_get_monotonic_time ();
    pr_restore_tool_kill (tool);
    g_assert_cmpint (g_get_monotonic_time () - begin, <, 2 * G_USEC_PER_SEC);
    g_autofree char *pids = read_text (fixture->scratch);
    assert_gone (pids);
    follow_to_end (tool, state, &end);
    g_assert_cmpint (end.exit_status, ==, -SIGKILL);
    pr_restore_tool_kill (tool); /* once more does no harm */
}

/* What the tool leaves behind when it ends does not live on. */
static void
test_left_children (Fixture *fixture, gconstpointer data)
{
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();
    g_autoptr (PrRestoreTool) tool =
        start (fixture, "sleep 1000 & echo $! >>\"$FILE\"; setsid sleep 1000 & echo $! >>\"$FILE\"; exit 7");
    PrRestoreEnd end = { 0 };

    follow_to_end (tool, state, &end);
    g_assert_cmpint (end.exit_status, ==, 7);
    g_autofree char *pids = read_text (fixture->scratch);
    assert_gone (pids);
}

static const struct {
    const char *name;
    const char *script;
    int exit_status;
    PrError cause;
    int apple_status;
} failures[] = {
    { "status 0 is not success", "echo DONE; echo 'progress: 7 1.000000'", 0, PR_ERROR_TOOL_FAILED, 0 },
    { "finished is not success", "echo 'Status: Restore Finished'; exit 1", 1, PR_ERROR_TOOL_FAILED, 0 },
    { "finished, then killed", "echo 'Status: Restore Finished'; kill -9 $$", -9, PR_ERROR_TOOL_FAILED, 0 },
    { "both streams",
      "echo 'ERROR: Unable to send TSS request'; echo \"ERROR: TSS request failed (status=94, message=This device "
      "isn't eligible for the requested build.)\" >&2; exit 1",
      1, PR_ERROR_SIGNING_REFUSED, 0 },
    { "cannot open", "echo 'ERROR: zip_open: /a: 35' >&2; exit 255", 255, PR_ERROR_FILE_DAMAGED, 0 },
    { "phone gave up",
      "printf 'Got status message\\nStatus: Fail\\n'; echo 'ERROR: Unable to restore device' >&2; exit 1", 1,
      PR_ERROR_PHONE_GAVE_UP, 14 },
    { "no line end", "printf 'ERROR: Unable to discover device mode' >&2; exit 1", 1, PR_ERROR_UNPLUGGED, 0 },
    { "carriage returns", "printf 'x\\rERROR: Device failed to enter restore mode.\\rx'; exit 1", 1,
      PR_ERROR_NO_RESTORE_MODE, 0 },
};

static void
test_failures (Fixture *fixture, gconstpointer data)
{
    for (guint i = 0; i < G_N_ELEMENTS (failures); i++) {
        g_autoptr (PrRestoreState) state = pr_restore_state_new ();
        g_autoptr (PrRestoreTool) tool = start (fixture, failures[i].script);
        g_autoptr (GError) error = NULL;
        PrRestoreEnd end = { 0 };

        follow_to_end (tool, state, &end);
        g_assert_cmpint (end.exit_status, ==, failures[i].exit_status);
        g_assert_false (pr_restore_tool_judge (state, &end, FALSE, &error));
        g_test_message ("%s: %s", failures[i].name, error->message);
        g_assert_error (error, PR_ERROR, (int) failures[i].cause);
        g_assert_cmpint (state->apple_status, ==, failures[i].apple_status);
    }
}

static void
test_judge (void)
{
    static const struct {
        const char *lines[3];
        gboolean ended, lost;
        PrError cause;
    } cases[] = {
        { { "Found device in Normal mode" }, FALSE, TRUE, PR_ERROR_UNPLUGGED },
        { { "Sending iBEC (220327 bytes)..." }, FALSE, TRUE, PR_ERROR_LOST_IN_START },
        { { "About to restore device... " }, FALSE, TRUE, PR_ERROR_UNPLUGGED_IN_WORK },
        { { "About to restore device... ", "Status: Fail" }, TRUE, TRUE, PR_ERROR_PHONE_GAVE_UP },
        { { "About to restore device... ", "Status: Restore Finished" }, FALSE, FALSE, PR_ERROR_TOOL_FAILED },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (PrRestoreState) state = pr_restore_state_new ();
        g_autoptr (GError) error = NULL;
        PrRestoreEnd end = { .ended = cases[i].ended };

        for (guint k = 0; cases[i].lines[k] != NULL; k++)
            pr_restore_log_feed (state, cases[i].lines[k]);
        g_assert_false (pr_restore_tool_judge (state, &end, cases[i].lost, &error));
        g_assert_error (error, PR_ERROR, (int) cases[i].cause);
    }
}

static void
test_busy (Fixture *fixture, gconstpointer data)
{
    g_autoptr (PrRestoreTool) first = start (fixture, "sleep 60");
    PrRestoreRequest request = make_request (fixture);
    g_autoptr (GError) busy = NULL, error = NULL;

    g_assert_null (pr_restore_tool_start (&request, &busy));
    g_assert_error (busy, PR_ERROR, PR_ERROR_BUSY);
    request.ecid = ECID + 1;
    g_autoptr (PrRestoreTool) other = pr_restore_tool_start (&request, &error);
    g_assert_no_error (error);
    pr_restore_tool_kill (other);
    pr_restore_tool_kill (first);
    request.ecid = ECID;
    g_autoptr (PrRestoreTool) again = pr_restore_tool_start (&request, &error);
    g_assert_no_error (error);
    pr_restore_tool_kill (again);
}

static void
test_huge (Fixture *fixture, gconstpointer data)
{
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();
    g_autoptr (PrRestoreTool) tool =
        start (fixture, "long=$(head -c 8000 /dev/zero | tr '\\0' x)\n"
                        "yes \"$long\" | head -c 80000000; echo; echo 'Status: Restore Finished'\n"
                        "head -c 80000000 /dev/zero >&2; echo 'ERROR: the end' >&2");
    PrRestoreEnd end = { 0 };
    struct stat output, errors;

    follow_to_end (tool, state, &end);
    g_assert_true (state->finished);
    const char *folder = pr_restore_tool_get_folder (tool);
    g_autofree char *output_path = g_build_filename (folder, "output", NULL);
    g_autofree char *errors_path = g_build_filename (folder, "errors", NULL);
    g_assert_no_errno (stat (output_path, &output));
    g_assert_no_errno (stat (errors_path, &errors));
    g_assert_cmpint (output.st_size, <, 65 * 1024 * 1024);
    g_assert_cmpint (errors.st_size, <, 65 * 1024 * 1024);
    g_autoptr (GPtrArray) lines = pr_restore_tool_take_lines (tool);
    g_assert_cmpuint (lines->len, <=, 200);
    g_assert_true (g_ptr_array_find_with_equal_func (lines, "ERROR: the end", g_str_equal, NULL));
}

static void
test_missing (Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = g_build_filename (bin, "idevicerestore", NULL);
    PrRestoreRequest request = make_request (fixture);
    g_autoptr (GError) started = NULL, probed = NULL, error = NULL;
    gboolean knows_logfile = TRUE;

    g_remove (path);
    g_assert_null (pr_restore_tool_start (&request, &started));
    g_assert_error (started, PR_ERROR, PR_ERROR_TOOL_MISSING);
    g_assert_false (pr_restore_tool_probe (&knows_logfile, &probed));
    g_assert_error (probed, PR_ERROR, PR_ERROR_TOOL_MISSING);
    install_tool ("old", "");
    g_assert_true (pr_restore_tool_probe (&knows_logfile, &error));
    g_assert_false (knows_logfile);
    install_tool ("  --logfile=PATH  file", "");
    g_assert_true (pr_restore_tool_probe (&knows_logfile, &error));
    g_assert_true (knows_logfile);
    g_autoptr (GPtrArray) runs = pr_restore_tool_list_runs ();
    g_assert_cmpuint (runs->len, ==, 0);
}

/* A run whose end cannot be read, and of which nothing is alive, has ended without success. */
static void
test_torn_end (Fixture *fixture, gconstpointer data)
{
    static const char *const ends[] = { "{\"exi", "", "[]", "{\"exit\": \"0\"}", "\xff\xff", NULL };

    for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
        g_autoptr (PrRestoreState) state = pr_restore_state_new (), again = pr_restore_state_new ();
        g_autoptr (PrRestoreTool) tool = start (fixture, "echo 'Status: Restore Finished'");
        g_autofree char *path = g_build_filename (pr_restore_tool_get_folder (tool), "end.json", NULL);
        g_autoptr (GError) error = NULL;
        PrRestoreEnd end = { 0 }, torn = { 0 };

        follow_to_end (tool, state, &end);
        if (ends[i] == NULL)
            g_assert_no_errno (g_remove (path));
        else
            g_assert_true (g_file_set_contents (path, ends[i], -1, NULL));
        g_autoptr (GPtrArray) runs = pr_restore_tool_list_runs ();
        g_assert_cmpuint (runs->len, ==, 1);
        follow_to_end (runs->pdata[0], again, &torn);
        g_assert_cmpint (torn.exit_status, ==, PR_RESTORE_END_UNKNOWN);
        g_assert_true (again->finished);
        g_assert_false (pr_restore_tool_judge (again, &torn, FALSE, &error));
        g_assert_error (error, PR_ERROR, PR_ERROR_TOOL_FAILED);
        pr_restore_tool_acknowledge (runs->pdata[0]);
    }
}

static gint64
read_pid (PrRestoreTool *tool, const char *name)
{
    g_autofree char *path = g_build_filename (pr_restore_tool_get_folder (tool), "supervisor.json", NULL);
    g_autofree char *text = read_text (path);
    g_autofree char *key = g_strdup_printf ("\"%s\": ", name);
    const char *at = strstr (text, key);

    g_assert_nonnull (at);
    return g_ascii_strtoll (at + strlen (key), NULL, 10);
}

static gboolean
is_listed_alive (void)
{
    g_autoptr (GPtrArray) runs = pr_restore_tool_list_runs ();
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();
    PrRestoreEnd end = { 0 };

    g_assert_cmpuint (runs->len, ==, 1);
    pr_restore_tool_next (runs->pdata[0], state, &end, 0);
    return !end.ended;
}

/* Without its supervisor the tool goes on, still counts as alive, and can still be ended. */
static void
test_supervisor_dies (Fixture *fixture, gconstpointer data)
{
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();
    g_autoptr (PrRestoreTool) tool =
        start (fixture, "echo 'Sending filesystem now...'; while :; do echo x; echo y >&2; sleep .1; done");
    PrRestoreRequest request = make_request (fixture);
    g_autoptr (GError) error = NULL;
    PrRestoreEnd end = { 0 };

    wait_for_phase (tool, state, PR_RESTORE_PHASE_SEND);
    g_assert_no_errno (kill ((pid_t) read_pid (tool, "supervisor"), SIGKILL));
    g_usleep (500 * 1000);
    g_assert_true (is_listed_alive ());
    g_assert_null (pr_restore_tool_start (&request, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_BUSY);
    pr_restore_tool_kill (tool);
    for (guint i = 0; i < 100 && is_running ((pid_t) read_pid (tool, "tool")); i++)
        g_usleep (100 * 1000); /* a killed process takes its time on a busy machine */
    g_assert_false (is_running ((pid_t) read_pid (tool, "tool")));
    follow_to_end (tool, state, &end);
    g_assert_cmpint (end.exit_status, ==, PR_RESTORE_END_UNKNOWN);
}

/* In a process of its own, as the app: starts a run, says so and waits to be killed. */
static int
start_and_wait (void)
{
    PrRestoreRequest request = { .ecid = ECID, .ipsw = "/nowhere/system.ipsw", .title = "left", .keep_data = TRUE };
    g_autoptr (GError) error = NULL;
    g_autoptr (PrRestoreTool) tool = pr_restore_tool_start (&request, &error);

    if (tool == NULL)
        g_print ("%s %d %s\n", g_quark_to_string (error->domain), error->code, error->message);
    else
        g_print ("started\n");
    fflush (stdout);
    if (tool != NULL)
        pause ();
    return 0;
}

static void
test_app_dies (Fixture *fixture, gconstpointer data)
{
    g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
    g_autoptr (GError) error = NULL;
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();
    PrRestoreEnd end = { 0 };
    char answer[8] = "";

    install_tool ("usage", "echo 'Sending filesystem now...'; sleep 2; echo 'Status: Restore Finished'");
    g_subprocess_launcher_setenv (launcher, "XDG_STATE_HOME", g_get_user_state_dir (), TRUE);
    g_autoptr (GSubprocess) app = g_subprocess_launcher_spawn (launcher, &error, own_path, "--start-and-wait", NULL);
    g_assert_no_error (error);
    g_input_stream_read_all (g_subprocess_get_stdout_pipe (app), answer, 7, NULL, NULL, &error);
    g_assert_cmpstr (answer, ==, "started");
    g_subprocess_force_exit (app);
    g_subprocess_wait (app, NULL, NULL);

    g_autoptr (GPtrArray) runs = pr_restore_tool_list_runs ();
    g_assert_cmpuint (runs->len, ==, 1);
    g_assert_cmpstr (pr_restore_tool_get_title (runs->pdata[0]), ==, "left");
    g_assert_true (pr_restore_tool_get_keep_data (runs->pdata[0]));
    g_assert_true (is_listed_alive ());
    follow_to_end (runs->pdata[0], state, &end);
    g_assert_true (pr_restore_tool_judge (state, &end, FALSE, &error));
    g_assert_no_error (error);
}

static void
make_old (const char *folder)
{
    g_autofree char *path = g_build_filename (folder, "acknowledged", NULL);
    struct timespec times[2] = { { .tv_sec = time (NULL) - 31 * 24 * 60 * 60 }, { 0 } };

    times[1] = times[0];
    g_assert_no_errno (utimensat (AT_FDCWD, path, times, 0));
}

static void
test_acknowledge (Fixture *fixture, gconstpointer data)
{
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();
    g_autoptr (PrRestoreTool) tool = start (fixture, "mkdir \"$6/a\"; echo x >\"$6/a/b\"; ln -s / \"$6/c\"");
    const char *folder = pr_restore_tool_get_folder (tool);
    g_autofree char *output = g_build_filename (folder, "output", NULL);
    g_autofree char *cache = g_build_filename (folder, "cache", NULL);
    PrRestoreEnd end = { 0 };
    struct stat status;

    follow_to_end (tool, state, &end);
    g_assert_no_errno (stat (folder, &status));
    g_assert_cmpint (status.st_mode & 0777, ==, 0700);
    pr_restore_tool_acknowledge (tool);
    g_autoptr (GPtrArray) none = pr_restore_tool_list_runs ();
    g_assert_cmpuint (none->len, ==, 0);
    g_assert_true (g_file_test (output, G_FILE_TEST_EXISTS));
    make_old (folder);
    g_autoptr (GPtrArray) still_none = pr_restore_tool_list_runs ();
    g_assert_cmpuint (still_none->len, ==, 0);
    g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
    g_assert_true (g_file_test ("/usr", G_FILE_TEST_IS_DIR));
}

static void
test_list (Fixture *fixture, gconstpointer data)
{
    const char *titles[] = { "one", "two", "three" };
    PrRestoreRequest request = make_request (fixture);
    g_autofree char *stray = g_build_filename (g_get_user_state_dir (), "phone-reset", "restores", "stray", NULL);

    install_tool ("usage", "exit 1");
    for (guint i = 0; i < 3; i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (PrRestoreState) state = pr_restore_state_new ();
        PrRestoreEnd end = { 0 };

        request.title = titles[i];
        request.ecid = ECID + (i + 1) % 3;
        g_autoptr (PrRestoreTool) tool = pr_restore_tool_start (&request, &error);
        g_assert_no_error (error);
        follow_to_end (tool, state, &end);
        g_usleep (1100 * 1000); /* the times in their names differ by a second */
    }
    g_assert_no_errno (g_mkdir (stray, 0700));
    g_autoptr (GPtrArray) runs = pr_restore_tool_list_runs ();
    g_assert_cmpuint (runs->len, ==, 3);
    for (guint i = 0; i < 3; i++)
        g_assert_cmpstr (pr_restore_tool_get_title (runs->pdata[i]), ==, titles[2 - i]);
}

/* The tool's variables must not reach the supervisor: under a preload whose server goes away it would be ended. */
static void
test_environment (Fixture *fixture, gconstpointer data)
{
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();
    g_autoptr (PrRestoreTool) tool = start (fixture, "test -n \"$FILE\" && echo 'Sending filesystem now...'; sleep 60");
    g_autofree char *path = g_strdup_printf ("/proc/%" G_GINT64_FORMAT "/environ", read_pid (tool, "supervisor"));
    g_autofree char *environ_text = NULL;
    gsize length = 0;

    wait_for_phase (tool, state, PR_RESTORE_PHASE_SEND);
    g_assert_true (g_file_get_contents (path, &environ_text, &length, NULL));
    g_assert_null (memmem (environ_text, length, fixture->assignment, strlen (fixture->assignment)));
    pr_restore_tool_kill (tool);
}

static gpointer
let_go_soon (gpointer fd)
{
    g_usleep (300 * 1000);
    close (GPOINTER_TO_INT (fd));
    return NULL;
}

/* The supervisor is there for an instant after it has said how the run ended: the next run waits for that. */
static void
test_next (Fixture *fixture, gconstpointer data)
{
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();
    g_autoptr (PrRestoreTool) first = start (fixture, "exit 1");
    PrRestoreEnd end = { 0 };

    follow_to_end (first, state, &end);
    g_autofree char *lock = g_build_filename (pr_restore_tool_get_folder (first), "lock", NULL);
    int fd = open (lock, O_RDWR | O_CLOEXEC);
    g_assert_no_errno (flock (fd, LOCK_EX));
    GThread *thread = g_thread_new ("lets go", let_go_soon, GINT_TO_POINTER (fd));
    g_autoptr (PrRestoreTool) second = start (fixture, "exit 1");
    g_thread_join (thread);
    pr_restore_tool_kill (second);
}

#define ADD(name) g_test_add ("/restore-tool/" #name, Fixture, NULL, set_up, test_##name, tear_down)

int
main (int argc, char *argv[])
{
    if (argc > 1 && g_str_equal (argv[1], "--start-and-wait"))
        return start_and_wait ();
    g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
    own_path = g_file_read_link ("/proc/self/exe", NULL);
    /* below what G_TEST_OPTION_ISOLATE_DIRS removes at the end */
    bin = g_dir_make_tmp ("phone-reset-test-XXXXXX", NULL);
    g_setenv ("PATH", bin, TRUE);
    ADD (good);
    ADD (update);
    ADD (relay);
    ADD (prompt);
    ADD (kill);
    ADD (left_children);
    ADD (failures);
    g_test_add_func ("/restore-tool/judge", test_judge);
    ADD (busy);
    ADD (next);
    ADD (huge);
    ADD (missing);
    ADD (torn_end);
    ADD (supervisor_dies);
    ADD (app_dies);
    ADD (acknowledge);
    ADD (list);
    ADD (environment);
    int result = g_test_run ();
    g_free (bin);
    g_free (own_path);
    return result;
}
