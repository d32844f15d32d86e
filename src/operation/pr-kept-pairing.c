// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-kept-pairing.h"

#include "pr-services.h"

G_LOCK_DEFINE_STATIC (records);
static GHashTable *records; /* guint64 * -> GBytes * */

static void
remember (guint64 ecid, GBytes *record)
{
    G_LOCK (records);
    if (!records)
        records = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) g_bytes_unref);
    g_hash_table_insert (records, g_memdup2 (&ecid, sizeof ecid), record);
    G_UNLOCK (records);
}

static GBytes *
recall (guint64 ecid)
{
    GBytes *record = NULL;
    g_autofree gpointer key = NULL;

    G_LOCK (records);
    if (records)
        g_hash_table_steal_extended (records, &ecid, &key, (gpointer *) &record);
    G_UNLOCK (records);
    return record;
}

void
pr_kept_pairing_save (guint64 ecid, const char *udid)
{
    g_autoptr (GError) error = NULL;
    GBytes *record = pr_services_save_pairing (udid, &error);

    if (record)
        remember (ecid, record);
    else if (error)
        g_info ("the pair record was not saved: %s", error->message);
}

void
pr_kept_pairing_put_back (guint64 ecid, const char *udid, GCancellable *cancellable)
{
    g_autoptr (GBytes) record = recall (ecid);
    g_autoptr (GError) error = NULL;

    if (record && !pr_services_put_pairing_back (udid, record, cancellable, &error))
        g_info ("the pair record was not put back: %s", error->message);
}
