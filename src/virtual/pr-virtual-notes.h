/* What iOS tells all its programs: notifications. A computer watches some and posts others through
 * com.apple.mobile.notification_proxy.
 *
 * Thread-safe.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-phone.h"

#define PR_VIRTUAL_NOTE_ASKS "com.apple.LocalAuthentication.ui.presented"
#define PR_VIRTUAL_NOTE_ASKED "com.apple.LocalAuthentication.ui.dismissed"
#define PR_VIRTUAL_NOTE_CANCEL "com.apple.itunes-client.syncCancelRequest"
#define PR_VIRTUAL_NOTE_CHANGED "com.apple.mobile.backup.domain_changed"

/* Tells every computer that watches @name. */
void pr_virtual_notes_post (PrVirtualPhone *phone, const char *name);

/* How often a computer asked to stop what it began; a backup ends when this grows. */
guint pr_virtual_notes_cancellations (void);
