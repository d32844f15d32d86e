// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-error.h"
#include "pr-guide-search.h"
#include "pr-phone-enums.h"
#include "search-place.h"

#define MEDIAN_WORDS 16
#define MOST_SENTENCES 2

/* Calls @check with every guide. */
static void
for_each_guide (void (*check) (PrGuide *))
{
    g_autoptr (GListModel) guides = pr_guide_list_all ();
    guint n = g_list_model_get_n_items (guides);

    g_assert_cmpuint (n, >, 20);
    for (guint i = 0; i < n; i++) {
        g_autoptr (PrGuide) guide = g_list_model_get_item (guides, i);

        check (guide);
    }
}

static void
for_each_step (PrGuide *guide, void (*check) (PrGuide *, PrGuideStep *))
{
    GListModel *steps = pr_guide_get_steps (guide);

    for (guint i = 0; i < g_list_model_get_n_items (steps); i++) {
        g_autoptr (PrGuideStep) step = g_list_model_get_item (steps, i);

        check (guide, step);
    }
}

/* Every failure has its page. */
static void
test_errors (void)
{
    g_autoptr (GEnumClass) codes = g_type_class_ref (PR_TYPE_ERROR);

    for (guint i = 0; i < codes->n_values; i++) {
        const char *nick = pr_error_get_nick (codes->values[i].value);
        g_autoptr (PrGuide) guide = pr_guide_load (nick);

        if (!guide)
            g_error ("there is no guide for %s", nick);
        g_assert_cmpstr (pr_guide_get_id (guide), ==, nick);
        g_assert_cmpint (pr_guide_get_topic (guide), !=, PR_GUIDE_TOPIC_HOW_TO);
    }
}

static void
test_missing (void)
{
    static const char *const ids[] = { "", "no-such-guide", "../ui/pr-guide-view", "No-Daemon" };

    for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
        g_assert_null (pr_guide_load (ids[i]));
}

static void
check_filled (PrGuide *guide)
{
    guint n = g_list_model_get_n_items (pr_guide_get_steps (guide));

    g_test_message ("%s", pr_guide_get_id (guide));
    g_assert_cmpuint (strlen (pr_guide_get_title (guide)), >, 0);
    g_assert_cmpuint (strlen (pr_guide_get_summary (guide)), >, 0);
    g_assert_cmpuint (strlen (pr_guide_get_keywords (guide)), >, 0);
    g_assert_cmpuint (n, >=, 2);
    g_assert_cmpuint (n, <=, 5);
}

static void
test_filled (void)
{
    for_each_guide (check_filled);
}

static void
assert_drawing (PrGuide *guide, const char *drawing)
{
    g_autofree char *name = g_strconcat (drawing, ".svg", NULL);
    g_autofree char *path =
        g_test_build_filename (G_TEST_DIST, "..", "data", "icons", "hicolor", "scalable", "actions", name, NULL);

    if (!g_file_test (path, G_FILE_TEST_EXISTS))
        g_error ("%s has the drawing %s, which is not there", pr_guide_get_id (guide), name);
}

static void
check_step_drawing (PrGuide *guide, PrGuideStep *step)
{
    if (pr_guide_step_get_drawing (step))
        assert_drawing (guide, pr_guide_step_get_drawing (step));
}

static void
check_drawing (PrGuide *guide)
{
    assert_drawing (guide, pr_guide_get_drawing (guide));
    for_each_step (guide, check_step_drawing);
}

static void
test_drawings (void)
{
    for_each_guide (check_drawing);
}

static void
check_step (PrGuide *guide, PrGuideStep *step)
{
    const char *id = pr_guide_step_get_guide (step);
    const char *commands = pr_guide_step_get_command (step);
    const char *systems = pr_guide_step_get_systems (step);

    g_assert_cmpuint (strlen (pr_guide_step_get_title (step)), >, 0);
    if (id) {
        g_autoptr (PrGuide) target = pr_guide_load (id);

        if (!target || g_str_equal (id, pr_guide_get_id (guide)))
            g_error ("%s leads to %s", pr_guide_get_id (guide), id);
    }
    if (systems) {
        g_auto (GStrv) lines = g_strsplit (commands, "\n", -1);
        g_auto (GStrv) whom = g_strsplit (systems, "\n", -1);

        g_assert_cmpuint (g_strv_length (lines), ==, g_strv_length (whom));
    }
}

static void
check_steps (PrGuide *guide)
{
    for_each_step (guide, check_step);
}

static void
test_steps (void)
{
    for_each_guide (check_steps);
}

/* The numbers of words of the sentences of @text are added to @lengths. */
static guint
count_sentences (const char *text, GArray *lengths)
{
    g_auto (GStrv) sentences = g_regex_split_simple ("(?<=[.!?])\\s+", text, 0, 0);

    for (guint i = 0; sentences[i]; i++) {
        g_auto (GStrv) words = g_regex_split_simple ("\\s+", sentences[i], 0, 0);
        guint n = g_strv_length (words);

        g_array_append_val (lengths, n);
    }
    return g_strv_length (sentences);
}

static int
compare_lengths (gconstpointer a, gconstpointer b)
{
    return (int) *(const guint *) a - (int) *(const guint *) b;
}

static void
check_length (PrGuide *guide)
{
    g_autoptr (GArray) lengths = g_array_new (FALSE, FALSE, sizeof (guint));
    GListModel *steps = pr_guide_get_steps (guide);

    if (count_sentences (pr_guide_get_summary (guide), lengths) > MOST_SENTENCES)
        g_error ("the summary of %s is too long", pr_guide_get_id (guide));
    for (guint i = 0; i < g_list_model_get_n_items (steps); i++) {
        g_autoptr (PrGuideStep) step = g_list_model_get_item (steps, i);

        if (pr_guide_step_get_text (step))
            count_sentences (pr_guide_step_get_text (step), lengths);
    }
    g_array_sort (lengths, compare_lengths);
    if (g_array_index (lengths, guint, lengths->len / 2) > MEDIAN_WORDS)
        g_error ("the sentences of %s are too long", pr_guide_get_id (guide));
}

static void
test_length (void)
{
    for_each_guide (check_length);
}

/* The list is by topic, and by title within one. */
static void
test_order (void)
{
    g_autoptr (GListModel) guides = pr_guide_list_all ();

    for (guint i = 1; i < g_list_model_get_n_items (guides); i++) {
        g_autoptr (PrGuide) one = g_list_model_get_item (guides, i - 1);
        g_autoptr (PrGuide) other = g_list_model_get_item (guides, i);

        g_assert_cmpint (pr_guide_get_topic (one), <=, pr_guide_get_topic (other));
        if (pr_guide_get_topic (one) == pr_guide_get_topic (other))
            g_assert_cmpint (g_utf8_collate (pr_guide_get_title (one), pr_guide_get_title (other)), <=, 0);
    }
}

static int
find_place (const char *text, const char *id)
{
    g_autoptr (GListModel) guides = pr_guide_list_all ();

    return search_place (guides, text, id);
}

/* What people type, the guide that they look for, and how far down it may be. */
static void
test_search (void)
{
    static const struct {
        const char *text;
        const char *id;
        int place;
    } cases[] = {
        { "4013", "unplugged-in-work", 0 },
        { "error 4013", "unplugged-in-work", 0 },
        { "Error (9)", "unplugged-in-work", 0 },
        { "4013", "hub", 2 },
        { "401", "unplugged-in-work", 2 },
        { "3194", "signing-refused", 0 },
        { "-1", "phone-gave-up", 0 },
        { "frozn", "off-or-frozen", 1 },
        { "FROZEN", "off-or-frozen", 1 },
        { "forzen", "off-or-frozen", 1 },
        { "frozzen", "off-or-frozen", 1 },
        { "usbmuxd", "no-daemon", 0 },
        { "usbmux", "no-daemon", 0 },
        { "usbmxd", "no-daemon", 1 },
        { "udev rules", "no-usb-permission", 0 },
        { "find my", "find-my", 0 },
        { "black screen", "off-or-frozen", 2 },
        { "disk full", "no-space", 0 },
        { "forgot passcode", "forgot-passcode", 0 },
        { "don’t trust", "not-trusted", 0 },
        { "cable", "hub", 0 },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        int place = find_place (cases[i].text, cases[i].id);

        g_test_message ("%s: %s is number %d", cases[i].text, cases[i].id, place);
        g_assert_cmpint (place, >=, 0);
        g_assert_cmpint (place, <=, cases[i].place);
    }
}

/* Every error number leads to the one guide that is about it. */
static void
check_numbers (PrGuide *guide)
{
    g_auto (GStrv) numbers = g_strsplit (pr_guide_get_numbers (guide) ? pr_guide_get_numbers (guide) : "", " ", -1);

    for (guint i = 0; numbers[i]; i++) {
        g_test_message ("%s: %s", pr_guide_get_id (guide), numbers[i]);
        g_assert_cmpint (find_place (numbers[i], pr_guide_get_id (guide)), ==, 0);
    }
}

static void
test_search_numbers (void)
{
    for_each_guide (check_numbers);
}

/* Whoever types a number of the families that are about USB comes to a page that opens what the link does now. */
static void
test_live (void)
{
    static const char *const numbers[] = { "9",    "4000", "4005", "4010", "4013", "4014", "4016", "4037",
                                           "1600", "1601", "1602", "1603", "1604", "1611", "1650" };
    g_autoptr (GListModel) guides = pr_guide_list_all ();

    for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
        g_autoptr (GListModel) found = pr_guide_search (guides, numbers[i]);
        g_autoptr (PrGuide) first = g_list_model_get_item (found, 0);

        g_test_message ("%s", numbers[i]);
        g_assert_nonnull (first);
        g_assert_true (pr_guide_get_live (first));
    }
}

/* All words must match, short words and numbers without mistakes. */
static void
test_search_misses (void)
{
    static const char *const texts[] = { "usbmuxd banana", "xyzzy", "4031999", "frzn", "99999", "usbmuxd 4013" };
    g_autoptr (GListModel) guides = pr_guide_list_all ();

    for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
        g_autoptr (GListModel) found = pr_guide_search (guides, texts[i]);

        g_test_message ("%s", texts[i]);
        if (i < G_N_ELEMENTS (texts) - 1)
            g_assert_cmpuint (g_list_model_get_n_items (found), ==, 0);
        else
            g_assert_cmpint (find_place (texts[i], "no-daemon"), ==, -1);
    }
}

static void
test_search_nothing (void)
{
    static const char *const texts[] = { "", "  ", "…?" };
    g_autoptr (GListModel) guides = pr_guide_list_all ();

    for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
        g_autoptr (GListModel) found = pr_guide_search (guides, texts[i]);

        g_assert_cmpuint (g_list_model_get_n_items (found), ==, g_list_model_get_n_items (guides));
    }
}

/* An accent that was not typed, or was, and letters outside ASCII. */
static void
test_search_accents (void)
{
    g_autoptr (GListStore) steps = g_list_store_new (PR_TYPE_GUIDE_STEP);
    g_autoptr (GListStore) guides = g_list_store_new (PR_TYPE_GUIDE);
    g_autoptr (PrGuide) guide = g_object_new (PR_TYPE_GUIDE, "title", "Gerät größer", "steps", steps, NULL);
    static const char *const texts[] = { "gerat", "GERÄT", "gerät", "geräd", "grösser", "größe" };

    g_list_store_append (guides, guide);
    for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
        g_autoptr (GListModel) found = pr_guide_search (G_LIST_MODEL (guides), texts[i]);

        g_test_message ("%s", texts[i]);
        g_assert_cmpuint (g_list_model_get_n_items (found), ==, 1);
    }
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/guides/errors", test_errors);
    g_test_add_func ("/guides/missing", test_missing);
    g_test_add_func ("/guides/filled", test_filled);
    g_test_add_func ("/guides/drawings", test_drawings);
    g_test_add_func ("/guides/steps", test_steps);
    g_test_add_func ("/guides/length", test_length);
    g_test_add_func ("/guides/order", test_order);
    g_test_add_func ("/guides/search", test_search);
    g_test_add_func ("/guides/search/numbers", test_search_numbers);
    g_test_add_func ("/guides/search/misses", test_search_misses);
    g_test_add_func ("/guides/live", test_live);
    g_test_add_func ("/guides/search/nothing", test_search_nothing);
    g_test_add_func ("/guides/search/accents", test_search_accents);
    return g_test_run ();
}
