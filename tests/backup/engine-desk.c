// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine-desk.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define PATIENCE 60 /* seconds that a run may be silent which must succeed, on a busy computer too */

EngineDesk *
engine_desk_new (const char *scenario)
{
    EngineDesk *self = g_new0 (EngineDesk, 1);

    self->at = backup_desk_new (scenario);
    self->store = pr_backup_store_new (self->at->folder);
    return self;
}

EngineDesk *
engine_desk_new_plain (void)
{
    g_autofree char *scenario = backup_desk_describe (DESK_FILES, "1,0,100,4096,40000,33K,3000000", FALSE);

    return engine_desk_new (scenario);
}

void
engine_desk_free (EngineDesk *self)
{
    g_clear_error (&self->error);
    g_object_unref (self->store);
    backup_desk_free (self->at);
    g_free (self);
}

void
engine_desk_use_store (EngineDesk *self, PrBackupStore *store)
{
    g_object_unref (self->store);
    self->store = store;
}

void
engine_desk_use_mode (EngineDesk *self, PrBackupMode mode)
{
    engine_desk_use_store (self, g_object_new (PR_TYPE_BACKUP_STORE, "folder", self->at->folder, "mode", mode, NULL));
}

gboolean
engine_desk_try (EngineDesk *self, gboolean full, const char *password, guint limit)
{
    PrMobileBackupOptions options = { .silence = limit, .preparing = limit };

    g_clear_error (&self->error);
    return pr_mobile_backup_back_up (DESK_UDID, self->store, full, password, &options, &self->report, NULL,
                                     &self->error);
}

void
engine_desk_back_up (EngineDesk *self, gboolean full, const char *password)
{
    engine_desk_try (self, full, password, PATIENCE);
    g_assert_no_error (self->error);
    g_assert_true (self->report.proven);
}

void
engine_desk_verify (EngineDesk *self, const char *password, guint files)
{
    g_autofd int root = open (self->at->backup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    g_autoptr (GError) error = NULL;
    PrBackupReport report;

    backup_desk_check (self->at, password, files);
    pr_backup_verify_deep (root, password, &report, NULL, NULL, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (report.files, ==, files);
    g_assert_cmpuint (report.recorded, >=, files);
}
