/* What a phone in normal mode tells about itself: read in a worker, put into a PrPhone on the main thread.
 *
 * Keys and their meaning: libimobiledevice's ideviceinfo, and what other open clients read. A key that is missing, or
 * that has another type or an impossible value, is unknown.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-plist.h"

typedef enum {
    PR_FACTS_TRUST,    /* nothing but the state of trust */
    PR_FACTS_KIND,     /* it answered: normal or restore mode */
    PR_FACTS_IDENTITY, /* what it tells everybody, and whether it trusts this computer */
    PR_FACTS_ALL,      /* and what it tells only who it trusts; the last part */
} PrFactsPart;

typedef struct {
    PrFactsPart part;
    gboolean restored;
    PrTrust trust;
    plist_t identity; /* the root domain */
    plist_t domains;  /* the others by name, and "CloudConfiguration" */
} PrFacts;

void pr_facts_free (PrFacts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrFacts, pr_facts_free)

/* Takes @facts; called in the reading thread, once a part. */
typedef void (*PrFactsFunc) (PrFacts *facts, gpointer data);

/**
 * pr_facts_read:
 * @func: gets what is known so far
 *
 * Blocking, not for the main thread. Asks for no trust.
 *
 * Returns: %FALSE with @error if the phone did not answer, or stopped to
 */
gboolean pr_facts_read (const char *udid, PrFactsFunc func, gpointer data, GCancellable *cancellable, GError **error);

/* The state of trust that such an error means; PR_TRUST_UNKNOWN for an error of the link. */
PrTrust pr_facts_judge_trust (const GError *error);

/* Activation Lock, of NonVolatileRAM. @nvram: (nullable) */
PrAnswer pr_facts_judge_lock (plist_t nvram);
/* Of the dictionary that has ActivationState. */
PrAnswer pr_facts_judge_activated (plist_t values);

/* UniqueChipID; 0 if it is not told. */
guint64 pr_facts_get_ecid (PrFacts *self);

/* Main thread. What is not known in @self becomes unknown in @phone, but for its identity, which does not change. */
void pr_facts_apply (PrFacts *self, PrPhone *phone);
