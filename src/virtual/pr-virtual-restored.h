/* Restore mode: the program on the phone's ramdisk that tells the computer what to hand over and what is being done
 * (port 62078), and its way to the net through the computer (ports 1082 and 1083). Each function serves one connection
 * in a thread of its own; @fd is borrowed. The receiver of the system image is pr-virtual-asr.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-phone.h"

#include "pr-virtual-asr.h"

#define PR_VIRTUAL_RESTORED_PORT 62078
#define PR_VIRTUAL_PROXY_PORT 1082
#define PR_VIRTUAL_PROXY_CONNECTION_PORT 1083

void pr_virtual_restored_serve (PrVirtualPhone *phone, int fd);
void pr_virtual_proxy_serve (PrVirtualPhone *phone, int fd);
