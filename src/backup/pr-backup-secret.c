// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-secret.h"

#include <libsecret/secret.h>
#include <string.h>

static const SecretSchema schema = {
    "org.example.PhoneReset.BackupPassword",
    SECRET_SCHEMA_NONE,
    { { "udid", SECRET_SCHEMA_ATTRIBUTE_STRING } },
};

/* No bus, or nobody on it who keeps secrets. */
static gboolean
is_missing (const GError *error)
{
    return error->domain == G_DBUS_ERROR || error->domain == G_SPAWN_ERROR ||
           (error->domain == G_IO_ERROR && error->code != G_IO_ERROR_CANCELLED);
}

char *
pr_backup_secret_look_up (const char *udid, GCancellable *cancellable, GError **error)
{
    g_autoptr (GError) reason = NULL;
    char *password = secret_password_lookup_nonpageable_sync (&schema, cancellable, &reason, "udid", udid, NULL);

    if (reason != NULL && is_missing (reason))
        g_info ("no keyring: %s", reason->message);
    else if (reason != NULL)
        g_propagate_error (error, g_steal_pointer (&reason));
    return password;
}

gboolean
pr_backup_secret_store (const char *udid, const char *password, GCancellable *cancellable, GError **error)
{
    g_autofree char *label = g_strdup_printf ("Backups of %s", udid);
    g_autoptr (GError) reason = NULL;

    if (secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, label, password, cancellable, &reason, "udid",
                                    udid, NULL))
        return TRUE;
    if (reason != NULL && is_missing (reason))
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "no keyring: %s", reason->message);
    else if (reason != NULL)
        g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
}

gboolean
pr_backup_secret_forget (const char *udid, GCancellable *cancellable, GError **error)
{
    g_autoptr (GError) reason = NULL;

    secret_password_clear_sync (&schema, cancellable, &reason, "udid", udid, NULL);
    if (reason == NULL || is_missing (reason))
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
}

/* secret_password_free() is for strings of any memory, and g_free() is what it comes to for ours. */
void
pr_backup_secret_free (char *password)
{
    secret_password_free (password);
}

char *
pr_backup_secret_copy (const char *password)
{
    return g_strdup (password);
}
