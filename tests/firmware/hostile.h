/* System files that mean harm or are broken: made from a good one by lies about its structure.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

/* (transfer full): a small good system file for iPhone14,7 (d27ap) that can update and restore. */
GBytes *hostile_make_good (void);

/* (transfer full): a system file with this manifest, and system.dmg. */
GBytes *hostile_make_with (const char *manifest);

/* (transfer full): @good with some of its fields changed at random, most of them where the structure is. */
GBytes *hostile_mutate (GBytes *good, GRand *random);

/* (transfer full): number @number of those that are built on purpose; %NULL past the last. @name: (out) (transfer none)
 */
GBytes *hostile_make (guint number, const char **name);
