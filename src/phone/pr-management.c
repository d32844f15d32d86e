// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-management.h"

#include "pr-error.h"

#define SERVICE "com.apple.mobile.MCInstall"
#define MAX_PROFILES 500 /* phones of organisations have some dozens */

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

/* --- What is asked of it --- */

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

/* Did it agree? @code is what a refusal of @request means. */
static gboolean
judge_answer (plist_t answer, const char *request, PrError code, GError **error)
{
    g_autofree char *status = pr_plist_dup_word (answer, "Status");
    g_autofree char *reason = NULL;

    if (g_strcmp0 (status, "Acknowledged") == 0)
        return TRUE;
    reason = dup_reason (answer);
    g_set_error (error, PR_ERROR, code, "%s was answered by %s: %s", request,
                 status != NULL ? status : "nothing that is known", reason);
    return FALSE;
}

/* --- Erasing --- */

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
    return answer == NULL || judge_answer (answer, "EraseDevice", PR_ERROR_ERASE_REFUSED, error);
}

/* --- Profiles --- */

/* One that was listed already is not listed again. */
static void
add_profile (GPtrArray *profiles, GHashTable *seen, plist_t metadata, const char *identifier)
{
    plist_t told = identifier != NULL ? pr_plist_get_item (metadata, identifier, PLIST_DICT) : NULL;
    g_autoptr (PrProfile) profile = pr_profile_new (identifier, told);

    if (profile == NULL || g_hash_table_contains (seen, profile->identifier))
        return;
    g_hash_table_add (seen, profile->identifier);
    g_ptr_array_add (profiles, g_steal_pointer (&profile));
}

static void
add_ordered (GPtrArray *profiles, GHashTable *seen, plist_t metadata, plist_t order)
{
    for (guint32 i = 0; order != NULL && i < plist_array_get_size (order); i++) {
        plist_t item = plist_array_get_item (order, i);

        if (plist_get_node_type (item) == PLIST_STRING)
            add_profile (profiles, seen, metadata, plist_get_string_ptr (item, NULL));
    }
}

/* Those of which something is told, but which are missing in the order. */
static void
add_others (GPtrArray *profiles, GHashTable *seen, plist_t metadata)
{
    g_autofree plist_dict_iter iter = NULL;
    char *key = NULL;

    plist_dict_new_iter (metadata, &iter);
    for (plist_dict_next_item (metadata, iter, &key, NULL); key != NULL;
         plist_dict_next_item (metadata, iter, &key, NULL)) {
        add_profile (profiles, seen, metadata, key);
        plist_mem_free (key);
    }
}

static gboolean
may_be_list (plist_t order, plist_t metadata, GError **error)
{
    if (metadata == NULL) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "the phone tells nothing of its profiles");
        return FALSE;
    }
    if (plist_dict_get_size (metadata) <= MAX_PROFILES &&
        (order == NULL || plist_array_get_size (order) <= MAX_PROFILES))
        return TRUE;
    g_set_error (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "the phone tells of %u profiles",
                 plist_dict_get_size (metadata));
    return FALSE;
}

static GPtrArray *
parse_profiles (plist_t answer, GError **error)
{
    plist_t order = pr_plist_get_item (answer, "OrderedIdentifiers", PLIST_ARRAY);
    plist_t metadata = pr_plist_get_item (answer, "ProfileMetadata", PLIST_DICT);
    g_autoptr (GPtrArray) profiles = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_profile_unref);
    g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

    if (!may_be_list (order, metadata, error))
        return NULL;
    add_ordered (profiles, seen, metadata, order);
    add_others (profiles, seen, metadata);
    return g_steal_pointer (&profiles);
}

GPtrArray *
pr_management_list_profiles (PrLockdown *lockdown, GCancellable *cancellable, GError **error)
{
    g_autoptr (PrWire) wire = pr_lockdown_start_service (lockdown, SERVICE, cancellable, error);
    g_auto (plist_t) request = new_request ("GetProfileList");
    g_auto (plist_t) answer = NULL;

    if (wire == NULL || !pr_wire_send_plist (wire, request, cancellable, error))
        return NULL;
    answer = pr_wire_receive_plist (wire, cancellable, error);
    if (answer == NULL || !judge_answer (answer, "GetProfileList", PR_ERROR_BAD_ANSWER, error))
        return NULL;
    return parse_profiles (answer, error);
}

/* A property list in the request, as data. */
static plist_t
new_profile_name (const PrProfile *profile)
{
    g_auto (plist_t) name = plist_new_dict ();
    g_autoptr (GBytes) bytes = NULL;

    plist_dict_set_item (name, "PayloadType", plist_new_string ("Configuration"));
    plist_dict_set_item (name, "PayloadIdentifier", plist_new_string (profile->identifier));
    plist_dict_set_item (name, "PayloadUUID", plist_new_string (profile->uuid));
    plist_dict_set_item (name, "PayloadVersion", plist_new_uint (profile->version));
    bytes = pr_plist_to_bytes (name);
    return plist_new_data (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* What a refusal means is not known by its number; that the phone is locked now, it tells. */
static gboolean
is_locked (PrLockdown *lockdown, GCancellable *cancellable)
{
    g_auto (plist_t) dict = plist_new_dict ();
    plist_t value = NULL;

    if (pr_lockdown_read (lockdown, NULL, "PasswordProtected", &value, cancellable, NULL) && value != NULL)
        plist_dict_set_item (dict, "PasswordProtected", value);
    return pr_plist_get_answer (dict, "PasswordProtected") == PR_ANSWER_YES;
}

gboolean
pr_management_remove_profile (PrLockdown *lockdown, const PrProfile *profile, GCancellable *cancellable, GError **error)
{
    g_autoptr (PrWire) wire = pr_lockdown_start_service (lockdown, SERVICE, cancellable, error);
    g_auto (plist_t) request = new_request ("RemoveProfile");
    g_auto (plist_t) answer = NULL;
    g_autoptr (GError) reason = NULL;

    plist_dict_set_item (request, "ProfileIdentifier", new_profile_name (profile));
    if (wire == NULL || !pr_wire_send_plist (wire, request, cancellable, error))
        return FALSE;
    answer = pr_wire_receive_plist (wire, cancellable, NULL);
    if (answer == NULL || judge_answer (answer, "RemoveProfile", PR_ERROR_PROFILE_KEPT, &reason))
        return TRUE;
    if (is_locked (lockdown, cancellable))
        reason->code = PR_ERROR_LOCKED;
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
}
