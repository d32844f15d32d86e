/* Preferences: how much room downloaded system files may take, what there is of them, and which servers are asked.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#define PR_TYPE_PREFERENCES_DIALOG (pr_preferences_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PrPreferencesDialog, pr_preferences_dialog, PR, PREFERENCES_DIALOG, AdwPreferencesDialog)

/**
 * pr_preferences_dialog_new:
 * @folder: (nullable): of system files
 * @servers: may their addresses be changed? Not those of a virtual phone
 */
AdwDialog *pr_preferences_dialog_new (GSettings *settings, const char *folder, gboolean servers);

/* Is it one that may be asked: beginning with https:, and with a host? */
gboolean pr_preferences_is_address (const char *address);
/* Bytes; 0: no limit. */
guint64 pr_preferences_get_limit (GSettings *settings);
