/* Passwords of backups in the person's keyring, one a phone, kept only when asked (guard rail 9).
 *
 * Blocking, never the main thread. Where there is no keyring, nothing is found and nothing can be kept, and that is
 * no reason to warn anybody.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

/* (transfer full) (nullable): to be freed with pr_backup_secret_free(). %NULL without @error: there is none. Errors:
 * those of a keyring that is there and says no; G_IO_ERROR_CANCELLED. */
char *pr_backup_secret_look_up (const char *udid, GCancellable *cancellable, GError **error);
/* Errors: G_IO_ERROR_NOT_SUPPORTED where there is no keyring. */
gboolean pr_backup_secret_store (const char *udid, const char *password, GCancellable *cancellable, GError **error);
/* That there was none is success. */
gboolean pr_backup_secret_forget (const char *udid, GCancellable *cancellable, GError **error);

/* Wipes it first. @password: (nullable). Any password, also one that was not looked up. */
void pr_backup_secret_free (char *password);
/* (transfer full) (nullable): in memory that is wiped by pr_backup_secret_free() and not swapped where possible. */
char *pr_backup_secret_copy (const char *password);
