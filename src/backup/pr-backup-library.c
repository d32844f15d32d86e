// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-library.h"

#include <string.h>

#include "pr-backup-path.h"

struct _PrBackupLibrary {
    GObject parent_instance;
    char *folder;
    GStrv added;      /* (nullable) */
    GPtrArray *items; /* PrBackup */
};

typedef enum {
    PROP_FOLDER = 1,
    PROP_ADDED,
} PrBackupLibraryProperty;

static GParamSpec *properties[PROP_ADDED + 1];

static GType
get_item_type (GListModel *list)
{
    return PR_TYPE_BACKUP;
}

static guint
get_n_items (GListModel *list)
{
    return PR_BACKUP_LIBRARY (list)->items->len;
}

static gpointer
get_item (GListModel *list, guint position)
{
    PrBackupLibrary *self = PR_BACKUP_LIBRARY (list);

    return position < self->items->len ? g_object_ref (self->items->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
    iface->get_item_type = get_item_type;
    iface->get_n_items = get_n_items;
    iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PrBackupLibrary,
                               pr_backup_library,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
pr_backup_library_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    PrBackupLibrary *self = PR_BACKUP_LIBRARY (object);

    switch ((PrBackupLibraryProperty) id) {
    case PROP_FOLDER:
        g_value_set_string (value, self->folder);
        break;
    case PROP_ADDED:
        g_value_set_boxed (value, self->added);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_backup_library_finalize (GObject *object)
{
    PrBackupLibrary *self = PR_BACKUP_LIBRARY (object);

    g_free (self->folder);
    g_strfreev (self->added);
    g_ptr_array_unref (self->items);
    G_OBJECT_CLASS (pr_backup_library_parent_class)->finalize (object);
}

static void
pr_backup_library_class_init (PrBackupLibraryClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS (class);
    GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

    object_class->get_property = pr_backup_library_get_property;
    object_class->finalize = pr_backup_library_finalize;
    properties[PROP_FOLDER] = g_param_spec_string ("folder", NULL, NULL, NULL, flags);
    properties[PROP_ADDED] = g_param_spec_boxed ("added", NULL, NULL, G_TYPE_STRV, flags);
    g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
pr_backup_library_init (PrBackupLibrary *self)
{
    self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

PrBackupLibrary *
pr_backup_library_new (const char *folder)
{
    PrBackupLibrary *self = g_object_new (PR_TYPE_BACKUP_LIBRARY, NULL);

    self->folder = g_strdup (folder);
    return self;
}

const char *
pr_backup_library_get_folder (PrBackupLibrary *self)
{
    return self->folder;
}

void
pr_backup_library_set_folder (PrBackupLibrary *self, const char *folder)
{
    if (g_set_str (&self->folder, folder))
        g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLDER]);
}

const char *const *
pr_backup_library_get_added (PrBackupLibrary *self)
{
    return (const char *const *) self->added;
}

PrBackup *
pr_backup_library_find (PrBackupLibrary *self, const char *udid)
{
    for (guint i = 0; udid != NULL && i < self->items->len; i++) {
        PrBackup *backup = self->items->pdata[i];

        if (!pr_backup_get_earlier (backup) && pr_backup_get_health (backup) != PR_BACKUP_HEALTH_INCOMPLETE &&
            g_ascii_strcasecmp (pr_backup_get_udid (backup), udid) == 0)
            return backup;
    }
    return NULL;
}

PrBackup *
pr_backup_library_find_path (PrBackupLibrary *self, const char *path)
{
    for (guint i = 0; i < self->items->len; i++)
        if (g_strcmp0 (pr_backup_get_path (self->items->pdata[i]), path) == 0)
            return self->items->pdata[i];
    return NULL;
}

void
pr_backup_library_set_added (PrBackupLibrary *self, const char *const *folders)
{
    GStrv copy = g_strdupv ((GStrv) folders);

    g_strfreev (self->added);
    self->added = copy;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ADDED]);
}

/* --- Reading, in a thread of its own --- */

typedef struct {
    char *folder;
    GStrv added;
    GCancellable *cancellable; /* borrowed from the task */
} Search;

static void
search_free (gpointer data)
{
    Search *search = data;

    g_free (search->folder);
    g_strfreev (search->added);
    g_free (search);
}

static void
add_backup (GPtrArray *found, const char *path, gboolean ours, gboolean earlier)
{
    PrBackup *backup = pr_backup_read (path, ours, earlier);

    if (backup != NULL)
        g_ptr_array_add (found, backup);
}

static void
add_versions (GPtrArray *found, const char *path)
{
    g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
        g_autofree char *version = g_build_filename (path, name, NULL);

        if (g_ascii_isdigit (*name))
            add_backup (found, version, TRUE, TRUE);
    }
}

static void
add_folder (GPtrArray *found, const char *path, gboolean ours, GCancellable *cancellable)
{
    g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL && !g_cancellable_is_cancelled (cancellable)) {
        g_autofree char *below = g_build_filename (path, name, NULL);

        if (ours && g_str_has_suffix (name, ".versions"))
            add_versions (found, below);
        else if (pr_backup_path_is_udid (name))
            add_backup (found, below, ours, FALSE);
    }
}

static int
compare_dates (gconstpointer a, gconstpointer b)
{
    PrBackup *one = *(PrBackup *const *) a, *other = *(PrBackup *const *) b;
    GDateTime *first = pr_backup_get_date (one), *second = pr_backup_get_date (other);

    if (first != NULL && second != NULL && !g_date_time_equal (first, second))
        return g_date_time_compare (second, first);
    if ((first != NULL) != (second != NULL))
        return first != NULL ? -1 : 1;
    return strcmp (pr_backup_get_path (one), pr_backup_get_path (other));
}

static void
search (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    static const char *const below[] = { "", "Backup", "MobileSync/Backup" };
    Search *what = data;
    GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);

    add_folder (found, what->folder, TRUE, cancellable);
    for (guint i = 0; what->added != NULL && what->added[i] != NULL; i++)
        for (guint k = 0; k < G_N_ELEMENTS (below); k++) {
            g_autofree char *path = g_build_filename (what->added[i], below[k], NULL);

            add_folder (found, path, FALSE, cancellable);
        }
    g_ptr_array_sort (found, compare_dates);
    g_task_return_pointer (task, found, (GDestroyNotify) g_ptr_array_unref);
}

/* --- In the main thread --- */

static gboolean
is_same (PrBackup *one, PrBackup *other)
{
    GDateTime *first = pr_backup_get_date (one), *second = pr_backup_get_date (other);

    return first != NULL && second != NULL && g_date_time_equal (first, second) &&
           pr_backup_get_encrypted (one) == pr_backup_get_encrypted (other);
}

/* Would anybody see a difference? What was found out about @one since the program started is known of @other too. */
static gboolean
is_equal (PrBackup *one, PrBackup *other)
{
    return is_same (one, other) && pr_backup_get_health (one) == pr_backup_get_health (other) &&
           pr_backup_get_size (one) == pr_backup_get_size (other) &&
           pr_backup_get_earlier (one) == pr_backup_get_earlier (other) &&
           pr_backup_get_ours (one) == pr_backup_get_ours (other) &&
           g_strcmp0 (pr_backup_get_name (one), pr_backup_get_name (other)) == 0 &&
           g_strcmp0 (pr_backup_get_product_type (one), pr_backup_get_product_type (other)) == 0 &&
           g_strcmp0 (pr_backup_get_version (one), pr_backup_get_version (other)) == 0;
}

/* What was found out since the program started is not in any file. One that is as it was stays the same object, so that
 * a list on the screen has nothing to do for it. */
static void
keep_knowledge (GPtrArray *before, GPtrArray *found)
{
    g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);

    for (guint i = 0; i < before->len; i++)
        g_hash_table_insert (known, (gpointer) pr_backup_get_path (before->pdata[i]), before->pdata[i]);
    for (guint i = 0; i < found->len; i++) {
        PrBackup *old = g_hash_table_lookup (known, pr_backup_get_path (found->pdata[i]));

        if (old == NULL || !is_same (old, found->pdata[i]))
            continue;
        if (pr_backup_get_health (found->pdata[i]) != PR_BACKUP_HEALTH_INCOMPLETE) {
            pr_backup_set_health (found->pdata[i], pr_backup_get_health (old));
            pr_backup_set_size (found->pdata[i], pr_backup_get_size (old));
        }
        if (is_equal (old, found->pdata[i])) {
            g_object_unref (found->pdata[i]);
            found->pdata[i] = g_object_ref (old);
        }
    }
}

/* Says what is between the equal beginnings and the equal ends of the two lists. */
static void
tell_changes (PrBackupLibrary *self, GPtrArray *before, GPtrArray *after)
{
    guint most = MIN (before->len, after->len), start = 0, end = 0;

    while (start < most && before->pdata[start] == after->pdata[start])
        start++;
    while (end < most - start && before->pdata[before->len - 1 - end] == after->pdata[after->len - 1 - end])
        end++;
    if (before->len - start - end > 0 || after->len - start - end > 0)
        g_list_model_items_changed (G_LIST_MODEL (self), start, before->len - start - end, after->len - start - end);
}

void
pr_backup_library_refresh (PrBackupLibrary *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
    g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
    Search *what = g_new0 (Search, 1);

    what->folder = g_strdup (self->folder);
    what->added = g_strdupv (self->added);
    g_task_set_task_data (task, what, search_free);
    g_task_run_in_thread (task, search);
}

gboolean
pr_backup_library_refresh_finish (PrBackupLibrary *self, GAsyncResult *result, GError **error)
{
    GPtrArray *found = g_task_propagate_pointer (G_TASK (result), error);
    g_autoptr (GPtrArray) before = g_ptr_array_ref (self->items);

    if (found == NULL)
        return FALSE;
    keep_knowledge (before, found);
    g_ptr_array_unref (self->items);
    self->items = found;
    tell_changes (self, before, found);
    return TRUE;
}

/* --- What a crash left --- */

static void
recover (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    PrBackupStore *store = data;
    PrBackupRecovery *recovery = g_new0 (PrBackupRecovery, 1);
    GError *error = NULL;

    if (!g_file_test (pr_backup_store_get_folder (store), G_FILE_TEST_IS_DIR) ||
        pr_backup_store_recover (store, recovery, &error)) {
        g_task_return_pointer (task, recovery, g_free);
        return;
    }
    g_free (recovery);
    g_task_return_error (task, error);
}

void
pr_backup_library_recover (PrBackupLibrary *self,
                           guint keep_versions,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
    g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
    PrBackupStore *store =
        g_object_new (PR_TYPE_BACKUP_STORE, "folder", self->folder, "keep-versions", keep_versions, NULL);

    g_task_set_task_data (task, store, g_object_unref);
    g_task_run_in_thread (task, recover);
}

gboolean
pr_backup_library_recover_finish (PrBackupLibrary *self,
                                  GAsyncResult *result,
                                  PrBackupRecovery *recovery,
                                  GError **error)
{
    g_autofree PrBackupRecovery *found = g_task_propagate_pointer (G_TASK (result), error);

    if (found == NULL)
        return FALSE;
    *recovery = *found;
    return TRUE;
}
