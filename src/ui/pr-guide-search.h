/* Finding guides by what people type: words of the title, the summary, the steps' titles and the keywords, such as the
 * error numbers that other programs show. A long word may have two mistakes. No widgets.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-guide.h"

/**
 * pr_guide_search:
 * @guides: of PrGuide
 * @text: what was typed
 *
 * The guide that is about an error number comes before those that only mention it. Every word of @text must be in a
 * guide, whole or as the beginning of a word, in any case and with or without accents; a word of five letters or more
 * may have one letter wrong, missing, too many or swapped with its neighbour.
 *
 * Returns: (transfer full): the guides found, the best first; all of them when @text has no word
 */
GListModel *pr_guide_search (GListModel *guides, const char *text);
