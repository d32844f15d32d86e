/* What the advice looks at: a few things that are known of a phone, or not.
 *
 * Filled from a PrPhone by pr_plan_get_known(), or by hand for a phone that is not here. All zero is a phone about
 * which nothing is known.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-phone.h"

typedef struct {
    PrPhoneMode mode; /* GONE: no cable, or the computer does not see it */
    PrTrust trust;
    guint system;      /* 100 × major + minor, 1502 is 15.2; 0 unknown */
    PrAnswer nearby;   /* can another iPhone or iPad restore this model? */
    PrAnswer backup;   /* is there a backup of the last hours? */
    PrAnswer find_my;  /* is Find My on? */
    PrAnswer locked;   /* is it locked to an Apple Account after an erase? */
    PrAnswer managed;  /* does an organisation manage it? */
    PrAnswer charged;  /* is there enough in its battery? */
    PrAnswer has_room; /* is there room on its storage? */
    PrAnswer starts;   /* Windows Phone: does it start, and can its settings be opened? */
} PrKnown;

/* The same as a set, which the rules ask. Something that is not known is in neither of two opposites. */
typedef enum {
    PR_FACT_AWAY = 1 << 0,
    PR_FACT_NORMAL = 1 << 1,
    PR_FACT_RECOVERY = 1 << 2,
    PR_FACT_DFU = 1 << 3,
    PR_FACT_RESTORING = 1 << 4,
    PR_FACT_TALKS = 1 << 5, /* in normal mode, and trusts this computer */
    PR_FACT_BEFORE_15_2 = 1 << 6,
    PR_FACT_BEFORE_17 = 1 << 7,
    PR_FACT_BEFORE_26 = 1 << 8,
    PR_FACT_NOT_NEARBY = 1 << 9,
    PR_FACT_BACKED_UP = 1 << 10,
    PR_FACT_FIND_MY_OFF = 1 << 11,
    PR_FACT_LOCKED = 1 << 12,
    PR_FACT_MANAGED = 1 << 13,
    PR_FACT_CHARGED = 1 << 14,
    PR_FACT_HAS_ROOM = 1 << 15,
    PR_FACT_DOES_NOT_START = 1 << 16,
} PrFact;

typedef guint PrFactSet;

/* No system runs that the person could use. */
#define PR_FACT_NOT_RUNNING (PR_FACT_RECOVERY | PR_FACT_DFU | PR_FACT_RESTORING)

PrFactSet pr_known_get_facts (const PrKnown *self);

/**
 * pr_known_can_nearby:
 * @product_type: (nullable): "iPhone17,3"
 *
 * Can another iPhone or iPad with iOS 18 restore this model without a computer? Apple's list is of late 2025; newer
 * models are unknown.
 */
PrAnswer pr_known_can_nearby (const char *product_type);

/* "18.6.2" → 1806; 0 where it is no version. @version may be %NULL, or anything that a phone sent. */
guint pr_known_parse_system (const char *version);
