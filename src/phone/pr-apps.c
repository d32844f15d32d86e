// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-apps.h"

#define SERVICE "com.apple.mobile.installation_proxy"
#define MAX_ANSWERS 10000

static plist_t
new_browse (const char *const *attributes)
{
    plist_t request = plist_new_dict (), options = plist_new_dict (), wanted = plist_new_array ();

    for (gsize i = 0; attributes[i] != NULL; i++)
        plist_array_append_item (wanted, plist_new_string (attributes[i]));
    plist_dict_set_item (options, "ApplicationType", plist_new_string ("User"));
    plist_dict_set_item (options, "ReturnAttributes", wanted);
    plist_dict_set_item (request, "Command", plist_new_string ("Browse"));
    plist_dict_set_item (request, "ClientOptions", options);
    return request;
}

gboolean
pr_apps_browse (PrLockdown *lockdown,
                const char *const *attributes,
                PrAppFunc func,
                gpointer data,
                GCancellable *cancellable)
{
    g_autoptr (PrWire) wire = pr_lockdown_start_service (lockdown, SERVICE, cancellable, NULL);
    g_auto (plist_t) request = new_browse (attributes);

    if (wire == NULL || !pr_wire_send_plist (wire, request, cancellable, NULL))
        return FALSE;
    for (guint n = 0; n < MAX_ANSWERS; n++) {
        g_auto (plist_t) answer = pr_wire_receive_plist (wire, cancellable, NULL);
        g_autofree char *status = pr_plist_dup_word (answer, "Status");
        plist_t list = pr_plist_get_item (answer, "CurrentList", PLIST_ARRAY);

        for (guint32 i = 0; list != NULL && i < plist_array_get_size (list); i++)
            func (plist_array_get_item (list, i), data);
        if (g_strcmp0 (status, "BrowsingApplications") != 0)
            return g_strcmp0 (status, "Complete") == 0;
    }
    return FALSE;
}

static void
add (plist_t app, gpointer data)
{
    char *identifier = pr_plist_dup_word (app, "CFBundleIdentifier");

    if (identifier != NULL)
        g_hash_table_add (data, identifier);
}

GHashTable *
pr_apps_read (PrLockdown *lockdown, GCancellable *cancellable)
{
    static const char *const attributes[] = { "CFBundleIdentifier", NULL };
    g_autoptr (GHashTable) apps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

    return pr_apps_browse (lockdown, attributes, add, apps, cancellable) ? g_steal_pointer (&apps) : NULL;
}
