/* Blocking requests to a phone in normal mode. Called only from an operation's run(), never from ui/.
 *
 * Each opens its own connection and closes it, and has a limit (15 s) past which it fails with PR_ERROR_NO_ANSWER.
 * @udid is as libimobiledevice writes it. Errors are PrErrors of trust, link and daemon.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-phone.h"

gboolean pr_services_restart (const char *udid, GCancellable *cancellable, GError **error);
gboolean pr_services_shut_down (const char *udid, GCancellable *cancellable, GError **error);
/* Needs trust: asks lockdownd inside a session, and without one where the phone allows that. */
gboolean pr_services_enter_recovery (const char *udid, GCancellable *cancellable, GError **error);
/* Asks the phone to erase itself: pr_management_erase(). */
gboolean pr_services_erase (const char *udid, gboolean keep_plan, GCancellable *cancellable, GError **error);
/* Was it erased since this computer was trusted? YES where it knows this computer no more. Needs no trust. */
gboolean pr_services_read_erased (const char *udid, PrAnswer *erased, GCancellable *cancellable, GError **error);
/* What a phone tells everybody, as one does that greets its next owner. What it keeps to itself is unknown. */
typedef struct {
    PrAnswer activated;
    PrAnswer activation_lock;
    PrAnswer set_up;
} PrGreeting;

gboolean pr_services_read_greeting (const char *udid, PrGreeting *greeting, GCancellable *cancellable, GError **error);
/* Is Find My on? PR_ANSWER_UNKNOWN where it does not tell, which is not off. */
gboolean pr_services_read_find_my (const char *udid, PrAnswer *find_my, GCancellable *cancellable, GError **error);
/* Are backups of it encrypted? PR_ANSWER_UNKNOWN where it does not tell. */
gboolean pr_services_read_encrypts (const char *udid, PrAnswer *encrypts, GCancellable *cancellable, GError **error);
/* Reads UniqueChipID again, for guard rail 1 (right before anything destructive). */
gboolean pr_services_read_ecid (const char *udid, guint64 *ecid, GCancellable *cancellable, GError **error);

/* The pair record, saved before recovery mode (which makes others throw it away) and put back if the phone still
 * takes it. Save returns NULL without error when there is none. */
GBytes *pr_services_save_pairing (const char *udid, GError **error);
gboolean pr_services_put_pairing_back (const char *udid, GBytes *record, GCancellable *cancellable, GError **error);
