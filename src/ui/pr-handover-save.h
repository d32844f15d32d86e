/* Puts the hand-over report into a folder: the sheet (PDF), and the data (JSON) whose digest the sheet's code holds.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "pr-handover.h"

/**
 * pr_handover_save:
 * @parent: in the window that asks for the folder
 * @toasts: tells how it went
 * @cancellable: ends it without a word
 *
 * Main thread; returns at once.
 */
void pr_handover_save (GtkWidget *parent,
                       const PrHandover *handover,
                       gboolean masked,
                       AdwToastOverlay *toasts,
                       GCancellable *cancellable);
