// SPDX-License-Identifier: GPL-3.0-or-later
/* What the helper says, a line of JSON each, as in src/usb/protocol.md. Nothing of it is believed unseen. */
#include "pr-usb-watch-private.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "pr-error.h"

#define LONGEST_NAME 64 /* bytes that a Windows Phone may be called by */

static void
detach (PrUsbWatch *self, const char *port)
{
    g_autofree char *name = g_strdup (port);

    g_hash_table_remove (self->stale_ports, name);
    if (!g_hash_table_remove (self->ports, name))
        return;
    if (g_hash_table_contains (self->windows, name))
        pr_usb_watch_set_windows_phone (self, name, NULL);
    else
        pr_usb_watch_emit_detached (self, name);
}

void
pr_usb_watch_detach_all (PrUsbWatch *self, GHashTable *ports)
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
note_port (PrUsbWatch *self, const char *port)
{
    g_hash_table_remove (self->stale_ports, port);
    g_hash_table_add (self->ports, g_strdup (port));
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
        .unpowered = json_object_get_boolean_member_with_default (object, "unpowered", FALSE),
        .held = json_object_get_boolean_member_with_default (object, "held", FALSE),
        .suspended = json_object_get_boolean_member_with_default (object, "suspended", FALSE),
        .retries = get_number (object, "retries", 0),
        .access = one_of (get_string (object, "access"), accesses),
    };

    if (device.port == NULL || device.mode == NULL)
        return;
    note_port (self, device.port);
    pr_usb_watch_set_windows_phone (self, device.port, NULL);
    pr_usb_watch_emit_attached (self, &device);
}

static void
take_windows_phone (PrUsbWatch *self, const char *port, const char *name)
{
    if (name == NULL || strlen (name) > LONGEST_NAME)
        return;
    note_port (self, port);
    pr_usb_watch_set_windows_phone (self, port, name);
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
    g_autoptr (GError) error = read_error (object);

    pr_usb_watch_answer (self, json_object_get_int_member_with_default (object, "request", -1), error);
}

static void
take_ready (PrUsbWatch *self)
{
    g_clear_handle_id (&self->child->ready_limit_id, g_source_remove);
    pr_usb_watch_send_holds (self);
    pr_usb_watch_set_state (self, PR_USB_WATCH_RUNNING);
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
        pr_usb_watch_detach_all (self, self->stale_ports);
    else if (g_strcmp0 (event, "detached") == 0 && port != NULL)
        detach (self, port);
    else if (g_strcmp0 (event, "windows-phone") == 0 && port != NULL)
        take_windows_phone (self, port, get_string (object, "name"));
    else if (g_strcmp0 (event, "over-current") == 0 && port != NULL)
        pr_usb_watch_emit_over_current (self, port);
    else if (g_strcmp0 (event, "reply") == 0)
        take_reply (self, object);
    else if (g_strcmp0 (event, "refused") == 0)
        pr_usb_watch_set_state (self, PR_USB_WATCH_REFUSED);
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
void
pr_usb_watch_take_lines (PrUsbWatchChild *child)
{
    const char *end;

    while (child->watch != NULL && (end = memchr (child->line->str, '\n', child->line->len)) != NULL) {
        g_autoptr (PrUsbWatch) watch = g_object_ref (child->watch);
        gsize length = (gsize) (end - child->line->str);

        take_line (watch, child->line->str, length);
        g_string_erase (child->line, 0, (gssize) length + 1);
    }
}
