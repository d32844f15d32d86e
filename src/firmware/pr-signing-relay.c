// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-signing-relay.h"

#include "pr-error.h"
#include "pr-signing-server.h"

#include <string.h>

#define WORD_SECONDS 30
/* One of those at which the tool does not try again: libtatsu, tss.c. */
#define REFUSAL "STATUS=100&MESSAGE=An internal error occurred."

typedef enum { WORD_NONE, WORD_ALLOWED, WORD_REFUSED } Word;

struct _PrSigningRelay {
    PrWeb *web;
    char *server;
    PrSigningWanted wanted;
    char *address;
    SoupServer *soup; /* only its own thread, once that runs */
    GMainContext *context;
    GMainLoop *loop;
    GThread *thread;
    GCancellable *ending;
    PrSigningRelayFunc func; /* (nullable) */
    gpointer data;

    GMutex mutex;
    GCond cond;
    Word word;
    GError *failure; /* (nullable) */
    guint n_tickets;
};

/* --- What became of a request --- */

static void
note (PrSigningRelay *self, GError *failure)
{
    if (self->func != NULL)
        self->func (failure, self->data);
    g_mutex_lock (&self->mutex);
    g_clear_error (&self->failure);
    self->failure = failure;
    self->n_tickets += failure == NULL;
    g_mutex_unlock (&self->mutex);
}

static gboolean
wait_for_word (PrSigningRelay *self, GError **error)
{
    gint64 until = g_get_monotonic_time () + WORD_SECONDS * G_USEC_PER_SEC;
    gboolean in_time = TRUE;

    g_mutex_lock (&self->mutex);
    while (self->word == WORD_NONE && in_time && !g_cancellable_is_cancelled (self->ending))
        in_time = g_cond_wait_until (&self->cond, &self->mutex, until);
    Word word = self->word;
    g_mutex_unlock (&self->mutex);
    if (word == WORD_ALLOWED)
        return TRUE;
    g_set_error_literal (error, PR_ERROR, PR_ERROR_WOULD_ERASE,
                         word == WORD_REFUSED ? "the tool has said something else than that it keeps data"
                                              : "the tool has not said that it keeps data");
    return FALSE;
}

/* --- The tool's requests --- */

static void
reply (SoupServerMessage *message, guint status, const char *text, gsize length)
{
    soup_server_message_set_status (message, status, NULL);
    soup_server_message_set_response (message, "text/html", SOUP_MEMORY_COPY, text, length);
}

/* Refused for good: the tool must not ask again. */
static void
refuse (PrSigningRelay *self, SoupServerMessage *message, GError *failure)
{
    note (self, failure);
    reply (message, SOUP_STATUS_OK, REFUSAL, strlen (REFUSAL));
}

static void
answer (PrSigningRelay *self, SoupServerMessage *message, GBytes *body)
{
    GError *failure = NULL;

    if (!pr_signing_request_check (body, &self->wanted, &failure) || !wait_for_word (self, &failure)) {
        refuse (self, message, failure);
        return;
    }
    g_autoptr (GBytes) answer = pr_signing_server_ask (self->web, self->server, body, self->ending, &failure);
    if (answer == NULL) {
        note (self, failure);
        reply (message, SOUP_STATUS_SERVICE_UNAVAILABLE, "", 0);
        return;
    }
    pr_signing_server_is_granted (answer, &failure);
    note (self, failure);
    gsize length = 0;
    const char *text = g_bytes_get_data (answer, &length);
    reply (message, SOUP_STATUS_OK, text != NULL ? text : "", length);
}

/* One at a time, which is how the tool asks; what waits blocks only the next. */
static void
request_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
    PrSigningRelay *self = data;
    SoupMessageBody *body = soup_server_message_get_request_body (message);

    if (soup_server_message_get_method (message) != SOUP_METHOD_POST || !g_str_equal (path, PR_SIGNING_PATH)) {
        reply (message, SOUP_STATUS_NOT_FOUND, "", 0);
        return;
    }
    g_autoptr (GBytes) bytes = soup_message_body_flatten (body);
    answer (self, message, bytes);
}

/* --- Its thread --- */

static gpointer
serve (gpointer data)
{
    PrSigningRelay *self = data;

    g_main_context_push_thread_default (self->context);
    g_main_loop_run (self->loop);
    soup_server_disconnect (self->soup);
    g_clear_object (&self->soup);
    g_main_context_pop_thread_default (self->context);
    return NULL;
}

/* Listens in the context of the thread that will serve. */
static gboolean
listen_now (PrSigningRelay *self, GError **error)
{
    g_main_context_push_thread_default (self->context);
    self->soup = soup_server_new (NULL, NULL);
    soup_server_add_handler (self->soup, NULL, request_cb, self, NULL);
    gboolean good = soup_server_listen_local (self->soup, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, error);
    g_autoslist (GUri) uris = soup_server_get_uris (self->soup);
    if (uris != NULL)
        self->address = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
    g_main_context_pop_thread_default (self->context);
    return good;
}

PrSigningRelay *
pr_signing_relay_new (PrWeb *web, const char *server, const PrSigningWanted *wanted, gboolean withhold, GError **error)
{
    g_autoptr (PrSigningRelay) self = g_new0 (PrSigningRelay, 1);

    self->web = g_object_ref (web);
    self->server = g_strdup (server);
    self->wanted.ecid = wanted->ecid;
    self->wanted.digests = g_hash_table_ref (wanted->digests);
    self->word = withhold ? WORD_NONE : WORD_ALLOWED;
    self->context = g_main_context_new ();
    self->loop = g_main_loop_new (self->context, FALSE);
    self->ending = g_cancellable_new ();
    g_mutex_init (&self->mutex);
    g_cond_init (&self->cond);
    if (!listen_now (self, error))
        return NULL;
    self->thread = g_thread_new ("signing-relay", serve, self);
    return g_steal_pointer (&self);
}

const char *
pr_signing_relay_get_address (PrSigningRelay *self)
{
    return self->address;
}

void
pr_signing_relay_set_func (PrSigningRelay *self, PrSigningRelayFunc func, gpointer data)
{
    self->func = func;
    self->data = data;
}

static void
say (PrSigningRelay *self, Word word)
{
    g_mutex_lock (&self->mutex);
    if (self->word != WORD_REFUSED)
        self->word = word;
    g_cond_broadcast (&self->cond);
    g_mutex_unlock (&self->mutex);
}

void
pr_signing_relay_allow (PrSigningRelay *self)
{
    say (self, WORD_ALLOWED);
}

void
pr_signing_relay_refuse (PrSigningRelay *self)
{
    say (self, WORD_REFUSED);
}

GError *
pr_signing_relay_dup_failure (PrSigningRelay *self)
{
    g_mutex_lock (&self->mutex);
    GError *failure = self->failure != NULL ? g_error_copy (self->failure) : NULL;
    g_mutex_unlock (&self->mutex);
    return failure;
}

guint
pr_signing_relay_get_n_tickets (PrSigningRelay *self)
{
    g_mutex_lock (&self->mutex);
    guint n = self->n_tickets;
    g_mutex_unlock (&self->mutex);
    return n;
}

static gboolean
quit_cb (gpointer loop)
{
    g_main_loop_quit (loop);
    return G_SOURCE_REMOVE;
}

void
pr_signing_relay_free (PrSigningRelay *self)
{
    g_cancellable_cancel (self->ending);
    pr_signing_relay_refuse (self);
    if (self->thread != NULL) {
        g_main_context_invoke (self->context, quit_cb, self->loop);
        g_thread_join (self->thread);
    }
    g_clear_object (&self->soup);
    g_main_loop_unref (self->loop);
    g_main_context_unref (self->context);
    g_object_unref (self->ending);
    g_object_unref (self->web);
    g_hash_table_unref (self->wanted.digests);
    g_clear_error (&self->failure);
    g_mutex_clear (&self->mutex);
    g_cond_clear (&self->cond);
    g_free (self->server);
    g_free (self->address);
    g_free (self);
}
