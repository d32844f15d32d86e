// SPDX-License-Identifier: GPL-3.0-or-later
#include "backup-desk.h"

#include <string.h>

#define RETURN_SECONDS 20

char *
backup_desk_describe (guint files, const char *sizes, gboolean encrypts)
{
    return g_strdup_printf ("[phone]\ntrust=trusted\nversion=15.8\nbuild=19H370\n"
                            "[values]\ncom.apple.mobile.backup/WillEncrypt=%s\n"
                            "[backup]\npassword=" DESK_PASSWORD "\n"
                            "[files]\ncount=%u\nseed=%d\nsizes=%s\n",
                            encrypts ? "true" : "false", files, DESK_SEED, sizes);
}

BackupDesk *
backup_desk_new (const char *scenario)
{
    BackupDesk *self = g_new0 (BackupDesk, 1);

    self->phone = pr_test_phone_start_text (scenario);
    pr_test_phone_use (self->phone);
    self->folder = pr_test_make_folder ();
    self->backup = g_build_filename (self->folder, DESK_UDID, NULL);
    return self;
}

void
backup_desk_free (BackupDesk *self)
{
    pr_test_phone_stop (self->phone);
    pr_test_remove_folder (self->folder);
    g_free (self->folder);
    g_free (self->backup);
    g_free (self);
}

char *
backup_desk_get_digest (BackupDesk *self)
{
    return pr_test_phone_state (self->phone, "files-digest");
}

void
backup_desk_check (BackupDesk *self, const char *password, guint files)
{
    backup_check (self->backup, password, DESK_SEED, password != NULL, files);
}

void
backup_desk_mend (BackupDesk *self, const char *fault)
{
    g_autofree char *name = g_strndup (fault, strcspn (fault, " "));

    pr_test_phone_tell (self->phone, "mend %s", name);
    pr_test_phone_tell (self->phone, "plug");
    if (!pr_test_phone_wait_state (self->phone, "mode", "normal", RETURN_SECONDS))
        g_error ("the phone did not come back after %s", fault);
}

int
backup_desk_run_tests (void)
{
    g_autofree char *cache = pr_test_make_folder ();
    int status;

    g_setenv ("XDG_CACHE_HOME", cache, TRUE);
    status = g_test_run ();
    pr_test_remove_folder (cache);
    return status;
}
