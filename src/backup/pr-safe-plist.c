// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-safe-plist.h"

#include <string.h>

#define MAGIC "bplist0"
#define TRAILER 32
#define MAX_COST (40 * 1024 * 1024)
#define NODE_COST 192 /* what libplist needs for a node, about */
#define MAX_DEPTH 64
#define MAX_TAGS 200000 /* of XML */

typedef struct {
    const guint8 *data;
    gsize length;
    guint offset_size, reference_size;
    guint64 n_objects, table;
    guint64 *costs; /* of objects that were added up; 0: not yet */
} List;

static guint64
read_number (const guint8 *data, guint size)
{
    guint64 number = 0;

    for (guint i = 0; i < size; i++)
        number = number << 8 | data[i];
    return number;
}

/* An object's first byte; its count, and where its content begins. FALSE if that is outside. */
static gboolean
read_head (const List *list, guint64 number, guint8 *kind, guint64 *count, guint64 *at)
{
    guint64 offset = read_number (list->data + list->table + number * list->offset_size, list->offset_size);
    guint8 marker;

    if (offset >= list->table)
        return FALSE;
    marker = list->data[offset];
    *kind = marker >> 4;
    *count = marker & 15;
    *at = offset + 1;
    if (*count == 15 && *kind >= 4) {
        guint size;

        if (*at >= list->table)
            return FALSE;
        size = 1u << (list->data[*at] & 3);
        if (list->data[*at] >> 4 != 1 || *at + 1 + size > list->table)
            return FALSE;
        *count = read_number (list->data + *at + 1, size);
        *at += 1 + size;
    }
    return *count <= list->length;
}

/* 0: it is refused */
static guint64
add_up (List *list, guint64 number, guint depth)
{
    guint64 count, at, cost = NODE_COST, references;
    guint8 kind;

    if (number >= list->n_objects || depth > MAX_DEPTH || !read_head (list, number, &kind, &count, &at))
        return 0;
    if (list->costs[number] != 0)
        return list->costs[number];
    references = kind == 13 ? 2 * count : kind == 10 || kind == 12 ? count : 0;
    if (references == 0)
        cost += 3 * count;
    if (references > 0 && at + references * list->reference_size > list->table)
        return 0;
    for (guint64 i = 0; i < references; i++) {
        guint64 part =
            add_up (list, read_number (list->data + at + i * list->reference_size, list->reference_size), depth + 1);

        cost += part;
        if (part == 0 || cost > MAX_COST)
            return 0;
    }
    list->costs[number] = cost;
    return cost;
}

static gboolean
is_safe_binary (const guint8 *data, gsize length)
{
    const guint8 *trailer = data + length - TRAILER;
    g_autofree guint64 *costs = NULL;
    List list = { .data = data, .length = length };
    guint64 top;

    if (length < 8 + TRAILER)
        return FALSE;
    list.offset_size = trailer[6];
    list.reference_size = trailer[7];
    list.n_objects = read_number (trailer + 8, 8);
    top = read_number (trailer + 16, 8);
    list.table = read_number (trailer + 24, 8);
    if (list.offset_size < 1 || list.offset_size > 8 || list.reference_size < 1 || list.reference_size > 8 ||
        list.table > length - TRAILER || list.n_objects > (length - TRAILER - list.table) / list.offset_size ||
        list.n_objects * NODE_COST > MAX_COST)
        return FALSE;
    costs = g_new0 (guint64, (gsize) list.n_objects + 1);
    list.costs = costs;
    return add_up (&list, top, 0) != 0;
}

static gboolean
is_safe_text (const guint8 *data, gsize length)
{
    gsize tags = 0;

    for (gsize i = 0; i < length; i++)
        tags += data[i] == '<';
    return tags <= MAX_TAGS;
}

plist_t
pr_safe_plist_parse (const guint8 *data, gsize length)
{
    gboolean binary = length >= 8 && memcmp (data, MAGIC, strlen (MAGIC)) == 0;
    plist_t plist = NULL;

    if (length > G_MAXUINT32 || !(binary ? is_safe_binary (data, length) : is_safe_text (data, length)))
        return NULL;
    plist_from_memory ((const char *) data, (guint32) length, &plist, NULL);
    return plist;
}
