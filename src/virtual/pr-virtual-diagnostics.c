/* com.apple.mobile.diagnostics_relay: restart, shut down, and what the battery says of itself.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-virtual-services.h"
#include "pr-virtual-values.h"

#define RESTART_SECONDS 4.0 /* off the bus; a real phone takes half a minute */

typedef struct {
    PrVirtualPhone *phone;
    gboolean leaves; /* once the connection has ended */
    PrVirtualMode mode;
} Relay;

static plist_t
answer_with (PrVirtualPhone *phone, const char *name, const char *group)
{
    plist_t answer = pr_virtual_dict_new_status ("Success");
    plist_t diagnostics = plist_new_dict ();
    plist_dict_set_item (diagnostics, name, pr_virtual_values_get_group (phone, group));
    plist_dict_set_item (answer, "Diagnostics", diagnostics);
    return answer;
}

/* It goes when the computer hangs up, which is what WaitForDisconnect asks for; without that flag a moment later,
 * which no program can tell apart. */
static plist_t
answer_leaving (Relay *relay, PrVirtualMode mode)
{
    g_autofree char *stays = pr_virtual_phone_fault (relay->phone, "ignores-restart");
    relay->leaves = stays == NULL;
    relay->mode = mode;
    return pr_virtual_dict_new_status ("Success");
}

static plist_t
answer_registry (PrVirtualPhone *phone, plist_t request)
{
    const char *name = pr_virtual_dict_text (request, "EntryClass");
    if (g_strcmp0 (name, "AppleSmartBattery") == 0 || g_strcmp0 (name, "IOPMPowerSource") == 0)
        return answer_with (phone, "IORegistry", "battery");
    return answer_with (phone, "IORegistry", "nothing");
}

/* After a change of the backup password libimobiledevice asks whether there is a passcode. */
static plist_t
answer_gestalt (PrVirtualPhone *phone)
{
    g_autofree char *passcode = pr_virtual_phone_setting (phone, "phone", "passcode", "none");
    plist_t answer = pr_virtual_dict_new_status ("Success");
    plist_t diagnostics = plist_new_dict (), values = plist_new_dict ();
    plist_dict_set_item (values, "PasswordConfigured", plist_new_bool (!g_str_equal (passcode, "none")));
    plist_dict_set_item (values, "Status", plist_new_string ("Success"));
    plist_dict_set_item (diagnostics, "MobileGestalt", values);
    plist_dict_set_item (answer, "Diagnostics", diagnostics);
    return answer;
}

static plist_t
answer_request (Relay *relay, const char *name, plist_t request)
{
    if (g_str_equal (name, "Restart"))
        return answer_leaving (relay, pr_virtual_phone_boot_target (relay->phone));
    if (g_str_equal (name, "Shutdown"))
        return answer_leaving (relay, PR_VIRTUAL_OFF);
    if (g_str_equal (name, "IORegistry"))
        return answer_registry (relay->phone, request);
    if (g_str_equal (name, "GasGauge") || g_str_equal (name, "All"))
        return answer_with (relay->phone, "GasGauge", "battery");
    if (g_str_equal (name, "MobileGestalt"))
        return answer_gestalt (relay->phone);
    if (g_str_equal (name, "Sleep") || g_str_equal (name, "Goodbye"))
        return pr_virtual_dict_new_status ("Success");
    return pr_virtual_dict_new_status ("UnknownRequest");
}

static gboolean
answer_cb (gpointer data, const char *name, plist_t request, plist_t *answer)
{
    Relay *relay = data;
    pr_virtual_phone_saw (relay->phone, "diagnostics", "request", name, NULL);
    *answer = answer_request (relay, name, request);
    return !g_str_equal (name, "Goodbye");
}

void
pr_virtual_diagnostics_serve (PrVirtualPhone *phone, PrVirtualStream *stream)
{
    Relay relay = { .phone = phone };
    pr_virtual_stream_converse (stream, "Request", answer_cb, &relay);
    if (relay.leaves)
        pr_virtual_phone_boot (phone, relay.mode, RESTART_SECONDS);
}
