// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-img4.h"

#include <string.h>

#include "pr-virtual-der.h"
#include "pr-virtual-ticket.h"

void
pr_virtual_image_free (PrVirtualImage *image)
{
    g_clear_pointer (&image->payload, g_bytes_unref);
    g_clear_pointer (&image->ticket, g_bytes_unref);
    g_free (image);
}

GBytes *
pr_virtual_im4p_new (const char *type, const char *description, GBytes *payload)
{
    g_autoptr (GByteArray) body = g_byte_array_new ();
    g_autoptr (GByteArray) im4p = g_byte_array_new ();
    gsize size;
    const void *data = g_bytes_get_data (payload, &size);

    pr_virtual_der_put_text (body, "IM4P");
    pr_virtual_der_put_text (body, type);
    pr_virtual_der_put_text (body, description);
    pr_virtual_der_put (body, PR_VIRTUAL_DER_OCTETS, data, size);
    pr_virtual_der_put (im4p, PR_VIRTUAL_DER_SEQUENCE, body->data, body->len);
    return g_byte_array_free_to_bytes (g_steal_pointer (&im4p));
}

static GBytes *
digest (const void *data, gsize size)
{
    g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA384);
    guint8 octets[48];
    gsize length = sizeof octets;

    g_checksum_update (sum, data, size);
    g_checksum_get_digest (sum, octets, &length);
    return g_bytes_new (octets, length);
}

GBytes *
pr_virtual_im4p_digest (GBytes *im4p)
{
    gsize size;
    const void *data = g_bytes_get_data (im4p, &size);

    return digest (data, size);
}

/* The type and the payload of an IM4P. */
static gboolean
read_im4p (PrVirtualDer im4p, PrVirtualImage *image)
{
    PrVirtualDer type, description, payload;

    if (!pr_virtual_der_next_text (&im4p, "IM4P") || !pr_virtual_der_next (&im4p, PR_VIRTUAL_DER_TEXT, &type) ||
        type.left != 4 || !pr_virtual_der_next (&im4p, PR_VIRTUAL_DER_TEXT, &description) ||
        !pr_virtual_der_next (&im4p, PR_VIRTUAL_DER_OCTETS, &payload))
        return FALSE;
    memcpy (image->type, type.at, 4);
    image->payload = g_bytes_new (payload.at, payload.left);
    return TRUE;
}

/* Takes @file apart; @im4p_digest is of the IM4P as it was sent. */
static PrVirtualImage *
read_image (GBytes *file, GBytes **im4p_digest)
{
    g_autoptr (PrVirtualImage) image = g_new0 (PrVirtualImage, 1);
    PrVirtualDer all, body, im4p, ticket;
    const guint8 *start;

    all.at = g_bytes_get_data (file, &all.left);
    if (!pr_virtual_der_next (&all, PR_VIRTUAL_DER_SEQUENCE, &body) || all.left > 0 ||
        !pr_virtual_der_next_text (&body, "IMG4"))
        return NULL;
    start = body.at;
    if (!pr_virtual_der_next (&body, PR_VIRTUAL_DER_SEQUENCE, &im4p) || !read_im4p (im4p, image))
        return NULL;
    *im4p_digest = digest (start, body.at - start);
    if (!pr_virtual_der_next (&body, PR_VIRTUAL_DER_TICKET, &ticket))
        return NULL;
    image->ticket = g_bytes_new (ticket.at, ticket.left);
    return g_steal_pointer (&image);
}

static gboolean
check_ticket (PrVirtualPhone *phone, PrVirtualImage *image, GBytes *im4p_digest, GError **error)
{
    g_autoptr (GBytes) nonce = pr_virtual_phone_ap_nonce (phone);

    if (!pr_virtual_ticket_check (image->ticket, pr_virtual_phone_identity (phone)->ecid, nonce, error))
        return FALSE;
    if (pr_virtual_ticket_trusts (image->ticket, im4p_digest))
        return TRUE;
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "The ticket does not trust this %s", image->type);
    return FALSE;
}

PrVirtualImage *
pr_virtual_image_open (PrVirtualPhone *phone, GBytes *file, GError **error)
{
    g_autoptr (GBytes) im4p_digest = NULL;
    g_autoptr (PrVirtualImage) image = read_image (file, &im4p_digest);
    g_autoptr (GError) refused = NULL;

    if (image == NULL) {
        pr_virtual_phone_saw (phone, "image-refused", "why", "no whole IMG4", NULL);
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "This is no whole IMG4");
        return NULL;
    }
    if (check_ticket (phone, image, im4p_digest, &refused))
        return g_steal_pointer (&image);
    pr_virtual_phone_count (phone, "tickets-refused");
    pr_virtual_phone_saw (phone, "ticket-refused", "type", image->type, "why", refused->message, NULL);
    g_propagate_error (error, g_steal_pointer (&refused));
    return NULL;
}
