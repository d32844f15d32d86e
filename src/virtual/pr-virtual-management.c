/* com.apple.mobile.MCInstall: whose phone it is, and its erasure. As go-ios and pymobiledevice3 speak it; what a real
 * phone answers with is assumed where no client of theirs reads it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-virtual-services.h"
#include "pr-virtual-values.h"

#define ERASE_SECONDS 6.0 /* off the bus; a real phone takes minutes */

typedef struct {
    PrVirtualPhone *phone;
    gboolean erases; /* once the connection has ended */
} Management;

static plist_t
new_refusal (guint64 code, const char *text)
{
    plist_t answer = pr_virtual_dict_new_status ("Error"), chain = plist_new_array (), error = plist_new_dict ();
    plist_dict_set_item (error, "ErrorCode", plist_new_uint (code));
    plist_dict_set_item (error, "ErrorDomain", plist_new_string ("MCInstallationErrorDomain"));
    plist_dict_set_item (error, "LocalizedDescription", plist_new_string (text));
    plist_dict_set_item (error, "USEnglishDescription", plist_new_string (text));
    plist_array_append_item (chain, error);
    plist_dict_set_item (answer, "ErrorChain", chain);
    return answer;
}

static gboolean
is_boolean (plist_t request, const char *key)
{
    plist_t item = plist_dict_get_item (request, key);
    return item == NULL || plist_get_node_type (item) == PLIST_BOOLEAN;
}

static gboolean
is_true (plist_t request, const char *key)
{
    plist_t item = plist_dict_get_item (request, key);
    uint8_t value = 0;
    if (item != NULL)
        plist_get_bool_val (item, &value);
    return value != 0;
}

/* A plan that is not named is not kept. Returns: NULL where the link drops before the answer. */
static plist_t
erase (Management *self, plist_t request)
{
    g_autofree char *unknown = pr_virtual_phone_fault (self->phone, "erase-unknown");
    if (!is_boolean (request, "PreserveDataPlan") || !is_boolean (request, "DisallowProximitySetup"))
        return pr_virtual_dict_new_status ("CommandFormatError");
    pr_virtual_phone_saw (self->phone, "erase-request", "plan",
                          is_true (request, "PreserveDataPlan") ? "kept" : "removed", "nearby",
                          is_true (request, "DisallowProximitySetup") ? "refused" : "allowed", NULL);
    pr_virtual_phone_count (self->phone, "erase-requests");
    double code = pr_virtual_phone_fault_number (self->phone, "erase-refused", 0);
    g_autofree char *ignored = pr_virtual_phone_fault (self->phone, "erase-ignored");
    g_autofree char *drops = pr_virtual_phone_fault (self->phone, "erase-drops");
    if (unknown != NULL)
        return pr_virtual_dict_new_status ("CommandFormatError");
    if (code > 0)
        return new_refusal ((guint64) code, "The device may not be erased.");
    self->erases = ignored == NULL;
    return drops == NULL ? pr_virtual_dict_new_status ("Acknowledged") : NULL;
}

static plist_t
tell_configuration (PrVirtualPhone *phone)
{
    plist_t answer = pr_virtual_dict_new_status ("Acknowledged");
    plist_dict_set_item (answer, "CloudConfiguration", pr_virtual_values_get_group (phone, "management"));
    return answer;
}

static plist_t
answer_request (Management *self, const char *name, plist_t request)
{
    if (g_str_equal (name, "EraseDevice"))
        return erase (self, request);
    if (g_str_equal (name, "GetCloudConfiguration"))
        return tell_configuration (self->phone);
    if (g_str_equal (name, "HelloHostIdentifier") || g_str_equal (name, "Flush"))
        return pr_virtual_dict_new_status ("Acknowledged");
    return pr_virtual_dict_new_status ("CommandFormatError");
}

static gboolean
answer_cb (gpointer data, const char *name, plist_t request, plist_t *answer)
{
    Management *self = data;
    *answer = answer_request (self, name, request);
    return *answer != NULL && !self->erases;
}

/* What is different about the phone that comes back. */
static void
play_faults_of_return (PrVirtualPhone *phone)
{
    g_autofree char *locked = pr_virtual_phone_fault (phone, "erase-locked");
    g_autofree char *other = pr_virtual_phone_fault (phone, "erase-swaps");
    if (locked != NULL) {
        pr_virtual_phone_setenv (phone, "fm-activation-locked", "YES");
        pr_virtual_phone_saveenv (phone);
    }
    if (other != NULL)
        pr_virtual_phone_set_setting (phone, "values", "UniqueChipID", other);
}

void
pr_virtual_management_serve (PrVirtualPhone *phone, PrVirtualStream *stream)
{
    Management self = { .phone = phone };
    pr_virtual_stream_converse (stream, "RequestType", answer_cb, &self);
    if (!self.erases)
        return;
    g_autofree char *kept = pr_virtual_phone_fault (phone, "erase-forgotten");
    g_autofree char *lost = pr_virtual_phone_fault (phone, "erase-never-returns");
    if (kept == NULL)
        pr_virtual_phone_erase_data (phone);
    play_faults_of_return (phone);
    pr_virtual_phone_boot (phone, lost == NULL ? pr_virtual_phone_boot_target (phone) : PR_VIRTUAL_OFF, ERASE_SECONDS);
}
