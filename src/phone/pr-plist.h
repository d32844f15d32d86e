/* Values out of property lists that came from a phone or from usbmuxd: checked for type and range, unknown otherwise.
 *
 * Pure functions, any thread. @dict may be NULL or anything else than a dictionary: then every value is unknown.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <plist/plist.h>

#include "pr-phone.h"

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (plist_t, plist_free, NULL)

/**
 * pr_plist_get_item:
 *
 * Returns: (transfer none) (nullable): the value of @key if it is of @type
 */
plist_t pr_plist_get_item (plist_t dict, const char *key, plist_type type);

/* Text that a person wrote: valid UTF-8, one line, without control or direction characters, at most 64 characters. */
char *pr_plist_dup_text (plist_t dict, const char *key);
/* The same of @string (nullable), which is of any bytes. */
char *pr_plist_clean_text (const char *string);

/* Text that a machine wrote ("iPhone14,7"): letters, digits and ",.-_ /" only, at most 64 bytes, else NULL. */
char *pr_plist_dup_word (plist_t dict, const char *key);

gboolean pr_plist_get_number (plist_t dict, const char *key, guint64 *number);

/* From a boolean, or from a number of which 0 is no. */
PrAnswer pr_plist_get_answer (plist_t dict, const char *key);

/* From seconds since 2001-01-01 UTC or a date; NULL if that makes no sense (before 2001, after 2100). */
GDateTime *pr_plist_get_date (plist_t dict, const char *key);

/* XML, as lockdownd, its services and usbmuxd take it. */
GBytes *pr_plist_to_bytes (plist_t plist);

/* From XML or binary. NULL if it is neither, or not a dictionary. */
plist_t pr_plist_from_memory (const void *data, gsize length);
