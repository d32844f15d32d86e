// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-plist.h"

#include <math.h>
#include <string.h>

#define MAX_TEXT 64                         /* characters */
#define APPLE_EPOCH 978307200               /* 2001-01-01 in seconds since 1970 */
#define LAST_SECOND (100.0 * 366 * 86400.0) /* later than that since 2001 is nonsense */

plist_t
pr_plist_get_item (plist_t dict, const char *key, plist_type type)
{
    plist_t item;

    if (dict == NULL || plist_get_node_type (dict) != PLIST_DICT)
        return NULL;
    item = plist_dict_get_item (dict, key);
    return item != NULL && plist_get_node_type (item) == type ? item : NULL;
}

static const char *
get_string (plist_t dict, const char *key)
{
    plist_t item = pr_plist_get_item (dict, key, PLIST_STRING);

    return item != NULL ? plist_get_string_ptr (item, NULL) : NULL;
}

/* Format characters would let a name turn the text around it. U+200D and U+FE0F hold emoji together. */
static gboolean
may_be_shown (gunichar c)
{
    return g_unichar_isprint (c) && (g_unichar_type (c) != G_UNICODE_FORMAT || c == 0x200d);
}

char *
pr_plist_clean_text (const char *string)
{
    g_autofree char *valid = NULL;
    g_autoptr (GString) text = g_string_new (NULL);
    guint n = 0;

    if (string == NULL)
        return NULL;
    valid = g_utf8_make_valid (string, strnlen (string, 16 * MAX_TEXT));
    for (const char *p = valid; *p != '\0' && n < MAX_TEXT; p = g_utf8_next_char (p)) {
        gunichar c = g_utf8_get_char (p);

        if (!may_be_shown (c))
            continue;
        g_string_append_unichar (text, c);
        n++;
    }
    g_strstrip (text->str);
    return text->str[0] != '\0' ? g_strdup (text->str) : NULL;
}

char *
pr_plist_dup_text (plist_t dict, const char *key)
{
    return pr_plist_clean_text (get_string (dict, key));
}

char *
pr_plist_dup_word (plist_t dict, const char *key)
{
    const char *string = get_string (dict, key);
    gsize length = string != NULL ? strnlen (string, MAX_TEXT + 1) : 0;

    if (length == 0 || length > MAX_TEXT)
        return NULL;
    for (const char *p = string; *p != '\0'; p++)
        if (!g_ascii_isalnum (*p) && strchr (",.-_ /", *p) == NULL)
            return NULL;
    return g_strdup (string);
}

gboolean
pr_plist_get_number (plist_t dict, const char *key, guint64 *number)
{
    plist_t item = pr_plist_get_item (dict, key, PLIST_INT);

    if (item == NULL || plist_int_val_is_negative (item))
        return FALSE;
    plist_get_uint_val (item, number);
    return TRUE;
}

PrAnswer
pr_plist_get_answer (plist_t dict, const char *key)
{
    plist_t item = pr_plist_get_item (dict, key, PLIST_BOOLEAN);
    guint64 number = 0;
    guint8 yes = 0;

    if (item != NULL) {
        plist_get_bool_val (item, &yes);
        return yes ? PR_ANSWER_YES : PR_ANSWER_NO;
    }
    if (!pr_plist_get_number (dict, key, &number))
        return PR_ANSWER_UNKNOWN;
    return number != 0 ? PR_ANSWER_YES : PR_ANSWER_NO;
}

static double
get_seconds (plist_t dict, const char *key)
{
    plist_t item = pr_plist_get_item (dict, key, PLIST_REAL);
    double seconds = NAN;
    guint64 number;

    if (item != NULL)
        plist_get_real_val (item, &seconds);
    else if (pr_plist_get_number (dict, key, &number))
        seconds = (double) number;
    else if ((item = pr_plist_get_item (dict, key, PLIST_DATE)) != NULL) {
        gint32 whole = 0, micro = 0;

        plist_get_date_val (item, &whole, &micro);
        seconds = whole;
    }
    return seconds;
}

GDateTime *
pr_plist_get_date (plist_t dict, const char *key)
{
    double seconds = get_seconds (dict, key);

    /* 0 stands for "never" */
    if (!(seconds > 0 && seconds < LAST_SECOND))
        return NULL;
    return g_date_time_new_from_unix_utc (APPLE_EPOCH + (gint64) seconds);
}

GBytes *
pr_plist_to_bytes (plist_t plist)
{
    char *xml = NULL;
    guint32 length = 0;
    GBytes *bytes;

    plist_to_xml (plist, &xml, &length);
    bytes = g_bytes_new (xml, length);
    plist_mem_free (xml);
    return bytes;
}

plist_t
pr_plist_from_memory (const void *data, gsize length)
{
    g_auto (plist_t) plist = NULL;

    if (length == 0 || length > G_MAXINT32)
        return NULL;
    if (plist_from_memory (data, length, &plist, NULL) != PLIST_ERR_SUCCESS || plist == NULL)
        return NULL;
    if (plist_get_node_type (plist) != PLIST_DICT)
        return NULL;
    return g_steal_pointer (&plist);
}
