// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-read-profiles.h"

#include "pr-error.h"
#include "pr-services.h"

void
pr_profile_list_free (PrProfileList *self)
{
    g_ptr_array_unref (self->profiles);
    g_free (self);
}

static void
read_list (GTask *task, gpointer source, gpointer udid, GCancellable *cancellable)
{
    GError *error = NULL;
    GPtrArray *profiles = pr_services_list_profiles (udid, cancellable, &error);
    g_autoptr (GHashTable) apps = NULL;
    PrProfileList *list;

    if (!profiles) {
        g_task_return_error (task, error);
        return;
    }
    apps = pr_services_read_apps (udid, cancellable);
    list = g_new0 (PrProfileList, 1);
    list->profiles = profiles;
    list->apps = apps ? (int) g_hash_table_size (apps) : -1;
    g_task_return_pointer (task, list, (GDestroyNotify) pr_profile_list_free);
}

void
pr_read_profiles (PrPhone *phone, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
    g_autoptr (GTask) task = g_task_new (phone, cancellable, callback, data);
    const char *udid = pr_phone_get_udid (phone);

    if (!udid || pr_phone_get_mode (phone) != PR_PHONE_MODE_NORMAL) {
        g_task_return_new_error_literal (task, PR_ERROR, PR_ERROR_UNPLUGGED, "the phone is not there in normal mode");
        return;
    }
    g_task_set_task_data (task, g_strdup (udid), g_free);
    g_task_run_in_thread (task, read_list);
}

PrProfileList *
pr_read_profiles_finish (PrPhone *phone, GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer (G_TASK (result), error);
}
