// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-state.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pr-backup-manifest.h"
#include "pr-backup-path.h"
#include "pr-plist.h"

#define GROUP "backup"
#define MAX_TEXT 4096
#define END "# end\n" /* a file without it is torn */

static char *
read_text (int root)
{
    g_autofd int fd = pr_backup_path_open (root, PR_BACKUP_STATE_FILE, O_RDONLY, 0);
    g_autofree char *text = g_malloc0 (MAX_TEXT + 1);
    gssize n = fd >= 0 ? TEMP_FAILURE_RETRY (read (fd, text, MAX_TEXT)) : -1;

    return n >= 0 ? g_steal_pointer (&text) : NULL;
}

void
pr_backup_state_read (int root, PrBackupState *state)
{
    g_autofree char *text = read_text (root);
    g_autoptr (GKeyFile) file = g_key_file_new ();
    g_autofree char *run = NULL;
    struct stat status;

    *state = (PrBackupState) { 0 };
    state->ours = fstatat (root, PR_BACKUP_OURS, &status, AT_SYMLINK_NOFOLLOW) == 0;
    if (text == NULL || !g_str_has_suffix (text, END) ||
        !g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, NULL))
        return;
    state->complete = g_key_file_get_boolean (file, GROUP, "complete", NULL);
    state->generation = g_key_file_get_uint64 (file, GROUP, "generation", NULL);
    state->files = g_key_file_get_uint64 (file, GROUP, "files", NULL);
    state->bytes = g_key_file_get_uint64 (file, GROUP, "bytes", NULL);
    state->time = g_key_file_get_int64 (file, GROUP, "time", NULL);
    run = g_key_file_get_string (file, GROUP, "run", NULL);
    g_strlcpy (state->run, run != NULL ? run : "", sizeof state->run);
}

void
pr_backup_state_read_run (int root, char run[64])
{
    g_auto (plist_t) status = pr_backup_read_plist (root, "Status.plist");
    g_autofree char *name = pr_plist_dup_word (status, "UUID");

    g_strlcpy (run, name != NULL ? name : "", 64);
}

gboolean
pr_backup_state_is_current (int root, const PrBackupState *state)
{
    char run[64];

    pr_backup_state_read_run (root, run);
    return state->complete && strcmp (run, state->run) == 0;
}

GBytes *
pr_backup_state_write (const PrBackupState *state)
{
    g_autoptr (GKeyFile) file = g_key_file_new ();
    g_autofree char *text = NULL;
    char *whole;

    g_key_file_set_boolean (file, GROUP, "complete", state->complete);
    g_key_file_set_uint64 (file, GROUP, "generation", state->generation);
    g_key_file_set_uint64 (file, GROUP, "files", state->files);
    g_key_file_set_uint64 (file, GROUP, "bytes", state->bytes);
    g_key_file_set_int64 (file, GROUP, "time", state->time);
    g_key_file_set_string (file, GROUP, "run", state->run);
    text = g_key_file_to_data (file, NULL, NULL);
    whole = g_strconcat (text, END, NULL);
    return g_bytes_new_take (whole, strlen (whole));
}
