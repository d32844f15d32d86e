/* Image4: the firmware files of an IPSW (IM4P: type, description, payload) and the same with a ticket in front of a
 * phone (IMG4). Here is what a boot loader does before it believes one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-phone.h"

typedef struct {
    char type[5];    /* "ibec", "rdsk" … */
    GBytes *payload; /* what is inside */
    GBytes *ticket;
} PrVirtualImage;

void pr_virtual_image_free (PrVirtualImage *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrVirtualImage, pr_virtual_image_free)

/* An IM4P of @type, four characters. */
GBytes *pr_virtual_im4p_new (const char *type, const char *description, GBytes *payload);

/* The digest by which a ticket trusts it: SHA-384 over all of the IM4P. */
GBytes *pr_virtual_im4p_digest (GBytes *im4p);

/* Opens what a computer sent as @phone would: a whole IMG4, whose ticket is signed, is for this phone and its present
 * nonce, and trusts just these bytes. What it refuses is said in the log ("ticket-refused", which is also counted as
 * "tickets-refused", or "image-refused").
 * @error: G_IO_ERROR_INVALID_DATA, or _PERMISSION_DENIED for the ticket. */
PrVirtualImage *pr_virtual_image_open (PrVirtualPhone *phone, GBytes *file, GError **error);
