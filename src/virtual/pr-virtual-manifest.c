// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-manifest.h"

#include <string.h>

#include <sqlite3.h>

#include "pr-virtual-mbfile.h"

#define FOLDER_MODE 040755
#define FOLDER_CLASS 0
#define FOLDER_INODE 1

static const char start[] =
    "PRAGMA cache_size=-32768; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; BEGIN";
static const char schema[] =
    "CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB);"
    "CREATE TABLE Properties (key TEXT PRIMARY KEY, value BLOB)";
static const char indices[] = "CREATE INDEX IF NOT EXISTS FilesDomainIdx ON Files(domain);"
                              "CREATE INDEX IF NOT EXISTS FilesRelativePathIdx ON Files(relativePath);"
                              "CREATE INDEX IF NOT EXISTS FilesFlagsIdx ON Files(flags);"
                              "COMMIT";

struct _PrVirtualManifest {
    sqlite3 *database;
    sqlite3_stmt *insertion, *removal, *question;
    PrVirtualMbfiles *mbfiles;
    GHashTable *folders; /* that are in it: "DOMAIN-PATH" */
};

void
pr_virtual_manifest_make_id (const char *domain, const char *path, char *id)
{
    guint8 digest[PR_VIRTUAL_DIGEST_SIZE];
    char name[1024];
    guint length = sizeof digest;
    int n = g_snprintf (name, sizeof name, "%s-%s", domain, path);
    EVP_Digest (name, MIN ((gsize) n, sizeof name - 1), digest, &length, pr_virtual_digest (), NULL);
    for (guint i = 0; i < sizeof digest; i++) {
        id[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        id[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    id[2 * sizeof digest] = '\0';
}

/* --- Its life --- */

static void
free_manifest (PrVirtualManifest *self)
{
    sqlite3_finalize (self->insertion);
    sqlite3_finalize (self->removal);
    sqlite3_finalize (self->question);
    sqlite3_close (self->database);
    g_hash_table_unref (self->folders);
    pr_virtual_mbfiles_free (self->mbfiles);
    g_free (self);
}

static gboolean
run (PrVirtualManifest *self, const char *statements)
{
    return sqlite3_exec (self->database, statements, NULL, NULL, NULL) == SQLITE_OK;
}

static gboolean
prepare (PrVirtualManifest *self, const char *text, sqlite3_stmt **statement)
{
    return sqlite3_prepare_v2 (self->database, text, -1, statement, NULL) == SQLITE_OK;
}

static PrVirtualManifest *
open_database (const char *path, int flags, const char *first)
{
    PrVirtualManifest *self = g_new0 (PrVirtualManifest, 1);
    self->mbfiles = pr_virtual_mbfiles_new ();
    self->folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    if (sqlite3_open_v2 (path, &self->database, flags | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK && run (self, start) &&
        run (self, first) &&
        prepare (self, "INSERT OR REPLACE INTO Files VALUES (?1, ?2, ?3, ?4, ?5)", &self->insertion) &&
        prepare (self, "DELETE FROM Files WHERE fileID = ?1", &self->removal) &&
        prepare (self, "SELECT 1 FROM Files WHERE fileID = ?1", &self->question))
        return self;
    free_manifest (self);
    return NULL;
}

PrVirtualManifest *
pr_virtual_manifest_create (const char *path)
{
    return open_database (path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, schema);
}

PrVirtualManifest *
pr_virtual_manifest_open (const char *path)
{
    return open_database (path, SQLITE_OPEN_READWRITE, "SELECT count(*) FROM sqlite_master");
}

gboolean
pr_virtual_manifest_close (PrVirtualManifest *self)
{
    gboolean good = run (self, indices);
    free_manifest (self);
    return good;
}

/* --- Rows --- */

static gboolean
step (sqlite3_stmt *statement)
{
    int result = sqlite3_step (statement);
    sqlite3_reset (statement);
    return result == SQLITE_DONE || result == SQLITE_ROW;
}

static gboolean
insert (PrVirtualManifest *self, const PrVirtualRow *row)
{
    char id[PR_VIRTUAL_ID_SIZE];
    GByteArray *blob = pr_virtual_mbfiles_write (self->mbfiles, row);
    pr_virtual_manifest_make_id (row->domain, row->path, id);
    sqlite3_bind_text (self->insertion, 1, id, -1, SQLITE_STATIC);
    sqlite3_bind_text (self->insertion, 2, row->domain, -1, SQLITE_STATIC);
    sqlite3_bind_text (self->insertion, 3, row->path, -1, SQLITE_STATIC);
    sqlite3_bind_int (self->insertion, 4, row->kind);
    sqlite3_bind_blob (self->insertion, 5, blob->data, (int) blob->len, SQLITE_STATIC);
    return step (self->insertion);
}

/* And those above it, up to the domain's own, whose path is empty. */
static gboolean
add_folder (PrVirtualManifest *self, const PrVirtualRow *row, const char *path)
{
    const PrVirtualRow folder = {
        .kind = PR_VIRTUAL_ROW_FOLDER,
        .domain = row->domain,
        .path = path,
        .inode = FOLDER_INODE,
        .modified = row->modified,
        .born = row->born,
        .mode = FOLDER_MODE,
        .class = FOLDER_CLASS,
    };
    char *name = g_strconcat (row->domain, "-", path, NULL);
    if (!g_hash_table_add (self->folders, name))
        return TRUE;
    if (!insert (self, &folder))
        return FALSE;
    if (*path == '\0')
        return TRUE;
    const char *slash = strrchr (path, '/');
    g_autofree char *parent = g_strndup (path, slash != NULL ? slash - path : 0);
    return add_folder (self, row, parent);
}

static gboolean
add_own_folder (PrVirtualManifest *self, const PrVirtualRow *row)
{
    char path[1024];
    const char *slash = strrchr (row->path, '/');
    gsize length = slash != NULL ? MIN ((gsize) (slash - row->path), sizeof path - 1) : 0;
    memcpy (path, row->path, length);
    path[length] = '\0';
    return add_folder (self, row, path);
}

gboolean
pr_virtual_manifest_add (PrVirtualManifest *self, const PrVirtualRow *row)
{
    return add_own_folder (self, row) && insert (self, row);
}

gboolean
pr_virtual_manifest_remove (PrVirtualManifest *self, const char *id)
{
    sqlite3_bind_text (self->removal, 1, id, -1, SQLITE_STATIC);
    return step (self->removal);
}

gboolean
pr_virtual_manifest_has (PrVirtualManifest *self, const char *id)
{
    sqlite3_bind_text (self->question, 1, id, -1, SQLITE_STATIC);
    gboolean has = sqlite3_step (self->question) == SQLITE_ROW;
    sqlite3_reset (self->question);
    return has;
}

/* --- Reading --- */

static const char *
get_text (sqlite3_stmt *statement, int column)
{
    const char *text = (const char *) sqlite3_column_text (statement, column);
    return text != NULL ? text : "";
}

static gboolean
give_row (sqlite3_stmt *statement, PrVirtualRowFunc func, gpointer data)
{
    PrVirtualRow row = {
        .domain = get_text (statement, 1),
        .path = get_text (statement, 2),
        .kind = sqlite3_column_int (statement, 3),
    };
    const void *blob = sqlite3_column_blob (statement, 4);
    return pr_virtual_mbfile_read (blob, sqlite3_column_bytes (statement, 4), &row) &&
           func (get_text (statement, 0), &row, data);
}

gboolean
pr_virtual_manifest_each (PrVirtualManifest *self, PrVirtualRowFunc func, gpointer data)
{
    sqlite3_stmt *statement = NULL;
    if (!prepare (self, "SELECT fileID, domain, relativePath, flags, file FROM Files", &statement))
        return FALSE;
    gboolean good = TRUE;
    int result = sqlite3_step (statement);
    while (good && result == SQLITE_ROW) {
        good = give_row (statement, func, data);
        result = sqlite3_step (statement);
    }
    sqlite3_finalize (statement);
    return good && result == SQLITE_DONE;
}
