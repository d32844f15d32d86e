/* Just enough of DER (ITU-T X.690) for Image4 files: writing elements, and reading them without trusting a length.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#define PR_VIRTUAL_DER_INTEGER 0x02
#define PR_VIRTUAL_DER_OCTETS 0x04
#define PR_VIRTUAL_DER_TEXT 0x16 /* IA5String */
#define PR_VIRTUAL_DER_SEQUENCE 0x30
#define PR_VIRTUAL_DER_SET 0x31
#define PR_VIRTUAL_DER_TICKET 0xa0 /* context-specific 0, constructed: where an IMG4 holds its ticket */

/* A place in DER that is read from front to back; borrows the bytes. */
typedef struct {
    const guint8 *at;
    gsize left;
} PrVirtualDer;

/* Appends one element to @out. @data may be NULL when @size is 0. */
void pr_virtual_der_put (GByteArray *out, guint8 tag, const void *data, gsize size);
void pr_virtual_der_put_text (GByteArray *out, const char *text);

/* Steps over the next element and gives its inside. FALSE, and nothing moved, when there is none, it has another tag or
 * it says that it is longer than what is left. */
gboolean pr_virtual_der_next (PrVirtualDer *der, guint8 tag, PrVirtualDer *inside);

/* Steps over the next element when it is exactly the text @text. */
gboolean pr_virtual_der_next_text (PrVirtualDer *der, const char *text);
