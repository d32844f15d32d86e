/* lockdownd: what answers at port 62078 while iOS runs. Values, pairing, sessions, services, recovery mode.
 *
 * What is known of the protocol comes from libimobiledevice (lockdown.c, its tools) and was tried with them; the
 * mapping of missing rights to GetProhibited is assumed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-services.h"

#define PR_VIRTUAL_LOCKDOWN_PORT 62078

/**
 * pr_virtual_lockdown_serve:
 * @fd: the connection; borrowed
 *
 * Answers until the computer hangs up or the phone is unplugged. Blocking, in a thread of its own.
 */
void pr_virtual_lockdown_serve (PrVirtualPhone *phone, PrVirtualPairing *pairing, PrVirtualServices *services, int fd);
