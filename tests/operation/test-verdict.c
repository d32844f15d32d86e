/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every combination of what can be read: no verdict is better than what it rests on. */
#include "pr-verdict.h"

static gboolean
has (const PrVerdict *verdict, PrAnswer answer)
{
    for (PrVerdictSign sign = 0; sign < PR_N_VERDICT_SIGNS; sign++)
        if (verdict->good[sign] == answer)
            return TRUE;
    return FALSE;
}

static PrAnswer
judge (PrAnswer all, PrVerdictSign sign, PrAnswer one)
{
    PrVerdict signs = { 0 };

    for (PrVerdictSign each = 0; each < PR_N_VERDICT_SIGNS; each++)
        signs.good[each] = each == sign ? one : all;
    return pr_verdict_judge (signs).ready;
}

/* Which signs decide, and that a single bad one is enough. */
static void
test_single (void)
{
    static const PrVerdictSign deciding[] = { PR_VERDICT_SAME_PHONE, PR_VERDICT_EMPTY, PR_VERDICT_FIND_MY,
                                              PR_VERDICT_ACTIVATION_LOCK };
    static const PrVerdictSign others[] = { PR_VERDICT_ACTIVATION, PR_VERDICT_SETUP, PR_VERDICT_MANAGEMENT };

    for (gsize i = 0; i < G_N_ELEMENTS (deciding); i++)
        g_assert_cmpint (judge (PR_ANSWER_YES, deciding[i], PR_ANSWER_UNKNOWN), ==, PR_ANSWER_UNKNOWN);
    for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
        g_assert_cmpint (judge (PR_ANSWER_YES, others[i], PR_ANSWER_UNKNOWN), ==, PR_ANSWER_YES);
    for (PrVerdictSign sign = 0; sign < PR_N_VERDICT_SIGNS; sign++) {
        g_assert_cmpint (judge (PR_ANSWER_YES, sign, PR_ANSWER_NO), ==, PR_ANSWER_NO);
        g_assert_cmpint (judge (PR_ANSWER_UNKNOWN, sign, PR_ANSWER_NO), ==, PR_ANSWER_NO);
        g_assert_cmpint (judge (PR_ANSWER_UNKNOWN, sign, PR_ANSWER_YES), ==, PR_ANSWER_UNKNOWN);
    }
}

static void
test_all (void)
{
    guint n = 1;

    for (PrVerdictSign sign = 0; sign < PR_N_VERDICT_SIGNS; sign++)
        n *= PR_ANSWER_YES + 1;
    for (guint i = 0; i < n; i++) {
        PrVerdict verdict = { 0 };
        guint rest = i;

        for (PrVerdictSign sign = 0; sign < PR_N_VERDICT_SIGNS; sign++, rest /= PR_ANSWER_YES + 1)
            verdict.good[sign] = (PrAnswer) (rest % (PR_ANSWER_YES + 1));
        verdict = pr_verdict_judge (verdict);
        g_assert_cmpint (verdict.ready == PR_ANSWER_NO, ==, has (&verdict, PR_ANSWER_NO));
        if (verdict.ready == PR_ANSWER_YES)
            g_assert_true (verdict.good[PR_VERDICT_FIND_MY] == PR_ANSWER_YES &&
                           verdict.good[PR_VERDICT_ACTIVATION_LOCK] == PR_ANSWER_YES);
    }
}

static void
test_invert (void)
{
    g_assert_cmpint (pr_verdict_invert (PR_ANSWER_YES), ==, PR_ANSWER_NO);
    g_assert_cmpint (pr_verdict_invert (PR_ANSWER_NO), ==, PR_ANSWER_YES);
    g_assert_cmpint (pr_verdict_invert (PR_ANSWER_UNKNOWN), ==, PR_ANSWER_UNKNOWN);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/verdict/single", test_single);
    g_test_add_func ("/verdict/all", test_all);
    g_test_add_func ("/verdict/invert", test_invert);
    return g_test_run ();
}
