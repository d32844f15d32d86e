/* Talks to one phone in a thread of its own, and says on the main loop what it learnt.
 *
 * Main thread. A worker that is dropped ends by itself, at the latest with the limit of the call that it is in, and
 * frees what it has; nobody waits for it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-facts.h"

typedef struct _PrWorker PrWorker;

/**
 * PrWorkerFunc:
 * @facts: (nullable): what is known now, to be borrowed
 * @over: this is the last call
 * @answered: with @over: did the phone answer to the end?
 */
typedef void (*PrWorkerFunc) (const PrFacts *facts, gboolean over, gboolean answered, gpointer data);

/* Reads what the phone tells. */
PrWorker *pr_worker_start_reading (const char *udid, PrWorkerFunc func, gpointer data);

/* Puts the question for trust on the phone's screen, again each second for two minutes while it is open or the phone is
 * locked; says each change as PR_FACTS_TRUST. PR_TRUST_NEVER at the end means that nobody answered. */
PrWorker *pr_worker_start_asking (const char *udid, PrWorkerFunc func, gpointer data);

/* The function is not called any more. */
void pr_worker_drop (PrWorker *self);
