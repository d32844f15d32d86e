/* Guides on paper: what comes out is read by another program.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <adwaita.h>
#include <glib/gstdio.h>

#include "pr-guide-print.h"
#include "pr-test.h"

static const char *reader;
static char *folder;

/* Prints @guide on @paper, and returns what can be read there; a form feed ends each page. */
static char *
print (PrGuide *guide, const char *paper)
{
    g_autoptr (GtkPrintOperation) operation = pr_guide_print_new (guide);
    g_autoptr (GtkPaperSize) size = gtk_paper_size_new (paper);
    g_autoptr (GtkPageSetup) setup = gtk_page_setup_new ();
    g_autofree char *path = g_build_filename (folder, "guide.pdf", NULL);
    const char *argv[] = { reader, "-layout", path, "-", NULL };
    g_autoptr (GError) error = NULL;
    char *text = NULL;
    int status;

    gtk_page_setup_set_paper_size_and_default_margins (setup, size);
    gtk_print_operation_set_default_page_setup (operation, setup);
    gtk_print_operation_set_export_filename (operation, path);
    gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, NULL, &error);
    g_assert_no_error (error);
    g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &text, NULL, &status, &error);
    g_assert_no_error (error);
    g_assert_true (g_spawn_check_wait_status (status, NULL));
    g_assert_cmpint (g_unlink (path), ==, 0);
    return text;
}

/* Every word of @wanted is in @text, in this order; lines are broken on paper where they have to be. */
static void
assert_reads (const char *text, const char *wanted)
{
    g_auto (GStrv) words = g_strsplit_set (wanted, " \n", -1);
    const char *at = text;

    for (guint i = 0; words[i]; i++) {
        const char *found = strstr (at, words[i]);

        if (!found)
            g_error ("“%s” of “%s” is not on paper:\n%s", words[i], wanted, text);
        at = found + strlen (words[i]);
    }
}

static guint
count_pages (const char *text)
{
    guint n = 0;

    for (const char *at = strchr (text, '\f'); at; at = strchr (at + 1, '\f'))
        n++;
    return n;
}

static void
assert_steps (const char *text, PrGuide *guide)
{
    GListModel *steps = pr_guide_get_steps (guide);

    for (guint i = 0; i < g_list_model_get_n_items (steps); i++) {
        g_autoptr (PrGuideStep) step = g_list_model_get_item (steps, i);
        g_autofree char *title = pr_guide_get_unordered (guide)
                                     ? g_strdup (pr_guide_step_get_title (step))
                                     : g_strdup_printf ("%u. %s", i + 1, pr_guide_step_get_title (step));

        assert_reads (text, title);
        if (pr_guide_step_get_text (step))
            assert_reads (text, pr_guide_step_get_text (step));
        if (pr_guide_step_get_command (step))
            assert_reads (text, pr_guide_step_get_command (step));
    }
}

/* One with many pictures, one with commands, one without numbers, one with signs that markup means otherwise. */
static void
test_words (void)
{
    static const char *const ids[] = { "force-restart", "no-daemon", "how-long", "set-up-as-new" };

    for (gsize i = 0; i < G_N_ELEMENTS (ids); i++) {
        g_autoptr (PrGuide) guide = pr_guide_load (ids[i]);
        g_autofree char *text = print (guide, GTK_PAPER_NAME_A4);

        assert_reads (text, pr_guide_get_title (guide));
        assert_reads (text, pr_guide_get_summary (guide));
        assert_steps (text, guide);
        g_assert_cmpuint (count_pages (text), ==, 1);
    }
}

/* A small sheet takes what it can, and the rest comes on the next. */
static void
test_small_paper (void)
{
    g_autoptr (PrGuide) guide = pr_guide_load ("no-daemon");
    g_autofree char *text = print (guide, "iso_a7");

    g_assert_cmpuint (count_pages (text), >, 1);
    assert_reads (text, pr_guide_get_title (guide));
    assert_steps (text, guide);
}

static void
test_all (void)
{
    g_autoptr (GListModel) guides = pr_guide_list_all ();

    for (guint i = 0; i < g_list_model_get_n_items (guides); i += 10) {
        g_autoptr (PrGuide) guide = g_list_model_get_item (guides, i);
        g_autofree char *text = print (guide, GTK_PAPER_NAME_LETTER);

        g_test_message ("%s", pr_guide_get_id (guide));
        assert_steps (text, guide);
        g_assert_cmpuint (count_pages (text), ==, 1);
    }
}

int
main (int argc, char *argv[])
{
    int status;

    g_test_init (&argc, &argv, NULL);
    adw_init ();
    g_assert_cmpint (argc, ==, 2);
    reader = argv[1];
    folder = g_dir_make_tmp ("guide-print-XXXXXX", NULL);
    g_test_add_func ("/guide-print/words", test_words);
    g_test_add_func ("/guide-print/small-paper", test_small_paper);
    g_test_add_func ("/guide-print/all", test_all);
    status = g_test_run ();
    g_rmdir (folder);
    g_free (folder);
    return status;
}
