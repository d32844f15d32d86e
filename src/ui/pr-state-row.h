/* A row that says how one thing stands: by shape, word and colour, in this order.
 *
 * Properties besides AdwActionRow's: "state" (PrCheckState), "waiting" (its turn has not come), "value" (what was
 * found, at the row's end; a long one goes below the title).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-check.h"

#include <adwaita.h>

#define PR_TYPE_STATE_ROW (pr_state_row_get_type ())
G_DECLARE_FINAL_TYPE (PrStateRow, pr_state_row, PR, STATE_ROW, AdwActionRow)

PrStateRow *pr_state_row_new (const char *title, PrCheckState state, const char *value);
void pr_state_row_set_state (PrStateRow *self, PrCheckState state);
void pr_state_row_set_waiting (PrStateRow *self, gboolean waiting);
void pr_state_row_set_value (PrStateRow *self, const char *value);

/* For other rows: the picture of a state, and the style class of its colour (NULL: none). */
GtkWidget *pr_state_picture_new (PrCheckState state);
