// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-server.h"

#include <string.h>

#include "pr-virtual-ticket.h"
#include "pr-virtual-web.h"
#include "pr-virtual-wire.h"

#define FAULT_CHECK 200 /* ms between two looks at the fault signing-down */

struct _PrVirtualServer {
    PrVirtualPhone *phone;
    PrVirtualWeb *web;
    char *address;
    guint check; /* GSource */
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

/* --- Its port --- */

static void
answer (const PrVirtualRequest *request, GOutputStream *output, gpointer data)
{
    PrVirtualServer *self = data;
    g_autofree char *text = NULL;

    if (!g_str_equal (request->method, "POST") || !g_str_has_prefix (request->path, "/TSS/controller")) {
        pr_virtual_web_reply (output, "404 Not Found", NULL, "text/html", "", 0);
        return;
    }
    if (request->length == 0) {
        pr_virtual_web_reply (output, "413 Content Too Large", NULL, "text/html", "", 0);
        return;
    }
    text = pr_virtual_server_answer (self->phone, request->body, request->length);
    pr_virtual_web_reply (output, "200 OK", NULL, "text/html", text, -1);
}

static gboolean
check_fault_cb (gpointer data)
{
    PrVirtualServer *self = data;
    g_autofree char *down = pr_virtual_phone_fault (self->phone, "signing-down");

    pr_virtual_web_set_listening (self->web, down == NULL);
    return G_SOURCE_CONTINUE;
}

PrVirtualServer *
pr_virtual_server_new (PrVirtualPhone *phone, GError **error)
{
    PrVirtualServer *self = g_new0 (PrVirtualServer, 1);

    self->phone = phone;
    self->web = pr_virtual_web_new (&(PrVirtualWebHooks) { .answer = answer, .data = self }, error);
    if (self->web == NULL) {
        pr_virtual_server_free (self);
        return NULL;
    }
    self->address = g_strdup_printf ("http://127.0.0.1:%u", pr_virtual_web_port (self->web));
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
    g_clear_pointer (&self->web, pr_virtual_web_free);
    g_free (self->address);
    g_free (self);
}
