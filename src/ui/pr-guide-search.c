// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-guide-search.h"

#define TYPO_LETTERS 5
#define LONG_LETTERS 9
#define MOST_LETTERS 32

/* How much a word found there is worth; the quality of the match (1 to 3) is multiplied with it. */
enum { IN_SUMMARY = 1, IN_STEPS = 2, IN_KEYWORDS = 4, IN_TITLE = 6, IN_NUMBERS = 8 };
enum { NO_MATCH, SIMILAR, BEGINNING, WHOLE };

typedef struct {
    PrGuide *guide; /* owned by the model */
    int score;
    guint position;
} Hit;

/* (transfer full): the words of @text and, where they have accents, the same words without. */
static GStrv
split (const char *text)
{
    g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
    g_auto (GStrv) plain = NULL;
    g_auto (GStrv) folded = g_str_tokenize_and_fold (text ? text : "", NULL, &plain);

    g_strv_builder_addv (words, (const char **) folded);
    g_strv_builder_addv (words, (const char **) plain);
    return g_strv_builder_end (words);
}

/* How many edits make the one word of the other: a letter changed, added, left out, or swapped with its neighbour
 * (optimal string alignment)? */
static guint
count_edits (const gunichar *one, guint n_one, const gunichar *other, guint n_other)
{
    guint edits[MOST_LETTERS + 1][MOST_LETTERS + 1];

    for (guint i = 0; i <= n_one; i++) {
        for (guint j = 0; j <= n_other; j++) {
            if (i == 0 || j == 0) {
                edits[i][j] = i + j;
                continue;
            }
            edits[i][j] = edits[i - 1][j - 1] + (one[i - 1] != other[j - 1]);
            edits[i][j] = MIN (edits[i][j], MIN (edits[i - 1][j], edits[i][j - 1]) + 1);
            if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                edits[i][j] = MIN (edits[i][j], edits[i - 2][j - 2] + 1);
        }
    }
    return edits[n_one][n_other];
}

/* One mistake in a word of some length, two in a long one whose first letter is right; none in a number. */
static gboolean
is_similar (const char *typed, const char *word)
{
    glong n_one, n_other;
    g_autofree gunichar *one = g_utf8_to_ucs4_fast (typed, -1, &n_one);
    g_autofree gunichar *other = g_utf8_to_ucs4_fast (word, -1, &n_other);
    glong allowed = n_one >= LONG_LETTERS && one[0] == other[0] ? 2 : 1;

    if (n_one < TYPO_LETTERS || MAX (n_one, n_other) > MOST_LETTERS || g_unichar_isdigit (one[0]))
        return FALSE;
    return ABS (n_one - n_other) <= allowed && count_edits (one, n_one, other, n_other) <= allowed;
}

static int
match_word (const char *typed, const char *word)
{
    if (g_str_equal (typed, word))
        return WHOLE;
    if (g_str_has_prefix (word, typed))
        return BEGINNING;
    return is_similar (typed, word) ? SIMILAR : NO_MATCH;
}

static int
score_text (const char *typed, const char *text)
{
    g_auto (GStrv) words = split (text);
    int best = NO_MATCH;

    for (guint i = 0; words[i]; i++)
        best = MAX (best, match_word (typed, words[i]));
    return best;
}

static int
score_steps (const char *typed, GListModel *steps)
{
    int best = NO_MATCH;

    for (guint i = 0; i < g_list_model_get_n_items (steps); i++) {
        g_autoptr (PrGuideStep) step = g_list_model_get_item (steps, i);

        best = MAX (best, score_text (typed, pr_guide_step_get_title (step)));
    }
    return best;
}

/* A whole number is what its guide is about; the beginning of one is a word as others are. */
static int
score_numbers (const char *typed, const char *numbers)
{
    int match = score_text (typed, numbers);

    return match * (match == WHOLE ? IN_NUMBERS : IN_KEYWORDS);
}

/* Is the number @typed in one of @ranges, "3100-3999 4000-4037"? */
static gboolean
is_in_ranges (const char *typed, const char *ranges)
{
    g_auto (GStrv) parts = g_strsplit (ranges ? ranges : "", " ", -1);
    guint64 number;

    if (!g_ascii_string_to_unsigned (typed, 10, 0, G_MAXUINT32, &number, NULL))
        return FALSE;
    for (guint i = 0; parts[i]; i++) {
        const char *dash = strchr (parts[i], '-');

        if (dash && number >= g_ascii_strtoull (parts[i], NULL, 10) && number <= g_ascii_strtoull (dash + 1, NULL, 10))
            return TRUE;
    }
    return FALSE;
}

static int
score_word (const char *typed, PrGuide *guide)
{
    int best = IN_TITLE * score_text (typed, pr_guide_get_title (guide));

    best = MAX (best, score_numbers (typed, pr_guide_get_numbers (guide)));
    if (is_in_ranges (typed, pr_guide_get_ranges (guide)))
        best = MAX (best, IN_KEYWORDS * WHOLE);
    best = MAX (best, IN_KEYWORDS * score_text (typed, pr_guide_get_keywords (guide)));
    best = MAX (best, IN_STEPS * score_steps (typed, pr_guide_get_steps (guide)));
    return MAX (best, IN_SUMMARY * score_text (typed, pr_guide_get_summary (guide)));
}

/* 0 where one of the words is missing. */
static int
score_guide (GStrv typed, PrGuide *guide)
{
    int sum = 1;

    for (guint i = 0; typed[i]; i++) {
        int score = score_word (typed[i], guide);

        if (score == 0)
            return 0;
        sum += score;
    }
    return sum;
}

static int
compare (gconstpointer a, gconstpointer b)
{
    const Hit *one = a, *other = b;

    if (one->score != other->score)
        return other->score - one->score;
    return one->position < other->position ? -1 : 1;
}

static GListModel *
sort (GArray *hits)
{
    GListStore *found = g_list_store_new (PR_TYPE_GUIDE);

    g_array_sort (hits, compare);
    for (guint i = 0; i < hits->len; i++)
        g_list_store_append (found, g_array_index (hits, Hit, i).guide);
    return G_LIST_MODEL (found);
}

GListModel *
pr_guide_search (GListModel *guides, const char *text)
{
    g_auto (GStrv) typed = g_str_tokenize_and_fold (text, NULL, NULL);
    g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (Hit));

    for (guint i = 0; i < g_list_model_get_n_items (guides); i++) {
        g_autoptr (PrGuide) guide = g_list_model_get_item (guides, i);
        Hit hit = { guide, score_guide (typed, guide), i };

        if (hit.score > 0)
            g_array_append_val (hits, hit);
    }
    return sort (hits);
}
