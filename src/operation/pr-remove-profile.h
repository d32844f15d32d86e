/* Removes one configuration profile from a phone, and looks whether it is gone.
 *
 * Destructive: it takes a confirmation with the action PR_REMOVE_PROFILE_ACTION and pr_profile_dup_key() as its file
 * (guard rail 1), and sends one request for just that profile. What is gone is what the phone lists no more. Nothing is
 * sent where it lists the profile no more already, or forbids that it is removed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-confirmation.h"
#include "pr-operation.h"
#include "pr-profile.h"

#define PR_REMOVE_PROFILE_ACTION "remove-profile"

#define PR_TYPE_REMOVE_PROFILE (pr_remove_profile_get_type ())
G_DECLARE_FINAL_TYPE (PrRemoveProfile, pr_remove_profile, PR, REMOVE_PROFILE, PrOperation)

/* @confirmation: (nullable) */
PrOperation *pr_remove_profile_new (PrPhone *phone, PrProfile *profile, PrConfirmation *confirmation);

/* How many apps have gone with it so far, once it is over; -1: not known. */
int pr_remove_profile_get_apps_gone (PrRemoveProfile *self);
