/* What GLib and the libraries complain of. Where that is to end the program (G_DEBUG=fatal-warnings, fatal-criticals),
 * it does, but for one complaint that is about a tool and not about us.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

/* At the start of main(). */
void pr_virtual_log_start (void);
