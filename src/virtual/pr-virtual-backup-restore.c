// SPDX-License-Identifier: GPL-3.0-or-later
// Putting a backup back: every file is compared with what the phone once had, and not kept.
#include "pr-virtual-backup.h"

#include <string.h>

#include "pr-virtual-content.h"
#include "pr-virtual-notes.h"

#define BATCH 200
#define PIECE 32768

typedef struct {
    char id[PR_VIRTUAL_ID_SIZE];
    gboolean ours; /* made by a virtual phone */
    gboolean has_key;
    guint8 key[PR_VIRTUAL_WRAPPED_SIZE];
    PrVirtualFile file;
} Wanted;

typedef struct {
    PrVirtualBackup *backup;
    PrVirtualLink *link;
    PrVirtualKeybag *bag; /* (nullable): of the backup */
    PrVirtualManifest *manifest;
    PrVirtualContent *content;
    GArray *batch; /* Wanted */
    GArray *restored;
    guint64 total, odd, odd_digest;
    guint cancellations;

    /* the file that is coming */
    guint index; /* into the batch */
    EVP_CIPHER_CTX *cipher;
    GChecksum *sum;
    guint64 size;
    gboolean alike; /* so far */
} Restore;

/* --- Before anything is touched --- */

static gboolean
is_newer (const char *version, const char *than)
{
    g_auto (GStrv) a = g_strsplit (version, ".", -1);
    g_auto (GStrv) b = g_strsplit (than, ".", -1);
    for (guint i = 0; a[i] != NULL; i++) {
        guint64 mine = g_ascii_strtoull (a[i], NULL, 10);
        guint64 other = i < g_strv_length (b) ? g_ascii_strtoull (b[i], NULL, 10) : 0;
        if (mine != other)
            return mine > other;
    }
    return FALSE;
}

static gboolean
open_bag (Restore *self, plist_t description, const char *password)
{
    g_autoptr (GBytes) bytes = pr_virtual_dict_bytes (description, "BackupKeyBag");
    if (!pr_virtual_dict_flag (description, "IsEncrypted"))
        return TRUE;
    if (bytes != NULL && password != NULL)
        self->bag = pr_virtual_keybag_open (bytes, password);
    return self->bag != NULL || pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_PASSWORD, "Invalid password");
}

static gboolean
check_version (Restore *self, plist_t description)
{
    plist_t lockdown = plist_dict_get_item (description, "Lockdown");
    const char *version = pr_virtual_dict_text (lockdown, "ProductVersion");
    const char *own = pr_virtual_phone_identity (self->backup->phone)->version;
    return version == NULL || !is_newer (version, own) ||
           pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_VERSION, "The backup is of a newer system");
}

static gboolean
check_find_my (Restore *self)
{
    return !pr_virtual_phone_setting_flag (self->backup->phone, "values", "com.apple.fmip/IsAssociated", FALSE) ||
           pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_FIND_MY, "Find My must be turned off");
}

/* A phone that greets and was brought to the right page tells nothing of its setup; one that says it is not done is on
 * another page. */
static gboolean
check_setup (Restore *self)
{
    g_autofree char *state = pr_virtual_phone_setting (self->backup->phone, "values", "ActivationState", "Activated");
    gboolean done =
        pr_virtual_phone_setting_flag (self->backup->phone, "values", "com.apple.purplebuddy/SetupDone", TRUE);
    return (done && !g_str_equal (state, "Unactivated")) ||
           pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_SETUP, "The setup is not finished");
}

static gboolean
check_status (Restore *self)
{
    g_auto (plist_t) status = pr_virtual_backup_fetch_plist (self->backup, self->backup->source, "Status.plist");
    return !self->link->over &&
           (g_strcmp0 (pr_virtual_dict_text (status, "SnapshotState"), "finished") == 0 ||
            pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_CORRUPT, "The backup is not whole"));
}

static gboolean
open_backup (Restore *self, const char *password)
{
    const char *of = self->backup->source;
    g_auto (plist_t) description = pr_virtual_backup_fetch_plist (self->backup, of, "Manifest.plist");
    if (description == NULL)
        return !self->link->over &&
               pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_CORRUPT, "Manifest.plist cannot be read");
    if (!open_bag (self, description, password) || !check_version (self, description) ||
        !pr_virtual_backup_fetch_manifest (self->backup, of, self->bag, description, &self->manifest))
        return FALSE;
    return self->manifest != NULL ||
           pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_CORRUPT, "Manifest.db cannot be read");
}

/* --- One file --- */

static gboolean
start_cipher (Restore *self, const Wanted *wanted)
{
    guint8 key[PR_VIRTUAL_KEY_SIZE];
    g_clear_pointer (&self->cipher, EVP_CIPHER_CTX_free);
    if (self->bag == NULL)
        return TRUE;
    if (!wanted->has_key || !pr_virtual_keybag_unwrap (self->bag, wanted->key, key))
        return pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_CORRUPT, "A file's key does not unwrap");
    self->cipher = pr_virtual_cipher_new (key, FALSE, TRUE);
    return TRUE;
}

/* Files come in the order that they were asked for; the one that is missing ends the list. */
static gboolean
open_cb (const char *name, gpointer data)
{
    Restore *self = data;
    if (self->index >= self->batch->len)
        return pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_CORRUPT, "A file came that was not asked for");
    const Wanted *wanted = &g_array_index (self->batch, Wanted, self->index);
    if (!g_str_has_suffix (name, wanted->id))
        return pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_CORRUPT, "A file is missing");
    self->size = 0;
    self->alike = wanted->ours;
    g_checksum_reset (self->sum);
    if (wanted->ours)
        pr_virtual_content_open (self->content, pr_virtual_files_seed (self->backup->files, wanted->file.family),
                                 wanted->file.number, wanted->file.version);
    return start_cipher (self, wanted);
}

static void
compare (Restore *self, const guint8 *bytes, gsize length)
{
    guint8 expected[PIECE];
    self->size += length;
    if (!self->alike)
        g_checksum_update (self->sum, bytes, length);
    while (self->alike && length > 0) {
        gsize now = MIN (length, sizeof expected);
        pr_virtual_content_fill (self->content, expected, now);
        self->alike = memcmp (bytes, expected, now) == 0;
        bytes += now;
        length -= now;
    }
}

static gboolean
data_cb (const guint8 *bytes, gsize length, gpointer data)
{
    Restore *self = data;
    guint8 plain[PIECE + EVP_MAX_BLOCK_LENGTH];
    while (length > 0) {
        gsize now = MIN (length, PIECE);
        int n = (int) now;
        if (self->cipher != NULL)
            EVP_CipherUpdate (self->cipher, plain, &n, bytes, (int) now);
        compare (self, self->cipher != NULL ? plain : bytes, n);
        bytes += now;
        length -= now;
    }
    return TRUE;
}

static gboolean
finish_cipher (Restore *self)
{
    guint8 block[EVP_MAX_BLOCK_LENGTH];
    int n = 0;
    if (self->cipher == NULL)
        return TRUE;
    if (EVP_CipherFinal_ex (self->cipher, block, &n) != 1)
        return pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_CORRUPT, "A file does not decrypt");
    compare (self, block, n);
    return TRUE;
}

/* What never was on a virtual phone counts, but is not kept. */
static void
count_odd (Restore *self, const Wanted *wanted)
{
    g_autofree char *start = g_strndup (g_checksum_get_string (self->sum), 8);
    self->odd++;
    self->odd_digest += g_ascii_strtoull (start, NULL, 16) + g_str_hash (wanted->id) * self->size;
    pr_virtual_phone_saw (self->backup->phone, "restored-odd", "file", wanted->id, NULL);
}

static gboolean
close_cb (guint8 code, const char *text, gpointer data)
{
    Restore *self = data;
    const Wanted *wanted = &g_array_index (self->batch, Wanted, self->index);
    if (code != 0) {
        pr_virtual_phone_saw (self->backup->phone, "restore-missing", "file", wanted->id, "text", text, NULL);
        return pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_CORRUPT, "A file is missing");
    }
    if (!finish_cipher (self))
        return FALSE;
    if (self->alike && self->size == wanted->file.size)
        g_array_append_val (self->restored, wanted->file);
    else
        count_odd (self, wanted);
    self->index++;
    self->link->files++;
    self->link->bytes += self->size;
    return pr_virtual_link_stall_at_file (self->link) &&
           (self->link->files < self->link->restore_cut_at_file || pr_virtual_link_cut (self->link));
}

/* --- All files --- */

static gboolean
fetch_batch (Restore *self)
{
    const PrVirtualSink sink = { open_cb, data_cb, close_cb, self };
    plist_t paths = plist_new_array ();
    gint64 status = 0;
    for (guint i = 0; i < self->batch->len; i++) {
        const char *id = g_array_index (self->batch, Wanted, i).id;
        g_autofree char *path = g_strdup_printf ("%s/%.2s/%s", self->backup->source, id, id);
        plist_array_append_item (paths, plist_new_string (path));
    }
    self->index = 0;
    gboolean good = pr_virtual_link_download (self->link, paths, &sink, &status);
    if (good && (status != 0 || self->index < self->batch->len))
        good = pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_CORRUPT, "A file is missing");
    g_array_set_size (self->batch, 0);
    return good;
}

static gboolean
row_cb (const char *id, const PrVirtualRow *row, gpointer data)
{
    Restore *self = data;
    Wanted wanted = { .has_key = row->has_key };
    if (row->kind != PR_VIRTUAL_ROW_FILE)
        return TRUE;
    g_strlcpy (wanted.id, id, sizeof wanted.id);
    memcpy (wanted.key, row->key, sizeof wanted.key);
    wanted.ours = pr_virtual_backup_recognise (self->backup, row, &wanted.file);
    g_array_append_val (self->batch, wanted);
    if (self->batch->len < BATCH)
        return TRUE;
    if (pr_virtual_notes_cancellations () != self->cancellations)
        return pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_CANCELLED, "Restore cancelled");
    return fetch_batch (self);
}

static gboolean
fetch_files (Restore *self)
{
    if (!pr_virtual_link_phase (self->link, "files"))
        return FALSE;
    if (!pr_virtual_manifest_each (self->manifest, row_cb, self))
        return !self->link->over &&
               pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_CORRUPT, "Manifest.db cannot be read");
    return self->batch->len == 0 || fetch_batch (self);
}

static gboolean
copy_backup (Restore *self)
{
    plist_t message = pr_virtual_link_message ("CopyItem");
    g_autofree char *copy = g_strconcat (self->backup->source, ".copy", NULL);
    plist_array_append_item (message, plist_new_string (self->backup->source));
    plist_array_append_item (message, plist_new_string (copy));
    return pr_virtual_link_demand (self->link, message, 0);
}

static gboolean
get_option (plist_t options, const char *key, gboolean otherwise)
{
    plist_t item = options != NULL ? plist_dict_get_item (options, key) : NULL;
    return item != NULL ? pr_virtual_dict_flag (options, key) : otherwise;
}

static gboolean
run (Restore *self, plist_t options)
{
    return pr_virtual_link_phase (self->link, "looking") && check_find_my (self) && check_setup (self) &&
           pr_virtual_backup_ask_passcode (self->backup) && check_status (self) &&
           open_backup (self, pr_virtual_dict_text (options, "Password")) &&
           (get_option (options, "RestoreDontCopyBackup", TRUE) || copy_backup (self)) && fetch_files (self);
}

static void
apply (Restore *self, plist_t options)
{
    gboolean removes = get_option (options, "RemoveItemsNotRestored", FALSE);
    pr_virtual_files_restore (self->backup->files, self->restored, !removes, self->odd, self->odd_digest);
    self->link->restarts = get_option (options, "RestoreShouldReboot", TRUE);
    pr_virtual_phone_count (self->backup->phone, "backups-restored");
}

static void
clear (Restore *self)
{
    g_clear_pointer (&self->manifest, pr_virtual_manifest_close);
    g_clear_pointer (&self->bag, pr_virtual_keybag_unref);
    g_clear_pointer (&self->cipher, EVP_CIPHER_CTX_free);
    pr_virtual_content_free (self->content);
    g_checksum_free (self->sum);
    g_array_unref (self->batch);
    g_array_unref (self->restored);
}

gboolean
pr_virtual_backup_restore (PrVirtualBackup *backup, plist_t request)
{
    Restore self = {
        .backup = backup,
        .link = backup->link,
        .content = pr_virtual_content_new (),
        .sum = g_checksum_new (G_CHECKSUM_SHA256),
        .batch = g_array_new (FALSE, FALSE, sizeof (Wanted)),
        .restored = g_array_new (FALSE, FALSE, sizeof (PrVirtualFile)),
        .cancellations = pr_virtual_notes_cancellations (),
    };
    plist_t options = plist_dict_get_item (request, "Options");
    gboolean done = run (&self, options);
    if (done)
        apply (&self, options);
    clear (&self);
    return done;
}
