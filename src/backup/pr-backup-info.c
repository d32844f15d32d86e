// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-info.h"

#include "pr-apps.h"

#define APPLE_EPOCH 978307200

/* Its names for what lockdownd calls otherwise; as iTunes writes them. */
static const struct {
    const char *name, *key;
} values[] = {
    { "Build Version", "BuildVersion" },
    { "Device Name", "DeviceName" },
    { "Display Name", "DeviceName" },
    { "ICCID", "IntegratedCircuitCardIdentity" },
    { "IMEI", "InternationalMobileEquipmentIdentity" },
    { "MEID", "MobileEquipmentIdentifier" },
    { "Phone Number", "PhoneNumber" },
    { "Product Type", "ProductType" },
    { "Product Version", "ProductVersion" },
    { "Serial Number", "SerialNumber" },
};

static void
add_app (plist_t app, gpointer info)
{
    plist_t names = plist_dict_get_item (info, "Installed Applications");
    plist_t apps = plist_dict_get_item (info, "Applications");
    g_autofree char *name = pr_plist_dup_word (app, "CFBundleIdentifier");
    plist_t entry;

    if (name == NULL)
        return;
    entry = plist_new_dict ();
    plist_dict_copy_item (entry, app, "ApplicationSINF", NULL);
    plist_dict_copy_item (entry, app, "iTunesMetadata", NULL);
    plist_array_append_item (names, plist_new_string (name));
    plist_dict_set_item (apps, name, entry);
}

/* A phone that does not tell its apps is backed up all the same. */
static void
browse_apps (plist_t info, PrLockdown *lockdown, GCancellable *cancellable)
{
    static const char *const attributes[] = { "CFBundleIdentifier", "ApplicationSINF", "iTunesMetadata", NULL };

    plist_dict_set_item (info, "Installed Applications", plist_new_array ());
    plist_dict_set_item (info, "Applications", plist_new_dict ());
    pr_apps_browse (lockdown, attributes, add_app, info, cancellable);
}

static gboolean
add_values (plist_t info, PrLockdown *lockdown, GCancellable *cancellable, GError **error)
{
    plist_t root = NULL;

    if (!pr_lockdown_read (lockdown, NULL, NULL, &root, cancellable, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
        if (pr_plist_get_item (root, values[i].key, PLIST_STRING) != NULL)
            plist_dict_copy_item (info, root, values[i].name, values[i].key);
    plist_free (root);
    return TRUE;
}

static void
add_text (plist_t info, const char *name, const char *text)
{
    plist_dict_set_item (info, name, plist_new_string (text));
}

GBytes *
pr_backup_info_create (PrLockdown *lockdown, const char *udid, GCancellable *cancellable, GError **error)
{
    g_auto (plist_t) info = plist_new_dict ();
    g_autofree char *guid = g_uuid_string_random ();
    g_autofree char *upper = g_ascii_strup (udid, -1);

    if (!add_values (info, lockdown, cancellable, error))
        return NULL;
    g_strdelimit (guid, "-", '0');
    browse_apps (info, lockdown, cancellable);
    add_text (info, "GUID", guid);
    add_text (info, "Target Identifier", udid);
    add_text (info, "Target Type", "Device");
    add_text (info, "Unique Identifier", upper);
    add_text (info, "iTunes Version", "12.13"); /* phones ask for at least 10.0.1 when they are restored */
    plist_dict_set_item (info, "Last Backup Date",
                         plist_new_date ((int32_t) (g_get_real_time () / G_USEC_PER_SEC - APPLE_EPOCH), 0));
    return pr_plist_to_bytes (info);
}
