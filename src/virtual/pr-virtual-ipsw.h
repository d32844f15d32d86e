/* Makes a small system archive (IPSW) that fits the virtual phone: the same shape, names and manifest as a real one,
 * with nothing but numbers inside. The same scenario gives the same bytes.
 *
 * Two things in it tell the phone what a real one finds out by running it: the ramdisk begins with a key file that says
 * what it does ("Erase" or "Update") and which version it installs, and the root hash holds the SHA-256 of the system
 * image.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-phone.h"

/* Writes PRODUCT_VERSION_BUILD_Restore.ipsw into @folder, which is made, as the scenario's [firmware] says. Blocks for
 * about a second per 100 MiB. FALSE and @error: it could not be written. */
gboolean pr_virtual_ipsw_make (PrVirtualPhone *phone, const char *folder, GError **error);
