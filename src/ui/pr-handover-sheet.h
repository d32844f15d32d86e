/* The hand-over report on paper. Main thread, with a display.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "pr-handover.h"

/**
 * pr_handover_sheet_new:
 * @masked: serial number and IMEI are masked, as in the data whose digest stands in the sheet's code
 *
 * Returns: (transfer full): to be run with gtk_print_operation_run()
 */
GtkPrintOperation *pr_handover_sheet_new (const PrHandover *handover, gboolean masked);
