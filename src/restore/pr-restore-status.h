/* The numbers with which a phone ends a restore, in families: each has a page that says what they mean, and what helps.
 *
 * Source: Apple's support pages and idevicerestore (restore.c), as the pages name them. Pure; any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

/* (transfer none) (nullable): the id of the guide about @status; %NULL where the general one has to do */
const char *pr_restore_status_get_guide (int status);
