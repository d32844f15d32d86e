// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-signing-trial.h"

#include "pr-error.h"
#include "pr-plist.h"
#include "pr-signing-server.h"

#define SHORT_NONCE 20
#define LONG_NONCE 32 /* bytes; since A10 */

/* Before Image4; and those of the years in which a nonce was short. Source: libirecovery's table of chips. */
static const guint old_chips[] = { 0x8900, 0x8720, 0x8920, 0x8922, 0x8930, 0x8940, 0x8942, 0x8945, 0x8950, 0x8955 };
static const guint short_chips[] = { 0x8960, 0x7000, 0x7001, 0x8000, 0x8001, 0x8003 };

static gboolean
is_among (guint64 chip, const guint *chips, gsize n)
{
    for (gsize i = 0; i < n; i++)
        if (chips[i] == chip)
            return TRUE;
    return FALSE;
}

/* A manifest writes numbers as numbers, or as text: "0x8110". */
static gboolean
read_number (plist_t identity, const char *key, guint64 *number)
{
    plist_t item = pr_plist_get_item (identity, key, PLIST_STRING);
    const char *text = item != NULL ? plist_get_string_ptr (item, NULL) : NULL;

    if (text == NULL)
        return pr_plist_get_number (identity, key, number);
    return g_str_has_prefix (text, "0x") && g_ascii_string_to_unsigned (text + 2, 16, 0, G_MAXUINT32, number, NULL);
}

static void
copy_number (plist_t request, plist_t identity, const char *key)
{
    guint64 number;

    if (read_number (identity, key, &number))
        plist_dict_set_item (request, key, plist_new_uint (number));
}

static void
copy_item (plist_t request, plist_t identity, const char *key)
{
    plist_t item = plist_dict_get_item (identity, key);

    if (item != NULL)
        plist_dict_set_item (request, key, plist_copy (item));
}

static void
set_nonce (plist_t request, const char *key, gsize length)
{
    guint32 words[LONG_NONCE / sizeof (guint32)];

    for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
        words[i] = g_random_int ();
    plist_dict_set_item (request, key, plist_new_data ((const char *) words, length));
}

static void
set_flag (plist_t dict, const char *key, gboolean value)
{
    plist_dict_set_item (dict, key, plist_new_bool (value));
}

/* --- Parts --- */

/* A phone as it is sold is in production, secure, and takes Image4; what else a rule may ask for it is not. */
static gboolean
is_met (const char *condition, plist_t value)
{
    static const char *const met[] = { "ApRawProductionMode", "ApCurrentProductionMode", "ApRawSecurityMode",
                                       "ApRequiresImage4", NULL };
    guint8 wanted = FALSE;

    if (!g_strv_contains (met, condition) || !PLIST_IS_BOOLEAN (value))
        return FALSE;
    plist_get_bool_val (value, &wanted);
    return wanted;
}

typedef gboolean (*Visit) (const char *key, plist_t value, gpointer data);

/* Returns: whether @visit said TRUE to everything in @dict */
static gboolean
visit_all (plist_t dict, Visit visit, gpointer data)
{
    g_autofree void *iter = NULL;
    gboolean good = TRUE;

    if (!PLIST_IS_DICT (dict))
        return TRUE;
    plist_dict_new_iter (dict, &iter);
    while (good) {
        char *key = NULL;
        plist_t value = NULL;

        plist_dict_next_item (dict, iter, &key, &value);
        if (value == NULL)
            return TRUE;
        good = visit (key, value, data);
        plist_mem_free (key);
    }
    return FALSE;
}

static gboolean
check_condition (const char *key, plist_t value, gpointer data)
{
    return is_met (key, value);
}

static gboolean
apply_action (const char *key, plist_t value, gpointer part)
{
    if (PLIST_IS_BOOLEAN (value))
        plist_dict_set_item (part, key, plist_copy (value));
    return TRUE;
}

static void
apply_rules (plist_t part, plist_t rules)
{
    guint n = PLIST_IS_ARRAY (rules) ? plist_array_get_size (rules) : 0;

    for (guint i = 0; i < n; i++) {
        plist_t rule = plist_array_get_item (rules, i);

        if (PLIST_IS_DICT (rule) && visit_all (plist_dict_get_item (rule, "Conditions"), check_condition, NULL))
            visit_all (plist_dict_get_item (rule, "Actions"), apply_action, part);
    }
}

/* The modem's and other chips' parts have requests of their own, late in the work. */
static gboolean
is_asked_for (const char *name, plist_t entry, plist_t info)
{
    static const char *const others[] = { "BasebandFirmware", "SE,UpdatePayload", "BaseSystem", "Diags", NULL };

    if (info == NULL || g_strv_contains (others, name) || pr_plist_get_answer (info, "IsFTAB") == PR_ANSWER_YES)
        return FALSE;
    return plist_dict_get_item (info, "RestoreRequestRules") != NULL ||
           pr_plist_get_answer (entry, "Trusted") == PR_ANSWER_YES;
}

static gboolean
add_part (const char *name, plist_t entry, gpointer request)
{
    plist_t info = pr_plist_get_item (entry, "Info", PLIST_DICT);
    plist_t rules, part;

    if (!is_asked_for (name, entry, info))
        return TRUE;
    rules = plist_dict_get_item (info, "RestoreRequestRules");
    part = plist_copy (entry);
    plist_dict_remove_item (part, "Info");
    if (rules != NULL) {
        apply_rules (part, rules);
    } else {
        set_flag (part, "EPRO", TRUE);
        set_flag (part, "ESEC", TRUE);
    }
    if (plist_dict_get_item (part, "Digest") == NULL && pr_plist_get_answer (entry, "Trusted") == PR_ANSWER_YES)
        plist_dict_set_item (part, "Digest", plist_new_data ("", 0));
    plist_dict_set_item (request, name, part);
    return TRUE;
}

/* --- The request --- */

static void
add_phone (plist_t request, const PrSigningTrial *trial, guint64 chip)
{
    gboolean is_short = is_among (chip, short_chips, G_N_ELEMENTS (short_chips));

    plist_dict_set_item (request, "ApECID", plist_new_uint (trial->ecid));
    set_flag (request, "ApProductionMode", TRUE);
    set_flag (request, "ApSecurityMode", TRUE);
    set_nonce (request, "ApNonce", is_short ? SHORT_NONCE : LONG_NONCE);
    set_nonce (request, "SepNonce", SHORT_NONCE);
}

static void
add_asker (plist_t request)
{
    g_autofree char *uuid = g_uuid_string_random ();
    g_autofree char *upper = g_ascii_strup (uuid, -1);

    set_flag (request, "@ApImg4Ticket", TRUE);
    plist_dict_set_item (request, "@HostPlatformInfo", plist_new_string ("mac"));
    plist_dict_set_item (request, "@VersionInfo", plist_new_string ("libauthinstall-973.40.2"));
    plist_dict_set_item (request, "@UUID", plist_new_string (upper));
}

static void
add_system (plist_t request, plist_t identity)
{
    static const char *const numbers[] = { "ApChipID", "ApBoardID", "ApSecurityDomain", "NeRDEpoch" };
    static const char *const items[] = { "UniqueBuildID", "Ap,OSLongVersion", "PearlCertificationRootPub" };
    plist_t info = pr_plist_get_item (identity, "Info", PLIST_DICT);

    for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
        copy_number (request, identity, numbers[i]);
    for (guint i = 0; i < G_N_ELEMENTS (items); i++)
        copy_item (request, identity, items[i]);
    if (pr_plist_get_answer (info, "RequiresUIDMode") == PR_ANSWER_YES) {
        set_flag (request, "UID_MODE", FALSE);
        plist_dict_set_item (request, "Ap,SikaFuse", plist_new_uint (0));
    }
    visit_all (plist_dict_get_item (identity, "Manifest"), add_part, request);
}

GBytes *
pr_signing_trial_write (const PrSigningTrial *trial, PrIpsw *ipsw, GError **error)
{
    g_autoptr (GBytes) text = pr_ipsw_dup_identity (ipsw, trial->board, trial->keep_data, error);
    gsize length = 0;
    const char *data = text != NULL ? g_bytes_get_data (text, &length) : NULL;
    g_auto (plist_t) identity = data != NULL ? pr_plist_from_memory (data, length) : NULL;
    g_auto (plist_t) request = NULL;
    guint64 chip = 0;

    if (text == NULL)
        return NULL;
    if (!read_number (identity, "ApChipID", &chip) || is_among (chip, old_chips, G_N_ELEMENTS (old_chips))) {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "the chip 0x%" G_GINT64_MODIFIER "x has no Image4",
                     chip);
        return NULL;
    }
    request = plist_new_dict ();
    add_asker (request);
    add_phone (request, trial, chip);
    add_system (request, identity);
    return pr_plist_to_bytes (request);
}

gboolean
pr_signing_trial_run (const PrSigningTrial *trial,
                      PrIpsw *ipsw,
                      PrWeb *web,
                      const char *server,
                      GCancellable *cancellable,
                      GError **error)
{
    g_autoptr (GBytes) request = pr_signing_trial_write (trial, ipsw, error);
    g_autoptr (GBytes) answer =
        request != NULL ? pr_signing_server_ask (web, server, request, cancellable, error) : NULL;
    int status = answer != NULL ? pr_signing_server_read_status (answer) : -1;

    if (answer == NULL)
        return FALSE;
    if (status <= 0 || status == PR_SIGNING_NOT_ELIGIBLE || status == PR_SIGNING_NOT_ELIGIBLE_EITHER)
        return pr_signing_server_is_granted (answer, error);
    /* our request may be at fault: a real one may fare better */
    g_set_error (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "the signing server says %d", status);
    return FALSE;
}
