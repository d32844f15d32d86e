// SPDX-License-Identifier: GPL-3.0-or-later
// The end of a backup: its manifests, and then what it has in the place of what was there.
#include "pr-virtual-run.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "pr-virtual-apps.h"

/* --- Manifests --- */

static void
describe_phone (PrVirtualRun *self, plist_t description)
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
describe_encryption (PrVirtualRun *self, plist_t description)
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
describe_backup (PrVirtualRun *self)
{
    plist_t description = plist_new_dict ();
    g_autofree char *passcode = pr_virtual_phone_setting (self->backup->phone, "phone", "passcode", "none");
    plist_dict_set_item (description, "Applications", pr_virtual_apps_describe (self->backup->phone));
    plist_dict_set_item (description, "Date", pr_virtual_run_new_date ());
    plist_dict_set_item (description, "SystemDomainsVersion", plist_new_string ("24.0"));
    plist_dict_set_item (description, "Version", plist_new_string ("10.0"));
    plist_dict_set_item (description, "WasPasscodeSet", plist_new_bool (!g_str_equal (passcode, "none")));
    describe_phone (self, description);
    describe_encryption (self, description);
    return description;
}

static gboolean
finish_manifest (PrVirtualRun *self)
{
    gboolean good = TRUE;
    for (guint i = 0; good && i < self->gone->len; i++)
        good = pr_virtual_manifest_remove (self->manifest, self->gone->pdata[i]);
    good = pr_virtual_manifest_close (g_steal_pointer (&self->manifest)) && good;
    return good || pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_IO, "the phone cannot write its manifest");
}

static gboolean
send_database (PrVirtualRun *self)
{
    g_autofree char *plain = pr_virtual_backup_own_path (self->backup, "Manifest.db");
    g_autofree char *sealed = pr_virtual_backup_own_path (self->backup, "Manifest.encrypted");
    g_autofree char *host = pr_virtual_backup_host_path (self->backup, "Snapshot/Manifest.db");
    if (self->bag != NULL && !pr_virtual_cipher_file (self->manifest_key, TRUE, plain, sealed))
        return pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_IO, "the phone cannot write its manifest");
    return pr_virtual_link_upload_file (self->link, host, self->bag != NULL ? sealed : plain);
}

gboolean
pr_virtual_run_send_manifests (PrVirtualRun *self)
{
    self->link->progress = 80;
    return pr_virtual_link_phase (self->link, "manifests") && finish_manifest (self) &&
           pr_virtual_run_send_plist (self, "Snapshot/Manifest.plist", describe_backup (self)) && send_database (self);
}

/* --- Moving --- */

static void
add_move (PrVirtualRun *self, plist_t moves, const char *name)
{
    g_autofree char *from = g_strconcat (self->backup->target, "/Snapshot/", name, NULL);
    g_autofree char *to = pr_virtual_backup_host_path (self->backup, name);
    plist_dict_set_item (moves, from, plist_new_string (to));
}

static void
add_file_move (PrVirtualRun *self, plist_t moves, guint index)
{
    PrVirtualFilePath path;
    char id[PR_VIRTUAL_ID_SIZE], name[PR_VIRTUAL_ID_SIZE + 3];
    pr_virtual_file_get_path (pr_virtual_run_file (self, index), &path);
    pr_virtual_manifest_make_id (path.domain, path.path, id);
    g_snprintf (name, sizeof name, "%.2s/%s", id, id);
    add_move (self, moves, name);
}

static gboolean
move_batch (PrVirtualRun *self, guint *index)
{
    plist_t moves = plist_new_dict ();
    guint64 left = MIN (self->batch, self->link->cut_moving - self->link->moves);
    for (; *index < self->files->len && left > 0; *index = pr_virtual_run_next (self, *index + 1)) {
        add_file_move (self, moves, *index);
        left--;
    }
    if (plist_dict_get_size (moves) > 0)
        return pr_virtual_link_move (self->link, moves);
    plist_free (moves);
    return TRUE;
}

static gboolean
move_one (PrVirtualRun *self, const char *name)
{
    plist_t moves = plist_new_dict ();
    add_move (self, moves, name);
    return pr_virtual_link_move (self->link, moves);
}

static gboolean
move_manifests (PrVirtualRun *self)
{
    if (!move_one (self, "Manifest.plist"))
        return FALSE;
    g_autofree char *cut = pr_virtual_phone_fault (self->backup->phone, "backup-cut-between-manifests");
    if (cut != NULL)
        return pr_virtual_link_cut (self->link);
    return move_one (self, "Manifest.db");
}

gboolean
pr_virtual_run_move_all (PrVirtualRun *self)
{
    if (!pr_virtual_run_send_status (self, "moving"))
        return FALSE;
    self->link->progress = 90;
    self->link->moves = 0;
    for (guint i = pr_virtual_run_next (self, 0); i < self->files->len;) {
        if (self->link->moves >= self->link->cut_moving)
            return pr_virtual_link_cut (self->link);
        if (!move_batch (self, &i))
            return FALSE;
    }
    return self->link->moves >= self->link->cut_moving ? pr_virtual_link_cut (self->link) : move_manifests (self);
}

/* --- Removing --- */

static gboolean
remove_batch (PrVirtualRun *self, GPtrArray *names, guint first)
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
remove_files (PrVirtualRun *self, GPtrArray *names)
{
    for (guint i = 0; i < names->len; i += self->batch)
        if (!remove_batch (self, names, i))
            return FALSE;
    return TRUE;
}

/* What is in the folder @name and not in the manifest. */
static gboolean
add_strays (PrVirtualRun *self, PrVirtualManifest *manifest, const char *name, GPtrArray *strays)
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
remove_strays (PrVirtualRun *self)
{
    g_autofree char *path = pr_virtual_backup_own_path (self->backup, "Manifest.db");
    g_autoptr (GPtrArray) strays = g_ptr_array_new_with_free_func (g_free);
    PrVirtualManifest *manifest = pr_virtual_manifest_open (path);
    gboolean good = manifest != NULL;
    for (guint i = 0; good && i < PR_VIRTUAL_RUN_FOLDERS; i++) {
        g_autofree char *name = g_strdup_printf ("%02x", i);
        good = add_strays (self, manifest, name, strays);
    }
    g_clear_pointer (&manifest, pr_virtual_manifest_close);
    return good && remove_files (self, strays);
}

static gboolean
remove_snapshot (PrVirtualRun *self)
{
    plist_t paths = plist_new_array ();
    g_autofree char *path = pr_virtual_backup_host_path (self->backup, "Snapshot");
    plist_array_append_item (paths, plist_new_string (path));
    return pr_virtual_link_remove (self->link, paths);
}

gboolean
pr_virtual_run_remove_all (PrVirtualRun *self)
{
    if (!pr_virtual_run_send_status (self, "removing"))
        return FALSE;
    self->link->progress = 95;
    return remove_files (self, self->gone) && (!self->full || !self->had_before || remove_strays (self)) &&
           remove_snapshot (self);
}
