// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-report.h"

#include "config.h"
#include "pr-operation-enums.h"
#include "pr-phone-enums.h"

#define MASK "•••"
#define SHORTEST_SECRET 4

/* Fifteen digits are the number of a modem (IMEI), whoever wrote them. */
#define IMEI "(?<![0-9])[0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{6}[ -]?[0-9](?![0-9])"

/* The start and length in bytes of the first place in @text that reads like @secret, whatever the case. */
static const char *
find_secret (const char *text, const char *secret, gsize *length)
{
    g_autofree char *wanted = g_utf8_casefold (secret, -1);
    glong n_letters = g_utf8_strlen (secret, -1);

    for (const char *at = text; *at; at = g_utf8_next_char (at)) {
        const char *end = at;
        g_autofree char *there = NULL;
        for (glong i = 0; i < n_letters && *end; i++)
            end = g_utf8_next_char (end);
        there = g_utf8_casefold (at, end - at);
        if (!g_str_equal (there, wanted))
            continue;
        *length = end - at;
        return at;
    }
    return NULL;
}

static gboolean
is_in_word (const char *text, const char *start, const char *end)
{
    return (start > text && g_unichar_isalnum (g_utf8_get_char (g_utf8_prev_char (start)))) ||
           (*end && g_unichar_isalnum (g_utf8_get_char (end)));
}

/* A short one is only masked where it is a word of its own. */
static void
mask_one (GString *text, const char *secret)
{
    gboolean is_short = g_utf8_strlen (secret, -1) < SHORTEST_SECRET;
    gsize length;
    gsize from = 0;
    const char *found;

    while ((found = find_secret (text->str + from, secret, &length))) {
        gsize position = found - text->str;
        if (is_short && is_in_word (text->str, found, found + length)) {
            from = position + length;
            continue;
        }
        g_string_erase (text, position, length);
        g_string_insert (text, position, MASK);
        from = position + strlen (MASK);
    }
}

char *
pr_report_mask (const char *text, const char *const *secrets)
{
    g_autoptr (GRegex) imei = g_regex_new (IMEI, 0, 0, NULL);
    g_autoptr (GString) masked = g_string_new (text);

    for (; *secrets; secrets++)
        mask_one (masked, *secrets);
    return g_regex_replace_literal (imei, masked->str, -1, 0, MASK, 0, NULL);
}

static void
add_secret (GPtrArray *secrets, char *secret)
{
    if (secret && *secret)
        g_ptr_array_add (secrets, secret);
    else
        g_free (secret);
}

/* Every way in which the tools write who this phone is. */
static GPtrArray *
collect_secrets (PrPhone *phone)
{
    GPtrArray *secrets = g_ptr_array_new_with_free_func (g_free);
    guint64 ecid = phone ? pr_phone_get_ecid (phone) : 0;
    const char *udid = phone ? pr_phone_get_udid (phone) : NULL;
    g_auto (GStrv) parts = g_strsplit (udid ? udid : "", "-", -1);

    add_secret (secrets, phone ? g_strdup (pr_phone_get_name (phone)) : NULL);
    add_secret (secrets, phone ? g_strdup (pr_phone_get_serial (phone)) : NULL);
    add_secret (secrets, g_strdup (udid));
    add_secret (secrets, g_strjoinv (NULL, parts));
    if (ecid) {
        add_secret (secrets, g_strdup_printf ("%016" G_GINT64_MODIFIER "x", ecid));
        add_secret (secrets, g_strdup_printf ("%" G_GINT64_MODIFIER "x", ecid));
        add_secret (secrets, g_strdup_printf ("%" G_GUINT64_FORMAT, ecid));
    }
    add_secret (secrets, g_strdup (g_get_home_dir ()));
    g_ptr_array_add (secrets, NULL);
    return secrets;
}

const char *
pr_report_nick (GType type, int value)
{
    g_autoptr (GEnumClass) klass = g_type_class_ref (type);
    GEnumValue *found = g_enum_get_value (klass, value);

    return found ? found->value_nick : "?";
}

static void
append_phone (GString *text, PrPhone *phone)
{
    g_string_append_printf (text, "phone: %s, system %s, mode %s, hubs %d, speed %d Mbit/s\n",
                            pr_phone_get_product_type (phone) ? pr_phone_get_product_type (phone) : "not known",
                            pr_phone_get_version (phone) ? pr_phone_get_version (phone) : "not known",
                            pr_report_nick (PR_TYPE_PHONE_MODE, pr_phone_get_mode (phone)),
                            pr_phone_get_hub_depth (phone), pr_phone_get_speed (phone));
}

char *
pr_report_create (PrOperation *operation, const char *action)
{
    PrPhone *phone = pr_operation_get_phone (operation);
    const GError *error = pr_operation_get_error (operation);
    const PrFinding *fault = pr_operation_get_link_fault (operation);
    g_autoptr (GPtrArray) secrets = collect_secrets (phone);
    g_autoptr (GString) text = g_string_new ("Phone Reset " PR_VERSION "\n");

    if (phone)
        append_phone (text, phone);
    g_string_append_printf (text, "%s: %s at %.0f %%\n", action,
                            pr_report_nick (PR_TYPE_OPERATION_STATE, pr_operation_get_state (operation)),
                            pr_operation_get_fraction (operation) * 100);
    if (error)
        g_string_append_printf (text, "error: %s: %s\n",
                                error->domain == PR_ERROR ? pr_error_get_nick (error->code) : "stopped",
                                error->message);
    if (fault)
        g_string_append_printf (text, "link: %s, %u times\n", pr_report_nick (PR_TYPE_FINDING_KIND, (int) fault->kind),
                                fault->count);
    g_string_append_printf (text, "\n%s", pr_operation_get_detail (operation));
    return pr_report_mask (text->str, (const char *const *) secrets->pdata);
}
