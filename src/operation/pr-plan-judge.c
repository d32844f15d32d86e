// SPDX-License-Identifier: GPL-3.0-or-later
/* How each check stands. Never optimistic: what is not known is not good. */
#include "pr-ipsw.h"
#include "pr-plan-private.h"

#include <string.h>

#define RECENT (5 * G_USEC_PER_SEC * 60) /* guard rail 4 */

gboolean
pr_plan_is_present (PrPlan *self)
{
    return self->phone && pr_phone_get_mode (self->phone) != PR_PHONE_MODE_GONE;
}

gboolean
pr_plan_judges_without_phone (PrCheckKind kind)
{
    return kind == PR_CHECK_FILE || kind == PR_CHECK_TOOL || kind == PR_CHECK_PLACE || kind == PR_CHECK_INTACT;
}

static PrCheckState
block (GError **error, const GError *reason)
{
    g_propagate_error (error, g_error_copy (reason));
    return PR_CHECK_BLOCKING;
}

static PrCheckState
block_for (GError **error, PrError code, const char *why)
{
    g_set_error_literal (error, PR_ERROR, code, why);
    return PR_CHECK_BLOCKING;
}

/* --- What installs a system --- */

static PrCheckState
judge_tool (PrPlan *self, GError **error)
{
    PrUsbWatch *usb = pr_phone_list_get_usb (self->phones);

    if (!self->file)
        return PR_CHECK_PENDING;
    if (pr_system_file_get_tool_error (self->file))
        return block (error, pr_system_file_get_tool_error (self->file));
    if (!usb || pr_usb_watch_get_state (usb) == PR_USB_WATCH_GONE ||
        pr_usb_watch_get_state (usb) == PR_USB_WATCH_REFUSED)
        return block_for (error, PR_ERROR_HELPER_GONE, "phone-reset-usb does not run");
    if (pr_phone_list_get_daemon (self->phones) == PR_ANSWER_NO)
        return block_for (error, PR_ERROR_NO_DAEMON, "usbmuxd does not answer");
    if (pr_usb_watch_get_state (usb) != PR_USB_WATCH_RUNNING ||
        pr_phone_list_get_daemon (self->phones) == PR_ANSWER_UNKNOWN)
        return PR_CHECK_PENDING;
    return PR_CHECK_GOOD;
}

static PrCheckState
judge_file (PrPlan *self, GError **error)
{
    if (!self->file)
        return PR_CHECK_PENDING;
    if (!pr_system_file_get_error (self->file))
        return PR_CHECK_GOOD;
    return block (error, pr_system_file_get_error (self->file));
}

/* --- Where backups are kept --- */

static PrCheckState
judge_place (PrPlan *self, GError **error)
{
    if (!self->place)
        return PR_CHECK_PENDING;
    if (self->place->error)
        return block (error, self->place->error);
    return self->place->kind == PR_BACKUP_PLACE_GOOD ? PR_CHECK_GOOD : PR_CHECK_WARNING;
}

static guint64
get_used (PrPhone *phone)
{
    guint64 total = pr_phone_get_storage_total (phone), available = pr_phone_get_storage_free (phone);

    return total > available ? total - available : 0;
}

static PrCheckState
judge_room_here (PrPlan *self, GError **error)
{
    guint64 needed;

    if (!self->place)
        return PR_CHECK_PENDING;
    if (self->place->error)
        return PR_CHECK_NOT_KNOWN;
    switch (pr_backup_place_estimate (self->place, get_used (self->phone), &needed)) {
    case PR_BACKUP_ROOM_FITS:
        return PR_CHECK_GOOD;
    case PR_BACKUP_ROOM_TIGHT:
    case PR_BACKUP_ROOM_JOURNAL:
        return PR_CHECK_WARNING;
    case PR_BACKUP_ROOM_NONE:
        return block_for (error, PR_ERROR_BACKUP_DISK_FULL, "there is too little room for another backup");
    case PR_BACKUP_ROOM_UNKNOWN:
    default:
        return PR_CHECK_NOT_KNOWN;
    }
}

/* What the phone has is replaced where it becomes as it was; else the backup's content comes on top of it. */
static guint64
get_phone_room (PrPlan *self)
{
    return self->same_phone ? pr_phone_get_storage_total (self->phone) : pr_phone_get_storage_free (self->phone);
}

static guint64
get_backup_size (PrPlan *self)
{
    if (self->proof && !self->proof->error)
        return self->proof->report.bytes;
    return self->backup && pr_backup_get_size (self->backup) > 0 ? (guint64) pr_backup_get_size (self->backup) : 0;
}

static PrCheckState
judge_room_there (PrPlan *self, GError **error)
{
    guint64 size = get_backup_size (self), total = pr_phone_get_storage_total (self->phone);

    if (!self->backup || (size == 0 && self->proving))
        return PR_CHECK_PENDING;
    if (size == 0 || total == 0)
        return PR_CHECK_NOT_KNOWN;
    if (size > total)
        return block_for (error, PR_ERROR_PHONE_FULL, "the backup is larger than the phone");
    return size <= get_phone_room (self) ? PR_CHECK_GOOD : PR_CHECK_WARNING;
}

guint64
pr_plan_get_room_needed (PrPlan *self)
{
    guint64 needed = 0;

    if (self->goal == PR_GOAL_PUT_BACK)
        return get_backup_size (self);
    if (self->place && !self->place->error && self->phone)
        pr_backup_place_estimate (self->place, get_used (self->phone), &needed);
    return needed;
}

guint64
pr_plan_get_room_free (PrPlan *self)
{
    if (self->goal == PR_GOAL_PUT_BACK)
        return self->phone ? get_phone_room (self) : 0;
    return self->place && !self->place->error ? self->place->free : 0;
}

gboolean
pr_plan_needs_journal (PrPlan *self)
{
    guint64 needed;

    return self->place && !self->place->error && self->phone &&
           pr_backup_place_estimate (self->place, get_used (self->phone), &needed) == PR_BACKUP_ROOM_JOURNAL;
}

gboolean
pr_plan_place_is_slow (PrPlan *self)
{
    return self->place && self->place->kind == PR_BACKUP_PLACE_SLOW;
}

/* --- The backup --- */

/* "iPhone14,7": letters, then numbers. */
static gboolean
is_same_kind (const char *one, const char *other)
{
    gsize length = strcspn (one, "0123456789");

    return length == strcspn (other, "0123456789") && strncmp (one, other, length) == 0;
}

static PrCheckState
judge_fits (PrPlan *self, GError **error)
{
    const char *version, *kind;

    if (!self->backup)
        return PR_CHECK_PENDING;
    version = pr_backup_get_version (self->backup);
    kind = pr_backup_get_product_type (self->backup);
    if (!version || !pr_phone_get_version (self->phone))
        return PR_CHECK_NOT_KNOWN;
    if (pr_ipsw_compare_versions (version, pr_phone_get_version (self->phone)) > 0)
        return block_for (error, PR_ERROR_BACKUP_MISFIT, "the backup is of a newer system");
    if (!kind || !pr_phone_get_product_type (self->phone))
        return PR_CHECK_NOT_KNOWN;
    return is_same_kind (kind, pr_phone_get_product_type (self->phone)) ? PR_CHECK_GOOD : PR_CHECK_WARNING;
}

static PrCheckState
judge_intact (PrPlan *self, GError **error)
{
    if (!self->proof)
        return self->backup && !self->proving ? PR_CHECK_NOT_KNOWN : PR_CHECK_PENDING;
    return self->proof->error ? block (error, self->proof->error) : PR_CHECK_GOOD;
}

static gboolean
is_proven (PrPlan *self)
{
    return self->proof && !self->proof->error && self->proof->report.proven;
}

/* Tells also why a password that was tried is not it. */
static PrCheckState
judge_unproven (PrPlan *self, PrCheckState state, GError **error)
{
    if (self->proving && self->password)
        return PR_CHECK_PENDING;
    if (self->wrong)
        g_propagate_error (error, g_error_copy (self->wrong));
    return state;
}

static PrCheckState
judge_password (PrPlan *self, GError **error)
{
    gboolean puts_back = self->goal == PR_GOAL_PUT_BACK;

    if (puts_back && !self->backup)
        return PR_CHECK_PENDING;
    if (puts_back && !pr_backup_get_encrypted (self->backup))
        return PR_CHECK_GOOD;
    if (!puts_back && pr_phone_get_encrypts (self->phone) == PR_ANSWER_NO)
        return PR_CHECK_GOOD;
    if (is_proven (self) && self->password)
        return PR_CHECK_GOOD;
    if (!puts_back && !self->listed)
        return PR_CHECK_PENDING; /* there may be a backup that a password can be proven with */
    return judge_unproven (self, puts_back ? PR_CHECK_BLOCKING : PR_CHECK_NOT_KNOWN, error);
}

/* One of this computer that is fresh: only what was verified counts, and only a password that was proven opens it. */
static PrCheckState
judge_fresh_backup (PrPlan *self, GError **error)
{
    if (!self->proof)
        return self->proving ? PR_CHECK_PENDING : judge_unproven (self, PR_CHECK_NOT_KNOWN, error);
    if (self->proof->error) {
        g_propagate_error (error, g_error_copy (self->proof->error));
        return pr_backup_get_health (self->backup) == PR_BACKUP_HEALTH_DAMAGED ? PR_CHECK_WARNING : PR_CHECK_NOT_KNOWN;
    }
    if (is_proven (self) || pr_backup_get_health (self->backup) == PR_BACKUP_HEALTH_GOOD)
        return PR_CHECK_GOOD;
    return judge_unproven (self, PR_CHECK_NOT_KNOWN, error);
}

/* The best of what is known: in iCloud, here, and what the phone says of other computers. */
static PrCheckState
judge_backup (PrPlan *self, GError **error)
{
    PrCheckState told = pr_check_judge_phone (PR_CHECK_BACKUP, self->phone, FALSE, NULL);

    if (told == PR_CHECK_GOOD)
        return told;
    if (!self->listed)
        return PR_CHECK_PENDING;
    if (self->backup && pr_check_is_fresh (pr_backup_get_date (self->backup)))
        return judge_fresh_backup (self, error);
    if (self->backup && told == PR_CHECK_NOT_KNOWN &&
        !pr_check_is_fresh (pr_phone_get_last_computer_backup (self->phone)))
        return PR_CHECK_WARNING;
    return told;
}

/* --- Whose the phone is --- */

gboolean
pr_plan_hands_over (PrPlan *self)
{
    return self->goal == PR_GOAL_ERASE && self->hand_over == PR_ANSWER_YES;
}

/* What was read longer ago is not known any more. */
static gboolean
was_read_recently (PrPhone *phone)
{
    gint64 read = pr_phone_get_find_my_time (phone);

    return read != 0 && g_get_monotonic_time () - read <= RECENT;
}

static PrCheckState
judge_find_my (PrPlan *self, GError **error)
{
    gboolean must_be_off = self->goal == PR_GOAL_PUT_BACK || pr_plan_hands_over (self);

    if (must_be_off && pr_phone_get_find_my (self->phone) == PR_ANSWER_YES)
        return block_for (error, PR_ERROR_FIND_MY_ON, "IsAssociated is true");
    if (pr_plan_hands_over (self) && !was_read_recently (self->phone))
        return PR_CHECK_NOT_KNOWN;
    return pr_check_judge_phone (PR_CHECK_FIND_MY, self->phone, FALSE, error);
}

static PrCheckState
judge_supervision (PrPlan *self, GError **error)
{
    if (pr_plan_hands_over (self) && pr_phone_get_supervised (self->phone) == PR_ANSWER_YES)
        return block_for (error, PR_ERROR_MANAGED, "IsSupervised is true");
    return pr_check_judge_phone (PR_CHECK_SUPERVISION, self->phone, TRUE, error);
}

gboolean
pr_plan_wants_showing (PrPlan *self, PrCheckKind kind)
{
    return kind == PR_CHECK_FIND_MY && pr_plan_hands_over (self);
}

PrCheckState
pr_plan_judge (PrPlan *self, PrCheckKind kind, GError **error)
{
    switch (kind) {
    case PR_CHECK_FILE:
        return judge_file (self, error);
    case PR_CHECK_TOOL:
        return judge_tool (self, error);
    case PR_CHECK_PLACE:
        return judge_place (self, error);
    case PR_CHECK_ROOM:
        return self->goal == PR_GOAL_PUT_BACK ? judge_room_there (self, error) : judge_room_here (self, error);
    case PR_CHECK_FITS:
        return judge_fits (self, error);
    case PR_CHECK_INTACT:
        return judge_intact (self, error);
    case PR_CHECK_PASSWORD:
        return judge_password (self, error);
    case PR_CHECK_BACKUP:
        return judge_backup (self, error);
    case PR_CHECK_FIND_MY:
        return judge_find_my (self, error);
    case PR_CHECK_SUPERVISION:
        return judge_supervision (self, error);
    case PR_CHECK_ACCESS:
    case PR_CHECK_TRUST:
    case PR_CHECK_SETUP:
    case PR_CHECK_ENCRYPTION:
    case PR_CHECK_BATTERY:
    case PR_CHECK_LINK:
    case PR_CHECK_UNSEEN:
    case PR_N_CHECKS:
    default:
        return pr_check_judge_phone (kind, self->phone, pr_plan_goals_get (self->goal)->erases, error);
    }
}
