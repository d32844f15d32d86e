// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-profile-words.h"

#include <glib/gi18n.h>

static const char *
say_kind (PrProfileKind kind)
{
    switch (kind) {
    case PR_PROFILE_MANAGEMENT:
        return _ ("Management");
    case PR_PROFILE_VPN:
        return _ ("VPN");
    case PR_PROFILE_OTHER:
    default:
        return NULL;
    }
}

/* Returns: (transfer full) (nullable): NULL where the person can */
static char *
say_who_can (const PrProfile *profile)
{
    if (profile->removable == PR_ANSWER_NO && profile->organization)
        /* Translators: the name of an organisation */
        return g_strdup_printf (_ ("Only %s can remove it."), profile->organization);
    if (profile->removable == PR_ANSWER_NO)
        return g_strdup (_ ("Only who installed it can remove it."));
    if (!profile->uuid)
        return g_strdup (_ ("The phone does not tell enough of it to remove it from here."));
    return profile->removable == PR_ANSWER_YES ? NULL : g_strdup (_ ("The phone may refuse to remove it."));
}

char *
pr_profile_words_facts (const PrProfile *profile)
{
    const char *maker = profile->organization ? profile->organization : _ ("Does not say whose it is");
    const char *kind = say_kind (profile->kind);
    g_autofree char *who_can = say_who_can (profile);
    /* Translators: an organisation, and what its profile is for */
    g_autofree char *first = kind ? g_strdup_printf (_ ("%s · %s"), maker, kind) : g_strdup (maker);

    return who_can ? g_strdup_printf ("%s\n%s", first, who_can) : g_steal_pointer (&first);
}

static char *
count_apps (int apps)
{
    if (apps < 0)
        return g_strdup (_ ("Which apps these are, the phone does not tell."));
    return g_strdup_printf (
        ngettext ("There is %d app on the phone. Whether it is one of these, the phone does not tell.",
                  "There are %d apps on the phone. Which of them these are, the phone does not tell.", (gulong) apps),
        apps);
}

char *
pr_profile_words_loss (const PrProfile *profile, int apps)
{
    /* Translators: the name of a profile */
    g_autofree char *first =
        g_strdup_printf (_ ("“%s” goes, and what it has set with it, such as Wi-Fi, VPN or mail."), profile->name);
    const char *further = profile->kind == PR_PROFILE_MANAGEMENT
                              ? _ ("By its name, an organisation manages the phone with it. Then the organisation’s "
                                   "apps go too, with everything in them.")
                              : _ ("If an organisation manages the phone with it, the organisation’s apps go too, with "
                                   "everything in them.");
    g_autofree char *counted = count_apps (apps);

    return g_strdup_printf ("%s\n\n%s %s", first, further, counted);
}

char *
pr_profile_words_gone (int apps)
{
    if (apps < 0)
        return g_strdup (_ ("The phone does not list it any more."));
    if (apps == 0)
        return g_strdup (_ ("The phone does not list it any more. No app has gone with it so far."));
    return g_strdup_printf (ngettext ("%d app has gone with it so far.", "%d apps have gone with it so far.",
                                      (gulong) apps),
                            apps);
}

static const PrProfile *
find_management (GPtrArray *profiles)
{
    for (guint i = 0; i < profiles->len; i++) {
        const PrProfile *profile = profiles->pdata[i];

        if (profile->kind == PR_PROFILE_MANAGEMENT)
            return profile;
    }
    return NULL;
}

/* A phone can be managed without being supervised; of that only the names of its profiles tell. */
char *
pr_profile_words_owner (PrPhone *phone, GPtrArray *profiles, PrAnswer *managed)
{
    const char *organization = pr_phone_get_organization (phone);
    const PrProfile *management = find_management (profiles);

    *managed = pr_phone_get_supervised (phone);
    if (*managed == PR_ANSWER_YES)
        return g_strdup (organization ? organization : _ ("An organisation"));
    if (management) {
        *managed = PR_ANSWER_YES;
        return g_strdup (management->organization ? management->organization : management->name);
    }
    return g_strdup (*managed == PR_ANSWER_NO ? _ ("Nobody, as far as can be told") : _ ("Not known"));
}
