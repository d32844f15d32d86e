// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-backup.h"

#include <string.h>

#include <glib/gstdio.h>

#include "pr-virtual-notes.h"

#define PROTOCOL_VERSION 2.1
#define FIRST_INODE 1000
#define FILE_MODE 0100644
#define LIST_LIMIT (3 * 1024 * 1024) /* bytes of a list; more is no message */
#define RESTART_SECONDS 4.0
#define CLOUD "com.apple.mobile.backup/CloudBackupEnabled"

/* --- Places --- */

char *
pr_virtual_backup_host_path (PrVirtualBackup *self, const char *name)
{
    return g_strconcat (self->target, "/", name, NULL);
}

char *
pr_virtual_backup_own_path (PrVirtualBackup *self, const char *name)
{
    return g_build_filename (self->folder, name, NULL);
}

static void
remove_folder (const char *path)
{
    g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
    for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;) {
        g_autofree char *child = g_build_filename (path, name, NULL);
        g_unlink (child);
    }
    g_rmdir (path);
}

/* --- What the computer has --- */

plist_t
pr_virtual_backup_fetch_plist (PrVirtualBackup *self, const char *of, const char *name)
{
    g_autofree char *host = g_strconcat (of, "/", name, NULL);
    g_autofree char *path = pr_virtual_backup_own_path (self, name);
    g_autofree char *data = NULL;
    gboolean there = FALSE;
    gsize length = 0;
    plist_t plist = NULL;
    if (!pr_virtual_link_download_file (self->link, host, path, &there) || !there ||
        !g_file_get_contents (path, &data, &length, NULL))
        return NULL;
    plist_from_memory (data, length, &plist, NULL);
    if (plist != NULL && plist_get_node_type (plist) != PLIST_DICT)
        g_clear_pointer (&plist, plist_free);
    return plist;
}

static gboolean
decrypt_manifest (PrVirtualKeybag *bag, plist_t description, const char *from, const char *to)
{
    g_autoptr (GBytes) wrapped = pr_virtual_dict_bytes (description, "ManifestKey");
    guint8 key[PR_VIRTUAL_KEY_SIZE];
    return wrapped != NULL && g_bytes_get_size (wrapped) == PR_VIRTUAL_WRAPPED_SIZE &&
           pr_virtual_keybag_unwrap (bag, g_bytes_get_data (wrapped, NULL), key) &&
           pr_virtual_cipher_file (key, FALSE, from, to);
}

gboolean
pr_virtual_backup_fetch_manifest (PrVirtualBackup *self,
                                  const char *of,
                                  PrVirtualKeybag *bag,
                                  plist_t description,
                                  PrVirtualManifest **manifest)
{
    g_autofree char *host = g_strconcat (of, "/Manifest.db", NULL);
    g_autofree char *arrived = pr_virtual_backup_own_path (self, bag != NULL ? "Manifest.encrypted" : "Manifest.db");
    g_autofree char *plain = pr_virtual_backup_own_path (self, "Manifest.db");
    gboolean there = FALSE;
    *manifest = NULL;
    if (!pr_virtual_link_download_file (self->link, host, arrived, &there))
        return FALSE;
    if (there && (bag == NULL || decrypt_manifest (bag, description, arrived, plain)))
        *manifest = pr_virtual_manifest_open (plain);
    return TRUE;
}

/* --- Rows --- */

void
pr_virtual_backup_describe (PrVirtualBackup *self,
                            const PrVirtualFile *file,
                            const PrVirtualFilePath *path,
                            PrVirtualRow *row)
{
    static const guint8 classes[] = { 3, 3, 4, 2 };
    *row = (PrVirtualRow) {
        .kind = PR_VIRTUAL_ROW_FILE,
        .domain = path->domain,
        .path = path->path,
        .size = file->size,
        .inode = FIRST_INODE + file->number,
        .modified = pr_virtual_file_get_modified (file),
        .born = pr_virtual_file_get_born (self->files, file),
        .mode = FILE_MODE,
        .class = classes[file->number % G_N_ELEMENTS (classes)],
    };
}

gboolean
pr_virtual_backup_recognise (PrVirtualBackup *self, const PrVirtualRow *row, PrVirtualFile *file)
{
    PrVirtualFilePath path;
    if (row->inode < FIRST_INODE ||
        !pr_virtual_file_recognise (self->files, row->inode - FIRST_INODE, row->modified, row->born, row->size, file))
        return FALSE;
    pr_virtual_file_get_path (file, &path);
    return g_str_equal (path.domain, row->domain) && g_str_equal (path.path, row->path);
}

/* --- What idevicebackup2 prints --- */

gboolean
pr_virtual_backup_info (PrVirtualBackup *self, char **content)
{
    g_auto (plist_t) status = pr_virtual_backup_fetch_plist (self, self->source, "Status.plist");
    if (status == NULL)
        return pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_NOT_FOUND, "There is no backup");
    g_auto (plist_t) description = pr_virtual_backup_fetch_plist (self, self->source, "Manifest.plist");
    const char *state = pr_virtual_dict_text (status, "SnapshotState");
    *content = g_strdup_printf ("Backup of %s\nState: %s\nFull: %s\nEncrypted: %s\n", self->source,
                                state != NULL ? state : "unknown",
                                pr_virtual_dict_flag (status, "IsFullBackup") ? "yes" : "no",
                                pr_virtual_dict_flag (description, "IsEncrypted") ? "yes" : "no");
    return TRUE;
}

static gboolean
list_row_cb (const char *id, const PrVirtualRow *row, gpointer data)
{
    GString *list = data;
    if (row->kind == PR_VIRTUAL_ROW_FILE && list->len < LIST_LIMIT)
        g_string_append_printf (list, "\"%s\",\"%s\",\"%s\",%" G_GUINT64_FORMAT "\n", id, row->domain, row->path,
                                row->size);
    return TRUE;
}

gboolean
pr_virtual_backup_list (PrVirtualBackup *self, char **content)
{
    g_auto (plist_t) description = pr_virtual_backup_fetch_plist (self, self->source, "Manifest.plist");
    g_autoptr (PrVirtualKeybag) bag = NULL;
    PrVirtualManifest *manifest = NULL;
    if (pr_virtual_dict_flag (description, "IsEncrypted"))
        bag = pr_virtual_backup_keybag (self->phone);
    if (!pr_virtual_backup_fetch_manifest (self, self->source, bag, description, &manifest))
        return FALSE;
    if (manifest == NULL)
        return pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_NOT_FOUND, "There is no backup that can be read");
    GString *list = g_string_new (NULL);
    pr_virtual_manifest_each (manifest, list_row_cb, list);
    pr_virtual_manifest_close (manifest);
    *content = g_string_free_and_steal (list);
    return TRUE;
}

/* --- Requests --- */

static gboolean
set_cloud (PrVirtualBackup *self, plist_t request)
{
    gboolean on = pr_virtual_dict_flag (request, "CloudBackupState");
    pr_virtual_phone_set_setting (self->phone, "values", CLOUD, on ? "true" : "false");
    pr_virtual_notes_post (self->phone, PR_VIRTUAL_NOTE_CHANGED);
    return TRUE;
}

static gboolean
serve_named (PrVirtualBackup *self, const char *name, plist_t request, char **content)
{
    if (g_str_equal (name, "Backup"))
        return pr_virtual_backup_run (self, request);
    if (g_str_equal (name, "Restore"))
        return pr_virtual_backup_restore (self, request);
    if (g_str_equal (name, "Info"))
        return pr_virtual_backup_info (self, content);
    if (g_str_equal (name, "List"))
        return pr_virtual_backup_list (self, content);
    if (g_str_equal (name, "ChangePassword"))
        return pr_virtual_backup_change_password (self, request);
    if (g_str_equal (name, "EnableCloudBackup"))
        return set_cloud (self, request);
    return pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_GENERAL, "Unsupported request");
}

/* A name that would lead out of the computer's folder comes from no computer that means well. */
static const char *
get_folder_name (plist_t request, const char *key, const char *otherwise)
{
    const char *name = pr_virtual_dict_text (request, key);
    return name != NULL && *name != '\0' && *name != '.' && strchr (name, '/') == NULL ? name : otherwise;
}

static gboolean
is_hello (plist_t request)
{
    return g_strcmp0 (pr_virtual_dict_text (request, "MessageName"), "Hello") == 0;
}

static gboolean
say_hello (PrVirtualLink *link)
{
    plist_t response = plist_new_dict ();
    plist_dict_set_item (response, "MessageName", plist_new_string ("Response"));
    plist_dict_set_item (response, "ErrorCode", plist_new_uint (0));
    plist_dict_set_item (response, "ProtocolVersion", plist_new_real (PROTOCOL_VERSION));
    return pr_virtual_link_respond_with (link, response);
}

static void
tell_end (PrVirtualBackup *self, const char *name)
{
    g_autofree char *code = g_strdup_printf ("%u", self->link->code);
    g_autofree char *files = g_strdup_printf ("%" G_GUINT64_FORMAT, self->link->files);
    g_autofree char *bytes = g_strdup_printf ("%" G_GUINT64_FORMAT, self->link->bytes);
    pr_virtual_phone_saw (self->phone, "backup-request", "name", name, "result",
                          self->link->over        ? "cut"
                          : self->link->code != 0 ? "failed"
                                                  : "done",
                          "code", code, "files", files, "bytes", bytes, NULL);
}

/* Returns: whether more may come. */
static gboolean
serve_request (PrVirtualBackup *self, plist_t request)
{
    const char *name = pr_virtual_dict_text (request, "MessageName");
    const char *udid = pr_virtual_phone_identity (self->phone)->udid;
    g_autofree char *content = NULL;
    if (is_hello (request))
        return say_hello (self->link);
    self->target = get_folder_name (request, "TargetIdentifier", udid);
    self->source = get_folder_name (request, "SourceIdentifier", self->target);
    gboolean done = serve_named (self, name != NULL ? name : "", request, &content);
    tell_end (self, name != NULL ? name : "");
    gboolean answered = pr_virtual_link_respond (self->link, content);
    if (done && g_strcmp0 (name, "Restore") == 0 && self->link->restarts)
        pr_virtual_phone_boot (self->phone, pr_virtual_phone_boot_target (self->phone), RESTART_SECONDS);
    pr_virtual_link_forget (self->link);
    return answered;
}

static gboolean
serve_one (PrVirtualBackup *self)
{
    g_auto (plist_t) request = pr_virtual_link_receive (self->link);
    return request != NULL && serve_request (self, request);
}

void
pr_virtual_backup_serve (PrVirtualPhone *phone, PrVirtualStream *stream)
{
    g_autoptr (PrVirtualLink) link = pr_virtual_link_new (phone, stream);
    g_autofree char *folder = g_build_filename (pr_virtual_phone_folder (phone), "backup-XXXXXX", NULL);
    PrVirtualBackup self = {
        .phone = phone, .files = pr_virtual_phone_files (phone), .link = link, .folder = g_mkdtemp (folder)
    };
    if (self.folder == NULL || !pr_virtual_link_greet (link))
        return;
    while (serve_one (&self))
        continue;
    remove_folder (self.folder);
}
