/* What is known about a model from its product type, or from the chip and board that it names in recovery mode.
 *
 * Names come from libirecovery's table, families and buttons from rules over the product type, so that models newer
 * than this program have them too; data/models.ini adds and corrects. Any thread. What is returned is static; NULL is
 * "not known". Product types may come straight from a phone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

/**
 * pr_model_get_name:
 * @product_type: (nullable): for example "iPhone14,7"
 *
 * Returns: (nullable): what the model is sold as, "iPhone 14", without its radio or size of storage
 */
const char *pr_model_get_name (const char *product_type);

/* Does libirecovery know it? idevicerestore, which finds models in the same table, can do nothing for another one. */
gboolean pr_model_is_in_library (const char *product_type);

/**
 * pr_model_get_family:
 *
 * Returns: (nullable): which drawing shows it: "home", "notch", "island", "tablet" or "tablet-home"
 */
const char *pr_model_get_family (const char *product_type);

/**
 * pr_model_get_buttons:
 *
 * Returns: (nullable): which buttons restart it and bring it to recovery mode: "home" (with the side or top button),
 * "volume-down" (with the side button), "side" (volume up, volume down, then it) or "top" (the same on an iPad)
 */
const char *pr_model_get_buttons (const char *product_type);

/**
 * pr_model_get_product_type:
 * @chip_id: CPID in the serial of recovery and DFU mode, ChipID elsewhere
 * @board_id: BDID, BoardID
 */
const char *pr_model_get_product_type (guint chip_id, guint board_id);

/**
 * pr_model_get_board:
 *
 * Returns: (nullable): the board's name in lower case, "d27ap", as a BuildManifest's DeviceClass has it. One product
 * type can have several boards, so only chip and board together name it.
 */
const char *pr_model_get_board (guint chip_id, guint board_id);
