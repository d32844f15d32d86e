/* Certificates for servers, good ones and bad ones, all made anew at each start; the authority that signs the good ones
 * is known to nobody but who reads its file.
 *
 * Any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

typedef enum {
    PR_VIRTUAL_CERTIFICATE_GOOD,
    PR_VIRTUAL_CERTIFICATE_EXPIRED,
    PR_VIRTUAL_CERTIFICATE_OTHER_NAME,
    PR_VIRTUAL_CERTIFICATE_SELF_SIGNED,
} PrVirtualCertificateKind;

typedef struct _PrVirtualAuthority PrVirtualAuthority;

PrVirtualAuthority *pr_virtual_authority_new (void);
void pr_virtual_authority_free (PrVirtualAuthority *self);

/* (transfer full): its own certificate, as PEM. */
char *pr_virtual_authority_pem (PrVirtualAuthority *self);

/* (transfer full): a certificate with its key for localhost and 127.0.0.1, as bad as @kind says. */
GTlsCertificate *pr_virtual_authority_issue (PrVirtualAuthority *self, PrVirtualCertificateKind kind, GError **error);

/* "expired", "other-name", "self-signed"; everything else is good. */
PrVirtualCertificateKind pr_virtual_certificate_kind (const char *name);
