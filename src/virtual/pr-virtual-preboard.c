/* com.apple.preboardservice_v2: before an update, the phone asks its owner for the passcode and keeps a token by which
 * the new system can open the data ("stashbag"); the computer commits it with the signed ticket. libimobiledevice's
 * preboard.h and idevicerestore have the messages.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <poll.h>

#include "pr-virtual-services.h"
#include "pr-virtual-values.h"

#define LOOK_MS 50

static gboolean
say (PrVirtualStream *stream, const char *key)
{
    plist_t message = plist_new_dict ();
    plist_dict_set_item (message, key, plist_new_bool (TRUE));
    gboolean sent = pr_virtual_stream_send (stream, message);
    plist_free (message);
    return sent;
}

/* The fault is an owner who is not there. Returns: whether the computer still waits when the passcode is given */
static gboolean
wait_for_owner (PrVirtualPhone *phone, PrVirtualStream *stream)
{
    struct pollfd hangs_up = { .fd = stream->fd, .events = POLLIN };
    for (;;) {
        g_autofree char *waits = pr_virtual_phone_fault (phone, "passcode-waits");
        if (waits == NULL)
            return TRUE;
        if (poll (&hangs_up, 1, LOOK_MS) > 0)
            return FALSE;
    }
}

static gboolean
create_stashbag (PrVirtualPhone *phone, PrVirtualStream *stream)
{
    pr_virtual_phone_saw (phone, "passcode", "state", "asked", NULL);
    if (!say (stream, "ShowDialog") || !wait_for_owner (phone, stream))
        return FALSE;
    pr_virtual_phone_saw (phone, "passcode", "state", "given", NULL);
    return say (stream, "HideDialog");
}

/* Returns: whether more may come. */
static gboolean
serve_one (PrVirtualPhone *phone, PrVirtualStream *stream)
{
    plist_t request = pr_virtual_stream_receive (stream);
    if (request == NULL)
        return FALSE;
    const char *command = pr_virtual_dict_text (request, "Command");
    gboolean more = FALSE;
    if (g_strcmp0 (command, "CreateStashbag") == 0)
        more = create_stashbag (phone, stream);
    else if (g_strcmp0 (command, "CommitStashbag") == 0)
        more = say (stream, "StashbagCommitComplete");
    plist_free (request);
    return more;
}

void
pr_virtual_preboard_serve (PrVirtualPhone *phone, PrVirtualStream *stream)
{
    while (serve_one (phone, stream))
        continue;
}
