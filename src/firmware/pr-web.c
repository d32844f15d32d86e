// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-web.h"

#include "pr-error.h"
#include "pr-limit.h"

#include <math.h>
#include <string.h>

#define PATIENCE 30.0
#define MAX_REDIRECTIONS 10
#define PROBE_SECONDS 10.0
#define PROBE_BYTES (64 * 1024)
#define PROBE_WORD "Success" /* what Apple's page for this says: the title and the body of hotspot-detect.html */
#define NETWORK_AUTHENTICATION_REQUIRED 511 /* RFC 6585, 6 */

struct _PrWeb {
    GObject parent_instance;
    GTlsDatabase *trust;     /* (nullable) */
    GProxyResolver *proxies; /* (nullable) */
    char *probe;             /* (nullable) */
    double patience;
};

enum { PROP_TRUST = 1, PROP_PROXIES, PROP_PROBE, PROP_PATIENCE, N_PROPS };

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (PrWeb, pr_web, G_TYPE_OBJECT)

/* Nothing decodes: a file is wanted as it is, and bytes are counted as they come. */
static SoupSession *
make_session (PrWeb *self)
{
    SoupSession *session = soup_session_new_with_options ("timeout", (guint) ceil (self->patience), "user-agent",
                                                          "phone-reset", "max-conns", 1, NULL);

    soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
    if (self->trust != NULL)
        soup_session_set_tls_database (session, self->trust);
    if (self->proxies != NULL)
        soup_session_set_proxy_resolver (session, self->proxies);
    return session;
}

/* --- What went wrong --- */

static void
explain (const GError *failure, PrLimit *limit, GCancellable *cancellable, const char *address, GError **error)
{
    PrError code = g_error_matches (failure, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE) ? PR_ERROR_UNTRUSTED_SERVER
                                                                                       : PR_ERROR_NO_DOWNLOAD;

    if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return;
    if (limit != NULL && pr_limit_is_over (limit))
        g_set_error (error, PR_ERROR, PR_ERROR_NO_DOWNLOAD, "%s: no answer in time", address);
    else
        g_set_error (error, PR_ERROR, code, "%s: %s", address, failure->message);
}

/* --- Asking --- */

static PrWebAnswer *
answer_new (PrWeb *self, GUri *uri, const PrWebQuery *query)
{
    PrWebAnswer *answer = g_new0 (PrWebAnswer, 1);
    SoupMessageHeaders *headers;

    answer->session = make_session (self);
    answer->message = soup_message_new_from_uri (query->body != NULL ? SOUP_METHOD_POST : SOUP_METHOD_GET, uri);
    soup_message_add_flags (answer->message, SOUP_MESSAGE_NO_REDIRECT);
    /* one long answer is all that is wanted, which HTTP/2 makes no faster */
    soup_message_set_force_http1 (answer->message, TRUE);
    if (query->body != NULL)
        soup_message_set_request_body_from_bytes (answer->message, "text/xml", query->body);
    headers = soup_message_get_request_headers (answer->message);
    if (query->from > 0)
        soup_message_headers_set_range (headers, (goffset) query->from, -1);
    if (query->from > 0 && query->if_range != NULL)
        soup_message_headers_replace (headers, "If-Range", query->if_range);
    return answer;
}

static PrWebAnswer *
ask_once (PrWeb *self, GUri *uri, const PrWebQuery *query, double seconds, GCancellable *cancellable, GError **error)
{
    g_autofree char *address = g_uri_to_string (uri);
    g_autoptr (PrWebAnswer) answer = answer_new (self, uri, query);
    g_autoptr (PrLimit) limit = pr_limit_new (seconds, cancellable);
    g_autoptr (GError) failure = NULL;

    answer->body = soup_session_send (answer->session, answer->message, pr_limit_get_cancellable (limit), &failure);
    if (answer->body != NULL)
        return g_steal_pointer (&answer);
    explain (failure, limit, cancellable, address, error);
    return NULL;
}

/* (transfer full) (nullable): where the answer says to look instead; %NULL without @error: here it is. */
static GUri *
get_redirection (PrWebAnswer *answer, GUri *uri, GError **error)
{
    guint status = soup_message_get_status (answer->message);
    const char *location =
        soup_message_headers_get_one (soup_message_get_response_headers (answer->message), "Location");

    if (!SOUP_STATUS_IS_REDIRECTION (status) || status == SOUP_STATUS_NOT_MODIFIED)
        return NULL;
    g_autoptr (GUri) next = location != NULL ? g_uri_parse_relative (uri, location, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
    if (next != NULL && g_str_equal (g_uri_get_scheme (next), "https"))
        return g_steal_pointer (&next);
    g_set_error (error, PR_ERROR, PR_ERROR_UNTRUSTED_SERVER, "%s sends on to “%s”", g_uri_get_host (uri),
                 location != NULL ? location : "");
    return NULL;
}

/* Nothing that is fetched here is a page. */
static gboolean
is_page (PrWebAnswer *answer)
{
    guint status = soup_message_get_status (answer->message);
    const char *type =
        soup_message_headers_get_content_type (soup_message_get_response_headers (answer->message), NULL);

    return status == NETWORK_AUTHENTICATION_REQUIRED ||
           (SOUP_STATUS_IS_SUCCESSFUL (status) && type != NULL && g_ascii_strcasecmp (type, "text/html") == 0);
}

PrWebAnswer *
pr_web_ask (PrWeb *self, const char *address, const PrWebQuery *query, GCancellable *cancellable, GError **error)
{
    g_autoptr (GUri) uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);

    if (uri == NULL || !g_str_equal (g_uri_get_scheme (uri), "https")) {
        g_set_error (error, PR_ERROR, PR_ERROR_UNTRUSTED_SERVER, "“%s” is not encrypted", address);
        return NULL;
    }
    for (guint i = 0; i <= MAX_REDIRECTIONS; i++) {
        g_autoptr (GError) refusal = NULL;
        g_autoptr (PrWebAnswer) answer = ask_once (self, uri, query, 2 * self->patience, cancellable, error);
        g_autoptr (GUri) next = answer != NULL ? get_redirection (answer, uri, &refusal) : NULL;

        if (answer == NULL)
            return NULL;
        if (refusal == NULL && query->body == NULL && is_page (answer))
            g_set_error (&refusal, PR_ERROR, PR_ERROR_SIGN_IN_FIRST, "%s answers with a page", g_uri_get_host (uri));
        if (refusal == NULL && next == NULL)
            return g_steal_pointer (&answer);
        if (refusal != NULL) {
            g_propagate_error (error, g_steal_pointer (&refusal));
            return NULL;
        }
        g_uri_unref (uri);
        uri = g_steal_pointer (&next);
    }
    g_set_error (error, PR_ERROR, PR_ERROR_NO_DOWNLOAD, "%s sends in circles", address);
    return NULL;
}

gssize
pr_web_answer_read (PrWebAnswer *self, void *buffer, gsize length, GCancellable *cancellable, GError **error)
{
    g_autoptr (GError) failure = NULL;
    gssize n = g_input_stream_read (self->body, buffer, length, cancellable, &failure);

    if (n < 0)
        explain (failure, NULL, cancellable, g_uri_get_host (soup_message_get_uri (self->message)), error);
    return n;
}

void
pr_web_answer_free (PrWebAnswer *self)
{
    g_clear_object (&self->body);
    soup_session_abort (self->session);
    g_object_unref (self->message);
    g_object_unref (self->session);
    g_free (self);
}

/* --- Small files --- */

static GBytes *
read_all (PrWebAnswer *answer, gsize most, PrLimit *limit, GError **error)
{
    g_autoptr (GByteArray) all = g_byte_array_new ();
    guint8 buffer[16 * 1024];
    gssize n;

    while ((n = pr_web_answer_read (answer, buffer, sizeof buffer, pr_limit_get_cancellable (limit), error)) > 0) {
        if (all->len + (gsize) n > most) {
            g_set_error (error, PR_ERROR, PR_ERROR_NO_DOWNLOAD, "an answer of more than %" G_GSIZE_FORMAT " bytes",
                         most);
            return NULL;
        }
        g_byte_array_append (all, buffer, (guint) n);
    }
    return n < 0 ? NULL : g_byte_array_free_to_bytes (g_steal_pointer (&all));
}

/* Within the limit a cancellation is the person's, past it the time's. */
static void
tell_apart (PrLimit *limit, GCancellable *cancellable, const char *address, GError **error)
{
    if (!pr_limit_is_over (limit) || g_cancellable_is_cancelled (cancellable))
        return;
    g_clear_error (error);
    g_set_error (error, PR_ERROR, PR_ERROR_NO_DOWNLOAD, "%s: no whole answer in time", address);
}

static GBytes *
get_all (PrWeb *self,
         const char *address,
         const PrWebQuery *query,
         gsize most,
         double seconds,
         GCancellable *cancellable,
         GError **error)
{
    g_autoptr (GError) failure = NULL;
    g_autoptr (PrLimit) limit = pr_limit_new (seconds, cancellable);
    g_autoptr (PrWebAnswer) answer = pr_web_ask (self, address, query, pr_limit_get_cancellable (limit), &failure);
    g_autoptr (GBytes) bytes = NULL;

    if (answer != NULL && soup_message_get_status (answer->message) != SOUP_STATUS_OK)
        g_set_error (&failure, PR_ERROR, PR_ERROR_NO_DOWNLOAD, "%s: status %u", address,
                     soup_message_get_status (answer->message));
    else if (answer != NULL)
        bytes = read_all (answer, most, limit, &failure);
    if (failure == NULL)
        return g_steal_pointer (&bytes);
    tell_apart (limit, cancellable, address, &failure);
    g_propagate_error (error, g_steal_pointer (&failure));
    return NULL;
}

GBytes *
pr_web_get (PrWeb *self, const char *address, gsize most, double seconds, GCancellable *cancellable, GError **error)
{
    const PrWebQuery query = { 0 };

    return get_all (self, address, &query, most, seconds, cancellable, error);
}

GBytes *
pr_web_post (PrWeb *self,
             const char *address,
             GBytes *body,
             gsize most,
             double seconds,
             GCancellable *cancellable,
             GError **error)
{
    const PrWebQuery query = { .body = body };

    return get_all (self, address, &query, most, seconds, cancellable, error);
}

/* --- Does the network itself answer? --- */

/* Whoever sits in between sends on to its own page, shows it at once, or says so (RFC 6585). */
static gboolean
is_signed_out (PrWeb *self, GCancellable *cancellable)
{
    const PrWebQuery query = { 0 };
    g_autoptr (GUri) uri = g_uri_parse (self->probe, SOUP_HTTP_URI_FLAGS, NULL);
    g_autoptr (PrLimit) limit = pr_limit_new (PROBE_SECONDS, cancellable);
    g_autoptr (PrWebAnswer) answer =
        uri == NULL ? NULL : ask_once (self, uri, &query, PROBE_SECONDS, pr_limit_get_cancellable (limit), NULL);
    guint status = answer != NULL ? soup_message_get_status (answer->message) : 0;

    if (status == NETWORK_AUTHENTICATION_REQUIRED || SOUP_STATUS_IS_REDIRECTION (status))
        return TRUE;
    g_autoptr (GBytes) page = status == SOUP_STATUS_OK ? read_all (answer, PROBE_BYTES, limit, NULL) : NULL;
    gsize length = 0;
    const char *text = page != NULL ? g_bytes_get_data (page, &length) : NULL;
    return page != NULL && (text == NULL || memmem (text, length, PROBE_WORD, strlen (PROBE_WORD)) == NULL);
}

void
pr_web_look_for_sign_in (PrWeb *self, GCancellable *cancellable, GError **error)
{
    g_return_if_fail (error != NULL && *error != NULL);

    gboolean may_be = g_error_matches (*error, PR_ERROR, PR_ERROR_NO_DOWNLOAD) ||
                      g_error_matches (*error, PR_ERROR, PR_ERROR_NO_VERSIONS) ||
                      g_error_matches (*error, PR_ERROR, PR_ERROR_UNTRUSTED_SERVER);
    if (self->probe != NULL && may_be && is_signed_out (self, cancellable))
        (*error)->code = PR_ERROR_SIGN_IN_FIRST;
}

/* --- The object --- */

static void
pr_web_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    PrWeb *self = PR_WEB (object);

    switch (id) {
    case PROP_TRUST:
        self->trust = g_value_dup_object (value);
        break;
    case PROP_PROXIES:
        self->proxies = g_value_dup_object (value);
        break;
    case PROP_PROBE:
        self->probe = g_value_dup_string (value);
        break;
    case PROP_PATIENCE:
        self->patience = g_value_get_double (value);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
pr_web_finalize (GObject *object)
{
    PrWeb *self = PR_WEB (object);

    g_clear_object (&self->trust);
    g_clear_object (&self->proxies);
    g_free (self->probe);
    G_OBJECT_CLASS (pr_web_parent_class)->finalize (object);
}

static void
pr_web_class_init (PrWebClass *klass)
{
    const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

    G_OBJECT_CLASS (klass)->set_property = pr_web_set_property;
    G_OBJECT_CLASS (klass)->finalize = pr_web_finalize;
    props[PROP_TRUST] = g_param_spec_object ("trust", NULL, NULL, G_TYPE_TLS_DATABASE, flags);
    props[PROP_PROXIES] = g_param_spec_object ("proxies", NULL, NULL, G_TYPE_PROXY_RESOLVER, flags);
    props[PROP_PROBE] =
        g_param_spec_string ("probe", NULL, NULL, "http://captive.apple.com/hotspot-detect.html", flags);
    props[PROP_PATIENCE] = g_param_spec_double ("patience", NULL, NULL, 0.1, 600, PATIENCE, flags);
    g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, props);
}

static void
pr_web_init (PrWeb *self)
{
}

PrWeb *
pr_web_new (void)
{
    return g_object_new (PR_TYPE_WEB, NULL);
}

double
pr_web_get_patience (PrWeb *self)
{
    return self->patience;
}
