/* Every answer of the advice leads to a page that exists, and people find these pages by what they type.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-compare.h"
#include "pr-guide-search.h"
#include "search-place.h"

static void
assert_guide (const char *id, const char *who)
{
    g_autoptr (PrGuide) guide = pr_guide_load (id);

    if (!guide)
        g_error ("there is no guide %s, where %s leads", id, who);
}

static void
test_remedies (void)
{
    for (PrRemedy remedy = PR_REMEDY_NONE + 1; remedy < PR_N_REMEDIES; remedy++)
        assert_guide (pr_remedy_get_facts (remedy)->guide, pr_remedy_get_facts (remedy)->title);
}

static void
test_compare (void)
{
    for (guint i = 0; i < PR_N_WAYS; i++)
        assert_guide (pr_remedy_get_facts (pr_way_get_facts (i)->remedy)->guide, pr_way_get_facts (i)->title);
    for (const PrCompareQuestion *it = pr_compare_get_questions (); it->question; it++)
        assert_guide (it->guide, it->question);
}

/* Words of people, also misspelt, and the page among the first three. */
static void
test_words (void)
{
    static const struct {
        const char *text;
        const char *id;
    } cases[] = {
        { "factory reset", "erase-all" },
        { "hard reset", "force-restart" },
        { "hard reset lumia", "windows-hard-reset" },
        { "soft reset lumia", "windows-soft-reset" },
        { "lumai", "windows-soft-reset" },
        { "forgot passcode", "forgot-passcode" },
        { "forgoten passcode", "forgot-passcode" },
        { "unavailable", "forgot-passcode" },
        { "activation lock", "activation-lock" },
        { "activaton lock", "activation-lock" },
        { "dfu", "dfu-mode" },
        { "revive", "update-keeping-data" },
        { "storage full", "storage" },
        { "mdm", "profiles" },
        { "vpn", "profiles" },
        { "esim", "esim" },
        { "as new", "set-up-as-new" },
        { "icloud backup", "from-icloud" },
        { "quick start", "quick-start" },
        { "battery drains", "battery-health" },
        { "how long", "how-long" },
        { "bought used", "bought-used" },
        { "deleted photos", "find-copies" },
        { "setup stuck", "setup-stuck" },
        { "nearby", "nearby-device" },
        { "recovery assistant", "recovery-assistant" },
        { "reset all settings", "reset-all-settings" },
        { "gears", "windows-hard-reset" },
        { "unavalable", "forgot-passcode" },
        { "unavialble", "forgot-passcode" },
        { "assitsant", "recovery-assistant" },
        { "recoverry asistant", "recovery-assistant" },
    };
    g_autoptr (GListModel) guides = pr_guide_list_all ();

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        int place = search_place (guides, cases[i].text, cases[i].id);

        g_test_message ("%s: %s is number %d", cases[i].text, cases[i].id, place);
        g_assert_cmpint (place, >=, 0);
        g_assert_cmpint (place, <, 3);
    }
}

/* Two mistakes are one too many in a short word, three in a long one, and one in its first letter and another too. */
static void
test_misses (void)
{
    static const char *const texts[] = { "unvlable", "gaers5", "xnavialable", "uavailalbee", "assxtsxnt", "lumxx" };
    g_autoptr (GListModel) guides = pr_guide_list_all ();

    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
        g_autoptr (GListModel) found = pr_guide_search (guides, texts[i]);

        g_test_message ("%s", texts[i]);
        g_assert_cmpuint (g_list_model_get_n_items (found), ==, 0);
    }
}

/* A number of a family that nobody lists is found too, and one beside the family is not. */
static void
test_ranges (void)
{
    static const struct {
        const char *number;
        const char *id;
        gboolean there;
    } cases[] = {
        { "3150", "error-signing", TRUE }, { "3998", "error-signing", TRUE }, { "3099", "error-signing", FALSE },
        { "4023", "error-link", TRUE },    { "4036", "error-link", TRUE },    { "4038", "error-link", FALSE },
    };
    g_autoptr (GListModel) guides = pr_guide_list_all ();

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_test_message ("%s", cases[i].number);
        g_assert_cmpint (search_place (guides, cases[i].number, cases[i].id) >= 0, ==, cases[i].there);
    }
}

/* Every number of Apple's that has a known meaning is found by typing it, in the page of its family. */
static void
test_numbers (void)
{
    static const struct {
        const char *id;
        int numbers[21];
    } families[] = {
        { "error-link", { 9,    13,   14,   1600, 1601, 1602, 1603, 1604, 1611, 1638, 1639,
                          1644, 1646, 1648, 1650, 4000, 4005, 4010, 4013, 4014, 4016 } },
        { "error-signing", { 1013, 1109, 3014, 3100, 3104, 3169, 3194, 3504, 9006, 9807 } },
        { "error-file", { 1, 10, 1403, 1413, 1414, 1415 } },
        { "error-security", { 6, 20, 21, 23, 26, 28, 29, 34, 36, 37, 40, 1000, 1667, 1669, 1671 } },
        { "error-parts", { -1, -18, 27, 50, 51, 53, 100 } },
        { "error-modem", { 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010,
                           1011, 1012, 1014, 1015, 1016, 1017, 1018, 1019, 1020, 1021 } },
    };
    g_autoptr (GListModel) guides = pr_guide_list_all ();

    for (gsize i = 0; i < G_N_ELEMENTS (families); i++) {
        for (guint j = 0; j < G_N_ELEMENTS (families[i].numbers) && families[i].numbers[j]; j++) {
            g_autofree char *number = g_strdup_printf ("%d", families[i].numbers[j]);

            g_test_message ("%s: %s", number, families[i].id);
            g_assert_cmpint (search_place (guides, number, families[i].id), >=, 0);
        }
    }
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/advice-guides/remedies", test_remedies);
    g_test_add_func ("/advice-guides/compare", test_compare);
    g_test_add_func ("/advice-guides/words", test_words);
    g_test_add_func ("/advice-guides/misses", test_misses);
    g_test_add_func ("/advice-guides/ranges", test_ranges);
    g_test_add_func ("/advice-guides/numbers", test_numbers);
    return g_test_run ();
}
