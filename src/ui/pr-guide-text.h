/* A guide as plain text, for a letter to whoever has the phone, or a note: its words, numbers and commands.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-guide.h"

/* (transfer full): what stands in it, in this order, a step a paragraph. Main thread only. */
char *pr_guide_to_text (PrGuide *guide);
