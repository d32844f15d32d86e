/* For tests of the search through the guides.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

/* Where among those of @guides that are found for @text is the one with this id? -1 when it is not among them. */
int search_place (GListModel *guides, const char *text, const char *id);
