/* phone-reset-usb: the only program of Phone Reset that sees USB. It says on its standard output what is plugged in,
 * and takes commands on its standard input; protocol.md has both. It has no privileges, and may be killed at any time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <gio/gio.h>
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <unistd.h>

#include "pr-usb-access.h"
#include "pr-usb-devices.h"
#include "pr-usb-recovery.h"

#define LINE_MAX_BYTES (64 * 1024)
/* Seconds that USB work may take before this program ends itself: the system gives back what a hanging call holds only
 * when its process ends, and then whoever started this one starts another. */
#define WORK_LIMIT 25

enum {
    EXIT_REFUSED = 3, /* no test bed */
    EXIT_HANGS = 4,   /* a USB call did not come back */
};

typedef struct {
    GMainLoop *loop;
    int status;
    PrUsbDevices *devices;

    GInputStream *input;
    char chunk[4096];
    GString *line;

    guint holds;
    GTask *work;     /* the USB work that runs, at most one */
    GArray *waiting; /* gint64: hold requests that are answered when it ends */
    guint work_limit_id;
} Program;

typedef struct {
    gint64 request;
    PrUsbPhone *phone;
    char *message;
} Work;

static void
free_work (Work *work)
{
    g_clear_pointer (&work->phone, pr_usb_phone_free);
    g_free (work->message);
    g_free (work);
}

/* A reader that is gone has closed our input too, so a failure here needs no answer of its own. */
static void
say (JsonBuilder *builder)
{
    g_autoptr (JsonNode) root = json_builder_get_root (builder);
    g_autofree char *line = json_to_string (root, FALSE);

    puts (line);
    fflush (stdout);
}

static JsonBuilder *
begin_event (const char *event)
{
    JsonBuilder *builder = json_builder_new ();

    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "event");
    json_builder_add_string_value (builder, event);
    return builder;
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
    if (value == NULL)
        return;
    json_builder_set_member_name (builder, name);
    json_builder_add_string_value (builder, value);
}

static void
add_number (JsonBuilder *builder, const char *name, gint64 value)
{
    json_builder_set_member_name (builder, name);
    json_builder_add_int_value (builder, value);
}

/* Only what is so is said. */
static void
add_mark (JsonBuilder *builder, const char *name, gboolean set)
{
    if (!set)
        return;
    json_builder_set_member_name (builder, name);
    json_builder_add_boolean_value (builder, TRUE);
}

static void
reply (gint64 request, gboolean ok, const char *error, const char *message)
{
    g_autoptr (JsonBuilder) builder = begin_event ("reply");

    add_number (builder, "request", request);
    json_builder_set_member_name (builder, "ok");
    json_builder_add_boolean_value (builder, ok);
    add_string (builder, "error", error);
    add_string (builder, "message", message);
    json_builder_end_object (builder);
    say (builder);
}

static void
attached (const PrUsbPhone *phone, gpointer data)
{
    g_autoptr (JsonBuilder) builder = begin_event ("attached");
    g_autofree char *ecid = phone->ecid != 0 ? g_strdup_printf ("0x%016" G_GINT64_MODIFIER "x", phone->ecid) : NULL;

    add_string (builder, "port", phone->port);
    add_number (builder, "bus", phone->bus);
    add_number (builder, "address", phone->address);
    add_number (builder, "vendor", phone->vendor);
    add_number (builder, "product", phone->product);
    add_string (builder, "mode", pr_usb_mode_to_string (phone->mode));
    add_string (builder, "ecid", ecid);
    add_string (builder, "serial", phone->serial);
    add_string (builder, "product-type", phone->product_type);
    add_string (builder, "board", phone->board);
    add_string (builder, "model-name", phone->model_name);
    add_string (builder, "serial-number", phone->serial_number);
    if (phone->speed != 0)
        add_number (builder, "speed", phone->speed);
    add_number (builder, "hub-depth", phone->hub_depth);
    add_string (builder, "access", pr_usb_access_to_string (phone->access));
    add_mark (builder, "unpowered", phone->unpowered);
    add_mark (builder, "held", phone->held);
    add_mark (builder, "suspended", phone->suspended);
    if (phone->retries != 0)
        add_number (builder, "retries", phone->retries);
    json_builder_end_object (builder);
    say (builder);
}

static void
detached (const char *port, gpointer data)
{
    g_autoptr (JsonBuilder) builder = begin_event ("detached");

    add_string (builder, "port", port);
    json_builder_end_object (builder);
    say (builder);
}

static void
windows_phone (const char *port, const char *name, gpointer data)
{
    g_autoptr (JsonBuilder) builder = begin_event ("windows-phone");

    add_string (builder, "port", port);
    add_string (builder, "name", name);
    json_builder_end_object (builder);
    say (builder);
}

static void
over_current (const char *port, guint count, gpointer data)
{
    g_autoptr (JsonBuilder) builder = begin_event ("over-current");

    add_string (builder, "port", port);
    add_number (builder, "count", count);
    json_builder_end_object (builder);
    say (builder);
}

static void
refused (gpointer data)
{
    Program *program = data;
    g_autoptr (JsonBuilder) builder = NULL;

    if (program->status != 0)
        return;
    builder = begin_event ("refused");
    add_string (builder, "reason", "no-testbed");
    json_builder_end_object (builder);
    say (builder);
    program->status = EXIT_REFUSED;
    g_main_loop_quit (program->loop);
}

static void
answer_waiting (Program *program)
{
    for (guint i = 0; i < program->waiting->len; i++)
        reply (g_array_index (program->waiting, gint64, i), TRUE, NULL, NULL);
    g_array_set_size (program->waiting, 0);
}

static void
leave_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Work *work = data;

    g_task_return_int (task, pr_usb_recovery_leave (work->phone, &work->message));
}

static void
work_done_cb (GObject *source, GAsyncResult *task, gpointer data)
{
    Program *program = data;
    Work *work = g_task_get_task_data (G_TASK (task));
    PrUsbResult result = (PrUsbResult) g_task_propagate_int (G_TASK (task), NULL);

    g_clear_handle_id (&program->work_limit_id, g_source_remove);
    g_clear_object (&program->work);
    if (result == PR_USB_DONE)
        reply (work->request, TRUE, NULL, NULL);
    else
        reply (work->request, FALSE, pr_usb_result_to_string (result), work->message);
    answer_waiting (program);
}

static gboolean
work_hangs_cb (gpointer data)
{
    Program *program = data;
    Work *work = g_task_get_task_data (program->work);

    reply (work->request, FALSE, "timeout", "a USB call did not come back");
    fflush (stdout);
    _exit (EXIT_HANGS);
}

static void
start_leave (Program *program, gint64 request, PrUsbPhone *phone)
{
    Work *work = g_new0 (Work, 1);

    work->request = request;
    work->phone = phone;
    program->work = g_task_new (NULL, NULL, work_done_cb, program);
    g_task_set_task_data (program->work, work, (GDestroyNotify) free_work);
    program->work_limit_id = g_timeout_add_seconds (WORK_LIMIT, work_hangs_cb, program);
    g_task_run_in_thread (program->work, leave_in_thread);
}

static gboolean
read_ecid (JsonObject *object, guint64 *ecid)
{
    const char *text = json_object_get_string_member_with_default (object, "ecid", NULL);

    return text != NULL && g_str_has_prefix (text, "0x") &&
           g_ascii_string_to_unsigned (text + 2, 16, 1, G_MAXUINT64, ecid, NULL);
}

static void
leave_recovery (Program *program, gint64 request, JsonObject *object)
{
    const PrUsbPhone *found;
    g_autoptr (PrUsbPhone) phone = NULL;
    guint64 ecid;
    guint count;

    if (!read_ecid (object, &ecid)) {
        reply (request, FALSE, "protocol", "no ecid");
        return;
    }
    if (program->holds > 0 || program->work != NULL) {
        reply (request, FALSE, "busy", program->holds > 0 ? "held for a restore" : "another command runs");
        return;
    }
    found = pr_usb_devices_find (program->devices, ecid, &count);
    phone = found != NULL ? pr_usb_phone_read (found->port) : NULL;
    if (count > 1)
        reply (request, FALSE, "protocol", "several phones say that they have this ecid");
    else if (phone == NULL || !pr_usb_phone_is_same (found, phone))
        reply (request, FALSE, "gone", "no phone with this ecid is in recovery mode");
    else
        start_leave (program, request, g_steal_pointer (&phone));
}

/* Answered when no interface is open any more. */
static void
hold (Program *program, gint64 request)
{
    program->holds++;
    if (program->work != NULL)
        g_array_append_val (program->waiting, request);
    else
        reply (request, TRUE, NULL, NULL);
}

static void
release (Program *program, gint64 request)
{
    if (program->holds == 0) {
        reply (request, FALSE, "protocol", "not held");
        return;
    }
    program->holds--;
    reply (request, TRUE, NULL, NULL);
}

static void
obey (Program *program, JsonObject *object)
{
    gint64 request = json_object_get_int_member_with_default (object, "request", -1);
    const char *command = json_object_get_string_member_with_default (object, "command", NULL);

    if (g_strcmp0 (command, "leave-recovery") == 0)
        leave_recovery (program, request, object);
    else if (g_strcmp0 (command, "hold") == 0)
        hold (program, request);
    else if (g_strcmp0 (command, "release") == 0)
        release (program, request);
    else
        reply (request, FALSE, "unknown-command", command);
}

static void
take_line (Program *program, const char *line, gsize length)
{
    g_autoptr (JsonParser) parser = json_parser_new ();
    JsonNode *root;

    if (!json_parser_load_from_data (parser, line, (gssize) length, NULL)) {
        reply (-1, FALSE, "protocol", "not JSON");
        return;
    }
    root = json_parser_get_root (parser);
    if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
        obey (program, json_node_get_object (root));
    else
        reply (-1, FALSE, "protocol", "not an object");
}

static void
take_lines (Program *program)
{
    const char *end;

    while ((end = memchr (program->line->str, '\n', program->line->len)) != NULL) {
        gsize length = (gsize) (end - program->line->str);

        take_line (program, program->line->str, length);
        g_string_erase (program->line, 0, (gssize) length + 1);
    }
}

static void read_on (Program *program);

static void
input_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    Program *program = data;
    gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

    if (length > 0) {
        g_string_append_len (program->line, program->chunk, length);
        take_lines (program);
    }
    if (length <= 0 || program->line->len > LINE_MAX_BYTES)
        g_main_loop_quit (program->loop);
    else
        read_on (program);
}

static void
read_on (Program *program)
{
    g_input_stream_read_async (program->input, program->chunk, sizeof program->chunk, G_PRIORITY_DEFAULT, NULL,
                               input_cb, program);
}

static void
say_listed (void)
{
    g_autoptr (JsonBuilder) builder = begin_event ("listed");

    json_builder_end_object (builder);
    say (builder);
}

static void
say_ready (Program *program)
{
    g_autoptr (JsonBuilder) builder = begin_event ("ready");

    add_string (builder, "source", pr_usb_devices_get_source (program->devices));
    json_builder_end_object (builder);
    say (builder);
}

/* Until standard input ends. USB work that still runs then is not waited for: the process ends with it. */
static int
run (const char *testbed, const char *const *rules_dirs)
{
    static const PrUsbDevicesEvents events = { attached, detached, windows_phone, over_current, refused };
    static Program program;

    program.loop = g_main_loop_new (NULL, FALSE);
    program.line = g_string_new (NULL);
    program.waiting = g_array_new (FALSE, FALSE, sizeof (gint64));
    program.input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
    program.devices = pr_usb_devices_new (testbed, rules_dirs, &events, &program);
    say_ready (&program);
    pr_usb_devices_start (program.devices);
    if (program.status == 0) {
        say_listed ();
        read_on (&program);
        g_main_loop_run (program.loop);
    }
    fflush (stdout);
    _exit (program.status);
}

int
main (int argc, char **argv)
{
    g_autofree char *testbed = NULL;
    g_auto (GStrv) rules_dirs = NULL;
    const GOptionEntry entries[] = {
        { "testbed", 0, 0, G_OPTION_ARG_STRING, &testbed, "List nothing unless a root hub has this serial", "SERIAL" },
        { "rules-dir", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rules_dirs, "Look for udev rules here", "DIR" },
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr (GOptionContext) context = g_option_context_new (NULL);
    g_autoptr (GError) error = NULL;

    g_option_context_add_main_entries (context, entries, NULL);
    if (!g_option_context_parse (context, &argc, &argv, &error)) {
        g_printerr ("phone-reset-usb: %s\n", error->message);
        return 2;
    }
    return run (testbed, (const char *const *) rules_dirs);
}
