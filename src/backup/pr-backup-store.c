// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "pr-backup-enums.h"
#include "pr-backup-lock.h"
#include "pr-backup-match.h"
#include "pr-backup-path.h"
#include "pr-backup-state.h"
#include "pr-backup-store-private.h"
#include "pr-backup-undo.h"
#include "pr-error.h"

#define SPARE ".spare"
#define MARGIN (128 * 1024 * 1024) /* bytes that a copy leaves free */
#define LOCK_SECONDS 3             /* somebody who only looks is soon done */

struct _PrBackupStore {
    GObject parent_instance;
    char *folder;
    int fd;
    PrBackupMode mode;
    gboolean allow_journal;
    guint keep_versions;
    PrBackupStepFunc step_func;
    gpointer step_data;
};

typedef enum {
    PROP_FOLDER = 1,
    PROP_MODE,
    PROP_ALLOW_JOURNAL,
    PROP_KEEP_VERSIONS,
    PROP_STEP_FUNC,
    PROP_STEP_DATA,
} PrBackupStoreProperty;

static GParamSpec *properties[PROP_STEP_DATA + 1];

G_DEFINE_FINAL_TYPE (PrBackupStore, pr_backup_store, G_TYPE_OBJECT)

static int
open_folder (int folder, const char *name)
{
    return openat (folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static void
read_state (int folder, const char *name, PrBackupState *state)
{
    g_autofd int root = open_folder (folder, name);

    *state = (PrBackupState) { 0 };
    if (root >= 0)
        pr_backup_state_read (root, state);
}

/* In a run its own; the mode of the store that was asked for, and what listens. */
static PrBackupSteps
make_steps (PrBackupStore *self, PrBackupPhase phase)
{
    return (PrBackupSteps) { self->step_func, self->step_data, phase };
}

gboolean
pr_backup_store_open (PrBackupStore *self, GError **error)
{
    if (self->fd >= 0)
        return TRUE;
    if (mkdir (self->folder, 0700) < 0 && errno != EEXIST && errno != ENOENT)
        return pr_backup_fail (error, errno, self->folder);
    self->fd = open (self->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (self->fd >= 0)
        return TRUE;
    if (errno != ENOENT)
        return pr_backup_fail (error, errno, self->folder);
    g_set_error (error, PR_ERROR, PR_ERROR_BACKUP_DISK_GONE, "%s is not there", self->folder);
    return FALSE;
}

/* --- What a run leaves, and clearing it up --- */

gboolean
pr_backup_store_rename (int folder, const char *from, const char *to, const PrBackupSteps *steps, GError **error)
{
    if (!pr_backup_step (steps, "rename", error))
        return FALSE;
    if (renameat2 (folder, from, folder, to, RENAME_NOREPLACE) == 0)
        return TRUE;
    if (errno != EINVAL && errno != ENOSYS)
        return pr_backup_fail (error, errno, from);
    return renameat (folder, from, folder, to) == 0 || pr_backup_fail (error, errno, from);
}

static gboolean
sync_folder (int folder, const PrBackupSteps *steps, GError **error)
{
    if (!pr_backup_step (steps, "sync", error))
        return FALSE;
    return fsync (folder) == 0 || pr_backup_fail (error, errno, "syncing the folder");
}

static gboolean
empty_trash (PrBackupStore *self, const char *udid, const PrBackupSteps *steps, GError **error)
{
    g_autofree char *trash = g_strconcat (udid, ".trash", NULL);

    return pr_backup_tree_remove (self->fd, trash, steps, error);
}

/* Out of sight in one step, which is on the disk before anything is removed from it: a backup is never half of one. */
static gboolean
move_to_trash (PrBackupStore *self, const char *udid, const char *name, const PrBackupSteps *steps, GError **error)
{
    g_autofree char *trash = g_strconcat (udid, ".trash", NULL);

    return empty_trash (self, udid, steps, error) && pr_backup_store_rename (self->fd, name, trash, steps, error) &&
           sync_folder (self->fd, steps, error);
}

static gboolean
throw_away (PrBackupStore *self, const char *udid, const char *name, const PrBackupSteps *steps, GError **error)
{
    return move_to_trash (self, udid, name, steps, error) && empty_trash (self, udid, steps, error);
}

/* What the present backup took the place of, without what is only in it, is left for the next run's copy: then that
 * need not be made anew, nor this be removed. It is worth nothing by itself, and is gone with the backup. */
static gboolean
recycle (PrBackupStore *self, const char *udid, const char *name, const PrBackupSteps *steps, GError **error)
{
    g_autofree char *trash = g_strconcat (udid, ".trash", NULL);
    g_autofree char *spare = pr_backup_store_dup_spare (udid);
    g_autofd int backup = open_folder (self->fd, udid);
    g_autofd int copy = -1;
    guint64 kept;

    if (!move_to_trash (self, udid, name, steps, error))
        return FALSE;
    copy = backup >= 0 ? open_folder (self->fd, trash) : -1;
    if (copy < 0)
        return empty_trash (self, udid, steps, error);
    if (!pr_backup_tree_remove (copy, PR_BACKUP_OURS, steps, error) ||
        !pr_backup_match_trim (backup, copy, &kept, steps, error))
        return FALSE;
    if (kept == 0)
        return empty_trash (self, udid, steps, error);
    return pr_backup_tree_remove (self->fd, spare, steps, error) &&
           pr_backup_store_rename (self->fd, trash, spare, steps, error);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
    return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* (element-type utf8): of the kept versions, oldest first */
static GPtrArray *
list_versions (PrBackupStore *self, const char *versions)
{
    int fd = open_folder (self->fd, versions);
    g_autoptr (DIR) dir = fd >= 0 ? fdopendir (fd) : NULL;
    GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
    struct dirent *entry;

    while (dir != NULL && (entry = readdir (dir)) != NULL)
        if (g_ascii_isdigit (entry->d_name[0]))
            g_ptr_array_add (names, g_strdup (entry->d_name));
    g_ptr_array_sort (names, compare_names);
    return names;
}

static gboolean
prune (PrBackupStore *self, const char *udid, const PrBackupSteps *steps, GError **error)
{
    g_autofree char *versions = g_strconcat (udid, ".versions", NULL);
    g_autoptr (GPtrArray) names = list_versions (self, versions);

    for (guint i = 0; i + self->keep_versions < names->len; i++) {
        g_autofree char *path = g_build_filename (versions, names->pdata[i], NULL);

        if (!recycle (self, udid, path, steps, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
keep_version (PrBackupStore *self, const char *udid, const char *name, const PrBackupSteps *steps, GError **error)
{
    g_autofree char *versions = g_strconcat (udid, ".versions", NULL);
    g_autofree char *path = NULL;
    PrBackupState state;

    read_state (self->fd, name, &state);
    path = g_strdup_printf ("%s/%08" G_GUINT64_FORMAT, versions, state.generation);
    if (!pr_backup_step (steps, "mkdir", error))
        return FALSE;
    if (mkdirat (self->fd, versions, 0700) < 0 && errno != EEXIST)
        return pr_backup_fail (error, errno, versions);
    if (faccessat (self->fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return throw_away (self, udid, name, steps, error);
    return pr_backup_store_rename (self->fd, name, path, steps, error);
}

static gboolean
retire_one (PrBackupStore *self, const char *udid, const char *suffix, const PrBackupSteps *steps, GError **error)
{
    g_autofree char *name = g_strconcat (udid, suffix, NULL);

    if (faccessat (self->fd, name, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
        return TRUE;
    if (self->keep_versions > 0)
        return keep_version (self, udid, name, steps, error);
    return recycle (self, udid, name, steps, error);
}

gboolean
pr_backup_store_retire (PrBackupStore *self, const char *udid, PrBackupSteps *steps, GError **error)
{
    steps->phase = PR_BACKUP_PHASE_PRUNING;
    return retire_one (self, udid, ".partial", steps, error) && retire_one (self, udid, ".previous", steps, error) &&
           prune (self, udid, steps, error) && empty_trash (self, udid, steps, error);
}

/* Where two names cannot be exchanged: two renames, between which UDID.partial is known to be complete. */
static gboolean
swap_in_two (PrBackupStore *self, const char *udid, const char *partial, const PrBackupSteps *steps, GError **error)
{
    g_autofree char *previous = g_strconcat (udid, ".previous", NULL);

    return pr_backup_store_rename (self->fd, udid, previous, steps, error) && sync_folder (self->fd, steps, error) &&
           pr_backup_store_rename (self->fd, partial, udid, steps, error);
}

static gboolean
exchange (PrBackupStore *self, const char *udid, const char *partial, const PrBackupSteps *steps, GError **error)
{
    if (!pr_backup_step (steps, "exchange", error))
        return FALSE;
    if (renameat2 (self->fd, partial, self->fd, udid, RENAME_EXCHANGE) == 0)
        return TRUE;
    if (errno == ENOENT)
        return pr_backup_store_rename (self->fd, partial, udid, steps, error);
    if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
        return pr_backup_fail (error, errno, udid);
    if (faccessat (self->fd, udid, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
        return pr_backup_store_rename (self->fd, partial, udid, steps, error);
    return swap_in_two (self, udid, partial, steps, error);
}

gboolean
pr_backup_store_swap (PrBackupStore *self, const char *udid, PrBackupSteps *steps, GError **error)
{
    g_autofree char *partial = g_strconcat (udid, ".partial", NULL);

    steps->phase = PR_BACKUP_PHASE_SWAP;
    return exchange (self, udid, partial, steps, error) && sync_folder (self->fd, steps, error);
}

static gboolean
recover_undo (PrBackupStore *self,
              const char *udid,
              const PrBackupSteps *steps,
              PrBackupRecovery *recovery,
              GError **error)
{
    g_autofree char *undo = g_strconcat (udid, ".undo", NULL);
    g_autofree char *trash = g_strconcat (udid, ".trash", NULL);

    if (faccessat (self->fd, undo, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
        return TRUE;
    recovery->rolled_back++;
    return pr_backup_undo_roll_back (self->fd, udid, trash, steps, error) && empty_trash (self, udid, steps, error);
}

static gboolean
recover_partial (PrBackupStore *self,
                 const char *udid,
                 PrBackupSteps *steps,
                 PrBackupRecovery *recovery,
                 GError **error)
{
    g_autofree char *partial = g_strconcat (udid, ".partial", NULL);
    PrBackupState state, current;

    if (faccessat (self->fd, partial, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
        return TRUE;
    read_state (self->fd, partial, &state);
    read_state (self->fd, udid, &current);
    if (state.complete && state.generation > current.generation) {
        recovery->finished++;
        return pr_backup_store_swap (self, udid, steps, error);
    }
    /* complete and older, or another program's: what the present backup took the place of */
    if (state.complete || (!state.ours && current.complete))
        return TRUE;
    recovery->dropped++;
    return recycle (self, udid, partial, steps, error);
}

/* The first of two renames was made, and not the second. */
static gboolean
recover_previous (PrBackupStore *self, const char *udid, const PrBackupSteps *steps, GError **error)
{
    g_autofree char *previous = g_strconcat (udid, ".previous", NULL);

    if (faccessat (self->fd, udid, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
        faccessat (self->fd, previous, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
        return TRUE;
    return pr_backup_store_rename (self->fd, previous, udid, steps, error) && sync_folder (self->fd, steps, error);
}

/* A backup that is gone takes with it what was left for its next run. */
static gboolean
recover_spare (PrBackupStore *self, const char *udid, const PrBackupSteps *steps, GError **error)
{
    g_autofree char *spare = pr_backup_store_dup_spare (udid);

    return faccessat (self->fd, udid, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
           pr_backup_tree_remove (self->fd, spare, steps, error);
}

gboolean
pr_backup_store_recover_one (PrBackupStore *self,
                             const char *udid,
                             PrBackupSteps *steps,
                             PrBackupRecovery *recovery,
                             GError **error)
{
    PrBackupRecovery ignored = { 0 };
    PrBackupRecovery *found = recovery != NULL ? recovery : &ignored;

    steps->phase = PR_BACKUP_PHASE_RECOVERY;
    if (!empty_trash (self, udid, steps, error) || !recover_previous (self, udid, steps, error) ||
        !recover_undo (self, udid, steps, found, error) || !recover_partial (self, udid, steps, found, error))
        return FALSE;
    return recover_spare (self, udid, steps, error) && pr_backup_store_retire (self, udid, steps, error);
}

static char *
dup_udid (const char *name)
{
    static const char *const suffixes[] = { ".partial", ".undo", ".trash", ".previous", SPARE };

    name += name[0] == '.';
    for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++) {
        g_autofree char *udid = g_strndup (name, strlen (name) - MIN (strlen (name), strlen (suffixes[i])));

        if (g_str_has_suffix (name, suffixes[i]) && pr_backup_path_is_udid (udid))
            return g_steal_pointer (&udid);
    }
    return NULL;
}

static GHashTable *
find_left (PrBackupStore *self)
{
    int fd = open_folder (self->fd, ".");
    g_autoptr (DIR) dir = fd >= 0 ? fdopendir (fd) : NULL;
    GHashTable *udids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    struct dirent *entry;

    while (dir != NULL && (entry = readdir (dir)) != NULL) {
        char *udid = dup_udid (entry->d_name);

        if (udid != NULL)
            g_hash_table_add (udids, udid);
    }
    return udids;
}

gboolean
pr_backup_store_recover (PrBackupStore *self, PrBackupRecovery *recovery, GError **error)
{
    g_autoptr (GHashTable) udids = NULL;
    GHashTableIter iter;
    const char *udid;

    if (recovery != NULL)
        *recovery = (PrBackupRecovery) { 0 };
    if (!pr_backup_store_open (self, error))
        return FALSE;
    udids = find_left (self);
    g_hash_table_iter_init (&iter, udids);
    while (g_hash_table_iter_next (&iter, (gpointer *) &udid, NULL)) {
        g_autoptr (GError) reason = NULL;
        g_autofd int lock = pr_backup_lock_write (self->fd, udid, 0, NULL, &reason);
        PrBackupSteps steps = make_steps (self, PR_BACKUP_PHASE_RECOVERY);

        if (g_error_matches (reason, PR_ERROR, PR_ERROR_BUSY)) /* it is alive */
            continue;
        if (lock < 0 || !pr_backup_store_recover_one (self, udid, &steps, recovery, &reason)) {
            g_propagate_error (error, g_steal_pointer (&reason));
            return FALSE;
        }
    }
    return TRUE;
}

/* --- Beginning --- */

int
pr_backup_store_open_backup (PrBackupStore *self, const char *udid, GError **error)
{
    int fd;

    if (!pr_backup_path_is_udid (udid)) {
        g_set_error (error, PR_ERROR, PR_ERROR_UNSAFE_DATA, "\"%s\" is no name of a backup", udid);
        return -1;
    }
    if (!pr_backup_store_open (self, error))
        return -1;
    fd = open_folder (self->fd, udid);
    if (fd < 0)
        pr_backup_fail (error, errno, udid);
    return fd;
}

guint64
pr_backup_store_get_free (PrBackupStore *self)
{
    struct statvfs status;

    if (self->fd < 0 || fstatvfs (self->fd, &status) < 0)
        return 0;
    return (guint64) status.f_bavail * status.f_frsize;
}

static gboolean
copy_fits (PrBackupStore *self, int root, GCancellable *cancellable)
{
    guint64 files, bytes;

    return pr_backup_tree_measure (root, &files, &bytes, cancellable) &&
           bytes + MARGIN <= pr_backup_store_get_free (self);
}

static gboolean
choose_mode (PrBackupStore *self, int root, PrBackupMode *mode, GCancellable *cancellable, GError **error)
{
    *mode = self->mode;
    if (root < 0 && (*mode == PR_BACKUP_MODE_AUTO || *mode == PR_BACKUP_MODE_JOURNAL))
        *mode = PR_BACKUP_MODE_LINK;
    if (*mode != PR_BACKUP_MODE_AUTO)
        return TRUE;
    *mode = pr_backup_tree_probe (root, self->fd);
    if (*mode != PR_BACKUP_MODE_COPY || copy_fits (self, root, cancellable))
        return TRUE;
    *mode = PR_BACKUP_MODE_JOURNAL;
    if (self->allow_journal)
        return TRUE;
    g_set_error_literal (error, PR_ERROR, PR_ERROR_BACKUP_DISK_FULL, "no second copy of the backup fits on this disk");
    return FALSE;
}

PrBackupRun *
pr_backup_store_begin (PrBackupStore *self, const char *udid, GCancellable *cancellable, GError **error)
{
    PrBackupSteps steps = make_steps (self, PR_BACKUP_PHASE_RECOVERY);
    g_autofd int lock = -1, root = -1;
    PrBackupMode mode;

    if (!pr_backup_path_is_udid (udid)) {
        g_set_error (error, PR_ERROR, PR_ERROR_UNSAFE_DATA, "\"%s\" is no name of a backup", udid);
        return NULL;
    }
    if (!pr_backup_store_open (self, error))
        return NULL;
    lock = pr_backup_lock_write (self->fd, udid, LOCK_SECONDS, cancellable, error);
    if (lock < 0 || !pr_backup_store_recover_one (self, udid, &steps, NULL, error))
        return NULL;
    root = open_folder (self->fd, udid);
    if (!choose_mode (self, root, &mode, cancellable, error))
        return NULL;
    return pr_backup_run_new (self, udid, g_steal_fd (&lock), mode, &steps, cancellable, error);
}

char *
pr_backup_store_dup_spare (const char *udid)
{
    return g_strconcat (".", udid, SPARE, NULL);
}

int
pr_backup_store_get_fd (PrBackupStore *self)
{
    return self->fd;
}

guint
pr_backup_store_get_keep (PrBackupStore *self)
{
    return self->keep_versions;
}

const char *
pr_backup_store_get_folder (PrBackupStore *self)
{
    return self->folder;
}

/* --- GObject --- */

static void
pr_backup_store_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
    PrBackupStore *self = PR_BACKUP_STORE (object);

    switch ((PrBackupStoreProperty) id) {
    case PROP_FOLDER:
        self->folder = g_value_dup_string (value);
        break;
    case PROP_MODE:
        self->mode = (PrBackupMode) g_value_get_enum (value);
        break;
    case PROP_ALLOW_JOURNAL:
        self->allow_journal = g_value_get_boolean (value);
        break;
    case PROP_KEEP_VERSIONS:
        self->keep_versions = g_value_get_uint (value);
        break;
    case PROP_STEP_FUNC:
        self->step_func = (PrBackupStepFunc) g_value_get_pointer (value);
        break;
    case PROP_STEP_DATA:
        self->step_data = g_value_get_pointer (value);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_backup_store_finalize (GObject *object)
{
    PrBackupStore *self = PR_BACKUP_STORE (object);

    g_clear_fd (&self->fd, NULL);
    g_free (self->folder);
    G_OBJECT_CLASS (pr_backup_store_parent_class)->finalize (object);
}

static void
pr_backup_store_class_init (PrBackupStoreClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS (class);
    GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

    object_class->set_property = pr_backup_store_set_property;
    object_class->finalize = pr_backup_store_finalize;
    properties[PROP_FOLDER] = g_param_spec_string ("folder", NULL, NULL, NULL, flags);
    properties[PROP_MODE] = g_param_spec_enum ("mode", NULL, NULL, PR_TYPE_BACKUP_MODE, PR_BACKUP_MODE_AUTO, flags);
    properties[PROP_ALLOW_JOURNAL] = g_param_spec_boolean ("allow-journal", NULL, NULL, FALSE, flags);
    properties[PROP_KEEP_VERSIONS] = g_param_spec_uint ("keep-versions", NULL, NULL, 0, 99, 0, flags);
    properties[PROP_STEP_FUNC] = g_param_spec_pointer ("step-func", NULL, NULL, flags);
    properties[PROP_STEP_DATA] = g_param_spec_pointer ("step-data", NULL, NULL, flags);
    g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
pr_backup_store_init (PrBackupStore *self)
{
    self->fd = -1;
}

PrBackupStore *
pr_backup_store_new (const char *folder)
{
    return g_object_new (PR_TYPE_BACKUP_STORE, "folder", folder, NULL);
}
