// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-run.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pr-backup-folders.h"
#include "pr-backup-match.h"
#include "pr-backup-path.h"
#include "pr-backup-state.h"
#include "pr-backup-store-private.h"
#include "pr-backup-undo.h"
#include "pr-error.h"
#include "pr-xxh3.h"

#define DIGESTS PR_BACKUP_OURS "/digests"
#define NEW_DIGESTS PR_BACKUP_OURS "/digests.new"
#define LOG PR_BACKUP_OURS "/log"
#define SCRATCH PR_BACKUP_OURS "/scratch"
#define SNAPSHOT "Snapshot"

struct _PrBackupRun {
    PrBackupStore *store;
    char *udid;
    int lock;
    int root;
    PrBackupMode mode;
    PrBackupSteps steps;
    PrBackupUndo *undo; /* in journal mode */
    PrBackupLog *log;
    PrBackupState before; /* of the backup that this one will replace */
    gboolean current;     /* it is ours, and no other program went on with it */
    gboolean started, ended;
    gboolean flushed; /* or about to be */
    GThread *flush;   /* (nullable): a sync that goes on beside other work */
    PrBackupFolders *folders;
};

/* --- Folders of the copy --- */

static int
open_parent (PrBackupRun *self, const char *path, const char **name, GError **error)
{
    int fd = pr_backup_folders_find_parent (self->folders, self->root, path, name);

    if (fd < 0)
        pr_backup_fail (error, errno, path);
    return fd;
}

static gboolean
is_folder (int folder, const char *name)
{
    struct stat status;

    return fstatat (folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR (status.st_mode);
}

static gboolean
is_ours (const char *path)
{
    return g_str_has_prefix (path, PR_BACKUP_OURS);
}

static gboolean
is_manifest (const char *path)
{
    if (g_str_has_prefix (path, SNAPSHOT "/"))
        path += strlen (SNAPSHOT "/");
    return g_ascii_isupper (*path) && strchr (path, '.') != NULL;
}

static gboolean
prepare (PrBackupRun *self, PrBackupPhase phase, const char *path, const char *step, GError **error)
{
    if (!is_ours (path))
        self->steps.phase = is_manifest (path) ? PR_BACKUP_PHASE_MANIFEST : phase;
    if (*path == '\0') {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_UNSAFE_DATA, "the phone named the backup itself");
        return FALSE;
    }
    if (self->undo != NULL && !pr_backup_undo_prepare (self->undo, path, error))
        return FALSE;
    return pr_backup_step (&self->steps, step, error);
}

/* --- Beginning --- */

/* Where the copy is made: a new folder, or what the last run left for this one. */
static gboolean
open_staging (PrBackupRun *self, int folder, const char *name, gboolean is_new, GError **error)
{
    if (is_new && !pr_backup_step (&self->steps, "mkdir", error))
        return FALSE;
    if (is_new && mkdirat (folder, name, 0700) < 0)
        return pr_backup_fail (error, errno, name);
    self->started = is_new;
    self->root = openat (folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (self->root < 0)
        return pr_backup_fail (error, errno, name);
    if ((!is_new && !pr_backup_tree_remove (self->root, PR_BACKUP_OURS, &self->steps, error)) ||
        !pr_backup_step (&self->steps, "mkdir", error))
        return FALSE;
    return mkdirat (self->root, PR_BACKUP_OURS, 0700) == 0 || pr_backup_fail (error, errno, PR_BACKUP_OURS);
}

/* Before anything else it is on the disk that this folder is no backup. */
static gboolean
mark_staging (PrBackupRun *self, GError **error)
{
    PrBackupState state = { .generation = self->before.generation };
    g_autoptr (GBytes) text = pr_backup_state_write (&state);
    g_autofd int ours = -1;

    if (!pr_backup_run_write (self, PR_BACKUP_STATE_FILE, text, error) || !pr_backup_step (&self->steps, "sync", error))
        return FALSE;
    ours = openat (self->root, PR_BACKUP_OURS, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (ours < 0 || fsync (ours) < 0 || fsync (self->root) < 0)
        return pr_backup_fail (error, errno, "syncing the copy");
    return TRUE;
}

static gboolean
has_spare (PrBackupRun *self, int folder)
{
    g_autofree char *spare = pr_backup_store_dup_spare (self->udid);

    return is_folder (folder, spare);
}

/* A run that does not use it will make it keep what the backup no longer has. */
static gboolean
remove_spare (PrBackupRun *self, int folder, GError **error)
{
    g_autofree char *spare = pr_backup_store_dup_spare (self->udid);

    return pr_backup_tree_remove (folder, spare, &self->steps, error);
}

static gboolean
make_staging (PrBackupRun *self, int folder, gboolean is_new, GError **error)
{
    g_autofree char *name = g_strconcat (self->udid, ".partial", NULL);
    g_autofree char *spare = pr_backup_store_dup_spare (self->udid);

    if (is_new && !remove_spare (self, folder, error))
        return FALSE;
    if (!open_staging (self, folder, is_new ? name : spare, is_new, error) || !mark_staging (self, error))
        return FALSE;
    if (!is_new && !pr_backup_store_rename (folder, spare, name, &self->steps, error))
        return FALSE;
    self->started = TRUE;
    return fsync (folder) == 0 || pr_backup_fail (error, errno, "syncing the folder");
}

static gboolean
link_digests (PrBackupRun *self, int backup, GError **error)
{
    int number;

    if (!pr_backup_step (&self->steps, "link", error))
        return FALSE;
    if (self->mode == PR_BACKUP_MODE_LINK)
        number = linkat (backup, DIGESTS, self->root, DIGESTS, 0) == 0 ? 0 : errno;
    else
        number = pr_backup_tree_copy_file (backup, DIGESTS, self->root, DIGESTS);
    return number == 0 || number == ENOENT || pr_backup_fail (error, number, DIGESTS);
}

static gboolean
clone_backup (PrBackupRun *self, int backup, gboolean is_new, GCancellable *cancellable, GError **error)
{
    if (!self->current && self->mode == PR_BACKUP_MODE_LINK && !pr_backup_tree_seal (backup, &self->steps, error))
        return FALSE;
    if (self->current && !link_digests (self, backup, error))
        return FALSE;
    if (!is_new)
        return pr_backup_match_fill (backup, self->root, &self->steps, cancellable, error);
    return pr_backup_tree_clone (backup, self->root, self->mode, &self->steps, cancellable, error);
}

static gboolean
begin_copy (PrBackupRun *self, int folder, int backup, GCancellable *cancellable, GError **error)
{
    gboolean is_new = backup < 0 || self->mode != PR_BACKUP_MODE_LINK || !has_spare (self, folder);

    if (!make_staging (self, folder, is_new, error))
        return FALSE;
    return backup < 0 || clone_backup (self, backup, is_new, cancellable, error);
}

static gboolean
begin_journal (PrBackupRun *self, int folder, int backup, GError **error)
{
    PrBackupState state = { .generation = self->before.generation };
    g_autoptr (GBytes) text = pr_backup_state_write (&state);

    if (!remove_spare (self, folder, error))
        return FALSE;
    self->started = TRUE;
    self->root = fcntl (backup, F_DUPFD_CLOEXEC, 3);
    self->undo = pr_backup_undo_begin (folder, self->udid, self->root, &self->steps, error);
    if (self->undo == NULL || !pr_backup_run_mkdir (self, PR_BACKUP_OURS, NULL, error))
        return FALSE;
    return pr_backup_run_write (self, PR_BACKUP_STATE_FILE, text, error);
}

static gboolean
open_log (PrBackupRun *self, GError **error)
{
    const char *name;
    int parent, fd;

    if (!prepare (self, PR_BACKUP_PHASE_STAGING, LOG, "create", error))
        return FALSE;
    parent = open_parent (self, LOG, &name, error);
    if (parent < 0)
        return FALSE;
    fd = openat (parent, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return pr_backup_fail (error, errno, LOG);
    self->log = pr_backup_log_new (fd);
    return TRUE;
}

PrBackupRun *
pr_backup_run_new (PrBackupStore *store,
                   const char *udid,
                   int lock,
                   PrBackupMode mode,
                   const PrBackupSteps *steps,
                   GCancellable *cancellable,
                   GError **error)
{
    g_autoptr (PrBackupRun) self = g_new0 (PrBackupRun, 1);
    int folder = pr_backup_store_get_fd (store);
    g_autofd int backup = openat (folder, udid, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    self->store = g_object_ref (store);
    self->udid = g_strdup (udid);
    self->lock = lock;
    self->root = -1;
    self->mode = mode;
    self->steps = *steps;
    self->steps.phase = PR_BACKUP_PHASE_STAGING;
    self->folders = pr_backup_folders_new ();
    if (backup >= 0)
        pr_backup_state_read (backup, &self->before);
    self->current = backup >= 0 && pr_backup_state_is_current (backup, &self->before);
    if (mode == PR_BACKUP_MODE_JOURNAL && !begin_journal (self, folder, backup, error))
        return NULL;
    if (mode != PR_BACKUP_MODE_JOURNAL && !begin_copy (self, folder, backup, cancellable, error))
        return NULL;
    return open_log (self, error) ? g_steal_pointer (&self) : NULL;
}

/* --- What a phone asks for --- */

int
pr_backup_run_get_root (PrBackupRun *self)
{
    return self->root;
}

const PrBackupSteps *
pr_backup_run_get_steps (PrBackupRun *self)
{
    return &self->steps;
}

PrBackupMode
pr_backup_run_get_mode (PrBackupRun *self)
{
    return self->mode;
}

int
pr_backup_run_create (PrBackupRun *self, const char *path, GError **error)
{
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    const char *name;
    int parent, fd;

    if (!prepare (self, PR_BACKUP_PHASE_UPLOAD, path, "create", error))
        return -1;
    parent = open_parent (self, path, &name, error);
    if (parent < 0)
        return -1;
    fd = openat (parent, name, flags, 0400);
    if (fd < 0 && errno == EEXIST && unlinkat (parent, name, 0) == 0)
        fd = openat (parent, name, flags, 0400);
    if (fd < 0)
        pr_backup_fail (error, errno, path);
    return fd;
}

gboolean
pr_backup_run_note (PrBackupRun *self, const char *path, const PrBackupDigest *digest, GError **error)
{
    PrBackupNote note = digest != NULL ? PR_BACKUP_NOTE_ARRIVED : PR_BACKUP_NOTE_UNKNOWN;

    return pr_backup_log_note (self->log, path, note, digest, error);
}

static gboolean
write_all (int fd, const guint8 *data, gsize length)
{
    while (length > 0) {
        gssize n = TEMP_FAILURE_RETRY (write (fd, data, length));

        if (n <= 0) {
            errno = n == 0 ? ENOSPC : errno;
            return FALSE;
        }
        data += n;
        length -= (gsize) n;
    }
    return TRUE;
}

gboolean
pr_backup_run_write (PrBackupRun *self, const char *path, GBytes *content, GError **error)
{
    gsize length;
    const guint8 *data = g_bytes_get_data (content, &length);
    XXH128_hash_t hash = XXH3_128bits (data, length);
    PrBackupDigest digest = { .size = length, .low = hash.low64, .high = hash.high64 };
    g_autofd int fd = pr_backup_run_create (self, path, error);

    if (fd < 0 || !pr_backup_step (&self->steps, "write", error))
        return FALSE;
    if (!write_all (fd, data, length) || (is_ours (path) && fsync (fd) < 0))
        return pr_backup_fail (error, errno, path);
    return is_ours (path) || pr_backup_run_note (self, path, &digest, error);
}

gboolean
pr_backup_run_mkdir (PrBackupRun *self, const char *path, gboolean *exists, GError **error)
{
    const char *name;
    int parent;

    if (exists != NULL)
        *exists = FALSE;
    parent = *path != '\0' ? pr_backup_folders_find_parent (self->folders, self->root, path, &name) : -1;
    if (*path == '\0' || (parent >= 0 && is_folder (parent, name))) {
        if (exists != NULL)
            *exists = TRUE;
        return TRUE;
    }
    if (!prepare (self, PR_BACKUP_PHASE_UPLOAD, path, "mkdir", error))
        return FALSE;
    parent = open_parent (self, path, &name, error);
    if (parent < 0)
        return FALSE;
    return mkdirat (parent, name, 0700) == 0 || pr_backup_fail (error, errno, path);
}

/* In journal mode what was there at the beginning must still be there to go back to: it is copied, then retired. */
static gboolean
move_original (PrBackupRun *self, const char *from, const char *to, GError **error)
{
    return pr_backup_run_copy (self, from, to, error) && pr_backup_run_remove (self, from, error);
}

gboolean
pr_backup_run_move (PrBackupRun *self, const char *from, const char *to, GError **error)
{
    const char *name, *new_name;
    g_autofd int own = -1;
    int source, target;

    if (self->undo != NULL && pr_backup_undo_is_original (self->undo, from))
        return move_original (self, from, to, error);
    if (!prepare (self, PR_BACKUP_PHASE_MOVE, to, "rename", error))
        return FALSE;
    source = open_parent (self, from, &name, error);
    if (source >= 0 && pr_backup_folders_share_place (self->folders, from, to))
        source = own = fcntl (source, F_DUPFD_CLOEXEC, 3);
    target = source >= 0 ? open_parent (self, to, &new_name, error) : -1;
    if (target < 0)
        return FALSE;
    if (renameat (source, name, target, new_name) < 0)
        return pr_backup_fail (error, errno, from);
    pr_backup_folders_forget_moved (self->folders, from);
    pr_backup_folders_forget_moved (self->folders, to);
    if (g_str_has_prefix (from, SNAPSHOT "/"))
        return pr_backup_log_note (self->log, to, PR_BACKUP_NOTE_MOVED, NULL, error);
    /* a rename to another name of the same file does nothing at all */
    unlinkat (source, name, 0);
    pr_backup_folders_forget (self->folders);
    return pr_backup_log_note (self->log, from, PR_BACKUP_NOTE_REMOVED, NULL, error) &&
           pr_backup_run_note (self, to, NULL, error);
}

static gpointer
sync_in_thread (gpointer root)
{
    return GINT_TO_POINTER (syncfs (GPOINTER_TO_INT (root)) == 0 ? 0 : errno);
}

/* Nothing waits for it, but what it says counts: an error of the disk is told only once. */
static gboolean
start_flush (PrBackupRun *self, GError **error)
{
    if (self->flush != NULL)
        return TRUE;
    if (!pr_backup_step (&self->steps, "sync", error))
        return FALSE;
    self->flush = g_thread_new ("backup-sync", sync_in_thread, GINT_TO_POINTER (self->root));
    return TRUE;
}

static gboolean
end_flush (PrBackupRun *self, GError **error)
{
    int number = self->flush != NULL ? GPOINTER_TO_INT (g_thread_join (g_steal_pointer (&self->flush))) : 0;

    return number == 0 || pr_backup_fail (error, number, "syncing the backup");
}

/* By now the files are there: while they are moved, what is in them goes to the disk. */
gboolean
pr_backup_run_announce (PrBackupRun *self, const char *const *paths, GError **error)
{
    self->steps.phase = PR_BACKUP_PHASE_MOVE;
    if (!self->flushed && !start_flush (self, error))
        return FALSE;
    self->flushed = TRUE;
    return self->undo == NULL || pr_backup_undo_prepare_many (self->undo, paths, error);
}

gboolean
pr_backup_run_remove (PrBackupRun *self, const char *path, GError **error)
{
    const char *name;
    int parent;

    if (!prepare (self, PR_BACKUP_PHASE_MOVE, path, "unlink", error))
        return FALSE;
    parent = pr_backup_folders_find_parent (self->folders, self->root, path, &name);
    if (parent < 0)
        return errno == ENOENT || pr_backup_fail (error, errno, path);
    if (unlinkat (parent, name, 0) < 0 && errno != ENOENT) {
        g_autofd int own = fcntl (parent, F_DUPFD_CLOEXEC, 3);

        pr_backup_folders_forget (self->folders);
        if (!pr_backup_tree_remove (own, name, &self->steps, error))
            return FALSE;
    }
    return pr_backup_log_note (self->log, path, PR_BACKUP_NOTE_REMOVED, NULL, error);
}

static gboolean
copy_folder (PrBackupRun *self, int from, const char *name, const char *to, GError **error)
{
    g_autofd int in = openat (from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    g_autofd int out = -1;

    if (in < 0)
        return pr_backup_fail (error, errno, name);
    if (!pr_backup_run_mkdir (self, to, NULL, error))
        return FALSE;
    out = pr_backup_path_open (self->root, to, O_RDONLY | O_DIRECTORY, 0);
    if (out < 0)
        return pr_backup_fail (error, errno, to);
    return pr_backup_tree_clone (in, out, PR_BACKUP_MODE_COPY, &self->steps, NULL, error);
}

gboolean
pr_backup_run_copy (PrBackupRun *self, const char *from, const char *to, GError **error)
{
    const char *name, *new_name;
    struct stat status;
    g_autofd int source = -1;
    int parent = open_parent (self, from, &name, error), target;
    int number;

    source = parent >= 0 ? fcntl (parent, F_DUPFD_CLOEXEC, 3) : -1;
    if (source < 0)
        return FALSE;
    if (fstatat (source, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return pr_backup_fail (error, errno, from);
    if (S_ISDIR (status.st_mode))
        return g_str_has_prefix (to, from) ? pr_backup_fail (error, EINVAL, to)
                                           : copy_folder (self, source, name, to, error);
    if (!prepare (self, PR_BACKUP_PHASE_MOVE, to, "copy", error))
        return FALSE;
    target = open_parent (self, to, &new_name, error);
    if (target < 0)
        return FALSE;
    unlinkat (target, new_name, 0);
    number = pr_backup_tree_copy_file (source, name, target, new_name);
    if (number != 0)
        return pr_backup_fail (error, number, to);
    return pr_backup_run_note (self, to, NULL, error);
}

/* --- Becoming the backup --- */

/* The digests of the backup before; -1 when there are none, or they are not what was written. */
static int
open_old_digests (PrBackupRun *self)
{
    int fd = self->current ? pr_backup_path_open (self->root, DIGESTS, O_RDONLY, 0) : -1;
    int copy = fd >= 0 ? fcntl (fd, F_DUPFD_CLOEXEC, 3) : -1;
    g_autoptr (PrBackupRecord) record = copy >= 0 ? pr_backup_record_open (copy, NULL) : NULL;

    if (record != NULL && pr_backup_record_check (record, NULL))
        return fd;
    g_clear_fd (&fd, NULL);
    return -1;
}

static int
create_scratch (PrBackupRun *self, GError **error)
{
    const char *name;
    g_autofd int fd = pr_backup_run_create (self, SCRATCH, error);
    int parent, both;

    if (fd < 0)
        return -1;
    parent = pr_backup_folders_find_parent (self->folders, self->root, SCRATCH, &name);
    fchmod (fd, 0600);
    both = openat (parent, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (both >= 0 && unlinkat (parent, name, 0) == 0)
        return both;
    pr_backup_fail (error, errno, SCRATCH);
    g_clear_fd (&both, NULL);
    return -1;
}

static gboolean
settle_digests (PrBackupRun *self, GError **error)
{
    g_autofd int record = open_old_digests (self);
    g_autofd int scratch = create_scratch (self, error);
    g_autofd int out = scratch >= 0 ? pr_backup_run_create (self, NEW_DIGESTS, error) : -1;

    if (out < 0 || !pr_backup_step (&self->steps, "write", error) ||
        !pr_backup_log_merge (self->log, record, scratch, out, error))
        return FALSE;
    if (self->undo != NULL && !pr_backup_undo_prepare (self->undo, DIGESTS, error))
        return FALSE;
    self->steps.phase = PR_BACKUP_PHASE_VERIFY;
    if (!pr_backup_step (&self->steps, "rename", error))
        return FALSE;
    if (renameat (self->root, NEW_DIGESTS, self->root, DIGESTS) < 0 || unlinkat (self->root, LOG, 0) < 0)
        return pr_backup_fail (error, errno, DIGESTS);
    return TRUE;
}

static gboolean
mark_complete (PrBackupRun *self, const PrBackupTotals *totals, GError **error)
{
    PrBackupState state = {
        .complete = TRUE,
        .generation = self->before.generation + 1,
        .files = totals->files,
        .bytes = totals->bytes,
        .time = g_get_real_time () / G_USEC_PER_SEC,
    };
    g_autoptr (GBytes) text = NULL;

    pr_backup_state_read_run (self->root, state.run);
    text = pr_backup_state_write (&state);
    return pr_backup_run_write (self, PR_BACKUP_STATE_FILE, text, error);
}

/* Syncs twice where it must not be that the mark reaches the disk before what it stands for. */
static gboolean
sync_all (PrBackupRun *self, GError **error)
{
    self->steps.phase = PR_BACKUP_PHASE_VERIFY;
    if (!pr_backup_step (&self->steps, "sync", error))
        return FALSE;
    return syncfs (self->root) == 0 || pr_backup_fail (error, errno, "syncing the backup");
}

static gboolean
become_backup (PrBackupRun *self, GError **error)
{
    g_autofree char *trash = g_strconcat (self->udid, ".trash", NULL);

    self->steps.phase = PR_BACKUP_PHASE_SWAP;
    if (self->undo == NULL)
        return pr_backup_store_swap (self->store, self->udid, &self->steps, error);
    return pr_backup_undo_commit (pr_backup_store_get_fd (self->store), self->udid, trash, &self->steps, error);
}

/* What is checked is what was written, whether it is on the disk already or not. */
static gboolean
sync_and_check (PrBackupRun *self,
                PrBackupCheck check,
                PrBackupTotals *totals,
                gpointer data,
                GCancellable *cancellable,
                GError **error)
{
    gboolean ok;

    self->steps.phase = PR_BACKUP_PHASE_VERIFY;
    if (!end_flush (self, error) || !start_flush (self, error))
        return FALSE;
    ok = check (self->root, totals, data, cancellable, error);
    return end_flush (self, ok ? error : NULL) && ok;
}

gboolean
pr_backup_run_commit (PrBackupRun *self, PrBackupCheck check, gpointer data, GCancellable *cancellable, GError **error)
{
    PrBackupTotals totals = { 0 };

    self->steps.phase = PR_BACKUP_PHASE_MANIFEST;
    if (!settle_digests (self, error) || !pr_backup_run_remove (self, SNAPSHOT, error))
        return FALSE;
    pr_backup_folders_forget (self->folders);
    if (!sync_and_check (self, check, &totals, data, cancellable, error))
        return FALSE;
    if (!mark_complete (self, &totals, error) || !sync_all (self, error) ||
        g_cancellable_set_error_if_cancelled (cancellable, error) || !become_backup (self, error))
        return FALSE;
    self->ended = TRUE;
    /* it is committed: what cannot be cleared away now is cleared away at the next start */
    pr_backup_store_retire (self->store, self->udid, &self->steps, NULL);
    return TRUE;
}

void
pr_backup_run_free (PrBackupRun *self)
{
    end_flush (self, NULL);
    g_clear_pointer (&self->folders, pr_backup_folders_free);
    g_clear_pointer (&self->log, pr_backup_log_free);
    g_clear_pointer (&self->undo, pr_backup_undo_free);
    g_clear_fd (&self->root, NULL);
    if (self->started && !self->ended)
        pr_backup_store_recover_one (self->store, self->udid, &self->steps, NULL, NULL);
    g_clear_fd (&self->lock, NULL);
    g_clear_object (&self->store);
    g_free (self->udid);
    g_free (self);
}
