/* Which servers are asked for system versions and for signatures, and whom they are believed by. Where it says nothing
 * it is Apple's, ipsw.me's, and this computer's own trust.
 *
 * Immutable; any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

typedef struct _PrCatalog PrCatalog;
typedef struct _PrWeb PrWeb;

typedef struct {
    const char *signing;      /* (nullable): beginning with https: */
    const char *version_list; /* (nullable): address of Apple's list; "": it is not asked */
    const char *ipsw_list;    /* (nullable): beginning of the addresses of ipsw.me's; "": it is not asked */
    const char *probe;        /* (nullable): see pr_web_look_for_sign_in() */
    const char *authority;    /* (nullable): a file of certificates (PEM): only servers that one of them vouches for are
                                 trusted, and no proxy is used */
    const char *copies;       /* (nullable): the folder for the last answers; none are kept without it */
} PrServers;

PrServers *pr_servers_new (const PrServers *like); /* (nullable); copied */
PrServers *pr_servers_ref (PrServers *self);
void pr_servers_unref (PrServers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrServers, pr_servers_unref)

/* Errors: G_IO_ERRORs and G_TLS_ERRORs of the file of certificates. Blocks as a disk does. */
PrWeb *pr_servers_make_web (const PrServers *self, GError **error);
PrCatalog *pr_servers_make_catalog (const PrServers *self, PrWeb *web);
