/* The boot loader of the virtual phone: takes commands and files over USB in recovery mode, images in DFU mode, and
 * starts only what a ticket for this phone allows. One lives from plug to unplug.
 *
 * Thread-safe; never blocks longer than it takes to check a file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-phone.h"

typedef struct _PrVirtualIboot PrVirtualIboot;

PrVirtualIboot *pr_virtual_iboot_new (PrVirtualPhone *phone, PrVirtualMode mode);
PrVirtualIboot *pr_virtual_iboot_ref (PrVirtualIboot *self);
void pr_virtual_iboot_unref (PrVirtualIboot *self);

/* What it tells of itself in its USB strings. (transfer full) */
char *pr_virtual_iboot_serial (PrVirtualPhone *phone, PrVirtualMode mode); /* string 4, and sysfs's "serial" */
char *pr_virtual_iboot_nonces (PrVirtualPhone *phone);                     /* string 1 */

/* Does one command line (`setenv auto-boot true`, `go` …). FALSE: refused. */
gboolean pr_virtual_iboot_command (PrVirtualIboot *self, const char *line);

/* The answer to the last getenv; no bytes for none. (transfer full) */
GBytes *pr_virtual_iboot_answer (PrVirtualIboot *self);

/* A file begins, and a piece of it arrives. FALSE: it does not take it. */
void pr_virtual_iboot_begin_file (PrVirtualIboot *self);
gboolean pr_virtual_iboot_take (PrVirtualIboot *self, const guint8 *data, gsize size);

/* DFU (USB DFU 1.1, with Apple's 16 bytes of suffix): a block arrives, of no bytes at the end; the state that GETSTATUS
 * tells next; and the bus reset that starts what was downloaded. */
void pr_virtual_iboot_download (PrVirtualIboot *self, const guint8 *data, gsize size);
guint8 pr_virtual_iboot_download_state (PrVirtualIboot *self);
void pr_virtual_iboot_status_told (PrVirtualIboot *self);
void pr_virtual_iboot_abort_download (PrVirtualIboot *self);
void pr_virtual_iboot_bus_reset (PrVirtualIboot *self);
