/* Everything about this computer and its link to a phone that helps somebody else to help: versions, daemon, helper,
 * phones, findings, and what happened on USB in the last ten minutes. Technical English, for forums, scripts and
 * packagers; who the phone is stays masked (guard rail 9).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-daemon.h"
#include "pr-phone-list.h"

/* The programs of others, as a look at them found them. */
typedef struct {
    PrDaemonState daemon;
    char *daemon_detail;
    gboolean has_installer;
    char *installer; /* which, or why it cannot be used */
} PrTools;

/* Blocking, for some seconds at most; any thread but the main one of a program with a window. */
PrTools *pr_tools_probe (GCancellable *cancellable);
void pr_tools_free (PrTools *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrTools, pr_tools_free)

typedef struct _PrDiagnosis PrDiagnosis;

/* Takes down how everything stands now. Main thread. */
PrDiagnosis *pr_diagnosis_new (PrPhoneList *phones, const PrTools *tools);
void pr_diagnosis_free (PrDiagnosis *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrDiagnosis, pr_diagnosis_free)

/* Is there nothing that a person should mend? */
gboolean pr_diagnosis_is_healthy (PrDiagnosis *self);
char *pr_diagnosis_to_text (PrDiagnosis *self);
/* An object of arrays of objects, one an entry, with its values as strings. */
char *pr_diagnosis_to_json (PrDiagnosis *self);
