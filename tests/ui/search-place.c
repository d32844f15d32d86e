// SPDX-License-Identifier: GPL-3.0-or-later
#include "search-place.h"

#include "pr-guide-search.h"

int
search_place (GListModel *guides, const char *text, const char *id)
{
    g_autoptr (GListModel) found = pr_guide_search (guides, text);

    for (guint i = 0; i < g_list_model_get_n_items (found); i++) {
        g_autoptr (PrGuide) guide = g_list_model_get_item (found, i);

        if (g_str_equal (pr_guide_get_id (guide), id))
            return i;
    }
    return -1;
}
