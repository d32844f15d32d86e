/* A fingerprint of a whole folder: names, kinds, permissions and contents of all that is in it. Equal for equal trees
 * only; links are not followed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

typedef struct {
    guint64 low, high;
} TreePrint;

/* Of what is in @folder; fails the test where something cannot be read. @skip: (nullable): names in @folder
 * that do not count. */
void tree_print (const char *folder, const char *const *skip, TreePrint *print);
gboolean tree_print_equal (const TreePrint *a, const TreePrint *b);
