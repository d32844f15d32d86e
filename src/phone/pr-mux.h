/* usbmuxd's protocol: its packets, and blocking requests to it.
 *
 * The functions on packets are pure. The requests block, each with PR_WIRE_LIMIT, and are not for the main thread;
 * their errors are PR_ERROR_NO_DAEMON, _UNPLUGGED, _NO_ANSWER, _BAD_ANSWER and G_IO_ERROR_CANCELLED. UDIDs are as
 * libimobiledevice writes them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-wire.h"

#define PR_MUX_HEADER 16
#define PR_MUX_MAX_BODY (1024 * 1024)

/* Where usbmuxd listens: USBMUXD_SOCKET_ADDRESS ("UNIX:/path" or "host:port"), else /var/run/usbmuxd. NULL if that
 * variable makes no sense. */
GSocketConnectable *pr_mux_create_address (GError **error);

/* A request of this type with what every request has; the caller adds to it. */
plist_t pr_mux_create_request (const char *type);

/* The packet of a request. */
GByteArray *pr_mux_pack (plist_t request);

/* The length of the body that follows @header; 0 if it makes no sense. */
gsize pr_mux_read_header (const guint8 header[PR_MUX_HEADER]);

/* "000081100011223344556677" becomes "00008110-0011223344556677"; NULL if it is no UDID at all. */
char *pr_mux_create_udid (const char *serial);

/* The ECID that a UDID of the newer kind contains; 0 for the older kind. */
guint64 pr_mux_get_ecid (const char *udid);

/* A connection to a TCP port of the phone. */
PrWire *pr_mux_connect (const char *udid, guint16 port, GCancellable *cancellable, GError **error);

/* NULL without error when there is none. */
GBytes *pr_mux_read_pair_record (const char *udid, GCancellable *cancellable, GError **error);
gboolean pr_mux_save_pair_record (const char *udid, GBytes *record, GCancellable *cancellable, GError **error);
gboolean pr_mux_delete_pair_record (const char *udid, GCancellable *cancellable, GError **error);

/* What usbmuxd calls this computer. */
char *pr_mux_read_buid (GCancellable *cancellable, GError **error);
