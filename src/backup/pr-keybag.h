/* The keys of an encrypted backup: BackupKeyBag in its Manifest.plist.
 *
 * A tag of four letters, a length (most significant byte first), a value: a header, then a group a class that begins
 * with UUID. The password, by PBKDF2 with SHA-256 (DPSL, DPIC; since iOS 10.2) and then with SHA-1 (SALT, ITER), opens
 * the classes' keys (AES key wrap, RFC 3394), and these open the keys of the files. That a key unwraps proves the
 * password. Described at Stack Overflow, question 1498342, and in Apple's Platform Security Guide.
 *
 * Pure but for time; any thread, one at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#define PR_KEYBAG_KEY 32
#define PR_KEYBAG_WRAPPED 44 /* class number, least significant byte first, and 40 bytes */

typedef struct _PrKeybag PrKeybag;

/* Errors: PR_ERROR_BACKUP_DAMAGED. */
PrKeybag *pr_keybag_new (const guint8 *data, gsize length, GError **error);
void pr_keybag_free (PrKeybag *self); /* also wipes the keys */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrKeybag, pr_keybag_free)

/* About 1.5 s with a real phone's numbers; cannot be cancelled. Errors: PR_ERROR_WRONG_BACKUP_PASSWORD. */
gboolean pr_keybag_unlock (PrKeybag *self, const char *password, GError **error);

/* Errors: PR_ERROR_BACKUP_DAMAGED. */
gboolean pr_keybag_unwrap (PrKeybag *self,
                           const guint8 *wrapped,
                           gsize length,
                           guint8 key[PR_KEYBAG_KEY],
                           GError **error);
