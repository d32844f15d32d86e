// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-manifest-text.h"

#include <string.h>

#define MAX_DEPTH 32
/* libplist's lists grow by a fixed step, and growing copies: the work is the square of what one list holds. A real list
 * holds some hundreds. */
#define MAX_TAGS_IN_ONE 20000

static gboolean
starts (const char *at, gsize length, const char *word)
{
    gsize n = strlen (word);

    return length >= n && memcmp (at, word, n) == 0;
}

/* How the depth changes by the tag between < and >, both not included. */
static int
change_of_depth (const char *tag, gsize length)
{
    gboolean closing = length > 0 && tag[0] == '/';

    if (closing) {
        tag++;
        length--;
    }
    if (!starts (tag, length, "dict") && !starts (tag, length, "array") && !starts (tag, length, "plist"))
        return 0;
    if (closing)
        return -1;
    return tag[length - 1] == '/' ? 0 : 1;
}

static gboolean
is_even (const char *tag, gsize length, char quote)
{
    guint n = 0;

    for (gsize i = 0; i < length; i++)
        n += tag[i] == quote;
    return n % 2 == 0;
}

/* Whatever could hide a bracket from us that libplist would see, or the other way round, is refused. */
static gboolean
is_allowed (const char *tag, gsize length)
{
    if (length == 0 || memchr (tag, '<', length) != NULL || !is_even (tag, length, '"') || !is_even (tag, length, '\''))
        return FALSE;
    if (tag[0] == '?')
        return length > 1 && tag[length - 1] == '?';
    return tag[0] != '!' || (starts (tag, length, "!DOCTYPE plist") && memchr (tag, '[', length) == NULL);
}

gboolean
pr_manifest_text_is_plain (const char *text, gsize length, guint max_tags)
{
    const char *end = text + length, *at = text;
    guint tags = 0;
    int depth = 0, change, inside[MAX_DEPTH + 1] = { 0 };

    if (memchr (text, '\0', length) != NULL)
        return FALSE;
    while ((at = memchr (at, '<', (gsize) (end - at))) != NULL) {
        const char *tag = at + 1, *close = memchr (tag, '>', (gsize) (end - tag));

        if (close == NULL || !is_allowed (tag, (gsize) (close - tag)) || ++tags > max_tags)
            return FALSE;
        change = change_of_depth (tag, (gsize) (close - tag));
        depth += change;
        if (depth < 0 || depth > MAX_DEPTH)
            return FALSE;
        inside[depth] = change > 0 ? 0 : inside[depth] + 1;
        if (inside[depth] > MAX_TAGS_IN_ONE)
            return FALSE;
        at = close + 1;
    }
    return depth == 0 && tags > 0;
}
