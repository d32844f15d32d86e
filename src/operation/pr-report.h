/* What happened, as a text for a forum or a bug report, with the phone's identity masked. Main thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-operation.h"

/**
 * pr_report_create:
 * @action: what was done, "restore"
 *
 * Returns: (transfer full): versions, the phone's model and mode, how the operation ended, and its details. Name,
 * serial number, UDID, ECID and the person's home folder are masked (guard rail 9).
 */
char *pr_report_create (PrOperation *operation, const char *action);

/* Returns: (transfer none): the nick of a value of an enumeration, "?" where it has none. Any thread. */
const char *pr_report_nick (GType type, int value);

/**
 * pr_report_mask:
 * @secrets: texts that must not be told, NULL-terminated; short ones (under 4 characters) only as words
 *
 * Returns: (transfer full): @text with each of them, in any case, replaced by "•••", and every IMEI
 */
char *pr_report_mask (const char *text, const char *const *secrets);
