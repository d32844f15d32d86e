// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-management.h"

#include "pr-error.h"

#define SERVICE "com.apple.mobile.MCInstall"

static plist_t
new_request (const char *type)
{
    plist_t request = plist_new_dict ();

    plist_dict_set_item (request, "RequestType", plist_new_string (type));
    return request;
}

plist_t
pr_management_read_configuration (PrLockdown *lockdown, GCancellable *cancellable)
{
    g_autoptr (PrWire) wire = pr_lockdown_start_service (lockdown, SERVICE, cancellable, NULL);
    g_auto (plist_t) request = new_request ("GetCloudConfiguration");
    g_auto (plist_t) answer = NULL;
    plist_t configuration;

    if (wire == NULL || !pr_wire_send_plist (wire, request, cancellable, NULL))
        return NULL;
    answer = pr_wire_receive_plist (wire, cancellable, NULL);
    configuration = pr_plist_get_item (answer, "CloudConfiguration", PLIST_DICT);
    return configuration != NULL ? plist_copy (configuration) : NULL;
}

/* --- Erasing --- */

/* The innermost reason comes first. */
static char *
dup_reason (plist_t answer)
{
    plist_t chain = pr_plist_get_item (answer, "ErrorChain", PLIST_ARRAY);
    plist_t first = chain != NULL ? plist_array_get_item (chain, 0) : NULL;
    g_autofree char *text = pr_plist_dup_text (first, "LocalizedDescription");
    guint64 code = 0;

    pr_plist_get_number (first, "ErrorCode", &code);
    return g_strdup_printf ("%s (%" G_GUINT64_FORMAT ")", text != NULL ? text : "no reason", code);
}

static gboolean
judge_answer (plist_t answer, GError **error)
{
    g_autofree char *status = pr_plist_dup_word (answer, "Status");
    g_autofree char *reason = NULL;

    if (g_strcmp0 (status, "Acknowledged") == 0)
        return TRUE;
    reason = dup_reason (answer);
    g_set_error (error, PR_ERROR, PR_ERROR_ERASE_REFUSED, "EraseDevice was answered by %s: %s",
                 status != NULL ? status : "nothing that is known", reason);
    return FALSE;
}

gboolean
pr_management_erase (PrLockdown *lockdown, gboolean keep_plan, GCancellable *cancellable, GError **error)
{
    g_autoptr (PrWire) wire = pr_lockdown_start_service (lockdown, SERVICE, cancellable, error);
    g_auto (plist_t) request = new_request ("EraseDevice");
    g_auto (plist_t) answer = NULL;

    plist_dict_set_item (request, "PreserveDataPlan", plist_new_bool (keep_plan));
    plist_dict_set_item (request, "DisallowProximitySetup", plist_new_bool (FALSE));
    if (wire == NULL || !pr_wire_send_plist (wire, request, cancellable, error))
        return FALSE;
    answer = pr_wire_receive_plist (wire, cancellable, NULL);
    return answer == NULL || judge_answer (answer, error);
}
