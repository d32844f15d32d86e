/* A row of the ladder: one remedy, how it stands, and whether it was tried. The "guide" of the remedy opens from it.
 *
 * Signal: "tried-changed", the person has ticked it, or taken the tick away.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-advice.h"

#include <adwaita.h>

#define PR_TYPE_RUNG_ROW (pr_rung_row_get_type ())
G_DECLARE_FINAL_TYPE (PrRungRow, pr_rung_row, PR, RUNG_ROW, AdwPreferencesRow)

PrRungRow *pr_rung_row_new (PrRemedy remedy);
PrRemedy pr_rung_row_get_remedy (PrRungRow *self);
gboolean pr_rung_row_get_tried (PrRungRow *self);
/* Does not say "tried-changed". */
void pr_rung_row_show (PrRungRow *self, const PrRung *rung);
