/* The list of system versions as ipsw.me has it (its API, version 4), in JSON; our own copies are kept in the same
 * form.
 *
 * Pure; any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-firmware.h"

/* As pr_apple_list_read(). */
GPtrArray *pr_ipsw_list_read (GBytes *list, const char *product_type, GError **error);

/* (transfer full): @versions in that form. */
GBytes *pr_ipsw_list_write (GPtrArray *versions);
