/* Saves a report where the person wants it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

/**
 * pr_save_report:
 * @parent: in the window that asks for the place
 * @text: masked already; copied
 * @toasts: tells how it went
 * @cancellable: ends it without a word
 */
void pr_save_report (GtkWidget *parent, const char *text, AdwToastOverlay *toasts, GCancellable *cancellable);
