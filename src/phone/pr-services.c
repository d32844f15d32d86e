// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-services.h"

#include "pr-error.h"
#include "pr-facts.h"
#include "pr-lockdown.h"
#include "pr-management.h"
#include "pr-mux.h"

#define DIAGNOSTICS "com.apple.mobile.diagnostics_relay"

static PrLockdown *
open_normal (const char *udid, GCancellable *cancellable, GError **error)
{
    g_autoptr (PrLockdown) lockdown = pr_lockdown_open (udid, cancellable, error);

    if (lockdown == NULL)
        return NULL;
    if (pr_lockdown_is_restored (lockdown)) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_BUSY, "the phone is in restore mode");
        return NULL;
    }
    return g_steal_pointer (&lockdown);
}

static PrLockdown *
open_session (const char *udid, GCancellable *cancellable, GError **error)
{
    g_autoptr (PrLockdown) lockdown = open_normal (udid, cancellable, error);

    if (lockdown == NULL || !pr_lockdown_start_session (lockdown, cancellable, error))
        return NULL;
    return g_steal_pointer (&lockdown);
}

/* Requests of the diagnostics service as libimobiledevice's diagnostics_relay makes them. Without WaitForDisconnect the
 * phone acts at once and need not answer any more: an end of the connection is its consent too. */
static gboolean
diagnose (const char *udid, const char *action, GCancellable *cancellable, GError **error)
{
    g_autoptr (PrLockdown) lockdown = open_session (udid, cancellable, error);
    g_autoptr (PrWire) wire = NULL;
    g_auto (plist_t) request = plist_new_dict ();
    g_auto (plist_t) answer = NULL;
    g_autoptr (GError) reason = NULL;
    g_autofree char *status = NULL;

    if (lockdown == NULL)
        return FALSE;
    wire = pr_lockdown_start_service (lockdown, DIAGNOSTICS, cancellable, error);
    plist_dict_set_item (request, "Request", plist_new_string (action));
    if (wire == NULL || !pr_wire_send_plist (wire, request, cancellable, error))
        return FALSE;
    answer = pr_wire_receive_plist (wire, cancellable, &reason);
    if (g_error_matches (reason, PR_ERROR, PR_ERROR_UNPLUGGED))
        return TRUE;
    if (answer == NULL) {
        g_propagate_prefixed_error (error, g_steal_pointer (&reason), "asking for %s: ", action);
        return FALSE;
    }
    status = pr_plist_dup_word (answer, "Status");
    if (g_strcmp0 (status, "Success") == 0)
        return TRUE;
    g_set_error (error, PR_ERROR, PR_ERROR_NO_RESTART, "%s was answered by %s", action, status != NULL ? status : "-");
    return FALSE;
}

gboolean
pr_services_restart (const char *udid, GCancellable *cancellable, GError **error)
{
    return diagnose (udid, "Restart", cancellable, error);
}

gboolean
pr_services_shut_down (const char *udid, GCancellable *cancellable, GError **error)
{
    return diagnose (udid, "Shutdown", cancellable, error);
}

/* Whatever the phone says against it is a refusal; what is wrong with the link or with trust keeps its own code. */
static gboolean
ask_for_recovery (PrLockdown *lockdown, GCancellable *cancellable, GError **error)
{
    g_autoptr (GError) reason = NULL;

    if (pr_lockdown_enter_recovery (lockdown, cancellable, &reason))
        return TRUE;
    if (g_error_matches (reason, PR_ERROR, PR_ERROR_BAD_ANSWER))
        reason->code = PR_ERROR_RECOVERY_REFUSED;
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
}

/* A phone that does not trust this computer may still allow it, as some old systems do; so that is tried, and its own
 * reason is kept where it does not. */
gboolean
pr_services_enter_recovery (const char *udid, GCancellable *cancellable, GError **error)
{
    g_autoptr (PrLockdown) lockdown = open_normal (udid, cancellable, error);
    g_autoptr (PrLockdown) plain = NULL;
    g_autoptr (GError) reason = NULL;

    if (lockdown == NULL)
        return FALSE;
    if (pr_lockdown_start_session (lockdown, cancellable, &reason))
        return ask_for_recovery (lockdown, cancellable, error);
    if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
        g_error_matches (reason, PR_ERROR, PR_ERROR_NO_ANSWER) ||
        g_error_matches (reason, PR_ERROR, PR_ERROR_UNPLUGGED)) {
        g_propagate_error (error, g_steal_pointer (&reason));
        return FALSE;
    }
    plain = open_normal (udid, cancellable, NULL);
    if (plain != NULL && pr_lockdown_enter_recovery (plain, cancellable, NULL))
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
}

gboolean
pr_services_read_ecid (const char *udid, guint64 *ecid, GCancellable *cancellable, GError **error)
{
    g_autoptr (PrLockdown) lockdown = open_normal (udid, cancellable, error);
    g_auto (plist_t) dict = plist_new_dict ();
    plist_t value = NULL;

    if (lockdown == NULL || !pr_lockdown_read (lockdown, NULL, "UniqueChipID", &value, cancellable, error))
        return FALSE;
    if (value != NULL)
        plist_dict_set_item (dict, "UniqueChipID", value);
    if (pr_plist_get_number (dict, "UniqueChipID", ecid) && *ecid != 0)
        return TRUE;
    g_set_error_literal (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "the phone does not tell its ECID");
    return FALSE;
}

static gboolean
read_answer (const char *udid,
             const char *domain,
             const char *key,
             PrAnswer *answer,
             GCancellable *cancellable,
             GError **error)
{
    g_autoptr (PrLockdown) lockdown = open_session (udid, cancellable, error);
    g_auto (plist_t) dict = plist_new_dict ();
    plist_t value = NULL;

    if (lockdown == NULL || !pr_lockdown_read (lockdown, domain, key, &value, cancellable, error))
        return FALSE;
    if (value != NULL)
        plist_dict_set_item (dict, key, value);
    *answer = pr_plist_get_answer (dict, key);
    return TRUE;
}

gboolean
pr_services_read_encrypts (const char *udid, PrAnswer *encrypts, GCancellable *cancellable, GError **error)
{
    return read_answer (udid, "com.apple.mobile.backup", "WillEncrypt", encrypts, cancellable, error);
}

gboolean
pr_services_read_find_my (const char *udid, PrAnswer *find_my, GCancellable *cancellable, GError **error)
{
    return read_answer (udid, "com.apple.fmip", "IsAssociated", find_my, cancellable, error);
}

gboolean
pr_services_erase (const char *udid, gboolean keep_plan, GCancellable *cancellable, GError **error)
{
    g_autoptr (PrLockdown) lockdown = open_session (udid, cancellable, error);

    return lockdown != NULL && pr_management_erase (lockdown, keep_plan, cancellable, error);
}

/* An erased phone has no passcode, and no pairings. */
gboolean
pr_services_read_erased (const char *udid, PrAnswer *erased, GCancellable *cancellable, GError **error)
{
    g_autoptr (PrLockdown) lockdown = open_normal (udid, cancellable, error);
    g_autoptr (GError) reason = NULL;

    if (lockdown == NULL)
        return FALSE;
    *erased = PR_ANSWER_NO;
    if (pr_lockdown_start_session (lockdown, cancellable, &reason) ||
        g_error_matches (reason, PR_ERROR, PR_ERROR_LOCKED))
        return TRUE;
    *erased = PR_ANSWER_YES;
    if (g_error_matches (reason, PR_ERROR, PR_ERROR_STALE_PAIRING) ||
        g_error_matches (reason, PR_ERROR, PR_ERROR_NOT_TRUSTED))
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
}

gboolean
pr_services_read_greeting (const char *udid, PrGreeting *greeting, GCancellable *cancellable, GError **error)
{
    static const struct {
        const char *domain, *key;
    } values[] = {
        { NULL, "ActivationState" },
        { NULL, "NonVolatileRAM" },
        { "com.apple.purplebuddy", "SetupDone" },
    };
    g_autoptr (PrLockdown) lockdown = open_normal (udid, cancellable, error);
    g_auto (plist_t) told = plist_new_dict ();

    for (gsize i = 0; i < G_N_ELEMENTS (values); i++) {
        plist_t value = NULL;

        if (lockdown == NULL ||
            !pr_lockdown_read (lockdown, values[i].domain, values[i].key, &value, cancellable, error))
            return FALSE;
        if (value != NULL)
            plist_dict_set_item (told, values[i].key, value);
    }
    *greeting = (PrGreeting) {
        .activated = pr_facts_judge_activated (told),
        .activation_lock = pr_facts_judge_lock (pr_plist_get_item (told, "NonVolatileRAM", PLIST_DICT)),
        .set_up = pr_plist_get_answer (told, "SetupDone"),
    };
    return TRUE;
}

GBytes *
pr_services_save_pairing (const char *udid, GError **error)
{
    return pr_mux_read_pair_record (udid, NULL, error);
}

/* Another client may have paired meanwhile: its record is newer, and stays. One that the phone does not take any more
 * would only stand in the way of a new one. */
gboolean
pr_services_put_pairing_back (const char *udid, GBytes *record, GCancellable *cancellable, GError **error)
{
    g_autoptr (PrLockdown) lockdown = NULL;
    g_autoptr (GBytes) present = NULL;
    g_autoptr (GError) reason = NULL;

    present = pr_mux_read_pair_record (udid, cancellable, &reason);
    if (present != NULL)
        return TRUE;
    if (reason == NULL && pr_mux_save_pair_record (udid, record, cancellable, &reason))
        lockdown = open_session (udid, cancellable, &reason);
    if (lockdown != NULL)
        return TRUE;
    if (g_error_matches (reason, PR_ERROR, PR_ERROR_STALE_PAIRING))
        pr_mux_delete_pair_record (udid, cancellable, NULL);
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
}
