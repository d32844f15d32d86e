/* What the pages of advice say of a remedy: its cost, and the button that leads on from it. Main thread only; texts are
 * translated.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-plan-advice.h"

/* (transfer full): "1 to 3 min" · "30 min to 2 hours" · "It depends" */
char *pr_advice_words_time (PrRemedy remedy);
/* "Nothing" · "Everything on the phone" */
const char *pr_advice_words_loss (PrLoss loss);
/* The icon of a loss, and the style class of its colour */
const char *pr_advice_words_loss_icon (PrLoss loss, const char **css_class);
/* (transfer full): what the button says that leads on from @remedy: "Restart" · "Show the Buttons" · "Show How" */
char *pr_advice_words_way_on (PrPlan *plan, PrRemedy remedy);
