/* Which system versions there are for a model, and which Apple still signs.
 *
 * Asks Apple's own list and that of ipsw.me, and puts them together: where both know a build, Apple's word counts. When
 * neither can be had, the copy of the last time serves, and says how old it is. A source that fails is quiet as long as
 * another one answers. Blocking; any thread but the main one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-firmware.h"
#include "pr-web.h"

#define PR_CATALOG_VERSION_LIST                                                                                        \
    "https://itunes.apple.com/WebObjects/MZStore.woa/wa/com.apple.jingle.appserver.client.MZITunesClientCheck/"        \
    "version/"
#define PR_CATALOG_IPSW_LIST "https://api.ipsw.me/v4/device/"

#define PR_TYPE_CATALOG (pr_catalog_get_type ())
G_DECLARE_FINAL_TYPE (PrCatalog, pr_catalog, PR, CATALOG, GObject)

/* Construct properties: "web" (PrWeb, needed), "version-list" (address of Apple's list), "ipsw-list" (beginning of the
 * addresses of the others; the model follows), "copies" (folder for the last answers; NULL: none are kept), "limit"
 * (seconds for one source). An empty address leaves a source out. */
PrCatalog *pr_catalog_new (PrWeb *web, const char *copies);

/**
 * pr_catalog_list:
 * @product_type: "iPhone14,7"
 * @age: (out) (optional): seconds since the list was fetched; 0: just now
 *
 * Errors: PR_ERROR_NO_VERSIONS (nobody tells, and there is no copy; the message has every source's reason),
 * _SIGN_IN_FIRST, _UNTRUSTED_SERVER; G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (element-type PrFirmware): newest first, never empty
 */
GPtrArray *pr_catalog_list (PrCatalog *self,
                            const char *product_type,
                            gint64 *age,
                            GCancellable *cancellable,
                            GError **error);
