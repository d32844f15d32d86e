/* The app's own engine with the idevicerestore of Debian sid: whole runs under phone-reset-supervisor.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-restore-tool.h"
#include "pr-test.h"

#include <string.h>

#define ECID G_GUINT64_CONSTANT (0x001122334455667A)
#define SECONDS 90

typedef struct {
    PrTestPhone *phone;
    char *ipsw;
    char *bed, *preload; /* "NAME=value" */
    const char *environment[3];
} Fixture;

static char *
find_ipsw (PrTestPhone *phone)
{
    const char *folder = pr_test_phone_environment (phone, "FIRMWARE_FOLDER");
    g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
    const char *name = dir != NULL ? g_dir_read_name (dir) : NULL;

    g_assert_nonnull (name);
    return g_build_filename (folder, name, NULL);
}

static void
set_up (Fixture *fixture, gconstpointer scenario)
{
    fixture->phone = pr_test_phone_start_text (scenario);
    fixture->ipsw = find_ipsw (fixture->phone);
    fixture->bed = g_strconcat ("UMOCKDEV_DIR=", pr_test_phone_environment (fixture->phone, "UMOCKDEV_DIR"), NULL);
    fixture->preload = g_strconcat ("LD_PRELOAD=", pr_test_phone_environment (fixture->phone, "LD_PRELOAD"), NULL);
    fixture->environment[0] = fixture->bed;
    fixture->environment[1] = fixture->preload;
    pr_test_phone_use (fixture->phone);
}

static void
tear_down (Fixture *fixture, gconstpointer scenario)
{
    pr_test_phone_stop (fixture->phone);
    g_free (fixture->ipsw);
    g_free (fixture->bed);
    g_free (fixture->preload);
}

/* Runs it to its end. */
static PrRestoreTool *
run (Fixture *fixture, gboolean keep_data, PrRestoreState *state, PrRestoreEnd *end)
{
    g_autoptr (GError) error = NULL;
    const PrRestoreRequest request = {
        .ecid = ECID,
        .ipsw = fixture->ipsw,
        .keep_data = keep_data,
        .title = "Anna’s iPhone",
        .signing_server = pr_test_phone_environment (fixture->phone, "SIGNING_SERVER"),
        .environment = fixture->environment,
    };
    PrRestoreTool *tool = pr_restore_tool_start (&request, &error);
    gint64 until = g_get_monotonic_time () + SECONDS * G_USEC_PER_SEC;

    g_assert_no_error (error);
    while (!end->ended && g_get_monotonic_time () < until)
        pr_restore_tool_next (tool, state, end, 1);
    if (!end->ended)
        pr_restore_tool_kill (tool);
    g_assert_true (end->ended);
    return tool;
}

/* The tool was told --logfile=-: its log, with a time before each line, is on standard error and in no file. */
static void
assert_log_on_errors (PrRestoreTool *tool)
{
    g_autofree char *errors = g_build_filename (pr_restore_tool_get_folder (tool), "errors", NULL);
    g_autofree char *work = g_build_filename (pr_restore_tool_get_folder (tool), "work", NULL);
    g_autofree char *text = NULL;
    g_autoptr (GDir) dir = g_dir_open (work, 0, NULL);

    g_assert_true (g_file_get_contents (errors, &text, NULL, NULL));
    g_assert_nonnull (strstr (text, "    <Info> Identified device as d27ap, iPhone14,7"));
    for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
        g_assert_false (g_str_has_suffix (name, ".log"));
}

static void
test_contract (Fixture *fixture, gconstpointer scenario)
{
    gboolean knows_logfile = FALSE;
    g_autoptr (GError) error = NULL;

    g_assert_true (pr_restore_tool_probe (&knows_logfile, &error));
    g_assert_no_error (error);
    g_assert_true (knows_logfile);
}

static void
check_whole (Fixture *fixture, gboolean keep_data)
{
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();
    PrRestoreEnd end = { 0 };
    g_autoptr (PrRestoreTool) tool = run (fixture, keep_data, state, &end);
    g_autoptr (GError) error = NULL;

    pr_restore_tool_judge (state, &end, FALSE, &error);
    g_assert_no_error (error);
    g_assert_cmpint (state->phase, ==, PR_RESTORE_PHASE_DONE);
    g_assert_cmpint (state->keeps_data, ==, keep_data);
    g_assert_cmpint (state->erases, !=, keep_data);
    assert_log_on_errors (tool);
    g_assert_true (pr_test_phone_wait_state (fixture->phone, keep_data ? "updated" : "restored", "1", 1));
    g_assert_true (pr_test_phone_wait_state (fixture->phone, "data", keep_data ? "kept" : "erased", 1));
    g_assert_true (pr_test_phone_wait_state (fixture->phone, "mode", "normal", 10));
}

static void
test_erase (Fixture *fixture, gconstpointer scenario)
{
    check_whole (fixture, FALSE);
}

static void
test_update (Fixture *fixture, gconstpointer scenario)
{
    check_whole (fixture, TRUE);
}

static void
test_refused (Fixture *fixture, gconstpointer scenario)
{
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();
    PrRestoreEnd end = { 0 };
    g_autoptr (PrRestoreTool) tool = run (fixture, FALSE, state, &end);
    g_autoptr (GError) error = NULL;

    g_assert_false (pr_restore_tool_judge (state, &end, FALSE, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_SIGNING_REFUSED);
    assert_log_on_errors (tool);
    g_assert_true (pr_test_phone_wait_state (fixture->phone, "system", "whole", 1));
}

static void
use_sid (void)
{
    const char *folder = g_getenv ("PR_TEST_SID");
    g_autofree char *path = g_strconcat (folder, ":", g_getenv ("PATH"), NULL);

    if (folder == NULL || g_getenv ("PR_SID_ROOT") == NULL)
        g_error ("run this by ./dev test --long");
    g_setenv ("PATH", path, TRUE);
}

#define BRISK "[pace]\nseconds=2\n"

static void
add (const char *path, const char *scenario, void (*test) (Fixture *fixture, gconstpointer scenario))
{
    g_test_add (path, Fixture, scenario, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
    use_sid ();
    add ("/restore-sid/contract", "[phone]\nmode=recovery\n", test_contract);
    add ("/restore-sid/normal", "[phone]\nmode=normal\n" BRISK, test_erase);
    add ("/restore-sid/recovery", "[phone]\nmode=recovery\n" BRISK, test_erase);
    add ("/restore-sid/dfu", "[phone]\nmode=dfu\n" BRISK, test_erase);
    add ("/restore-sid/update", "[phone]\nmode=normal\n[firmware]\ndeflated=true\n" BRISK, test_update);
    add ("/restore-sid/refused", "[phone]\nmode=recovery\n[faults]\nsigning-refuses=94\n", test_refused);
    return g_test_run ();
}
