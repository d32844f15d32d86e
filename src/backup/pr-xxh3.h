/* The digest of files, by the widest instructions that this processor has where the library can choose (on x86).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#ifdef HAVE_XXH_DISPATCH
#include <xxh_x86dispatch.h>
#else
#include <xxhash.h>
#endif
