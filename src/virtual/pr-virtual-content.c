// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-content.h"

#include <string.h>

#include <openssl/evp.h>

#define KEY_SIZE 16

struct _PrVirtualContent {
    EVP_CIPHER_CTX *cipher;
    guint64 seed; /* whose key is set */
    gboolean has_key;
};

PrVirtualContent *
pr_virtual_content_new (void)
{
    PrVirtualContent *self = g_new0 (PrVirtualContent, 1);
    self->cipher = EVP_CIPHER_CTX_new ();
    return self;
}

void
pr_virtual_content_free (PrVirtualContent *self)
{
    EVP_CIPHER_CTX_free (self->cipher);
    g_free (self);
}

/* Setting the key costs more than a small file. */
static void
set_key (PrVirtualContent *self, guint64 seed)
{
    if (self->has_key && self->seed == seed)
        return;
    guint8 digest[32];
    gsize length = sizeof digest;
    g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
    g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, seed);
    g_checksum_update (sum, (const guchar *) text, -1);
    g_checksum_get_digest (sum, digest, &length);
    EVP_EncryptInit_ex (self->cipher, EVP_aes_128_ctr (), NULL, digest, NULL);
    self->seed = seed;
    self->has_key = TRUE;
}

void
pr_virtual_content_open (PrVirtualContent *self, guint64 seed, guint32 number, guint32 version)
{
    const guint32 counter[4] = { GUINT32_TO_BE (number), GUINT32_TO_BE (version), 0, 0 };
    set_key (self, seed);
    EVP_EncryptInit_ex (self->cipher, NULL, NULL, NULL, (const guint8 *) counter);
}

void
pr_virtual_content_fill (PrVirtualContent *self, guint8 *buffer, gsize length)
{
    int filled = 0;
    memset (buffer, 0, length);
    EVP_EncryptUpdate (self->cipher, buffer, &filled, buffer, (int) length);
}
