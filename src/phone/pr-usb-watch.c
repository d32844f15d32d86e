// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-usb-watch.h"

#include <errno.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pr-error.h"
#include "pr-phone-enums.h"

#define LINE_MAX_BYTES (64 * 1024)
/* Seconds until the helper must have said its first line. */
#define READY_LIMIT 10
#define RESTART_PAUSE_MS 200
#define DEATHS 3
#define DEATHS_WITHIN (60 * G_USEC_PER_SEC)

/* One run of the helper. It outlives the watch until the helper's end was seen: whoever reads it last frees it. */
typedef struct {
    PrUsbWatch *watch; /* borrowed; NULL when the watch has gone */
    GSubprocess *process;
    GString *line;
    char chunk[4096];
    guint ready_limit_id;
} Child;

/* On the stack of the thread that waits for it. */
typedef struct {
    gint64 request;
    gboolean survives; /* a restart of the helper fulfils it */
    gboolean answered;
    GError *error;
} Call;

struct _PrUsbWatch {
    GObject parent_instance;

    /* Main thread */
    GStrv argv;
    GStrv environment;
    Child *child;
    GHashTable *ports;       /* told of as attached */
    GHashTable *stale_ports; /* of those, told of by the helper's run before, and not seen again yet */
    gint64 deaths[DEATHS];
    guint restart_id;

    /* Every thread, under the mutex */
    GMutex mutex;
    GCond cond; /* an answer came, or the state changed */
    PrUsbWatchState state;
    int input; /* the helper's standard input, a socket; -1 without a helper */
    GPtrArray *calls;
    gint64 last_request;
    guint holds;
    guint run;      /* counts the helper's runs */
    gboolean dying; /* its end is certain, but was not seen yet */
};

enum {
    PROP_STATE = 1,
};

enum {
    ATTACHED,
    DETACHED,
    N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrUsbWatch, pr_usb_watch, G_TYPE_OBJECT)

static void start_child (PrUsbWatch *self);

static void
set_state (PrUsbWatch *self, PrUsbWatchState state)
{
    gboolean changed;

    g_mutex_lock (&self->mutex);
    changed = self->state != state;
    self->state = state;
    g_cond_broadcast (&self->cond);
    g_mutex_unlock (&self->mutex);
    if (changed)
        g_object_notify (G_OBJECT (self), "state");
}

/* With the mutex. Never blocks: a helper that does not read is as good as one that does not answer. */
static gboolean
send_line (PrUsbWatch *self, gint64 request, const char *command, guint64 ecid)
{
    g_autoptr (JsonBuilder) builder = json_builder_new ();
    g_autoptr (JsonNode) root = NULL;
    g_autofree char *ecid_text = g_strdup_printf ("0x%016" G_GINT64_MODIFIER "x", ecid);
    g_autofree char *json = NULL, *line = NULL;

    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "request");
    json_builder_add_int_value (builder, request);
    json_builder_set_member_name (builder, "command");
    json_builder_add_string_value (builder, command);
    json_builder_set_member_name (builder, "ecid");
    json_builder_add_string_value (builder, ecid_text);
    json_builder_end_object (builder);
    root = json_builder_get_root (builder);
    json = json_to_string (root, FALSE);
    line = g_strconcat (json, "\n", NULL);
    return self->input >= 0 &&
           send (self->input, line, strlen (line), MSG_NOSIGNAL | MSG_DONTWAIT) == (gssize) strlen (line);
}

static void
answer (Call *call, GError *error)
{
    if (call->answered)
        return;
    call->answered = TRUE;
    call->error = error != NULL ? g_error_copy (error) : NULL;
}

/* The helper died. What it was doing is lost, unless it was only to hold still: the next run is told that first. */
static void
fail_calls (PrUsbWatch *self, gboolean all)
{
    g_autoptr (GError) error = g_error_new (PR_ERROR, PR_ERROR_HELPER_GONE, "phone-reset-usb ended");

    g_mutex_lock (&self->mutex);
    for (guint i = 0; i < self->calls->len; i++) {
        Call *call = g_ptr_array_index (self->calls, i);

        if (all || !call->survives)
            answer (call, error);
    }
    g_cond_broadcast (&self->cond);
    g_mutex_unlock (&self->mutex);
}

/* A new run of the helper holds as often as it is wanted, which answers all calls about that. */
static void
send_holds (PrUsbWatch *self)
{
    g_mutex_lock (&self->mutex);
    for (guint i = 0; i < self->holds; i++)
        send_line (self, ++self->last_request, "hold", 0);
    for (guint i = 0; i < self->calls->len; i++) {
        Call *call = g_ptr_array_index (self->calls, i);

        if (call->survives)
            answer (call, NULL);
    }
    g_mutex_unlock (&self->mutex);
}

static void
detach (PrUsbWatch *self, const char *port)
{
    g_autofree char *name = g_strdup (port);

    g_hash_table_remove (self->stale_ports, name);
    if (g_hash_table_remove (self->ports, name))
        g_signal_emit (self, signals[DETACHED], 0, name);
}

static void
detach_all (PrUsbWatch *self, GHashTable *ports)
{
    g_autofree char **keys = (char **) g_hash_table_get_keys_as_array (ports, NULL);
    g_auto (GStrv) names = g_strdupv (keys);

    for (char **name = names; *name != NULL; name++)
        detach (self, *name);
}

static const char *
get_string (JsonObject *object, const char *member)
{
    return json_object_get_string_member_with_default (object, member, NULL);
}

static int
get_number (JsonObject *object, const char *member, int otherwise)
{
    gint64 number = json_object_get_int_member_with_default (object, member, otherwise);

    return number >= 0 && number <= G_MAXINT ? (int) number : otherwise;
}

static guint64
get_ecid (JsonObject *object)
{
    const char *text = get_string (object, "ecid");
    guint64 ecid = 0;

    if (text == NULL || !g_str_has_prefix (text, "0x") ||
        !g_ascii_string_to_unsigned (text + 2, 16, 0, G_MAXUINT64, &ecid, NULL))
        return 0;
    return ecid;
}

/* @value when it is one of @known, else NULL */
static const char *
one_of (const char *value, const char *const *known)
{
    return value != NULL && g_strv_contains (known, value) ? value : NULL;
}

static void
take_attached (PrUsbWatch *self, JsonObject *object)
{
    static const char *const modes[] = { "normal", "restore", "recovery", "dfu", "wtf", NULL };
    static const char *const accesses[] = { "good", "refused", "unknown", NULL };
    PrUsbDevice device = {
        .port = get_string (object, "port"),
        .mode = one_of (get_string (object, "mode"), modes),
        .ecid = get_ecid (object),
        .serial = get_string (object, "serial"),
        .product_type = get_string (object, "product-type"),
        .board = get_string (object, "board"),
        .model_name = get_string (object, "model-name"),
        .serial_number = get_string (object, "serial-number"),
        .speed = get_number (object, "speed", 0),
        .hub_depth = get_number (object, "hub-depth", -1),
        .access = one_of (get_string (object, "access"), accesses),
    };

    if (device.port == NULL || device.mode == NULL)
        return;
    g_hash_table_remove (self->stale_ports, device.port);
    g_hash_table_add (self->ports, g_strdup (device.port));
    g_signal_emit (self, signals[ATTACHED], 0, &device);
}

static PrError
map_error (const char *name)
{
    static const struct {
        const char *name;
        PrError code;
    } errors[] = {
        { "access", PR_ERROR_NO_USB_PERMISSION }, { "busy", PR_ERROR_BUSY },           { "gone", PR_ERROR_UNPLUGGED },
        { "timeout", PR_ERROR_NO_ANSWER },        { "protocol", PR_ERROR_BAD_ANSWER },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
        if (g_strcmp0 (errors[i].name, name) == 0)
            return errors[i].code;
    return PR_ERROR_BAD_ANSWER;
}

static GError *
read_error (JsonObject *object)
{
    const char *message = get_string (object, "message");

    if (json_object_get_boolean_member_with_default (object, "ok", FALSE))
        return NULL;
    return g_error_new (PR_ERROR, map_error (get_string (object, "error")), "phone-reset-usb: %s",
                        message != NULL ? message : "no reason given");
}

static void
take_reply (PrUsbWatch *self, JsonObject *object)
{
    gint64 request = json_object_get_int_member_with_default (object, "request", -1);
    g_autoptr (GError) error = read_error (object);

    g_mutex_lock (&self->mutex);
    for (guint i = 0; i < self->calls->len; i++) {
        Call *call = g_ptr_array_index (self->calls, i);

        if (call->request == request)
            answer (call, error);
    }
    g_cond_broadcast (&self->cond);
    g_mutex_unlock (&self->mutex);
}

static void
take_ready (PrUsbWatch *self)
{
    g_clear_handle_id (&self->child->ready_limit_id, g_source_remove);
    send_holds (self);
    set_state (self, PR_USB_WATCH_RUNNING);
}

static void
take_event (PrUsbWatch *self, JsonObject *object)
{
    const char *event = get_string (object, "event");
    const char *port = get_string (object, "port");

    if (g_strcmp0 (event, "ready") == 0)
        take_ready (self);
    else if (g_strcmp0 (event, "attached") == 0)
        take_attached (self, object);
    else if (g_strcmp0 (event, "listed") == 0)
        detach_all (self, self->stale_ports);
    else if (g_strcmp0 (event, "detached") == 0 && port != NULL)
        detach (self, port);
    else if (g_strcmp0 (event, "reply") == 0)
        take_reply (self, object);
    else if (g_strcmp0 (event, "refused") == 0)
        set_state (self, PR_USB_WATCH_REFUSED);
}

static void
take_line (PrUsbWatch *self, const char *line, gsize length)
{
    g_autoptr (JsonParser) parser = json_parser_new ();
    JsonNode *root;

    if (!json_parser_load_from_data (parser, line, (gssize) length, NULL))
        return;
    root = json_parser_get_root (parser);
    if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
        take_event (self, json_node_get_object (root));
}

/* A signal's handler may end the watch between two lines. */
static void
take_lines (Child *child)
{
    const char *end;

    while (child->watch != NULL && (end = memchr (child->line->str, '\n', child->line->len)) != NULL) {
        g_autoptr (PrUsbWatch) watch = g_object_ref (child->watch);
        gsize length = (gsize) (end - child->line->str);

        take_line (watch, child->line->str, length);
        g_string_erase (child->line, 0, (gssize) length + 1);
    }
}

static void
free_child (Child *child)
{
    g_clear_handle_id (&child->ready_limit_id, g_source_remove);
    g_object_unref (child->process);
    g_string_free (child->line, TRUE);
    g_free (child);
}

static void
close_input (PrUsbWatch *self)
{
    g_mutex_lock (&self->mutex);
    if (self->input >= 0)
        close (self->input);
    self->input = -1;
    g_mutex_unlock (&self->mutex);
}

/* The oldest of the last deaths was long enough ago, or there were not so many. */
static gboolean
may_restart (PrUsbWatch *self)
{
    gint64 now = g_get_monotonic_time ();

    for (gsize i = 1; i < DEATHS; i++)
        self->deaths[i - 1] = self->deaths[i];
    self->deaths[DEATHS - 1] = now;
    return self->deaths[0] == 0 || now - self->deaths[0] > DEATHS_WITHIN;
}

static void
give_up (PrUsbWatch *self, PrUsbWatchState state)
{
    set_state (self, state);
    fail_calls (self, TRUE);
    detach_all (self, self->ports);
}

static gboolean
restart_cb (gpointer data)
{
    PrUsbWatch *self = data;

    self->restart_id = 0;
    start_child (self);
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
    set_state (self, PR_USB_WATCH_STARTING);
    fail_calls (self, FALSE);
    self->restart_id = g_timeout_add (RESTART_PAUSE_MS, restart_cb, self);
}

static void
died_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    Child *child = data;
    g_autoptr (PrUsbWatch) self = child->watch != NULL ? g_object_ref (child->watch) : NULL;

    g_subprocess_wait_finish (child->process, result, NULL);
    free_child (child);
    if (self == NULL)
        return;
    self->child = NULL;
    close_input (self);
    if (pr_usb_watch_get_state (self) == PR_USB_WATCH_REFUSED)
        give_up (self, PR_USB_WATCH_REFUSED);
    else if (may_restart (self))
        restart (self);
    else
        give_up (self, PR_USB_WATCH_GONE);
}

static void read_on (Child *child);

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    Child *child = data;
    gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

    if (length > 0) {
        g_string_append_len (child->line, child->chunk, length);
        take_lines (child);
    }
    if (length > 0 && child->line->len <= LINE_MAX_BYTES) {
        read_on (child);
        return;
    }
    g_subprocess_force_exit (child->process);
    g_subprocess_wait_async (child->process, NULL, died_cb, child);
}

static void
read_on (Child *child)
{
    g_input_stream_read_async (g_subprocess_get_stdout_pipe (child->process), child->chunk, sizeof child->chunk,
                               G_PRIORITY_DEFAULT, NULL, read_cb, child);
}

static gboolean
not_ready_cb (gpointer data)
{
    Child *child = data;

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

static void
start_child (PrUsbWatch *self)
{
    int input = -1;
    GSubprocess *process = spawn (self, &input);
    Child *child;

    if (process == NULL) {
        give_up (self, PR_USB_WATCH_GONE);
        return;
    }
    child = g_new0 (Child, 1);
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

static void
pr_usb_watch_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    g_value_set_enum (value, pr_usb_watch_get_state (PR_USB_WATCH (object)));
}

static void
pr_usb_watch_dispose (GObject *object)
{
    PrUsbWatch *self = PR_USB_WATCH (object);

    g_clear_handle_id (&self->restart_id, g_source_remove);
    if (self->child != NULL) {
        self->child->watch = NULL;
        g_clear_handle_id (&self->child->ready_limit_id, g_source_remove);
        g_subprocess_force_exit (self->child->process);
        self->child = NULL;
    }
    close_input (self);
    G_OBJECT_CLASS (pr_usb_watch_parent_class)->dispose (object);
}

static void
pr_usb_watch_finalize (GObject *object)
{
    PrUsbWatch *self = PR_USB_WATCH (object);

    g_strfreev (self->argv);
    g_strfreev (self->environment);
    g_hash_table_unref (self->ports);
    g_hash_table_unref (self->stale_ports);
    g_ptr_array_unref (self->calls);
    g_cond_clear (&self->cond);
    g_mutex_clear (&self->mutex);
    G_OBJECT_CLASS (pr_usb_watch_parent_class)->finalize (object);
}

static void
pr_usb_watch_class_init (PrUsbWatchClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS (class);

    object_class->get_property = pr_usb_watch_get_property;
    object_class->dispose = pr_usb_watch_dispose;
    object_class->finalize = pr_usb_watch_finalize;
    g_object_class_install_property (object_class, PROP_STATE,
                                     g_param_spec_enum ("state", NULL, NULL, PR_TYPE_USB_WATCH_STATE,
                                                        PR_USB_WATCH_STARTING,
                                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
    signals[ATTACHED] = g_signal_new ("attached", PR_TYPE_USB_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_POINTER);
    signals[DETACHED] = g_signal_new ("detached", PR_TYPE_USB_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
pr_usb_watch_init (PrUsbWatch *self)
{
    g_mutex_init (&self->mutex);
    g_cond_init (&self->cond);
    self->input = -1;
    self->calls = g_ptr_array_new ();
    self->ports = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    self->stale_ports = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

PrUsbWatch *
pr_usb_watch_new (const char *const *argv, const char *const *environment)
{
    PrUsbWatch *self;

    g_return_val_if_fail (argv != NULL && argv[0] != NULL, NULL);
    self = g_object_new (PR_TYPE_USB_WATCH, NULL);
    self->argv = g_strdupv ((char **) argv);
    self->environment = g_strdupv ((char **) environment);
    return self;
}

void
pr_usb_watch_start (PrUsbWatch *self)
{
    g_return_if_fail (PR_IS_USB_WATCH (self));
    if (self->child != NULL || self->restart_id != 0)
        return;
    memset (self->deaths, 0, sizeof self->deaths);
    set_state (self, PR_USB_WATCH_STARTING);
    start_child (self);
}

PrUsbWatchState
pr_usb_watch_get_state (PrUsbWatch *self)
{
    PrUsbWatchState state;

    g_return_val_if_fail (PR_IS_USB_WATCH (self), PR_USB_WATCH_GONE);
    g_mutex_lock (&self->mutex);
    state = self->state;
    g_mutex_unlock (&self->mutex);
    return state;
}

/* With the mutex: until something happened, the limit, or cancellation, which is heard a tenth of a second late at
 * most. */
static gboolean
wait (PrUsbWatch *self, gint64 end, GCancellable *cancellable, GError **error)
{
    gint64 slice = MIN (end, g_get_monotonic_time () + G_USEC_PER_SEC / 10);

    if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
    if (g_get_monotonic_time () >= end) {
        g_set_error (error, PR_ERROR, PR_ERROR_NO_ANSWER, "phone-reset-usb did not answer in time");
        return FALSE;
    }
    g_cond_wait_until (&self->cond, &self->mutex, slice);
    return TRUE;
}

/* With the mutex: until the helper runs. */
static gboolean
wait_for_helper (PrUsbWatch *self, gint64 end, GCancellable *cancellable, GError **error)
{
    while (self->state == PR_USB_WATCH_STARTING || (self->state == PR_USB_WATCH_RUNNING && self->dying))
        if (!wait (self, end, cancellable, error))
            return FALSE;
    if (self->state == PR_USB_WATCH_RUNNING)
        return TRUE;
    g_set_error (error, PR_ERROR, PR_ERROR_HELPER_GONE, "phone-reset-usb does not run");
    return FALSE;
}

/* With the mutex. */
static gboolean
wait_for_answer (PrUsbWatch *self, Call *call, gint64 end, GCancellable *cancellable, GError **error)
{
    gboolean in_time = TRUE;

    g_ptr_array_add (self->calls, call);
    while (!call->answered && in_time)
        in_time = wait (self, end, cancellable, error);
    g_ptr_array_remove_fast (self->calls, call);
    if (!in_time || call->error == NULL)
        return in_time;
    g_propagate_error (error, g_steal_pointer (&call->error));
    return FALSE;
}

/* With the mutex, and the helper running. What is said about holds need not arrive: a helper that does not take it is
 * about to be replaced, and the next one is told first how often to hold. */
static gboolean
say_about_holds (PrUsbWatch *self, const char *command, gint64 end, GCancellable *cancellable, GError **error)
{
    Call call = { .request = ++self->last_request, .survives = TRUE };

    send_line (self, call.request, command, 0);
    return wait_for_answer (self, &call, end, cancellable, error);
}

/* With the mutex. */
static gboolean
ask_for_work (PrUsbWatch *self,
              const char *command,
              guint64 ecid,
              gint64 end,
              GCancellable *cancellable,
              GError **error)
{
    while (wait_for_helper (self, end, cancellable, error)) {
        Call call = { .request = ++self->last_request };

        if (send_line (self, call.request, command, ecid))
            return wait_for_answer (self, &call, end, cancellable, error);
        self->dying = TRUE;
    }
    return FALSE;
}

/* With the mutex. A hold that was not confirmed is taken back, so that both sides count the same. */
static gboolean
hold (PrUsbWatch *self, gint64 end, GCancellable *cancellable, GError **error)
{
    if (!wait_for_helper (self, end, cancellable, error))
        return FALSE;
    self->holds++;
    if (say_about_holds (self, "hold", end, cancellable, error))
        return TRUE;
    self->holds--;
    send_line (self, ++self->last_request, "release", 0);
    return FALSE;
}

/* With the mutex. Whatever the helper says, it is not held any more by whom it is asked for. */
static gboolean
release (PrUsbWatch *self, gint64 end, GCancellable *cancellable, GError **error)
{
    gboolean runs;

    if (self->holds == 0) {
        g_set_error (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "nothing is held");
        return FALSE;
    }
    runs = wait_for_helper (self, end, cancellable, error);
    self->holds--;
    return runs && say_about_holds (self, "release", end, cancellable, error);
}

static gboolean
call_helper (PrUsbWatch *self, const char *command, guint64 ecid, gint64 end, GCancellable *cancellable, GError **error)
{
    if (g_strcmp0 (command, "hold") == 0)
        return hold (self, end, cancellable, error);
    if (g_strcmp0 (command, "release") == 0)
        return release (self, end, cancellable, error);
    return ask_for_work (self, command, ecid, end, cancellable, error);
}

static gboolean
kill_cb (gpointer data)
{
    PrUsbWatch *self = data;
    gboolean dying;

    g_mutex_lock (&self->mutex);
    dying = self->dying;
    g_mutex_unlock (&self->mutex);
    if (self->child != NULL && dying)
        g_subprocess_force_exit (self->child->process);
    return G_SOURCE_REMOVE;
}

/* With the mutex. A helper that let a limit pass is taken to hang, and what hangs in a USB call lets go of it only by
 * its end. */
static void
kill_soon (PrUsbWatch *self, guint run)
{
    if (self->run != run)
        return;
    self->dying = TRUE;
    g_idle_add_full (G_PRIORITY_DEFAULT, kill_cb, g_object_ref (self), g_object_unref);
}

gboolean
pr_usb_watch_call (PrUsbWatch *self,
                   const char *command,
                   guint64 ecid,
                   double seconds,
                   GCancellable *cancellable,
                   GError **error)
{
    gint64 end = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
    g_autoptr (GError) failure = NULL;
    gboolean done;
    guint run;

    g_return_val_if_fail (PR_IS_USB_WATCH (self) && command != NULL, FALSE);
    g_mutex_lock (&self->mutex);
    run = self->run;
    done = call_helper (self, command, ecid, end, cancellable, &failure);
    if (g_get_monotonic_time () >= end && g_error_matches (failure, PR_ERROR, PR_ERROR_NO_ANSWER))
        kill_soon (self, run);
    g_mutex_unlock (&self->mutex);
    if (done)
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
}
