// SPDX-License-Identifier: GPL-3.0-or-later
/* Downloads in processes of their own: two that want the same, one that is killed, two users, a full disk, and, with
 * --long, two gigabytes over a connection that breaks fifty times. */
#include "shop.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIB (1024 * 1024)
#define LIMIT 60 /* seconds for one */

static gboolean is_long;

static const char *
get_variable (const char *name)
{
    const char *value = g_getenv (name);

    if (value == NULL)
        g_error ("%s is not set; run this test by meson", name);
    return value;
}

/* (transfer full): the command that downloads @firmware into @folder, after what @before says */
static GPtrArray *
make_command (Shop *shop, PrFirmware *firmware, const char *folder, const char *const *before)
{
    const PrFirmwareFacts *facts = pr_firmware_get_facts (firmware);
    GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);

    for (guint i = 0; before != NULL && before[i] != NULL; i++)
        g_ptr_array_add (argv, g_strdup (before[i]));
    g_ptr_array_add (argv, g_strdup (get_variable ("PR_TEST_FETCH_TOOL")));
    g_ptr_array_add (argv, g_strdup (facts->address));
    g_ptr_array_add (argv, g_strdup_printf ("%" G_GUINT64_FORMAT, facts->size));
    g_ptr_array_add (argv, g_strdup (facts->digest));
    g_ptr_array_add (argv, g_strdup (folder));
    g_ptr_array_add (argv, g_strdup (pr_test_phone_environment (shop->phone, "WEB_AUTHORITY")));
    g_ptr_array_add (argv, NULL);
    return argv;
}

static GSubprocess *
start (Shop *shop, PrFirmware *firmware)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) argv = make_command (shop, firmware, pr_firmware_folder_get_path (shop->folder), NULL);
    GSubprocess *process =
        g_subprocess_newv ((const char *const *) argv->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);

    g_assert_no_error (error);
    return process;
}

/* (transfer full): the last line that it printed */
static char *
finish (GSubprocess *process, gboolean *succeeded)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *output = NULL;

    g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error));
    *succeeded = g_subprocess_get_successful (process);
    g_strchomp (output);
    const char *line = strrchr (output, '\n');
    return g_strdup (line != NULL ? line + 1 : output);
}

/* (transfer full): the last line of a run to the end */
static char *
run (GPtrArray *argv, int *status)
{
    g_autofree char *output = NULL, *errors = NULL;

    *status = pr_test_run ((const char *const *) argv->pdata, NULL, LIMIT, &output, &errors);
    g_test_message ("%s%s", output, errors);
    g_strchomp (output);
    const char *line = strrchr (output, '\n');
    return g_strdup (line != NULL ? line + 1 : output);
}

static void
test_two (void)
{
    g_autoptr (Shop) shop = shop_open ("[server]\nsize-mib=32\n[faults]\ndownload-slow=16384\n");
    g_autoptr (PrFirmware) firmware = shop_get_newest (shop);
    g_autoptr (GSubprocess) one = start (shop, firmware), other = start (shop, firmware);
    gboolean good = FALSE, fine = FALSE;
    g_autofree char *path = finish (one, &good);
    g_autofree char *same = finish (other, &fine);

    g_assert_true (good && fine);
    g_assert_cmpstr (path, ==, same);
    shop_assert_file (path, firmware);
    g_assert_cmpuint (shop_get_sent (shop), ==, 32 * MIB);
    g_assert_cmpuint (pr_test_phone_log_count (shop->phone, "download-request", NULL), ==, 1);
    g_assert_cmpuint (shop_count_files (shop, ".ipsw"), ==, 1);
}

/* The one that works is killed in the middle; the other goes on where it was. */
static void
test_killed (void)
{
    g_autoptr (Shop) shop = shop_open ("[server]\nsize-mib=32\n[faults]\ndownload-slow=16384\n");
    g_autoptr (PrFirmware) firmware = shop_get_newest (shop);
    g_autoptr (GSubprocess) one = start (shop, firmware);
    gboolean good = FALSE, killed = FALSE;

    while (shop_get_sent (shop) < 8 * MIB)
        g_usleep (20 * G_TIME_SPAN_MILLISECOND);
    g_autoptr (GSubprocess) other = start (shop, firmware);
    g_usleep (G_USEC_PER_SEC / 2);
    g_subprocess_force_exit (one);
    g_autofree char *nothing = finish (one, &killed);
    g_autofree char *path = finish (other, &good);
    g_assert_true (good && !killed);
    shop_assert_file (path, firmware);
    g_assert_cmpuint (shop_get_sent (shop), <=, 33 * MIB);
    g_assert_cmpuint (pr_test_phone_log_count (shop->phone, "download-request", "partial", "yes", NULL), ==, 1);
}

/* A folder for everybody: what root began, another user completes, and finds; and the other way round. */
static void
test_two_users (void)
{
    const char *const nobody[] = { get_variable ("PR_TEST_AS_NOBODY"), NULL };
    const char *const *users[][2] = { { NULL, nobody }, { nobody, NULL } };

    for (guint i = 0; i < G_N_ELEMENTS (users); i++) {
        g_autoptr (Shop) shop = shop_open ("[server]\nsize-mib=8\n[faults]\ndownload-cut=4194304\n");
        g_autoptr (PrFirmware) firmware = shop_get_newest (shop);
        const char *folder = pr_firmware_folder_get_path (shop->folder);
        g_autofree char *authority = g_path_get_dirname (pr_test_phone_environment (shop->phone, "WEB_AUTHORITY"));
        int status;

        g_assert_no_errno (chmod (authority, 0755));
        g_assert_no_errno (chmod (shop->path, 0755));
        g_assert_no_errno (g_mkdir (folder, 0700));
        g_assert_no_errno (chmod (folder, 01777));
        g_autoptr (GPtrArray) first = make_command (shop, firmware, folder, users[i][0]);
        g_autoptr (GPtrArray) second = make_command (shop, firmware, folder, users[i][1]);
        pr_test_phone_tell (shop->phone, "fault download-status 404");
        g_autofree char *refused = run (first, &status);
        g_assert_cmpint (status, ==, 1);
        g_assert_true (g_str_has_prefix (refused, "file-withdrawn: "));
        pr_test_phone_tell (shop->phone, "mend download-status");
        g_autofree char *path = run (second, &status);
        g_assert_cmpint (status, ==, 0);
        shop_assert_file (path, firmware);
        g_autofree char *found = run (first, &status);
        g_assert_cmpint (status, ==, 0);
        g_assert_cmpstr (found, ==, path);
        g_assert_cmpuint (shop_get_sent (shop), ==, 8 * MIB);
    }
}

/* A disk of 80 MiB for a file of 32, with 64 to be left free: refused before a byte is fetched. */
static void
test_full_disk (void)
{
    g_autoptr (Shop) shop = shop_open ("[server]\nsize-mib=32\n");
    g_autoptr (PrFirmware) firmware = shop_get_newest (shop);
    const char *const small[] = { "bwrap",   "--dev-bind", "/",       "/", "--size", "83886080",
                                  "--tmpfs", shop->path,   "--chdir", "/", "--",     NULL };
    g_autoptr (GPtrArray) argv = make_command (shop, firmware, pr_firmware_folder_get_path (shop->folder), small);
    int status;
    g_autofree char *said = run (argv, &status);

    g_assert_cmpint (status, ==, 1);
    g_assert_true (g_str_has_prefix (said, "no-space: "));
    g_assert_cmpuint (shop_get_sent (shop), ==, 0);
}

/* Two gigabytes, cut fifty times. */
static void
test_two_gigabytes (void)
{
    g_autoptr (Shop) shop = shop_open_with (is_long ? "[server]\nsize-mib=2048\n[faults]\ndownload-cut=42500000\n"
                                                    : "[server]\nsize-mib=128\n[faults]\ndownload-cut=2650000\n",
                                            5);
    g_autoptr (PrFirmware) firmware = shop_get_newest (shop);
    g_autoptr (GError) error = NULL;
    gint64 begun = g_get_monotonic_time ();
    g_autofree char *path = shop_fetch (shop, firmware, &error);
    guint requests = pr_test_phone_log_count (shop->phone, "download-request", NULL);

    g_assert_no_error (error);
    g_test_message ("%u requests, %" G_GUINT64_FORMAT " bytes of %" G_GUINT64_FORMAT ", %.1f s", requests,
                    shop_get_sent (shop), pr_firmware_get_facts (firmware)->size,
                    (double) (g_get_monotonic_time () - begun) / G_USEC_PER_SEC);
    shop_assert_file (path, firmware);
    g_assert_cmpuint (requests, ==, 51);
    g_assert_cmpuint (shop_get_sent (shop), <=, pr_firmware_get_facts (firmware)->size + 50 * MIB);
}

int
main (int argc, char *argv[])
{
    is_long = argc > 1 && g_str_equal (argv[1], "--long");
    g_test_init (&argc, &argv, NULL);
    if (!is_long) {
        g_test_add_func ("/fetch-processes/two", test_two);
        g_test_add_func ("/fetch-processes/killed", test_killed);
        g_test_add_func ("/fetch-processes/two-users", test_two_users);
        g_test_add_func ("/fetch-processes/full-disk", test_full_disk);
    }
    g_test_add_func ("/fetch-processes/fifty-cuts", test_two_gigabytes);
    return g_test_run ();
}
