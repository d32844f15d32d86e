/* What a report tells, and what it must not: who the phone and the person are.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-operation-private.h"
#include "pr-report.h"

#define ECID G_GUINT64_CONSTANT (0x001122334455667a)
#define UDID "00008110-001122334455667A"

#define TYPE_TALK (talk_get_type ())
G_DECLARE_FINAL_TYPE (Talk, talk, TEST, TALK, PrOperation)

/* A job that says what the tools say, and fails. */
struct _Talk {
    PrOperation parent_instance;
};

static const PrStep steps[] = { { "Only", "", "", 1, 0 } };

static const char *const secrets[] = {
    "Anna’s iPhone",
    "ANNA’S IPHONE",
    "F17VIRTUAL01",
    "f17virtual01",
    UDID,
    "00008110001122334455667A",
    "0x1122334455667a",
    "001122334455667A",
    "4822678189205114",
    "350000000000006",
    "35-000000-000000-6",
};

G_DEFINE_FINAL_TYPE (Talk, talk, PR_TYPE_OPERATION)

static gboolean
talk_run (PrOperation *operation, GCancellable *cancellable, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++) {
        g_autofree char *line = g_strdup_printf ("<%s> was said", secrets[i]);
        pr_operation_add_detail (operation, line);
    }
    g_autofree char *home = g_build_filename (g_get_home_dir (), "Downloads", "system.ipsw", NULL);
    pr_operation_add_detail (operation, home);
    pr_operation_add_detail (operation, "progress: 5 0.300000, component 1234567890123456789");
    g_set_error (error, PR_ERROR, PR_ERROR_PHONE_GAVE_UP, "%s gave up", UDID);
    return FALSE;
}

static void
talk_class_init (TalkClass *klass)
{
    PR_OPERATION_CLASS (klass)->steps = steps;
    PR_OPERATION_CLASS (klass)->n_steps = G_N_ELEMENTS (steps);
    PR_OPERATION_CLASS (klass)->run = talk_run;
}

static void
talk_init (Talk *self)
{
}

static PrOperation *
run_talk (void)
{
    g_autoptr (PrPhone) phone = g_object_new (PR_TYPE_PHONE, "ecid", ECID, "udid", UDID, "name", "Anna’s iPhone",
                                              "serial", "F17VIRTUAL01", "product-type", "iPhone14,7", NULL);
    PrOperation *operation = g_object_new (TYPE_TALK, "phone", phone, NULL);

    pr_operation_start (operation);
    while (!pr_operation_is_over (operation))
        g_main_context_iteration (NULL, TRUE);
    return operation;
}

static void
test_report (void)
{
    g_autoptr (PrOperation) operation = run_talk ();
    g_autofree char *report = pr_report_create (operation, "restore");
    g_autofree char *folded = g_utf8_casefold (report, -1);

    g_test_message ("%s", report);
    for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++) {
        g_autofree char *secret = g_utf8_casefold (secrets[i], -1);
        g_assert_null (strstr (folded, secret));
    }
    g_assert_null (strstr (folded, "1122334455667a"));
    g_assert_null (strstr (report, g_get_home_dir ()));
    g_assert_nonnull (strstr (report, "•••/Downloads/system.ipsw"));
    g_assert_nonnull (strstr (report, "phone: iPhone14,7"));
    g_assert_nonnull (strstr (report, "error: phone-gave-up: ••• gave up"));
    g_assert_nonnull (strstr (report, "1234567890123456789"));
}

static const struct {
    const char *text;
    const char *secret;
    const char *masked;
} words[] = {
    { "Jo said that jobs are done by JO, (jo)", "Jo", "••• said that jobs are done by •••, (•••)" },
    { "a phone of Ö", "ö", "a phone of •••" },
    { "nothing here", "Anna", "nothing here" },
    { "AnnaAnna", "anna", "••••••" },
    { "IMEI 350000000000006.", "x", "IMEI •••." },
};

/* Short names are masked as words, and do not spoil what they are a part of. */
static void
test_words (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
        const char *secret[] = { words[i].secret, NULL };
        g_autofree char *masked = pr_report_mask (words[i].text, secret);
        g_assert_cmpstr (masked, ==, words[i].masked);
    }
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/report/whole", test_report);
    g_test_add_func ("/report/words", test_words);
    return g_test_run ();
}
