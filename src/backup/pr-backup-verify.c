// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-verify-private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pr-backup-path.h"
#include "pr-backup-state.h"
#include "pr-backup-step.h"
#include "pr-error.h"
#include "pr-plist.h"
#include "pr-xxh3.h"

#define DIGESTS PR_BACKUP_OURS "/digests"
#define CHUNK (1024 * 1024)
#define ALIGNMENT 4096

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DIR, closedir)

static void
check_clear (PrBackupCheck *check)
{
    g_clear_error (&check->first);
    g_clear_pointer (&check->manifest, pr_backup_manifest_free);
    g_clear_pointer (&check->record, pr_backup_record_free);
    g_clear_pointer (&check->bucket, g_array_unref);
    g_clear_fd (&check->folder, NULL);
    g_clear_pointer (&check->buffer, free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrBackupCheck, check_clear)

void
pr_backup_check_fault (PrBackupCheck *check, const char *format, ...)
{
    va_list arguments;

    check->report.faults++;
    if (check->first != NULL)
        return;
    va_start (arguments, format);
    check->first = g_error_new_valist (PR_ERROR, PR_ERROR_BACKUP_DAMAGED, format, arguments);
    va_end (arguments);
}

gboolean
pr_backup_check_load (PrBackupCheck *check, guint number, GError **error)
{
    if (check->bucket_number == number)
        return TRUE;
    g_autofree char *name = g_strdup_printf ("%02x", number);
    g_clear_pointer (&check->bucket, g_array_unref);
    g_clear_fd (&check->folder, NULL);
    check->bucket_number = number;
    check->folder = pr_backup_path_open (check->root, number < 256 ? name : "", O_RDONLY | O_DIRECTORY, 0);
    if (check->record == NULL)
        return TRUE;
    check->bucket = pr_backup_record_load (check->record, number, error);
    return check->bucket != NULL;
}

static gboolean
open_record (PrBackupCheck *check, GError **error)
{
    g_autoptr (GError) reason = NULL;
    PrBackupState state;
    int fd = -1;

    pr_backup_state_read (check->root, &state);
    /* of a run that is being verified there is no state yet but that it is not complete */
    if (!state.complete || pr_backup_state_is_current (check->root, &state))
        fd = pr_backup_path_open (check->root, DIGESTS, O_RDONLY, 0);
    if (fd < 0)
        return TRUE;
    check->record = pr_backup_record_open (fd, &reason);
    if (check->record != NULL && (!check->deep || pr_backup_record_check (check->record, &reason)))
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
}

static gboolean
check_status (PrBackupCheck *check, GError **error)
{
    g_auto (plist_t) status = pr_backup_read_plist (check->root, "Status.plist");
    g_autofree char *state = pr_plist_dup_word (status, "SnapshotState");

    if (g_strcmp0 (state, "finished") == 0)
        return TRUE;
    g_set_error (error, PR_ERROR, PR_ERROR_BACKUP_DAMAGED, "the phone never finished it (%s)",
                 state != NULL ? state : "no Status.plist");
    return FALSE;
}

/* --- What arrived --- */

/* Some file systems say only at the first read that they cannot do it past the page cache. */
static gssize
read_chunk (PrBackupCheck *check, int fd)
{
    gssize n = TEMP_FAILURE_RETRY (read (fd, check->buffer, CHUNK));

    if (n >= 0 || errno != EINVAL)
        return n;
    fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) & ~O_DIRECT);
    return TEMP_FAILURE_RETRY (read (fd, check->buffer, CHUNK));
}

static gboolean
hash_file (PrBackupCheck *check, int fd, guint64 expected, XXH3_state_t *state, guint64 *size, GError **error)
{
    gssize n;

    *size = 0;
    while ((n = read_chunk (check, fd)) > 0) {
        XXH3_128bits_update (state, check->buffer, (gsize) n);
        *size += (guint64) n;
        check->done += (guint64) n;
        if (check->progress != NULL)
            check->progress (check->done, check->total, check->data);
        if (g_cancellable_set_error_if_cancelled (check->cancellable, error))
            return FALSE;
        if (n < CHUNK && *size == expected) /* spares small files a call */
            break;
    }
    if (n < 0)
        pr_backup_check_fault (check, "a file cannot be read: %s", g_strerror (errno));
    return TRUE;
}

/* A large file is read past the page cache: faster, and it is the disk that is asked. */
static gboolean
check_content (PrBackupCheck *check, const char *name, const PrBackupDigest *digest, GError **error)
{
    g_autofd int fd = openat (check->folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    XXH3_state_t *state = XXH3_createState ();
    XXH128_hash_t hash;
    guint64 size = 0;
    gboolean ok;

    XXH3_128bits_reset (state);
    if (digest->size >= CHUNK)
        fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) | O_DIRECT);
    ok = fd < 0 || hash_file (check, fd, digest->size, state, &size, error);
    hash = XXH3_128bits_digest (state);
    XXH3_freeState (state);
    if (fd < 0)
        pr_backup_check_fault (check, "%s is missing", name);
    else if (ok && (size != digest->size || hash.low64 != digest->low || hash.high64 != digest->high))
        pr_backup_check_fault (check, "%s is not what arrived", name);
    check->report.recorded++;
    return ok;
}

static gboolean
check_folder (PrBackupCheck *check, guint number, GError **error)
{
    if (!pr_backup_check_load (check, number, error))
        return FALSE;
    for (guint i = 0; i < check->bucket->len; i++) {
        const PrBackupDigest *digest = &g_array_index (check->bucket, PrBackupDigest, i);
        char name[41];

        for (guint k = 0; k < 20; k++)
            g_snprintf (name + 2 * k, 3, "%02x", digest->id[k]);
        if (!check_content (check, name, digest, error))
            return FALSE;
    }
    return TRUE;
}

/* What has no folder of its own: found by its name. */
static gboolean
check_others (PrBackupCheck *check, GError **error)
{
    int fd = pr_backup_path_open (check->root, "", O_RDONLY | O_DIRECTORY, 0);
    g_autoptr (DIR) dir = fd >= 0 ? fdopendir (fd) : NULL;
    struct dirent *entry;
    guint found = 0;

    if (!pr_backup_check_load (check, PR_BACKUP_N_BUCKETS - 1, error))
        return FALSE;
    while (dir != NULL && (entry = readdir (dir)) != NULL) {
        g_autofree char *name = pr_backup_path_restore_case (entry->d_name);
        const PrBackupDigest *digest = pr_backup_digest_find (check->bucket, name);

        found += digest != NULL;
        if (digest != NULL && !check_content (check, entry->d_name, digest, error))
            return FALSE;
    }
    if (found < check->bucket->len)
        pr_backup_check_fault (check, "%u files beside the folders are missing", check->bucket->len - found);
    return TRUE;
}

static void
add_up (PrBackupCheck *check)
{
    for (guint b = 0; b < PR_BACKUP_N_BUCKETS; b++) {
        g_autoptr (GArray) entries = pr_backup_record_load (check->record, b, NULL);

        for (guint i = 0; entries != NULL && i < entries->len; i++)
            check->total += g_array_index (entries, PrBackupDigest, i).size;
    }
}

static gboolean
check_digests (PrBackupCheck *check, GError **error)
{
    if (check->record == NULL)
        return TRUE;
    check->buffer = aligned_alloc (ALIGNMENT, CHUNK);
    g_assert (check->buffer != NULL);
    add_up (check);
    for (guint b = 0; b < PR_BACKUP_N_BUCKETS - 1; b++)
        if (!check_folder (check, b, error))
            return FALSE;
    return check_others (check, error);
}

/* Without the password only what was recorded can be compared. */
static gboolean
check_sizes (PrBackupCheck *check, GError **error)
{
    for (guint b = 0; check->record != NULL && b < PR_BACKUP_N_BUCKETS - 1; b++) {
        if (!pr_backup_check_load (check, b, error) || g_cancellable_set_error_if_cancelled (check->cancellable, error))
            return FALSE;
        for (guint i = 0; i < check->bucket->len; i++) {
            const PrBackupDigest *digest = &g_array_index (check->bucket, PrBackupDigest, i);
            struct stat status;
            char name[41];

            for (guint k = 0; k < 20; k++)
                g_snprintf (name + 2 * k, 3, "%02x", digest->id[k]);
            if (fstatat (check->folder, name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
                (guint64) status.st_size != digest->size)
                pr_backup_check_fault (check, "%s is missing or cut short", name);
            check->report.files++;
            check->report.bytes += digest->size;
        }
    }
    return TRUE;
}

static gboolean
verify (PrBackupCheck *check, const char *password, GError **error)
{
    if (!check_status (check, error) || !open_record (check, error))
        return FALSE;
    check->manifest = pr_backup_manifest_open (check->root, password, error);
    if (check->manifest == NULL)
        return FALSE;
    check->report.encrypted = pr_backup_manifest_is_encrypted (check->manifest);
    check->report.proven = pr_backup_manifest_is_open (check->manifest);
    if (check->report.proven ? !pr_backup_check_rows (check, error) : !check_sizes (check, error))
        return FALSE;
    if (check->deep && !check_digests (check, error))
        return FALSE;
    if (check->first == NULL)
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&check->first));
    return FALSE;
}

static gboolean
verify_and_report (PrBackupCheck *check, const char *password, PrBackupReport *report, GError **error)
{
    gboolean ok = verify (check, password, error);

    *report = check->report;
    return ok;
}

gboolean
pr_backup_verify_quick (int root,
                        const char *password,
                        PrBackupReport *report,
                        GCancellable *cancellable,
                        GError **error)
{
    g_auto (PrBackupCheck)
        check = { .root = root, .folder = -1, .bucket_number = G_MAXUINT, .cancellable = cancellable };

    return verify_and_report (&check, password, report, error);
}

gboolean
pr_backup_verify_deep (int root,
                       const char *password,
                       PrBackupReport *report,
                       PrBackupProgress progress,
                       gpointer data,
                       GCancellable *cancellable,
                       GError **error)
{
    g_auto (PrBackupCheck) check = {
        .root = root,
        .deep = TRUE,
        .folder = -1,
        .bucket_number = G_MAXUINT,
        .progress = progress,
        .data = data,
        .cancellable = cancellable,
    };

    return verify_and_report (&check, password, report, error);
}
