// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-run-folder.h"

#include "pr-error.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define KEEP_DAYS 30
#define ECID_DIGITS 16
#define MAX_JSON (64 * 1024)
#define LEAVE_TIME G_USEC_PER_SEC

static char *
get_base (void)
{
    return g_build_filename (g_get_user_state_dir (), "phone-reset", "restores", NULL);
}

static gboolean
fail (GError **error, int number, const char *path)
{
    if (number == ENOSPC || number == EDQUOT)
        g_set_error (error, PR_ERROR, PR_ERROR_NO_SPACE, "%s: %s", path, g_strerror (number));
    else
        g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "%s: %s", path, g_strerror (number));
    return FALSE;
}

static int
open_lock (const char *path)
{
    return open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* The supervisor writes how the run ended and is gone an instant later: that instant is no run. */
static gboolean
is_going_on (const char *folder)
{
    g_autofree char *end = g_build_filename (folder, "end.json", NULL);
    gint64 deadline = g_get_monotonic_time () + LEAVE_TIME;

    while (pr_run_folder_is_alive (folder)) {
        if (!g_file_test (end, G_FILE_TEST_EXISTS) || g_get_monotonic_time () > deadline)
            return TRUE;
        g_usleep (5 * 1000);
    }
    return FALSE;
}

static gboolean
has_living_run (guint64 ecid)
{
    g_autofree char *base = get_base ();
    g_autoptr (GDir) dir = g_dir_open (base, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
        g_autofree char *folder = g_build_filename (base, name, NULL);

        if (pr_run_folder_get_ecid (folder) == ecid && is_going_on (folder))
            return TRUE;
    }
    return FALSE;
}

int
pr_run_folder_claim (guint64 ecid, GError **error)
{
    g_autofree char *base = get_base ();
    g_autofree char *name = g_strdup_printf (".%016" G_GINT64_MODIFIER "X.lock", ecid);
    g_autofree char *path = g_build_filename (base, name, NULL);

    if (g_mkdir_with_parents (base, 0700) < 0) {
        fail (error, errno, base);
        return -1;
    }
    g_autofd int fd = open_lock (path);
    if (fd < 0) {
        fail (error, errno, path);
        return -1;
    }
    if (flock (fd, LOCK_EX | LOCK_NB) < 0 || has_living_run (ecid)) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_BUSY, "a restore of this phone is running already");
        return -1;
    }
    return g_steal_fd (&fd);
}

guint64
pr_run_folder_get_room (void)
{
    g_autofree char *path = get_base ();
    struct statvfs status;

    /* what is not made yet will be where what is above it is */
    while (statvfs (path, &status) < 0) {
        g_autofree char *parent = g_path_get_dirname (path);

        if (errno != ENOENT || g_str_equal (parent, path))
            return 0;
        g_set_str (&path, parent);
    }
    return (guint64) status.f_bavail * status.f_frsize;
}

/* A new folder: the time makes its name, and a number where two began in the same second. */
static char *
make_folder (guint64 ecid, GError **error)
{
    g_autofree char *base = get_base ();
    g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
    g_autofree char *time = g_date_time_format (now, "%Y%m%d-%H%M%S");

    for (guint i = 0; i < 100; i++) {
        g_autofree char *path = g_strdup_printf ("%s/%016" G_GINT64_MODIFIER "X-%s-%02u", base, ecid, time, i);

        if (g_mkdir (path, 0700) == 0)
            return g_steal_pointer (&path);
        if (errno != EEXIST) {
            fail (error, errno, path);
            return NULL;
        }
    }
    fail (error, EEXIST, base);
    return NULL;
}

char *
pr_run_folder_create (guint64 ecid, int *lock_fd, GError **error)
{
    g_autofree char *folder = make_folder (ecid, error);

    if (folder == NULL)
        return NULL;
    g_autofree char *lock = g_build_filename (folder, "lock", NULL);
    g_autofree char *cache = g_build_filename (folder, "cache", NULL);
    *lock_fd = open_lock (lock);
    if (*lock_fd < 0 || flock (*lock_fd, LOCK_EX | LOCK_NB) < 0 || g_mkdir (cache, 0700) < 0) {
        fail (error, errno, folder);
        g_clear_fd (lock_fd, NULL);
        pr_run_folder_remove (folder);
        return NULL;
    }
    return g_steal_pointer (&folder);
}

guint64
pr_run_folder_get_ecid (const char *folder)
{
    g_autofree char *name = g_path_get_basename (folder);
    g_autofree char *digits = g_strndup (name, ECID_DIGITS);
    guint64 ecid = 0;

    if (strlen (name) <= ECID_DIGITS || name[ECID_DIGITS] != '-' ||
        !g_ascii_string_to_unsigned (digits, 16, 1, G_MAXUINT64, &ecid, NULL))
        return 0;
    return ecid;
}

/* A shared lock, so that two who look do not see each other. */
gboolean
pr_run_folder_is_alive (const char *folder)
{
    g_autofree char *path = g_build_filename (folder, "lock", NULL);
    g_autofd int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    return fd >= 0 && flock (fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
}

/* Names begin with the ECID; what follows it is the time. */
static int
compare_times (gconstpointer a, gconstpointer b)
{
    g_autofree char *one = g_path_get_basename (*(char *const *) a);
    g_autofree char *other = g_path_get_basename (*(char *const *) b);

    return strcmp (other + ECID_DIGITS, one + ECID_DIGITS);
}

static gboolean
is_acknowledged (const char *folder, gboolean *is_old)
{
    g_autofree char *path = g_build_filename (folder, "acknowledged", NULL);
    GStatBuf status;

    if (g_lstat (path, &status) < 0)
        return FALSE;
    *is_old = g_get_real_time () / G_USEC_PER_SEC - status.st_mtime > (gint64) KEEP_DAYS * 24 * 60 * 60;
    return TRUE;
}

GPtrArray *
pr_run_folder_list (void)
{
    g_autofree char *base = get_base ();
    g_autoptr (GDir) dir = g_dir_open (base, 0, NULL);
    GPtrArray *folders = g_ptr_array_new_with_free_func (g_free);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
        g_autofree char *folder = g_build_filename (base, name, NULL);
        gboolean is_old = FALSE;

        if (pr_run_folder_get_ecid (folder) == 0 || !g_file_test (folder, G_FILE_TEST_IS_DIR))
            continue;
        if (!is_acknowledged (folder, &is_old))
            g_ptr_array_add (folders, g_steal_pointer (&folder));
        else if (is_old && !pr_run_folder_is_alive (folder))
            pr_run_folder_remove (folder);
    }
    g_ptr_array_sort (folders, compare_times);
    return folders;
}

gboolean
pr_run_folder_write (const char *folder, const char *name, GVariant *dictionary, GError **error)
{
    g_autoptr (GVariant) owned = g_variant_ref_sink (dictionary);
    g_autoptr (GError) failure = NULL;
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autofree char *text = json_gvariant_serialize_data (owned, NULL);

    if (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                  &failure))
        return TRUE;
    return pr_error_propagate_file (error, g_steal_pointer (&failure));
}

GVariant *
pr_run_folder_read (const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autofree char *text = NULL;
    GStatBuf status;
    gsize length = 0;

    if (g_lstat (path, &status) < 0 || !S_ISREG (status.st_mode) || status.st_size > MAX_JSON)
        return NULL;
    if (!g_file_get_contents (path, &text, &length, NULL) || !g_utf8_validate (text, (gssize) length, NULL))
        return NULL;
    return json_gvariant_deserialize_data (text, (gssize) length, "a{sv}", NULL);
}

void
pr_run_folder_acknowledge (const char *folder)
{
    g_autofree char *path = g_build_filename (folder, "acknowledged", NULL);
    g_autofd int fd = open_lock (path);

    if (!pr_run_folder_is_alive (folder))
        pr_run_folder_shrink (folder);
}

static int
remove_one (const char *path, const struct stat *status, int kind, struct FTW *where)
{
    remove (path);
    return 0;
}

static void
remove_tree (const char *path)
{
    nftw (path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

void
pr_run_folder_remove (const char *folder)
{
    remove_tree (folder);
}

void
pr_run_folder_shrink (const char *folder)
{
    g_autofree char *cache = g_build_filename (folder, "cache", NULL);
    g_autofree char *work = g_build_filename (folder, "work", NULL);

    remove_tree (cache);
    remove_tree (work);
}
