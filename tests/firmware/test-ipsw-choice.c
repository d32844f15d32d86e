// SPDX-License-Identifier: GPL-3.0-or-later
/* Thousands of manifests at random: whatever identities there are, in whatever order, an update that is allowed finds
 * exactly one, and that one keeps data. */
#include "hostile.h"
#include "pr-error.h"
#include "pr-ipsw.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define N_MANIFESTS 2000
#define MAX_IDENTITIES 8
#define UPGRADE "Customer Upgrade Install (IPSW)"

static const char *const boards[] = { "d27ap", "d27ap", "D27AP", "d28ap", "d27", "d27apx", "" };
static const char *const variants[] = {
    UPGRADE,
    UPGRADE,
    "Customer Erase Install (IPSW)",
    "Developer Erase Install (IPSW)",
    "Research Customer Upgrade Install (IPSW)",
    "Research Customer Erase Install (IPSW)",
    "Recovery Customer Install",
    "customer upgrade install (ipsw)",
    "Customer Upgrade Install (IPSW) ",
    "Customer Upgrade Install (OTA)",
    "Upgrade Install (IPSW)",
    "",
};
static const char *const behaviours[] = { "Update", "Update", "Update", "Erase", "update", "Update ", "" };

typedef struct {
    const char *board, *variant, *behaviour;
} Identity;

static const char *
choose (GRand *random, const char *const *from, gsize n)
{
    return from[g_rand_int_range (random, 0, (gint32) n)];
}

static guint
generate (GRand *random, Identity *identities)
{
    guint n = (guint) g_rand_int_range (random, 0, MAX_IDENTITIES + 1);

    for (guint i = 0; i < n; i++)
        identities[i] = (Identity) {
            .board = choose (random, boards, G_N_ELEMENTS (boards)),
            .variant = choose (random, variants, G_N_ELEMENTS (variants)),
            .behaviour = choose (random, behaviours, G_N_ELEMENTS (behaviours)),
        };
    return n;
}

/* An empty word is a key that is missing. */
static void
append (GString *text, const char *key, const char *value)
{
    if (*value != '\0')
        g_string_append_printf (text, "<key>%s</key><string>%s</string>", key, value);
}

static char *
write_manifest (const Identity *identities, guint n)
{
    GString *text = g_string_new ("<plist version=\"1.0\"><dict><key>ProductVersion</key><string>17.6.1</string>"
                                  "<key>ProductBuildVersion</key><string>21G93</string><key>SupportedProductTypes</key>"
                                  "<array><string>iPhone14,7</string></array><key>BuildIdentities</key><array>");

    for (guint i = 0; i < n; i++) {
        g_string_append (text, "<dict><key>Info</key><dict>");
        append (text, "DeviceClass", identities[i].board);
        append (text, "Variant", identities[i].variant);
        append (text, "RestoreBehavior", identities[i].behaviour);
        g_string_append (text, "</dict><key>Manifest</key><dict><key>OS</key><dict><key>Info</key><dict><key>Path</key>"
                               "<string>system.dmg</string></dict></dict></dict></dict>");
    }
    g_string_append (text, "</array></dict></plist>");
    return g_string_free_and_steal (text);
}

static gboolean
is_board (const Identity *identity)
{
    return g_ascii_strcasecmp (identity->board, "d27ap") == 0;
}

/* The tool takes the first of the board whose variant is the one that it was told; the rule is that there is one, and
 * that it says that it keeps data. */
static gboolean
may_update (const Identity *identities, guint n)
{
    guint n_found = 0;
    gboolean keeps = FALSE;

    for (guint i = 0; i < n; i++) {
        if (!is_board (&identities[i]) || !g_str_equal (identities[i].variant, UPGRADE))
            continue;
        n_found++;
        keeps = g_str_equal (identities[i].behaviour, "Update");
    }
    return n_found == 1 && keeps;
}

static PrIpsw *
open_manifest (const char *manifest)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) file = hostile_make_with (manifest);
    g_autofd int fd = memfd_create ("ipsw", MFD_CLOEXEC);
    g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
    gssize length = (gssize) g_bytes_get_size (file);

    g_assert_cmpint (write (fd, g_bytes_get_data (file, NULL), (gsize) length), ==, length);
    PrIpsw *ipsw = pr_ipsw_open (path, NULL, &error);
    g_assert_no_error (error);
    return ipsw;
}

static void
test_update_never_erases (void)
{
    g_autoptr (GRand) random = g_rand_new_with_seed (17);
    guint n_allowed = 0;

    for (guint i = 0; i < N_MANIFESTS; i++) {
        Identity identities[MAX_IDENTITIES];
        guint n = generate (random, identities);
        g_autofree char *manifest = write_manifest (identities, n);
        g_autoptr (PrIpsw) ipsw = open_manifest (manifest);
        g_autoptr (GError) error = NULL;
        gboolean allowed = pr_ipsw_check (ipsw, "iPhone14,7", "d27ap", TRUE, &error);

        if (allowed != may_update (identities, n))
            g_error ("number %u: %s", i, manifest);
        if (!allowed)
            g_assert_true (g_error_matches (error, PR_ERROR, PR_ERROR_NO_KEEPING_DATA) ||
                           g_error_matches (error, PR_ERROR, PR_ERROR_WRONG_MODEL));
        n_allowed += allowed;
    }
    g_test_message ("%u of %u may update", n_allowed, N_MANIFESTS);
    g_assert_cmpuint (n_allowed, >, N_MANIFESTS / 20);
    g_assert_cmpuint (n_allowed, <, N_MANIFESTS / 2);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/ipsw-choice/update-never-erases", test_update_never_erases);
    return g_test_run ();
}
