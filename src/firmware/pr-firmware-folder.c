// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-firmware-folder-private.h"

#include "pr-error.h"
#include "pr-file-digest.h"
#include "pr-ipsw.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILES 200
#define MAX_SAME_NAME 100

G_DEFINE_FINAL_TYPE (PrFirmwareFolder, pr_firmware_folder, G_TYPE_OBJECT)

/* --- Names of what is ours --- */

/* (transfer full): the path of our file for the system file @name. */
char *
pr_firmware_folder_get_our_path (PrFirmwareFolder *self, const char *name, const char *suffix)
{
    g_autofree char *file = g_strconcat (name, suffix, NULL);

    return g_build_filename (self->path, OURS, file, NULL);
}

/* A stamp for each user, because nobody believes another's. */
char *
pr_firmware_folder_get_stamp_path (PrFirmwareFolder *self, const char *path)
{
    g_autofree char *name = g_path_get_basename (path);
    g_autofree char *suffix = g_strdup_printf (".%u.stamp", geteuid ());

    return pr_firmware_folder_get_our_path (self, name, suffix);
}

char *
pr_firmware_folder_get_use_path (PrFirmwareFolder *self, const char *path)
{
    g_autofree char *name = g_path_get_basename (path);

    return pr_firmware_folder_get_our_path (self, name, ".use");
}

/* What we make may be used by whoever may use the folder. */
mode_t
pr_firmware_folder_get_mode (PrFirmwareFolder *self)
{
    struct stat status;

    return stat (self->path, &status) < 0 ? 0600 : (status.st_mode & 0666) | 0600;
}

/* Without the sticky bit: whoever completes another user's part must be able to move it out. */
gboolean
pr_firmware_folder_make (PrFirmwareFolder *self, GError **error)
{
    g_autofree char *ours = g_build_filename (self->path, OURS, NULL);
    struct stat status;

    if (g_mkdir_with_parents (self->path, 0700) == 0 && stat (self->path, &status) == 0) {
        if (g_mkdir (ours, 0700) == 0)
            chmod (ours, status.st_mode & 02777);
        if (g_file_test (ours, G_FILE_TEST_IS_DIR))
            return TRUE;
    }
    int number = errno;
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "%s: %s", ours, g_strerror (number));
    return FALSE;
}

/* --- What is there --- */

/* (transfer full): the paths of all system files, in no order. */
GPtrArray *
pr_firmware_folder_list_paths (PrFirmwareFolder *self)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GDir) folder = g_dir_open (self->path, 0, NULL);
    const char *name;

    while (folder != NULL && paths->len < MAX_FILES && (name = g_dir_read_name (folder)) != NULL) {
        g_autofree char *path = g_build_filename (self->path, name, NULL);

        if (*name != '.' && g_str_has_suffix (name, ".ipsw") && g_file_test (path, G_FILE_TEST_IS_REGULAR))
            g_ptr_array_add (paths, g_steal_pointer (&path));
    }
    return paths;
}

void
pr_firmware_folder_remember (PrFirmwareFolder *self, const char *path, const PrFirmwareStamp *stamp)
{
    g_autofree char *stamp_path = pr_firmware_folder_get_stamp_path (self, path);
    g_autoptr (GError) error = NULL;

    if (!pr_firmware_folder_make (self, &error) || !pr_firmware_stamp_write (stamp_path, path, stamp, &error))
        g_debug ("%s", error->message);
}

gboolean
pr_firmware_folder_read_stamp (PrFirmwareFolder *self, const char *path, PrFirmwareStamp *stamp)
{
    g_autofree char *stamp_path = pr_firmware_folder_get_stamp_path (self, path);

    return pr_firmware_stamp_read (stamp_path, path, stamp);
}

/* What is in it, if nobody knows yet and it is a system file. */
void
pr_firmware_folder_read_manifest (const char *path, PrFirmwareStamp *stamp, GCancellable *cancellable)
{
    if (stamp->build != NULL)
        return;
    g_autoptr (PrIpsw) ipsw = pr_ipsw_open (path, cancellable, NULL);
    if (ipsw == NULL)
        return;
    stamp->version = g_strdup (pr_ipsw_get_version (ipsw));
    stamp->build = g_strdup (pr_ipsw_get_build (ipsw));
}

/* What is worth a look at every byte: a file of just that size or, where no list says it, of just that build. */
static gboolean
may_be (const char *path, const PrFirmwareStamp *stamp, PrFirmware *firmware)
{
    const PrFirmwareFacts *facts = pr_firmware_get_facts (firmware);
    struct stat status;

    if (facts->size == 0)
        return g_strcmp0 (stamp->build, facts->build) == 0;
    return stat (path, &status) == 0 && (guint64) status.st_size == facts->size;
}

/* Is the file at @path that of @firmware? Its digest is computed once. */
static gboolean
is_it (PrFirmwareFolder *self, const char *path, PrFirmware *firmware, GCancellable *cancellable)
{
    const char *wanted = pr_firmware_get_facts (firmware)->digest;
    g_auto (PrFirmwareStamp) stamp = { 0 };

    pr_firmware_folder_read_stamp (self, path, &stamp);
    pr_firmware_folder_read_manifest (path, &stamp, cancellable);
    if (!may_be (path, &stamp, firmware))
        return FALSE;
    if (stamp.digest == NULL || strlen (stamp.digest) != strlen (wanted)) {
        g_free (stamp.digest);
        stamp.digest = pr_file_digest_compute (path, wanted, cancellable, NULL);
    }
    if (stamp.digest == NULL)
        return FALSE;
    gboolean same = g_str_equal (stamp.digest, wanted);
    if (same || stamp.used == 0)
        stamp.used = pr_firmware_folder_now ();
    pr_firmware_folder_remember (self, path, &stamp);
    return same;
}

char *
pr_firmware_folder_find (PrFirmwareFolder *self, PrFirmware *firmware, GCancellable *cancellable, GError **error)
{
    g_autoptr (GPtrArray) paths = pr_firmware_folder_list_paths (self);

    for (guint i = 0; i < paths->len && !g_cancellable_is_cancelled (cancellable); i++)
        if (is_it (self, paths->pdata[i], firmware, cancellable))
            return g_strdup (paths->pdata[i]);
    g_cancellable_set_error_if_cancelled (cancellable, error);
    return NULL;
}

/* A file from elsewhere has no stamp here. */
static gboolean
has_digest_of (const char *path, PrFirmware *firmware, GCancellable *cancellable)
{
    const PrFirmwareFacts *facts = pr_firmware_get_facts (firmware);
    g_autofree char *digest = NULL;
    struct stat status;

    if (facts->size > 0 && (stat (path, &status) < 0 || (guint64) status.st_size != facts->size))
        return FALSE;
    digest = pr_file_digest_compute (path, facts->digest, cancellable, NULL);
    return g_strcmp0 (digest, facts->digest) == 0;
}

gboolean
pr_firmware_folder_is (PrFirmwareFolder *self,
                       const char *path,
                       PrFirmware *firmware,
                       GCancellable *cancellable,
                       GError **error)
{
    g_autofree char *parent = g_path_get_dirname (path);
    gboolean same = g_str_equal (parent, self->path) ? is_it (self, path, firmware, cancellable)
                                                     : has_digest_of (path, firmware, cancellable);

    return !g_cancellable_set_error_if_cancelled (cancellable, error) && same;
}

/* --- For the download --- */

PrFileLock *
pr_firmware_folder_lock (PrFirmwareFolder *self, PrFirmware *firmware, GError **error)
{
    g_autofree char *path = pr_firmware_folder_get_our_path (self, pr_firmware_get_file_name (firmware), ".get");

    return pr_firmware_folder_make (self, error)
               ? pr_file_lock_try (path, FALSE, pr_firmware_folder_get_mode (self), error)
               : NULL;
}

/* A part of another user that may not be written to is not in our way: then this user has one of their own. */
PrPartial *
pr_firmware_folder_open_partial (PrFirmwareFolder *self, PrFirmware *firmware, GError **error)
{
    const char *digest = pr_firmware_get_facts (firmware)->digest;
    g_autofree char *base = pr_firmware_folder_get_our_path (self, pr_firmware_get_file_name (firmware), "");
    g_autoptr (GError) failure = NULL;
    PrPartial *partial = pr_partial_open (base, digest, pr_firmware_folder_get_mode (self), &failure);

    if (partial != NULL || !g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)) {
        if (partial == NULL)
            g_propagate_error (error, g_steal_pointer (&failure));
        return partial;
    }
    g_autofree char *own = g_strdup_printf ("%s.%u", base, geteuid ());
    return pr_partial_open (own, digest, pr_firmware_folder_get_mode (self), error);
}

guint64
pr_firmware_folder_get_partial_length (PrFirmwareFolder *self, PrFirmware *firmware)
{
    g_autofree char *path = pr_firmware_folder_get_our_path (self, pr_firmware_get_file_name (firmware), ".part");
    struct stat status;

    return lstat (path, &status) < 0 ? 0 : (guint64) status.st_size;
}

/* "NAME.ipsw", or "NAME-2.ipsw" where a person's file, which is another one, already has that name. */
static char *
get_final_path (PrFirmwareFolder *self, PrFirmware *firmware, guint number)
{
    const char *name = pr_firmware_get_file_name (firmware);

    if (number == 1)
        return g_build_filename (self->path, name, NULL);
    g_autofree char *other = g_strdup_printf ("%.*s-%u.ipsw", (int) (strlen (name) - strlen (".ipsw")), name, number);
    return g_build_filename (self->path, other, NULL);
}

static char *
move (PrFirmwareFolder *self, PrFirmware *firmware, PrPartial *partial, GError **error)
{
    for (guint i = 1;; i++) {
        g_autofree char *path = get_final_path (self, firmware, i);
        g_autoptr (GError) failure = NULL;

        if (pr_partial_move (partial, path, &failure))
            return g_steal_pointer (&path);
        if (i < MAX_SAME_NAME && g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_EXISTS))
            continue;
        g_propagate_error (error, g_steal_pointer (&failure));
        return NULL;
    }
}

char *
pr_firmware_folder_take (PrFirmwareFolder *self, PrFirmware *firmware, PrPartial *partial, GError **error)
{
    const PrFirmwareFacts *facts = pr_firmware_get_facts (firmware);
    const PrFirmwareStamp stamp = {
        .digest = (char *) facts->digest,
        .version = (char *) facts->version,
        .build = (char *) facts->build,
        .downloaded = TRUE,
        .used = pr_firmware_folder_now (),
    };
    char *path = move (self, firmware, partial, error);

    if (path != NULL)
        pr_firmware_folder_remember (self, path, &stamp);
    return path;
}

/* --- The object --- */

static void
pr_firmware_folder_finalize (GObject *object)
{
    g_free (PR_FIRMWARE_FOLDER (object)->path);
    G_OBJECT_CLASS (pr_firmware_folder_parent_class)->finalize (object);
}

static void
pr_firmware_folder_class_init (PrFirmwareFolderClass *klass)
{
    G_OBJECT_CLASS (klass)->finalize = pr_firmware_folder_finalize;
}

static void
pr_firmware_folder_init (PrFirmwareFolder *self)
{
}

PrFirmwareFolder *
pr_firmware_folder_new (const char *path)
{
    g_return_val_if_fail (path != NULL, NULL);

    PrFirmwareFolder *self = g_object_new (PR_TYPE_FIRMWARE_FOLDER, NULL);
    self->path = g_strdup (path);
    return self;
}

const char *
pr_firmware_folder_get_path (PrFirmwareFolder *self)
{
    return self->path;
}
