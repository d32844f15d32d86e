// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-check.h"
#include "pr-error.h"
#include "pr-operation-enums.h"

/* A phone in normal mode that trusts this computer and about which nothing else is known. */
static PrPhone *
make_phone (void)
{
    return g_object_new (PR_TYPE_PHONE, "mode", PR_PHONE_MODE_NORMAL, "trust", PR_TRUST_TRUSTED, NULL);
}

static GDateTime *
hours_ago (int hours)
{
    g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

    return g_date_time_add_hours (now, -hours);
}

static void
assert_check (PrCheckKind kind, PrPhone *phone, PrCheckState expected, int code)
{
    g_autoptr (GError) error = NULL;

    g_assert_cmpint (pr_check_judge_phone (kind, phone, TRUE, &error), ==, expected);
    if (code < 0)
        g_assert_no_error (error);
    else
        g_assert_error (error, PR_ERROR, code);
}

/* Guard rail 12: what nobody read is never good. */
static void
test_unknown (void)
{
    static const PrCheckKind kinds[] = {
        PR_CHECK_ACCESS, PR_CHECK_BACKUP, PR_CHECK_FIND_MY, PR_CHECK_SUPERVISION, PR_CHECK_BATTERY, PR_CHECK_LINK,
    };
    g_autoptr (PrPhone) phone = make_phone ();

    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
        assert_check (kinds[i], phone, PR_CHECK_NOT_KNOWN, -1);
}

/* What was read in normal mode is not taken for true once the phone is in recovery mode. */
static void
test_recovery (void)
{
    g_autoptr (PrPhone) phone = make_phone ();

    g_object_set (phone, "find-my", PR_ANSWER_NO, "supervised", PR_ANSWER_NO, "battery", 90, NULL);
    assert_check (PR_CHECK_FIND_MY, phone, PR_CHECK_GOOD, -1);
    g_object_set (phone, "mode", PR_PHONE_MODE_RECOVERY, NULL);
    assert_check (PR_CHECK_FIND_MY, phone, PR_CHECK_NOT_KNOWN, -1);
    assert_check (PR_CHECK_SUPERVISION, phone, PR_CHECK_NOT_KNOWN, -1);
    assert_check (PR_CHECK_BATTERY, phone, PR_CHECK_NOT_KNOWN, -1);
    assert_check (PR_CHECK_TRUST, phone, PR_CHECK_GOOD, -1);
}

static void
test_trust (void)
{
    static const struct {
        PrTrust trust;
        PrCheckState state;
        int code;
    } cases[] = {
        { PR_TRUST_TRUSTED, PR_CHECK_GOOD, -1 },
        { PR_TRUST_UNKNOWN, PR_CHECK_PENDING, -1 },
        { PR_TRUST_NEVER, PR_CHECK_BLOCKING, PR_ERROR_TRUST_PENDING },
        { PR_TRUST_WAITING, PR_CHECK_BLOCKING, PR_ERROR_TRUST_PENDING },
        { PR_TRUST_REFUSED, PR_CHECK_BLOCKING, PR_ERROR_NOT_TRUSTED },
        { PR_TRUST_LOCKED, PR_CHECK_BLOCKING, PR_ERROR_LOCKED },
        { PR_TRUST_STALE, PR_CHECK_BLOCKING, PR_ERROR_STALE_PAIRING },
    };
    g_autoptr (PrPhone) phone = make_phone ();

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_object_set (phone, "trust", cases[i].trust, NULL);
        assert_check (PR_CHECK_TRUST, phone, cases[i].state, cases[i].code);
    }
}

/* Where it need not be asked, trust is no matter; where it is not, nothing is known of it. */
static void
test_trust_elsewhere (void)
{
    static const struct {
        PrPhoneMode mode;
        PrCheckState state;
    } cases[] = {
        { PR_PHONE_MODE_RECOVERY, PR_CHECK_GOOD },
        { PR_PHONE_MODE_DFU, PR_CHECK_GOOD },
        { PR_PHONE_MODE_GONE, PR_CHECK_PENDING },
        { PR_PHONE_MODE_RESTORE, PR_CHECK_PENDING },
    };
    g_autoptr (PrPhone) phone = make_phone ();

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_object_set (phone, "mode", cases[i].mode, NULL);
        assert_check (PR_CHECK_TRUST, phone, cases[i].state, -1);
    }
}

static void
test_battery (void)
{
    static const struct {
        int battery;
        PrAnswer charging;
        PrCheckState state;
    } cases[] = {
        { 82, PR_ANSWER_NO, PR_CHECK_GOOD },       { 30, PR_ANSWER_NO, PR_CHECK_GOOD },
        { 29, PR_ANSWER_NO, PR_CHECK_WARNING },    { 29, PR_ANSWER_UNKNOWN, PR_CHECK_WARNING },
        { 29, PR_ANSWER_YES, PR_CHECK_GOOD },      { 5, PR_ANSWER_YES, PR_CHECK_WARNING },
        { -1, PR_ANSWER_YES, PR_CHECK_NOT_KNOWN },
    };
    g_autoptr (PrPhone) phone = make_phone ();

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_object_set (phone, "battery", cases[i].battery, "charging", cases[i].charging, NULL);
        assert_check (PR_CHECK_BATTERY, phone, cases[i].state, -1);
    }
}

static void
test_backup (void)
{
    g_autoptr (PrPhone) phone = make_phone ();
    g_autoptr (GDateTime) old = hours_ago (13);
    g_autoptr (GDateTime) fresh = hours_ago (11);
    g_autoptr (GDateTime) coming = hours_ago (-1);

    g_object_set (phone, "last-cloud-backup", old, NULL);
    assert_check (PR_CHECK_BACKUP, phone, PR_CHECK_WARNING, -1);
    g_object_set (phone, "last-cloud-backup", coming, NULL);
    assert_check (PR_CHECK_BACKUP, phone, PR_CHECK_WARNING, -1);
    /* what it says of a computer nobody can look at here */
    g_object_set (phone, "last-computer-backup", fresh, NULL);
    assert_check (PR_CHECK_BACKUP, phone, PR_CHECK_NOT_KNOWN, -1);
    g_object_set (phone, "last-cloud-backup", fresh, NULL);
    assert_check (PR_CHECK_BACKUP, phone, PR_CHECK_GOOD, -1);
}

/* A phone that is set up, that says it is not, that says nothing, and one that Apple has not activated. */
static void
test_setup (void)
{
    static const struct {
        PrAnswer activated, set_up;
        PrCheckState state;
        int code;
    } cases[] = {
        { PR_ANSWER_YES, PR_ANSWER_YES, PR_CHECK_GOOD, -1 },
        { PR_ANSWER_UNKNOWN, PR_ANSWER_YES, PR_CHECK_GOOD, -1 },
        { PR_ANSWER_YES, PR_ANSWER_NO, PR_CHECK_BLOCKING, PR_ERROR_SETUP_UNFINISHED },
        { PR_ANSWER_YES, PR_ANSWER_UNKNOWN, PR_CHECK_NOT_KNOWN, PR_ERROR_SETUP_UNFINISHED },
        { PR_ANSWER_NO, PR_ANSWER_YES, PR_CHECK_BLOCKING, PR_ERROR_NOT_ACTIVATED },
        { PR_ANSWER_NO, PR_ANSWER_UNKNOWN, PR_CHECK_BLOCKING, PR_ERROR_NOT_ACTIVATED },
    };
    g_autoptr (PrPhone) phone = make_phone ();

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_object_set (phone, "activated", cases[i].activated, "set-up", cases[i].set_up, NULL);
        assert_check (PR_CHECK_SETUP, phone, cases[i].state, cases[i].code);
    }
}

/* On and off are both good, and the row says which; only what nobody read is not known. */
static void
test_encryption (void)
{
    g_autoptr (PrPhone) phone = make_phone ();

    assert_check (PR_CHECK_ENCRYPTION, phone, PR_CHECK_NOT_KNOWN, -1);
    g_object_set (phone, "encrypts", PR_ANSWER_NO, NULL);
    assert_check (PR_CHECK_ENCRYPTION, phone, PR_CHECK_GOOD, -1);
    g_object_set (phone, "encrypts", PR_ANSWER_YES, NULL);
    assert_check (PR_CHECK_ENCRYPTION, phone, PR_CHECK_GOOD, -1);
}

static void
test_others (void)
{
    g_autoptr (PrPhone) phone = make_phone ();

    g_object_set (phone, "find-my", PR_ANSWER_YES, "supervised", PR_ANSWER_YES, "recovery-access", PR_ACCESS_REFUSED,
                  NULL);
    assert_check (PR_CHECK_FIND_MY, phone, PR_CHECK_WARNING, -1);
    assert_check (PR_CHECK_SUPERVISION, phone, PR_CHECK_WARNING, -1);
    assert_check (PR_CHECK_ACCESS, phone, PR_CHECK_BLOCKING, PR_ERROR_NO_USB_PERMISSION);
    assert_check (PR_CHECK_UNSEEN, phone, PR_CHECK_WARNING, -1);
    g_object_set (phone, "recovery-access", PR_ACCESS_GOOD, NULL);
    assert_check (PR_CHECK_ACCESS, phone, PR_CHECK_GOOD, -1);
}

static void
set_finding (PrPhone *phone, PrFindingKind kind, guint count)
{
    g_autoptr (GArray) findings = g_array_new (FALSE, FALSE, sizeof (PrFinding));
    PrFinding finding = { .kind = kind, .count = count };

    g_array_append_val (findings, finding);
    g_object_set (phone, "findings", findings, NULL);
}

/* What stands against a transfer warns; what is the phone's own state, or only good to know, does not. */
static void
test_link (void)
{
    g_autoptr (PrPhone) phone = make_phone ();

    g_object_set (phone, "hub-depth", 0, NULL);
    for (PrFindingKind kind = 0; kind < PR_N_FINDINGS; kind++) {
        gboolean blocks = kind == PR_FINDING_NO_POWER || kind == PR_FINDING_HELD;
        gboolean warns = kind == PR_FINDING_OVER_CURRENT || kind == PR_FINDING_LOOSE_CONTACT ||
                         kind == PR_FINDING_TWO_DAEMONS || kind == PR_FINDING_HUBS || kind == PR_FINDING_SLOW;
        set_finding (phone, kind, 2);
        assert_check (PR_CHECK_LINK, phone, blocks ? PR_CHECK_BLOCKING : warns ? PR_CHECK_WARNING : PR_CHECK_GOOD, -1);
    }
    g_object_set (phone, "findings", NULL, "hub-depth", -1, NULL);
    assert_check (PR_CHECK_LINK, phone, PR_CHECK_NOT_KNOWN, -1);
}

/* Two hubs are only said; three must be accepted, and who accepted three has not accepted four. What forbids a transfer
 * is not accepted at all. */
static void
test_link_consent (void)
{
    g_autoptr (PrCheck) check = pr_check_new (PR_CHECK_LINK);
    PrFinding two = { .kind = PR_FINDING_HUBS, .count = 2 }, three = { .kind = PR_FINDING_HUBS, .count = 3 };
    PrFinding four = { .kind = PR_FINDING_HUBS, .count = 4 }, held = { .kind = PR_FINDING_HELD, .count = 1 };

    pr_check_set (check, PR_CHECK_WARNING, NULL, &two);
    g_assert_true (pr_check_is_settled (check));
    pr_check_set (check, PR_CHECK_WARNING, NULL, &three);
    g_assert_false (pr_check_is_settled (check));
    pr_check_set_accepted (check, TRUE);
    pr_check_set (check, PR_CHECK_WARNING, NULL, &three);
    g_assert_true (pr_check_is_settled (check));
    pr_check_set (check, PR_CHECK_WARNING, NULL, &four);
    g_assert_false (pr_check_is_settled (check));
    g_assert_cmpuint (pr_check_get_finding (check)->count, ==, 4);
    pr_check_set (check, PR_CHECK_BLOCKING, NULL, &held);
    pr_check_set_accepted (check, TRUE);
    g_assert_false (pr_check_is_settled (check));
    pr_check_set (check, PR_CHECK_GOOD, NULL, NULL);
    g_assert_null (pr_check_get_finding (check));
}

/* Consent is to what was shown: it does not carry over to another finding, and it never opens a blocker. */
static void
test_consent (void)
{
    g_autoptr (PrCheck) check = pr_check_new (PR_CHECK_FIND_MY);
    g_autoptr (GError) error = g_error_new_literal (PR_ERROR, PR_ERROR_LOCKED, "");

    pr_check_set (check, PR_CHECK_NOT_KNOWN, NULL, NULL);
    g_assert_false (pr_check_is_settled (check));
    pr_check_set_accepted (check, TRUE);
    g_assert_true (pr_check_is_settled (check));
    pr_check_set (check, PR_CHECK_NOT_KNOWN, NULL, NULL);
    g_assert_true (pr_check_is_settled (check));
    pr_check_set (check, PR_CHECK_WARNING, NULL, NULL);
    g_assert_false (pr_check_is_settled (check));
    pr_check_set (check, PR_CHECK_BLOCKING, error, NULL);
    pr_check_set_accepted (check, TRUE);
    g_assert_false (pr_check_is_settled (check));
    pr_check_set (check, PR_CHECK_GOOD, NULL, NULL);
    g_assert_true (pr_check_is_settled (check));
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/check/unknown", test_unknown);
    g_test_add_func ("/check/recovery", test_recovery);
    g_test_add_func ("/check/trust", test_trust);
    g_test_add_func ("/check/trust-elsewhere", test_trust_elsewhere);
    g_test_add_func ("/check/battery", test_battery);
    g_test_add_func ("/check/backup", test_backup);
    g_test_add_func ("/check/setup", test_setup);
    g_test_add_func ("/check/encryption", test_encryption);
    g_test_add_func ("/check/others", test_others);
    g_test_add_func ("/check/link", test_link);
    g_test_add_func ("/check/link-consent", test_link_consent);
    g_test_add_func ("/check/consent", test_consent);
    return g_test_run ();
}
