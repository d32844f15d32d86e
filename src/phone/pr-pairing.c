// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-pairing.h"

#include <openssl/decoder.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "pr-error.h"

#define YEARS_10 (10 * 365 * 24 * 3600L)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_EXTENSION, X509_EXTENSION_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OSSL_DECODER_CTX, OSSL_DECODER_CTX_free)

struct _PrPairing {
    plist_t record; /* everything but what only the phone can give */
};

static const char *const private_parts[] = { "HostPrivateKey", "RootPrivateKey" };

/* Phones send "RSA PUBLIC KEY" (PKCS #1), which PEM_read_bio_PUBKEY() does not take. */
static EVP_PKEY *
read_public_key (GBytes *pem)
{
    g_autoptr (BIO) bio = BIO_new_mem_buf (g_bytes_get_data (pem, NULL), (int) g_bytes_get_size (pem));
    EVP_PKEY *key = NULL;
    g_autoptr (OSSL_DECODER_CTX) context =
        OSSL_DECODER_CTX_new_for_pkey (&key, "PEM", NULL, "RSA", EVP_PKEY_PUBLIC_KEY, NULL, NULL);

    return context != NULL && OSSL_DECODER_from_bio (context, bio) == 1 ? key : NULL;
}

static gboolean
add_extension (X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    g_autoptr (X509_EXTENSION) extension = NULL;

    X509V3_set_ctx (&context, issuer, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);
    return extension != NULL && X509_add_ext (certificate, extension, -1) == 1;
}

/* @issuer is NULL for the root, which signs itself. Names stay empty: a phone compares keys only. */
static X509 *
certify (EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key)
{
    g_autoptr (X509) certificate = X509_new ();
    gboolean is_root = issuer == NULL;

    ASN1_INTEGER_set (X509_get_serialNumber (certificate), 0);
    X509_set_version (certificate, X509_VERSION_3);
    X509_gmtime_adj (X509_getm_notBefore (certificate), 0);
    X509_gmtime_adj (X509_getm_notAfter (certificate), YEARS_10);
    if (X509_set_pubkey (certificate, key) != 1)
        return NULL;
    if (!add_extension (certificate, is_root ? certificate : issuer, NID_basic_constraints,
                        is_root ? "critical,CA:TRUE" : "critical,CA:FALSE"))
        return NULL;
    if (!is_root && (!add_extension (certificate, issuer, NID_subject_key_identifier, "hash") ||
                     !add_extension (certificate, issuer, NID_key_usage, "critical,digitalSignature,keyEncipherment")))
        return NULL;
    if (X509_sign (certificate, issuer_key, EVP_sha256 ()) == 0)
        return NULL;
    return g_steal_pointer (&certificate);
}

static void
set_pem (plist_t record, const char *name, BIO *pem)
{
    char *data;
    long length = BIO_get_mem_data (pem, &data);

    plist_dict_set_item (record, name, plist_new_data (data, (guint64) length));
}

static void
set_certificate (plist_t record, const char *name, X509 *certificate)
{
    g_autoptr (BIO) pem = BIO_new (BIO_s_mem ());

    PEM_write_bio_X509 (pem, certificate);
    set_pem (record, name, pem);
}

static void
set_private_key (plist_t record, const char *name, EVP_PKEY *key)
{
    g_autoptr (BIO) pem = BIO_new (BIO_s_mem ());

    PEM_write_bio_PrivateKey (pem, key, NULL, NULL, 0, NULL, NULL);
    set_pem (record, name, pem);
}

static gboolean
fill (plist_t record, EVP_PKEY *phone_key)
{
    g_autoptr (EVP_PKEY) root_key = EVP_RSA_gen (2048);
    g_autoptr (EVP_PKEY) host_key = EVP_RSA_gen (2048);
    g_autoptr (X509) root = certify (root_key, NULL, root_key);
    g_autoptr (X509) host = root != NULL ? certify (host_key, root, root_key) : NULL;
    g_autoptr (X509) phone = root != NULL ? certify (phone_key, root, root_key) : NULL;

    if (host == NULL || phone == NULL)
        return FALSE;
    set_certificate (record, "RootCertificate", root);
    set_certificate (record, "HostCertificate", host);
    set_certificate (record, "DeviceCertificate", phone);
    set_private_key (record, "RootPrivateKey", root_key);
    set_private_key (record, "HostPrivateKey", host_key);
    return TRUE;
}

PrPairing *
pr_pairing_new (GBytes *phone_key, const char *buid, GError **error)
{
    g_autoptr (EVP_PKEY) key = read_public_key (phone_key);
    g_autofree char *uuid = g_uuid_string_random ();
    g_autofree char *host_id = g_ascii_strup (uuid, -1);
    g_auto (plist_t) record = plist_new_dict ();
    PrPairing *self;

    if (key == NULL || !fill (record, key)) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "the phone's key cannot be certified");
        return NULL;
    }
    plist_dict_set_item (record, "HostID", plist_new_string (host_id));
    plist_dict_set_item (record, "SystemBUID", plist_new_string (buid));
    self = g_new0 (PrPairing, 1);
    self->record = g_steal_pointer (&record);
    return self;
}

void
pr_pairing_free (PrPairing *self)
{
    plist_free (self->record);
    g_free (self);
}

plist_t
pr_pairing_get_offer (PrPairing *self)
{
    plist_t offer = plist_copy (self->record);

    for (gsize i = 0; i < G_N_ELEMENTS (private_parts); i++)
        plist_dict_remove_item (offer, private_parts[i]);
    return offer;
}

GBytes *
pr_pairing_finish (PrPairing *self, GBytes *escrow_bag, const char *wifi_address)
{
    g_auto (plist_t) record = plist_copy (self->record);

    if (escrow_bag != NULL)
        plist_dict_set_item (record, "EscrowBag",
                             plist_new_data (g_bytes_get_data (escrow_bag, NULL), g_bytes_get_size (escrow_bag)));
    if (wifi_address != NULL)
        plist_dict_set_item (record, "WiFiMACAddress", plist_new_string (wifi_address));
    return pr_plist_to_bytes (record);
}
