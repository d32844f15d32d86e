// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-ticket.h"

#include <string.h>
#include <openssl/evp.h>

#include "pr-virtual-der.h"

#define SIGNATURE_SIZE 64

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MD_CTX, EVP_MD_CTX_free)

static EVP_PKEY *
make_key (void)
{
    g_autoptr (GChecksum) seed = g_checksum_new (G_CHECKSUM_SHA256);
    guint8 octets[32];
    gsize size = sizeof octets;

    g_checksum_update (seed, (const guint8 *) "Phone Reset: the virtual signing authority", -1);
    g_checksum_get_digest (seed, octets, &size);
    return EVP_PKEY_new_raw_private_key (EVP_PKEY_ED25519, NULL, octets, size);
}

static gboolean
sign (const GByteArray *data, guint8 *signature)
{
    g_autoptr (EVP_PKEY) key = make_key ();
    g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
    size_t size = SIGNATURE_SIZE;

    return key != NULL && context != NULL && EVP_DigestSignInit (context, NULL, NULL, NULL, key) == 1 &&
           EVP_DigestSign (context, signature, &size, data->data, data->len) == 1 && size == SIGNATURE_SIZE;
}

static gboolean
signature_good (PrVirtualDer data, PrVirtualDer signature)
{
    g_autoptr (EVP_PKEY) key = make_key ();
    g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();

    return key != NULL && context != NULL && signature.left == SIGNATURE_SIZE &&
           EVP_DigestVerifyInit (context, NULL, NULL, NULL, key) == 1 &&
           EVP_DigestVerify (context, signature.at, signature.left, data.at, data.left) == 1;
}

static void
put_property (GByteArray *properties, const char *name, const void *value, gsize size)
{
    g_autoptr (GByteArray) property = g_byte_array_new ();

    pr_virtual_der_put_text (property, name);
    pr_virtual_der_put (property, PR_VIRTUAL_DER_OCTETS, value, size);
    pr_virtual_der_put (properties, PR_VIRTUAL_DER_SEQUENCE, property->data, property->len);
}

static void
put_bytes (GByteArray *properties, const char *name, GBytes *value)
{
    gsize size;
    const void *data = g_bytes_get_data (value, &size);

    put_property (properties, name, data, size);
}

GBytes *
pr_virtual_ticket_new (guint64 ecid, GBytes *ap_nonce, GBytes *sep_nonce, GPtrArray *digests)
{
    g_autoptr (GByteArray) properties = g_byte_array_new ();
    g_autoptr (GByteArray) body = g_byte_array_new ();
    g_autoptr (GByteArray) ticket = g_byte_array_new ();
    guint64 number = GUINT64_TO_BE (ecid);
    guint8 signature[SIGNATURE_SIZE];
    guint8 version = 0;

    put_property (properties, "ECID", &number, sizeof number);
    put_bytes (properties, "BNCH", ap_nonce);
    put_bytes (properties, "snon", sep_nonce);
    for (guint i = 0; i < digests->len; i++)
        put_bytes (properties, "DGST", digests->pdata[i]);
    if (!sign (properties, signature))
        return NULL;
    pr_virtual_der_put_text (body, "IM4M");
    pr_virtual_der_put (body, PR_VIRTUAL_DER_INTEGER, &version, 1);
    pr_virtual_der_put (body, PR_VIRTUAL_DER_SET, properties->data, properties->len);
    pr_virtual_der_put (body, PR_VIRTUAL_DER_OCTETS, signature, sizeof signature);
    pr_virtual_der_put (body, PR_VIRTUAL_DER_SEQUENCE, NULL, 0);
    pr_virtual_der_put (ticket, PR_VIRTUAL_DER_SEQUENCE, body->data, body->len);
    return g_byte_array_free_to_bytes (g_steal_pointer (&ticket));
}

/* The properties and the signature of @ticket. */
static gboolean
open_ticket (GBytes *ticket, PrVirtualDer *properties, PrVirtualDer *signature)
{
    PrVirtualDer all, body, version;

    all.at = g_bytes_get_data (ticket, &all.left);
    return pr_virtual_der_next (&all, PR_VIRTUAL_DER_SEQUENCE, &body) && all.left == 0 &&
           pr_virtual_der_next_text (&body, "IM4M") && pr_virtual_der_next (&body, PR_VIRTUAL_DER_INTEGER, &version) &&
           pr_virtual_der_next (&body, PR_VIRTUAL_DER_SET, properties) &&
           pr_virtual_der_next (&body, PR_VIRTUAL_DER_OCTETS, signature);
}

/* Is there a property @name with exactly this value? */
static gboolean
has_property (PrVirtualDer properties, const char *name, const void *value, gsize size)
{
    PrVirtualDer property, found;

    while (pr_virtual_der_next (&properties, PR_VIRTUAL_DER_SEQUENCE, &property)) {
        if (pr_virtual_der_next_text (&property, name) &&
            pr_virtual_der_next (&property, PR_VIRTUAL_DER_OCTETS, &found) && found.left == size &&
            memcmp (found.at, value, size) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
has_bytes (PrVirtualDer properties, const char *name, GBytes *value)
{
    gsize size;
    const void *data = g_bytes_get_data (value, &size);

    return has_property (properties, name, data, size);
}

gboolean
pr_virtual_ticket_check (GBytes *ticket, guint64 ecid, GBytes *ap_nonce, GError **error)
{
    PrVirtualDer properties, signature;
    guint64 number = GUINT64_TO_BE (ecid);
    const char *wrong = NULL;

    if (!open_ticket (ticket, &properties, &signature)) {
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "This is no ticket");
        return FALSE;
    }
    if (!signature_good (properties, signature))
        wrong = "The ticket's signature is wrong";
    else if (!has_property (properties, "ECID", &number, sizeof number))
        wrong = "The ticket is for another phone";
    else if (!has_bytes (properties, "BNCH", ap_nonce))
        wrong = "The ticket is for another nonce";
    if (wrong == NULL)
        return TRUE;
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, wrong);
    return FALSE;
}

gboolean
pr_virtual_ticket_trusts (GBytes *ticket, GBytes *digest)
{
    PrVirtualDer properties, signature;

    return open_ticket (ticket, &properties, &signature) && has_bytes (properties, "DGST", digest);
}
