/* Keeps a phone's pair record over its time in recovery mode, which makes other programs throw it away, and puts it
 * back. In memory only: the record holds private keys. Blocking; any thread but the main one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-phone.h"

/* Saves the record of the phone @ecid, if there is one; failing to is no reason to stop and is only logged. */
void pr_kept_pairing_save (guint64 ecid, const char *udid);

/* Puts it back if the phone still takes it; one that it does not know any more is forgotten. */
void pr_kept_pairing_put_back (guint64 ecid, const char *udid, GCancellable *cancellable);
