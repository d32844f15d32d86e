/* Removing a configuration profile, asserted on the phone's side: what it was asked, what is gone, and what is left.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "clock.h"
#include "job.h"
#include "pr-erase.h"
#include "pr-read-profiles.h"
#include "pr-remove-profile.h"

#include <string.h>

#define MDM "com.example.office.mdm"
#define VPN "org.example.privacy.vpn"
#define CAFE "org.example.cafe"
#define FIXED "com.example.office.limits"
#define LIMIT 60

/* --- What it has --- */

typedef struct {
    PrProfileList *list;
    GError *error;
} Answer;

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    Answer *answer = data;

    answer->list = pr_read_profiles_finish (PR_PHONE (source), result, &answer->error);
}

static gboolean
is_answered (gpointer data)
{
    Answer *answer = data;

    return answer->list || answer->error;
}

/* Returns: NULL where it ended with @code */
static PrProfileList *
read_list (PrPhone *phone, int code)
{
    Answer answer = { 0 };

    pr_read_profiles (phone, NULL, read_cb, &answer);
    g_assert_true (pr_test_run_until (is_answered, &answer, 20));
    if (code >= 0)
        g_assert_error (answer.error, PR_ERROR, code);
    else
        g_assert_no_error (answer.error);
    g_clear_error (&answer.error);
    return answer.list;
}

static void
assert_profiles (PrPhone *phone, const char *const *identifiers)
{
    g_autoptr (PrProfileList) list = read_list (phone, -1);

    g_assert_cmpuint (list->profiles->len, ==, g_strv_length ((char **) identifiers));
    for (guint i = 0; identifiers[i]; i++)
        g_assert_cmpstr (((PrProfile *) list->profiles->pdata[i])->identifier, ==, identifiers[i]);
}

static PrProfile *
find (PrPhone *phone, const char *identifier)
{
    g_autoptr (PrProfileList) list = read_list (phone, -1);
    PrProfile *profile = pr_profile_find (list->profiles, identifier);

    g_assert_nonnull (profile);
    return pr_profile_ref (profile);
}

static const char *const all[] = { MDM, VPN, CAFE, FIXED, NULL };

static void
test_list (void)
{
    static const struct {
        const char *name, *organization;
        PrProfileKind kind;
        PrAnswer removable;
    } rows[] = {
        { "Remote Management", "Example Office Ltd", PR_PROFILE_MANAGEMENT, PR_ANSWER_YES },
        { "Privacy VPN", "Privacy Example", PR_PROFILE_VPN, PR_ANSWER_YES },
        { "Café Network", NULL, PR_PROFILE_OTHER, PR_ANSWER_YES },
        { "Office Rules", "Example Office Ltd", PR_PROFILE_OTHER, PR_ANSWER_NO },
    };
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("profiles"));
    PrPhone *phone = job_expect_phone (desk);
    g_autoptr (PrProfileList) list = read_list (phone, -1);

    g_assert_cmpint (list->apps, ==, 5);
    g_assert_cmpuint (list->profiles->len, ==, G_N_ELEMENTS (rows));
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        const PrProfile *profile = list->profiles->pdata[i];

        g_assert_cmpstr (profile->identifier, ==, all[i]);
        g_assert_cmpstr (profile->name, ==, rows[i].name);
        g_assert_cmpstr (profile->organization, ==, rows[i].organization);
        g_assert_cmpint (profile->kind, ==, rows[i].kind);
        g_assert_cmpint (profile->removable, ==, rows[i].removable);
        g_assert_cmpint (pr_profile_may_go (profile), ==, rows[i].removable == PR_ANSWER_YES);
    }
}

/* --- Lists that no phone sends --- */

static gboolean
is_on_one_line (const char *text)
{
    return g_utf8_strlen (text, -1) <= 64 && !strpbrk (text, "\n\r\a") && !strstr (text, "\u202e");
}

static const PrProfile *
assert_one (PrProfileList *list, guint i, const char *identifier, const char *name)
{
    const PrProfile *profile;

    g_assert_cmpuint (i, <, list->profiles->len);
    profile = list->profiles->pdata[i];
    g_assert_cmpstr (profile->identifier, ==, identifier);
    if (name)
        g_assert_cmpstr (profile->name, ==, name);
    g_assert_true (is_on_one_line (profile->name));
    return profile;
}

static void
check_long (PrProfileList *list)
{
    const PrProfile *profile = assert_one (list, 0, "org.example.long", NULL);

    g_assert_cmpuint (list->profiles->len, ==, 1);
    g_assert_false (pr_profile_may_go (profile)); /* its UUID is none */
}

static void
check_types (PrProfileList *list)
{
    const PrProfile *profile = assert_one (list, 0, "org.example.types", "Of Other Types");

    g_assert_cmpuint (list->profiles->len, ==, 3);
    g_assert_null (profile->uuid);
    g_assert_null (profile->organization);
    g_assert_cmpint (profile->removable, ==, PR_ANSWER_UNKNOWN);
    g_assert_false (pr_profile_may_go (profile));
    assert_one (list, 1, "org.example.array", "org.example.array");
    assert_one (list, 2, "org.example.nowhere", "org.example.nowhere");
}

static void
check_controls (PrProfileList *list)
{
    const PrProfile *profile = assert_one (list, 0, "org.example.controls", "<b>Good</b>liforP");

    g_assert_cmpuint (list->profiles->len, ==, 1);
    g_assert_cmpint (profile->removable, ==, PR_ANSWER_UNKNOWN);
    g_assert_true (pr_profile_may_go (profile)); /* the phone may say no */
}

static void
test_hostile (void)
{
    static const struct {
        const char *kind;
        void (*check) (PrProfileList *); /* NULL: all of it is refused */
    } rows[] = {
        { "many", NULL },
        { "no-list", NULL },
        { "long", check_long },
        { "types", check_types },
        { "controls", check_controls },
    };
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("profiles"));
    PrPhone *phone = job_expect_phone (desk);

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (PrProfileList) list = NULL;

        g_test_message ("%s", rows[i].kind);
        pr_test_phone_tell (desk->virtual, "fault profiles-hostile %s", rows[i].kind);
        list = read_list (phone, rows[i].check ? -1 : PR_ERROR_BAD_ANSWER);
        if (rows[i].check)
            rows[i].check (list);
    }
}

/* --- Removing --- */

static PrConfirmation *
confirm (guint64 ecid, const PrProfile *profile)
{
    g_autofree char *key = pr_profile_dup_key (profile);

    return pr_confirmation_new (ecid, PR_REMOVE_PROFILE_ACTION, key, "Anna", "anna", TRUE);
}

static PrOperation *
make (PrPhone *phone, PrProfile *profile)
{
    g_autoptr (PrConfirmation) confirmation = confirm (DESK_ECID, profile);

    return pr_remove_profile_new (phone, profile, confirmation);
}

static guint
count_requests (Desk *desk)
{
    return pr_test_phone_log_count (desk->virtual, "profile-request", NULL);
}

static int
remove_one (PrPhone *phone, const char *identifier)
{
    g_autoptr (PrProfile) profile = find (phone, identifier);
    g_autoptr (PrOperation) operation = make (phone, profile);

    pr_operation_start (operation);
    g_assert_cmpint (job_wait (operation, LIMIT), ==, JOB_DONE);
    return pr_remove_profile_get_apps_gone (PR_REMOVE_PROFILE (operation));
}

/* One request each; what a management profile brought goes with it, and nothing else does. */
static void
test_removed (void)
{
    static const char *const left[] = { CAFE, FIXED, NULL };
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("profiles"));
    PrPhone *phone = job_expect_phone (desk);
    g_autoptr (PrProfile) vpn = find (phone, VPN);

    g_assert_cmpint (remove_one (phone, VPN), ==, 0);
    g_assert_cmpint (remove_one (phone, MDM), ==, 2);
    g_assert_cmpuint (count_requests (desk), ==, 2);
    g_assert_true (pr_test_phone_log_has (desk->virtual, "profile-removed", "identifier", VPN, NULL));
    g_assert_true (pr_test_phone_log_has (desk->virtual, "profile-removed", "identifier", MDM, NULL));
    g_assert_cmpuint (pr_test_phone_log_count (desk->virtual, "app-removed", NULL), ==, 2);
    assert_profiles (phone, left);
    job_run (make (phone, vpn), JOB_DONE, LIMIT); /* gone already: nothing is asked for */
    g_assert_cmpuint (count_requests (desk), ==, 2);
}

/* Without a fresh confirmation for just this phone and this profile nothing is sent. */
static void
assert_unconfirmed (PrPhone *phone, PrProfile *vpn)
{
    g_autoptr (PrProfile) mdm = find (phone, MDM);
    g_autoptr (PrConfirmation) other_phone = confirm (DESK_ECID + 1, vpn);
    g_autoptr (PrConfirmation) other_profile = confirm (DESK_ECID, mdm), old = confirm (DESK_ECID, vpn);
    g_autoptr (PrConfirmation) erase = pr_confirmation_new (DESK_ECID, "erase", NULL, "Anna", "anna", TRUE);

    job_run (pr_remove_profile_new (phone, vpn, NULL), PR_ERROR_NOT_CONFIRMED, LIMIT);
    job_run (pr_remove_profile_new (phone, vpn, erase), PR_ERROR_NOT_CONFIRMED, LIMIT);
    job_run (pr_remove_profile_new (phone, vpn, other_profile), PR_ERROR_NOT_CONFIRMED, LIMIT);
    job_run (pr_remove_profile_new (phone, vpn, other_phone), PR_ERROR_WRONG_PHONE, LIMIT);
    clock_put_forward (61);
    job_run (pr_remove_profile_new (phone, vpn, old), PR_ERROR_NOT_CONFIRMED, LIMIT);
}

/* Nor for one that the phone does not let go, for one that was made anew meanwhile, or to another phone that has the
 * same name and port. */
static void
test_not_sent (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("profiles"));
    PrPhone *phone = job_expect_phone (desk);
    g_autoptr (PrProfile) vpn = find (phone, VPN), fixed = find (phone, FIXED);
    g_autoptr (PrProfile) other = pr_profile_new (VPN, NULL);

    assert_unconfirmed (phone, vpn);
    job_run (make (phone, fixed), PR_ERROR_PROFILE_KEPT, LIMIT);
    job_run (make (phone, other), PR_ERROR_NOT_CONFIRMED, LIMIT);
    pr_test_phone_tell (desk->virtual, "set UniqueChipID 4822678189205112");
    job_run (make (phone, vpn), PR_ERROR_WRONG_PHONE, LIMIT);
    g_assert_cmpuint (count_requests (desk), ==, 0);
    assert_profiles (phone, all);
}

/* What an organisation has enrolled is back after an erase, and nothing else is. */
static void
test_erased (void)
{
    static const char *const left[] = { "org.example.school.mdm", NULL };
    static const char text[] = "[profiles]\nmdm=org.example.school.mdm\nwifi=org.example.cafe\n"
                               "[profile-mdm]\nenrolled=true\n[pace]\nscale=0.2\n";
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start_text (text));
    PrPhone *phone = job_expect_phone (desk);
    g_autoptr (PrConfirmation) confirmation = pr_confirmation_new (DESK_ECID, "erase", NULL, "Anna", "anna", TRUE);

    job_run (pr_erase_new (phone, FALSE, FALSE, confirmation), JOB_DONE, LIMIT);
    g_assert_cmpint (pr_test_phone_run (desk->virtual, "idevicepair pair", NULL, NULL), ==, 0);
    assert_profiles (phone, left);
}

static const struct {
    const char *told;
    int expected;
    gboolean gone;
    gboolean hangs; /* until its limit */
} ends[] = {
    { "fault profile-refused 13002", PR_ERROR_PROFILE_KEPT, FALSE, FALSE },
    { "lock", PR_ERROR_LOCKED, FALSE, FALSE },
    { "fault profile-stays", PR_ERROR_PROFILE_KEPT, FALSE, TRUE },
    { "fault profile-drops", PR_ERROR_PROFILE_UNSEEN, TRUE, TRUE },
};

enum { ASK, LOOK };

/* In steps that are shorter than the limit of a call that is on its way. */
static void
pass_time (PrOperation *operation)
{
    for (guint i = 0; i < 6 && !pr_operation_is_over (operation); i++) {
        clock_put_forward (7);
        desk_run_for (1);
    }
}

/* However it ends, it was asked once, and only what the phone lists no more is called gone. */
static void
test_ends (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (ends); i++) {
        g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("profiles"));
        PrPhone *phone = job_expect_phone (desk);
        g_autoptr (PrProfile) vpn = find (phone, VPN);
        g_autoptr (PrOperation) operation = make (phone, vpn);

        g_test_message ("%s", ends[i].told);
        pr_test_phone_tell (desk->virtual, "%s", ends[i].told);
        pr_operation_start (operation);
        if (ends[i].hangs) {
            job_wait_step (operation, LOOK, 20);
            g_assert_false (pr_operation_cancel (operation));
            pass_time (operation);
        }
        g_assert_cmpint (job_wait (operation, 20), ==, ends[i].expected);
        g_assert_cmpuint (count_requests (desk), ==, 1);
        g_assert_cmpuint (pr_test_phone_log_count (desk->virtual, "profile-removed", NULL), ==, ends[i].gone);
    }
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/remove-profile/list", test_list);
    g_test_add_func ("/remove-profile/hostile", test_hostile);
    g_test_add_func ("/remove-profile/removed", test_removed);
    g_test_add_func ("/remove-profile/not-sent", test_not_sent);
    g_test_add_func ("/remove-profile/erased", test_erased);
    g_test_add_func ("/remove-profile/ends", test_ends);
    return g_test_run ();
}
