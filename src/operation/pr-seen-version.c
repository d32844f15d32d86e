// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-seen-version.h"

#include <string.h>

#define GROUP "systems"
#define MAX_LENGTH 32

G_LOCK_DEFINE_STATIC (file); /* from reading to writing */

static char *
get_path (void)
{
    return g_build_filename (g_get_user_state_dir (), "phone-reset", "seen.ini", NULL);
}

static char *
get_key (guint64 ecid)
{
    return g_strdup_printf ("%016" G_GINT64_MODIFIER "X", ecid);
}

static GKeyFile *
load (void)
{
    GKeyFile *seen = g_key_file_new ();
    g_autofree char *path = get_path ();

    g_key_file_load_from_file (seen, path, G_KEY_FILE_NONE, NULL);
    return seen;
}

/* Numbers between points: what is in the file may be anything. */
static gboolean
is_version (const char *text)
{
    gsize length = strspn (text, "0123456789.");

    return length > 0 && length <= MAX_LENGTH && text[length] == '\0' && g_ascii_isdigit (*text);
}

static void
write_anew (GKeyFile *seen)
{
    g_autofree char *path = get_path ();
    g_autofree char *folder = g_path_get_dirname (path);
    g_autoptr (GError) error = NULL;

    if (g_mkdir_with_parents (folder, 0700) == 0 && !g_key_file_save_to_file (seen, path, &error))
        g_debug ("%s", error->message);
}

void
pr_seen_version_note (guint64 ecid, const char *version)
{
    g_autoptr (GKeyFile) seen = NULL;
    g_autofree char *key = get_key (ecid);
    g_autofree char *before = NULL;

    if (ecid == 0 || !is_version (version))
        return;
    G_LOCK (file);
    seen = load ();
    before = g_key_file_get_string (seen, GROUP, key, NULL);
    if (g_strcmp0 (before, version) != 0) {
        g_key_file_set_string (seen, GROUP, key, version);
        write_anew (seen);
    }
    G_UNLOCK (file);
}

char *
pr_seen_version_find (guint64 ecid)
{
    g_autoptr (GKeyFile) seen = load ();
    g_autofree char *key = get_key (ecid);
    g_autofree char *version = g_key_file_get_string (seen, GROUP, key, NULL);

    return ecid != 0 && version && is_version (version) ? g_steal_pointer (&version) : NULL;
}
