/* Reads one system file as the program does, in a process of its own, and checks that it cost little, whatever it was.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

/* @folder: (nullable): where it runs. Returns: (transfer full): the nick of the error that it was refused with, "good"
 */
char *run_ipsw_tool (const char *folder, const char *path, const char *name);
