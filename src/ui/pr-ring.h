/* A ring that fills, around what counts in its middle.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#define PR_TYPE_RING (pr_ring_get_type ())
G_DECLARE_FINAL_TYPE (PrRing, pr_ring, PR, RING, AdwBin)

/* The person's accent colour, strong enough to draw with on the page. */
void pr_ring_get_accent (GtkWidget *widget, GdkRGBA *accent);

/* @fraction: 0 to 1 of the ring, from the top */
void pr_ring_set_fraction (PrRing *self, double fraction);
