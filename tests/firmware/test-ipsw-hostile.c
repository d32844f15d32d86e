// SPDX-License-Identifier: GPL-3.0-or-later
/* Hundreds of hostile system files: what one costs, each in a process of its own; and, without that, thousands at
 * random, which under the sanitizers is a fuzz run. "--seed=N --rounds=N" goes further. */
#include "hostile.h"
#include "run-ipsw-tool.h"
#include "pr-error.h"
#include "pr-ipsw.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define N_RANDOM 200

static guint32 seed = 1;
static guint rounds = 5000;

/* What the program does with it, in a process whose folder is empty and stays so. Returns: was it refused? */
static gboolean
is_refused (GBytes *file, const char *name)
{
    g_autofree char *folder = g_dir_make_tmp ("phone-reset-test-XXXXXX", NULL);
    g_autofree char *empty = g_build_filename (folder, "empty", NULL);
    g_autofree char *path = g_build_filename (folder, "system.ipsw", NULL);
    g_autofree char *nick = NULL;

    g_assert_no_errno (g_mkdir (empty, 0700));
    g_assert_true (g_file_set_contents (path, g_bytes_get_data (file, NULL), (gssize) g_bytes_get_size (file), NULL));
    nick = run_ipsw_tool (empty, path, name);
    /* it has written nothing: both folders can be removed once the file is */
    g_assert_no_errno (g_rmdir (empty));
    g_assert_no_errno (g_unlink (path));
    g_assert_no_errno (g_rmdir (folder));
    return !g_str_equal (nick, "good");
}

static void
test_good (void)
{
    g_autoptr (GBytes) good = hostile_make_good ();

    g_assert_false (is_refused (good, "good"));
}

static void
test_built (void)
{
    const char *name;
    guint n = 0;

    for (;; n++) {
        g_autoptr (GBytes) file = hostile_make (n, &name);

        if (file == NULL)
            break;
        if (!is_refused (file, name))
            g_error ("“%s” (%u) was taken", name, n);
    }
    g_assert_cmpuint (n, >=, 25);
}

static void
test_random (void)
{
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);
    g_autoptr (GBytes) good = hostile_make_good ();
    guint n = 0;

    for (guint i = 0; i < N_RANDOM; i++) {
        g_autoptr (GBytes) file = hostile_mutate (good, random);
        g_autofree char *name = g_strdup_printf ("random %u", i);

        n += is_refused (file, name);
    }
    g_test_message ("%u of %u refused", n, N_RANDOM);
    g_assert_cmpuint (n, >=, N_RANDOM / 2);
}

/* --- In this process --- */

static void
read_bytes (GBytes *file)
{
    g_autoptr (GError) error = NULL;
    g_autofd int fd = memfd_create ("ipsw", MFD_CLOEXEC);
    g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
    gssize length = (gssize) g_bytes_get_size (file);

    g_assert_cmpint (fd, >=, 0);
    if (length > 0)
        g_assert_cmpint (write (fd, g_bytes_get_data (file, NULL), (gsize) length), ==, length);
    g_autoptr (PrIpsw) ipsw = pr_ipsw_open (path, NULL, &error);
    if (ipsw != NULL && pr_ipsw_check (ipsw, "iPhone14,7", "d27ap", TRUE, &error))
        pr_ipsw_check (ipsw, "iPhone14,7", "d27ap", FALSE, &error);
    /* it says what is wrong, in the words of the list */
    if (error != NULL)
        g_assert_true (error->domain == PR_ERROR);
}

static void
test_fuzz (void)
{
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);
    g_autoptr (GBytes) good = hostile_make_good ();
    gint64 start = g_get_monotonic_time ();

    for (guint i = 0; i < rounds; i++) {
        g_autoptr (GBytes) file = hostile_mutate (good, random);

        read_bytes (file);
    }
    g_test_message ("%u in %.1f s", rounds, (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
}

static void
read_options (int *argc, char ***argv)
{
    int seed_option = 1, rounds_option = 5000;
    const GOptionEntry options[] = {
        { "seed", 0, 0, G_OPTION_ARG_INT, &seed_option, "where chance begins", "N" },
        { "rounds", 0, 0, G_OPTION_ARG_INT, &rounds_option, "how many at random", "N" },
        { NULL },
    };
    g_autoptr (GOptionContext) context = g_option_context_new (NULL);

    g_option_context_add_main_entries (context, options, NULL);
    g_option_context_set_ignore_unknown_options (context, TRUE);
    g_assert_true (g_option_context_parse (context, argc, argv, NULL));
    seed = (guint32) seed_option;
    rounds = (guint) rounds_option;
}

int
main (int argc, char *argv[])
{
    read_options (&argc, &argv);
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/ipsw-hostile/good", test_good);
    g_test_add_func ("/ipsw-hostile/built", test_built);
    g_test_add_func ("/ipsw-hostile/random", test_random);
    g_test_add_func ("/ipsw-hostile/fuzz", test_fuzz);
    return g_test_run ();
}
