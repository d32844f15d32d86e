// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-info.h"

#define APPLE_EPOCH 978307200
#define MAX_ANSWERS 10000 /* of the phone about its apps */

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

static plist_t
create_browse (void)
{
    static const char *const attributes[] = { "CFBundleIdentifier", "ApplicationSINF", "iTunesMetadata" };
    plist_t request = plist_new_dict (), options = plist_new_dict (), wanted = plist_new_array ();

    for (gsize i = 0; i < G_N_ELEMENTS (attributes); i++)
        plist_array_append_item (wanted, plist_new_string (attributes[i]));
    plist_dict_set_item (options, "ApplicationType", plist_new_string ("User"));
    plist_dict_set_item (options, "ReturnAttributes", wanted);
    plist_dict_set_item (request, "Command", plist_new_string ("Browse"));
    plist_dict_set_item (request, "ClientOptions", options);
    return request;
}

static void
add_app (plist_t info, plist_t app)
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

/* FALSE: the last answer */
static gboolean
add_apps (plist_t info, PrWire *wire, GCancellable *cancellable)
{
    g_auto (plist_t) answer = pr_wire_receive_plist (wire, cancellable, NULL);
    g_autofree char *status = pr_plist_dup_word (answer, "Status");
    plist_t list = pr_plist_get_item (answer, "CurrentList", PLIST_ARRAY);

    for (guint32 i = 0; list != NULL && i < plist_array_get_size (list); i++)
        add_app (info, plist_array_get_item (list, i));
    return g_strcmp0 (status, "BrowsingApplications") == 0;
}

/* A phone that does not tell its apps is backed up all the same. */
static void
browse_apps (plist_t info, PrLockdown *lockdown, GCancellable *cancellable)
{
    g_autoptr (PrWire) wire =
        pr_lockdown_start_service (lockdown, "com.apple.mobile.installation_proxy", cancellable, NULL);
    g_auto (plist_t) request = create_browse ();

    plist_dict_set_item (info, "Installed Applications", plist_new_array ());
    plist_dict_set_item (info, "Applications", plist_new_dict ());
    if (wire == NULL || !pr_wire_send_plist (wire, request, cancellable, NULL))
        return;
    for (guint i = 0; i < MAX_ANSWERS && add_apps (info, wire, cancellable); i++)
        ;
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
