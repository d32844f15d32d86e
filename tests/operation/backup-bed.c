// SPDX-License-Identifier: GPL-3.0-or-later
#include "backup-bed.h"

#include "pr-back-up.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>

Bed *
bed_new (const char *scenario)
{
    Bed *self = g_new0 (Bed, 1);

    self->desk =
        desk_new (strchr (scenario, '[') ? pr_test_phone_start_text (scenario) : pr_test_phone_start (scenario));
    self->phone = desk_expect (self->desk, DESK_ECID, PR_PHONE_MODE_NORMAL);
    desk_await (self->phone, "trust", PR_TRUST_TRUSTED, 10);
    self->folder = pr_test_make_folder ();
    self->path = g_build_filename (self->folder, DESK_UDID, NULL);
    self->library = pr_backup_library_new (self->folder);
    return self;
}

void
bed_free (Bed *self)
{
    desk_run_for (0.3); /* in which the library is read to its end */
    g_object_unref (self->library);
    desk_free (self->desk);
    pr_test_remove_folder (self->folder);
    g_free (self->folder);
    g_free (self->path);
    g_free (self);
}

void
bed_back_up (Bed *self, const char *password, int expected, PrBackupReport *report)
{
    g_autoptr (PrOperation) operation = pr_back_up_new (self->phone, self->library, password, 0, FALSE);

    job_run (g_object_ref (operation), expected, 60);
    if (report)
        *report = *pr_back_up_get_report (PR_BACK_UP (operation));
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_assert_true (pr_backup_library_refresh_finish (PR_BACKUP_LIBRARY (source), result, NULL));
    *(gboolean *) data = TRUE;
}

static gboolean
is_set (gpointer data)
{
    return *(gboolean *) data;
}

PrBackup *
bed_find (Bed *self)
{
    gboolean listed = FALSE;

    pr_backup_library_refresh (self->library, NULL, listed_cb, &listed);
    g_assert_true (pr_test_run_until (is_set, &listed, 10));
    return pr_backup_library_find_path (self->library, self->path);
}

void
bed_verify (Bed *self, const char *password, guint files)
{
    g_autofd int root = open (self->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    g_autoptr (GError) error = NULL;
    PrBackupReport report;

    g_assert_cmpint (root, >=, 0);
    pr_backup_verify_deep (root, password, &report, NULL, NULL, NULL, &error);
    g_assert_no_error (error);
    g_assert_true (report.proven);
    g_assert_cmpuint (report.files, ==, files);
}

char *
bed_digest (Bed *self)
{
    return pr_test_phone_state (self->desk->virtual, "files-digest");
}

void
bed_plug (Bed *self)
{
    pr_test_phone_tell (self->desk->virtual, "plug");
    desk_await (self->phone, "mode", PR_PHONE_MODE_NORMAL, 20);
    desk_await (self->phone, "trust", PR_TRUST_TRUSTED, 20);
}

static void
assert_not_in (const char *where, const char *text, gsize length, const char *const *secrets)
{
    for (; *secrets; secrets++)
        if (memmem (text, length, *secrets, strlen (*secrets)))
            g_error ("a password stands in %s", where);
}

void
bed_assert_nowhere (const char *path, const char *text, const char *const *secrets)
{
    g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
    g_autofree char *content = NULL;
    gsize length = 0;
    const char *name;

    assert_not_in ("a text", text, strlen (text), secrets);
    while (dir && (name = g_dir_read_name (dir))) {
        g_autofree char *below = g_build_filename (path, name, NULL);

        bed_assert_nowhere (below, "", secrets);
    }
    if (!dir && g_file_get_contents (path, &content, &length, NULL))
        assert_not_in (path, content, length, secrets);
}
