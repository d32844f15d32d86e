/* A BackupDesk at which our own engine works.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "backup-desk.h"
#include "pr-mobile-backup.h"

#define DESK_FILES 300 /* of engine_desk_new_plain() */

typedef struct {
    BackupDesk *at;
    PrBackupStore *store;
    PrBackupReport report; /* of the last try */
    GError *error;         /* (nullable): of the last try */
} EngineDesk;

EngineDesk *engine_desk_new (const char *scenario);
/* With files of all sizes, not encrypted. */
EngineDesk *engine_desk_new_plain (void);
void engine_desk_free (EngineDesk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineDesk, engine_desk_free)

/* From now on it works in that mode, or with that store. */
void engine_desk_use_mode (EngineDesk *self, PrBackupMode mode);
void engine_desk_use_store (EngineDesk *self, PrBackupStore *store); /* (transfer full) */

/* Backs up. @limit: seconds of silence. Returns: whether it succeeded; report and error tell more */
gboolean engine_desk_try (EngineDesk *self, gboolean full, const char *password, guint limit);
/* The same; it must succeed, and be proven by the password. */
void engine_desk_back_up (EngineDesk *self, gboolean full, const char *password);
/* The backup must have that many files, and be whole in the eyes of the test and of the engine's deep verification. */
void engine_desk_verify (EngineDesk *self, const char *password, guint files);
