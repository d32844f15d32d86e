// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-web.h"

#include <string.h>
#include <sys/socket.h>

#define SOCKET_WAIT 30 /* seconds for one read or write */
#define THREADS 16
#define MAX_HEADERS 100
#define MAX_BODY (8 * 1024 * 1024)
#define TLS_HANDSHAKE 0x16 /* the first byte of a client that speaks TLS: RFC 8446, 5.1 */

struct _PrVirtualWeb {
    PrVirtualWebHooks hooks;
    PrVirtualAuthority *authority; /* NULL: plain text only */
    GSocketService *service;       /* NULL while it is down */
    guint16 port;
    GCancellable *ending;
    gint busy; /* threads that answer somebody */
};

/* --- Requests --- */

static void
clear_request (PrVirtualRequest *request)
{
    g_free (request->method);
    g_free (request->path);
    g_free (request->range);
    g_free (request->if_range);
    g_free (request->body);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrVirtualRequest, clear_request)

static void
read_header (PrVirtualRequest *request, const char *line)
{
    g_auto (GStrv) parts = g_strsplit (line, ":", 2);

    if (parts[0] == NULL || parts[1] == NULL)
        return;
    if (g_ascii_strcasecmp (parts[0], "Range") == 0)
        g_set_str (&request->range, g_strstrip (parts[1]));
    if (g_ascii_strcasecmp (parts[0], "Content-Length") == 0)
        request->length = (gsize) MIN (g_ascii_strtoull (g_strstrip (parts[1]), NULL, 10), MAX_BODY + 1);
    if (g_ascii_strcasecmp (parts[0], "Expect") == 0)
        request->expects = TRUE;
    if (g_ascii_strcasecmp (parts[0], "If-Range") == 0)
        g_set_str (&request->if_range, g_strstrip (parts[1]));
}

/* Byte by byte, because what follows a CONNECT is for the one who reads TLS. */
static char *
read_line (GInputStream *input, GCancellable *ending)
{
    g_autoptr (GString) line = g_string_new (NULL);
    char c;

    while (line->len < 8192 && g_input_stream_read (input, &c, 1, ending, NULL) == 1) {
        if (c == '\n')
            return g_strchomp (g_string_free_and_steal (g_steal_pointer (&line)));
        g_string_append_c (line, c);
    }
    return NULL;
}

static gboolean
read_body (GIOStream *stream, PrVirtualRequest *request, GCancellable *ending)
{
    GOutputStream *output = g_io_stream_get_output_stream (stream);

    if (request->length > MAX_BODY) {
        pr_virtual_web_reply (output, "413 Content Too Large", NULL, "text/html", "", 0);
        return FALSE;
    }
    if (request->expects)
        pr_virtual_web_say (output, "HTTP/1.1 100 Continue\r\n\r\n");
    request->body = g_malloc (request->length + 1);
    return g_input_stream_read_all (g_io_stream_get_input_stream (stream), request->body, request->length, NULL, ending,
                                    NULL);
}

static gboolean
read_request (GIOStream *stream, PrVirtualRequest *request, GCancellable *ending)
{
    GInputStream *input = g_io_stream_get_input_stream (stream);
    g_autofree char *first = read_line (input, ending);
    g_auto (GStrv) words = first != NULL ? g_strsplit (first, " ", 3) : NULL;

    if (words == NULL || g_strv_length (words) != 3)
        return FALSE;
    request->method = g_strdup (words[0]);
    request->path = g_strdup (words[1]);
    for (guint i = 0; i < MAX_HEADERS; i++) {
        g_autofree char *line = read_line (input, ending);

        if (line == NULL)
            return FALSE;
        if (*line == '\0')
            return read_body (stream, request, ending);
        read_header (request, line);
    }
    return FALSE;
}

/* --- Connections --- */

static gboolean
begins_with_tls (GSocketConnection *connection)
{
    guint8 first = 0;
    int fd = g_socket_get_fd (g_socket_connection_get_socket (connection));

    if (!g_socket_condition_timed_wait (g_socket_connection_get_socket (connection), G_IO_IN,
                                        SOCKET_WAIT * G_TIME_SPAN_SECOND, NULL, NULL))
        return FALSE;
    return recv (fd, &first, 1, MSG_PEEK) == 1 && first == TLS_HANDSHAKE;
}

static GIOStream *
secure (PrVirtualWeb *self, GSocketConnection *connection)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GTlsCertificate) certificate =
        pr_virtual_authority_issue (self->authority, self->hooks.certificate (self->hooks.data), &error);
    g_autoptr (GIOStream) stream =
        certificate == NULL ? NULL : g_tls_server_connection_new (G_IO_STREAM (connection), certificate, &error);

    if (stream == NULL) {
        g_printerr ("phone-reset-virtual-phone: TLS: %s\n", error->message);
        return NULL;
    }
    /* it goes without a goodbye, as a cable that is pulled */
    g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (stream), FALSE);
    return g_tls_connection_handshake (G_TLS_CONNECTION (stream), self->ending, NULL) ? g_steal_pointer (&stream)
                                                                                      : NULL;
}

/* A proxy's client says CONNECT first, and then speaks as if to the server itself. */
static void
serve (PrVirtualWeb *self, GSocketConnection *connection)
{
    for (guint i = 0; i < 2; i++) {
        g_auto (PrVirtualRequest) request = { .secure = self->authority != NULL && begins_with_tls (connection) };
        g_autoptr (GIOStream) stream =
            request.secure ? secure (self, connection) : g_object_ref (G_IO_STREAM (connection));

        if (stream == NULL || !read_request (stream, &request, self->ending))
            return;
        self->hooks.answer (&request, g_io_stream_get_output_stream (stream), self->hooks.data);
        if (request.secure || !g_str_equal (request.method, "CONNECT"))
            return;
    }
}

static gboolean
run_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
    PrVirtualWeb *self = data;

    g_atomic_int_inc (&self->busy);
    g_socket_set_timeout (g_socket_connection_get_socket (connection), SOCKET_WAIT);
    serve (self, connection);
    g_atomic_int_add (&self->busy, -1);
    return TRUE;
}

/* --- Its port --- */

/* The first time any port; later the same one. */
static gboolean
listen_now (PrVirtualWeb *self, GError **error)
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
stop_listening (PrVirtualWeb *self)
{
    if (self->service == NULL)
        return;
    g_socket_service_stop (self->service);
    g_socket_listener_close (G_SOCKET_LISTENER (self->service));
    g_clear_object (&self->service);
}

PrVirtualWeb *
pr_virtual_web_new (const PrVirtualWebHooks *hooks, GError **error)
{
    PrVirtualWeb *self = g_new0 (PrVirtualWeb, 1);

    self->hooks = *hooks;
    self->ending = g_cancellable_new ();
    if (hooks->certificate != NULL)
        self->authority = pr_virtual_authority_new ();
    if (listen_now (self, error))
        return self;
    pr_virtual_web_free (self);
    return NULL;
}

guint16
pr_virtual_web_port (PrVirtualWeb *self)
{
    return self->port;
}

char *
pr_virtual_web_authority_pem (PrVirtualWeb *self)
{
    return pr_virtual_authority_pem (self->authority);
}

void
pr_virtual_web_set_listening (PrVirtualWeb *self, gboolean listening)
{
    if (!listening)
        stop_listening (self);
    else if (self->service == NULL)
        listen_now (self, NULL);
}

void
pr_virtual_web_free (PrVirtualWeb *self)
{
    stop_listening (self);
    g_cancellable_cancel (self->ending);
    while (g_atomic_int_get (&self->busy) > 0)
        g_usleep (10 * G_TIME_SPAN_MILLISECOND);
    g_clear_pointer (&self->authority, pr_virtual_authority_free);
    g_object_unref (self->ending);
    g_free (self);
}

gboolean
pr_virtual_web_say (GOutputStream *output, const char *format, ...)
{
    va_list arguments;

    va_start (arguments, format);
    g_autofree char *text = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    return g_output_stream_write_all (output, text, strlen (text), NULL, NULL, NULL);
}

void
pr_virtual_web_reply (GOutputStream *output,
                      const char *status,
                      const char *headers,
                      const char *type,
                      const char *body,
                      gssize length)
{
    gsize size = length < 0 ? strlen (body) : (gsize) length;

    if (pr_virtual_web_say (output,
                            "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT
                            "\r\n%sConnection: close\r\n\r\n",
                            status, type, size, headers != NULL ? headers : ""))
        g_output_stream_write_all (output, body, size, NULL, NULL, NULL);
}
