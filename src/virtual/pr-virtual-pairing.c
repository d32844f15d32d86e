// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-pairing.h"

#include <openssl/rand.h>

#define ESCROW_BAG_SIZE 32
#define MAX_HOSTS 64
#define MAX_NAME 256 /* bytes of a HostID or BUID */

typedef enum { QUESTION_NONE, QUESTION_SHOWN, QUESTION_ACCEPTED, QUESTION_REFUSED } Question;

/* A computer that it knows; never changed once it is in the table. */
typedef struct {
    grefcount references;
    X509 *device; /* what the phone shows to it */
    X509 *root;   /* what it shows to the phone */
} Host;

struct _PrVirtualPairing {
    PrVirtualPhone *phone;
    EVP_PKEY *key;
    char *buid;
    GBytes *initial_record;

    GMutex mutex;      /* what follows is shared */
    GHashTable *hosts; /* HostID → Host */
    guint erasures;    /* of the phone, when @hosts was last looked at */
    Question question;
    gint64 asked; /* monotonic time */
};

/* --- Computers --- */

static void
unref_host (gpointer data)
{
    Host *host = data;
    if (!g_ref_count_dec (&host->references))
        return;
    X509_free (host->device);
    X509_free (host->root);
    g_free (host);
}

/* (nullable): NULL when the certificates are not for this phone. */
static Host *
read_host (PrVirtualPairing *self, plist_t record)
{
    g_autoptr (GBytes) device_pem = pr_virtual_dict_bytes (record, "DeviceCertificate");
    g_autoptr (GBytes) root_pem = pr_virtual_dict_bytes (record, "RootCertificate");
    g_autoptr (X509) device = pr_virtual_tls_read_certificate (device_pem);
    g_autoptr (X509) root = pr_virtual_tls_read_certificate (root_pem);
    if (device == NULL || root == NULL || X509_check_private_key (device, self->key) != 1)
        return NULL;
    EVP_PKEY *root_key = X509_get0_pubkey (root);
    if (root_key == NULL || X509_verify (device, root_key) != 1)
        return NULL;
    Host *host = g_new0 (Host, 1);
    g_ref_count_init (&host->references);
    host->device = g_steal_pointer (&device);
    host->root = g_steal_pointer (&root);
    return host;
}

/* An erase forgets every computer, and the question. */
static void
notice_erase (PrVirtualPairing *self)
{
    guint erasures = pr_virtual_phone_erasures (self->phone);
    if (self->erasures == erasures)
        return;
    self->erasures = erasures;
    g_hash_table_remove_all (self->hosts);
    self->question = QUESTION_NONE;
}

gboolean
pr_virtual_pairing_knows (PrVirtualPairing *self, const char *host_id)
{
    g_mutex_lock (&self->mutex);
    notice_erase (self);
    gboolean known = host_id != NULL && g_hash_table_contains (self->hosts, host_id);
    g_mutex_unlock (&self->mutex);
    return known;
}

gboolean
pr_virtual_pairing_forget (PrVirtualPairing *self, const char *host_id)
{
    g_mutex_lock (&self->mutex);
    gboolean known = host_id != NULL && g_hash_table_remove (self->hosts, host_id);
    g_mutex_unlock (&self->mutex);
    return known;
}

gboolean
pr_virtual_pairing_accept (PrVirtualPairing *self, const char *host_id, PrVirtualStream *stream)
{
    g_mutex_lock (&self->mutex);
    notice_erase (self);
    Host *host = g_hash_table_lookup (self->hosts, host_id);
    if (host != NULL)
        g_ref_count_inc (&host->references);
    g_mutex_unlock (&self->mutex);
    if (host == NULL)
        return FALSE;
    gboolean accepted = pr_virtual_tls_accept (stream, host->device, self->key, host->root);
    g_mutex_lock (&self->mutex);
    unref_host (host);
    g_mutex_unlock (&self->mutex);
    return accepted;
}

/* --- The question --- */

static void
ask (PrVirtualPairing *self)
{
    if (self->question != QUESTION_NONE)
        return;
    self->question = QUESTION_SHOWN;
    self->asked = g_get_monotonic_time ();
    pr_virtual_phone_saw (self->phone, "trust-asked", NULL);
}

static void
let_owner_answer (PrVirtualPairing *self)
{
    g_autofree char *habit = pr_virtual_phone_setting (self->phone, "phone", "when-asked", "wait");
    double delay = pr_virtual_phone_setting_number (self->phone, "phone", "accept-after", 0);
    gint64 until = self->asked + (gint64) (delay * G_USEC_PER_SEC);
    if (self->question != QUESTION_SHOWN || g_get_monotonic_time () < until)
        return;
    if (g_str_equal (habit, "accept"))
        self->question = QUESTION_ACCEPTED;
    else if (g_str_equal (habit, "refuse"))
        self->question = QUESTION_REFUSED;
}

/* A computer that comes back with the certificates that it paired with is not asked about again. */
static gboolean
is_known (PrVirtualPairing *self, const char *host_id, const Host *host)
{
    const Host *known = g_hash_table_lookup (self->hosts, host_id);
    return known != NULL && X509_cmp (known->root, host->root) == 0;
}

static const char *
decide (PrVirtualPairing *self, const char *host_id, const Host *host)
{
    notice_erase (self);
    if (is_known (self, host_id, host))
        return NULL;
    if (pr_virtual_phone_setting_flag (self->phone, "phone", "locked", FALSE))
        return "PasswordProtected";
    ask (self);
    let_owner_answer (self);
    if (self->question == QUESTION_SHOWN)
        return "PairingDialogResponsePending";
    if (self->question == QUESTION_REFUSED)
        return "UserDeniedPairing";
    self->question = QUESTION_NONE;
    return g_hash_table_size (self->hosts) < MAX_HOSTS ? NULL : "SavePairRecordFailed";
}

static GBytes *
make_escrow_bag (void)
{
    guint8 bag[ESCROW_BAG_SIZE];
    RAND_bytes (bag, sizeof bag);
    return g_bytes_new (bag, sizeof bag);
}

static gboolean
is_name (const char *text)
{
    return text != NULL && *text != '\0' && strlen (text) <= MAX_NAME;
}

const char *
pr_virtual_pairing_pair (PrVirtualPairing *self, plist_t record, GBytes **escrow_bag)
{
    const char *host_id = pr_virtual_dict_text (record, "HostID");
    if (host_id == NULL)
        return "MissingHostID";
    if (!is_name (host_id) || !is_name (pr_virtual_dict_text (record, "SystemBUID")))
        return "InvalidPairRecord";
    Host *host = read_host (self, record);
    if (host == NULL)
        return "InvalidPairRecord";
    g_mutex_lock (&self->mutex);
    const char *refusal = decide (self, host_id, host);
    if (refusal == NULL)
        g_hash_table_insert (self->hosts, g_strdup (host_id), host);
    else
        unref_host (host);
    g_mutex_unlock (&self->mutex);
    pr_virtual_phone_saw (self->phone, "pair", "answer", refusal != NULL ? refusal : "trusted", NULL);
    if (refusal == NULL)
        *escrow_bag = make_escrow_bag ();
    return refusal;
}

void
pr_virtual_pairing_tap (PrVirtualPairing *self, gboolean yes)
{
    g_mutex_lock (&self->mutex);
    self->question = yes ? QUESTION_ACCEPTED : QUESTION_REFUSED;
    g_mutex_unlock (&self->mutex);
    pr_virtual_phone_saw (self->phone, "trust-tapped", "answer", yes ? "yes" : "no", NULL);
}

/* The question goes from the screen with the cable, and so does a refusal. */
static void
bus_cb (PrVirtualPhone *phone, PrVirtualMode mode, gpointer data)
{
    PrVirtualPairing *self = data;
    if (mode != PR_VIRTUAL_OFF)
        return;
    g_mutex_lock (&self->mutex);
    if (self->question != QUESTION_ACCEPTED)
        self->question = QUESTION_NONE;
    g_mutex_unlock (&self->mutex);
}

/* --- State --- */

void
pr_virtual_pairing_describe (PrVirtualPairing *self, JsonObject *state)
{
    static const char *const names[] = { "none", "shown", "accepted", "refused" };
    g_mutex_lock (&self->mutex);
    notice_erase (self);
    json_object_set_boolean_member (state, "trusted", g_hash_table_size (self->hosts) > 0);
    json_object_set_string_member (state, "trust-question", names[self->question]);
    g_mutex_unlock (&self->mutex);
}

/* --- A computer that paired before --- */

static void
set_pem (plist_t record, const char *key, GBytes *pem)
{
    pr_virtual_dict_set_bytes (record, key, pem);
    g_bytes_unref (pem);
}

static char *
make_uuid (void)
{
    g_autofree char *uuid = g_uuid_string_random ();
    return g_ascii_strup (uuid, -1);
}

/* What the computer keeps: usbmuxd's file for this phone. */
static plist_t
make_record (PrVirtualPairing *self)
{
    g_autoptr (EVP_PKEY) root_key = pr_virtual_tls_make_key ();
    g_autoptr (EVP_PKEY) host_key = pr_virtual_tls_make_key ();
    g_autoptr (X509) root = pr_virtual_tls_make_certificate (root_key, NULL, root_key);
    g_autoptr (X509) host = pr_virtual_tls_make_certificate (host_key, root, root_key);
    g_autoptr (X509) device = pr_virtual_tls_make_certificate (self->key, root, root_key);
    g_autofree char *host_id = make_uuid ();
    plist_t record = plist_new_dict ();
    set_pem (record, "DeviceCertificate", pr_virtual_tls_write_certificate (device));
    set_pem (record, "HostCertificate", pr_virtual_tls_write_certificate (host));
    set_pem (record, "RootCertificate", pr_virtual_tls_write_certificate (root));
    set_pem (record, "HostPrivateKey", pr_virtual_tls_write_private_key (host_key));
    set_pem (record, "RootPrivateKey", pr_virtual_tls_write_private_key (root_key));
    set_pem (record, "EscrowBag", make_escrow_bag ());
    plist_dict_set_item (record, "HostID", plist_new_string (host_id));
    plist_dict_set_item (record, "SystemBUID", plist_new_string (self->buid));
    return record;
}

static void
pair_before (PrVirtualPairing *self, gboolean still_known)
{
    plist_t record = make_record (self);
    char *text = NULL;
    uint32_t length = 0;
    plist_to_xml (record, &text, &length);
    self->initial_record = g_bytes_new (text, length);
    plist_mem_free (text);
    if (still_known)
        g_hash_table_insert (self->hosts, g_strdup (pr_virtual_dict_text (record, "HostID")), read_host (self, record));
    plist_free (record);
}

PrVirtualPairing *
pr_virtual_pairing_new (PrVirtualPhone *phone)
{
    PrVirtualPairing *self = g_new0 (PrVirtualPairing, 1);
    g_autofree char *trust = pr_virtual_phone_setting (phone, "phone", "trust", "trusted");
    self->phone = phone;
    g_mutex_init (&self->mutex);
    self->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_host);
    self->key = pr_virtual_tls_make_key ();
    self->buid = make_uuid ();
    if (!g_str_equal (trust, "never"))
        pair_before (self, g_str_equal (trust, "trusted"));
    pr_virtual_phone_watch_bus (phone, bus_cb, self);
    return self;
}

void
pr_virtual_pairing_free (PrVirtualPairing *self)
{
    g_hash_table_unref (self->hosts);
    EVP_PKEY_free (self->key);
    g_clear_pointer (&self->initial_record, g_bytes_unref);
    g_free (self->buid);
    g_mutex_clear (&self->mutex);
    g_free (self);
}

GBytes *
pr_virtual_pairing_initial_record (PrVirtualPairing *self)
{
    return self->initial_record;
}

const char *
pr_virtual_pairing_buid (PrVirtualPairing *self)
{
    return self->buid;
}

GBytes *
pr_virtual_pairing_public_key (PrVirtualPairing *self)
{
    return pr_virtual_tls_write_public_key (self->key);
}
