/* Keys, certificates and TLS as pairing makes and uses them. The phone is the server, and takes only the client whose
 * root certificate it was given when they paired.
 *
 * Any thread; blocking.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "pr-virtual-wire.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)

EVP_PKEY *pr_virtual_tls_make_key (void); /* RSA, 2048 bits; (transfer full) */

/* (transfer full): a certificate of @key, by @issuer (NULL: by itself), whose key is @issuer_key. */
X509 *pr_virtual_tls_make_certificate (EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key);

/* (transfer full): as PEM. The public key is in PKCS #1 form ("RSA PUBLIC KEY"), as lockdownd tells it. */
GBytes *pr_virtual_tls_write_certificate (X509 *certificate);
GBytes *pr_virtual_tls_write_private_key (EVP_PKEY *key);
GBytes *pr_virtual_tls_write_public_key (EVP_PKEY *key);

/* (transfer full) (nullable): NULL when it is none. */
X509 *pr_virtual_tls_read_certificate (GBytes *pem);

/**
 * pr_virtual_tls_accept:
 * @stream: a plain stream; carries TLS when this succeeds
 * @root: the one certificate that the client may show
 *
 * TLS 1.2, which is what phones were seen with (libimobiledevice issue 1540).
 */
gboolean pr_virtual_tls_accept (PrVirtualStream *stream, X509 *certificate, EVP_PKEY *key, X509 *root);

/* Says goodbye and takes the client's, if TLS is on; the stream is plain afterwards. */
void pr_virtual_tls_end (PrVirtualStream *stream);
