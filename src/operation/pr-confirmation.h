/* Proof that a person agreed to one destructive step on one phone (guard rail 1).
 *
 * Only the confirm page makes one (a test keeps it so). It is good for 60 s, for one ECID, one action and one file.
 * Immutable; any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

typedef struct _PrConfirmation PrConfirmation;

/**
 * pr_confirmation_new:
 * @action: nick of the goal, "restore" or "update"
 * @file: (nullable): the system file
 * @expected: what had to be typed: the phone's name, or the end of its serial number or ECID
 * @typed: what was typed; compared trimmed and case-folded
 * @owns: "This is my phone, or I may erase it" is ticked
 *
 * Returns: (transfer full) (nullable): %NULL if @typed does not match or @owns is not set
 */
PrConfirmation *pr_confirmation_new (guint64 ecid,
                                     const char *action,
                                     const char *file,
                                     const char *expected,
                                     const char *typed,
                                     gboolean owns);
PrConfirmation *pr_confirmation_ref (PrConfirmation *self);
void pr_confirmation_unref (PrConfirmation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrConfirmation, pr_confirmation_unref)

/* Does the typed text match, so far? Trimmed, case-folded, normalised; typographic and plain apostrophes are equal. */
gboolean pr_confirmation_matches (const char *expected, const char *typed);

/* Is it good now for exactly this? Error: PR_ERROR_NOT_CONFIRMED, PR_ERROR_WRONG_PHONE. */
gboolean pr_confirmation_check (PrConfirmation *self,
                                guint64 ecid,
                                const char *action,
                                const char *file,
                                GError **error);
/* The same for an automatic retry, for which its age does not count: just the same is done once more. */
gboolean pr_confirmation_check_again (PrConfirmation *self,
                                      guint64 ecid,
                                      const char *action,
                                      const char *file,
                                      GError **error);
/* The same at @now, as g_get_monotonic_time() counts. */
gboolean pr_confirmation_check_at (PrConfirmation *self,
                                   gint64 now,
                                   guint64 ecid,
                                   const char *action,
                                   const char *file,
                                   GError **error);
