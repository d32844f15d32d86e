/* Is what a store holds whole? Everything here fails the test where it is not.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

/* In @folder there is the backup of @udid, perhaps earlier versions of it and what the next run's copy is made from, in
 * which there is no file that anybody may write to, and nothing else. */
void store_check_tidy (const char *folder, const char *udid);

/* @backup is verified deeply. @recorded: every file has a digest, which those do not have that another program made.
 * Returns: the number of its files */
guint64 store_check_deeply (const char *backup, gboolean recorded);

/* The earlier versions of @backup are verified deeply. Returns: how many there are */
guint store_check_versions (const char *backup);
