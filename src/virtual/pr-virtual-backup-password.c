// SPDX-License-Identifier: GPL-3.0-or-later
// The backup password: whether backups are encrypted, and by which keybag.
#include "pr-virtual-backup.h"

#include "pr-virtual-notes.h"

#define WILL_ENCRYPT "com.apple.mobile.backup/WillEncrypt"
#define REQUIRES_ENCRYPTION "com.apple.mobile.backup/RequiresEncryption"
#define DEFAULT_PASSWORD "virtual" /* of a phone that encrypts and was not told how */
#define FEW_ROUNDS 1000
#define LOOK_SECONDS 0.05

/* The phone keeps its keybag for as long as it keeps its password. */
static struct {
    GMutex mutex;
    char *made_of;
    PrVirtualKeybag *bag;
} kept;

static char *
get_password (PrVirtualPhone *phone)
{
    if (!pr_virtual_phone_setting_flag (phone, "values", WILL_ENCRYPT, FALSE))
        return NULL;
    return pr_virtual_phone_setting (phone, "backup", "password", DEFAULT_PASSWORD);
}

static PrVirtualKeybag *
make_bag (PrVirtualPhone *phone, const char *password)
{
    double first = pr_virtual_phone_setting_number (phone, "backup", "dpic", FEW_ROUNDS);
    double second = pr_virtual_phone_setting_number (phone, "backup", "iter", FEW_ROUNDS);
    return pr_virtual_keybag_new (password, (guint) first, (guint) second);
}

PrVirtualKeybag *
pr_virtual_backup_keybag (PrVirtualPhone *phone)
{
    g_autofree char *password = get_password (phone);
    if (password == NULL)
        return NULL;
    g_mutex_lock (&kept.mutex);
    if (g_strcmp0 (kept.made_of, password) != 0) {
        g_set_str (&kept.made_of, password);
        g_clear_pointer (&kept.bag, pr_virtual_keybag_unref);
        kept.bag = make_bag (phone, password);
    }
    PrVirtualKeybag *bag = pr_virtual_keybag_ref (kept.bag);
    g_mutex_unlock (&kept.mutex);
    return bag;
}

static void
set_password (PrVirtualPhone *phone, const char *password)
{
    pr_virtual_phone_set_setting (phone, "backup", "password", password);
    pr_virtual_phone_set_setting (phone, "values", WILL_ENCRYPT, password != NULL ? "true" : "false");
    pr_virtual_phone_saw (phone, "backup-password", "state", password != NULL ? "set" : "none", NULL);
    pr_virtual_notes_post (phone, PR_VIRTUAL_NOTE_CHANGED);
}

static const char *
get_nonempty (plist_t request, const char *key)
{
    const char *text = pr_virtual_dict_text (request, key);
    return text != NULL && *text != '\0' ? text : NULL;
}

gboolean
pr_virtual_backup_change_password (PrVirtualBackup *self, plist_t request)
{
    g_autofree char *password = get_password (self->phone);
    const char *old = get_nonempty (request, "OldPassword");
    const char *new = get_nonempty (request, "NewPassword");
    if (!pr_virtual_link_phase (self->link, "password") || !pr_virtual_backup_ask_passcode (self))
        return FALSE;
    if (g_strcmp0 (old, password) != 0)
        return pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_PASSWORD, "Invalid password");
    if (new == NULL && pr_virtual_phone_setting_flag (self->phone, "values", REQUIRES_ENCRYPTION, FALSE))
        return pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_GENERAL, "A profile requires encryption");
    set_password (self->phone, new);
    return TRUE;
}

/* --- The passcode, which iOS asks for before it hands anything out --- */

static gboolean
waits (PrVirtualPhone *phone)
{
    g_autofree char *passcode = pr_virtual_phone_setting (phone, "phone", "passcode", "none");
    return g_str_equal (passcode, "wait");
}

static gboolean
wait_for_owner (PrVirtualBackup *self)
{
    double delay = pr_virtual_phone_setting_number (self->phone, "phone", "accept-after", 0);
    gint64 until = g_get_monotonic_time () + (gint64) (delay * G_USEC_PER_SEC);
    while (g_get_monotonic_time () < until || waits (self->phone)) {
        if (pr_virtual_phone_ending (self->phone) || pr_virtual_wire_hung_up (self->link->stream->fd))
            return pr_virtual_link_end (self->link);
        g_usleep ((gulong) (LOOK_SECONDS * G_USEC_PER_SEC));
    }
    return TRUE;
}

gboolean
pr_virtual_backup_ask_passcode (PrVirtualBackup *self)
{
    g_autofree char *passcode = pr_virtual_phone_setting (self->phone, "phone", "passcode", "none");
    if (g_str_equal (passcode, "none"))
        return TRUE;
    pr_virtual_phone_saw (self->phone, "passcode-asked", NULL);
    pr_virtual_notes_post (self->phone, PR_VIRTUAL_NOTE_ASKS);
    gboolean stayed = wait_for_owner (self);
    pr_virtual_notes_post (self->phone, PR_VIRTUAL_NOTE_ASKED);
    if (!stayed)
        return FALSE;
    g_free (passcode);
    passcode = pr_virtual_phone_setting (self->phone, "phone", "passcode", "none");
    gboolean entered = g_str_equal (passcode, "enter") || g_str_equal (passcode, "none");
    pr_virtual_phone_saw (self->phone, entered ? "passcode-entered" : "passcode-ignored", NULL);
    return entered || pr_virtual_link_fail (self->link, PR_VIRTUAL_ERROR_LOCKED, "Device locked");
}
