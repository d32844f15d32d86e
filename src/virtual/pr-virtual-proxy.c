// SPDX-License-Identifier: GPL-3.0-or-later
// The control connection of the reverse proxy. The phone has nothing to fetch, so it only greets and stays silent.
#include "pr-virtual-restored.h"

#include <string.h>

#include "pr-virtual-wire.h"

#define GREETING "BeginCtrl"
#define MESSAGE_LIMIT (64 * 1024)

/* Length (little-endian), then a binary plist. */
static gboolean
skip_message (int fd)
{
    guint32 length;
    g_autofree char *message = NULL;

    if (!pr_virtual_wire_read (fd, &length, sizeof length))
        return FALSE;
    length = GUINT32_FROM_LE (length);
    if (length == 0 || length > MESSAGE_LIMIT)
        return FALSE;
    message = g_malloc (length);
    return pr_virtual_wire_read (fd, message, length);
}

static gboolean
tell_port (int fd)
{
    g_auto (plist_t) message = plist_new_dict ();
    char *data = NULL;
    guint32 length = 0, head;
    gboolean good;

    plist_dict_set_item (message, "ConnPort", plist_new_uint (PR_VIRTUAL_PROXY_CONNECTION_PORT));
    if (plist_to_bin (message, &data, &length) != PLIST_ERR_SUCCESS)
        return FALSE;
    head = GUINT32_TO_LE (length);
    good = pr_virtual_wire_write (fd, &head, sizeof head) && pr_virtual_wire_write (fd, data, length);
    plist_mem_free (data);
    return good;
}

void
pr_virtual_proxy_serve (PrVirtualPhone *phone, int fd)
{
    char greeting[sizeof GREETING];
    char unread;

    if (pr_virtual_wire_read (fd, greeting, sizeof greeting) && memcmp (greeting, GREETING, sizeof greeting) == 0 &&
        skip_message (fd) && tell_port (fd)) {
        while (pr_virtual_wire_read (fd, &unread, 1))
            continue;
    }
}
