/* The receiver of the system image in restore mode (ASR, port 12345): raw XML plists to arrange it, then the image in
 * chunks, each with its SHA-1.
 *
 * restored asks for the image on its own connection and the image comes on this one, so one tells the other here. There
 * is one phone in a process; what was received is therefore kept in the module.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-phone.h"

/* Forgets what was received before: call before the image is asked for. */
void pr_virtual_asr_expect (void);

/* Waits until the image is there or its sender gave up, or the connection @watched is closed by the other side, or the
 * phone ends. (transfer full): the SHA-256 of the whole image in hexadecimal; NULL and @error
 * (G_IO_ERROR_INVALID_DATA: damaged or not complete, _CONNECTION_CLOSED, _TIMED_OUT). Blocks for 2 hours at most. */
char *pr_virtual_asr_wait (PrVirtualPhone *phone, int watched, GError **error);

#define PR_VIRTUAL_ASR_PORT 12345

/* Serves one connection, in a thread of its own; @fd is borrowed. */
void pr_virtual_asr_serve (PrVirtualPhone *phone, int fd);
