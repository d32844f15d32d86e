/* phone-reset --diagnose: says without a window how computer, daemon and link are.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-application.h"

/**
 * pr_diagnose:
 * @options: as for the window
 * @format: (nullable): "text" or "json"
 *
 * Looks for some seconds and prints what it found.
 *
 * Returns: the program's exit status: 0 all is well, 1 there are findings, 2 @format makes no sense
 */
int pr_diagnose (const PrApplicationOptions *options, const char *format);
