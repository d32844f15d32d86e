// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-lockdown.h"

#include "pr-error-codes.h"
#include "pr-mux.h"

#define PORT 62078
#define LABEL "phone-reset"
#define RESTORED "com.apple.mobile.restored"

struct _PrLockdown {
    PrWire *wire;
    char *udid;
    gboolean restored;
    plist_t record; /* the pair record, from when a session was started */
};

static plist_t
create_request (const char *name)
{
    plist_t request = plist_new_dict ();

    plist_dict_set_item (request, "Label", plist_new_string (LABEL));
    plist_dict_set_item (request, "Request", plist_new_string (name));
    return request;
}

static gboolean
check_answer (plist_t answer, GError **error)
{
    g_autofree char *name = NULL;

    if (plist_dict_get_item (answer, "Error") == NULL)
        return TRUE;
    name = pr_plist_dup_word (answer, "Error");
    g_set_error (error, PR_ERROR, pr_error_from_lockdown (pr_error_parse_lockdown (name)), "lockdownd answered %s",
                 name != NULL ? name : "an error");
    return FALSE;
}

static plist_t
exchange (PrLockdown *self, plist_t request, GCancellable *cancellable, GError **error)
{
    if (!pr_wire_send_plist (self->wire, request, cancellable, error))
        return NULL;
    return pr_wire_receive_plist (self->wire, cancellable, error);
}

static plist_t
ask (PrLockdown *self, plist_t request, GCancellable *cancellable, GError **error)
{
    g_auto (plist_t) answer = exchange (self, request, cancellable, error);

    if (answer == NULL || !check_answer (answer, error))
        return NULL;
    return g_steal_pointer (&answer);
}

static gboolean
query_type (PrLockdown *self, GCancellable *cancellable, GError **error)
{
    g_auto (plist_t) request = create_request ("QueryType");
    g_auto (plist_t) answer = ask (self, request, cancellable, error);
    g_autofree char *type = NULL;

    if (answer == NULL)
        return FALSE;
    type = pr_plist_dup_word (answer, "Type");
    self->restored = g_strcmp0 (type, RESTORED) == 0;
    return TRUE;
}

PrLockdown *
pr_lockdown_open (const char *udid, GCancellable *cancellable, GError **error)
{
    g_autoptr (PrLockdown) self = g_new0 (PrLockdown, 1);

    self->udid = g_strdup (udid);
    self->wire = pr_mux_connect (udid, PORT, cancellable, error);
    if (self->wire == NULL || !query_type (self, cancellable, error))
        return NULL;
    return g_steal_pointer (&self);
}

void
pr_lockdown_close (PrLockdown *self)
{
    g_clear_pointer (&self->wire, pr_wire_close);
    g_clear_pointer (&self->record, plist_free);
    g_free (self->udid);
    g_free (self);
}

gboolean
pr_lockdown_is_restored (PrLockdown *self)
{
    return self->restored;
}

gboolean
pr_lockdown_read (PrLockdown *self,
                  const char *domain,
                  const char *key,
                  plist_t *value,
                  GCancellable *cancellable,
                  GError **error)
{
    g_auto (plist_t) request = create_request ("GetValue");
    g_auto (plist_t) answer = NULL;
    plist_t item;

    *value = NULL;
    if (domain != NULL)
        plist_dict_set_item (request, "Domain", plist_new_string (domain));
    if (key != NULL)
        plist_dict_set_item (request, "Key", plist_new_string (key));
    answer = exchange (self, request, cancellable, error);
    if (answer == NULL)
        return FALSE;
    item = plist_dict_get_item (answer, "Value");
    if (item != NULL && plist_dict_get_item (answer, "Error") == NULL)
        *value = plist_copy (item);
    return TRUE;
}

static plist_t
read_record (PrLockdown *self, GCancellable *cancellable, GError **error)
{
    g_autoptr (GError) reason = NULL;
    g_autoptr (GBytes) bytes = pr_mux_read_pair_record (self->udid, cancellable, &reason);
    plist_t record;

    if (bytes == NULL) {
        if (reason != NULL)
            g_propagate_error (error, g_steal_pointer (&reason));
        else
            g_set_error_literal (error, PR_ERROR, PR_ERROR_NOT_TRUSTED, "this computer has no pair record");
        return NULL;
    }
    record = pr_plist_from_memory (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    if (record == NULL)
        g_set_error_literal (error, PR_ERROR, PR_ERROR_STALE_PAIRING, "the pair record is damaged");
    return record;
}

static GBytes *
dup_data (plist_t dict, const char *key)
{
    plist_t item = pr_plist_get_item (dict, key, PLIST_DATA);
    guint64 length = 0;
    const char *data = item != NULL ? plist_get_data_ptr (item, &length) : NULL;

    return data != NULL ? g_bytes_new (data, length) : NULL;
}

static gboolean
start_tls (PrWire *wire, plist_t record, GCancellable *cancellable, GError **error)
{
    g_autoptr (GBytes) certificate = dup_data (record, "RootCertificate");
    g_autoptr (GBytes) key = dup_data (record, "RootPrivateKey");

    if (certificate == NULL || key == NULL) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_STALE_PAIRING, "the pair record has no certificate");
        return FALSE;
    }
    return pr_wire_start_tls (wire, certificate, key, cancellable, error);
}

gboolean
pr_lockdown_start_session (PrLockdown *self, GCancellable *cancellable, GError **error)
{
    g_auto (plist_t) record = read_record (self, cancellable, error);
    g_auto (plist_t) request = create_request ("StartSession");
    g_auto (plist_t) answer = NULL;
    static const char *const keys[] = { "HostID", "SystemBUID" };

    if (record == NULL)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
        plist_dict_copy_item (request, record, keys[i], NULL);
    answer = ask (self, request, cancellable, error);
    if (answer == NULL)
        return FALSE;
    if (pr_plist_get_answer (answer, "EnableSessionSSL") == PR_ANSWER_YES &&
        !start_tls (self->wire, record, cancellable, error))
        return FALSE;
    self->record = g_steal_pointer (&record);
    return TRUE;
}

static PrWire *
start_service (PrLockdown *self, const char *name, gboolean escrow, GCancellable *cancellable, GError **error)
{
    g_auto (plist_t) request = create_request ("StartService");
    g_auto (plist_t) answer = NULL;
    g_autoptr (PrWire) wire = NULL;
    guint64 port;

    plist_dict_set_item (request, "Service", plist_new_string (name));
    if (escrow && pr_plist_get_item (self->record, "EscrowBag", PLIST_DATA) != NULL)
        plist_dict_copy_item (request, self->record, "EscrowBag", NULL);
    answer = ask (self, request, cancellable, error);
    if (answer == NULL)
        return NULL;
    if (!pr_plist_get_number (answer, "Port", &port) || port == 0 || port > G_MAXUINT16) {
        g_set_error (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "%s was started at no port", name);
        return NULL;
    }
    wire = pr_mux_connect (self->udid, (guint16) port, cancellable, error);
    if (wire == NULL)
        return NULL;
    if (pr_plist_get_answer (answer, "EnableServiceSSL") == PR_ANSWER_YES &&
        !start_tls (wire, self->record, cancellable, error))
        return NULL;
    return g_steal_pointer (&wire);
}

PrWire *
pr_lockdown_start_service (PrLockdown *self, const char *name, GCancellable *cancellable, GError **error)
{
    return start_service (self, name, FALSE, cancellable, error);
}

PrWire *
pr_lockdown_start_escrow_service (PrLockdown *self, const char *name, GCancellable *cancellable, GError **error)
{
    return start_service (self, name, TRUE, cancellable, error);
}

gboolean
pr_lockdown_enter_recovery (PrLockdown *self, GCancellable *cancellable, GError **error)
{
    g_auto (plist_t) request = create_request ("EnterRecovery");
    g_auto (plist_t) answer = ask (self, request, cancellable, error);

    return answer != NULL;
}

PrPairing *
pr_lockdown_prepare_pairing (PrLockdown *self, GCancellable *cancellable, GError **error)
{
    g_auto (plist_t) value = NULL;
    g_autofree char *buid = NULL;
    g_autoptr (GBytes) key = NULL;
    guint64 length = 0;
    const char *data;

    if (!pr_lockdown_read (self, NULL, "DevicePublicKey", &value, cancellable, error))
        return NULL;
    data = value != NULL && plist_get_node_type (value) == PLIST_DATA ? plist_get_data_ptr (value, &length) : NULL;
    if (data == NULL) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "the phone does not tell its key");
        return NULL;
    }
    buid = pr_mux_read_buid (cancellable, error);
    if (buid == NULL)
        return NULL;
    key = g_bytes_new (data, length);
    return pr_pairing_new (key, buid, error);
}

static plist_t
create_pair_request (PrPairing *pairing)
{
    plist_t request = create_request ("Pair");
    plist_t options = plist_new_dict ();

    /* without it, the answers do not say why */
    plist_dict_set_item (options, "ExtendedPairingErrors", plist_new_bool (TRUE));
    plist_dict_set_item (request, "PairRecord", pr_pairing_get_offer (pairing));
    plist_dict_set_item (request, "PairingOptions", options);
    plist_dict_set_item (request, "ProtocolVersion", plist_new_string ("2"));
    return request;
}

static char *
read_wifi_address (PrLockdown *self, GCancellable *cancellable)
{
    g_auto (plist_t) dict = plist_new_dict ();
    plist_t value = NULL;

    if (!pr_lockdown_read (self, NULL, "WiFiAddress", &value, cancellable, NULL) || value == NULL)
        return NULL;
    plist_dict_set_item (dict, "WiFiAddress", value);
    return pr_plist_dup_text (dict, "WiFiAddress");
}

gboolean
pr_lockdown_pair (PrLockdown *self, PrPairing *pairing, GCancellable *cancellable, GError **error)
{
    g_auto (plist_t) request = create_pair_request (pairing);
    g_auto (plist_t) answer = ask (self, request, cancellable, error);
    g_autoptr (GBytes) escrow_bag = NULL;
    g_autofree char *wifi_address = NULL;
    g_autoptr (GBytes) record = NULL;

    if (answer == NULL)
        return FALSE;
    escrow_bag = dup_data (answer, "EscrowBag");
    wifi_address = read_wifi_address (self, cancellable);
    record = pr_pairing_finish (pairing, escrow_bag, wifi_address);
    return pr_mux_save_pair_record (self->udid, record, cancellable, error);
}
