// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-wire.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "pr-error.h"

#define MAX_PLIST (8 * 1024 * 1024)
#define READ_AHEAD (256 * 1024)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SSL_CTX, SSL_CTX_free)

struct _PrWire {
    GSocketConnection *connection;
    GSocket *socket; /* borrowed from the connection; not blocking */
    SSL *ssl;        /* NULL while it is plain */
    guint limit;     /* seconds of one call */
};

/* One try to move bytes: how many, 0 when it must wait for @wait, -1 with @error. */
typedef gssize (*Step) (PrWire *self, guint8 *data, gsize length, GIOCondition *wait, GError **error);

PrWire *
pr_wire_open (GSocketConnectable *address, GCancellable *cancellable, GError **error)
{
    g_autoptr (GSocketClient) client = g_socket_client_new ();
    g_autoptr (GSocketConnection) connection = NULL;
    g_autoptr (GError) reason = NULL;
    PrWire *self;

    g_socket_client_set_enable_proxy (client, FALSE);
    g_socket_client_set_timeout (client, PR_WIRE_LIMIT);
    connection = g_socket_client_connect (client, address, cancellable, &reason);
    if (connection == NULL) {
        if (g_cancellable_set_error_if_cancelled (cancellable, error))
            return NULL;
        g_set_error (error, PR_ERROR, PR_ERROR_NO_DAEMON, "usbmuxd does not answer: %s", reason->message);
        return NULL;
    }
    self = g_new0 (PrWire, 1);
    self->limit = PR_WIRE_LIMIT;
    self->socket = g_socket_connection_get_socket (connection);
    self->connection = g_steal_pointer (&connection);
    g_socket_set_timeout (self->socket, 0);
    g_socket_set_blocking (self->socket, FALSE);
    return self;
}

void
pr_wire_close (PrWire *self)
{
    g_clear_pointer (&self->ssl, SSL_free);
    g_clear_object (&self->connection);
    g_free (self);
}

static void
set_closed (GError **error)
{
    g_set_error_literal (error, PR_ERROR, PR_ERROR_UNPLUGGED, "the connection to the phone was closed");
}

static gssize
judge (gssize n, GIOCondition condition, GIOCondition *wait, GError *reason, GError **error)
{
    g_autoptr (GError) owned = reason;

    if (n > 0)
        return n;
    if (n < 0 && g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
        *wait = condition;
        return 0;
    }
    set_closed (error);
    return -1;
}

static gssize
send_step (PrWire *self, guint8 *data, gsize length, GIOCondition *wait, GError **error)
{
    GError *reason = NULL;
    gssize n = g_socket_send (self->socket, (const char *) data, length, NULL, &reason);

    return judge (n, G_IO_OUT, wait, reason, error);
}

static gssize
receive_step (PrWire *self, guint8 *data, gsize length, GIOCondition *wait, GError **error)
{
    GError *reason = NULL;
    gssize n = g_socket_receive (self->socket, (char *) data, length, NULL, &reason);

    return judge (n, G_IO_IN, wait, reason, error);
}

/* OpenSSL's word on a call that did not succeed: wait, or an error. A fatal alert is how a phone refuses us. */
static gssize
judge_tls (PrWire *self, int result, GIOCondition *wait, GError **error)
{
    int why = SSL_get_error (self->ssl, result);

    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) {
        *wait = why == SSL_ERROR_WANT_READ ? G_IO_IN : G_IO_OUT;
        return 0;
    }
    if (why == SSL_ERROR_SSL) {
        g_set_error (error, PR_ERROR, PR_ERROR_STALE_PAIRING, "TLS: %s", ERR_reason_error_string (ERR_peek_error ()));
        return -1;
    }
    set_closed (error);
    return -1;
}

static gssize
send_tls_step (PrWire *self, guint8 *data, gsize length, GIOCondition *wait, GError **error)
{
    int n;

    ERR_clear_error ();
    n = SSL_write (self->ssl, data, (int) MIN (length, G_MAXINT32));
    return n > 0 ? n : judge_tls (self, n, wait, error);
}

static gssize
receive_tls_step (PrWire *self, guint8 *data, gsize length, GIOCondition *wait, GError **error)
{
    int n;

    ERR_clear_error ();
    n = SSL_read (self->ssl, data, (int) MIN (length, G_MAXINT32));
    return n > 0 ? n : judge_tls (self, n, wait, error);
}

static gssize
handshake_step (PrWire *self, guint8 *data, gsize length, GIOCondition *wait, GError **error)
{
    int result;

    ERR_clear_error ();
    result = SSL_connect (self->ssl);
    return result == 1 ? (gssize) length : judge_tls (self, result, wait, error);
}

static gboolean
wait_for (PrWire *self, GIOCondition condition, gint64 deadline, GCancellable *cancellable, GError **error)
{
    gint64 left = MAX (deadline - g_get_monotonic_time (), 0);
    g_autoptr (GError) reason = NULL;

    if (g_socket_condition_timed_wait (self->socket, condition, left, cancellable, &reason))
        return TRUE;
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
    if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
        g_set_error (error, PR_ERROR, PR_ERROR_NO_ANSWER, "no answer within %u s", self->limit);
    else
        set_closed (error);
    return FALSE;
}

static gboolean
transfer (PrWire *self, Step step, guint8 *data, gsize length, GCancellable *cancellable, GError **error)
{
    gint64 deadline = g_get_monotonic_time () + (gint64) self->limit * G_USEC_PER_SEC;

    while (length > 0) {
        GIOCondition condition = 0;
        gssize n;

        if (g_cancellable_set_error_if_cancelled (cancellable, error))
            return FALSE;
        n = step (self, data, length, &condition, error);
        if (n < 0 || (n == 0 && !wait_for (self, condition, deadline, cancellable, error)))
            return FALSE;
        data += n;
        length -= (gsize) n;
    }
    return TRUE;
}

gboolean
pr_wire_send (PrWire *self, const void *data, gsize length, GCancellable *cancellable, GError **error)
{
    return transfer (self, self->ssl != NULL ? send_tls_step : send_step, (guint8 *) data, length, cancellable, error);
}

gboolean
pr_wire_receive (PrWire *self, void *data, gsize length, GCancellable *cancellable, GError **error)
{
    return transfer (self, self->ssl != NULL ? receive_tls_step : receive_step, data, length, cancellable, error);
}

void
pr_wire_set_limit (PrWire *self, guint seconds)
{
    self->limit = seconds;
}

gsize
pr_wire_receive_some (PrWire *self, void *data, gsize length, GCancellable *cancellable, GError **error)
{
    Step step = self->ssl != NULL ? receive_tls_step : receive_step;
    gint64 deadline = g_get_monotonic_time () + (gint64) self->limit * G_USEC_PER_SEC;

    for (;;) {
        GIOCondition condition = 0;
        gssize n;

        if (g_cancellable_set_error_if_cancelled (cancellable, error))
            return 0;
        n = step (self, data, length, &condition, error);
        if (n != 0)
            return n > 0 ? (gsize) n : 0;
        if (!wait_for (self, condition, deadline, cancellable, error))
            return 0;
    }
}

gboolean
pr_wire_send_plist (PrWire *self, plist_t plist, GCancellable *cancellable, GError **error)
{
    g_autoptr (GBytes) bytes = pr_plist_to_bytes (plist);
    g_autoptr (GByteArray) packet = g_byte_array_new ();
    guint32 length = GUINT32_TO_BE ((guint32) g_bytes_get_size (bytes));

    g_byte_array_append (packet, (const guint8 *) &length, sizeof length);
    g_byte_array_append (packet, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    return pr_wire_send (self, packet->data, packet->len, cancellable, error);
}

plist_t
pr_wire_receive_plist (PrWire *self, GCancellable *cancellable, GError **error)
{
    g_autofree guint8 *data = NULL;
    guint32 length;
    plist_t plist;

    if (!pr_wire_receive (self, &length, sizeof length, cancellable, error))
        return NULL;
    length = GUINT32_FROM_BE (length);
    if (length == 0 || length > MAX_PLIST) {
        g_set_error (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "an answer of %u bytes", length);
        return NULL;
    }
    data = g_malloc (length);
    if (!pr_wire_receive (self, data, length, cancellable, error))
        return NULL;
    plist = pr_plist_from_memory (data, length);
    if (plist == NULL)
        g_set_error_literal (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "an answer that is no property list");
    return plist;
}

static BIO *
read_pem (GBytes *pem)
{
    return BIO_new_mem_buf (g_bytes_get_data (pem, NULL), (int) g_bytes_get_size (pem));
}

/* Phones are asked for whatever they speak: old ones only know TLS 1.0 and certificates signed with SHA-1. */
static SSL_CTX *
create_context (GBytes *certificate, GBytes *key)
{
    g_autoptr (SSL_CTX) context = SSL_CTX_new (TLS_client_method ());
    g_autoptr (BIO) certificate_pem = read_pem (certificate);
    g_autoptr (BIO) key_pem = read_pem (key);
    g_autoptr (X509) x509 = PEM_read_bio_X509 (certificate_pem, NULL, NULL, NULL);
    g_autoptr (EVP_PKEY) pkey = PEM_read_bio_PrivateKey (key_pem, NULL, NULL, NULL);

    if (context == NULL || x509 == NULL || pkey == NULL)
        return NULL;
    SSL_CTX_set_security_level (context, 0);
    SSL_CTX_set_min_proto_version (context, TLS1_VERSION);
    SSL_CTX_set_options (context, SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_LEGACY_SERVER_CONNECT);
    SSL_CTX_set_verify (context, SSL_VERIFY_NONE, NULL);
    /* whole records, and many at once, by one system call */
    SSL_CTX_set_read_ahead (context, 1);
    SSL_CTX_set_default_read_buffer_len (context, READ_AHEAD);
    SSL_CTX_set_mode (context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (SSL_CTX_use_certificate (context, x509) != 1 || SSL_CTX_use_PrivateKey (context, pkey) != 1)
        return NULL;
    return g_steal_pointer (&context);
}

gboolean
pr_wire_start_tls (PrWire *self, GBytes *certificate, GBytes *key, GCancellable *cancellable, GError **error)
{
    g_autoptr (SSL_CTX) context = create_context (certificate, key);
    guint8 token = 0;

    ERR_clear_error ();
    if (context == NULL) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_STALE_PAIRING, "the pair record's certificate is damaged");
        return FALSE;
    }
    self->ssl = SSL_new (context);
    SSL_set_fd (self->ssl, g_socket_get_fd (self->socket));
    return transfer (self, handshake_step, &token, 1, cancellable, error);
}
