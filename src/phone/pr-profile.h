/* A configuration profile on a phone, as the phone lists it: settings that somebody else made, such as a VPN's or an
 * organisation's. A value: immutable, any thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-phone.h"

/* The phone does not tell what is in a profile: this is read from how its maker called it, and a profile of another
 * name may be one of an organisation all the same. */
typedef enum {
    PR_PROFILE_OTHER,
    PR_PROFILE_MANAGEMENT,
    PR_PROFILE_VPN,
} PrProfileKind;

typedef struct {
    char *identifier; /* as the phone wrote it: to be sent, not to be shown */
    char *uuid;       /* of this very profile; NULL: not told, and then it cannot be named to the phone */
    guint64 version;
    char *name;         /* for the screen; never NULL */
    char *organization; /* for the screen; NULL: not told */
    PrProfileKind kind;
    PrAnswer removable; /* on the phone, and from here */
} PrProfile;

/**
 * pr_profile_new:
 * @identifier: (nullable): any bytes
 * @metadata: (nullable): what the phone tells of it, of any type and length
 *
 * Returns: (transfer full) (nullable): %NULL for an identifier that no profile has
 */
PrProfile *pr_profile_new (const char *identifier, gpointer metadata);
PrProfile *pr_profile_ref (PrProfile *self);
void pr_profile_unref (PrProfile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrProfile, pr_profile_unref)

/* May the phone be asked to remove it? Where it does not tell, it is asked, and may refuse. */
gboolean pr_profile_may_go (const PrProfile *self);

/* (transfer full): names just this one, for what a person confirms. */
char *pr_profile_dup_key (const PrProfile *self);

/* (transfer none) (nullable): that of @identifier in an array of PrProfile. */
PrProfile *pr_profile_find (GPtrArray *profiles, const char *identifier);
