// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-report.h"

#include "config.h"
#include "pr-operation-enums.h"
#include "pr-phone-enums.h"

#define MASK "•••"
#define SHORTEST_SECRET 4

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

static void
mask_one (GString *text, const char *secret)
{
    gsize length;
    gsize from = 0;
    const char *found;

    while ((found = find_secret (text->str + from, secret, &length))) {
        gsize position = found - text->str;
        g_string_erase (text, position, length);
        g_string_insert (text, position, MASK);
        from = position + strlen (MASK);
    }
}

char *
pr_report_mask (const char *text, const char *const *secrets)
{
    GString *masked = g_string_new (text);

    for (; *secrets; secrets++)
        if (g_utf8_strlen (*secrets, -1) >= SHORTEST_SECRET)
            mask_one (masked, *secrets);
    return g_string_free_and_steal (masked);
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
    guint64 ecid = pr_phone_get_ecid (phone);
    char *udid = g_strdup (pr_phone_get_udid (phone));

    add_secret (secrets, g_strdup (pr_phone_get_name (phone)));
    add_secret (secrets, g_strdup (pr_phone_get_serial (phone)));
    add_secret (secrets, udid);
    add_secret (secrets, udid ? g_strdelimit (g_strdup (udid), "-", '\n') : NULL);
    if (ecid) {
        add_secret (secrets, g_strdup_printf ("%016" G_GINT64_MODIFIER "x", ecid));
        add_secret (secrets, g_strdup_printf ("%" G_GINT64_MODIFIER "x", ecid));
        add_secret (secrets, g_strdup_printf ("%" G_GUINT64_FORMAT, ecid));
    }
    add_secret (secrets, g_strdup (g_get_home_dir ()));
    g_ptr_array_add (secrets, NULL);
    return secrets;
}

static const char *
nick_of (GType type, int value)
{
    g_autoptr (GEnumClass) klass = g_type_class_ref (type);
    GEnumValue *found = g_enum_get_value (klass, value);

    return found ? found->value_nick : "?";
}

char *
pr_report_create (PrOperation *operation, const char *action)
{
    PrPhone *phone = pr_operation_get_phone (operation);
    const GError *error = pr_operation_get_error (operation);
    g_autoptr (GPtrArray) secrets = collect_secrets (phone);
    g_autoptr (GString) text = g_string_new ("Phone Reset " PR_VERSION "\n");

    g_string_append_printf (text, "phone: %s, system %s, mode %s, hubs %d, speed %d Mbit/s\n",
                            pr_phone_get_product_type (phone) ? pr_phone_get_product_type (phone) : "not known",
                            pr_phone_get_version (phone) ? pr_phone_get_version (phone) : "not known",
                            nick_of (PR_TYPE_PHONE_MODE, pr_phone_get_mode (phone)), pr_phone_get_hub_depth (phone),
                            pr_phone_get_speed (phone));
    g_string_append_printf (text, "%s: %s at %.0f %%\n", action,
                            nick_of (PR_TYPE_OPERATION_STATE, pr_operation_get_state (operation)),
                            pr_operation_get_fraction (operation) * 100);
    if (error)
        g_string_append_printf (text, "error: %s: %s\n",
                                error->domain == PR_ERROR ? pr_error_get_nick (error->code) : "stopped",
                                error->message);
    g_string_append_printf (text, "\n%s", pr_operation_get_detail (operation));
    return pr_report_mask (text->str, (const char *const *) secrets->pdata);
}
