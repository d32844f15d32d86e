// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-system-file.h"

#include "pr-error.h"
#include "pr-ipsw.h"
#include "pr-restore-tool.h"
#include "pr-seen-version.h"

#define MAX_CANDIDATES 100 /* .ipsw files of one folder that are looked at */

struct _PrSystemFile {
    GObject parent_instance;
    char *path;
    char *version;
    char *build;
    guint64 size;
    guint64 room;
    gboolean is_newer;
    GError *error;
    GError *tool_error;
};

G_DEFINE_FINAL_TYPE (PrSystemFile, pr_system_file, G_TYPE_OBJECT)

static void
query_free (gpointer data)
{
    PrSystemFileQuery *query = data;

    g_free ((char *) query->path);
    g_free ((char *) query->folder);
    g_free ((char *) query->product_type);
    g_free ((char *) query->board);
    g_free ((char *) query->version);
    g_free (query);
}

static PrSystemFileQuery *
query_copy (const PrSystemFileQuery *query)
{
    PrSystemFileQuery *copy = g_memdup2 (query, sizeof *query);

    copy->path = g_strdup (query->path);
    copy->folder = g_strdup (query->folder);
    copy->product_type = g_strdup (query->product_type);
    copy->board = g_strdup (query->board);
    copy->version = g_strdup (query->version);
    return copy;
}

/* (transfer full) (nullable): what is installed, by the phone's own word or by what it said last */
static char *
find_installed (const PrSystemFileQuery *query)
{
    return query->version ? g_strdup (query->version) : pr_seen_version_find (query->ecid);
}

static gboolean
judge (const PrSystemFileQuery *query, PrIpsw *ipsw, GError **error)
{
    g_autofree char *installed = find_installed (query);

    if (!query->product_type || !query->board) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_WRONG_MODEL, "the model of the phone is not known");
        return FALSE;
    }
    if (!pr_ipsw_check (ipsw, query->product_type, query->board, query->keep_data, error))
        return FALSE;
    if (!query->keep_data || !installed || pr_ipsw_compare_versions (pr_ipsw_get_version (ipsw), installed) >= 0)
        return TRUE;
    g_set_error (error, PR_ERROR, PR_ERROR_OLDER_SYSTEM, "%s is older than the installed %s",
                 pr_ipsw_get_version (ipsw), installed);
    return FALSE;
}

/* Opens it; whatever cannot be opened cannot be installed either. */
static PrIpsw *
open_file (const char *path, GCancellable *cancellable, GError **error)
{
    g_autoptr (GError) failure = NULL;
    PrIpsw *ipsw = pr_ipsw_open (path, cancellable, &failure);

    if (ipsw)
        return ipsw;
    if (failure->domain == PR_ERROR || g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_propagate_error (error, g_steal_pointer (&failure));
    else
        g_set_error (error, PR_ERROR, PR_ERROR_FILE_DAMAGED, "opening the system file: %s", failure->message);
    return NULL;
}

gboolean
pr_system_file_check (const PrSystemFileQuery *query, GCancellable *cancellable, GError **error)
{
    g_autoptr (PrIpsw) ipsw = open_file (query->path, cancellable, error);

    return ipsw && judge (query, ipsw, error);
}

static void
take_file (PrSystemFile *self, const PrSystemFileQuery *query, const char *path, GCancellable *cancellable)
{
    g_autoptr (PrIpsw) ipsw = open_file (path, cancellable, &self->error);
    g_autofree char *installed = find_installed (query);

    self->path = g_strdup (path);
    if (!ipsw)
        return;
    self->version = g_strdup (pr_ipsw_get_version (ipsw));
    self->build = g_strdup (pr_ipsw_get_build (ipsw));
    self->size = pr_ipsw_get_size (ipsw);
    self->is_newer = installed != NULL; /* or judge() says that it is older */
    judge (query, ipsw, &self->error);
}

/* A candidate is worse than another when it cannot be used, or is older. */
static gboolean
is_better (PrSystemFile *a, PrSystemFile *b)
{
    if (!b)
        return TRUE;
    if (!a->error != !b->error)
        return !a->error;
    if (!a->version || !b->version)
        return a->version != NULL;
    return pr_ipsw_compare_versions (a->version, b->version) > 0;
}

/* The newest file in the folder that can be used; else the one that comes nearest, whose error says what is wrong. */
static PrSystemFile *
search (const PrSystemFileQuery *query, GCancellable *cancellable)
{
    g_autoptr (GDir) folder = query->folder ? g_dir_open (query->folder, 0, NULL) : NULL;
    g_autoptr (PrSystemFile) best = NULL;
    const char *name;
    guint looked_at = 0;

    while (folder && (name = g_dir_read_name (folder)) && looked_at < MAX_CANDIDATES) {
        g_autoptr (PrSystemFile) file = NULL;
        g_autofree char *path = NULL;
        if (!g_str_has_suffix (name, ".ipsw") || g_cancellable_is_cancelled (cancellable))
            continue;
        looked_at++;
        path = g_build_filename (query->folder, name, NULL);
        file = g_object_new (PR_TYPE_SYSTEM_FILE, NULL);
        take_file (file, query, path, cancellable);
        if (is_better (file, best))
            g_set_object (&best, file);
    }
    if (!best) {
        best = g_object_new (PR_TYPE_SYSTEM_FILE, NULL);
        g_set_error_literal (&best->error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no system file is chosen");
    }
    return g_steal_pointer (&best);
}

static void
look (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    const PrSystemFileQuery *query = data;
    PrSystemFile *self;
    gboolean knows_logfile;

    if (query->version)
        pr_seen_version_note (query->ecid, query->version);
    if (query->path) {
        self = g_object_new (PR_TYPE_SYSTEM_FILE, NULL);
        take_file (self, query, query->path, cancellable);
    } else {
        self = search (query, cancellable);
    }
    self->room = pr_restore_tool_get_room ();
    pr_restore_tool_probe (&knows_logfile, &self->tool_error);
    g_task_return_pointer (task, self, g_object_unref);
}

void
pr_system_file_look_async (const PrSystemFileQuery *query,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
    g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

    g_task_set_source_tag (task, pr_system_file_look_async);
    g_task_set_task_data (task, query_copy (query), query_free);
    g_task_run_in_thread (task, look);
}

PrSystemFile *
pr_system_file_look_finish (GAsyncResult *result)
{
    return g_task_propagate_pointer (G_TASK (result), NULL);
}

static void
pr_system_file_finalize (GObject *object)
{
    PrSystemFile *self = PR_SYSTEM_FILE (object);

    g_free (self->path);
    g_free (self->version);
    g_free (self->build);
    g_clear_error (&self->error);
    g_clear_error (&self->tool_error);
    G_OBJECT_CLASS (pr_system_file_parent_class)->finalize (object);
}

static void
pr_system_file_class_init (PrSystemFileClass *klass)
{
    G_OBJECT_CLASS (klass)->finalize = pr_system_file_finalize;
}

static void
pr_system_file_init (PrSystemFile *self)
{
}

const char *
pr_system_file_get_path (PrSystemFile *self)
{
    return self->path;
}

const char *
pr_system_file_get_version (PrSystemFile *self)
{
    return self->version;
}

const char *
pr_system_file_get_build (PrSystemFile *self)
{
    return self->build;
}

guint64
pr_system_file_get_size (PrSystemFile *self)
{
    return self->size;
}

guint64
pr_system_file_get_room (PrSystemFile *self)
{
    return self->room;
}

gboolean
pr_system_file_is_newer (PrSystemFile *self)
{
    return self->is_newer;
}

const GError *
pr_system_file_get_error (PrSystemFile *self)
{
    return self->error;
}

const GError *
pr_system_file_get_tool_error (PrSystemFile *self)
{
    return self->tool_error;
}
