/* Asks whether a profile shall be removed, and says what goes with it. The phone's name is typed: this is the confirm
 * page's dialog for that one step, and makes a PrConfirmation (guard rail 1).
 *
 * Signal: "agreed" (PrConfirmation as a pointer, borrowed).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-profile.h"

#include <adwaita.h>

#define PR_TYPE_PROFILE_DIALOG (pr_profile_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PrProfileDialog, pr_profile_dialog, PR, PROFILE_DIALOG, AdwAlertDialog)

/* @apps: how many there are on @phone; -1: not known */
AdwDialog *pr_profile_dialog_new (PrPhone *phone, PrProfile *profile, int apps);
/* (transfer none) */
PrProfile *pr_profile_dialog_get_profile (PrProfileDialog *self);
