// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-error.h"
#include "pr-ipsw.h"
#include "pr-manifest-text.h"
#include "run-ipsw-tool.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <zip.h>

#define UPGRADE "Customer Upgrade Install (IPSW)"
#define ERASE "Customer Erase Install (IPSW)"

typedef struct {
    char *folder;
    char *path;
} Fixture;

typedef struct {
    const char *board;
    const char *variant;
    const char *behaviour;
} Identity;

static const Identity both[] = {
    { "d27ap", ERASE, "Erase" },
    { "d27ap", UPGRADE, "Update" },
    { "d28ap", ERASE, "Erase" },
    { "d28ap", UPGRADE, "Update" },
    { NULL },
};

static void
set_up (Fixture *fixture, gconstpointer data)
{
    fixture->folder = g_dir_make_tmp ("phone-reset-test-XXXXXX", NULL);
    fixture->path = g_build_filename (fixture->folder, "system.ipsw", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
    g_remove (fixture->path);
    g_assert_no_errno (g_rmdir (fixture->folder));
    g_free (fixture->path);
    g_free (fixture->folder);
}

static char *
write_manifest (const Identity *identities, const char *build, const char *part)
{
    GString *text = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                  "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                                  "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
                                  "<plist version=\"1.0\"><dict><key>BuildIdentities</key><array>");

    for (; identities->board != NULL; identities++)
        g_string_append_printf (text,
                                "<dict><key>Info</key><dict><key>DeviceClass</key><string>%s</string>"
                                "<key>Variant</key><string>%s</string><key>RestoreBehavior</key><string>%s</string>"
                                "</dict><key>Manifest</key><dict><key>iBEC</key><dict><key>Info</key><dict>"
                                "<key>Path</key><string>Firmware/dfu/iBEC.im4p</string></dict></dict>"
                                "<key>OS</key><dict><key>Info</key><dict><key>Path</key><string>%s</string></dict>"
                                "</dict><key>Cryptex</key><dict/></dict></dict>",
                                identities->board, identities->variant, identities->behaviour, part);
    g_string_append_printf (text,
                            "</array><key>ProductBuildVersion</key><string>%s</string><key>ProductVersion</key>"
                            "<string>17.6.1</string><key>SupportedProductTypes</key><array>"
                            "<string>iPhone14,7</string><string>iPhone14,8</string></array></dict></plist>",
                            build);
    return g_string_free_and_steal (text);
}

static void
add (zip_t *zip, const char *name, const char *data, gsize length, gboolean store)
{
    zip_source_t *source = zip_source_buffer (zip, data, length, 0);
    zip_int64_t index = zip_file_add (zip, name, source, ZIP_FL_ENC_UTF_8);

    g_assert_cmpint (index, >=, 0);
    zip_set_file_compression (zip, (zip_uint64_t) index, store ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 1);
}

static void
make (const char *path, const char *manifest, gsize length)
{
    g_autofree char *image = g_malloc0 (100 * 1024);
    zip_t *zip = zip_open (path, ZIP_CREATE | ZIP_TRUNCATE, NULL);

    g_assert_nonnull (zip);
    add (zip, "BuildManifest.plist", manifest, length, FALSE);
    add (zip, "Firmware/dfu/iBEC.im4p", "boot stage", 10, FALSE);
    for (gsize i = 0; i < 100 * 1024; i++)
        image[i] = (char) (i * 7 + i / 255);
    add (zip, "system.dmg", image, 100 * 1024, TRUE);
    g_assert_cmpint (zip_close (zip), ==, 0);
}

static void
make_with (const char *path, const Identity *identities, const char *build, const char *part)
{
    g_autofree char *manifest = write_manifest (identities, build, part);

    make (path, manifest, strlen (manifest));
}

static void
test_good (Fixture *fixture, gconstpointer data)
{
    g_autoptr (GError) error = NULL;
    struct stat status;

    make_with (fixture->path, both, "21G93", "system.dmg");
    g_autoptr (PrIpsw) ipsw = pr_ipsw_open (fixture->path, NULL, &error);
    g_assert_no_error (error);
    g_assert_no_errno (stat (fixture->path, &status));
    g_assert_cmpstr (pr_ipsw_get_path (ipsw), ==, fixture->path);
    g_assert_cmpstr (pr_ipsw_get_version (ipsw), ==, "17.6.1");
    g_assert_cmpstr (pr_ipsw_get_build (ipsw), ==, "21G93");
    g_assert_cmpuint (pr_ipsw_get_size (ipsw), ==, status.st_size);
    g_assert_true (pr_ipsw_supports (ipsw, "iPhone14,8"));
    g_assert_false (pr_ipsw_supports (ipsw, "iPhone14,9"));
    g_assert_true (pr_ipsw_check (ipsw, "iPhone14,7", "D27AP", TRUE, &error));
    g_assert_true (pr_ipsw_check (ipsw, "iPhone14,7", "d27ap", FALSE, &error));
    g_assert_no_error (error);
}

/* Guard rail 2: what is not proven to keep data is refused. -1: allowed. */
static const struct {
    const char *name;
    Identity identities[3];
    const char *build;
    const char *part;
    int update;
    int restore;
} proofs[] = {
    { "both", { { "d27ap", UPGRADE, "Update" }, { "d27ap", ERASE, "Erase" } }, "21G93", "system.dmg", -1, -1 },
    { "erase only", { { "d27ap", ERASE, "Erase" } }, "21G93", "system.dmg", PR_ERROR_NO_KEEPING_DATA, -1 },
    { "update only", { { "d27ap", UPGRADE, "Update" } }, "21G93", "system.dmg", -1, PR_ERROR_WRONG_MODEL },
    { "update that erases",
      { { "d27ap", UPGRADE, "Erase" }, { "d27ap", ERASE, "Erase" } },
      "21G93",
      "system.dmg",
      PR_ERROR_NO_KEEPING_DATA,
      -1 },
    { "two updates",
      { { "d27ap", UPGRADE, "Update" }, { "d27ap", UPGRADE, "Update" } },
      "21G93",
      "system.dmg",
      PR_ERROR_NO_KEEPING_DATA,
      PR_ERROR_WRONG_MODEL },
    { "an update and its double that erases",
      { { "d27ap", UPGRADE, "Update" }, { "d27ap", UPGRADE, "Erase" } },
      "21G93",
      "system.dmg",
      PR_ERROR_NO_KEEPING_DATA,
      PR_ERROR_WRONG_MODEL },
    { "nearly the variant",
      { { "d27ap", "Customer Upgrade Install (IPSW) ", "Update" } },
      "21G93",
      "system.dmg",
      PR_ERROR_NO_KEEPING_DATA,
      PR_ERROR_WRONG_MODEL },
    { "research only",
      { { "d27ap", "Research Customer Erase Install (IPSW)", "Erase" } },
      "21G93",
      "system.dmg",
      PR_ERROR_NO_KEEPING_DATA,
      PR_ERROR_WRONG_MODEL },
    { "of another board",
      { { "d28ap", UPGRADE, "Update" }, { "d28ap", ERASE, "Erase" } },
      "21G93",
      "system.dmg",
      PR_ERROR_WRONG_MODEL,
      PR_ERROR_WRONG_MODEL },
    { "update of another board",
      { { "d28ap", UPGRADE, "Update" }, { "d27ap", ERASE, "Erase" } },
      "21G93",
      "system.dmg",
      PR_ERROR_NO_KEEPING_DATA,
      -1 },
    { "too old for identities",
      { { "d27ap", UPGRADE, "Update" }, { "d27ap", ERASE, "Erase" } },
      "7A341",
      "system.dmg",
      PR_ERROR_NO_KEEPING_DATA,
      -1 },
    { "part missing",
      { { "d27ap", UPGRADE, "Update" }, { "d27ap", ERASE, "Erase" } },
      "21G93",
      "other.dmg",
      PR_ERROR_FILE_DAMAGED,
      PR_ERROR_FILE_DAMAGED },
    { "part outside",
      { { "d27ap", UPGRADE, "Update" }, { "d27ap", ERASE, "Erase" } },
      "21G93",
      "../system.dmg",
      PR_ERROR_FILE_DAMAGED,
      PR_ERROR_FILE_DAMAGED },
};

static void
assert_check (PrIpsw *ipsw, gboolean keep_data, int expected, const char *name)
{
    g_autoptr (GError) error = NULL;
    gboolean good = pr_ipsw_check (ipsw, "iPhone14,7", "d27ap", keep_data, &error);

    g_test_message ("%s, %s: %s", name, keep_data ? "update" : "restore", good ? "allowed" : error->message);
    g_assert_cmpint (good, ==, expected == -1);
    if (!good)
        g_assert_error (error, PR_ERROR, expected);
}

static void
test_proofs (Fixture *fixture, gconstpointer data)
{
    for (guint i = 0; i < G_N_ELEMENTS (proofs); i++) {
        g_autoptr (GError) error = NULL;

        make_with (fixture->path, proofs[i].identities, proofs[i].build, proofs[i].part);
        g_autoptr (PrIpsw) ipsw = pr_ipsw_open (fixture->path, NULL, &error);
        g_assert_no_error (error);
        assert_check (ipsw, TRUE, proofs[i].update, proofs[i].name);
        assert_check (ipsw, FALSE, proofs[i].restore, proofs[i].name);
    }
}

static void
test_other_model (Fixture *fixture, gconstpointer data)
{
    g_autoptr (GError) error = NULL;

    make_with (fixture->path, both, "21G93", "system.dmg");
    g_autoptr (PrIpsw) ipsw = pr_ipsw_open (fixture->path, NULL, &error);
    g_assert_no_error (error);
    g_assert_false (pr_ipsw_check (ipsw, "iPhone15,2", "d27ap", FALSE, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_WRONG_MODEL);
}

/* Opening and checking must fail as damaged, with little work and without much memory; in a process of its own, because
 * this one has had the file in memory too. */
static void
assert_damaged (const char *path, const char *name)
{
    g_autofree char *nick = run_ipsw_tool (NULL, path, name);

    g_assert_cmpstr (nick, ==, "file-damaged");
}

static void
put (const char *path, gconstpointer data, gsize length)
{
    g_autoptr (GError) error = NULL;

    g_file_set_contents (path, data, (gssize) length, &error);
    g_assert_no_error (error);
}

static void
test_cut (Fixture *fixture, gconstpointer data)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;

    make_with (fixture->path, both, "21G93", "system.dmg");
    g_assert_true (g_file_get_contents (fixture->path, &bytes, &length, NULL));
    for (gsize end = 0; end < length; end += end < length - 600 ? 5003 : 7) {
        g_autofree char *name = g_strdup_printf ("%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT, end, length);
        put (fixture->path, bytes, end);
        assert_damaged (fixture->path, name);
    }
}

static void
test_hole (Fixture *fixture, gconstpointer data)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;

    make_with (fixture->path, both, "21G93", "system.dmg");
    g_assert_true (g_file_get_contents (fixture->path, &bytes, &length, NULL));
    memmove (bytes + 20000, bytes + 30000, length - 30000);
    put (fixture->path, bytes, length - 10000);
    assert_damaged (fixture->path, "a hole in the middle");
}

/* Fields of the zip format that a file may lie about: where, counted from the signature; how many bytes; the lie. */
static const struct {
    const char *name;
    const char *signature;
    guint which; /* nth occurrence, from 0 */
    guint at, length;
    guint32 value;
} lies[] = {
    { "more entries", "PK\5\6", 0, 8, 4, 0x00040004 },
    { "fewer entries", "PK\5\6", 0, 8, 4, 0x00020002 },
    { "very many entries", "PK\5\6", 0, 8, 4, 0xfffefffe },
    { "wide end without one", "PK\5\6", 0, 8, 4, 0xffffffff },
    { "huge table", "PK\5\6", 0, 12, 4, 0xfffffffe },
    { "table beyond the end", "PK\5\6", 0, 16, 4, 0x7fffffff },
    { "table at the start", "PK\5\6", 0, 16, 4, 0 },
    { "other disk", "PK\5\6", 0, 4, 2, 1 },
    { "comment longer than the file", "PK\5\6", 0, 20, 2, 500 },
    { "encrypted", "PK\1\2", 0, 8, 2, 1 },
    { "unknown compression", "PK\1\2", 0, 10, 2, 99 },
    { "manifest unpacks to more", "PK\1\2", 0, 24, 4, 40000 },
    { "manifest unpacks to less", "PK\1\2", 0, 24, 4, 100 },
    { "manifest unpacks to gigabytes", "PK\1\2", 0, 24, 4, 0xfffffff0 },
    { "manifest packed in more", "PK\1\2", 0, 20, 4, 0x10000 },
    { "wrong checksum", "PK\1\2", 0, 16, 4, 0x12345678 },
    { "manifest elsewhere", "PK\1\2", 0, 42, 4, 64 },
    { "overlapping entries", "PK\1\2", 2, 42, 4, 0 },
    { "stored with two sizes", "PK\1\2", 2, 24, 4, 5 },
    { "image beyond the end", "PK\1\2", 2, 42, 4, 0x70000000 },
    { "long name", "PK\1\2", 2, 28, 2, 0xffff },
    { "name with a NUL", "PK\1\2", 2, 46, 1, 0 },
    { "absolute name", "PK\1\2", 2, 46, 1, '/' },
    { "name that leads up", "PK\1\2", 2, 46, 3, '.' | '.' << 8 | '/' << 16 },
    { "backslash", "PK\1\2", 2, 48, 1, '\\' },
    { "local header gone", "PK\3\4", 2, 0, 4, 0 },
    { "local name differs", "PK\3\4", 2, 30, 1, 'X' },
    { "local extra field too long", "PK\3\4", 2, 28, 2, 0xffff },
};

static guint8 *
find (guint8 *bytes, gsize length, const char *signature, guint which)
{
    guint8 *at = bytes;

    for (guint n = 0; (at = memmem (at, length - (gsize) (at - bytes), signature, 4)) != NULL; at++) {
        if (n++ == which)
            return at;
    }
    g_assert_not_reached ();
}

static void
test_lies (Fixture *fixture, gconstpointer data)
{
    for (guint i = 0; i < G_N_ELEMENTS (lies); i++) {
        g_autofree char *bytes = NULL;
        gsize length = 0;

        make_with (fixture->path, both, "21G93", "system.dmg");
        g_assert_true (g_file_get_contents (fixture->path, &bytes, &length, NULL));
        guint8 *at = find ((guint8 *) bytes, length, lies[i].signature, lies[i].which);
        for (guint k = 0; k < lies[i].length; k++)
            at[lies[i].at + k] = (guint8) (lies[i].value >> 8 * k);
        put (fixture->path, bytes, length);
        assert_damaged (fixture->path, lies[i].name);
    }
}

static char *
repeat (const char *before, const char *text, gsize times, const char *after)
{
    GString *all = g_string_new (before);

    for (gsize i = 0; i < times; i++)
        g_string_append (all, text);
    g_string_append (all, after);
    return g_string_free_and_steal (all);
}

static const struct {
    const char *name;
    const char *before, *text;
    gsize times;
    const char *after;
} manifests[] = {
    { "empty", "", "", 0, "" },
    { "no plist", "hello", "", 0, "" },
    { "another plist", "<plist><dict><key>a</key><string>b</string></dict></plist>", "", 0, "" },
    { "not a dictionary", "<plist><array/></plist>", "", 0, "" },
    { "bomb of zeros", "", "00000000000000000000000000000000", 4 * 1024 * 1024, "" },
    { "spaces up to the limit", "<plist><dict>", "                ", 768 * 1024 - 100, "</dict></plist>" },
    { "spaces past the limit", "<plist><dict>", "                ", 768 * 1024, "</dict></plist>" },
    { "deep arrays up to the limit", "<plist>", "<array>", 1500 * 1024, "</plist>" },
    { "deep arrays", "<plist>", "<array>", 4 * 1024 * 1024, "</plist>" },
    { "deep, closed", "<plist>", "<array><array><array></array>", 1024 * 1024, "</plist>" },
    { "deep, hidden in comments", "<plist>", "<array><!--</array>-->", 1024 * 1024, "</plist>" },
    { "deep, hidden in CDATA", "<plist>", "<array><string><![CDATA[</array>]]></string>", 500 * 1024, "</plist>" },
    { "deep, hidden in attributes", "<plist>", "<array><key a=\"></array>\"/>", 500 * 1024, "</plist>" },
    { "deep, hidden in instructions", "<plist>", "<array><?x ></array> ?>", 500 * 1024, "</plist>" },
    { "a list up to the limit", "<plist><array>", "<true/>", 20000, "</array></plist>" },
    { "keys up to the limit", "<plist><dict>", "<key>a</key><true/>", 6666, "</dict></plist>" },
    { "many nodes", "<plist><array>", "<true/>", 4 * 1024 * 1024, "</array></plist>" },
    { "entities", "<!DOCTYPE plist [<!ENTITY a \"aaaa\">]><plist>", "<string>&a;</string>", 10, "</plist>" },
    { "unended tag", "<plist><dict><key", "", 0, "" },
    { "binary", "bplist00\xd1\x01\x02", "", 0, "" },
};

static void
test_manifests (Fixture *fixture, gconstpointer data)
{
    for (guint i = 0; i < G_N_ELEMENTS (manifests); i++) {
        g_autofree char *text = repeat (manifests[i].before, manifests[i].text, manifests[i].times, manifests[i].after);

        make (fixture->path, text, strlen (text));
        assert_damaged (fixture->path, manifests[i].name);
    }
}

/* As many tags as are allowed, in lists as long as are allowed, are little work too; one more in a list is refused. */
static void
test_limits (Fixture *fixture, gconstpointer data)
{
    g_autofree char *list = repeat ("<array>", "<true/>", 20000, "</array>");
    g_autofree char *lists = repeat ("<plist><array>", list, 14, "</array></plist>");
    g_autofree char *longer = repeat ("<plist><array>", "<true/>", 20001, "</array></plist>");

    g_assert_true (pr_manifest_text_is_plain (lists, strlen (lists), 300000));
    g_assert_false (pr_manifest_text_is_plain (lists, strlen (lists), 280000));
    g_assert_false (pr_manifest_text_is_plain (longer, strlen (longer), 300000));
    make (fixture->path, lists, strlen (lists));
    assert_damaged (fixture->path, "as much as is allowed");
    g_autofree char *word = g_strnfill (5800, 'x');
    g_autofree char *string = g_strconcat ("<string>", word, "</string>", NULL);
    g_autofree char *strings = repeat ("", string, 2100, "");
    g_autofree char *all = repeat ("<plist><array>", list, 13, strings);
    g_autofree char *whole = g_strconcat (all, "</array></plist>", NULL);
    make (fixture->path, whole, strlen (whole));
    assert_damaged (fixture->path, "and as much text as is allowed");
}

/* Keys that are there, but of another type. */
static void
test_types (Fixture *fixture, gconstpointer data)
{
    static const char *const swaps[][2] = {
        { "<key>BuildIdentities</key><array>", "<key>Other</key><array>" },
        { "<string>17.6.1</string>", "<integer>17</integer>" },
        { "<string>17.6.1</string>", "<string>\xff\xfe</string>" },
        { "<string>21G93</string>", "<true/>" },
        { "<string>21G93</string>", "<string></string>" },
        { "<key>SupportedProductTypes</key><array>", "<key>Other</key><array>" },
        { "<string>system.dmg</string>", "<dict/>" },
        { "<key>Manifest</key>", "<key>Other</key>" },
    };
    g_autofree char *good = write_manifest (both, "21G93", "system.dmg");

    for (guint i = 0; i < G_N_ELEMENTS (swaps); i++) {
        g_auto (GStrv) parts = g_strsplit (good, swaps[i][0], -1);
        g_autofree char *text = g_strjoinv (swaps[i][1], parts);

        g_assert_cmpstr (text, !=, good);
        make (fixture->path, text, strlen (text));
        g_autofree char *name = g_strescape (swaps[i][1], NULL);
        assert_damaged (fixture->path, name);
    }
}

static void
test_unreadable (Fixture *fixture, gconstpointer data)
{
    g_autoptr (GError) none = NULL, folder = NULL, pipe = NULL;

    g_assert_null (pr_ipsw_open (fixture->path, NULL, &none));
    g_assert_error (none, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
    g_assert_null (pr_ipsw_open (fixture->folder, NULL, &folder));
    g_assert_error (folder, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
    g_assert_no_errno (mkfifo (fixture->path, 0600));
    g_assert_null (pr_ipsw_open (fixture->path, NULL, &pipe));
    g_assert_error (pipe, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (GError) error = NULL;

    make_with (fixture->path, both, "21G93", "system.dmg");
    g_cancellable_cancel (cancellable);
    g_assert_null (pr_ipsw_open (fixture->path, cancellable, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_versions (void)
{
    static const struct {
        const char *a, *b;
        int order;
    } cases[] = {
        { "17.6.1", "17.6", 1 }, { "17.10", "17.9", 1 },  { "17.6", "17.6", 0 },     { "17.6.0", "17.6", 0 },
        { "9.3.5", "10", -1 },   { "", "1", -1 },         { "18.0", "17.99.99", 1 }, { "17.6.1", "17.6.2", -1 },
        { "26", "18.7", 1 },     { "garbage", "0.0", 0 },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_assert_cmpint (pr_ipsw_compare_versions (cases[i].a, cases[i].b), ==, cases[i].order);
        g_assert_cmpint (pr_ipsw_compare_versions (cases[i].b, cases[i].a), ==, -cases[i].order);
    }
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add ("/ipsw/good", Fixture, NULL, set_up, test_good, tear_down);
    g_test_add ("/ipsw/proofs", Fixture, NULL, set_up, test_proofs, tear_down);
    g_test_add ("/ipsw/other-model", Fixture, NULL, set_up, test_other_model, tear_down);
    g_test_add ("/ipsw/cut", Fixture, NULL, set_up, test_cut, tear_down);
    g_test_add ("/ipsw/hole", Fixture, NULL, set_up, test_hole, tear_down);
    g_test_add ("/ipsw/lies", Fixture, NULL, set_up, test_lies, tear_down);
    g_test_add ("/ipsw/manifests", Fixture, NULL, set_up, test_manifests, tear_down);
    g_test_add ("/ipsw/limits", Fixture, NULL, set_up, test_limits, tear_down);
    g_test_add ("/ipsw/types", Fixture, NULL, set_up, test_types, tear_down);
    g_test_add ("/ipsw/unreadable", Fixture, NULL, set_up, test_unreadable, tear_down);
    g_test_add ("/ipsw/cancelled", Fixture, NULL, set_up, test_cancelled, tear_down);
    g_test_add_func ("/ipsw/versions", test_versions);
    return g_test_run ();
}
