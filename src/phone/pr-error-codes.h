/* Codes of the phone's lockdownd as PrErrors. Any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libimobiledevice/lockdown.h>

#include "pr-error.h"

/**
 * pr_error_parse_lockdown:
 * @name: (nullable): what lockdownd answers as "Error", for example "PasswordProtected"
 *
 * Returns: libimobiledevice's code for it; LOCKDOWN_E_UNKNOWN_ERROR for names that it does not know either
 */
lockdownd_error_t pr_error_parse_lockdown (const char *name);

PrError pr_error_from_lockdown (lockdownd_error_t code);
