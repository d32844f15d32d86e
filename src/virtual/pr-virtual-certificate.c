// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-certificate.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define DAY (24L * 60 * 60)

struct _PrVirtualAuthority {
    EVP_PKEY *key;
    X509 *certificate;
};

static void
add_extension (X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;

    X509V3_set_ctx (&context, issuer, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);
    X509_add_ext (certificate, extension, -1);
    X509_EXTENSION_free (extension);
}

static X509 *
begin (EVP_PKEY *key, const char *name, long from, long until)
{
    X509 *certificate = X509_new ();

    X509_set_version (certificate, X509_VERSION_3);
    ASN1_INTEGER_set_uint64 (X509_get_serialNumber (certificate), g_random_int ());
    X509_gmtime_adj (X509_getm_notBefore (certificate), from);
    X509_gmtime_adj (X509_getm_notAfter (certificate), until);
    X509_set_pubkey (certificate, key);
    X509_NAME_add_entry_by_txt (X509_get_subject_name (certificate), "CN", MBSTRING_UTF8, (const guint8 *) name, -1, -1,
                                0);
    return certificate;
}

static void
sign (X509 *certificate, X509 *issuer, EVP_PKEY *issuer_key)
{
    X509_set_issuer_name (certificate, X509_get_subject_name (issuer));
    X509_sign (certificate, issuer_key, EVP_sha256 ());
}

PrVirtualAuthority *
pr_virtual_authority_new (void)
{
    PrVirtualAuthority *self = g_new0 (PrVirtualAuthority, 1);

    self->key = EVP_EC_gen ("P-256");
    self->certificate = begin (self->key, "Virtual Authority", -DAY, 3650 * DAY);
    add_extension (self->certificate, self->certificate, NID_basic_constraints, "critical,CA:TRUE");
    add_extension (self->certificate, self->certificate, NID_key_usage, "critical,keyCertSign");
    add_extension (self->certificate, self->certificate, NID_subject_key_identifier, "hash");
    add_extension (self->certificate, self->certificate, NID_authority_key_identifier, "keyid");
    sign (self->certificate, self->certificate, self->key);
    return self;
}

void
pr_virtual_authority_free (PrVirtualAuthority *self)
{
    X509_free (self->certificate);
    EVP_PKEY_free (self->key);
    g_free (self);
}

static void
append_pem (BIO *bio, GString *text)
{
    char *data = NULL;
    long length = BIO_get_mem_data (bio, &data);

    g_string_append_len (text, data, length);
    BIO_free (bio);
}

static char *
write_pem (X509 *certificate, EVP_PKEY *key)
{
    GString *text = g_string_new (NULL);
    BIO *bio = BIO_new (BIO_s_mem ());

    PEM_write_bio_X509 (bio, certificate);
    if (key != NULL)
        PEM_write_bio_PrivateKey (bio, key, NULL, NULL, 0, NULL, NULL);
    append_pem (bio, text);
    return g_string_free_and_steal (text);
}

char *
pr_virtual_authority_pem (PrVirtualAuthority *self)
{
    return write_pem (self->certificate, NULL);
}

GTlsCertificate *
pr_virtual_authority_issue (PrVirtualAuthority *self, PrVirtualCertificateKind kind, GError **error)
{
    gboolean own = kind == PR_VIRTUAL_CERTIFICATE_SELF_SIGNED, other = kind == PR_VIRTUAL_CERTIFICATE_OTHER_NAME;
    EVP_PKEY *key = EVP_EC_gen ("P-256");
    X509 *certificate = begin (key, other ? "elsewhere.example" : "localhost", -30 * DAY,
                               kind == PR_VIRTUAL_CERTIFICATE_EXPIRED ? -DAY : 30 * DAY);
    GTlsCertificate *issued;

    add_extension (certificate, self->certificate, NID_basic_constraints, "critical,CA:FALSE");
    add_extension (certificate, self->certificate, NID_subject_alt_name,
                   other ? "DNS:elsewhere.example" : "DNS:localhost,IP:127.0.0.1");
    add_extension (certificate, self->certificate, NID_subject_key_identifier, "hash");
    if (!own)
        add_extension (certificate, self->certificate, NID_authority_key_identifier, "keyid");
    sign (certificate, own ? certificate : self->certificate, own ? key : self->key);
    g_autofree char *pem = write_pem (certificate, key);
    issued = g_tls_certificate_new_from_pem (pem, -1, error);
    X509_free (certificate);
    EVP_PKEY_free (key);
    return issued;
}

PrVirtualCertificateKind
pr_virtual_certificate_kind (const char *name)
{
    static const char *const names[] = { "good", "expired", "other-name", "self-signed" };

    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        if (g_strcmp0 (name, names[i]) == 0)
            return (PrVirtualCertificateKind) i;
    return PR_VIRTUAL_CERTIFICATE_GOOD;
}
