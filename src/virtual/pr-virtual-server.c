// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-server.h"

#include <string.h>

#include "pr-virtual-ticket.h"
#include "pr-virtual-wire.h"

#define BODY_LIMIT (8 * 1024 * 1024)
#define SOCKET_WAIT 30  /* seconds for one read or write */
#define FAULT_CHECK 200 /* ms between two looks at the fault signing-down */
#define THREADS 8

struct _PrVirtualServer {
    PrVirtualPhone *phone;
    GSocketService *service; /* NULL while it is down */
    guint16 port;
    char *address;
    guint check; /* GSource */
    GCancellable *ending;
    gint busy; /* threads that answer somebody */
};

/* --- What it says --- */

static const char *
message_of (int status)
{
    if (status == 69 || status == 94)
        return "This device isn't eligible for the requested build.";
    return status == 100 ? "An internal error occurred." : "The request was refused.";
}

static char *
refuse (PrVirtualPhone *phone, int status)
{
    g_autofree char *number = g_strdup_printf ("%d", status);

    pr_virtual_phone_saw (phone, "signing-refused", "status", number, NULL);
    return g_strdup_printf ("STATUS=%d&MESSAGE=%s", status, message_of (status));
}

/* The digests of all components that the request names. */
static GPtrArray *
read_digests (plist_t request)
{
    GPtrArray *digests = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
    g_autofree void *iter = NULL;

    plist_dict_new_iter (request, &iter);
    for (;;) {
        plist_t value = NULL;
        GBytes *digest;

        plist_dict_next_item (request, iter, NULL, &value);
        if (value == NULL)
            return digests;
        digest = PLIST_IS_DICT (value) ? pr_virtual_dict_bytes (value, "Digest") : NULL;
        if (digest != NULL)
            g_ptr_array_add (digests, digest);
    }
}

static char *
hex (GBytes *bytes)
{
    GString *text = g_string_new (NULL);
    gsize size = 0;
    const guint8 *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

    for (gsize i = 0; i < size; i++)
        g_string_append_printf (text, "%02x", data[i]);
    return g_string_free (text, FALSE);
}

static void
log_request (PrVirtualPhone *phone, plist_t request, guint64 ecid, GBytes *nonce)
{
    g_autoptr (GBytes) build = pr_virtual_dict_bytes (request, "UniqueBuildID");
    g_autofree char *ecid_text = g_strdup_printf ("0x%016" G_GINT64_MODIFIER "x", ecid);
    g_autofree char *nonce_text = hex (nonce);
    g_autofree char *build_text = hex (build);
    const char *version = pr_virtual_dict_text (request, "Ap,OSLongVersion");

    pr_virtual_phone_saw (phone, "signing-request", "ecid", ecid_text, "nonce", nonce_text, "build", build_text,
                          "version", version != NULL ? version : "", NULL);
}

static char *
wrap (GBytes *ticket)
{
    g_auto (plist_t) answer = plist_new_dict ();
    char *xml = NULL;
    guint32 length = 0;
    char *text;

    pr_virtual_dict_set_bytes (answer, "ApImg4Ticket", ticket);
    plist_to_xml (answer, &xml, &length);
    text = g_strdup_printf ("STATUS=0&MESSAGE=SUCCESS&REQUEST_STRING=%.*s", (int) length, xml);
    plist_mem_free (xml);
    return text;
}

static char *
sign (PrVirtualPhone *phone, plist_t request)
{
    guint64 ecid = pr_virtual_dict_number (request, "ApECID", 0);
    g_autoptr (GBytes) ap_nonce = pr_virtual_dict_bytes (request, "ApNonce");
    g_autoptr (GBytes) sep_nonce = pr_virtual_dict_bytes (request, "SepNonce");
    g_autoptr (GPtrArray) digests = NULL;
    g_autoptr (GBytes) ticket = NULL;
    int refusal = (int) pr_virtual_phone_fault_number (phone, "signing-refuses", 0);

    log_request (phone, request, ecid, ap_nonce);
    if (refusal != 0)
        return refuse (phone, refusal);
    digests = read_digests (request);
    if (ecid == 0 || ap_nonce == NULL || sep_nonce == NULL || digests->len == 0)
        return refuse (phone, 100);
    ticket = pr_virtual_ticket_new (ecid, ap_nonce, sep_nonce, digests);
    return ticket != NULL ? wrap (ticket) : refuse (phone, 100);
}

char *
pr_virtual_server_answer (PrVirtualPhone *phone, const char *body, gsize size)
{
    g_auto (plist_t) request = NULL;

    pr_virtual_phone_saw (phone, "signing-asked", NULL);
    pr_virtual_phone_work (phone, pr_virtual_phone_fault_number (phone, "slow-ticket", 0));
    plist_from_memory (body, size, &request, NULL);
    if (request == NULL || !PLIST_IS_DICT (request))
        return refuse (phone, 100);
    return sign (phone, request);
}

/* --- HTTP/1.1, one request a connection --- */

typedef struct {
    gboolean signing; /* a POST to the controller */
    gboolean expects; /* waits for leave before it sends the body */
    gsize length;
} Head;

static void
read_header (Head *head, const char *line)
{
    g_auto (GStrv) parts = g_strsplit (line, ":", 2);

    if (parts[0] == NULL || parts[1] == NULL)
        return;
    g_strstrip (parts[1]);
    if (g_ascii_strcasecmp (parts[0], "Content-Length") == 0)
        head->length = MIN (g_ascii_strtoull (parts[1], NULL, 10), BODY_LIMIT + 1);
    if (g_ascii_strcasecmp (parts[0], "Expect") == 0)
        head->expects = TRUE;
}

static gboolean
read_head (GDataInputStream *input, Head *head, GCancellable *ending)
{
    g_autofree char *first = g_data_input_stream_read_line (input, NULL, ending, NULL);

    if (first == NULL)
        return FALSE;
    head->signing = g_str_has_prefix (first, "POST /TSS/controller");
    for (guint i = 0; i < 100; i++) {
        g_autofree char *line = g_data_input_stream_read_line (input, NULL, ending, NULL);

        if (line == NULL)
            return FALSE;
        if (*line == '\0')
            return TRUE;
        read_header (head, line);
    }
    return FALSE;
}

static void
reply (GOutputStream *output, const char *status, const char *body)
{
    g_output_stream_printf (output, NULL, NULL, NULL,
                            "HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: %" G_GSIZE_FORMAT
                            "\r\nConnection: close\r\n\r\n%s",
                            status, strlen (body), body);
}

static void
serve (PrVirtualServer *self, GSocketConnection *connection)
{
    GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (connection));
    GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
    g_autoptr (GDataInputStream) input = g_data_input_stream_new (stream);
    g_autofree char *body = NULL;
    g_autofree char *text = NULL;
    Head head = { 0 };

    g_data_input_stream_set_newline_type (input, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
    if (!read_head (input, &head, self->ending))
        return;
    if (!head.signing || head.length == 0 || head.length > BODY_LIMIT) {
        reply (output, head.signing ? "413 Content Too Large" : "404 Not Found", "");
        return;
    }
    if (head.expects)
        g_output_stream_printf (output, NULL, NULL, NULL, "HTTP/1.1 100 Continue\r\n\r\n");
    body = g_malloc (head.length);
    if (!g_input_stream_read_all (G_INPUT_STREAM (input), body, head.length, NULL, self->ending, NULL))
        return;
    text = pr_virtual_server_answer (self->phone, body, head.length);
    reply (output, "200 OK", text);
}

static gboolean
run_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
    PrVirtualServer *self = data;

    g_atomic_int_inc (&self->busy);
    g_socket_set_timeout (g_socket_connection_get_socket (connection), SOCKET_WAIT);
    serve (self, connection);
    g_atomic_int_add (&self->busy, -1);
    return TRUE;
}

/* --- Its port --- */

/* The first time any port; later, when the fault is mended, the same one. */
static gboolean
listen_now (PrVirtualServer *self, GError **error)
{
    g_autoptr (GSocketService) service = g_threaded_socket_service_new (THREADS);
    g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
    g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, self->port);
    g_autoptr (GSocketAddress) found = NULL;

    if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), wanted, G_SOCKET_TYPE_STREAM,
                                        G_SOCKET_PROTOCOL_TCP, NULL, &found, error))
        return FALSE;
    self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (found));
    g_signal_connect (service, "run", G_CALLBACK (run_cb), self);
    self->service = g_steal_pointer (&service);
    return TRUE;
}

static void
stop_listening (PrVirtualServer *self)
{
    if (self->service == NULL)
        return;
    g_socket_service_stop (self->service);
    g_socket_listener_close (G_SOCKET_LISTENER (self->service));
    g_clear_object (&self->service);
}

static gboolean
check_fault_cb (gpointer data)
{
    PrVirtualServer *self = data;
    g_autofree char *down = pr_virtual_phone_fault (self->phone, "signing-down");

    if (down != NULL)
        stop_listening (self);
    else if (self->service == NULL)
        listen_now (self, NULL);
    return G_SOURCE_CONTINUE;
}

PrVirtualServer *
pr_virtual_server_new (PrVirtualPhone *phone, GError **error)
{
    PrVirtualServer *self = g_new0 (PrVirtualServer, 1);

    self->phone = phone;
    self->ending = g_cancellable_new ();
    if (!listen_now (self, error)) {
        pr_virtual_server_free (self);
        return NULL;
    }
    self->address = g_strdup_printf ("http://127.0.0.1:%u", self->port);
    check_fault_cb (self);
    self->check = g_timeout_add (FAULT_CHECK, check_fault_cb, self);
    return self;
}

const char *
pr_virtual_server_address (PrVirtualServer *self)
{
    return self->address;
}

void
pr_virtual_server_free (PrVirtualServer *self)
{
    g_clear_handle_id (&self->check, g_source_remove);
    stop_listening (self);
    g_cancellable_cancel (self->ending);
    while (g_atomic_int_get (&self->busy) > 0)
        g_usleep (10 * G_TIME_SPAN_MILLISECOND);
    g_object_unref (self->ending);
    g_free (self->address);
    g_free (self);
}
