/* What this computer is, as far as it matters to a phone on its USB. Blocking, about 1 ms; any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

/* Is it a virtual machine? By the names that its maker gave it (DMI); FALSE where these cannot be read. */
gboolean pr_computer_is_virtual (void);

/* How many daemons run that take phones: usbmuxd and usbmuxd2. In a sandbox those outside are not seen. */
guint pr_computer_count_daemons (void);

/* Microseconds for which it has slept since it was started. */
gint64 pr_computer_get_slept (void);
