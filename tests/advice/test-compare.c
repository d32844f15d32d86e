/* The facts of the Compare page, as the articles and Apple's pages have them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-compare.h"

/* erases data | settings | system, mends a broken system; a word that each text must hold */
static const struct {
    PrWay way;
    PrWayGroup group;
    const char *title;
    PrFate data, settings, system;
    gboolean recovers;
    const char *time;
    const char *needs;
    const char *where;
    const char *names;
    const char *erases;
    const char *keeps;
    const char *fixes;
} facts[] = {
    { PR_WAY_RESTART, PR_WAYS_KEEP, "Restart", PR_FATE_KEPT, PR_FATE_KEPT, PR_FATE_KEPT, FALSE, "1 min", "Nothing",
      "Settings › General › Shut Down", "soft reset", "Nothing", "photos", "slow" },
    { PR_WAY_FORCE_RESTART, PR_WAYS_KEEP, "Force Restart", PR_FATE_KEPT, PR_FATE_KEPT, PR_FATE_KEPT, FALSE, "2 min",
      "Buttons", "buttons", "Hard reset", "Nothing", "photos", "does not react" },
    { PR_WAY_RESET_SETTINGS, PR_WAYS_KEEP, "Reset All Settings", PR_FATE_KEPT, PR_FATE_RESET, PR_FATE_KEPT, FALSE,
      "5 min", "Passcode", "Settings › General › Transfer or Reset %s › Reset", "Reset settings", "wallpaper",
      "Photos, messages, apps, accounts", "Wi-Fi" },
    { PR_WAY_UPDATE, PR_WAYS_KEEP, "Update", PR_FATE_KEPT, PR_FATE_KEPT, PR_FATE_NEW_COPY, TRUE, "40 min", "Computer",
      "recovery mode", "revive", "Nothing of yours", "Photos", "over and over" },
    { PR_WAY_ERASE, PR_WAYS_ERASE, "Erase All Content and Settings", PR_FATE_ERASED, PR_FATE_ERASED, PR_FATE_KEPT,
      FALSE, "10 min", "Passcode", "Settings › General › Transfer or Reset %s › Erase All Content and Settings",
      "Factory reset", "Apple Account", "system as it is", "hand a working phone on" },
    { PR_WAY_RESTORE, PR_WAYS_ERASE, "Restore %s", PR_FATE_ERASED, PR_FATE_ERASED, PR_FATE_NEW_COPY, TRUE, "1 hour",
      "Computer", "Finder", "DFU", "old copy of the system", "Apple Account", "passcode forgotten" },
    { PR_WAY_PUT_BACK, PR_WAYS_BRING_BACK, "Restore Backup", PR_FATE_FROM_BACKUP, PR_FATE_FROM_BACKUP, PR_FATE_KEPT,
      FALSE, "20 min or more", "A backup", "iCloud only while setting up", "Restore from backup", "gives way",
      "system as it is", "come back" },
};

static void
assert_holds (const char *text, const char *part)
{
    g_assert_nonnull (text);
    if (!strstr (text, part))
        g_error ("“%s” does not say “%s”", text, part);
}

static void
test_facts (void)
{
    g_assert_cmpuint (G_N_ELEMENTS (facts), ==, PR_N_WAYS);
    for (gsize i = 0; i < G_N_ELEMENTS (facts); i++) {
        const PrWayFacts *way = pr_way_get_facts (facts[i].way);

        g_assert_cmpint (facts[i].way, ==, i);
        g_assert_cmpint (way->group, ==, facts[i].group);
        g_assert_cmpstr (way->title, ==, facts[i].title);
        g_assert_cmpint (way->data, ==, facts[i].data);
        g_assert_cmpint (way->settings, ==, facts[i].settings);
        g_assert_cmpint (way->system, ==, facts[i].system);
        g_assert_cmpint (way->recovers_broken_system, ==, facts[i].recovers);
        g_assert_cmpstr (way->time, ==, facts[i].time);
        g_assert_cmpstr (way->needs, ==, facts[i].needs);
        assert_holds (way->where, facts[i].where);
        assert_holds (way->names, facts[i].names);
        assert_holds (way->erases, facts[i].erases);
        assert_holds (way->keeps, facts[i].keeps);
        assert_holds (way->fixes, facts[i].fixes);
        g_assert_nonnull (way->beware);
    }
}

/* "40 min", "1 hour" */
static guint
read_minutes (const char *time)
{
    guint n = (guint) g_ascii_strtoull (time, NULL, 10);

    return strstr (time, "hour") ? 60 * n : n;
}

/* Table and ladder cannot say different things about the same way. */
static void
test_agrees_with_ladder (void)
{
    for (guint i = 0; i < PR_N_WAYS; i++) {
        const PrWayFacts *way = pr_way_get_facts (i);
        const PrRemedyFacts *remedy = pr_remedy_get_facts (way->remedy);
        PrLoss loss = remedy->loss;
        PrWay found;

        g_assert_true (pr_way_of_remedy (way->remedy, &found));
        g_assert_cmpuint (found, ==, i);
        g_assert_cmpint (loss == PR_LOSS_ALL, ==, way->data == PR_FATE_ERASED);
        g_assert_cmpint (loss == PR_LOSS_SETTINGS, ==, way->settings == PR_FATE_RESET);
        g_assert_cmpint (loss == PR_LOSS_REPLACED, ==, way->data == PR_FATE_FROM_BACKUP);
        g_assert_cmpint (remedy->download, ==, way->system == PR_FATE_NEW_COPY);
        g_assert_cmpuint (read_minutes (way->time), >=, remedy->least);
        g_assert_cmpuint (read_minutes (way->time), <=, remedy->most);
    }
}

static void
test_remedies_without_way (void)
{
    PrWay way;

    g_assert_false (pr_way_of_remedy (PR_REMEDY_SERVICE, &way));
    g_assert_false (pr_way_of_remedy (PR_REMEDY_NONE, &way));
}

/* The questions of the issue: buttons alone, photos afterwards, another's phone, the two meanings of Restore. */
static void
test_questions (void)
{
    static const char *const words[] = { "buttons alone", "photos", "not my phone", "two meanings", "hard reset" };
    const PrCompareQuestion *questions = pr_compare_get_questions ();

    for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
        const PrCompareQuestion *found = questions;

        while (found->question && !strstr (found->question, words[i]))
            found++;
        if (!found->question)
            g_error ("no question about %s", words[i]);
        g_assert_nonnull (found->answer);
        g_assert_nonnull (found->guide);
    }
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/compare/facts", test_facts);
    g_test_add_func ("/compare/ladder", test_agrees_with_ladder);
    g_test_add_func ("/compare/remedies", test_remedies_without_way);
    g_test_add_func ("/compare/questions", test_questions);
    return g_test_run ();
}
