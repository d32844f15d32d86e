/* com.apple.preboardservice_v2: before an update the phone keeps a token for its data, for which it wants its passcode.
 * What is asked and answered is known from idevicerestore (normal.c) and libimobiledevice (preboard.c).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-virtual-services.h"

#define LOOK_SECONDS 0.1

static gboolean
tell (PrVirtualStream *stream, const char *word)
{
    plist_t message = plist_new_dict ();
    plist_dict_set_item (message, word, plist_new_bool (TRUE));
    gboolean sent = pr_virtual_stream_send (stream, message);
    plist_free (message);
    return sent;
}

static gboolean
waits (PrVirtualPhone *phone)
{
    g_autofree char *passcode = pr_virtual_phone_setting (phone, "phone", "passcode", "none");
    return g_str_equal (passcode, "wait");
}

/* Until its owner does something, or nobody asks any more. */
static gboolean
wait_for_owner (PrVirtualPhone *phone, PrVirtualStream *stream)
{
    double delay = pr_virtual_phone_setting_number (phone, "phone", "accept-after", 0);
    gint64 until = g_get_monotonic_time () + (gint64) (delay * G_USEC_PER_SEC);
    while (g_get_monotonic_time () < until || waits (phone)) {
        if (pr_virtual_phone_ending (phone) || pr_virtual_wire_hung_up (stream->fd))
            return FALSE;
        pr_virtual_phone_work (phone, LOOK_SECONDS);
    }
    return TRUE;
}

static gboolean
create (PrVirtualPhone *phone, PrVirtualStream *stream)
{
    g_autofree char *passcode = pr_virtual_phone_setting (phone, "phone", "passcode", "none");
    if (g_str_equal (passcode, "none"))
        return tell (stream, "Skip");
    pr_virtual_phone_saw (phone, "passcode-asked", NULL);
    if (!tell (stream, "ShowDialog") || !wait_for_owner (phone, stream))
        return FALSE;
    g_free (passcode);
    passcode = pr_virtual_phone_setting (phone, "phone", "passcode", "none");
    gboolean entered = g_str_equal (passcode, "enter");
    pr_virtual_phone_saw (phone, entered ? "passcode-entered" : "passcode-ignored", NULL);
    return tell (stream, entered ? "HideDialog" : "Timeout");
}

/* Returns: whether more may come. */
static gboolean
answer (PrVirtualPhone *phone, PrVirtualStream *stream, const char *command)
{
    pr_virtual_phone_saw (phone, "preboard", "command", command, NULL);
    if (g_str_equal (command, "CreateStashbag"))
        return create (phone, stream);
    if (g_str_equal (command, "CommitStashbag"))
        return tell (stream, "StashbagCommitComplete");
    return tell (stream, "Error");
}

void
pr_virtual_preboard_serve (PrVirtualPhone *phone, PrVirtualStream *stream)
{
    gboolean more = TRUE;
    while (more) {
        plist_t request = pr_virtual_stream_receive (stream);
        const char *command = pr_virtual_dict_text (request, "Command");
        more = command != NULL && answer (phone, stream, command);
        plist_free (request);
    }
}
