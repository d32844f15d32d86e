// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-keybag.h"

#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>

#define FIRST_CLASS 1
#define LAST_CLASS 11
#define WRAPPED_KEY_SIZE (PR_VIRTUAL_KEY_SIZE + 8)
#define SALT_SIZE 20
#define UUID_SIZE 16
#define BY_PASSWORD 2 /* WRAP */
#define MAX_ROUNDS 50000000
#define PIECE (1024 * 1024)

struct _PrVirtualKeybag {
    GBytes *bytes;
    gboolean has[LAST_CLASS + 1];
    guint8 keys[LAST_CLASS + 1][PR_VIRTUAL_KEY_SIZE];
};

typedef struct {
    guint8 first_salt[SALT_SIZE], second_salt[SALT_SIZE];
    guint32 first, second;
} Rounds;

/* --- Cryptography --- */

static EVP_CIPHER *
get_cipher (EVP_CIPHER **cipher, const char *name)
{
    if (g_once_init_enter_pointer (cipher))
        g_once_init_leave_pointer (cipher, EVP_CIPHER_fetch (NULL, name, NULL));
    return *cipher;
}

static EVP_CIPHER *
get_wrap (void)
{
    static EVP_CIPHER *cipher;
    return get_cipher (&cipher, "AES-256-WRAP");
}

static EVP_CIPHER *
get_cbc (void)
{
    static EVP_CIPHER *cipher;
    return get_cipher (&cipher, "AES-256-CBC");
}

const EVP_MD *
pr_virtual_digest (void)
{
    static EVP_MD *digest;
    if (g_once_init_enter_pointer (&digest))
        g_once_init_leave_pointer (&digest, EVP_MD_fetch (NULL, "SHA1", NULL));
    return digest;
}

static void
derive_key (const char *password, const Rounds *rounds, guint8 *key)
{
    guint8 middle[PR_VIRTUAL_KEY_SIZE];
    PKCS5_PBKDF2_HMAC (password, (int) strlen (password), rounds->first_salt, SALT_SIZE, (int) rounds->first,
                       EVP_sha256 (), sizeof middle, middle);
    PKCS5_PBKDF2_HMAC ((const char *) middle, sizeof middle, rounds->second_salt, SALT_SIZE, (int) rounds->second,
                       EVP_sha1 (), PR_VIRTUAL_KEY_SIZE, key);
}

static void
wrap (const guint8 *wrapping, const guint8 *key, guint8 *wrapped)
{
    g_autoptr (EVP_CIPHER_CTX) cipher = EVP_CIPHER_CTX_new ();
    int length = 0;
    EVP_CIPHER_CTX_set_flags (cipher, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    EVP_EncryptInit_ex (cipher, get_wrap (), NULL, wrapping, NULL);
    EVP_EncryptUpdate (cipher, wrapped, &length, key, PR_VIRTUAL_KEY_SIZE);
}

/* That it unwraps is the proof that @wrapping is right. */
static gboolean
unwrap (const guint8 *wrapping, const guint8 *wrapped, guint8 *key)
{
    g_autoptr (EVP_CIPHER_CTX) cipher = EVP_CIPHER_CTX_new ();
    guint8 room[WRAPPED_KEY_SIZE];
    int length = 0;
    EVP_CIPHER_CTX_set_flags (cipher, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    EVP_DecryptInit_ex (cipher, get_wrap (), NULL, wrapping, NULL);
    if (EVP_DecryptUpdate (cipher, room, &length, wrapped, WRAPPED_KEY_SIZE) != 1 || length != PR_VIRTUAL_KEY_SIZE)
        return FALSE;
    memcpy (key, room, PR_VIRTUAL_KEY_SIZE);
    return TRUE;
}

/* --- Writing --- */

static void
put (GByteArray *bytes, const char *tag, const void *value, guint32 length)
{
    guint32 head = GUINT32_TO_BE (length);
    g_byte_array_append (bytes, (const guint8 *) tag, 4);
    g_byte_array_append (bytes, (const guint8 *) &head, sizeof head);
    g_byte_array_append (bytes, value, length);
}

static void
put_number (GByteArray *bytes, const char *tag, guint32 number)
{
    guint32 value = GUINT32_TO_BE (number);
    put (bytes, tag, &value, sizeof value);
}

static void
put_random (GByteArray *bytes, const char *tag, guint32 length)
{
    guint8 value[64];
    RAND_bytes (value, (int) length);
    put (bytes, tag, value, length);
}

static void
put_header (GByteArray *bytes, const Rounds *rounds)
{
    put_number (bytes, "VERS", 4);
    put_number (bytes, "TYPE", 1);
    put_random (bytes, "UUID", UUID_SIZE);
    put_random (bytes, "HMCK", PR_VIRTUAL_KEY_SIZE + 8);
    put_number (bytes, "WRAP", 1);
    put (bytes, "SALT", rounds->second_salt, SALT_SIZE);
    put_number (bytes, "ITER", rounds->second);
    put_number (bytes, "DPWT", 0);
    put_number (bytes, "DPIC", rounds->first);
    put (bytes, "DPSL", rounds->first_salt, SALT_SIZE);
}

static void
put_class (GByteArray *bytes, guint class, const guint8 *wrapping, const guint8 *key)
{
    guint8 wrapped[WRAPPED_KEY_SIZE];
    wrap (wrapping, key, wrapped);
    put_random (bytes, "UUID", UUID_SIZE);
    put_number (bytes, "CLAS", class);
    put_number (bytes, "WRAP", BY_PASSWORD);
    put_number (bytes, "KTYP", 0);
    put (bytes, "WPKY", wrapped, sizeof wrapped);
}

PrVirtualKeybag *
pr_virtual_keybag_new (const char *password, guint first, guint second)
{
    PrVirtualKeybag *self = g_atomic_rc_box_new0 (PrVirtualKeybag);
    GByteArray *bytes = g_byte_array_new ();
    Rounds rounds = { .first = MAX (first, 1), .second = MAX (second, 1) };
    guint8 wrapping[PR_VIRTUAL_KEY_SIZE];
    RAND_bytes (rounds.first_salt, SALT_SIZE);
    RAND_bytes (rounds.second_salt, SALT_SIZE);
    derive_key (password, &rounds, wrapping);
    put_header (bytes, &rounds);
    for (guint class = FIRST_CLASS; class <= LAST_CLASS; class ++) {
        RAND_bytes (self->keys[class], PR_VIRTUAL_KEY_SIZE);
        self->has[class] = TRUE;
        put_class (bytes, class, wrapping, self->keys[class]);
    }
    self->bytes = g_byte_array_free_to_bytes (bytes);
    return self;
}

PrVirtualKeybag *
pr_virtual_keybag_ref (PrVirtualKeybag *self)
{
    return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
    PrVirtualKeybag *self = data;
    g_bytes_unref (self->bytes);
}

void
pr_virtual_keybag_unref (PrVirtualKeybag *self)
{
    g_atomic_rc_box_release_full (self, clear);
}

GBytes *
pr_virtual_keybag_bytes (PrVirtualKeybag *self)
{
    return self->bytes;
}

/* --- Reading --- */

typedef struct {
    const guint8 *at, *end;
    const guint8 *tag, *value;
    guint32 length;
} Reader;

static guint32
read_number (const guint8 *at)
{
    guint32 number;
    memcpy (&number, at, sizeof number);
    return GUINT32_FROM_BE (number);
}

static gboolean
read_next (Reader *reader)
{
    if (reader->end - reader->at < 8)
        return FALSE;
    reader->tag = reader->at;
    reader->length = read_number (reader->at + 4);
    reader->value = reader->at + 8;
    if ((gsize) (reader->end - reader->value) < reader->length)
        return FALSE;
    reader->at = reader->value + reader->length;
    return TRUE;
}

static gboolean
is_tag (Reader *reader, const char *tag, guint32 length)
{
    return memcmp (reader->tag, tag, 4) == 0 && reader->length == length;
}

static gboolean
read_rounds (Reader reader, Rounds *rounds)
{
    guint found = 0;
    while (read_next (&reader)) {
        if (is_tag (&reader, "SALT", SALT_SIZE))
            memcpy (rounds->second_salt, reader.value, SALT_SIZE), found |= 1;
        else if (is_tag (&reader, "DPSL", SALT_SIZE))
            memcpy (rounds->first_salt, reader.value, SALT_SIZE), found |= 2;
        else if (is_tag (&reader, "ITER", 4))
            rounds->second = read_number (reader.value), found |= 4;
        else if (is_tag (&reader, "DPIC", 4))
            rounds->first = read_number (reader.value), found |= 8;
    }
    return found == 15 && rounds->first - 1 < MAX_ROUNDS && rounds->second - 1 < MAX_ROUNDS;
}

static gboolean
read_classes (PrVirtualKeybag *self, Reader reader, const guint8 *wrapping)
{
    guint class = 0, count = 0;
    while (read_next (&reader)) {
        if (is_tag (&reader, "CLAS", 4))
            class = read_number (reader.value);
        if (!is_tag (&reader, "WPKY", WRAPPED_KEY_SIZE) || class < FIRST_CLASS || class > LAST_CLASS)
            continue;
        if (!unwrap (wrapping, reader.value, self->keys[class]))
            return FALSE;
        self->has[class] = TRUE;
        count++;
    }
    return count > 0;
}

PrVirtualKeybag *
pr_virtual_keybag_open (GBytes *bytes, const char *password)
{
    gsize size;
    const guint8 *data = g_bytes_get_data (bytes, &size);
    Reader reader = { .at = data, .end = data + size };
    guint8 wrapping[PR_VIRTUAL_KEY_SIZE];
    Rounds rounds = { 0 };
    if (data == NULL || !read_rounds (reader, &rounds))
        return NULL;
    g_autoptr (PrVirtualKeybag) self = g_atomic_rc_box_new0 (PrVirtualKeybag);
    self->bytes = g_bytes_ref (bytes);
    derive_key (password, &rounds, wrapping);
    return read_classes (self, reader, wrapping) ? g_steal_pointer (&self) : NULL;
}

/* --- Files' keys --- */

void
pr_virtual_keybag_wrap (PrVirtualKeybag *self, guint class, const guint8 *key, guint8 *wrapped)
{
    guint32 head = GUINT32_TO_LE (class);
    memcpy (wrapped, &head, sizeof head);
    wrap (self->keys[class], key, wrapped + sizeof head);
}

gboolean
pr_virtual_keybag_unwrap (PrVirtualKeybag *self, const guint8 *wrapped, guint8 *key)
{
    guint32 class;
    memcpy (&class, wrapped, sizeof class);
    class = GUINT32_FROM_LE (class);
    return class <= LAST_CLASS && self->has[class] && unwrap (self->keys[class], wrapped + sizeof class, key);
}

EVP_CIPHER_CTX *
pr_virtual_cipher_new (const guint8 *key, gboolean encrypts, gboolean pads)
{
    static const guint8 zeros[16];
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new ();
    EVP_CipherInit_ex (cipher, get_cbc (), NULL, key, zeros, encrypts);
    EVP_CIPHER_CTX_set_padding (cipher, pads);
    return cipher;
}

static gboolean
copy_through (EVP_CIPHER_CTX *cipher, FILE *from, FILE *to)
{
    g_autofree guint8 *buffer = g_malloc (PIECE);
    int length;
    for (gsize n; (n = fread (buffer, 1, PIECE, from)) > 0;)
        if (EVP_CipherUpdate (cipher, buffer, &length, buffer, (int) n) != 1 ||
            fwrite (buffer, 1, length, to) != (gsize) length)
            return FALSE;
    return EVP_CipherFinal_ex (cipher, buffer, &length) == 1;
}

gboolean
pr_virtual_cipher_file (const guint8 *key, gboolean encrypts, const char *from, const char *to)
{
    g_autoptr (EVP_CIPHER_CTX) cipher = pr_virtual_cipher_new (key, encrypts, FALSE);
    FILE *input = fopen (from, "re");
    FILE *output = fopen (to, "we");
    gboolean good = input != NULL && output != NULL && copy_through (cipher, input, output);
    g_clear_pointer (&input, fclose);
    if (output != NULL && fclose (output) != 0)
        good = FALSE;
    return good;
}
