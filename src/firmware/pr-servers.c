// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-servers.h"

#include "pr-catalog.h"

PrServers *
pr_servers_new (const PrServers *like)
{
    PrServers *self = g_atomic_rc_box_new0 (PrServers);

    if (like == NULL)
        return self;
    self->signing = g_strdup (like->signing);
    self->version_list = g_strdup (like->version_list);
    self->ipsw_list = g_strdup (like->ipsw_list);
    self->probe = g_strdup (like->probe);
    self->authority = g_strdup (like->authority);
    self->copies = g_strdup (like->copies);
    return self;
}

PrServers *
pr_servers_ref (PrServers *self)
{
    return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
    PrServers *self = data;

    g_free ((char *) self->signing);
    g_free ((char *) self->version_list);
    g_free ((char *) self->ipsw_list);
    g_free ((char *) self->probe);
    g_free ((char *) self->authority);
    g_free ((char *) self->copies);
}

void
pr_servers_unref (PrServers *self)
{
    g_atomic_rc_box_release_full (self, clear);
}

PrWeb *
pr_servers_make_web (const PrServers *self, GError **error)
{
    g_autoptr (GTlsDatabase) trust = NULL;
    g_autoptr (GProxyResolver) direct = NULL;

    if (self->authority == NULL)
        return pr_web_new ();
    trust = g_tls_file_database_new (self->authority, error);
    if (trust == NULL)
        return NULL;
    direct = g_simple_proxy_resolver_new ("direct://", NULL);
    return g_object_new (PR_TYPE_WEB, "trust", trust, "proxies", direct, "probe", self->probe, NULL);
}

PrCatalog *
pr_servers_make_catalog (const PrServers *self, PrWeb *web)
{
    return g_object_new (PR_TYPE_CATALOG, "web", web, "copies", self->copies, "version-list",
                         self->version_list != NULL ? self->version_list : PR_CATALOG_VERSION_LIST, "ipsw-list",
                         self->ipsw_list != NULL ? self->ipsw_list : PR_CATALOG_IPSW_LIST, NULL);
}
