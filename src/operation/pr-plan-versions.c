// SPDX-License-Identifier: GPL-3.0-or-later
/* Which system versions there are for the plan's phone, asked in a task of its own. */
#include "pr-catalog.h"
#include "pr-download.h"
#include "pr-ipsw.h"
#include "pr-plan-private.h"

typedef struct {
    PrServers *servers;
    char *product_type;
    gint64 age; /* of the answer */
} Query;

static void
query_free (gpointer data)
{
    Query *self = data;

    pr_servers_unref (self->servers);
    g_free (self->product_type);
    g_free (self);
}

static void
ask (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Query *query = data;
    GError *error = NULL;
    g_autoptr (PrWeb) web = pr_servers_make_web (query->servers, &error);
    g_autoptr (PrCatalog) catalog = web ? pr_servers_make_catalog (query->servers, web) : NULL;
    GPtrArray *versions =
        catalog ? pr_catalog_list (catalog, query->product_type, &query->age, cancellable, &error) : NULL;

    if (versions)
        g_task_return_pointer (task, versions, (GDestroyNotify) g_ptr_array_unref);
    else
        g_task_return_error (task, error);
}

/* One that Apple is known not to sign cannot be installed; nor can an update go back. */
static gboolean
is_of_use (PrPlan *self, PrFirmware *firmware)
{
    const PrFirmwareFacts *facts = pr_firmware_get_facts (firmware);
    const char *installed = pr_phone_get_version (self->phone);

    if (facts->is_signed == PR_SIGNED_NO)
        return FALSE;
    return pr_plan_goals_get (self->goal)->erases || !installed ||
           pr_ipsw_compare_versions (facts->version, installed) >= 0;
}

static void
take_versions (PrPlan *self, GPtrArray *versions)
{
    self->all_versions = g_ptr_array_ref (versions);
    self->versions = g_ptr_array_new_with_free_func (g_object_unref);
    for (guint i = 0; i < versions->len; i++)
        if (is_of_use (self, versions->pdata[i]))
            g_ptr_array_add (self->versions, g_object_ref (versions->pdata[i]));
    if (self->versions->len > 0)
        self->version = g_object_ref (self->versions->pdata[0]);
    else
        g_clear_pointer (&self->versions, g_ptr_array_unref);
    if (!self->versions)
        g_set_error_literal (&self->versions_error, PR_ERROR, PR_ERROR_NO_VERSIONS, "none of them can be installed");
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (PrPlan) self = data;
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) versions = g_task_propagate_pointer (G_TASK (result), &error);

    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    g_clear_object (&self->asking);
    self->versions_age = ((const Query *) g_task_get_task_data (G_TASK (result)))->age;
    if (versions)
        take_versions (self, versions);
    else
        self->versions_error = g_steal_pointer (&error);
    pr_plan_prove_file (self);
    pr_plan_notify_versions (self);
    pr_plan_update (self);
}

void
pr_plan_forget_versions (PrPlan *self)
{
    g_cancellable_cancel (self->asking);
    g_clear_object (&self->asking);
    g_clear_pointer (&self->versions, g_ptr_array_unref);
    g_clear_pointer (&self->all_versions, g_ptr_array_unref);
    g_clear_object (&self->version);
    g_clear_error (&self->versions_error);
}

void
pr_plan_ask_for_versions (PrPlan *self)
{
    g_autoptr (GTask) task = NULL;
    Query *query;

    pr_plan_forget_versions (self);
    pr_plan_notify_versions (self);
    if (!self->servers || !pr_plan_asks_for (self, PR_CHECK_FILE) || !pr_phone_get_product_type (self->phone))
        return;
    query = g_new0 (Query, 1);
    query->servers = pr_servers_ref (self->servers);
    query->product_type = g_strdup (pr_phone_get_product_type (self->phone));
    self->asking = g_cancellable_new ();
    task = g_task_new (NULL, self->asking, asked_cb, g_object_ref (self));
    g_task_set_source_tag (task, pr_plan_ask_for_versions);
    g_task_set_task_data (task, query, query_free);
    g_task_run_in_thread (task, ask);
}

GPtrArray *
pr_plan_get_versions (PrPlan *self)
{
    return self->versions;
}

gint64
pr_plan_get_versions_age (PrPlan *self)
{
    return self->versions ? self->versions_age : 0;
}

void
pr_plan_set_servers (PrPlan *self, PrServers *servers)
{
    g_clear_pointer (&self->servers, pr_servers_unref);
    self->servers = pr_servers_ref (servers);
    pr_plan_ask_for_versions (self);
    pr_plan_update (self);
}

const GError *
pr_plan_get_versions_error (PrPlan *self)
{
    return self->versions_error;
}

PrFirmware *
pr_plan_get_version (PrPlan *self)
{
    return self->version;
}

void
pr_plan_set_version (PrPlan *self, PrFirmware *version)
{
    if (g_set_object (&self->version, version))
        pr_plan_notify_versions (self);
}

int
pr_plan_get_release_days (PrPlan *self, const char *version)
{
    gint64 now = g_get_real_time () / G_USEC_PER_SEC;

    for (guint i = 0; self->all_versions && i < self->all_versions->len; i++) {
        const PrFirmwareFacts *facts = pr_firmware_get_facts (self->all_versions->pdata[i]);

        if (g_str_equal (facts->version, version) && facts->released > 0 && facts->released <= now)
            return (int) MIN ((now - facts->released) / (24 * 60 * 60), G_MAXINT);
    }
    return -1;
}

gboolean
pr_plan_has_version (PrPlan *self)
{
    const char *here = pr_plan_get_file_version (self);

    return self->version && here && !pr_system_file_get_error (self->file) && self->genuine != PR_ANSWER_NO &&
           pr_ipsw_compare_versions (here, pr_firmware_get_facts (self->version)->version) == 0;
}

PrOperation *
pr_plan_create_download (PrPlan *self)
{
    PrOperation *download;

    if (!self->phone || !self->version || !self->firmware_folder)
        return NULL;
    download = pr_download_new (self->phone, self->servers, self->firmware_folder, self->version);
    pr_download_set_limit (PR_DOWNLOAD (download), self->firmware_limit);
    return download;
}
