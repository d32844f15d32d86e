// SPDX-License-Identifier: GPL-3.0-or-later
#include "shop.h"

#include <string.h>

#include "pr-apple-list.h"
#include "pr-ipsw-list.h"

#define MODEL "iPhone14,7"
#define DIGEST "0123456789abcdef0123456789abcdef01234567"

/* --- What the sources say together --- */

static void
assert_newest (GPtrArray *versions)
{
    const PrFirmwareFacts *facts = pr_firmware_get_facts (versions->pdata[0]);

    g_assert_cmpstr (facts->product_type, ==, MODEL);
    g_assert_cmpstr (facts->version, ==, "17.6.1");
    g_assert_cmpstr (facts->build, ==, "21G93");
    g_assert_cmpint (facts->is_signed, ==, PR_SIGNED_YES);
    g_assert_true (g_str_has_prefix (facts->address, "https://localhost:"));
    g_assert_cmpuint (strlen (facts->digest), ==, 40);
}

static void
test_both (void)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Shop) shop = shop_open ("");
    gint64 age = -1;
    g_autoptr (GPtrArray) versions = pr_catalog_list (shop->catalog, MODEL, &age, NULL, &error);

    g_assert_no_error (error);
    g_assert_cmpint (age, ==, 0);
    g_assert_cmpuint (versions->len, ==, 2);
    assert_newest (versions);
    g_assert_cmpuint (pr_firmware_get_facts (versions->pdata[0])->size, >, 1000000);
    g_assert_cmpint (pr_firmware_get_facts (versions->pdata[0])->released, ==, 1722272400);
    g_assert_cmpstr (pr_firmware_get_facts (versions->pdata[1])->version, ==, "17.5.1");
    g_assert_cmpint (pr_firmware_get_facts (versions->pdata[1])->is_signed, ==, PR_SIGNED_NO);
}

/* Whatever one source does, the other serves; and quickly. */
static void
test_one_fails (void)
{
    static const char *const faults[] = { "500", "404", "huge", "deep", "garbage", "silent" };
    g_autoptr (Shop) shop = shop_open ("");

    for (guint i = 0; i < 2 * G_N_ELEMENTS (faults); i++) {
        g_autoptr (GError) error = NULL;
        const char *source = i % 2 == 0 ? "apple-list" : "ipsw-list";
        gint64 start = g_get_monotonic_time (), age = -1;

        pr_test_phone_tell (shop->phone, "fault %s %s", source, faults[i / 2]);
        g_autoptr (GPtrArray) versions = pr_catalog_list (shop->catalog, MODEL, &age, NULL, &error);
        g_test_message ("%s %s: %.2f s", source, faults[i / 2], (double) (g_get_monotonic_time () - start) / 1e6);
        g_assert_no_error (error);
        g_assert_cmpint (age, ==, 0);
        assert_newest (versions);
        g_assert_cmpuint (versions->len, ==, i % 2 == 0 ? 2 : 1);
        g_assert_cmpint (g_get_monotonic_time () - start, <, (gint64) (8 * SHOP_PATIENCE * G_USEC_PER_SEC));
        pr_test_phone_tell (shop->phone, "mend %s", source);
    }
}

/* --- When nobody tells --- */

static void
test_copy (void)
{
    g_autoptr (GError) error = NULL, none = NULL;
    g_autoptr (Shop) shop = shop_open ("");
    gint64 age = -1;

    pr_test_phone_tell (shop->phone, "fault servers-down");
    g_assert_null (pr_catalog_list (shop->catalog, MODEL, &age, NULL, &none));
    g_test_message ("%s", none->message);
    g_assert_error (none, PR_ERROR, PR_ERROR_NO_VERSIONS);
    g_assert_nonnull (strstr (none->message, "/version"));
    g_assert_nonnull (strstr (none->message, "/v4/device/"));

    pr_test_phone_tell (shop->phone, "mend servers-down");
    g_autoptr (GPtrArray) before = pr_catalog_list (shop->catalog, MODEL, &age, NULL, &error);
    g_assert_no_error (error);
    g_usleep (2 * G_USEC_PER_SEC);
    pr_test_phone_tell (shop->phone, "fault servers-down");
    g_autoptr (GPtrArray) after = pr_catalog_list (shop->catalog, MODEL, &age, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpint (age, >=, 1);
    g_assert_cmpint (age, <=, 60);
    g_assert_cmpuint (after->len, ==, before->len);
    for (guint i = 0; i < after->len; i++) {
        const PrFirmwareFacts *one = pr_firmware_get_facts (before->pdata[i]);
        const PrFirmwareFacts *other = pr_firmware_get_facts (after->pdata[i]);

        g_assert_cmpstr (one->version, ==, other->version);
        g_assert_cmpstr (one->build, ==, other->build);
        g_assert_cmpstr (one->address, ==, other->address);
        g_assert_cmpstr (one->digest, ==, other->digest);
        g_assert_cmpuint (one->size, ==, other->size);
        g_assert_cmpint (one->released, ==, other->released);
        g_assert_cmpint (one->is_signed, ==, other->is_signed);
    }
}

/* A copy that was tampered with is none. */
static void
test_bad_copy (void)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Shop) shop = shop_open ("[faults]\nservers-down=\n");
    g_autofree char *folder = g_build_filename (shop->path, "copies", NULL);
    g_autofree char *path = g_build_filename (folder, MODEL ".json", NULL);

    g_assert_no_errno (g_mkdir_with_parents (folder, 0700));
    g_assert_true (
        g_file_set_contents (path, "{\"identifier\":\"" MODEL "\",\"firmwares\":[{\"version\":1}]}", -1, NULL));
    g_assert_null (pr_catalog_list (shop->catalog, MODEL, NULL, NULL, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_NO_VERSIONS);
}

static const struct {
    const char *fault;
    const char *model;
    PrError code;
} refusals[] = {
    { "captive-portal", MODEL, PR_ERROR_SIGN_IN_FIRST },
    { "download-certificate expired", MODEL, PR_ERROR_UNTRUSTED_SERVER },
    { "download-certificate other-name", MODEL, PR_ERROR_UNTRUSTED_SERVER },
    { "nothing", "iPhone99,9", PR_ERROR_NO_VERSIONS },
    { "nothing", "../iPhone", PR_ERROR_NO_VERSIONS },
};

static void
test_refusals (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (refusals); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (Shop) shop = shop_open ("");

        pr_test_phone_tell (shop->phone, "fault %s", refusals[i].fault);
        g_assert_null (pr_catalog_list (shop->catalog, refusals[i].model, NULL, NULL, &error));
        g_test_message ("%s: %s", refusals[i].fault, error->message);
        g_assert_error (error, PR_ERROR, (int) refusals[i].code);
    }
}

/* A network that encrypts badly and shows a page to who asks in the open. */
static void
test_sign_in_behind_certificate (void)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Shop) shop = shop_open ("[faults]\ndownload-certificate=self-signed\ncaptive-portal=\n");

    g_assert_null (pr_catalog_list (shop->catalog, MODEL, NULL, NULL, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_SIGN_IN_FIRST);
}

static void
test_cancelled (void)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Shop) shop = shop_open ("");
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();

    g_cancellable_cancel (cancellable);
    g_assert_null (pr_catalog_list (shop->catalog, MODEL, NULL, cancellable, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* --- Hostile facts and lists --- */

static const PrFirmwareFacts good = {
    .product_type = MODEL,
    .version = "17.6.1",
    .build = "21G93",
    .address = "http://example.com/a/iPhone14,7_17.6.1_21G93_Restore.ipsw",
    .digest = DIGEST,
};

static void
test_facts (void)
{
    static const PrFirmwareFacts bad[] = {
        { .product_type = "../x" },
        { .product_type = "" },
        { .version = "17.6 beta" },
        { .version = "latest" },
        { .build = "21G93\n" },
        { .digest = "0123" },
        { .digest = "z123456789abcdef0123456789abcdef01234567" },
        { .address = "ftp://example.com/a.ipsw" },
        { .address = "protected://example.com/a.ipsw" },
        { .address = "https://example.com/a.zip" },
        { .address = "https://example.com/..%2f..%2fa.ipsw" },
        { .address = "https://example.com/.a.ipsw" },
        { .address = "https://example.com/" },
        { .address = "https://me:secret@example.com/a.ipsw" },
        { .address = "/etc/a.ipsw" },
        { .size = G_GUINT64_CONSTANT (1) << 60 },
    };
    g_autoptr (PrFirmware) firmware = pr_firmware_new (&good);

    g_assert_cmpstr (pr_firmware_get_facts (firmware)->address, ==,
                     "https://example.com/a/iPhone14,7_17.6.1_21G93_Restore.ipsw");
    g_assert_cmpstr (pr_firmware_get_file_name (firmware), ==, "iPhone14,7_17.6.1_21G93_Restore.ipsw");
    for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
        PrFirmwareFacts facts = good;

        facts.product_type = bad[i].product_type != NULL ? bad[i].product_type : good.product_type;
        facts.version = bad[i].version != NULL ? bad[i].version : good.version;
        facts.build = bad[i].build != NULL ? bad[i].build : good.build;
        facts.digest = bad[i].digest != NULL ? bad[i].digest : good.digest;
        facts.address = bad[i].address != NULL ? bad[i].address : good.address;
        facts.size = bad[i].size;
        g_test_message ("%u", i);
        g_assert_null (pr_firmware_new (&facts));
    }
}

static void
test_order (void)
{
    static const char *const versions[][2] = { { "9.3.5", "13G36" }, { "17.6", "21G80" }, { "17.6.1", "21G93" },
                                               { "17.10", "21K1" },  { "26.0", "23A1" },  { "26.0", "23A10" } };
    g_autoptr (GPtrArray) array = g_ptr_array_new_with_free_func (g_object_unref);

    for (guint i = 0; i < G_N_ELEMENTS (versions); i++) {
        PrFirmwareFacts facts = good;

        facts.version = versions[(i * 5) % 6][0];
        facts.build = versions[(i * 5) % 6][1];
        g_ptr_array_add (array, pr_firmware_new (&facts));
    }
    g_ptr_array_sort_values (array, pr_firmware_compare);
    for (guint i = 0; i < array->len; i++)
        g_assert_cmpstr (pr_firmware_get_facts (array->pdata[i])->build, ==, versions[5 - i][1]);
}

/* Some versions of a list are not what they should be; the others still count. */
static void
test_entries (void)
{
    static const char text[] =
        "{\"identifier\":\"" MODEL "\",\"firmwares\":[7,null,[],{},"
        "{\"version\":17,\"buildid\":\"A\",\"url\":\"https://e.com/a.ipsw\",\"sha1sum\":\"" DIGEST "\"},"
        "{\"version\":\"17.1\",\"buildid\":\"21B1\",\"url\":\"https://e.com/a.ipsw\",\"sha1sum\":\"\"},"
        "{\"version\":\"17.2\",\"buildid\":\"21C1\",\"url\":\"https://e.com/a.ipsw\",\"sha1sum\":\"" DIGEST "\","
        "\"filesize\":-5,\"signed\":\"yes\",\"releasedate\":\"soon\"}]}";
    g_autoptr (GBytes) list = g_bytes_new_static (text, strlen (text));
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) versions = pr_ipsw_list_read (list, MODEL, &error);

    g_assert_no_error (error);
    g_assert_cmpuint (versions->len, ==, 1);
    g_assert_cmpstr (pr_firmware_get_facts (versions->pdata[0])->version, ==, "17.2");
    g_assert_cmpuint (pr_firmware_get_facts (versions->pdata[0])->size, ==, 0);
    g_assert_cmpint (pr_firmware_get_facts (versions->pdata[0])->is_signed, ==, PR_SIGNED_UNKNOWN);
    g_assert_cmpint (pr_firmware_get_facts (versions->pdata[0])->released, ==, 0);
}

static void
test_no_lists (void)
{
    static const char *const texts[] = {
        "",
        "null",
        "[]",
        "{}",
        "{\"identifier\":\"iPhone1,1\",\"firmwares\":[]}",
        "{\"identifier\":\"" MODEL "\"}",
        "{\"identifier\":\"" MODEL "\",\"firmwares\":{}}",
        "\xff\xfe",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
        "<plist><array/></plist>",
        "<plist><dict><key>MobileDeviceSoftwareVersionsByVersion</key><array/></dict></plist>",
    };

    for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
        g_autoptr (GBytes) list = g_bytes_new_static (texts[i], strlen (texts[i]));
        g_autoptr (GError) one = NULL, other = NULL;

        g_assert_null (pr_ipsw_list_read (list, MODEL, &one));
        g_assert_error (one, PR_ERROR, PR_ERROR_NO_VERSIONS);
        g_assert_null (pr_apple_list_read (list, MODEL, &other));
        g_assert_error (other, PR_ERROR, PR_ERROR_NO_VERSIONS);
    }
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/catalog/both", test_both);
    g_test_add_func ("/catalog/one-fails", test_one_fails);
    g_test_add_func ("/catalog/copy", test_copy);
    g_test_add_func ("/catalog/bad-copy", test_bad_copy);
    g_test_add_func ("/catalog/refusals", test_refusals);
    g_test_add_func ("/catalog/sign-in-behind-certificate", test_sign_in_behind_certificate);
    g_test_add_func ("/catalog/cancelled", test_cancelled);
    g_test_add_func ("/catalog/facts", test_facts);
    g_test_add_func ("/catalog/order", test_order);
    g_test_add_func ("/catalog/entries", test_entries);
    g_test_add_func ("/catalog/no-lists", test_no_lists);
    return g_test_run ();
}
