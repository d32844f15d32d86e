/* Asks for the password of backups: the one that opens a backup, or a new one, which is typed twice.
 *
 * Signal: "entered" (old: nullable, new: nullable): what was typed; the dialog stays, and whoever listens says how it
 * went with pr_password_dialog_accept() or pr_password_dialog_refuse(). Passwords are nowhere kept but, where the
 * person wants it, in the keyring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

typedef enum {
    PR_PASSWORD_OPEN,   /* asks for one: it opens a backup */
    PR_PASSWORD_NEW,    /* asks for a new one, twice */
    PR_PASSWORD_CHANGE, /* asks for the old one, and for a new one twice */
    PR_PASSWORD_OFF,    /* asks for the old one: encryption is turned off */
} PrPasswordPurpose;

#define PR_TYPE_PASSWORD_DIALOG (pr_password_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PrPasswordDialog, pr_password_dialog, PR, PASSWORD_DIALOG, AdwDialog)

/**
 * pr_password_dialog_new:
 * @udid: (nullable): the phone; of which the keyring may know a password
 */
PrPasswordDialog *pr_password_dialog_new (PrPasswordPurpose purpose, const char *udid);
/* It was right: it is remembered where that is wanted, and the dialog closes. */
void pr_password_dialog_accept (PrPasswordDialog *self);
/* @why: translated; shown until something else is typed */
void pr_password_dialog_refuse (PrPasswordDialog *self, const char *why);
