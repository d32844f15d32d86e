// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-profile.h"

#include <string.h>

#include "pr-plist.h"

#define MAX_IDENTIFIER 512 /* bytes; what makers of profiles write has under 150 */

/* As makers of such profiles use to call them. */
static const struct {
    const char *word;
    PrProfileKind kind;
} words[] = {
    { "mdm", PR_PROFILE_MANAGEMENT },
    { "management", PR_PROFILE_MANAGEMENT },
    { "enrollment", PR_PROFILE_MANAGEMENT },
    { "enrolment", PR_PROFILE_MANAGEMENT },
    { "vpn", PR_PROFILE_VPN },
};

static gboolean
is_identifier (const char *text)
{
    gsize length = text != NULL ? strnlen (text, MAX_IDENTIFIER + 1) : 0;

    if (length == 0 || length > MAX_IDENTIFIER || !g_utf8_validate (text, (gssize) length, NULL))
        return FALSE;
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
        if (g_unichar_iscntrl (g_utf8_get_char (p)))
            return FALSE;
    return TRUE;
}

static PrProfileKind
guess_kind (const char *identifier, const char *name)
{
    g_autofree char *both = g_strdup_printf ("%s %s", identifier, name);
    g_autofree char *folded = g_utf8_strdown (both, -1);

    for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
        if (strstr (folded, words[i].word) != NULL)
            return words[i].kind;
    return PR_PROFILE_OTHER;
}

static PrAnswer
get_removable (plist_t metadata)
{
    switch (pr_plist_get_answer (metadata, "PayloadRemovalDisallowed")) {
    case PR_ANSWER_YES:
        return PR_ANSWER_NO;
    case PR_ANSWER_NO:
        return PR_ANSWER_YES;
    case PR_ANSWER_UNKNOWN:
    default:
        return PR_ANSWER_UNKNOWN;
    }
}

PrProfile *
pr_profile_new (const char *identifier, gpointer metadata)
{
    PrProfile *self;

    if (!is_identifier (identifier))
        return NULL;
    self = g_atomic_rc_box_new0 (PrProfile);
    self->identifier = g_strdup (identifier);
    self->uuid = pr_plist_dup_word (metadata, "PayloadUUID");
    self->version = 1;
    pr_plist_get_number (metadata, "PayloadVersion", &self->version);
    self->name = pr_plist_dup_text (metadata, "PayloadDisplayName");
    if (self->name == NULL)
        self->name = pr_plist_clean_text (identifier);
    if (self->name == NULL)
        self->name = g_strdup ("?");
    self->organization = pr_plist_dup_text (metadata, "PayloadOrganization");
    self->kind = guess_kind (identifier, self->name);
    self->removable = get_removable (metadata);
    return self;
}

PrProfile *
pr_profile_ref (PrProfile *self)
{
    return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
    PrProfile *self = data;

    g_free (self->identifier);
    g_free (self->uuid);
    g_free (self->name);
    g_free (self->organization);
}

void
pr_profile_unref (PrProfile *self)
{
    g_atomic_rc_box_release_full (self, clear);
}

gboolean
pr_profile_may_go (const PrProfile *self)
{
    return self->uuid != NULL && self->removable != PR_ANSWER_NO;
}

char *
pr_profile_dup_key (const PrProfile *self)
{
    return g_strdup_printf ("%s %s", self->identifier, self->uuid != NULL ? self->uuid : "-");
}

PrProfile *
pr_profile_find (GPtrArray *profiles, const char *identifier)
{
    for (guint i = 0; i < profiles->len; i++) {
        PrProfile *profile = profiles->pdata[i];

        if (g_str_equal (profile->identifier, identifier))
            return profile;
    }
    return NULL;
}
