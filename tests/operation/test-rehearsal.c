/* The rehearsal before a system is installed: everything is good, but for one thing, and just its row says so.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <unistd.h>

#include "job.h"
#include "pr-seen-version.h"

#define GB G_GUINT64_CONSTANT (1000000000)
#define LIMIT 40 /* seconds */

static PrTestPhone *virtual;
static PrUsbWatch *usb;
static PrPhoneList *phones;
static PrBackupLibrary *library;
static PrServers *servers;
static char *backups; /* the library's folder, and the person's state */

/* One that has just been backed up to iCloud; in recovery mode it would tell less. */
static PrPhone *
make_phone (void)
{
    g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

    return g_object_new (PR_TYPE_PHONE, "ecid", DESK_ECID, "udid", DESK_UDID, "mode", PR_PHONE_MODE_NORMAL, "trust",
                         PR_TRUST_TRUSTED, "name", "Anna", "product-type", "iPhone14,7", "board", "d27ap", "version",
                         "17.5.1", "battery", 82, "hub-depth", 0, "recovery-access", PR_ACCESS_GOOD, "find-my",
                         PR_ANSWER_NO, "supervised", PR_ANSWER_NO, "storage-total", 100 * GB, "storage-free", 50 * GB,
                         "last-cloud-backup", now, NULL);
}

static PrPlan *
make_plan (PrPhone *phone, PrServers *asked, PrGoal goal)
{
    PrPlan *plan = pr_plan_new (phones, library, asked, NULL, pr_test_phone_environment (virtual, "FIRMWARE_FOLDER"));

    pr_plan_set_phone (plan, phone);
    pr_plan_set_goal (plan, goal);
    return plan;
}

/* Without a good file nobody can be asked to sign it. */
static gboolean
waits_for (PrCheck *check, PrPlan *plan)
{
    gboolean blocked = pr_check_get_state (job_find_check (plan, PR_CHECK_FILE)) == PR_CHECK_BLOCKING;

    return pr_check_get_state (check) == PR_CHECK_PENDING &&
           !(blocked && pr_check_get_kind (check) == PR_CHECK_SIGNING);
}

static gboolean
is_looked_at (gpointer plan)
{
    GListModel *checks = pr_plan_get_checks (plan);

    for (guint i = 0; i < g_list_model_get_n_items (checks); i++) {
        g_autoptr (PrCheck) check = g_list_model_get_item (checks, i);

        if (waits_for (check, plan))
            return FALSE;
    }
    return TRUE;
}

/* Only @kind says anything else than good; PR_N_CHECKS: nothing does. */
static void
assert_only (PrPlan *plan, PrCheckKind kind, PrCheckState state, int code)
{
    GListModel *checks = pr_plan_get_checks (plan);

    g_assert_true (pr_test_run_until (is_looked_at, plan, LIMIT));
    for (guint i = 0; i < g_list_model_get_n_items (checks); i++) {
        g_autoptr (PrCheck) check = g_list_model_get_item (checks, i);
        PrCheckState now = pr_check_get_state (check);

        if (pr_check_get_kind (check) != kind) {
            if (now != PR_CHECK_GOOD && now != PR_CHECK_PENDING)
                g_error ("check %d is in state %d, not only check %d", pr_check_get_kind (check), now, kind);
            continue;
        }
        g_assert_cmpint (now, ==, state);
        if (code >= 0)
            g_assert_error (pr_check_get_error (check), PR_ERROR, code);
        else
            g_assert_null (pr_check_get_error (check));
    }
}

static void
test_good (void)
{
    g_autoptr (PrPhone) phone = make_phone ();
    PrPlan *plan = make_plan (phone, servers, PR_GOAL_UPDATE);

    assert_only (plan, PR_N_CHECKS, PR_CHECK_GOOD, -1);
    g_assert_true (pr_plan_is_ready (plan));
    g_assert_true (pr_test_phone_log_has (virtual, "signing-request", NULL));
    job_end_plan (plan);
}

/* --- What the phone is the cause of --- */

static const struct {
    const char *property;
    int value;
    PrCheckKind kind;
    PrCheckState state;
    int code;
} of_phone[] = {
    { "recovery-access", PR_ACCESS_REFUSED, PR_CHECK_ACCESS, PR_CHECK_BLOCKING, PR_ERROR_NO_USB_PERMISSION },
    { "recovery-access", PR_ACCESS_UNKNOWN, PR_CHECK_ACCESS, PR_CHECK_NOT_KNOWN, -1 },
    { "supervised", PR_ANSWER_YES, PR_CHECK_SUPERVISION, PR_CHECK_WARNING, -1 },
    { "battery", 5, PR_CHECK_BATTERY, PR_CHECK_WARNING, -1 },
    { "hub-depth", -1, PR_CHECK_LINK, PR_CHECK_NOT_KNOWN, -1 },
    { "storage-free", 1000, PR_CHECK_PHONE_ROOM, PR_CHECK_WARNING, -1 },
    { "storage-total", 0, PR_CHECK_PHONE_ROOM, PR_CHECK_NOT_KNOWN, -1 },
    { "last-cloud-backup", 0, PR_CHECK_BACKUP, PR_CHECK_NOT_KNOWN, -1 },
};

static void
test_phone (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (of_phone); i++) {
        g_autoptr (PrPhone) phone = make_phone ();
        PrPlan *plan;

        g_test_message ("%s %d", of_phone[i].property, of_phone[i].value);
        if (g_str_has_prefix (of_phone[i].property, "storage"))
            g_object_set (phone, of_phone[i].property, (guint64) of_phone[i].value, NULL);
        else
            g_object_set (phone, of_phone[i].property, of_phone[i].value, NULL);
        plan = make_plan (phone, servers, PR_GOAL_UPDATE);
        assert_only (plan, of_phone[i].kind, of_phone[i].state, of_phone[i].code);
        job_end_plan (plan);
    }
}

/* --- What the servers are the cause of --- */

static void
assert_signing (PrServers *asked, PrCheckState state, int code)
{
    g_autoptr (PrPhone) phone = make_phone ();
    PrPlan *plan = make_plan (phone, asked, PR_GOAL_UPDATE);

    assert_only (plan, PR_CHECK_SIGNING, state, code);
    job_end_plan (plan);
}

static void
test_signing (void)
{
    PrServers closed = *servers;
    g_autoptr (PrServers) unreached = NULL;

    closed.signing = "https://localhost:1";
    unreached = pr_servers_new (&closed);
    assert_signing (unreached, PR_CHECK_BLOCKING, PR_ERROR_NO_SIGNING);
    pr_test_phone_tell (virtual, "fault signing-refuses 94");
    assert_signing (servers, PR_CHECK_BLOCKING, PR_ERROR_SIGNING_REFUSED);
    pr_test_phone_tell (virtual, "fault signing-refuses 128");
    assert_signing (servers, PR_CHECK_NOT_KNOWN, -1);
    pr_test_phone_tell (virtual, "mend signing-refuses");
    assert_signing (servers, PR_CHECK_GOOD, -1);
}

/* --- The file --- */

static void
assert_file (PrPhone *phone, const char *path, PrCheckState state, int code)
{
    PrPlan *plan = make_plan (phone, servers, PR_GOAL_UPDATE);

    if (path != NULL)
        pr_plan_set_file (plan, path);
    g_assert_true (pr_test_run_until (is_looked_at, plan, LIMIT));
    g_assert_cmpint (pr_check_get_state (job_find_check (plan, PR_CHECK_FILE)), ==, state);
    if (code >= 0)
        g_assert_error (pr_check_get_error (job_find_check (plan, PR_CHECK_FILE)), PR_ERROR, code);
    job_end_plan (plan);
}

static char *
find_file (PrTestPhone *of)
{
    const char *folder = pr_test_phone_environment (of, "FIRMWARE_FOLDER");
    g_autoptr (GDir) content = g_dir_open (folder, 0, NULL);

    return g_build_filename (folder, g_dir_read_name (content), NULL);
}

/* One bit of the system, which nobody would notice before the phone has half of it. */
static void
test_flipped (void)
{
    g_autoptr (PrPhone) phone = make_phone ();
    g_autofree char *file = find_file (virtual), *copy = g_build_filename (backups, "copy.ipsw", NULL);
    g_autofree char *content = NULL;
    gsize length;

    g_assert_true (g_file_get_contents (file, &content, &length, NULL));
    g_assert_true (g_file_set_contents (copy, content, (gssize) length, NULL));
    assert_file (phone, copy, PR_CHECK_GOOD, -1);
    content[1024 * 1024] ^= 1;
    g_assert_true (g_file_set_contents (copy, content, (gssize) length, NULL));
    assert_file (phone, copy, PR_CHECK_BLOCKING, PR_ERROR_FILE_DAMAGED);
    g_unlink (copy);
}

/* In recovery mode a phone does not say what it has: what it said last counts, and else only the newest will do. */
static void
test_going_back (void)
{
    g_autoptr (PrTestPhone) other = pr_test_phone_start_text ("[firmware]\nversion=17.5.2\nbuild=21F91\n");
    g_autoptr (PrPhone) phone = make_phone ();
    g_autofree char *older = find_file (other);

    assert_file (phone, older, PR_CHECK_NOT_KNOWN, -1); /* newer than what it has; no list names it */
    g_object_set (phone, "mode", PR_PHONE_MODE_RECOVERY, "version", NULL, NULL);
    assert_file (phone, older, PR_CHECK_NOT_KNOWN, -1); /* it was seen to have 17.5.1 */
    pr_seen_version_note (DESK_ECID, "17.6");
    assert_file (phone, older, PR_CHECK_BLOCKING, PR_ERROR_OLDER_SYSTEM);
    g_object_set (phone, "ecid", DESK_ECID - 1, NULL);
    assert_file (phone, older, PR_CHECK_BLOCKING, PR_ERROR_OLDER_SYSTEM);
    assert_file (phone, NULL, PR_CHECK_GOOD, -1);
}

/* --- The computer --- */

/* Where runs have their folders there is no room: on the kernel's own file system there never is. */
static void
test_no_room (void)
{
    g_autofree char *state = g_build_filename (g_get_user_state_dir (), "phone-reset", NULL);
    g_autofree char *aside = g_strconcat (state, "-aside", NULL);
    g_autoptr (PrPhone) phone = make_phone ();
    PrPlan *plan;

    g_assert_cmpint (g_rename (state, aside), ==, 0); /* what was seen is in it */
    g_assert_cmpint (symlink ("/sys", state), ==, 0);
    plan = make_plan (phone, servers, PR_GOAL_UPDATE);
    assert_only (plan, PR_CHECK_ROOM, PR_CHECK_BLOCKING, PR_ERROR_NO_SPACE);
    job_end_plan (plan);
    g_unlink (state);
    g_assert_cmpint (g_rename (aside, state), ==, 0);
}

/* A model that idevicerestore does not know yet. */
static void
test_new_model (void)
{
    g_autoptr (PrPhone) phone = make_phone ();
    PrPlan *plan;

    g_object_set (phone, "product-type", "iPhone99,1", NULL);
    plan = make_plan (phone, servers, PR_GOAL_UPDATE);
    g_assert_true (pr_test_run_until (is_looked_at, plan, LIMIT));
    g_assert_error (pr_check_get_error (job_find_check (plan, PR_CHECK_TOOL)), PR_ERROR, PR_ERROR_TOOL_TOO_OLD);
    g_assert_false (pr_plan_is_ready (plan));
    job_end_plan (plan);
}

int
main (int argc, char **argv)
{
    int result;

    backups = pr_test_make_folder ();
    g_setenv ("XDG_STATE_HOME", backups, TRUE);
    g_test_init (&argc, &argv, NULL);
    virtual = pr_test_phone_start ("anna");
    pr_test_phone_use (virtual);
    usb = desk_start_usb (virtual);
    phones = pr_phone_list_new (usb, DESK_FIRST, DESK_LAST);
    desk_await (usb, "state", PR_USB_WATCH_RUNNING, 10);
    desk_await (phones, "daemon", PR_ANSWER_YES, 10);
    servers = job_make_servers (virtual);
    library = pr_backup_library_new (backups);
    g_test_add_func ("/rehearsal/good", test_good);
    g_test_add_func ("/rehearsal/phone", test_phone);
    g_test_add_func ("/rehearsal/signing", test_signing);
    g_test_add_func ("/rehearsal/flipped", test_flipped);
    g_test_add_func ("/rehearsal/going-back", test_going_back);
    g_test_add_func ("/rehearsal/no-room", test_no_room);
    g_test_add_func ("/rehearsal/new-model", test_new_model);
    result = g_test_run ();
    g_object_unref (phones);
    g_object_unref (library);
    pr_servers_unref (servers);
    g_object_unref (usb);
    pr_test_phone_stop (virtual);
    pr_test_remove_folder (backups);
    g_free (backups);
    return result;
}
