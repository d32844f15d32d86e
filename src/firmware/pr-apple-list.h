/* Apple's own list of system versions, a property list: which is the newest for each model.
 *
 * Source of the format: libimobiledevice's idevicerestore (ipsw.c) and blacktop's ipsw (itunes.go) read it.
 * Pure; any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-firmware.h"

/* (transfer full) (nullable) (element-type PrFirmware): those for @product_type, which may be none; %NULL with
 * PR_ERROR_NO_VERSIONS when it is no such list. */
GPtrArray *pr_apple_list_read (GBytes *list, const char *product_type, GError **error);
