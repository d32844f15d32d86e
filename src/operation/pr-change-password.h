/* Turns the encryption of a phone's backups on or off, or changes its password. The phone asks for its passcode.
 * Backups that exist are not changed by it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-operation.h"

#define PR_TYPE_CHANGE_PASSWORD (pr_change_password_get_type ())
G_DECLARE_FINAL_TYPE (PrChangePassword, pr_change_password, PR, CHANGE_PASSWORD, PrOperation)

/* @old_password: (nullable): %NULL turns on. @new_password: (nullable): %NULL turns off. Copies are kept, and wiped. */
PrOperation *pr_change_password_new (PrPhone *phone, const char *old_password, const char *new_password);
