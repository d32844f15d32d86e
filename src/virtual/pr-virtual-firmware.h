/* The servers of system versions: the list in Apple's format and in that of ipsw.me, and the files themselves, on one
 * port of the loopback, with everything that can go wrong on the way (data/scenarios/README.md, "Versions").
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-phone.h"

typedef struct _PrVirtualFirmware PrVirtualFirmware;

/* @folder: where the system made for this phone is. Main thread. NULL and @error: no port to be had. */
PrVirtualFirmware *pr_virtual_firmware_new (PrVirtualPhone *phone, const char *folder, GError **error);
/* (transfer full): the lines of the environment that tell where it is. */
char *pr_virtual_firmware_environment (PrVirtualFirmware *self);
/* The faults have changed. Main thread. */
void pr_virtual_firmware_settle (PrVirtualFirmware *self);
/* Adds what it sent to the answer of `state`. */
void pr_virtual_firmware_describe (PrVirtualFirmware *self, JsonObject *state);
void pr_virtual_firmware_free (PrVirtualFirmware *self); /* after pr_virtual_phone_end() */
