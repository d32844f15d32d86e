/* Installs a system version, keeping data (update) or erasing everything (restore), through idevicerestore.
 *
 * Also follows a run that an earlier start of the app left behind.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-confirmation.h"
#include "pr-operation.h"
#include "pr-phone-list.h"
#include "pr-servers.h"

#define PR_TYPE_REINSTALL (pr_reinstall_get_type ())
G_DECLARE_FINAL_TYPE (PrReinstall, pr_reinstall, PR, REINSTALL, PrOperation)

typedef struct {
    const char *file;   /* path of the IPSW */
    const char *folder; /* (nullable): of system files; the file is locked in it while it is used */
    gboolean keep_data;
    PrServers *servers;             /* (nullable): Apple's where NULL */
    const char *const *environment; /* (nullable): added for the tool */
} PrReinstallOptions;

/**
 * pr_reinstall_new:
 * @confirmation: for action "update" or "restore", this phone and this file
 */
PrOperation *pr_reinstall_new (PrPhone *phone,
                               PrUsbWatch *usb,
                               const PrReinstallOptions *options,
                               PrConfirmation *confirmation);

/**
 * pr_reinstall_list_left_runs:
 *
 * Returns: (transfer container) (element-type PrOperation): operations, not yet started, that follow the runs which
 * earlier starts of the app left, alive or ended; newest first. Each starts at once and ends at once where its run has.
 */
GPtrArray *pr_reinstall_list_left_runs (PrPhoneList *phones);

gboolean pr_reinstall_get_keep_data (PrReinstall *self);
/* What the phone was called when the run began; NULL before. */
/**
 * pr_reinstall_can_retry:
 *
 * Did it end in a way that plugging the phone in again is known to mend (the transfer broke off, and the link was not
 * seen to be bad), minutes ago, and was it no retry itself? Source: idevicerestore, issues 390 and 759.
 */
gboolean pr_reinstall_can_retry (PrReinstall *self);
/* (transfer full): just the same once more, for a phone that is back in recovery mode: never again after that. */
PrOperation *pr_reinstall_retry (PrReinstall *failed);

/* The number with which the phone ended it, 0: none; once it is over. */
int pr_reinstall_get_status (PrReinstall *self);
const char *pr_reinstall_get_title (PrReinstall *self);
