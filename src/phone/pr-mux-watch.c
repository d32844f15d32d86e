// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-mux-watch.h"

#include "pr-mux.h"
#include "pr-phone-enums.h"

#define RETRY 1    /* seconds between tries to find a daemon */
#define PATIENCE 5 /* seconds that a daemon has for connecting and for its first answer */

struct _PrMuxWatch {
    GObject parent_instance;

    PrAnswer daemon;
    GCancellable *cancellable; /* of all that is under way; a new one with every connection */
    GSocketConnection *connection;
    guint8 header[PR_MUX_HEADER];
    guint8 *body;
    gsize length;
    guint timer; /* the next try, or the daemon's patience */
};

enum { PROP_DAEMON = 1, N_PROPS };

enum { ATTACHED, DETACHED, PAIRED, N_SIGNALS };

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrMuxWatch, pr_mux_watch, G_TYPE_OBJECT)

static void connect_to_daemon (PrMuxWatch *self);
static void read_header (PrMuxWatch *self);

static void
set_daemon (PrMuxWatch *self, PrAnswer daemon)
{
    if (self->daemon == daemon)
        return;
    self->daemon = daemon;
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DAEMON]);
}

static void
disconnect (PrMuxWatch *self)
{
    g_cancellable_cancel (self->cancellable);
    g_clear_object (&self->cancellable);
    g_clear_object (&self->connection);
    g_clear_pointer (&self->body, g_free);
    g_clear_handle_id (&self->timer, g_source_remove);
}

static void
retry_cb (gpointer user_data)
{
    PrMuxWatch *self = user_data;

    self->timer = 0;
    connect_to_daemon (self);
}

static void
give_up (PrMuxWatch *self)
{
    disconnect (self);
    self->timer = g_timeout_add_seconds_once (RETRY, retry_cb, self);
    set_daemon (self, PR_ANSWER_NO);
}

static void
patience_cb (gpointer user_data)
{
    PrMuxWatch *self = user_data;

    self->timer = 0;
    give_up (self);
}

static void
handle_attached (PrMuxWatch *self, plist_t message, guint device)
{
    plist_t properties = pr_plist_get_item (message, "Properties", PLIST_DICT);
    g_autofree char *type = pr_plist_dup_word (properties, "ConnectionType");
    g_autofree char *serial = pr_plist_dup_word (properties, "SerialNumber");
    g_autofree char *udid = pr_mux_create_udid (serial);

    if (udid != NULL && g_strcmp0 (type, "USB") == 0)
        g_signal_emit (self, signals[ATTACHED], 0, device, udid);
}

static void
handle_message (PrMuxWatch *self, plist_t message)
{
    g_autofree char *type = pr_plist_dup_word (message, "MessageType");
    guint64 device = 0;

    if (g_strcmp0 (type, "Result") == 0) {
        guint64 number;

        if (!pr_plist_get_number (message, "Number", &number) || number != 0) {
            give_up (self);
            return;
        }
        g_clear_handle_id (&self->timer, g_source_remove);
        set_daemon (self, PR_ANSWER_YES);
        return;
    }
    if (!pr_plist_get_number (message, "DeviceID", &device) || device == 0 || device > G_MAXUINT)
        return;
    if (g_strcmp0 (type, "Attached") == 0)
        handle_attached (self, message, (guint) device);
    else if (g_strcmp0 (type, "Detached") == 0)
        g_signal_emit (self, signals[DETACHED], 0, (guint) device);
    else if (g_strcmp0 (type, "Paired") == 0)
        g_signal_emit (self, signals[PAIRED], 0, (guint) device);
}

/* Did an asynchronous call end as it should? If not, the connection is given up, unless that has happened already. */
static gboolean
went_well (PrMuxWatch *self, gboolean success, const GError *error)
{
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return FALSE;
    if (!success)
        give_up (self);
    return success;
}

static void
body_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr (PrMuxWatch) self = user_data;
    g_autoptr (GError) error = NULL;
    g_auto (plist_t) message = NULL;
    gsize n = 0;
    gboolean read = g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &n, &error);

    if (!went_well (self, read && (error != NULL || n == self->length), error))
        return;
    message = pr_plist_from_memory (self->body, self->length);
    g_clear_pointer (&self->body, g_free);
    if (message == NULL) {
        give_up (self);
        return;
    }
    handle_message (self, message);
    if (self->connection != NULL)
        read_header (self);
}

static void
header_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr (PrMuxWatch) self = user_data;
    g_autoptr (GError) error = NULL;
    gsize n = 0;
    gboolean read = g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &n, &error);

    if (!went_well (self, read && (error != NULL || n == PR_MUX_HEADER), error))
        return;
    self->length = pr_mux_read_header (self->header);
    if (self->length == 0) {
        give_up (self);
        return;
    }
    self->body = g_malloc (self->length);
    g_input_stream_read_all_async (G_INPUT_STREAM (source), self->body, self->length, G_PRIORITY_DEFAULT,
                                   self->cancellable, body_cb, g_object_ref (self));
}

static void
read_header (PrMuxWatch *self)
{
    g_input_stream_read_all_async (g_io_stream_get_input_stream (G_IO_STREAM (self->connection)), self->header,
                                   sizeof self->header, G_PRIORITY_DEFAULT, self->cancellable, header_cb,
                                   g_object_ref (self));
}

/* A new connection's buffer always holds these few bytes. */
static gboolean
send_listen (PrMuxWatch *self)
{
    g_auto (plist_t) request = pr_mux_create_request ("Listen");
    g_autoptr (GByteArray) packet = pr_mux_pack (request);
    GSocket *socket = g_socket_connection_get_socket (self->connection);

    return g_socket_send_with_blocking (socket, (const char *) packet->data, packet->len, FALSE, NULL, NULL) ==
           (gssize) packet->len;
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr (PrMuxWatch) self = user_data;
    g_autoptr (GError) error = NULL;
    g_autoptr (GSocketConnection) connection =
        g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);

    if (!went_well (self, connection != NULL, error))
        return;
    self->connection = g_steal_pointer (&connection);
    if (!went_well (self, send_listen (self), NULL))
        return;
    read_header (self);
}

static void
connect_to_daemon (PrMuxWatch *self)
{
    g_autoptr (GSocketClient) client = g_socket_client_new ();
    g_autoptr (GSocketConnectable) address = pr_mux_create_address (NULL);

    if (address == NULL) {
        give_up (self);
        return;
    }
    self->cancellable = g_cancellable_new ();
    self->timer = g_timeout_add_seconds_once (PATIENCE, patience_cb, self);
    g_socket_client_set_enable_proxy (client, FALSE);
    g_socket_client_connect_async (client, address, self->cancellable, connected_cb, g_object_ref (self));
}

static void
pr_mux_watch_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    g_value_set_enum (value, PR_MUX_WATCH (object)->daemon);
}

static void
pr_mux_watch_dispose (GObject *object)
{
    disconnect (PR_MUX_WATCH (object));
    G_OBJECT_CLASS (pr_mux_watch_parent_class)->dispose (object);
}

static void
pr_mux_watch_class_init (PrMuxWatchClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS (class);
    GType type = G_TYPE_FROM_CLASS (class);

    object_class->get_property = pr_mux_watch_get_property;
    object_class->dispose = pr_mux_watch_dispose;

    props[PROP_DAEMON] = g_param_spec_enum ("daemon", NULL, NULL, PR_TYPE_ANSWER, PR_ANSWER_UNKNOWN,
                                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties (object_class, N_PROPS, props);

    signals[ATTACHED] = g_signal_new ("attached", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                      G_TYPE_UINT, G_TYPE_STRING);
    signals[DETACHED] =
        g_signal_new ("detached", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
    signals[PAIRED] =
        g_signal_new ("paired", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
pr_mux_watch_init (PrMuxWatch *self)
{
}

PrMuxWatch *
pr_mux_watch_new (void)
{
    return g_object_new (PR_TYPE_MUX_WATCH, NULL);
}

void
pr_mux_watch_start (PrMuxWatch *self)
{
    g_return_if_fail (PR_IS_MUX_WATCH (self));

    if (self->cancellable == NULL && self->timer == 0)
        connect_to_daemon (self);
}

void
pr_mux_watch_stop (PrMuxWatch *self)
{
    g_return_if_fail (PR_IS_MUX_WATCH (self));
    disconnect (self);
}

PrAnswer
pr_mux_watch_get_daemon (PrMuxWatch *self)
{
    g_return_val_if_fail (PR_IS_MUX_WATCH (self), PR_ANSWER_UNKNOWN);
    return self->daemon;
}
