// SPDX-License-Identifier: GPL-3.0-or-later
#include "backup-check.h"

#include <string.h>

#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <plist/plist.h>
#include <sqlite3.h>

#define KEY_SIZE 32
#define WRAPPED_SIZE 40
#define FIRST_INODE 1000
#define FIRST_TIME 1717200000

typedef struct {
    const char *folder;
    guint64 seed;
    gboolean encrypted;
    guint8 class_keys[12][KEY_SIZE];
    BackupReport report;
} Check;

/* --- Cryptography --- */

static gboolean
unwrap (const guint8 *wrapping, const guint8 *wrapped, guint8 *key)
{
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new ();
    guint8 room[WRAPPED_SIZE];
    int length = 0;

    EVP_CIPHER_CTX_set_flags (cipher, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    EVP_DecryptInit_ex (cipher, EVP_aes_256_wrap (), NULL, wrapping, NULL);
    gboolean good = EVP_DecryptUpdate (cipher, room, &length, wrapped, WRAPPED_SIZE) == 1 && length == KEY_SIZE;
    EVP_CIPHER_CTX_free (cipher);
    memcpy (key, room, KEY_SIZE);
    return good;
}

static guint32
read_number (const guint8 *at)
{
    guint32 number;
    memcpy (&number, at, sizeof number);
    return GUINT32_FROM_BE (number);
}

/* Fails where @length bytes do not fit. */
static const guint8 *
find_tag (GBytes *bag, const char *tag, guint32 length)
{
    gsize size;
    const guint8 *data = g_bytes_get_data (bag, &size);

    for (gsize at = 0; at + 8 <= size; at += 8 + read_number (data + at + 4))
        if (memcmp (data + at, tag, 4) == 0 && read_number (data + at + 4) == length && at + 8 + length <= size)
            return data + at + 8;
    return NULL;
}

static gboolean
open_classes (Check *self, GBytes *bag, const guint8 *wrapping)
{
    gsize size;
    const guint8 *data = g_bytes_get_data (bag, &size);
    guint32 class = 0, count = 0;

    for (gsize at = 0; at + 8 <= size; at += 8 + read_number (data + at + 4)) {
        if (memcmp (data + at, "CLAS", 4) == 0)
            class = read_number (data + at + 8);
        if (memcmp (data + at, "WPKY", 4) != 0)
            continue;
        if (class >= G_N_ELEMENTS (self->class_keys) || !unwrap (wrapping, data + at + 8, self->class_keys[class]))
            return FALSE;
        count++;
    }
    return count > 0;
}

static gboolean
open_bag (Check *self, GBytes *bag, const char *password)
{
    guint8 middle[KEY_SIZE], wrapping[KEY_SIZE];
    const guint8 *first_salt = find_tag (bag, "DPSL", 20), *first = find_tag (bag, "DPIC", 4);
    const guint8 *second_salt = find_tag (bag, "SALT", 20), *second = find_tag (bag, "ITER", 4);

    if (first_salt == NULL || first == NULL || second_salt == NULL || second == NULL)
        return FALSE;
    PKCS5_PBKDF2_HMAC (password, -1, first_salt, 20, (int) read_number (first), EVP_sha256 (), KEY_SIZE, middle);
    PKCS5_PBKDF2_HMAC ((char *) middle, KEY_SIZE, second_salt, 20, (int) read_number (second), EVP_sha1 (), KEY_SIZE,
                       wrapping);
    return open_classes (self, bag, wrapping);
}

/* @blob: class, and the key wrapped with that class's. */
static gboolean
open_key (Check *self, const guint8 *blob, gsize length, guint8 *key)
{
    guint32 class = 0;

    if (length != sizeof class + WRAPPED_SIZE)
        return FALSE;
    memcpy (&class, blob, sizeof class);
    class = GUINT32_FROM_LE (class);
    return class < G_N_ELEMENTS (self->class_keys) && unwrap (self->class_keys[class], blob + sizeof class, key);
}

/* (transfer full) (nullable) */
static GByteArray *
decrypt (const guint8 *key, const char *data, gsize length, gboolean padded)
{
    static const guint8 zeros[16];
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new ();
    GByteArray *plain = g_byte_array_sized_new (length + 16);
    int n = 0, rest = 0;

    g_byte_array_set_size (plain, length + 16);
    EVP_DecryptInit_ex (cipher, EVP_aes_256_cbc (), NULL, key, zeros);
    EVP_CIPHER_CTX_set_padding (cipher, padded);
    gboolean good = EVP_DecryptUpdate (cipher, plain->data, &n, (const guint8 *) data, (int) length) == 1 &&
                    EVP_DecryptFinal_ex (cipher, plain->data + n, &rest) == 1;
    EVP_CIPHER_CTX_free (cipher);
    g_byte_array_set_size (plain, good ? n + rest : 0);
    if (!good)
        g_clear_pointer (&plain, g_byte_array_unref);
    return plain;
}

/* --- Property lists --- */

static plist_t
read_plist (Check *self, const char *name)
{
    g_autofree char *path = g_build_filename (self->folder, name, NULL);
    g_autofree char *data = NULL;
    gsize length;
    plist_t plist = NULL;

    if (g_file_get_contents (path, &data, &length, NULL))
        plist_from_memory (data, length, &plist, NULL);
    return plist;
}

static guint64
get_number (plist_t dict, const char *key)
{
    uint64_t number = 0;
    plist_t item = plist_dict_get_item (dict, key);

    if (item != NULL)
        plist_get_uint_val (item, &number);
    return number;
}

static const char *
get_data (plist_t item, guint64 *length)
{
    *length = 0;
    return item != NULL && plist_get_node_type (item) == PLIST_DATA ? plist_get_data_ptr (item, length) : NULL;
}

/* What the archive's object at @key of @object is. */
static plist_t
follow (plist_t archive, plist_t object, const char *key)
{
    uint64_t index = 0;
    plist_t reference = object != NULL ? plist_dict_get_item (object, key) : NULL;

    if (reference == NULL)
        return NULL;
    plist_get_uid_val (reference, &index);
    return plist_array_get_item (plist_dict_get_item (archive, "$objects"), index);
}

/* --- One file --- */

static GByteArray *
make_expected (Check *self, plist_t file)
{
    guint64 size = get_number (file, "Size");
    guint32 counter[4] = { GUINT32_TO_BE (get_number (file, "InodeNumber") - FIRST_INODE),
                           GUINT32_TO_BE (get_number (file, "LastModified") - FIRST_TIME), 0, 0 };
    guint8 key[KEY_SIZE];
    g_autofree char *seed = g_strdup_printf ("%" G_GUINT64_FORMAT, self->seed);
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new ();
    GByteArray *expected = g_byte_array_new ();
    int n = 0;

    EVP_Digest (seed, strlen (seed), key, NULL, EVP_sha256 (), NULL);
    g_byte_array_set_size (expected, size);
    if (size > 0)
        memset (expected->data, 0, size);
    EVP_EncryptInit_ex (cipher, EVP_aes_128_ctr (), NULL, key, (guint8 *) counter);
    EVP_EncryptUpdate (cipher, expected->data, &n, expected->data, (int) size);
    EVP_CIPHER_CTX_free (cipher);
    return expected;
}

static gboolean
has_digest (plist_t archive, plist_t file, GByteArray *content)
{
    guint64 length;
    guint8 sum[EVP_MAX_MD_SIZE];
    const char *digest = get_data (follow (archive, file, "Digest"), &length);

    EVP_Digest (content->data, content->len, sum, NULL, EVP_sha1 (), NULL);
    return digest == NULL || (length == 20 && memcmp (digest, sum, 20) == 0);
}

/* (transfer full) (nullable): what is in the file of the backup, in plain. */
static GByteArray *
read_content (Check *self, plist_t archive, plist_t file, const char *data, gsize length)
{
    guint64 key_length;
    guint8 key[KEY_SIZE];
    plist_t holder = follow (archive, file, "EncryptionKey");

    if (!self->encrypted)
        return holder == NULL ? g_byte_array_append (g_byte_array_new (), (const guint8 *) data, length) : NULL;
    if (holder == NULL)
        return NULL;
    const char *blob = get_data (plist_dict_get_item (holder, "NS.data"), &key_length);
    return blob != NULL && open_key (self, (const guint8 *) blob, key_length, key) ? decrypt (key, data, length, TRUE)
                                                                                   : NULL;
}

static gboolean
is_right (Check *self, plist_t archive, const char *data, gsize length)
{
    plist_t file = follow (archive, plist_dict_get_item (archive, "$top"), "root");
    g_autoptr (GByteArray) content = read_content (self, archive, file, data, length);
    g_autoptr (GByteArray) expected = make_expected (self, file);

    return content != NULL && content->len == expected->len &&
           (content->len == 0 || memcmp (content->data, expected->data, content->len) == 0) &&
           has_digest (archive, file, content);
}

static char *
find_place (Check *self, const char *id)
{
    const char folder[] = { id[0], id[1], '\0' };

    return g_build_filename (self->folder, folder, id, NULL);
}

static void
check_row (Check *self, const char *id, const void *blob, int size)
{
    g_autofree char *path = find_place (self, id);
    g_autofree char *data = NULL;
    gsize length;
    plist_t archive = NULL;

    self->report.rows++;
    plist_from_bin (blob, size, &archive);
    if (!g_file_get_contents (path, &data, &length, NULL))
        self->report.missing++;
    else if (archive == NULL || !is_right (self, archive, data, length))
        self->report.wrong++;
    plist_free (archive);
}

/* --- The manifest --- */

static gboolean
is_listed (sqlite3 *database, const char *id)
{
    sqlite3_stmt *statement = NULL;

    sqlite3_prepare_v2 (database, "SELECT 1 FROM Files WHERE fileID = ?1 AND flags = 1", -1, &statement, NULL);
    sqlite3_bind_text (statement, 1, id, -1, SQLITE_TRANSIENT);
    gboolean listed = sqlite3_step (statement) == SQLITE_ROW;
    sqlite3_finalize (statement);
    return listed;
}

static void
count_strays (Check *self, sqlite3 *database)
{
    for (guint i = 0; i < 256; i++) {
        g_autofree char *name = g_strdup_printf ("%02x", i);
        g_autofree char *path = g_build_filename (self->folder, name, NULL);
        g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

        for (const char *id; dir != NULL && (id = g_dir_read_name (dir)) != NULL;)
            self->report.strays += !is_listed (database, id);
    }
}

static gboolean
check_rows (Check *self, sqlite3 *database)
{
    sqlite3_stmt *statement = NULL;
    int result;

    if (sqlite3_prepare_v2 (database, "SELECT fileID, file FROM Files WHERE flags = 1", -1, &statement, NULL) !=
        SQLITE_OK)
        return FALSE;
    while ((result = sqlite3_step (statement)) == SQLITE_ROW)
        check_row (self, (const char *) sqlite3_column_text (statement, 0), sqlite3_column_blob (statement, 1),
                   sqlite3_column_bytes (statement, 1));
    sqlite3_finalize (statement);
    if (result == SQLITE_DONE)
        count_strays (self, database);
    return result == SQLITE_DONE;
}

static gboolean
check_database (Check *self, const char *path)
{
    sqlite3 *database = NULL;
    gboolean good =
        sqlite3_open_v2 (path, &database, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK && check_rows (self, database);

    sqlite3_close (database);
    return good;
}

/* A plain copy beside nothing of the backup's own. */
static gboolean
check_encrypted_database (Check *self, plist_t description, const char *path)
{
    guint64 length;
    gsize size;
    guint8 key[KEY_SIZE];
    g_autofree char *data = NULL;
    const char *blob = get_data (plist_dict_get_item (description, "ManifestKey"), &length);

    if (blob == NULL || !open_key (self, (const guint8 *) blob, length, key) ||
        !g_file_get_contents (path, &data, &size, NULL))
        return FALSE;
    g_autoptr (GByteArray) plain = decrypt (key, data, size, FALSE);
    g_autofree char *copy = g_build_filename (g_get_tmp_dir (), "phone-reset-manifest-XXXXXX", NULL);
    int fd = g_mkstemp (copy);
    gboolean good = plain != NULL && fd >= 0 && g_file_set_contents (copy, (char *) plain->data, plain->len, NULL) &&
                    check_database (self, copy);
    g_clear_fd (&fd, NULL);
    g_unlink (copy);
    return good;
}

static gboolean
open_encryption (Check *self, plist_t description, const char *password)
{
    guint64 length;
    const char *data = get_data (plist_dict_get_item (description, "BackupKeyBag"), &length);

    if (data == NULL || password == NULL)
        return FALSE;
    g_autoptr (GBytes) bag = g_bytes_new (data, length);
    return open_bag (self, bag, password);
}

static gboolean
check_manifest (Check *self, plist_t description, const char *password)
{
    g_autofree char *path = g_build_filename (self->folder, "Manifest.db", NULL);

    self->encrypted = plist_bool_val_is_true (plist_dict_get_item (description, "IsEncrypted"));
    if (!self->encrypted)
        return check_database (self, path);
    return open_encryption (self, description, password) && check_encrypted_database (self, description, path);
}

static void
read_state (Check *self)
{
    plist_t status = read_plist (self, "Status.plist");
    plist_t state = status != NULL ? plist_dict_get_item (status, "SnapshotState") : NULL;

    if (state != NULL)
        g_strlcpy (self->report.state, plist_get_string_ptr (state, NULL), sizeof self->report.state);
    plist_free (status);
}

BackupReport
backup_report (const char *folder, const char *password, guint64 seed)
{
    Check self = { .folder = folder, .seed = seed };
    plist_t description = read_plist (&self, "Manifest.plist");

    read_state (&self);
    self.report.readable = description != NULL && check_manifest (&self, description, password);
    self.report.encrypted = self.encrypted;
    plist_free (description);
    return self.report;
}

void
backup_check (const char *folder, const char *password, guint64 seed, gboolean encrypted, guint files)
{
    BackupReport report = backup_report (folder, password, seed);

    g_assert_true (report.readable);
    g_assert_cmpstr (report.state, ==, "finished");
    g_assert_cmpint (report.encrypted, ==, encrypted);
    g_assert_cmpuint (report.missing, ==, 0);
    g_assert_cmpuint (report.wrong, ==, 0);
    g_assert_cmpuint (report.strays, ==, 0);
    g_assert_cmpuint (report.rows, ==, files);
}
