// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-keybag.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#include "pr-error.h"

#define MAX_ROUNDS 50000000 /* five times a phone's; a hostile number would hang us */
#define MAX_CLASSES 64
#define WRAPPED_KEY 40
#define BY_PASSWORD 2 /* bit of WRAP */

typedef struct {
    guint32 number;
    guint32 wrap;
    guint8 wrapped[WRAPPED_KEY];
    gboolean has_key;
    gboolean open;
    guint8 key[PR_KEYBAG_KEY];
} Class;

struct _PrKeybag {
    guint8 salt[64], second_salt[64];
    gsize salt_length, second_salt_length;
    guint32 rounds, second_rounds; /* ITER; DPIC */
    Class classes[MAX_CLASSES];
    guint n_classes;
    gboolean in_classes; /* while it is read */
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)

static gboolean
fail (GError **error, const char *what)
{
    g_set_error (error, PR_ERROR, PR_ERROR_BACKUP_DAMAGED, "the key bag %s", what);
    return FALSE;
}

static guint32
read_number (const guint8 *data)
{
    guint32 number;

    memcpy (&number, data, sizeof number);
    return GUINT32_FROM_BE (number);
}

static gboolean
copy_salt (guint8 *salt, gsize *length, const guint8 *data, gsize n)
{
    if (n > 64)
        return FALSE;
    memcpy (salt, data, n);
    *length = n;
    return TRUE;
}

/* The header's UUID comes before any class: a class begins with each further one. */
static gboolean
begin_class (PrKeybag *self)
{
    if (self->n_classes == 0 && !self->in_classes) {
        self->in_classes = TRUE;
        return TRUE;
    }
    if (self->n_classes == MAX_CLASSES)
        return FALSE;
    self->n_classes++;
    return TRUE;
}

static gboolean
read_class_tag (Class *class, const char *tag, const guint8 *data, gsize n)
{
    if (memcmp (tag, "CLAS", 4) == 0 && n == 4)
        class->number = read_number (data);
    else if (memcmp (tag, "WRAP", 4) == 0 && n == 4)
        class->wrap = read_number (data);
    else if (memcmp (tag, "WPKY", 4) == 0 && n == WRAPPED_KEY) {
        memcpy (class->wrapped, data, n);
        class->has_key = TRUE;
    }
    return TRUE;
}

static gboolean
read_tag (PrKeybag *self, const char *tag, const guint8 *data, gsize n)
{
    if (memcmp (tag, "UUID", 4) == 0)
        return begin_class (self);
    if (self->n_classes > 0)
        return read_class_tag (&self->classes[self->n_classes - 1], tag, data, n);
    if (memcmp (tag, "SALT", 4) == 0)
        return copy_salt (self->salt, &self->salt_length, data, n);
    if (memcmp (tag, "DPSL", 4) == 0)
        return copy_salt (self->second_salt, &self->second_salt_length, data, n);
    if (memcmp (tag, "ITER", 4) == 0 && n == 4)
        self->rounds = read_number (data);
    if (memcmp (tag, "DPIC", 4) == 0 && n == 4)
        self->second_rounds = read_number (data);
    return TRUE;
}

static gboolean
parse (PrKeybag *self, const guint8 *data, gsize length)
{
    while (length >= 8) {
        gsize n = read_number (data + 4);

        if (n > length - 8 || !read_tag (self, (const char *) data, data + 8, n))
            return FALSE;
        data += 8 + n;
        length -= 8 + n;
    }
    return length == 0;
}

PrKeybag *
pr_keybag_new (const guint8 *data, gsize length, GError **error)
{
    g_autoptr (PrKeybag) self = g_new0 (PrKeybag, 1);

    if (!parse (self, data, length) || self->n_classes == 0 || self->salt_length == 0) {
        fail (error, "makes no sense");
        return NULL;
    }
    if (self->rounds == 0 || self->rounds > MAX_ROUNDS || self->second_rounds > MAX_ROUNDS ||
        (self->second_salt_length > 0 && self->second_rounds == 0)) {
        fail (error, "has impossible numbers of rounds");
        return NULL;
    }
    return g_steal_pointer (&self);
}

void
pr_keybag_free (PrKeybag *self)
{
    OPENSSL_cleanse (self, sizeof *self);
    g_free (self);
}

static gboolean
unwrap (const guint8 *by, const guint8 wrapped[WRAPPED_KEY], guint8 key[PR_KEYBAG_KEY])
{
    g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
    guint8 out[WRAPPED_KEY + 16];
    int n = 0;
    gboolean ok;

    EVP_CIPHER_CTX_set_flags (context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    ok = EVP_DecryptInit_ex (context, EVP_aes_256_wrap (), NULL, by, NULL) == 1 &&
         EVP_DecryptUpdate (context, out, &n, wrapped, WRAPPED_KEY) == 1 && n == PR_KEYBAG_KEY;
    if (ok)
        memcpy (key, out, PR_KEYBAG_KEY);
    OPENSSL_cleanse (out, sizeof out);
    return ok;
}

static gboolean
derive (PrKeybag *self, const char *password, guint8 key[PR_KEYBAG_KEY])
{
    guint8 first[PR_KEYBAG_KEY];
    const char *secret = password;
    int length = (int) strlen (password);
    gboolean ok;

    if (self->second_salt_length > 0) {
        if (PKCS5_PBKDF2_HMAC (password, length, self->second_salt, (int) self->second_salt_length,
                               (int) self->second_rounds, EVP_sha256 (), sizeof first, first) != 1)
            return FALSE;
        secret = (const char *) first;
        length = sizeof first;
    }
    ok = PKCS5_PBKDF2_HMAC (secret, length, self->salt, (int) self->salt_length, (int) self->rounds, EVP_sha1 (),
                            PR_KEYBAG_KEY, key) == 1;
    OPENSSL_cleanse (first, sizeof first);
    return ok;
}

gboolean
pr_keybag_unlock (PrKeybag *self, const char *password, GError **error)
{
    guint8 key[PR_KEYBAG_KEY];
    guint wanted = 0, opened = 0;

    if (!derive (self, password, key))
        return fail (error, "cannot be used");
    for (guint i = 0; i < self->n_classes; i++) {
        Class *class = &self->classes[i];

        if (!class->has_key || (class->wrap & BY_PASSWORD) == 0)
            continue;
        wanted++;
        class->open = unwrap (key, class->wrapped, class->key);
        opened += class->open;
    }
    OPENSSL_cleanse (key, sizeof key);
    if (wanted == 0)
        return fail (error, "has no key");
    if (opened > 0 && opened < wanted)
        return fail (error, "is damaged in some of its keys");
    if (opened == wanted)
        return TRUE;
    g_set_error_literal (error, PR_ERROR, PR_ERROR_WRONG_BACKUP_PASSWORD, "the password does not open the key bag");
    return FALSE;
}

gboolean
pr_keybag_unwrap (PrKeybag *self, const guint8 *wrapped, gsize length, guint8 key[PR_KEYBAG_KEY], GError **error)
{
    guint32 number;

    if (length != PR_KEYBAG_WRAPPED)
        return fail (error, "was given a key of a strange length");
    memcpy (&number, wrapped, sizeof number);
    number = GUINT32_FROM_LE (number);
    for (guint i = 0; i < self->n_classes; i++)
        if (self->classes[i].open && self->classes[i].number == number)
            return unwrap (self->classes[i].key, wrapped + 4, key) || fail (error, "does not open a key");
    return fail (error, "has no such class");
}
