/* What is told beside the guide of a failure: that waiting may be all that it takes, and what a phone's number means.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-plan.h"

#include <gtk/gtk.h>

/* (transfer full) (nullable): a sentence about @version, where @error is trouble with Apple's servers in the first days
 * of a release; %NULL in any other case. @version: (nullable) */
char *pr_failure_words_wait (PrPlan *plan, const GError *error, const char *version);
/* (transfer floating) (nullable): a row with that */
GtkWidget *pr_failure_row_wait (PrPlan *plan, const GError *error, const char *version);
/* (transfer floating): a row that says that it goes on by itself once the phone is plugged in again */
GtkWidget *pr_failure_row_retry (void);
/* (transfer floating) (nullable): a row that leads to the page about the phone's number, where it gave one */
GtkWidget *pr_failure_row_number (PrOperation *operation);
