// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pr-backup-path.h"
#include "pr-backup-step.h"
#include "pr-error.h"
#include "pr-plist.h"
#include "pr-safe-plist.h"

#define MAX_PLIST (64 * 1024 * 1024)
#define MAX_ARCHIVE (1024 * 1024)
#define CHUNK (256 * 1024)
#define MAGIC "SQLite format 3"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)

/* Each part has its own connection: SQLite's is for one thread. */
typedef struct {
    sqlite3 *db; /* (nullable) */
    sqlite3_stmt *rows;
    plist_t archive; /* of the present row */
} Part;

struct _PrBackupManifest {
    gboolean encrypted;
    PrKeybag *keybag; /* (nullable): unlocked */
    Part parts[PR_BACKUP_MANIFEST_PARTS];
};

static gboolean
damaged (GError **error, const char *what)
{
    g_set_error_literal (error, PR_ERROR, PR_ERROR_BACKUP_DAMAGED, what);
    return FALSE;
}

static guint8 *
read_file (int root, const char *path, gsize *length)
{
    g_autofd int fd = pr_backup_path_open (root, path, O_RDONLY, 0);
    g_autofree guint8 *data = NULL;
    struct stat status;

    if (fd < 0 || fstat (fd, &status) < 0 || !S_ISREG (status.st_mode) || status.st_size > MAX_PLIST)
        return NULL;
    data = g_malloc ((gsize) status.st_size + 1);
    *length = 0;
    while (*length < (gsize) status.st_size) {
        gssize n = TEMP_FAILURE_RETRY (read (fd, data + *length, (gsize) status.st_size - *length));

        if (n <= 0)
            return NULL;
        *length += (gsize) n;
    }
    return g_steal_pointer (&data);
}

static plist_t
read_dict (const guint8 *data, gsize length)
{
    g_auto (plist_t) plist = pr_safe_plist_parse (data, length);

    if (plist == NULL || plist_get_node_type (plist) != PLIST_DICT)
        return NULL;
    return g_steal_pointer (&plist);
}

plist_t
pr_backup_read_plist (int root, const char *path)
{
    gsize length = 0;
    g_autofree guint8 *data = read_file (root, path, &length);

    return data != NULL ? read_dict (data, length) : NULL;
}

/* --- Opening --- */

static const guint8 *
get_data (plist_t dict, const char *key, gsize *length)
{
    plist_t item = pr_plist_get_item (dict, key, PLIST_DATA);
    guint64 n = 0;
    const char *data = item != NULL ? plist_get_data_ptr (item, &n) : NULL;

    *length = (gsize) n;
    return (const guint8 *) data;
}

static gboolean
open_keybag (PrBackupManifest *self, plist_t plist, const char *password, guint8 key[PR_KEYBAG_KEY], GError **error)
{
    gsize bag_length, key_length;
    const guint8 *bag = get_data (plist, "BackupKeyBag", &bag_length);
    const guint8 *wrapped = get_data (plist, "ManifestKey", &key_length);
    g_autoptr (PrKeybag) keybag = NULL;

    if (bag == NULL || wrapped == NULL)
        return damaged (error, "Manifest.plist has no key");
    keybag = pr_keybag_new (bag, bag_length, error);
    if (keybag == NULL)
        return FALSE;
    if (password == NULL)
        return TRUE;
    if (!pr_keybag_unlock (keybag, password, error) || !pr_keybag_unwrap (keybag, wrapped, key_length, key, error))
        return FALSE;
    self->keybag = g_steal_pointer (&keybag);
    return TRUE;
}

static gboolean
decrypt_into (int in, int out, const guint8 *key, GError **error)
{
    g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
    g_autofree guint8 *data = g_malloc (CHUNK);
    g_autofree guint8 *plain = g_malloc (CHUNK + 16);
    static const guint8 zero[16];
    gssize length;

    EVP_DecryptInit_ex (context, EVP_aes_256_cbc (), NULL, key, zero);
    EVP_CIPHER_CTX_set_padding (context, 0);
    while ((length = TEMP_FAILURE_RETRY (read (in, data, CHUNK))) > 0) {
        int n = 0;

        if (EVP_DecryptUpdate (context, plain, &n, data, (int) length) != 1)
            return damaged (error, "Manifest.db cannot be decrypted");
        if (TEMP_FAILURE_RETRY (write (out, plain, (gsize) n)) != n)
            return pr_backup_fail (error, errno != 0 ? errno : ENOSPC, "decrypting Manifest.db");
    }
    return length == 0 || pr_backup_fail (error, errno, "reading Manifest.db");
}

static gboolean
open_part (Part *part, const char *uri, const char *condition, GError **error)
{
    g_autofree char *query = g_strconcat ("select fileID, domain, relativePath, flags, file from Files where ",
                                          condition, " order by fileID", NULL);

    if (sqlite3_open_v2 (uri, &part->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_PRIVATECACHE, NULL) !=
        SQLITE_OK)
        return damaged (error, "Manifest.db cannot be opened");
    sqlite3_db_config (part->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config (part->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (sqlite3_prepare_v2 (part->db, query, -1, &part->rows, NULL) != SQLITE_OK)
        return damaged (error, "Manifest.db is no list of files");
    return TRUE;
}

static gboolean
open_database (PrBackupManifest *self, const char *path, GError **error)
{
    /* digests spread evenly; a row with none belongs to a part too, where it is found */
    static const char *const conditions[PR_BACKUP_MANIFEST_PARTS] = { "(fileID >= '8') is not 1", "fileID >= '8'" };
    g_autofree char *escaped = g_uri_escape_string (path, "/", TRUE);
    g_autofree char *uri = g_strdup_printf ("file:%s?immutable=1&mode=ro", escaped);

    for (guint i = 0; i < PR_BACKUP_MANIFEST_PARTS; i++)
        if (!open_part (&self->parts[i], uri, conditions[i], error))
            return FALSE;
    return TRUE;
}

/* The plain database has a name for the moment of opening only. */
static gboolean
open_decrypted (PrBackupManifest *self, int in, const guint8 *key, GError **error)
{
    g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "phone-reset", NULL);
    g_autofree char *path = g_build_filename (folder, "manifest-XXXXXX", NULL);
    g_autofd int out = -1;
    gboolean ok;

    g_mkdir_with_parents (folder, 0700);
    out = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
    if (out < 0)
        return pr_backup_fail (error, errno, path);
    ok = decrypt_into (in, out, key, error) && open_database (self, path, error);
    g_unlink (path);
    return ok;
}

static gboolean
open_plain (PrBackupManifest *self, int root, GError **error)
{
    g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", root);
    g_autofree char *folder = g_file_read_link (link, NULL);
    g_autofree char *path = folder != NULL ? g_build_filename (folder, "Manifest.db", NULL) : NULL;

    return path != NULL ? open_database (self, path, error) : damaged (error, "the backup cannot be found");
}

static gboolean
open_rows (PrBackupManifest *self, int root, plist_t plist, const char *password, GError **error)
{
    g_autofd int fd = pr_backup_path_open (root, "Manifest.db", O_RDONLY, 0);
    guint8 key[PR_KEYBAG_KEY];
    struct stat status;
    gboolean ok;

    if (fd < 0 || fstat (fd, &status) < 0 || !S_ISREG (status.st_mode) || status.st_size == 0)
        return damaged (error, "Manifest.db is missing");
    if (!self->encrypted)
        return open_plain (self, root, error);
    if (status.st_size % 16 != 0)
        return damaged (error, "Manifest.db is cut short");
    if (!open_keybag (self, plist, password, key, error))
        return FALSE;
    if (self->keybag == NULL)
        return TRUE;
    ok = open_decrypted (self, fd, key, error);
    OPENSSL_cleanse (key, sizeof key);
    return ok;
}

PrBackupManifest *
pr_backup_manifest_open (int root, const char *password, GError **error)
{
    g_autoptr (PrBackupManifest) self = g_new0 (PrBackupManifest, 1);
    g_auto (plist_t) plist = pr_backup_read_plist (root, "Manifest.plist");

    if (plist == NULL) {
        damaged (error, "Manifest.plist is missing or unreadable");
        return NULL;
    }
    self->encrypted = pr_plist_get_answer (plist, "IsEncrypted") == PR_ANSWER_YES;
    return open_rows (self, root, plist, password, error) ? g_steal_pointer (&self) : NULL;
}

static void
close_part (Part *part)
{
    g_clear_pointer (&part->archive, plist_free);
    g_clear_pointer (&part->rows, sqlite3_finalize);
    g_clear_pointer (&part->db, sqlite3_close);
}

void
pr_backup_manifest_free (PrBackupManifest *self)
{
    for (guint i = 0; i < PR_BACKUP_MANIFEST_PARTS; i++)
        close_part (&self->parts[i]);
    g_clear_pointer (&self->keybag, pr_keybag_free);
    g_free (self);
}

gboolean
pr_backup_manifest_is_encrypted (PrBackupManifest *self)
{
    return self->encrypted;
}

gboolean
pr_backup_manifest_is_open (PrBackupManifest *self)
{
    return self->parts[PR_BACKUP_MANIFEST_PARTS - 1].rows != NULL;
}

PrKeybag *
pr_backup_manifest_get_keybag (PrBackupManifest *self)
{
    return self->keybag;
}

/* --- Rows --- */

static char *
ask (PrBackupManifest *self, const char *query)
{
    sqlite3_stmt *statement = NULL;
    char *answer = NULL;

    if (sqlite3_prepare_v2 (self->parts[0].db, query, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step (statement) == SQLITE_ROW)
        answer = g_strdup ((const char *) sqlite3_column_text (statement, 0));
    sqlite3_finalize (statement);
    return answer;
}

guint64
pr_backup_manifest_count (PrBackupManifest *self)
{
    g_autofree char *answer = pr_backup_manifest_is_open (self) ? ask (self, "select count(*) from Files") : NULL;

    return answer != NULL ? g_ascii_strtoull (answer, NULL, 10) : 0;
}

gboolean
pr_backup_manifest_check (PrBackupManifest *self, GError **error)
{
    g_autofree char *answer = ask (self, "pragma quick_check(1)");

    return g_strcmp0 (answer, "ok") == 0 || damaged (error, "Manifest.db is not sound");
}

/* An object of a keyed archive by its number. */
static plist_t
follow (plist_t objects, plist_t reference)
{
    guint64 number = 0;

    if (reference == NULL || plist_get_node_type (reference) != PLIST_UID)
        return NULL;
    plist_get_uid_val (reference, &number);
    return number < plist_array_get_size (objects) ? plist_array_get_item (objects, (guint32) number) : NULL;
}

static void
read_archive (Part *part, PrBackupRow *row)
{
    plist_t objects = pr_plist_get_item (part->archive, "$objects", PLIST_ARRAY);
    plist_t top = pr_plist_get_item (part->archive, "$top", PLIST_DICT);
    plist_t file, key;
    guint64 size;

    if (objects == NULL || top == NULL)
        return;
    file = follow (objects, pr_plist_get_item (top, "root", PLIST_UID));
    if (pr_plist_get_number (file, "Size", &size) && size <= G_MAXINT64)
        row->size = (gint64) size;
    key = follow (objects, pr_plist_get_item (file, "EncryptionKey", PLIST_UID));
    row->key = get_data (key, "NS.data", &row->key_length);
}

static gboolean
is_id (const char *id)
{
    return id != NULL && strlen (id) == 40 && strspn (id, "0123456789abcdef") == 40;
}

static gboolean
fill_row (Part *part, PrBackupRow *row, GError **error)
{
    int length = sqlite3_column_bytes (part->rows, 4);

    *row = (PrBackupRow) { .size = -1 };
    row->id = (const char *) sqlite3_column_text (part->rows, 0);
    row->domain = (const char *) sqlite3_column_text (part->rows, 1);
    row->path = (const char *) sqlite3_column_text (part->rows, 2);
    row->flags = sqlite3_column_int (part->rows, 3);
    if (!is_id (row->id))
        return damaged (error, "Manifest.db has a row without an id");
    g_clear_pointer (&part->archive, plist_free);
    if (length > 0 && length < MAX_ARCHIVE)
        part->archive = read_dict (sqlite3_column_blob (part->rows, 4), (gsize) length);
    if (part->archive != NULL)
        read_archive (part, row);
    return TRUE;
}

gboolean
pr_backup_manifest_next (PrBackupManifest *self, guint number, PrBackupRow *row, GError **error)
{
    Part *part = &self->parts[number];
    int result = part->rows != NULL ? sqlite3_step (part->rows) : SQLITE_DONE;

    if (result == SQLITE_ROW)
        return fill_row (part, row, error);
    return result == SQLITE_DONE ? FALSE : damaged (error, "Manifest.db cannot be read to its end");
}
