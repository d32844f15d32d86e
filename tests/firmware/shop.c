// SPDX-License-Identifier: GPL-3.0-or-later
#include "shop.h"

#include <string.h>

static PrWeb *
make_web (PrTestPhone *phone, double patience)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GTlsDatabase) trust =
        g_tls_file_database_new (pr_test_phone_environment (phone, "WEB_AUTHORITY"), &error);
    g_autoptr (GProxyResolver) direct = g_simple_proxy_resolver_new ("direct://", NULL);

    g_assert_no_error (error);
    return g_object_new (PR_TYPE_WEB, "trust", trust, "proxies", direct, "patience", patience, "probe",
                         pr_test_phone_environment (phone, "SIGN_IN_PROBE"), NULL);
}

static Shop *
set_up (PrTestPhone *phone, double patience)
{
    Shop *self = g_new0 (Shop, 1);

    self->phone = phone;
    self->path = pr_test_make_folder ();
    self->web = make_web (phone, patience);
    g_autofree char *files = g_build_filename (self->path, "files", NULL);
    g_autofree char *copies = g_build_filename (self->path, "copies", NULL);
    self->folder = pr_firmware_folder_new (files);
    self->catalog = g_object_new (PR_TYPE_CATALOG, "web", self->web, "copies", copies, "limit", patience * 4,
                                  "version-list", pr_test_phone_environment (phone, "VERSION_LIST"), "ipsw-list",
                                  pr_test_phone_environment (phone, "IPSW_LIST"), NULL);
    return self;
}

Shop *
shop_open (const char *scenario)
{
    return shop_open_with (scenario, SHOP_PATIENCE);
}

Shop *
shop_open_with (const char *scenario, double patience)
{
    pr_test_ignore_leaks_of_phone ();
    return set_up (pr_test_phone_start_text (scenario), patience);
}

Shop *
shop_open_named (const char *scenario)
{
    pr_test_ignore_leaks_of_phone ();
    return set_up (pr_test_phone_start (scenario), SHOP_PATIENCE);
}

void
shop_close (Shop *self)
{
    g_object_unref (self->catalog);
    g_object_unref (self->folder);
    g_object_unref (self->web);
    pr_test_remove_folder (self->path);
    pr_test_phone_stop (self->phone);
    g_free (self->path);
    g_free (self);
}

PrFirmware *
shop_get_newest (Shop *self)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) versions = pr_catalog_list (self->catalog, "iPhone14,7", NULL, NULL, &error);

    g_assert_no_error (error);
    return g_object_ref (versions->pdata[0]);
}

char *
shop_fetch (Shop *self, PrFirmware *firmware, GError **error)
{
    g_autoptr (PrFetch) fetch = pr_fetch_new (self->web, self->folder, firmware);

    return pr_fetch_run (fetch, NULL, error);
}

guint64
shop_get_sent (Shop *self)
{
    g_autofree char *sent = pr_test_phone_state (self->phone, "download-bytes");

    return g_ascii_strtoull (sent, NULL, 10);
}

void
shop_assert_file (const char *path, PrFirmware *firmware)
{
    g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);

    g_assert_nonnull (file);
    g_autoptr (GBytes) bytes = g_mapped_file_get_bytes (file);
    g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, bytes);
    g_assert_cmpstr (digest, ==, pr_firmware_get_facts (firmware)->digest);
}

static guint
count_in (const char *path, const char *suffix)
{
    g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
    const char *name;
    guint n = 0;

    while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
        n += g_str_has_suffix (name, suffix);
    return n;
}

guint
shop_count_files (Shop *self, const char *suffix)
{
    g_autofree char *ours = g_build_filename (pr_firmware_folder_get_path (self->folder), ".phone-reset", NULL);

    return count_in (pr_firmware_folder_get_path (self->folder), suffix) + count_in (ours, suffix);
}
