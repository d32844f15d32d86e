/* The keybag of an encrypted backup: one key for each class of protection, wrapped (RFC 3394) with a key that two
 * PBKDF2s make of the password. Public descriptions: Bedrune and Sigwald, HITB 2011; Apple Platform Security Guide.
 *
 * Any thread; a keybag does not change once it is made.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#include <openssl/evp.h>

#define PR_VIRTUAL_KEY_SIZE 32
#define PR_VIRTUAL_WRAPPED_SIZE 44 /* class (little-endian), 40 bytes of wrapped key */
#define PR_VIRTUAL_MANIFEST_CLASS 4

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)

typedef struct _PrVirtualKeybag PrVirtualKeybag;

/* New random keys behind @password. @first and @second: rounds of the two PBKDF2s (DPIC and ITER; real phones:
 * 10,000,000 and 10,000). */
PrVirtualKeybag *pr_virtual_keybag_new (const char *password, guint first, guint second);
/* (nullable): what @bytes of a Manifest.plist hold; NULL when @password is wrong or it is no keybag. */
PrVirtualKeybag *pr_virtual_keybag_open (GBytes *bytes, const char *password);
PrVirtualKeybag *pr_virtual_keybag_ref (PrVirtualKeybag *self);
void pr_virtual_keybag_unref (PrVirtualKeybag *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrVirtualKeybag, pr_virtual_keybag_unref)

/* (transfer none): as it goes into a Manifest.plist. */
GBytes *pr_virtual_keybag_bytes (PrVirtualKeybag *self);

/* @wrapped: PR_VIRTUAL_WRAPPED_SIZE bytes. */
void pr_virtual_keybag_wrap (PrVirtualKeybag *self, guint class, const guint8 *key, guint8 *wrapped);
gboolean pr_virtual_keybag_unwrap (PrVirtualKeybag *self, const guint8 *wrapped, guint8 *key);

/* (transfer none): SHA-1, looked up once; each time costs as much as a small file. */
const EVP_MD *pr_virtual_digest (void);

/* (transfer full): AES-256-CBC from an IV of zeros, padded as PKCS #7 says or not at all. */
EVP_CIPHER_CTX *pr_virtual_cipher_new (const guint8 *key, gboolean encrypts, gboolean pads);
/* Encrypts or decrypts the whole file @from into @to, unpadded. */
gboolean pr_virtual_cipher_file (const guint8 *key, gboolean encrypts, const char *from, const char *to);
