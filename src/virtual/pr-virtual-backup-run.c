// SPDX-License-Identifier: GPL-3.0-or-later
// Backing up: what changed goes to the Snapshot folder first, and is moved over what was there when all has arrived.
#include "pr-virtual-backup.h"

#include <string.h>

#include <unistd.h>

#include <openssl/rand.h>

#include "pr-virtual-apps.h"
#include "pr-virtual-content.h"
#include "pr-virtual-hostile.h"
#include "pr-virtual-notes.h"

#define BATCH 200 /* files in one message */
#define SPARE_BYTES (128 * 1024 * 1024)
#define PIECE 32752            /* bytes of a file that are made at once; whole blocks of AES */
#define DIGEST_LIMIT (1 << 20) /* bytes of the largest file that has a digest in the manifest */
#define SINCE_2001 978307200
#define FOLDERS 256

enum { TO_SEND, UNCHANGED, NOT_READ };

typedef struct {
    PrVirtualBackup *backup;
    PrVirtualLink *link;
    GArray *files;   /* PrVirtualFile, as they were when it began */
    guint8 *marks;   /* of each: what becomes of it */
    GPtrArray *gone; /* names of files in the backup that the phone has no more */
    gboolean full;
    gboolean had_before;
    PrVirtualKeybag *bag; /* (nullable): when it encrypts */
    guint8 manifest_key[PR_VIRTUAL_KEY_SIZE];
    PrVirtualManifest *manifest;
    PrVirtualContent *content;
    EVP_MD_CTX *sum;
    guint64 bytes, count, batch;
    guint cancellations;
    char *uuid;
} Run;

static const PrVirtualFile *
get_file (Run *self, guint index)
{
    return &g_array_index (self->files, PrVirtualFile, index);
}

static gboolean
is_wanted (Run *self)
{
    return pr_virtual_notes_cancellations () == self->cancellations ||
           pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_CANCELLED, "Backup cancelled");
}

static plist_t
new_date_now (void)
{
    return plist_new_date ((int32_t) (g_get_real_time () / G_USEC_PER_SEC - SINCE_2001), 0);
}

static gboolean
send_plist (Run *self, const char *name, plist_t plist)
{
    g_autofree char *path = pr_virtual_backup_host_path (self->backup, name);
    char *data = NULL;
    guint32 length = 0;
    plist_to_bin (plist, &data, &length);
    plist_free (plist);
    gboolean sent = pr_virtual_link_upload_bytes (self->link, path, data, length);
    plist_mem_free (data);
    return sent;
}

static gboolean
send_status (Run *self, const char *state)
{
    plist_t status = plist_new_dict ();
    plist_dict_set_item (status, "BackupState", plist_new_string ("new"));
    plist_dict_set_item (status, "Date", new_date_now ());
    plist_dict_set_item (status, "IsFullBackup", plist_new_bool (self->full));
    plist_dict_set_item (status, "SnapshotState", plist_new_string (state));
    plist_dict_set_item (status, "UUID", plist_new_string (self->uuid));
    plist_dict_set_item (status, "Version", plist_new_string ("3.3"));
    return pr_virtual_link_phase (self->link, state) && send_plist (self, "Status.plist", status);
}

/* --- What is there --- */

static gboolean
is_usable (plist_t status)
{
    const char *state = pr_virtual_dict_text (status, "SnapshotState");
    const char *version = pr_virtual_dict_text (status, "Version");
    return version != NULL && g_ascii_strtod (version, NULL) >= 3.3 &&
           (g_strcmp0 (state, "finished") == 0 || g_strcmp0 (state, "uploading") == 0);
}

/* A backup that was not encrypted as the next is to be is no base for it. */
static gboolean
fits (Run *self, plist_t description)
{
    g_autoptr (GBytes) bag = pr_virtual_dict_bytes (description, "BackupKeyBag");
    if (description == NULL || pr_virtual_dict_flag (description, "IsEncrypted") != (self->bag != NULL))
        return FALSE;
    return self->bag == NULL || (bag != NULL && g_bytes_equal (bag, pr_virtual_keybag_bytes (self->bag)));
}

/* Sets the manifest that this backup changes; NULL: it begins anew. */
static gboolean
look_at_last (Run *self, gboolean forced)
{
    const char *of = self->backup->target;
    g_auto (plist_t) status = pr_virtual_backup_fetch_plist (self->backup, of, "Status.plist");
    self->had_before = status != NULL;
    if (self->link->over || forced || status == NULL || !is_usable (status))
        return !self->link->over;
    g_auto (plist_t) description = pr_virtual_backup_fetch_plist (self->backup, of, "Manifest.plist");
    if (self->link->over || !fits (self, description))
        return !self->link->over;
    return pr_virtual_backup_fetch_manifest (self->backup, of, self->bag, description, &self->manifest);
}

static int
compare_number (const void *number, const void *file)
{
    guint32 wanted = *(const guint32 *) number, found = ((const PrVirtualFile *) file)->number;
    return wanted < found ? -1 : wanted > found;
}

static gboolean
compare_row_cb (const char *id, const PrVirtualRow *row, gpointer data)
{
    Run *self = data;
    PrVirtualFile backed_up;
    if (row->kind != PR_VIRTUAL_ROW_FILE)
        return TRUE;
    gboolean ours = pr_virtual_backup_recognise (self->backup, row, &backed_up);
    const PrVirtualFile *file = NULL;
    if (ours && self->files->len > 0)
        file = bsearch (&(guint32) { backed_up.number }, self->files->data, self->files->len, sizeof *file,
                        compare_number);
    if (file == NULL)
        g_ptr_array_add (self->gone, g_strdup (id));
    else if (memcmp (file, &backed_up, sizeof backed_up) == 0)
        self->marks[file - get_file (self, 0)] = UNCHANGED;
    return TRUE;
}

static void
count_work (Run *self)
{
    for (guint i = 0; i < self->files->len; i++) {
        if (self->marks[i] != TO_SEND)
            continue;
        self->count++;
        self->bytes += get_file (self, i)->size;
    }
}

static gboolean
begin_anew (Run *self)
{
    g_autofree char *path = pr_virtual_backup_own_path (self->backup, "Manifest.db");
    unlink (path);
    self->full = TRUE;
    self->manifest = pr_virtual_manifest_create (path);
    return self->manifest != NULL ||
           pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_IO, "the phone cannot write its manifest");
}

static gboolean
decide (Run *self, gboolean forced)
{
    if (!pr_virtual_link_phase (self->link, "looking") || !look_at_last (self, forced))
        return FALSE;
    if (self->manifest != NULL && !pr_virtual_manifest_each (self->manifest, compare_row_cb, self)) {
        pr_virtual_manifest_close (g_steal_pointer (&self->manifest));
        memset (self->marks, TO_SEND, self->files->len);
        g_ptr_array_set_size (self->gone, 0);
    }
    if (self->manifest == NULL && !begin_anew (self))
        return FALSE;
    count_work (self);
    return TRUE;
}

/* --- Room --- */

static gboolean
ask_for_room (Run *self, guint64 bytes)
{
    plist_t message = pr_virtual_link_message ("PurgeDiskSpace");
    plist_array_append_item (message, plist_new_uint (bytes));
    plist_array_append_item (message, plist_new_uint (0));
    if (!pr_virtual_link_ask (self->link, message, NULL, NULL))
        return FALSE;
    return pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_HOST_FULL,
                                 "Insufficient free disk space on drive to complete backup");
}

static gboolean
check_room (Run *self)
{
    g_autofree char *full = pr_virtual_phone_fault (self->backup->phone, "backup-disk-full");
    guint64 needed = self->bytes + SPARE_BYTES, there = 0;
    if (!pr_virtual_link_phase (self->link, "room") || !pr_virtual_link_free_space (self->link, &there))
        return FALSE;
    return (full == NULL && there >= needed) || ask_for_room (self, needed);
}

/* --- Folders --- */

static gboolean
make_folder (Run *self, const char *name)
{
    g_autofree char *path = pr_virtual_backup_host_path (self->backup, name);
    return pr_virtual_link_make_folder (self->link, path);
}

static gboolean
make_folders (Run *self, const char *prefix)
{
    for (guint i = 0; i < FOLDERS; i++) {
        g_autofree char *name = g_strdup_printf ("%s%02x", prefix, i);
        if (!make_folder (self, name))
            return FALSE;
    }
    return TRUE;
}

static gboolean
prepare_folders (Run *self)
{
    return pr_virtual_link_phase (self->link, "folders") &&
           pr_virtual_link_make_folder (self->link, self->backup->target) && make_folders (self, "") &&
           make_folder (self, "Snapshot") && make_folders (self, "Snapshot/");
}

/* --- Files --- */

static gboolean
send_piece (Run *self, EVP_CIPHER_CTX *cipher, guint8 *buffer, gsize length)
{
    guint8 sealed[PIECE + EVP_MAX_BLOCK_LENGTH];
    int n = 0;
    pr_virtual_content_fill (self->content, buffer, length);
    if (self->sum != NULL)
        EVP_DigestUpdate (self->sum, buffer, length);
    if (cipher == NULL)
        return pr_virtual_link_data (self->link, buffer, length);
    EVP_CipherUpdate (cipher, sealed, &n, buffer, (int) length);
    return pr_virtual_link_data (self->link, sealed, n);
}

static gboolean
send_padding (Run *self, EVP_CIPHER_CTX *cipher)
{
    guint8 block[EVP_MAX_BLOCK_LENGTH];
    int n = 0;
    if (cipher == NULL)
        return TRUE;
    EVP_CipherFinal_ex (cipher, block, &n);
    return pr_virtual_link_data (self->link, block, n);
}

static gboolean
send_content (Run *self, const PrVirtualFile *file, EVP_CIPHER_CTX *cipher)
{
    guint8 buffer[PIECE];
    guint64 seed = pr_virtual_files_seed (self->backup->files, file->family);
    pr_virtual_content_open (self->content, seed, file->number, file->version);
    for (guint64 left = file->size; left > 0;) {
        gsize now = MIN (left, sizeof buffer);
        if (!send_piece (self, cipher, buffer, now))
            return FALSE;
        left -= now;
    }
    return send_padding (self, cipher);
}

static EVP_CIPHER_CTX *
make_key (Run *self, PrVirtualRow *row)
{
    guint8 key[PR_VIRTUAL_KEY_SIZE];
    if (self->bag == NULL)
        return NULL;
    RAND_bytes (key, sizeof key);
    pr_virtual_keybag_wrap (self->bag, row->class, key, row->key);
    row->has_key = TRUE;
    return pr_virtual_cipher_new (key, TRUE, TRUE);
}

static gboolean
send_whole (Run *self, const PrVirtualFile *file, PrVirtualRow *row)
{
    g_autoptr (EVP_CIPHER_CTX) cipher = make_key (self, row);
    EVP_MD_CTX *sum = self->sum;
    row->has_digest = file->size <= DIGEST_LIMIT;
    if (row->has_digest)
        EVP_DigestInit_ex (sum, EVP_sha1 (), NULL);
    else
        self->sum = NULL;
    gboolean sent = send_content (self, file, cipher);
    self->sum = sum;
    if (row->has_digest)
        EVP_DigestFinal_ex (sum, row->digest, NULL);
    return sent && pr_virtual_link_end_file (self->link, 0, "");
}

/* A file that cannot be read is not in the manifest either, unless an older state of it is. */
static gboolean
report_unread (Run *self, guint index)
{
    g_autofree char *text = g_strdup_printf ("The file could not be read (code %u)", self->link->error_code);
    self->marks[index] = NOT_READ;
    self->link->error_at_file = G_MAXUINT64;
    return pr_virtual_link_end_file (self->link, self->link->error_code, text);
}

static gboolean
send_file (Run *self, guint index)
{
    const PrVirtualFile *file = get_file (self, index);
    PrVirtualFilePath path;
    PrVirtualRow row;
    char id[PR_VIRTUAL_ID_SIZE], phone_name[2 * PR_VIRTUAL_PATH_SIZE], host_name[2 * PR_VIRTUAL_PATH_SIZE];
    pr_virtual_file_get_path (file, &path);
    pr_virtual_manifest_make_id (path.domain, path.path, id);
    pr_virtual_backup_describe (self->backup, file, &path, &row);
    g_snprintf (phone_name, sizeof phone_name, "/.b/5/%s/%s", path.domain, path.path);
    g_snprintf (host_name, sizeof host_name, "%s/Snapshot/%.2s/%s", self->backup->target, id, id);
    if (!pr_virtual_link_begin_file (self->link, phone_name, host_name))
        return FALSE;
    if (self->link->files + 1 == self->link->error_at_file)
        return report_unread (self, index);
    return send_whole (self, file, &row) &&
           (pr_virtual_manifest_add (self->manifest, &row) ||
            pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_IO, "the phone cannot write its manifest"));
}

static guint64
count_batch_bytes (Run *self, guint first)
{
    guint64 bytes = 0, left = self->batch;
    for (guint i = first; i < self->files->len && left > 0; i++) {
        if (self->marks[i] != TO_SEND)
            continue;
        bytes += get_file (self, i)->size;
        left--;
    }
    return bytes;
}

/* Sends up to a batch, from @index on. */
static gboolean
send_batch (Run *self, guint *index)
{
    self->link->progress = self->count > 0 ? 80.0 * (double) self->link->files / (double) self->count : 80;
    if (!is_wanted (self) || !pr_virtual_link_begin_upload (self->link, count_batch_bytes (self, *index)))
        return FALSE;
    for (guint64 left = self->batch; *index < self->files->len && left > 0; ++*index) {
        if (self->marks[*index] != TO_SEND)
            continue;
        if (!send_file (self, *index))
            return FALSE;
        left--;
    }
    return pr_virtual_link_end_upload (self->link);
}

static guint
skip_unchanged (Run *self, guint index)
{
    while (index < self->files->len && self->marks[index] != TO_SEND)
        index++;
    return index;
}

static gboolean
send_files (Run *self)
{
    if (!pr_virtual_link_phase (self->link, "files") || !pr_virtual_hostile_strike (self->backup))
        return FALSE;
    self->link->files = self->link->bytes = 0;
    for (guint i = skip_unchanged (self, 0); i < self->files->len; i = skip_unchanged (self, i))
        if (!send_batch (self, &i))
            return FALSE;
    return self->link->files < self->link->cut_at_file || pr_virtual_link_cut (self->link);
}

/* --- Manifests --- */

static void
describe_phone (Run *self, plist_t description)
{
    const PrVirtualIdentity *identity = pr_virtual_phone_identity (self->backup->phone);
    plist_t lockdown = plist_new_dict ();
    plist_dict_set_item (lockdown, "BuildVersion", plist_new_string (identity->build));
    plist_dict_set_item (lockdown, "DeviceName", plist_new_string (identity->name));
    plist_dict_set_item (lockdown, "ProductType", plist_new_string (identity->product));
    plist_dict_set_item (lockdown, "ProductVersion", plist_new_string (identity->version));
    plist_dict_set_item (lockdown, "SerialNumber", plist_new_string (identity->serial));
    plist_dict_set_item (lockdown, "UniqueDeviceID", plist_new_string (identity->udid));
    plist_dict_set_item (description, "Lockdown", lockdown);
}

static void
describe_encryption (Run *self, plist_t description)
{
    guint8 wrapped[PR_VIRTUAL_WRAPPED_SIZE];
    plist_dict_set_item (description, "IsEncrypted", plist_new_bool (self->bag != NULL));
    if (self->bag == NULL)
        return;
    RAND_bytes (self->manifest_key, sizeof self->manifest_key);
    pr_virtual_keybag_wrap (self->bag, PR_VIRTUAL_MANIFEST_CLASS, self->manifest_key, wrapped);
    pr_virtual_dict_set_bytes (description, "BackupKeyBag", pr_virtual_keybag_bytes (self->bag));
    plist_dict_set_item (description, "ManifestKey", plist_new_data ((const char *) wrapped, sizeof wrapped));
}

static plist_t
describe_backup (Run *self)
{
    plist_t description = plist_new_dict ();
    g_autofree char *passcode = pr_virtual_phone_setting (self->backup->phone, "phone", "passcode", "none");
    plist_dict_set_item (description, "Applications", pr_virtual_apps_describe (self->backup->phone));
    plist_dict_set_item (description, "Date", new_date_now ());
    plist_dict_set_item (description, "SystemDomainsVersion", plist_new_string ("24.0"));
    plist_dict_set_item (description, "Version", plist_new_string ("10.0"));
    plist_dict_set_item (description, "WasPasscodeSet", plist_new_bool (!g_str_equal (passcode, "none")));
    describe_phone (self, description);
    describe_encryption (self, description);
    return description;
}

static gboolean
finish_manifest (Run *self)
{
    gboolean good = TRUE;
    for (guint i = 0; good && i < self->gone->len; i++)
        good = pr_virtual_manifest_remove (self->manifest, self->gone->pdata[i]);
    good = pr_virtual_manifest_close (g_steal_pointer (&self->manifest)) && good;
    return good || pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_IO, "the phone cannot write its manifest");
}

static gboolean
send_database (Run *self)
{
    g_autofree char *plain = pr_virtual_backup_own_path (self->backup, "Manifest.db");
    g_autofree char *sealed = pr_virtual_backup_own_path (self->backup, "Manifest.encrypted");
    g_autofree char *host = pr_virtual_backup_host_path (self->backup, "Snapshot/Manifest.db");
    if (self->bag != NULL && !pr_virtual_cipher_file (self->manifest_key, TRUE, plain, sealed))
        return pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_IO, "the phone cannot write its manifest");
    return pr_virtual_link_upload_file (self->link, host, self->bag != NULL ? sealed : plain);
}

static gboolean
send_manifests (Run *self)
{
    self->link->progress = 80;
    return pr_virtual_link_phase (self->link, "manifests") && finish_manifest (self) &&
           send_plist (self, "Snapshot/Manifest.plist", describe_backup (self)) && send_database (self);
}

/* --- Moving --- */

static void
add_move (Run *self, plist_t moves, const char *name)
{
    g_autofree char *from = g_strconcat (self->backup->target, "/Snapshot/", name, NULL);
    g_autofree char *to = pr_virtual_backup_host_path (self->backup, name);
    plist_dict_set_item (moves, from, plist_new_string (to));
}

static void
add_file_move (Run *self, plist_t moves, guint index)
{
    PrVirtualFilePath path;
    char id[PR_VIRTUAL_ID_SIZE], name[PR_VIRTUAL_ID_SIZE + 3];
    pr_virtual_file_get_path (get_file (self, index), &path);
    pr_virtual_manifest_make_id (path.domain, path.path, id);
    g_snprintf (name, sizeof name, "%.2s/%s", id, id);
    add_move (self, moves, name);
}

static gboolean
move_batch (Run *self, guint *index)
{
    plist_t moves = plist_new_dict ();
    guint64 left = MIN (self->batch, self->link->cut_moving - self->link->moves);
    for (; *index < self->files->len && left > 0; *index = skip_unchanged (self, *index + 1)) {
        add_file_move (self, moves, *index);
        left--;
    }
    if (plist_dict_get_size (moves) > 0)
        return pr_virtual_link_move (self->link, moves);
    plist_free (moves);
    return TRUE;
}

static gboolean
move_one (Run *self, const char *name)
{
    plist_t moves = plist_new_dict ();
    add_move (self, moves, name);
    return pr_virtual_link_move (self->link, moves);
}

static gboolean
move_manifests (Run *self)
{
    if (!move_one (self, "Manifest.plist"))
        return FALSE;
    g_autofree char *cut = pr_virtual_phone_fault (self->backup->phone, "backup-cut-between-manifests");
    if (cut != NULL)
        return pr_virtual_link_cut (self->link);
    return move_one (self, "Manifest.db");
}

static gboolean
move_all (Run *self)
{
    if (!send_status (self, "moving"))
        return FALSE;
    self->link->progress = 90;
    self->link->moves = 0;
    for (guint i = skip_unchanged (self, 0); i < self->files->len;) {
        if (self->link->moves >= self->link->cut_moving)
            return pr_virtual_link_cut (self->link);
        if (!move_batch (self, &i))
            return FALSE;
    }
    return self->link->moves >= self->link->cut_moving ? pr_virtual_link_cut (self->link) : move_manifests (self);
}

/* --- Removing --- */

static gboolean
remove_batch (Run *self, GPtrArray *names, guint first)
{
    plist_t paths = plist_new_array ();
    for (guint i = first; i < names->len && i < first + self->batch; i++) {
        const char *id = names->pdata[i];
        g_autofree char *path = g_strdup_printf ("%s/%.2s/%s", self->backup->target, id, id);
        plist_array_append_item (paths, plist_new_string (path));
    }
    return pr_virtual_link_remove (self->link, paths);
}

static gboolean
remove_files (Run *self, GPtrArray *names)
{
    for (guint i = 0; i < names->len; i += self->batch)
        if (!remove_batch (self, names, i))
            return FALSE;
    return TRUE;
}

/* What is in the folder @name and not in the manifest. */
static gboolean
add_strays (Run *self, PrVirtualManifest *manifest, const char *name, GPtrArray *strays)
{
    g_autofree char *path = pr_virtual_backup_host_path (self->backup, name);
    g_auto (plist_t) list = pr_virtual_link_list (self->link, path);
    plist_dict_iter iter = NULL;
    if (list == NULL)
        return FALSE;
    plist_dict_new_iter (list, &iter);
    for (;;) {
        g_autofree char *key = NULL;
        plist_dict_next_item (list, iter, &key, NULL);
        if (key == NULL)
            break;
        if (strlen (key) == PR_VIRTUAL_ID_SIZE - 1 && !pr_virtual_manifest_has (manifest, key))
            g_ptr_array_add (strays, g_strdup (key));
    }
    free (iter);
    return TRUE;
}

/* A full backup does not know what was there before it. */
static gboolean
remove_strays (Run *self)
{
    g_autofree char *path = pr_virtual_backup_own_path (self->backup, "Manifest.db");
    g_autoptr (GPtrArray) strays = g_ptr_array_new_with_free_func (g_free);
    PrVirtualManifest *manifest = pr_virtual_manifest_open (path);
    gboolean good = manifest != NULL;
    for (guint i = 0; good && i < FOLDERS; i++) {
        g_autofree char *name = g_strdup_printf ("%02x", i);
        good = add_strays (self, manifest, name, strays);
    }
    g_clear_pointer (&manifest, pr_virtual_manifest_close);
    return good && remove_files (self, strays);
}

static gboolean
remove_snapshot (Run *self)
{
    plist_t paths = plist_new_array ();
    g_autofree char *path = pr_virtual_backup_host_path (self->backup, "Snapshot");
    plist_array_append_item (paths, plist_new_string (path));
    return pr_virtual_link_remove (self->link, paths);
}

static gboolean
remove_all (Run *self)
{
    if (!send_status (self, "removing"))
        return FALSE;
    self->link->progress = 95;
    return remove_files (self, self->gone) && (!self->full || !self->had_before || remove_strays (self)) &&
           remove_snapshot (self);
}

/* --- All of it --- */

static gboolean
run (Run *self, gboolean forced)
{
    return pr_virtual_backup_ask_passcode (self->backup) && decide (self, forced) && check_room (self) &&
           prepare_folders (self) && send_status (self, "uploading") && send_files (self) && send_manifests (self) &&
           is_wanted (self) && move_all (self) && remove_all (self) && send_status (self, "finished");
}

static void
clear (Run *self)
{
    g_clear_pointer (&self->manifest, pr_virtual_manifest_close);
    g_clear_pointer (&self->bag, pr_virtual_keybag_unref);
    pr_virtual_content_free (self->content);
    EVP_MD_CTX_free (self->sum);
    g_array_unref (self->files);
    g_ptr_array_unref (self->gone);
    g_free (self->marks);
    g_free (self->uuid);
}

gboolean
pr_virtual_backup_run (PrVirtualBackup *backup, plist_t request)
{
    Run self = {
        .backup = backup,
        .link = backup->link,
        .files = pr_virtual_files_snapshot (backup->files),
        .gone = g_ptr_array_new_with_free_func (g_free),
        .bag = pr_virtual_backup_keybag (backup->phone),
        .content = pr_virtual_content_new (),
        .sum = EVP_MD_CTX_new (),
        .batch = MAX (pr_virtual_phone_setting_number (backup->phone, "backup", "batch", BATCH), 1),
        .cancellations = pr_virtual_notes_cancellations (),
        .uuid = g_uuid_string_random (),
    };
    self.marks = g_malloc0 (self.files->len + 1);
    plist_t options = plist_dict_get_item (request, "Options");
    gboolean done = run (&self, pr_virtual_dict_flag (options, "ForceFullBackup"));
    if (done)
        pr_virtual_phone_count (backup->phone, "backups-made");
    clear (&self);
    return done;
}
