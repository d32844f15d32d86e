/* Reads which profiles are on a phone, for a page that shows them. Main thread; the reading is done in another, which
 * ends by itself with the limits of pr-services.h, at the latest after a minute.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-phone.h"
#include "pr-profile.h"

typedef struct {
    GPtrArray *profiles; /* of PrProfile */
    int apps;            /* how many there are on it beside the system's; -1: not known */
} PrProfileList;

void pr_profile_list_free (PrProfileList *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrProfileList, pr_profile_list_free)

/* Errors: PR_ERROR_UNPLUGGED, PR_ERROR_BAD_ANSWER, those of trust and link. */
void pr_read_profiles (PrPhone *phone, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/* (transfer full) */
PrProfileList *pr_read_profiles_finish (PrPhone *phone, GAsyncResult *result, GError **error);
