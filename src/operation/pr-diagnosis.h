/* Everything about this computer and its link to a phone that helps somebody else to help: versions, daemon, helper,
 * phones, findings, and what happened on USB in the last ten minutes. Technical English, for forums, scripts and
 * packagers; who the phone is stays masked (guard rail 9).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-daemon.h"
#include "pr-phone-list.h"

typedef struct _PrDiagnosis PrDiagnosis;

/**
 * pr_diagnosis_new:
 * @daemon: what pr_daemon_check() said, with its @daemon_detail
 *
 * Takes down how everything stands now. Runs idevicerestore once for its version, for 2 s at most. Main thread of a
 * program without a window, or a thread of its own while nothing of @phones changes.
 */
PrDiagnosis *pr_diagnosis_new (PrPhoneList *phones, PrDaemonState daemon, const char *daemon_detail);
void pr_diagnosis_free (PrDiagnosis *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrDiagnosis, pr_diagnosis_free)

/* Is there nothing that a person should mend? */
gboolean pr_diagnosis_is_healthy (PrDiagnosis *self);
char *pr_diagnosis_to_text (PrDiagnosis *self);
/* An object of arrays of objects, one an entry, with its values as strings. */
char *pr_diagnosis_to_json (PrDiagnosis *self);
