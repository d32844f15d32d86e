// SPDX-License-Identifier: GPL-3.0-or-later
#include "tree-print.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

static int
compare_names (gconstpointer a, gconstpointer b)
{
    return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* (element-type utf8): sorted */
static GPtrArray *
list_names (const char *folder)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
    GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
    const char *name;

    g_assert_no_error (error);
    while ((name = g_dir_read_name (dir)) != NULL)
        g_ptr_array_add (names, g_strdup (name));
    g_ptr_array_sort (names, compare_names);
    return names;
}

static void
add_content (XXH3_state_t *state, const char *path)
{
    g_autofd int fd = open (path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    guint8 data[65536];
    gssize n;

    g_assert_cmpint (fd, >=, 0);
    while ((n = read (fd, data, sizeof data)) > 0)
        XXH3_128bits_update (state, data, (gsize) n);
    g_assert_cmpint (n, ==, 0);
}

static void
add_link (XXH3_state_t *state, const char *path)
{
    g_autofree char *target = g_file_read_link (path, NULL);

    XXH3_128bits_update (state, target, strlen (target));
}

/* Some file systems list every name in lower case. */
static gboolean
is_skipped (const char *name, const char *const *skip)
{
    for (gsize i = 0; skip != NULL && skip[i] != NULL; i++)
        if (g_ascii_strcasecmp (name, skip[i]) == 0)
            return TRUE;
    return FALSE;
}

static void
add_folder (XXH3_state_t *state, const char *folder, const char *const *skip)
{
    g_autoptr (GPtrArray) names = list_names (folder);

    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];
        g_autofree char *path = g_build_filename (folder, name, NULL);
        struct stat status;

        if (is_skipped (name, skip))
            continue;
        g_assert_no_errno (lstat (path, &status));
        XXH3_128bits_update (state, name, strlen (name) + 1);
        XXH3_128bits_update (state, &status.st_mode, sizeof status.st_mode);
        if (S_ISDIR (status.st_mode))
            add_folder (state, path, NULL);
        else if (S_ISLNK (status.st_mode))
            add_link (state, path);
        else if (S_ISREG (status.st_mode))
            add_content (state, path);
        XXH3_128bits_update (state, "/", 1);
    }
}

void
tree_print (const char *folder, const char *const *skip, TreePrint *print)
{
    XXH3_state_t *state = XXH3_createState ();
    XXH128_hash_t hash;

    XXH3_128bits_reset (state);
    add_folder (state, folder, skip);
    hash = XXH3_128bits_digest (state);
    XXH3_freeState (state);
    *print = (TreePrint) { hash.low64, hash.high64 };
}

gboolean
tree_print_equal (const TreePrint *a, const TreePrint *b)
{
    return a->low == b->low && a->high == b->high;
}
