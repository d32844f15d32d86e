// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-restore-tool.h"

#include "config.h"
#include "pr-process.h"
#include "pr-run-folder.h"
#include "pr-run-reader.h"

#include <glib/gstdio.h>
#include <gio/gunixinputstream.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define TOOL "idevicerestore"
#define LOCK_FD 3
#define NO_SPACE_STATUS 3 /* of the supervisor */
#define POLL_USEC (100 * 1000)
#define KILL_USEC (1800 * 1000) /* the supervisor's own limit is 1.5 s */
#define FORCE_USEC (200 * 1000) /* after that, without it */
#define ANSWER_USEC (10 * G_USEC_PER_SEC)
#define RELAY_USEC (60 * G_USEC_PER_SEC) /* it reads the system file first */
#define MAX_ANSWER (256 * 1024)
#define RELAY_ADDRESS "http://127.0.0.1:"
#define MAX_LINES 200

struct _PrRestoreTool {
    GObject parent_instance;

    char *folder;
    guint64 ecid;
    char *title;
    gboolean keep_data;
    PrRunReader *output;
    PrRunReader *errors;
    GPtrArray *lines; /* since they were last taken */
    gboolean ended;   /* and read to its end */
};

G_DEFINE_FINAL_TYPE (PrRestoreTool, pr_restore_tool, G_TYPE_OBJECT)

static void
pr_restore_tool_finalize (GObject *object)
{
    PrRestoreTool *self = PR_RESTORE_TOOL (object);

    g_clear_pointer (&self->output, pr_run_reader_free);
    g_clear_pointer (&self->errors, pr_run_reader_free);
    g_clear_pointer (&self->lines, g_ptr_array_unref);
    g_free (self->folder);
    g_free (self->title);
    G_OBJECT_CLASS (pr_restore_tool_parent_class)->finalize (object);
}

static void
pr_restore_tool_class_init (PrRestoreToolClass *klass)
{
    G_OBJECT_CLASS (klass)->finalize = pr_restore_tool_finalize;
}

static void
pr_restore_tool_init (PrRestoreTool *self)
{
    self->lines = g_ptr_array_new_with_free_func (g_free);
}

/* What was asked is read back from the folder, as a later start of the app does. */
static PrRestoreTool *
load (const char *folder)
{
    PrRestoreTool *self = g_object_new (PR_TYPE_RESTORE_TOOL, NULL);
    g_autoptr (GVariant) request = pr_run_folder_read (folder, "request.json");

    self->folder = g_strdup (folder);
    self->ecid = pr_run_folder_get_ecid (folder);
    self->output = pr_run_reader_new (folder, "output");
    self->errors = pr_run_reader_new (folder, "errors");
    if (request != NULL) {
        g_variant_lookup (request, "title", "s", &self->title);
        g_variant_lookup (request, "keep-data", "b", &self->keep_data);
    }
    return self;
}

static char *
find_tool (GError **error)
{
    char *path = g_find_program_in_path (TOOL);

    if (path == NULL)
        g_set_error_literal (error, PR_ERROR, PR_ERROR_TOOL_MISSING, TOOL " is not installed");
    return path;
}

static gboolean
write_request (const char *folder, const PrRestoreRequest *request, GError **error)
{
    GVariantDict dictionary;
    g_autofree char *title = g_utf8_make_valid (request->title == NULL ? "" : request->title, -1);
    g_autofree char *ipsw = g_filename_display_name (request->ipsw);

    g_variant_dict_init (&dictionary, NULL);
    g_variant_dict_insert (&dictionary, "title", "s", title);
    g_variant_dict_insert (&dictionary, "ipsw", "s", ipsw);
    g_variant_dict_insert (&dictionary, "keep-data", "b", request->keep_data);
    g_variant_dict_insert (&dictionary, "time", "x", g_get_real_time () / G_USEC_PER_SEC);
    return pr_run_folder_write (folder, "request.json", g_variant_dict_end (&dictionary), error);
}

static void
add (GStrvBuilder *builder, const char *option, const char *value)
{
    g_strv_builder_add_many (builder, option, value, NULL);
}

/* -d for the signing server's reason, -P for progress in lines, -y so that it asks nothing (it has no input either). */
static void
add_tool (GStrvBuilder *builder,
          const PrRestoreRequest *request,
          const char *folder,
          const char *signing_server,
          gboolean knows_logfile)
{
    g_autofree char *ecid = g_strdup_printf ("0x%" G_GINT64_MODIFIER "X", request->ecid);
    g_autofree char *cache = g_build_filename (folder, "cache", NULL);
    g_autofree char *ipsw = g_canonicalize_filename (request->ipsw, NULL);

    add (builder, "-i", ecid);
    g_strv_builder_add_many (builder, "-y", "-P", "-d", NULL);
    add (builder, "-C", cache);
    /* "-" is standard error, where the older contract has it */
    if (knows_logfile)
        g_strv_builder_add (builder, "--logfile=-");
    if (signing_server != NULL)
        add (builder, "-s", signing_server);
    if (request->keep_data)
        add (builder, "--variant", "Customer Upgrade Install (IPSW)");
    else
        g_strv_builder_add (builder, "-e");
    g_strv_builder_add (builder, ipsw);
}

static GStrv
build_command (const PrRestoreRequest *request,
               const char *folder,
               const char *tool,
               const char *signing_server,
               gboolean knows_logfile)
{
    g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
    g_autofree char *lock = g_strdup_printf ("%d", LOCK_FD);

    add (builder, PR_LIBEXECDIR "/phone-reset-supervisor", folder);
    add (builder, "--lock-fd", lock);
    for (guint i = 0; request->environment != NULL && request->environment[i] != NULL; i++)
        add (builder, "--setenv", request->environment[i]);
    add (builder, "--", tool);
    add_tool (builder, request, folder, signing_server, knows_logfile);
    return g_strv_builder_end (builder);
}

/* What a child says until it ends or closes both streams, at most @usec and MAX_ANSWER. */
static char *
read_answer (GSubprocess *child, gint64 usec)
{
    int fd = g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (g_subprocess_get_stdout_pipe (child)));
    g_autoptr (GString) text = g_string_new (NULL);
    gint64 deadline = g_get_monotonic_time () + usec;
    char buffer[4096];

    while (text->len < MAX_ANSWER) {
        struct pollfd watched = { .fd = fd, .events = POLLIN };
        gint64 left = deadline - g_get_monotonic_time ();

        if (left <= 0 || poll (&watched, 1, (int) (left / 1000) + 1) <= 0)
            break;
        gssize n = read (fd, buffer, sizeof buffer);
        if (n <= 0)
            break;
        g_string_append_len (text, buffer, n);
    }
    return g_string_free_and_steal (g_steal_pointer (&text));
}

/* It lives on by itself: it ends when nobody holds the folder's lock any more, also when the tool is never started. */
static char *
start_relay (const char *const *command, const char *folder, GError **error)
{
    g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

    g_strv_builder_addv (builder, (const char **) command);
    g_strv_builder_add (builder, folder);
    g_auto (GStrv) argv = g_strv_builder_end (builder);
    g_autoptr (GSubprocess) relay =
        g_subprocess_newv ((const char *const *) argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE,
                           error);
    if (relay == NULL)
        return NULL;
    g_autofree char *said = g_strchomp (read_answer (relay, RELAY_USEC));
    if (g_str_has_prefix (said, RELAY_ADDRESS))
        return g_steal_pointer (&said);
    g_subprocess_force_exit (relay);
    g_set_error (error, PR_ERROR, PR_ERROR_TOOL_FAILED, "starting the signing relay: %s", said);
    return NULL;
}

/* Where the tool is to ask for signatures. Returns: %FALSE: the relay that has to be there is not */
static gboolean
find_signing_server (const PrRestoreRequest *request, const char *folder, char **address, GError **error)
{
    *address =
        request->relay != NULL ? start_relay (request->relay, folder, error) : g_strdup (request->signing_server);
    return *address != NULL || request->relay == NULL;
}

/* The supervisor lets go of us and answers once the tool has been started: it is short. Takes @lock_fd. */
static gboolean
run_supervisor (const char *const *command, int lock_fd, GError **error)
{
    g_autoptr (GSubprocessLauncher) launcher =
        g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
    g_autofree char *said = NULL;

    g_subprocess_launcher_take_fd (launcher, lock_fd, LOCK_FD);
    g_autoptr (GSubprocess) supervisor = g_subprocess_launcher_spawnv (launcher, command, error);
    if (supervisor == NULL || !g_subprocess_communicate_utf8 (supervisor, NULL, NULL, NULL, &said, error))
        return FALSE;
    int status = g_subprocess_get_if_exited (supervisor) ? g_subprocess_get_exit_status (supervisor) : -1;
    if (status == 0)
        return TRUE;
    g_set_error (error, PR_ERROR, status == NO_SPACE_STATUS ? PR_ERROR_NO_SPACE : PR_ERROR_TOOL_FAILED,
                 "starting " TOOL ": %s", g_strchomp (said));
    return FALSE;
}

/* Takes @lock_fd. */
static gboolean
start_run (const PrRestoreRequest *request,
           const char *folder,
           const char *tool,
           gboolean knows_logfile,
           int lock_fd,
           GError **error)
{
    g_autofd int lock = lock_fd;
    g_autofree char *signing_server = NULL;
    g_auto (GStrv) command = NULL;

    if (!write_request (folder, request, error) || !find_signing_server (request, folder, &signing_server, error))
        return FALSE;
    command = build_command (request, folder, tool, signing_server, knows_logfile);
    return run_supervisor ((const char *const *) command, g_steal_fd (&lock), error);
}

PrRestoreTool *
pr_restore_tool_start (const PrRestoreRequest *request, GError **error)
{
    g_return_val_if_fail (request != NULL && request->ipsw != NULL && request->ecid != 0, NULL);

    gboolean knows_logfile = FALSE;
    int lock_fd = -1;
    g_autofree char *tool = find_tool (error);
    if (tool == NULL || !pr_restore_tool_probe (&knows_logfile, error))
        return NULL;
    g_autofd int claim = pr_run_folder_claim (request->ecid, error);
    if (claim < 0)
        return NULL;
    g_autofree char *folder = pr_run_folder_create (request->ecid, &lock_fd, error);
    if (folder == NULL)
        return NULL;
    if (!start_run (request, folder, tool, knows_logfile, lock_fd, error)) {
        pr_run_folder_remove (folder);
        return NULL;
    }
    return load (folder);
}

GPtrArray *
pr_restore_tool_list_runs (void)
{
    g_autoptr (GPtrArray) folders = pr_run_folder_list ();
    GPtrArray *runs = g_ptr_array_new_with_free_func (g_object_unref);

    for (guint i = 0; i < folders->len; i++) {
        if (!pr_run_folder_is_alive (folders->pdata[i]))
            pr_run_folder_shrink (folders->pdata[i]);
        g_ptr_array_add (runs, load (folders->pdata[i]));
    }
    return runs;
}

guint64
pr_restore_tool_get_ecid (PrRestoreTool *self)
{
    return self->ecid;
}

const char *
pr_restore_tool_get_title (PrRestoreTool *self)
{
    return self->title == NULL ? "" : self->title;
}

gboolean
pr_restore_tool_get_keep_data (PrRestoreTool *self)
{
    return self->keep_data;
}

const char *
pr_restore_tool_get_folder (PrRestoreTool *self)
{
    return self->folder;
}

static void
keep_line (PrRestoreTool *self, const char *line)
{
    if (g_str_has_prefix (line, "progress: "))
        return;
    if (self->lines->len == MAX_LINES)
        g_ptr_array_remove_index (self->lines, 0);
    g_ptr_array_add (self->lines, g_utf8_make_valid (line, -1));
}

/* Feeds what @reader has now. */
static gboolean
feed (PrRestoreTool *self, PrRunReader *reader, gboolean at_end, PrRestoreState *state)
{
    gboolean changed = FALSE;
    const char *line;

    while ((line = pr_run_reader_next (reader, at_end)) != NULL) {
        keep_line (self, line);
        changed |= pr_restore_log_feed (state, line);
    }
    return changed;
}

static gboolean
read_end (PrRestoreTool *self, PrRestoreEnd *end)
{
    g_autoptr (GVariant) record = pr_run_folder_read (self->folder, "end.json");
    gint64 number = 0;

    if (record != NULL && g_variant_lookup (record, "exit", "x", &number))
        end->exit_status = (int) number;
    else if (record != NULL && g_variant_lookup (record, "signal", "x", &number))
        end->exit_status = (int) -number;
    else
        return FALSE;
    return TRUE;
}

/* It has ended when its end is written, or when nothing of it is alive any more; the end is looked for once more after
 * that, because it may have been written between the two looks. */
static gboolean
check_end (PrRestoreTool *self, PrRestoreEnd *end)
{
    if (read_end (self, end))
        return TRUE;
    if (pr_run_folder_is_alive (self->folder))
        return FALSE;
    if (!read_end (self, end))
        end->exit_status = PR_RESTORE_END_UNKNOWN;
    return TRUE;
}

/* Why the last request got no ticket, which the tool does not know as well. */
static void
hear_relay (PrRestoreTool *self, PrRestoreState *state)
{
    g_autoptr (GVariant) record = pr_run_folder_read (self->folder, "signing.json");
    const char *nick = NULL, *message = NULL;

    if (record != NULL && g_variant_lookup (record, "error", "&s", &nick) &&
        g_variant_lookup (record, "message", "&s", &message))
        pr_restore_log_blame_signing (state, nick, message);
}

static gboolean
look (PrRestoreTool *self, PrRestoreState *state, PrRestoreEnd *end)
{
    /* first the end, then the words: at the end all of them are there */
    gboolean ended = check_end (self, end);
    gboolean changed = feed (self, self->output, ended, state);

    changed |= feed (self, self->errors, ended, state);
    if (!ended)
        return changed;
    hear_relay (self, state);
    self->ended = TRUE;
    end->ended = TRUE;
    return TRUE;
}

gboolean
pr_restore_tool_next (PrRestoreTool *self, PrRestoreState *state, PrRestoreEnd *end, double seconds)
{
    g_return_val_if_fail (PR_IS_RESTORE_TOOL (self) && state != NULL && end != NULL, FALSE);

    gint64 deadline = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
    while (!self->ended) {
        if (look (self, state, end))
            return TRUE;
        gint64 left = deadline - g_get_monotonic_time ();
        if (left <= 0)
            return FALSE;
        g_usleep ((gulong) MIN (left, POLL_USEC));
    }
    return FALSE;
}

GPtrArray *
pr_restore_tool_take_lines (PrRestoreTool *self)
{
    GPtrArray *lines = g_steal_pointer (&self->lines);

    self->lines = g_ptr_array_new_with_free_func (g_free);
    return lines;
}

/* Who is @name ("supervisor" or "tool") of the run? */
static pid_t
read_process (PrRestoreTool *self, const char *name, guint64 *start_time)
{
    g_autoptr (GVariant) record = pr_run_folder_read (self->folder, "supervisor.json");
    g_autofree char *start_name = g_strconcat (name, "-start", NULL);
    gint64 pid = 0, start = 0;

    if (record == NULL || !g_variant_lookup (record, name, "x", &pid) ||
        !g_variant_lookup (record, start_name, "x", &start))
        return 0;
    *start_time = (guint64) start;
    return (pid_t) pid;
}

static gboolean
wait_dead (PrRestoreTool *self, gint64 usec)
{
    gint64 deadline = g_get_monotonic_time () + usec;

    while (pr_run_folder_is_alive (self->folder)) {
        if (g_get_monotonic_time () > deadline)
            return FALSE;
        g_usleep (10 * 1000);
    }
    return TRUE;
}

/* The supervisor is gone or does not answer: the tool leads a session of its own, whose group has its number. */
static void
kill_by_force (PrRestoreTool *self)
{
    guint64 supervisor_start = 0, tool_start = 0;
    pid_t supervisor = read_process (self, "supervisor", &supervisor_start);
    pid_t tool = read_process (self, "tool", &tool_start);

    if (tool > 1 && tool_start != 0 && pr_process_start_time (tool) == tool_start)
        kill (-tool, SIGKILL);
    pr_process_signal (tool, tool_start, SIGKILL);
    pr_process_signal (supervisor, supervisor_start, SIGKILL);
}

void
pr_restore_tool_kill (PrRestoreTool *self)
{
    g_return_if_fail (PR_IS_RESTORE_TOOL (self));

    guint64 start_time = 0;
    pid_t supervisor = read_process (self, "supervisor", &start_time);
    if (pr_process_signal (supervisor, start_time, SIGTERM) && wait_dead (self, KILL_USEC))
        return;
    if (!pr_run_folder_is_alive (self->folder))
        return;
    kill_by_force (self);
    wait_dead (self, FORCE_USEC);
}

void
pr_restore_tool_acknowledge (PrRestoreTool *self)
{
    g_return_if_fail (PR_IS_RESTORE_TOOL (self));

    pr_run_folder_acknowledge (self->folder);
}

/* Fills in what the tool's words did not explain. */
static PrError
guess_cause (const PrRestoreState *state, const PrRestoreEnd *end, gboolean phone_lost)
{
    if (state->has_cause)
        return state->cause;
    if (phone_lost && state->past_return)
        return PR_ERROR_UNPLUGGED_IN_WORK;
    if (phone_lost)
        return state->phase >= PR_RESTORE_PHASE_START ? PR_ERROR_LOST_IN_START : PR_ERROR_UNPLUGGED;
    return PR_ERROR_TOOL_FAILED;
}

static char *
describe_end (const PrRestoreEnd *end)
{
    if (!end->ended)
        return g_strdup ("has not ended");
    if (end->exit_status == PR_RESTORE_END_UNKNOWN)
        return g_strdup ("ended, nobody saw how");
    if (end->exit_status < 0)
        return g_strdup_printf ("ended by signal %d", -end->exit_status);
    return g_strdup_printf ("ended with status %d", end->exit_status);
}

gboolean
pr_restore_tool_judge (const PrRestoreState *state, const PrRestoreEnd *end, gboolean phone_lost, GError **error)
{
    g_return_val_if_fail (state != NULL && end != NULL, FALSE);

    if (end->ended && end->exit_status == 0 && state->finished)
        return TRUE;
    g_autofree char *how = describe_end (end);
    g_autofree char *number =
        state->apple_status == 0 ? g_strdup ("") : g_strdup_printf ("; the phone said %d", state->apple_status);
    g_set_error (error, PR_ERROR, guess_cause (state, end, phone_lost), TOOL " %s%s%s%s%s", how, number,
                 phone_lost ? "; the phone is gone" : "", state->evidence->len > 0 ? "\n" : "", state->evidence->str);
    return FALSE;
}

guint64
pr_restore_tool_get_room (void)
{
    return pr_run_folder_get_room ();
}

gboolean
pr_restore_tool_probe (gboolean *knows_logfile, GError **error)
{
    g_autofree char *tool = find_tool (error);
    g_autoptr (GError) failure = NULL;

    if (tool == NULL)
        return FALSE;
    g_autoptr (GSubprocess) help = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE,
                                                     &failure, tool, "--help", NULL);
    if (help == NULL) {
        g_set_error (error, PR_ERROR, PR_ERROR_TOOL_MISSING, "%s: %s", tool, failure->message);
        return FALSE;
    }
    g_autofree char *text = read_answer (help, ANSWER_USEC);
    g_subprocess_force_exit (help);
    if (knows_logfile != NULL)
        *knows_logfile = strstr (text, "--logfile") != NULL;
    return TRUE;
}
