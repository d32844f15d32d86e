/* Restore and update with the real idevicerestore, on the virtual phone's side: what was written, and what stayed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>

#include "job.h"
#include "pr-firmware-folder.h"
#include "pr-reinstall.h"

#define LIMIT 120 /* seconds; it takes about ten */

static void
mode_cb (PrPhone *phone, GParamSpec *pspec, guint *seen)
{
    *seen |= 1u << pr_phone_get_mode (phone);
}

static char *
find_file (PrTestPhone *virtual)
{
    const char *folder = pr_test_phone_environment (virtual, "FIRMWARE_FOLDER");
    g_autoptr (GDir) content = g_dir_open (folder, 0, NULL);

    return g_build_filename (folder, g_dir_read_name (content), NULL);
}

static gboolean
wants_passcode (gpointer data)
{
    return pr_operation_get_note (data) == PR_NOTE_PASSCODE;
}

/* Nobody cleans the file away meanwhile, whichever program holds on to it. */
static gboolean
is_in_use (gpointer data)
{
    g_autoptr (PrFirmwareFolder) folder = pr_firmware_folder_new (pr_test_phone_environment (data, "FIRMWARE_FOLDER"));
    g_autoptr (GPtrArray) files = pr_firmware_folder_list (folder);

    g_assert_cmpuint (files->len, ==, 1);
    return ((PrFirmwareFile *) files->pdata[0])->in_use;
}

static gboolean
is_free (gpointer data)
{
    return !is_in_use (data);
}

/* Before an update the phone asks for its passcode, which the person is told; nothing has changed yet. */
static void
give_passcode (Desk *desk, PrOperation *operation)
{
    g_assert_true (pr_test_run_until (wants_passcode, operation, 20));
    g_assert_cmpint (pr_operation_get_stop (operation), ==, PR_STOP_AT_ONCE);
    g_assert_false (pr_test_phone_log_has (desk->virtual, "enter-recovery", NULL));
    g_assert_true (is_in_use (desk->virtual));
    pr_test_phone_tell (desk->virtual, "set passcode enter");
}

/* What the window does after Confirm. */
static PrOperation *
start (Desk *desk, PrPhone *phone, gboolean keep_data)
{
    PrTestPhone *virtual = desk->virtual;
    g_autofree char *file = find_file (virtual);
    g_autofree char *bus = g_strconcat ("UMOCKDEV_DIR=", pr_test_phone_environment (virtual, "UMOCKDEV_DIR"), NULL);
    g_autofree char *preload = g_strconcat ("LD_PRELOAD=", pr_test_phone_environment (virtual, "LD_PRELOAD"), NULL);
    const char *const environment[] = { bus, preload, NULL };
    g_autoptr (PrServers) servers = job_make_servers (virtual);
    PrReinstallOptions options = {
        .file = file,
        .folder = pr_test_phone_environment (virtual, "FIRMWARE_FOLDER"),
        .keep_data = keep_data,
        .servers = servers,
        .environment = environment,
    };
    g_autoptr (PrConfirmation) confirmation =
        pr_confirmation_new (DESK_ECID, keep_data ? "update" : "restore", file, "Anna", "anna", TRUE);
    PrOperation *operation = pr_reinstall_new (phone, desk->usb, &options, confirmation);

    pr_operation_start (operation);
    return operation;
}

/* From Confirm to Result. */
static void
reinstall (Desk *desk, PrPhone *phone, gboolean keep_data)
{
    g_autoptr (PrOperation) operation = start (desk, phone, keep_data);

    if (keep_data)
        give_passcode (desk, operation);
    g_assert_cmpint (job_wait (operation, LIMIT), ==, JOB_DONE);
    g_assert_cmpfloat (pr_operation_get_fraction (operation), ==, 1);
    pr_operation_acknowledge (operation);
    g_assert_true (pr_test_run_until (is_free, desk->virtual, 10));
    /* nothing is held any more, and nothing is left to follow */
    g_assert_cmpint (job_call_usb (desk->usb, "release"), ==, PR_ERROR_BAD_ANSWER);
    g_autoptr (GPtrArray) left = pr_reinstall_list_left_runs (desk->list);
    g_assert_cmpuint (left->len, ==, 0);
}

static void
assert_state (PrTestPhone *virtual, const char *member, const char *value)
{
    g_autofree char *now = pr_test_phone_state (virtual, member);

    g_assert_cmpstr (now, ==, value);
}

/* Every ticket came over a checked connection, which the tool itself does not have. */
static void
assert_relayed (PrTestPhone *virtual)
{
    guint relayed =
        pr_test_phone_log_count (virtual, "web-request", "path", "/TSS/controller?action=2", "secure", "yes", NULL);

    g_assert_cmpuint (relayed, >=, 1);
    g_assert_cmpuint (pr_test_phone_log_count (virtual, "signing-asked", NULL), ==, relayed);
}

/* All modes of a restore are of one phone, which stays in the list and keeps its name. */
static void
assert_one_phone (Desk *desk, PrPhone *phone, guint seen)
{
    g_autoptr (PrPhone) first = g_list_model_get_item (G_LIST_MODEL (desk->list), 0);

    g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (desk->list)), ==, 1);
    g_assert_true (first == phone);
    g_assert_cmpuint (seen & (1u << PR_PHONE_MODE_RECOVERY), !=, 0);
    g_assert_cmpuint (seen & (1u << PR_PHONE_MODE_RESTORE), !=, 0);
    g_assert_cmpint (pr_phone_get_mode (phone), ==, PR_PHONE_MODE_NORMAL);
    g_assert_cmpstr (pr_phone_get_board (phone), ==, "d27ap");
}

/* But that this computer may itself be a virtual one, which is none of the phone's doing. */
static void
assert_no_finding (Desk *desk)
{
    g_autoptr (GArray) findings = pr_link_watch_find (pr_phone_list_get_link (desk->list));

    for (guint i = 0; i < findings->len; i++)
        if (g_array_index (findings, PrFinding, i).kind != PR_FINDING_IN_MACHINE)
            g_error ("finding %d in a good restore", g_array_index (findings, PrFinding, i).kind);
}

static void
test_restore (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start_text ("[pace]\nseconds=5\n"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);
    guint seen = 0;

    g_signal_connect (phone, "notify::mode", G_CALLBACK (mode_cb), &seen);
    desk_await (phone, "trust", PR_TRUST_TRUSTED, 10);
    g_signal_connect_swapped (pr_phone_list_get_link (desk->list), "changed", G_CALLBACK (assert_no_finding), desk);
    reinstall (desk, phone, FALSE);
    g_signal_handlers_disconnect_by_data (pr_phone_list_get_link (desk->list), desk);
    assert_one_phone (desk, phone, seen);
    assert_relayed (desk->virtual);
    assert_state (desk->virtual, "restored", "1");
    assert_state (desk->virtual, "updated", "0");
    assert_state (desk->virtual, "data", "erased");
    assert_state (desk->virtual, "version", "17.6.1");
    g_assert_cmpuint (pr_test_phone_log_count (desk->virtual, "restore-finished", "kind", "erase", NULL), ==, 1);
    desk_await (phone, "find-my", PR_ANSWER_UNKNOWN, 20);
    g_assert_cmpstr (pr_phone_get_version (phone), ==, "17.6.1");
    g_assert_cmpint (pr_phone_get_trust (phone), !=, PR_TRUST_TRUSTED);
    g_signal_handlers_disconnect_by_data (phone, &seen);
}

/* The phone keeps its data, and still trusts this computer although the tool threw the pair record away. */
static void
test_update (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start_text ("[pace]\nseconds=5\n[phone]\npasscode=wait\n"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);
    guint seen = 0;

    g_signal_connect (phone, "notify::mode", G_CALLBACK (mode_cb), &seen);
    desk_await (phone, "trust", PR_TRUST_TRUSTED, 10);
    reinstall (desk, phone, TRUE);
    assert_one_phone (desk, phone, seen);
    assert_relayed (desk->virtual);
    assert_state (desk->virtual, "restored", "0");
    assert_state (desk->virtual, "updated", "1");
    assert_state (desk->virtual, "data", "kept");
    assert_state (desk->virtual, "version", "17.6.1");
    g_assert_false (pr_test_phone_log_has (desk->virtual, "data-erased", NULL));
    desk_await (phone, "trust", PR_TRUST_TRUSTED, 20);
    g_assert_false (pr_test_phone_log_has (desk->virtual, "trust-asked", NULL));
    g_assert_cmpstr (pr_phone_get_name (phone), ==, "Anna’s iPhone");
    g_assert_cmpstr (pr_phone_get_version (phone), ==, "17.6.1");
    g_signal_handlers_disconnect_by_data (phone, &seen);
}

static gboolean
has_fault (gpointer operation)
{
    return pr_operation_get_link_fault (operation) != NULL;
}

/* The link fails at @fault; Result is told why, or that it is not the link's doing. (nullable) */
static void
expect_fault (const char *fault, const PrFindingKind *kind, guint count)
{
    g_autofree char *text = g_strdup_printf ("[phone]\nmode=recovery\n[pace]\nseconds=2\n[faults]\n%s\n", fault);
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start_text (text));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_RECOVERY);
    g_autoptr (PrOperation) operation = NULL;
    const PrFinding *found;

    operation = start (desk, phone, FALSE);
    g_assert_null (pr_operation_get_link_fault (operation));
    g_assert_cmpint (job_wait (operation, LIMIT), ==, PR_ERROR_UNPLUGGED_IN_WORK);
    if (kind)
        g_assert_true (pr_test_run_until (has_fault, operation, 10));
    found = pr_operation_get_link_fault (operation);
    g_assert_cmpint (found != NULL, ==, kind != NULL);
    if (!kind)
        return;
    g_assert_cmpint (found->kind, ==, *kind);
    g_assert_cmpuint (found->count, ==, count);
}

/* A restore that fails because the contact is lost again and again is explained by that; one pull of the cable is not
 * called a loose contact. */
static void
test_flapping (void)
{
    const PrFindingKind loose = PR_FINDING_LOOSE_CONTACT;

    expect_fault ("flaps-at-upload=0.4 3", &loose, 3);
    expect_fault ("unplug-at-upload=0.4", NULL, 0);
}

static gboolean
goes_to_next_stage (gpointer data)
{
    return pr_test_phone_log_has (data, "boot", "to", "ibec", NULL);
}

/* Stopped while the phone leaves for its next boot stage: what it is told then arrives nowhere, so it is told again. */
static void
test_stop_between_stages (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start_text ("[pace]\nseconds=5\n"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);
    g_autoptr (PrOperation) operation = NULL;

    desk_await (phone, "trust", PR_TRUST_TRUSTED, 10);
    operation = start (desk, phone, TRUE);
    g_assert_true (pr_test_run_until (goes_to_next_stage, desk->virtual, 60));
    g_assert_true (pr_operation_cancel (operation));
    g_assert_cmpint (job_wait (operation, LIMIT), ==, JOB_CANCELLED);
    g_assert_cmpint (pr_phone_get_mode (phone), ==, PR_PHONE_MODE_NORMAL);
    assert_state (desk->virtual, "mode", "normal");
    assert_state (desk->virtual, "auto-boot", "true");
    assert_state (desk->virtual, "data", "kept");
    assert_state (desk->virtual, "system", "whole");
}

/* The cable goes in the middle of the transfer. Once the phone is back, just the same is done once more, and no third
 * time. */
static void
test_retry (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start_text ("[pace]\nseconds=5\n[faults]\nunplug-at-upload=0.3\n"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);
    g_autoptr (PrOperation) first = NULL, second = NULL;

    desk_await (phone, "trust", PR_TRUST_TRUSTED, 10);
    first = start (desk, phone, FALSE);
    g_assert_cmpint (job_wait (first, LIMIT), ==, PR_ERROR_UNPLUGGED_IN_WORK);
    g_assert_true (pr_reinstall_can_retry (PR_REINSTALL (first)));
    pr_operation_acknowledge (first);
    pr_test_phone_tell (desk->virtual, "mend unplug-at-upload");
    pr_test_phone_tell (desk->virtual, "plug");
    desk_expect (desk, DESK_ECID, PR_PHONE_MODE_RECOVERY);
    desk_await (phone, "recovery-access", PR_ACCESS_GOOD, 10);
    desk_run_for (3); /* as the window does */
    second = pr_reinstall_retry (PR_REINSTALL (first));
    g_assert_false (pr_reinstall_can_retry (PR_REINSTALL (first)));
    pr_operation_start (second);
    g_assert_cmpint (job_wait (second, LIMIT), ==, JOB_DONE);
    g_assert_false (pr_reinstall_can_retry (PR_REINSTALL (second)));
    pr_operation_acknowledge (second);
    assert_state (desk->virtual, "restored", "1");
    assert_state (desk->virtual, "system", "whole");
    g_assert_cmpuint (pr_test_phone_log_count (desk->virtual, "restore-started", NULL), ==, 2);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
    g_test_add_func ("/reinstall/restore", test_restore);
    g_test_add_func ("/reinstall/flapping", test_flapping);
    g_test_add_func ("/reinstall/update", test_update);
    g_test_add_func ("/reinstall/retry", test_retry);
    g_test_add_func ("/reinstall/stop-between-stages", test_stop_between_stages);
    return g_test_run ();
}
