/* The program: its parts, its actions, its one window.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-servers.h"

#include <adwaita.h>

#define PR_TYPE_APPLICATION (pr_application_get_type ())
G_DECLARE_FINAL_TYPE (PrApplication, pr_application, PR, APPLICATION, AdwApplication)

/* Where the program looks for phones, and with what it works on them. Copied. */
typedef struct {
    const char *const *helper;             /* command line of phone-reset-usb */
    const char *const *helper_environment; /* (nullable) to add for it */
    const char *const *tool_environment;   /* (nullable) to add for idevicerestore */
    const PrServers *servers;              /* (nullable): Apple's, and the person's settings */
    const char *firmware_folder;           /* (nullable): the person's setting */
    const char *backup_folder;             /* (nullable): the person's setting, which is then also written */
    guint64 first_ecid;                    /* no phone below or above is listed */
    guint64 last_ecid;
    const char *banner;             /* (nullable): said on every page */
    const char *const *try_command; /* (nullable): starts a trial with a virtual phone */
    gboolean one_instance;          /* a second start shows the first window */
} PrApplicationOptions;

PrApplication *pr_application_new (const PrApplicationOptions *options);
