// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-tls.h"

#include <openssl/bio.h>
#include <openssl/encoder.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define KEY_BITS 2048
#define TEN_YEARS (10L * 365 * 24 * 60 * 60)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SSL_CTX, SSL_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OSSL_ENCODER_CTX, OSSL_ENCODER_CTX_free)

/* --- Keys and certificates --- */

EVP_PKEY *
pr_virtual_tls_make_key (void)
{
    return EVP_RSA_gen (KEY_BITS);
}

static void
add_purpose (X509 *certificate, X509 *issuer)
{
    X509V3_CTX context;
    X509V3_set_ctx (&context, issuer != NULL ? issuer : certificate, certificate, NULL, NULL, 0);
    const char *value = issuer != NULL ? "critical,CA:FALSE" : "critical,CA:TRUE";
    X509_EXTENSION *extension = X509V3_EXT_conf_nid (NULL, &context, NID_basic_constraints, value);
    X509_add_ext (certificate, extension, -1);
    X509_EXTENSION_free (extension);
}

X509 *
pr_virtual_tls_make_certificate (EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key)
{
    X509 *certificate = X509_new ();
    X509_set_version (certificate, X509_VERSION_3);
    ASN1_INTEGER_set_uint64 (X509_get_serialNumber (certificate), g_random_int ());
    X509_gmtime_adj (X509_getm_notBefore (certificate), 0);
    X509_gmtime_adj (X509_getm_notAfter (certificate), TEN_YEARS);
    X509_set_pubkey (certificate, key);
    add_purpose (certificate, issuer);
    X509_sign (certificate, issuer_key, EVP_sha256 ());
    return certificate;
}

static GBytes *
take_text (BIO *bio)
{
    char *text;
    long length = BIO_get_mem_data (bio, &text);
    return g_bytes_new (text, length);
}

GBytes *
pr_virtual_tls_write_certificate (X509 *certificate)
{
    g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
    PEM_write_bio_X509 (bio, certificate);
    return take_text (bio);
}

GBytes *
pr_virtual_tls_write_private_key (EVP_PKEY *key)
{
    g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
    PEM_write_bio_PrivateKey (bio, key, NULL, NULL, 0, NULL, NULL);
    return take_text (bio);
}

GBytes *
pr_virtual_tls_write_public_key (EVP_PKEY *key)
{
    g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
    g_autoptr (OSSL_ENCODER_CTX) encoder =
        OSSL_ENCODER_CTX_new_for_pkey (key, EVP_PKEY_PUBLIC_KEY, "PEM", "pkcs1", NULL);
    OSSL_ENCODER_to_bio (encoder, bio);
    return take_text (bio);
}

X509 *
pr_virtual_tls_read_certificate (GBytes *pem)
{
    if (pem == NULL)
        return NULL;
    gsize length;
    const void *text = g_bytes_get_data (pem, &length);
    g_autoptr (BIO) bio = BIO_new_mem_buf (text, (int) length);
    return PEM_read_bio_X509 (bio, NULL, NULL, NULL);
}

/* --- The connection --- */

static int
verify_cb (X509_STORE_CTX *context, gpointer root)
{
    X509 *shown = X509_STORE_CTX_get0_cert (context);
    if (shown != NULL && X509_cmp (shown, root) == 0)
        return 1;
    X509_STORE_CTX_set_error (context, X509_V_ERR_CERT_REJECTED);
    return 0;
}

/* Level 0: libimobiledevice signs its certificates with SHA-1. */
static SSL_CTX *
make_context (X509 *certificate, EVP_PKEY *key, X509 *root)
{
    SSL_CTX *context = SSL_CTX_new (TLS_server_method ());
    SSL_CTX_set_min_proto_version (context, TLS1_2_VERSION);
    SSL_CTX_set_max_proto_version (context, TLS1_2_VERSION);
    SSL_CTX_set_security_level (context, 0);
    SSL_CTX_set_options (context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode (context, SSL_SESS_CACHE_OFF);
    SSL_CTX_use_certificate (context, certificate);
    SSL_CTX_use_PrivateKey (context, key);
    SSL_CTX_set_verify (context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_cert_verify_callback (context, verify_cb, root);
    return context;
}

gboolean
pr_virtual_tls_accept (PrVirtualStream *stream, X509 *certificate, EVP_PKEY *key, X509 *root)
{
    g_autoptr (SSL_CTX) context = make_context (certificate, key, root);
    SSL *ssl = SSL_new (context);
    SSL_set_fd (ssl, stream->fd);
    ERR_clear_error ();
    if (SSL_accept (ssl) == 1) {
        stream->ssl = ssl;
        return TRUE;
    }
    SSL_free (ssl);
    return FALSE;
}

/* The first call sends close_notify, the second waits for the client's, so that what follows on the socket is plain
 * text for both. */
void
pr_virtual_tls_end (PrVirtualStream *stream)
{
    if (stream->ssl == NULL)
        return;
    ERR_clear_error ();
    if (SSL_shutdown (stream->ssl) == 0)
        SSL_shutdown (stream->ssl);
    g_clear_pointer (&stream->ssl, SSL_free);
}
