// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-lockdown.h"

#include <sys/socket.h>

#include "pr-virtual-values.h"

#define RECOVERY_SECONDS 2.0 /* off the bus */
#define HANGS_UP_WITHIN 3    /* seconds that a client has to end the conversation in which it asked for recovery mode */
#define LEAVES_AFTER 0.7     /* seconds from there to leaving the bus; a real phone takes some */
#define MAX_NAME 256

typedef struct {
    PrVirtualPhone *phone;
    PrVirtualPairing *pairing;
    PrVirtualServices *services;
    PrVirtualStream stream;
    char *host_id;    /* (nullable): of the session */
    char *session_id; /* (nullable) */

    /* what to do once the answer to a request is on its way */
    gboolean tls_on;
    gboolean tls_off;
    gboolean over;

    gint64 leaves_by; /* it was told to go to recovery mode, and talks on until then; 0 if not */
} Session;

/* A request's function fills @answer, and returns NULL or the name of the error. */
typedef const char *(*Handler) (Session *self, plist_t request, plist_t answer);

/* --- Values --- */

static const char *
query_type (Session *self, plist_t request, plist_t answer)
{
    plist_dict_set_item (answer, "Type", plist_new_string ("com.apple.mobile.lockdown"));
    return NULL;
}

static plist_t
read_domain (Session *self, const char *domain)
{
    plist_t values = pr_virtual_values_get_domain (self->phone, domain, self->session_id != NULL);
    if (domain == NULL) {
        g_autoptr (GBytes) key = pr_virtual_pairing_public_key (self->pairing);
        pr_virtual_dict_set_bytes (values, "DevicePublicKey", key);
    }
    return values;
}

static const char *
get_value (Session *self, plist_t request, plist_t answer)
{
    const char *domain = pr_virtual_dict_text (request, "Domain");
    const char *key = pr_virtual_dict_text (request, "Key");
    if (domain != NULL && self->session_id == NULL)
        return "GetProhibited";
    plist_t values = read_domain (self, domain);
    if (values == NULL)
        return "MissingValue";
    plist_t value = key != NULL ? plist_copy (plist_dict_get_item (values, key)) : plist_copy (values);
    plist_free (values);
    if (value == NULL)
        return "MissingValue";
    if (domain != NULL)
        plist_dict_set_item (answer, "Domain", plist_new_string (domain));
    if (key != NULL)
        plist_dict_set_item (answer, "Key", plist_new_string (key));
    plist_dict_set_item (answer, "Value", value);
    return NULL;
}

/* A computer may rename the phone, and nothing else here. */
static const char *
set_value (Session *self, plist_t request, plist_t answer)
{
    const char *name = pr_virtual_dict_text (request, "Value");
    gboolean naming = g_strcmp0 (pr_virtual_dict_text (request, "Key"), "DeviceName") == 0;
    if (self->session_id == NULL || !naming || pr_virtual_dict_text (request, "Domain") != NULL)
        return "SetProhibited";
    if (name == NULL || strlen (name) > MAX_NAME || !g_utf8_validate (name, -1, NULL))
        return "SetProhibited";
    pr_virtual_phone_set_name (self->phone, name);
    plist_dict_set_item (answer, "Key", plist_new_string ("DeviceName"));
    plist_dict_set_item (answer, "Value", plist_new_string (name));
    return NULL;
}

/* --- Pairing --- */

static const char *
pair (Session *self, plist_t request, plist_t answer)
{
    g_autoptr (GBytes) bag = NULL;
    const char *refusal = pr_virtual_pairing_pair (self->pairing, plist_dict_get_item (request, "PairRecord"), &bag);
    if (refusal == NULL)
        pr_virtual_dict_set_bytes (answer, "EscrowBag", bag);
    return refusal;
}

static const char *
get_record_id (plist_t request)
{
    return pr_virtual_dict_text (plist_dict_get_item (request, "PairRecord"), "HostID");
}

static const char *
validate_pair (Session *self, plist_t request, plist_t answer)
{
    return pr_virtual_pairing_knows (self->pairing, get_record_id (request)) ? NULL : "InvalidHostID";
}

static const char *
unpair (Session *self, plist_t request, plist_t answer)
{
    return pr_virtual_pairing_forget (self->pairing, get_record_id (request)) ? NULL : "InvalidHostID";
}

/* --- Sessions --- */

static const char *
start_session (Session *self, plist_t request, plist_t answer)
{
    const char *host_id = pr_virtual_dict_text (request, "HostID");
    if (self->session_id != NULL)
        return "SessionActive";
    if (host_id == NULL)
        return "MissingHostID";
    if (!pr_virtual_pairing_knows (self->pairing, host_id)) {
        pr_virtual_phone_saw (self->phone, "session", "answer", "InvalidHostID", NULL);
        return "InvalidHostID";
    }
    self->host_id = g_strdup (host_id);
    self->session_id = g_uuid_string_random ();
    self->tls_on = TRUE;
    plist_dict_set_item (answer, "SessionID", plist_new_string (self->session_id));
    plist_dict_set_item (answer, "EnableSessionSSL", plist_new_bool (TRUE));
    return NULL;
}

static const char *
stop_session (Session *self, plist_t request, plist_t answer)
{
    if (self->session_id == NULL)
        return "SessionInactive";
    if (g_strcmp0 (pr_virtual_dict_text (request, "SessionID"), self->session_id) != 0)
        return "InvalidSessionID";
    self->tls_off = TRUE;
    return NULL;
}

static const char *
start_service (Session *self, plist_t request, plist_t answer)
{
    const char *name = pr_virtual_dict_text (request, "Service");
    if (self->session_id == NULL)
        return "SessionInactive";
    if (name == NULL)
        return "MissingService";
    guint16 port = pr_virtual_services_open (self->services, name, self->host_id);
    pr_virtual_phone_saw (self->phone, "service", "name", name, "answer", port != 0 ? "open" : "InvalidService", NULL);
    if (port == 0)
        return "InvalidService";
    plist_dict_set_item (answer, "Service", plist_new_string (name));
    plist_dict_set_item (answer, "Port", plist_new_uint (port));
    plist_dict_set_item (answer, "EnableServiceSSL", plist_new_bool (TRUE));
    return NULL;
}

/* --- Recovery mode --- */

/* From now on the client is expected to hang up; the phone does not wait for it for long. */
static void
hurry (Session *self)
{
    struct timeval limit = { .tv_sec = HANGS_UP_WITHIN };

    setsockopt (self->stream.fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    self->leaves_by = g_get_monotonic_time () + HANGS_UP_WITHIN * G_USEC_PER_SEC;
}

/* Management can forbid it, which is the refusal that the fault plays. */
static const char *
enter_recovery (Session *self, plist_t request, plist_t answer)
{
    if (self->session_id == NULL)
        return "SessionInactive";
    g_autofree char *refused = pr_virtual_phone_fault (self->phone, "recovery-refused");
    pr_virtual_phone_saw (self->phone, "enter-recovery", "answer", refused != NULL ? "MCProtected" : "yes", NULL);
    if (refused != NULL)
        return "MCProtected";
    hurry (self);
    return NULL;
}

static const char *
say_goodbye (Session *self, plist_t request, plist_t answer)
{
    self->over = TRUE;
    plist_dict_set_item (answer, "Result", plist_new_string ("Success"));
    return NULL;
}

static const struct {
    const char *name;
    Handler handle;
} requests[] = {
    { "QueryType", query_type },       { "GetValue", get_value },
    { "SetValue", set_value },         { "Pair", pair },
    { "ValidatePair", validate_pair }, { "Unpair", unpair },
    { "StartSession", start_session }, { "StopSession", stop_session },
    { "StartService", start_service }, { "EnterRecovery", enter_recovery },
    { "Goodbye", say_goodbye },
};

static const char *
handle (Session *self, const char *name, plist_t request, plist_t answer)
{
    for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
        if (g_str_equal (requests[i].name, name))
            return requests[i].handle (self, request, answer);
    return "InvalidRequest";
}

/* --- The conversation --- */

static void
close_session (Session *self)
{
    pr_virtual_tls_end (&self->stream);
    g_clear_pointer (&self->session_id, g_free);
    g_clear_pointer (&self->host_id, g_free);
}

/* iOS clears auto-boot before it restarts, so that the phone stays in recovery mode until somebody sets it again. It
 * leaves the bus a little later than the client hung up: idevicerestore ends this conversation before it waits for the
 * phone to leave, misses what happened before, and then waits for a minute. */
static void
go_to_recovery (Session *self)
{
    pr_virtual_phone_setenv (self->phone, "auto-boot", "false");
    pr_virtual_phone_saveenv (self->phone);
    g_usleep ((gulong) (LEAVES_AFTER * G_USEC_PER_SEC));
    pr_virtual_phone_boot (self->phone, PR_VIRTUAL_RECOVERY, RECOVERY_SECONDS);
}

/* What a request asked for that had to wait for its answer. Returns: whether more may come. */
static gboolean
follow_up (Session *self)
{
    if (self->tls_off)
        close_session (self);
    gboolean failed = self->tls_on && !pr_virtual_pairing_accept (self->pairing, self->host_id, &self->stream);
    if (self->tls_on)
        pr_virtual_phone_saw (self->phone, "session", "answer", failed ? "tls-failed" : "started", NULL);
    self->tls_on = self->tls_off = FALSE;
    gboolean late = self->leaves_by != 0 && g_get_monotonic_time () > self->leaves_by;
    return !failed && !late && !self->over;
}

static gboolean
answer_request (Session *self, plist_t request)
{
    const char *name = pr_virtual_dict_text (request, "Request");
    if (name == NULL)
        return FALSE;
    plist_t answer = plist_new_dict ();
    plist_dict_set_item (answer, "Request", plist_new_string (name));
    const char *refusal = handle (self, name, request, answer);
    if (refusal != NULL)
        plist_dict_set_item (answer, "Error", plist_new_string (refusal));
    gboolean sent = pr_virtual_stream_send (&self->stream, answer);
    plist_free (answer);
    return sent && follow_up (self);
}

/* A phone that hangs: it takes everything and says nothing, until the connection goes. */
static gboolean
swallow (Session *self)
{
    g_autofree char *silent = pr_virtual_phone_fault (self->phone, "silent");
    char byte;
    while (silent != NULL && pr_virtual_stream_read (&self->stream, &byte, 1))
        continue;
    return silent != NULL;
}

static gboolean
serve_one (Session *self)
{
    plist_t request = pr_virtual_stream_receive (&self->stream);
    if (request == NULL)
        return FALSE;
    gboolean more = !swallow (self) && answer_request (self, request);
    plist_free (request);
    return more;
}

void
pr_virtual_lockdown_serve (PrVirtualPhone *phone, PrVirtualPairing *pairing, PrVirtualServices *services, int fd)
{
    Session self = { .phone = phone, .pairing = pairing, .services = services, .stream = { .fd = fd } };
    while (serve_one (&self))
        continue;
    close_session (&self);
    if (self.leaves_by != 0)
        go_to_recovery (&self);
}
