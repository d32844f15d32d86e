// SPDX-License-Identifier: GPL-3.0-or-later
// com.apple.mobile.installation_proxy, which lists the apps, and com.apple.springboardservices, which has their icons.
#include "pr-virtual-apps.h"

#include "pr-virtual-services.h"

#define AT_ONCE 20 /* apps in one answer */

/* One grey pixel. */
static const char icon[] =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";

static void
set_text (plist_t dict, const char *key, const char *text)
{
    plist_dict_set_item (dict, key, plist_new_string (text));
}

static plist_t
describe_app (PrVirtualPhone *phone, const char *bundle)
{
    g_autofree char *name = pr_virtual_phone_setting (phone, "apps", bundle, "");
    g_autofree char *container = g_strconcat ("/private/var/containers/Bundle/", bundle, NULL);
    plist_t app = plist_new_dict ();
    set_text (app, "CFBundleIdentifier", bundle);
    set_text (app, "CFBundleDisplayName", name);
    set_text (app, "CFBundleVersion", "1");
    set_text (app, "CFBundleShortVersionString", "1.0");
    set_text (app, "ApplicationType", "User");
    set_text (app, "Path", container);
    plist_dict_set_item (app, "ApplicationSINF", plist_new_data ("sinf", 4));
    plist_dict_set_item (app, "iTunesMetadata", plist_new_data ("meta", 4));
    return app;
}

plist_t
pr_virtual_apps_describe (PrVirtualPhone *phone)
{
    g_auto (GStrv) bundles = pr_virtual_phone_setting_keys (phone, "apps");
    plist_t apps = plist_new_dict ();
    for (guint i = 0; bundles[i] != NULL; i++)
        plist_dict_set_item (apps, bundles[i], describe_app (phone, bundles[i]));
    return apps;
}

/* --- Which there are --- */

static gboolean
send_apps (PrVirtualPhone *phone, PrVirtualStream *stream, GStrv bundles, guint first)
{
    g_auto (plist_t) answer = plist_new_dict ();
    plist_t list = plist_new_array ();
    for (guint i = first; bundles[i] != NULL && i < first + AT_ONCE; i++)
        plist_array_append_item (list, describe_app (phone, bundles[i]));
    set_text (answer, "Status", "BrowsingApplications");
    plist_dict_set_item (answer, "CurrentIndex", plist_new_uint (first));
    plist_dict_set_item (answer, "CurrentAmount", plist_new_uint (plist_array_get_size (list)));
    plist_dict_set_item (answer, "CurrentList", list);
    return pr_virtual_stream_send (stream, answer);
}

static gboolean
send_word (PrVirtualStream *stream, const char *key, const char *word)
{
    g_auto (plist_t) answer = plist_new_dict ();
    set_text (answer, key, word);
    return pr_virtual_stream_send (stream, answer);
}

/* All of them are somebody's: there are no system apps here. */
static gboolean
browse (PrVirtualPhone *phone, PrVirtualStream *stream, plist_t request)
{
    const char *type = pr_virtual_dict_text (plist_dict_get_item (request, "ClientOptions"), "ApplicationType");
    g_auto (GStrv) bundles = pr_virtual_phone_setting_keys (phone, "apps");
    guint count = g_strcmp0 (type, "System") == 0 ? 0 : g_strv_length (bundles);
    for (guint i = 0; i < count; i += AT_ONCE)
        if (!send_apps (phone, stream, bundles, i))
            return FALSE;
    return send_word (stream, "Status", "Complete");
}

void
pr_virtual_apps_serve (PrVirtualPhone *phone, PrVirtualStream *stream)
{
    gboolean more = TRUE;
    while (more) {
        g_auto (plist_t) request = pr_virtual_stream_receive (stream);
        const char *command = pr_virtual_dict_text (request, "Command");
        if (g_strcmp0 (command, "Browse") == 0)
            more = browse (phone, stream, request);
        else
            more = request != NULL && send_word (stream, "Error", "UnknownCommand");
    }
}

/* --- Icons --- */

static gboolean
send_icon (PrVirtualStream *stream)
{
    g_auto (plist_t) answer = plist_new_dict ();
    gsize length;
    g_autofree guchar *data = g_base64_decode (icon, &length);
    plist_dict_set_item (answer, "pngData", plist_new_data ((const char *) data, length));
    return pr_virtual_stream_send (stream, answer);
}

void
pr_virtual_icons_serve (PrVirtualPhone *phone, PrVirtualStream *stream)
{
    gboolean more = TRUE;
    while (more) {
        g_auto (plist_t) request = pr_virtual_stream_receive (stream);
        const char *command = pr_virtual_dict_text (request, "command");
        if (g_strcmp0 (command, "getIconPNGData") == 0)
            more = send_icon (stream);
        else
            more = request != NULL && send_word (stream, "error", "UnknownCommand");
    }
}
