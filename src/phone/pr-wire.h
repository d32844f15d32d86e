/* A byte stream to usbmuxd or, through it, to a phone: blocking, with a limit on every call, and cancellable.
 *
 * Not libimobiledevice's connection, for two reasons seen with the versions in Debian 13: its waits are 30 s and cannot
 * be cancelled, and a plain send into a connection that the phone has left never returns (libusbmuxd 2.1.0 hands the
 * error back as a positive number, and the caller's loop then spins for ever).
 *
 * A wire belongs to one thread at a time; never the main one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "pr-plist.h"

#define PR_WIRE_LIMIT 15 /* seconds that one call takes at most */

typedef struct _PrWire PrWire;

/**
 * pr_wire_open:
 * @address: (transfer none): where usbmuxd listens
 *
 * Errors: PR_ERROR_NO_DAEMON, G_IO_ERROR_CANCELLED.
 */
PrWire *pr_wire_open (GSocketConnectable *address, GCancellable *cancellable, GError **error);
void pr_wire_close (PrWire *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrWire, pr_wire_close)

/* Errors of all below: PR_ERROR_UNPLUGGED when the other end is closed, PR_ERROR_NO_ANSWER past the limit,
 * PR_ERROR_BAD_ANSWER for nonsense, G_IO_ERROR_CANCELLED. */
gboolean pr_wire_send (PrWire *self, const void *data, gsize length, GCancellable *cancellable, GError **error);
gboolean pr_wire_receive (PrWire *self, void *data, gsize length, GCancellable *cancellable, GError **error);

/* From now on, what one call takes at most; PR_WIRE_LIMIT before. */
void pr_wire_set_limit (PrWire *self, guint seconds);

/* At least one byte and at most @length, as they come. Returns: how many, 0 with @error. */
gsize pr_wire_receive_some (PrWire *self, void *data, gsize length, GCancellable *cancellable, GError **error);

/* Property lists as lockdownd and its services frame them: length in four bytes, most significant first, then the list.
 * What is received is a dictionary of at most 8 MiB. */
gboolean pr_wire_send_plist (PrWire *self, plist_t plist, GCancellable *cancellable, GError **error);
plist_t pr_wire_receive_plist (PrWire *self, GCancellable *cancellable, GError **error);

/**
 * pr_wire_start_tls:
 * @certificate: PEM of what this computer shows, the pair record's RootCertificate
 * @key: PEM of its private key
 *
 * The phone's certificate is not checked, as in every known client: the cable says which phone it is.
 *
 * Errors: also PR_ERROR_STALE_PAIRING when the phone does not take the certificate.
 */
gboolean pr_wire_start_tls (PrWire *self, GBytes *certificate, GBytes *key, GCancellable *cancellable, GError **error);
