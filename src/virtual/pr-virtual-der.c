// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-der.h"

#include <string.h>

static void
put_size (GByteArray *out, gsize size)
{
    guint8 octets[1 + sizeof (gsize)];
    guint count = 0;

    if (size < 0x80) {
        octets[0] = size;
        g_byte_array_append (out, octets, 1);
        return;
    }
    for (gsize rest = size; rest > 0; rest >>= 8)
        count++;
    octets[0] = 0x80 | count;
    for (guint i = 0; i < count; i++)
        octets[1 + i] = size >> (8 * (count - 1 - i));
    g_byte_array_append (out, octets, 1 + count);
}

void
pr_virtual_der_put (GByteArray *out, guint8 tag, const void *data, gsize size)
{
    g_byte_array_append (out, &tag, 1);
    put_size (out, size);
    if (size > 0)
        g_byte_array_append (out, data, size);
}

void
pr_virtual_der_put_text (GByteArray *out, const char *text)
{
    pr_virtual_der_put (out, PR_VIRTUAL_DER_TEXT, text, strlen (text));
}

/* The length at @at[1] and on, of at most four octets; the size of the header, or 0 when it is broken. */
static gsize
read_header (const guint8 *at, gsize left, gsize *size)
{
    guint count;

    if (left < 2)
        return 0;
    if (at[1] < 0x80) {
        *size = at[1];
        return 2;
    }
    count = at[1] & 0x7f;
    if (count == 0 || count > 4 || left < 2 + count)
        return 0;
    *size = 0;
    for (guint i = 0; i < count; i++)
        *size = *size << 8 | at[2 + i];
    return 2 + count;
}

gboolean
pr_virtual_der_next (PrVirtualDer *der, guint8 tag, PrVirtualDer *inside)
{
    gsize size = 0;
    gsize header = read_header (der->at, der->left, &size);

    if (header == 0 || der->at[0] != tag || size > der->left - header)
        return FALSE;
    *inside = (PrVirtualDer) { der->at + header, size };
    der->at += header + size;
    der->left -= header + size;
    return TRUE;
}

gboolean
pr_virtual_der_next_text (PrVirtualDer *der, const char *text)
{
    PrVirtualDer rest = *der;
    PrVirtualDer inside;

    if (!pr_virtual_der_next (&rest, PR_VIRTUAL_DER_TEXT, &inside))
        return FALSE;
    if (inside.left != strlen (text) || memcmp (inside.at, text, inside.left) != 0)
        return FALSE;
    *der = rest;
    return TRUE;
}
