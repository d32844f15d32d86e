/* Is this text safe to give to libplist's XML reader? Bounded in depth and count; no I/O; any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

/**
 * pr_manifest_text_is_plain:
 * @max_tags: how many it may have; each may cost about 110 bytes of memory
 *
 * libplist builds and frees its tree by recursion, and makes a node of each tag: thirty megabytes of "<array>" would
 * end the program. An Apple manifest is a few levels deep and has neither comments, CDATA nor a DTD of its own, so
 * that counting tags is enough, and what has them is refused.
 */
gboolean pr_manifest_text_is_plain (const char *text, gsize length, guint max_tags);
