/* com.apple.mobilebackup2: the phone's side of backing up and putting back. The order of its requests is what open
 * tools expect and issue threads show; no phone was watched.
 *
 * For the thread of one connection.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-keybag.h"
#include "pr-virtual-link.h"
#include "pr-virtual-manifest.h"

typedef struct {
    PrVirtualPhone *phone;
    PrVirtualFiles *files;
    PrVirtualLink *link;
    const char *target; /* the computer's folder of this phone */
    const char *source; /* and of the phone whose backup is put back */
    char *folder;       /* of the phone, for the time of this conversation */
} PrVirtualBackup;

/* What was asked for; FALSE as the functions of PrVirtualLink. */
gboolean pr_virtual_backup_run (PrVirtualBackup *self, plist_t request);
gboolean pr_virtual_backup_restore (PrVirtualBackup *self, plist_t request);
gboolean pr_virtual_backup_change_password (PrVirtualBackup *self, plist_t request);
/* @content: (out) (transfer full): what `idevicebackup2 info` and `list` print. */
gboolean pr_virtual_backup_info (PrVirtualBackup *self, char **content);
gboolean pr_virtual_backup_list (PrVirtualBackup *self, char **content);

/* Where @name is: in the computer's folder, and in the phone's. (transfer full) */
char *pr_virtual_backup_host_path (PrVirtualBackup *self, const char *name);
char *pr_virtual_backup_own_path (PrVirtualBackup *self, const char *name);

/* (transfer full) (nullable): the plist @name of the backup @of; NULL if there is none, or it is over. */
plist_t pr_virtual_backup_fetch_plist (PrVirtualBackup *self, const char *of, const char *name);
/* Downloads and, with @bag, decrypts the manifest of the backup @of. @manifest: (out) (nullable): NULL if there is no
 * good one. Returns: FALSE when it is over. */
gboolean pr_virtual_backup_fetch_manifest (PrVirtualBackup *self,
                                           const char *of,
                                           PrVirtualKeybag *bag,
                                           plist_t description,
                                           PrVirtualManifest **manifest);

/* What a manifest says of @file, whose path is @path; and back. */
void pr_virtual_backup_describe (PrVirtualBackup *self,
                                 const PrVirtualFile *file,
                                 const PrVirtualFilePath *path,
                                 PrVirtualRow *row);
gboolean pr_virtual_backup_recognise (PrVirtualBackup *self, const PrVirtualRow *row, PrVirtualFile *file);

/* Asks for the passcode, if there is one. Returns: FALSE when nobody enters it. */
gboolean pr_virtual_backup_ask_passcode (PrVirtualBackup *self);

/* (transfer full) (nullable): the phone's own keybag; NULL when its backups are not encrypted. */
PrVirtualKeybag *pr_virtual_backup_keybag (PrVirtualPhone *phone);
