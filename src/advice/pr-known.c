// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-known.h"

#include "pr-model.h"

#define MOST_MAJOR 999
#define MOST_MINOR 99

static PrFactSet
read_mode (const PrKnown *self)
{
    switch (self->mode) {
    case PR_PHONE_MODE_NORMAL:
        return PR_FACT_NORMAL | (self->trust == PR_TRUST_TRUSTED ? PR_FACT_TALKS : 0);
    case PR_PHONE_MODE_RECOVERY:
        return PR_FACT_RECOVERY;
    case PR_PHONE_MODE_DFU:
        return PR_FACT_DFU;
    case PR_PHONE_MODE_RESTORE:
        return PR_FACT_RESTORING;
    case PR_PHONE_MODE_GONE:
    default:
        return PR_FACT_AWAY;
    }
}

static PrFactSet
read_system (guint system)
{
    PrFactSet facts = 0;

    if (system == 0)
        return 0;
    if (system < 1502)
        facts |= PR_FACT_BEFORE_15_2;
    if (system < 1700)
        facts |= PR_FACT_BEFORE_17;
    if (system < 2600)
        facts |= PR_FACT_BEFORE_26;
    return facts;
}

PrFactSet
pr_known_get_facts (const PrKnown *self)
{
    const struct {
        PrAnswer answer, wanted;
        PrFact fact;
    } answers[] = {
        { self->nearby, PR_ANSWER_NO, PR_FACT_NOT_NEARBY },   { self->backup, PR_ANSWER_YES, PR_FACT_BACKED_UP },
        { self->find_my, PR_ANSWER_NO, PR_FACT_FIND_MY_OFF }, { self->locked, PR_ANSWER_YES, PR_FACT_LOCKED },
        { self->managed, PR_ANSWER_YES, PR_FACT_MANAGED },    { self->charged, PR_ANSWER_YES, PR_FACT_CHARGED },
        { self->has_room, PR_ANSWER_YES, PR_FACT_HAS_ROOM },  { self->starts, PR_ANSWER_NO, PR_FACT_DOES_NOT_START },
    };
    PrFactSet facts = read_mode (self) | read_system (self->system);

    for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
        if (answers[i].answer == answers[i].wanted)
            facts |= answers[i].fact;
    return facts;
}

/* source: Apple Support, Restore an iPhone or iPad with a nearby device: iPhone 15 Pro, 16, 16e, 17 and Air; iPad Pro
 * with M1 to M5, Air with M1 to M3, mini with A17 Pro, iPad with A16 */
static const char *const nearby[] = {
    "iPhone16,",  "iPhone17,",  "iPhone18,",                                                     /* 15 Pro to 17 */
    "iPad13,4,",  "iPad13,5,",  "iPad13,6,",  "iPad13,7,",                                       /* Pro 11, M1 */
    "iPad13,8,",  "iPad13,9,",  "iPad13,10,", "iPad13,11,",                                      /* Pro 12.9, M1 */
    "iPad13,16,", "iPad13,17,",                                                                  /* Air, M1 */
    "iPad14,3,",  "iPad14,4,",  "iPad14,5,",  "iPad14,6,",                                       /* Pro, M2 */
    "iPad14,8,",  "iPad14,9,",  "iPad14,10,", "iPad14,11,",                                      /* Air, M2 */
    "iPad15,",                                                                                   /* Air, M3; A16 */
    "iPad16,1,",  "iPad16,2,",  "iPad16,3,",  "iPad16,4,",  "iPad16,5,", "iPad16,6,", "iPad17,", /* mini; Pro, M4, M5 */
};

/* In the table of models, but later than that list. */
static const char *const later[] = { "iPad16,8,", "iPad16,9,", "iPad16,10,", "iPad16,11," };

static gboolean
starts_with_one_of (const char *text, const char *const *beginnings, gsize n)
{
    for (gsize i = 0; i < n; i++)
        if (g_str_has_prefix (text, beginnings[i]))
            return TRUE;
    return FALSE;
}

PrAnswer
pr_known_can_nearby (const char *product_type)
{
    /* The comma at its end makes "iPad13,1" no beginning of "iPad13,16". */
    g_autofree char *closed = g_strconcat (product_type ? product_type : "", ",", NULL);

    if (!pr_model_get_name (product_type))
        return PR_ANSWER_UNKNOWN;
    if (starts_with_one_of (closed, nearby, G_N_ELEMENTS (nearby)))
        return PR_ANSWER_YES;
    return starts_with_one_of (closed, later, G_N_ELEMENTS (later)) ? PR_ANSWER_UNKNOWN : PR_ANSWER_NO;
}

guint
pr_known_parse_system (const char *version)
{
    g_auto (GStrv) parts = g_strsplit (version ? version : "", ".", 3);
    guint64 major, minor = 0;

    if (!parts[0] || !g_ascii_string_to_unsigned (parts[0], 10, 1, MOST_MAJOR, &major, NULL))
        return 0;
    if (parts[1] && !g_ascii_string_to_unsigned (parts[1], 10, 0, MOST_MINOR, &minor, NULL))
        return 0;
    return (guint) (major * 100 + minor);
}
