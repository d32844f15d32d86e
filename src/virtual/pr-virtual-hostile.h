/* What a phone would never say that means well: the fault backup-hostile. Its argument is "WHERE KIND", a request with
 * a name that leads astray, or one word, a length or message that is not what it says. data/scenarios/README.md has
 * them all.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-backup.h"

/* Does what the fault says, if it is set, and tells in the log what the computer made of it (backup-hostile-answer).
 * Returns: FALSE when nothing can be said after that. */
gboolean pr_virtual_hostile_strike (PrVirtualBackup *backup);
