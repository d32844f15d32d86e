// SPDX-License-Identifier: GPL-3.0-or-later
// Backing up: what changed goes to the Snapshot folder first, and is moved over what was there when all has arrived.
#include "pr-virtual-run.h"

#include <string.h>
#include <unistd.h>

#include "pr-virtual-notes.h"

#define BATCH 200 /* files in one message */
#define SPARE_BYTES (128 * 1024 * 1024)
#define SINCE_2001 978307200

const PrVirtualFile *
pr_virtual_run_file (PrVirtualRun *self, guint index)
{
    return &g_array_index (self->files, PrVirtualFile, index);
}

gboolean
pr_virtual_run_is_wanted (PrVirtualRun *self)
{
    return pr_virtual_notes_cancellations () == self->cancellations ||
           pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_CANCELLED, "Backup cancelled");
}

plist_t
pr_virtual_run_new_date (void)
{
    return plist_new_date ((int32_t) (g_get_real_time () / G_USEC_PER_SEC - SINCE_2001), 0);
}

gboolean
pr_virtual_run_send_plist (PrVirtualRun *self, const char *name, plist_t plist)
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

gboolean
pr_virtual_run_send_status (PrVirtualRun *self, const char *state)
{
    if (!pr_virtual_link_phase (self->link, state))
        return FALSE;
    plist_t status = plist_new_dict ();
    plist_dict_set_item (status, "BackupState", plist_new_string ("new"));
    plist_dict_set_item (status, "Date", pr_virtual_run_new_date ());
    plist_dict_set_item (status, "IsFullBackup", plist_new_bool (self->full));
    plist_dict_set_item (status, "SnapshotState", plist_new_string (state));
    plist_dict_set_item (status, "UUID", plist_new_string (self->uuid));
    plist_dict_set_item (status, "Version", plist_new_string ("3.3"));
    return pr_virtual_run_send_plist (self, "Status.plist", status);
}

guint
pr_virtual_run_next (PrVirtualRun *self, guint index)
{
    while (index < self->files->len && self->marks[index] != PR_VIRTUAL_RUN_TO_SEND)
        index++;
    return index;
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
fits (PrVirtualRun *self, plist_t description)
{
    g_autoptr (GBytes) bag = pr_virtual_dict_bytes (description, "BackupKeyBag");
    if (description == NULL || pr_virtual_dict_flag (description, "IsEncrypted") != (self->bag != NULL))
        return FALSE;
    return self->bag == NULL || (bag != NULL && g_bytes_equal (bag, pr_virtual_keybag_bytes (self->bag)));
}

/* Sets the manifest that this backup changes; NULL: it begins anew. */
static gboolean
look_at_last (PrVirtualRun *self, gboolean forced)
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
    PrVirtualRun *self = data;
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
        self->marks[file - pr_virtual_run_file (self, 0)] = PR_VIRTUAL_RUN_UNCHANGED;
    return TRUE;
}

static void
count_work (PrVirtualRun *self)
{
    for (guint i = 0; i < self->files->len; i++) {
        if (self->marks[i] != PR_VIRTUAL_RUN_TO_SEND)
            continue;
        self->count++;
        self->bytes += pr_virtual_run_file (self, i)->size;
    }
}

static gboolean
begin_anew (PrVirtualRun *self)
{
    g_autofree char *path = pr_virtual_backup_own_path (self->backup, "Manifest.db");
    unlink (path);
    self->full = TRUE;
    self->manifest = pr_virtual_manifest_create (path);
    return self->manifest != NULL ||
           pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_IO, "the phone cannot write its manifest");
}

static gboolean
decide (PrVirtualRun *self, gboolean forced)
{
    self->bag = pr_virtual_backup_keybag (self->backup->phone);
    if (!pr_virtual_link_phase (self->link, "looking") || !look_at_last (self, forced))
        return FALSE;
    if (self->manifest != NULL && !pr_virtual_manifest_each (self->manifest, compare_row_cb, self)) {
        pr_virtual_manifest_close (g_steal_pointer (&self->manifest));
        memset (self->marks, PR_VIRTUAL_RUN_TO_SEND, self->files->len);
        g_ptr_array_set_size (self->gone, 0);
    }
    if (self->manifest == NULL && !begin_anew (self))
        return FALSE;
    count_work (self);
    return TRUE;
}

/* --- Room --- */

static gboolean
ask_for_room (PrVirtualRun *self, guint64 bytes)
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
check_room (PrVirtualRun *self)
{
    g_autofree char *full = pr_virtual_phone_fault (self->backup->phone, "backup-disk-full");
    guint64 needed = self->bytes + SPARE_BYTES, there = 0;
    if (!pr_virtual_link_phase (self->link, "room") || !pr_virtual_link_free_space (self->link, &there))
        return FALSE;
    return (full == NULL && there >= needed) || ask_for_room (self, needed);
}

/* --- Folders --- */

static gboolean
make_folder (PrVirtualRun *self, const char *name)
{
    g_autofree char *path = pr_virtual_backup_host_path (self->backup, name);
    return pr_virtual_link_make_folder (self->link, path);
}

static gboolean
make_folders (PrVirtualRun *self, const char *prefix)
{
    for (guint i = 0; i < PR_VIRTUAL_RUN_FOLDERS; i++) {
        g_autofree char *name = g_strdup_printf ("%s%02x", prefix, i);
        if (!make_folder (self, name))
            return FALSE;
    }
    return TRUE;
}

static gboolean
prepare_folders (PrVirtualRun *self)
{
    return pr_virtual_link_phase (self->link, "folders") &&
           pr_virtual_link_make_folder (self->link, self->backup->target) && make_folders (self, "") &&
           make_folder (self, "Snapshot") && make_folders (self, "Snapshot/");
}

/* --- All of it --- */

static gboolean
run (PrVirtualRun *self, gboolean forced)
{
    return pr_virtual_backup_ask_passcode (self->backup) && decide (self, forced) && check_room (self) &&
           prepare_folders (self) && pr_virtual_run_send_status (self, "uploading") &&
           pr_virtual_run_send_files (self) && pr_virtual_run_send_manifests (self) &&
           pr_virtual_run_is_wanted (self) && pr_virtual_run_move_all (self) && pr_virtual_run_remove_all (self) &&
           pr_virtual_run_send_status (self, "finished");
}

static void
clear (PrVirtualRun *self)
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
    PrVirtualRun self = {
        .backup = backup,
        .link = backup->link,
        .files = pr_virtual_files_snapshot (backup->files),
        .gone = g_ptr_array_new_with_free_func (g_free),
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
