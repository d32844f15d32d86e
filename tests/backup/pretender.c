// SPDX-License-Identifier: GPL-3.0-or-later
#include "pretender.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <plist/plist.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DOMAIN "AppDomain-org.example.notes"
#define ROUNDS 10 /* of key derivation: a phone has 10,000,000 */

/* --- Which files there are --- */

static guint
mix (guint i, guint round, guint salt)
{
    guint64 x = ((guint64) i * 2654435761u + round) * 0x9e3779b97f4a7c15u + salt;

    x ^= x >> 29;
    x *= 0xbf58476d1ce4e5b9u;
    return (guint) (x >> 33);
}

static gboolean
is_present (guint i, guint round)
{
    return round > 0 && mix (i, round, 1) % 20 != 0;
}

/* The round in which it was last changed. */
static guint
get_version (guint i, guint round)
{
    while (round > 1 && mix (i, round, 2) % 5 != 0)
        round--;
    return round;
}

static char *
get_path (guint i)
{
    return g_strdup_printf ("Documents/note %u.txt", i);
}

static char *
get_id (guint i)
{
    g_autofree char *path = get_path (i);
    g_autofree char *whole = g_strconcat (DOMAIN, "-", path, NULL);

    return g_compute_checksum_for_string (G_CHECKSUM_SHA1, whole, -1);
}

static char *
get_place (guint i, gboolean staged)
{
    g_autofree char *id = get_id (i);

    return g_strdup_printf ("%s%.2s/%s", staged ? "Snapshot/" : "", id, id);
}

static GByteArray *
get_text (guint i, guint round)
{
    guint version = get_version (i, round);
    guint length = mix (i, version, 3) % 6000;
    GByteArray *text = g_byte_array_sized_new (length);

    g_byte_array_set_size (text, length);
    for (guint k = 0; k < length; k++)
        text->data[k] = (guint8) mix (i * 8192 + k, version, 4);
    return text;
}

/* --- Secrets --- */

static void
fill_key (guint8 key[32], guint i)
{
    for (guint k = 0; k < 32; k++)
        key[k] = (guint8) mix (i, k, 5);
}

static GByteArray *
crypt_text (const EVP_CIPHER *cipher, const guint8 *key, const guint8 *data, guint length)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
    GByteArray *out = g_byte_array_new ();
    static const guint8 zero[16];
    gboolean wraps = EVP_CIPHER_get_mode (cipher) == EVP_CIPH_WRAP_MODE;
    int n = 0, last = 0;

    EVP_CIPHER_CTX_set_flags (context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    g_byte_array_set_size (out, length + 32);
    g_assert_true (EVP_EncryptInit_ex (context, cipher, NULL, key, wraps ? NULL : zero));
    g_assert_true (EVP_EncryptUpdate (context, out->data, &n, data, (int) length));
    g_assert_true (EVP_EncryptFinal_ex (context, out->data + n, &last));
    g_byte_array_set_size (out, (guint) (n + last));
    EVP_CIPHER_CTX_free (context);
    return out;
}

/* The class number and the wrapped key, as they stand in manifests. */
static plist_t
wrap_file_key (guint i)
{
    guint8 class_key[32], key[32], whole[44] = { 3 };
    g_autoptr (GByteArray) wrapped = NULL;

    fill_key (class_key, G_MAXUINT);
    fill_key (key, i);
    wrapped = crypt_text (EVP_aes_256_wrap (), class_key, key, 32);
    memcpy (whole + 4, wrapped->data, 40);
    return plist_new_data ((const char *) whole, sizeof whole);
}

static void
add_tag (GByteArray *bag, const char *tag, const void *data, guint length)
{
    guint32 size = GUINT32_TO_BE (length);

    g_byte_array_append (bag, (const guint8 *) tag, 4);
    g_byte_array_append (bag, (const guint8 *) &size, 4);
    g_byte_array_append (bag, data, length);
}

static void
add_number (GByteArray *bag, const char *tag, guint32 number)
{
    number = GUINT32_TO_BE (number);
    add_tag (bag, tag, &number, 4);
}

static plist_t
create_keybag (const char *password)
{
    g_autoptr (GByteArray) bag = g_byte_array_new ();
    g_autoptr (GByteArray) wrapped = NULL;
    guint8 salt[20] = "salt of twenty bytes", class_key[32], first[32], second[32];

    PKCS5_PBKDF2_HMAC (password, -1, salt, 20, ROUNDS, EVP_sha256 (), 32, first);
    PKCS5_PBKDF2_HMAC ((const char *) first, 32, salt, 20, ROUNDS, EVP_sha1 (), 32, second);
    fill_key (class_key, G_MAXUINT);
    wrapped = crypt_text (EVP_aes_256_wrap (), second, class_key, 32);
    add_number (bag, "VERS", 5);
    add_number (bag, "TYPE", 1);
    add_tag (bag, "UUID", salt, 16);
    add_number (bag, "WRAP", 0);
    add_tag (bag, "SALT", salt, 20);
    add_number (bag, "ITER", ROUNDS);
    add_number (bag, "DPIC", ROUNDS);
    add_tag (bag, "DPSL", salt, 20);
    add_tag (bag, "UUID", salt, 16);
    add_number (bag, "CLAS", 3);
    add_number (bag, "WRAP", 2);
    add_number (bag, "KTYP", 0);
    add_tag (bag, "WPKY", wrapped->data, wrapped->len);
    return plist_new_data ((const char *) bag->data, bag->len);
}

static GBytes *
get_content (const Pretender *self, guint i, guint round)
{
    g_autoptr (GByteArray) text = get_text (i, round);
    guint8 key[32];

    if (self->password == NULL)
        return g_byte_array_free_to_bytes (g_steal_pointer (&text));
    fill_key (key, i);
    return g_byte_array_free_to_bytes (crypt_text (EVP_aes_256_cbc (), key, text->data, text->len));
}

/* --- Manifests --- */

static GBytes *
to_bytes (plist_t plist)
{
    char *data = NULL;
    guint32 length = 0;
    GBytes *bytes;

    plist_to_bin (plist, &data, &length);
    bytes = g_bytes_new (data, length);
    plist_mem_free (data);
    plist_free (plist);
    return bytes;
}

static plist_t
create_file_object (const Pretender *self, guint i, guint size)
{
    plist_t file = plist_new_dict ();

    plist_dict_set_item (file, "Size", plist_new_uint (size));
    plist_dict_set_item (file, "Mode", plist_new_uint (0100644));
    plist_dict_set_item (file, "RelativePath", plist_new_uid (2));
    if (self->password != NULL)
        plist_dict_set_item (file, "EncryptionKey", plist_new_uid (3));
    return file;
}

/* One row's plist: an archive of objects that refer to each other. */
static GBytes *
create_archive (const Pretender *self, guint i, guint round)
{
    g_autoptr (GByteArray) text = get_text (i, round);
    g_autofree char *path = get_path (i);
    plist_t root = plist_new_dict (), top = plist_new_dict (), objects = plist_new_array (), key = plist_new_dict ();

    plist_dict_set_item (top, "root", plist_new_uid (1));
    plist_array_append_item (objects, plist_new_string ("$null"));
    plist_array_append_item (objects, create_file_object (self, i, text->len));
    plist_array_append_item (objects, plist_new_string (path));
    plist_dict_set_item (key, "NS.data", wrap_file_key (i));
    plist_array_append_item (objects, key);
    plist_dict_set_item (root, "$archiver", plist_new_string ("NSKeyedArchiver"));
    plist_dict_set_item (root, "$version", plist_new_uint (100000));
    plist_dict_set_item (root, "$top", top);
    plist_dict_set_item (root, "$objects", objects);
    return to_bytes (root);
}

static void
insert_row (const Pretender *self, sqlite3_stmt *insert, guint i, guint round)
{
    g_autofree char *id = get_id (i);
    g_autofree char *path = get_path (i);
    g_autoptr (GBytes) archive = create_archive (self, i, round);

    sqlite3_reset (insert);
    sqlite3_bind_text (insert, 1, id, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text (insert, 2, path, -1, SQLITE_TRANSIENT);
    sqlite3_bind_blob (insert, 3, g_bytes_get_data (archive, NULL), (int) g_bytes_get_size (archive), SQLITE_TRANSIENT);
    g_assert_cmpint (sqlite3_step (insert), ==, SQLITE_DONE);
}

static GBytes *
create_database (const Pretender *self, guint round)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *insert = NULL;
    sqlite3_int64 length = 0;
    guint8 *data;
    GBytes *bytes;

    sqlite3_open (":memory:", &db);
    sqlite3_exec (
        db,
        "create table Files (fileID text primary key, domain text, relativePath text, flags integer, file blob);"
        "create table Properties (key text primary key, value blob); begin",
        NULL, NULL, NULL);
    sqlite3_prepare_v2 (db, "insert into Files values (?, '" DOMAIN "', ?, 1, ?)", -1, &insert, NULL);
    for (guint i = 0; i < self->n; i++)
        if (is_present (i, round))
            insert_row (self, insert, i, round);
    sqlite3_finalize (insert);
    sqlite3_exec (db, "commit", NULL, NULL, NULL);
    data = sqlite3_serialize (db, "main", &length, 0);
    bytes = g_bytes_new (data, (gsize) length);
    sqlite3_free (data);
    sqlite3_close (db);
    return bytes;
}

static GBytes *
encrypt_database (const Pretender *self, GBytes *plain)
{
    guint8 key[32];
    gsize length;
    const guint8 *data = g_bytes_get_data (plain, &length);

    if (self->password == NULL)
        return g_bytes_ref (plain);
    fill_key (key, G_MAXUINT - 1);
    return g_byte_array_free_to_bytes (crypt_text (EVP_aes_256_cbc (), key, data, (guint) length));
}

static GBytes *
create_manifest (const Pretender *self, guint round)
{
    plist_t manifest = plist_new_dict (), lockdown = plist_new_dict ();

    plist_dict_set_item (lockdown, "ProductVersion", plist_new_string ("18.5"));
    plist_dict_set_item (lockdown, "UniqueDeviceID", plist_new_string (PRETENDER_UDID));
    plist_dict_set_item (manifest, "Lockdown", lockdown);
    plist_dict_set_item (manifest, "Round", plist_new_uint (round));
    plist_dict_set_item (manifest, "IsEncrypted", plist_new_bool (self->password != NULL));
    if (self->password != NULL) {
        plist_dict_set_item (manifest, "BackupKeyBag", create_keybag (self->password));
        plist_dict_set_item (manifest, "ManifestKey", wrap_file_key (G_MAXUINT - 1));
    }
    return to_bytes (manifest);
}

static GBytes *
create_status (const char *state)
{
    plist_t status = plist_new_dict ();

    plist_dict_set_item (status, "SnapshotState", plist_new_string (state));
    plist_dict_set_item (status, "Version", plist_new_string ("3.3"));
    return to_bytes (status);
}

static GBytes *
create_info (void)
{
    plist_t info = plist_new_dict ();

    plist_dict_set_item (info, "Device Name", plist_new_string ("Anna’s iPhone"));
    plist_dict_set_item (info, "Product Type", plist_new_string ("iPhone14,7"));
    plist_dict_set_item (info, "Product Version", plist_new_string ("18.5"));
    plist_dict_set_item (info, "Unique Identifier", plist_new_string (PRETENDER_UDID));
    plist_dict_set_item (info, "Serial Number", plist_new_string ("C39TESTANNA1"));
    plist_dict_set_item (info, "Last Backup Date", plist_new_date (1750000000 - 978307200, 0));
    return to_bytes (info);
}

/* --- Sending --- */

static gboolean
put (PrBackupRun *run, const char *path, GBytes *bytes, GError **error)
{
    g_autoptr (GBytes) owned = bytes;

    return pr_backup_run_write (run, path, owned, error);
}

static gboolean
make_folders (PrBackupRun *run, GError **error)
{
    if (!pr_backup_run_mkdir (run, "Snapshot", NULL, error))
        return FALSE;
    for (guint i = 0; i < 256; i++) {
        g_autofree char *own = g_strdup_printf ("%02x", i);
        g_autofree char *staged = g_strdup_printf ("Snapshot/%02x", i);

        if (!pr_backup_run_mkdir (run, own, NULL, error) || !pr_backup_run_mkdir (run, staged, NULL, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_new (guint i, guint from, guint to)
{
    return is_present (i, to) && (!is_present (i, from) || get_version (i, from) != get_version (i, to));
}

/* As a phone sends many at once, these do not sync one by one. */
static gboolean
upload (const Pretender *self, PrBackupRun *run, guint i, guint round, GError **error)
{
    g_autofree char *place = get_place (i, TRUE);

    return put (run, place, get_content (self, i, round), error);
}

static gboolean
move (PrBackupRun *run, guint i, GError **error)
{
    g_autofree char *staged = get_place (i, TRUE);
    g_autofree char *place = get_place (i, FALSE);

    return pr_backup_run_move (run, staged, place, error);
}

static gboolean
remove_one (PrBackupRun *run, guint i, GError **error)
{
    g_autofree char *place = get_place (i, FALSE);

    return pr_backup_run_remove (run, place, error);
}

static gboolean
upload_all (const Pretender *self, PrBackupRun *run, guint from, guint to, GError **error)
{
    g_autoptr (GBytes) database = create_database (self, to);

    for (guint i = 0; i < self->n; i++)
        if (is_new (i, from, to) && !upload (self, run, i, to, error))
            return FALSE;
    return put (run, "Snapshot/Manifest.plist", create_manifest (self, to), error) &&
           put (run, "Snapshot/Manifest.db", encrypt_database (self, database), error);
}

static gboolean
announce (const Pretender *self, PrBackupRun *run, guint from, guint to, GError **error)
{
    g_autoptr (GPtrArray) paths = g_ptr_array_new_null_terminated (self->n, g_free, TRUE);

    for (guint i = 0; i < self->n; i++)
        if (is_new (i, from, to))
            g_ptr_array_add (paths, get_place (i, FALSE));
    return pr_backup_run_announce (run, (const char *const *) paths->pdata, error);
}

static gboolean
move_all (const Pretender *self, PrBackupRun *run, guint from, guint to, GError **error)
{
    if (!announce (self, run, from, to, error))
        return FALSE;
    for (guint i = 0; i < self->n; i++)
        if (is_new (i, from, to) && !move (run, i, error))
            return FALSE;
    if (!pr_backup_run_move (run, "Snapshot/Manifest.plist", "Manifest.plist", error) ||
        !pr_backup_run_move (run, "Snapshot/Manifest.db", "Manifest.db", error))
        return FALSE;
    for (guint i = 0; i < self->n; i++)
        if (is_present (i, from) && !is_present (i, to) && !remove_one (run, i, error))
            return FALSE;
    return TRUE;
}

gboolean
pretender_send (const Pretender *self, PrBackupRun *run, guint from, guint to, GError **error)
{
    return put (run, "Info.plist", create_info (), error) && put (run, "Status.plist", create_status ("new"), error) &&
           make_folders (run, error) && upload_all (self, run, from, to, error) &&
           move_all (self, run, from, to, error) && pr_backup_run_remove (run, "Snapshot", error) &&
           put (run, "Status.plist", create_status ("finished"), error);
}

static gboolean
accept (int root, PrBackupTotals *totals, gpointer data, GCancellable *cancellable, GError **error)
{
    return TRUE;
}

static guint
read_round (int root)
{
    g_autofd int fd = openat (root, "Manifest.plist", O_RDONLY);
    g_autofree char *data = g_malloc (65536);
    gssize n = fd >= 0 ? read (fd, data, 65536) : -1;
    plist_t manifest = NULL;
    guint64 round = 0;

    if (n <= 0)
        return 0;
    plist_from_memory (data, (guint32) n, &manifest, NULL);
    plist_get_uint_val (plist_dict_get_item (manifest, "Round"), &round);
    plist_free (manifest);
    return (guint) round;
}

gboolean
pretender_back_up (const Pretender *self,
                   PrBackupStore *store,
                   guint to,
                   PrBackupCheck check,
                   gpointer data,
                   GError **error)
{
    g_autoptr (PrBackupRun) run = pr_backup_store_begin (store, PRETENDER_UDID, NULL, error);

    if (run == NULL || !pretender_send (self, run, read_round (pr_backup_run_get_root (run)), to, error))
        return FALSE;
    return pr_backup_run_commit (run, check != NULL ? check : accept, data, NULL, error);
}

/* --- Checking --- */

static void
check_file (const Pretender *self, int root, guint i, guint round)
{
    g_autofree char *place = get_place (i, FALSE);
    g_autoptr (GBytes) wanted = get_content (self, i, round);
    g_autofd int fd = openat (root, place, O_RDONLY | O_NOFOLLOW);
    guint8 data[8192];
    struct stat status;

    if (!is_present (i, round)) {
        g_assert_cmpint (fd, <, 0);
        return;
    }
    g_assert_cmpint (fd, >=, 0);
    g_assert_cmpmem (g_bytes_get_data (wanted, NULL), g_bytes_get_size (wanted), data,
                     (gsize) read (fd, data, sizeof data));
    g_assert_no_errno (fstat (fd, &status));
    g_assert_cmpuint (status.st_mode & 0777, ==, 0400);
}

guint
pretender_check (const Pretender *self, int root)
{
    guint round = read_round (root);
    struct stat status;

    if (round == 0)
        return 0;
    for (guint i = 0; i < self->n; i++)
        check_file (self, root, i, round);
    g_assert_cmpint (fstatat (root, "Snapshot", &status, 0), <, 0);
    return round;
}

guint
pretender_check_folder (const Pretender *self, const char *folder)
{
    g_autofree char *path = g_build_filename (folder, PRETENDER_UDID, NULL);
    g_autofd int root = open (path, O_RDONLY | O_DIRECTORY);

    return root >= 0 ? pretender_check (self, root) : 0;
}
