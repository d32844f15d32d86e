/* Each fault of data/scenarios/README.md has the effect that it names, when a real tool runs into it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tool-bed.h"

#include <sys/stat.h>

#define RESTORE_SECONDS 60
#define KILLS 30
#define BOOT "[phone]\nmode=recovery\n[pace]\nseconds=2\n[faults]\n"
#define NORMAL "[phone]\nmode=normal\n[faults]\n"

static void
assert_untouched (PrTestPhone *phone)
{
    bed_expect_state (phone, "system", "whole", 0);
    bed_expect_state (phone, "data", "kept", 0);
    bed_expect_state (phone, "restored", "0", 0);
}

static void
check (PrTestPhone *phone, const char *command, int status, const char *text)
{
    g_autofree char *output = NULL;
    g_autofree char *errors = NULL;
    int ended = pr_test_phone_run (phone, command, &output, &errors);

    if (ended != status || (strstr (output, text) == NULL && strstr (errors, text) == NULL))
        g_error ("%s ended with %d and not %d, or did not say \"%s\" but: %s%s", command, ended, status, text, output,
                 errors);
}

/* --- Faults that end a restore, with what it says then --- */

static const struct {
    const char *fault;
    const char *said;
    const char *event;  /* in the phone's log; NULL: none */
    double least, most; /* seconds */
    gboolean slow;
} ends[] = {
    { "signing-refuses=94", "This device isn't eligible for the requested build.", "signing-refused", 0, 20, FALSE },
    { "signing-refuses=69", "TSS request failed (status=69", "signing-refused", 0, 20, FALSE },
    { "gone-in-ibec=", "Unable to send iBEC component", "unplugged", 0, 20, FALSE },
    { "signing-down=", "Unable to send TSS request", NULL, 25, 60, TRUE },
    { "ibec-never-returns=", "Device did not reconnect in recovery mode", "boot", 60, 90, TRUE },
    { "restore-mode-never=", "Device failed to enter restore mode", "boot", 170, 260, TRUE },
};

static void
test_end (gconstpointer data)
{
    guint i = GPOINTER_TO_UINT (data);
    g_autofree char *text = g_strconcat (BOOT, ends[i].fault, "\n", NULL);
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (text);
    gint64 begin = g_get_monotonic_time ();
    g_autoptr (Tool) tool = restore_start (phone, "-e");

    tool_expect (tool, ends[i].most, 1, ends[i].said);
    double took = (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC;
    g_test_message ("%s: %.1f s", ends[i].fault, took);
    g_assert_cmpfloat (took, >=, ends[i].least);
    g_assert_true (ends[i].event == NULL || pr_test_phone_log_has (phone, ends[i].event, NULL));
    assert_untouched (phone);
}

/* --- Faults while the system is written --- */

static void
test_unplug_at_upload (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (BOOT "unplug-at-upload=0.4\n");
    g_autoptr (Tool) tool = restore_start (phone, "-e");

    bed_wait_log (phone, "unplugged", RESTORE_SECONDS);
    bed_wait_log (phone, "upload", 5);
    g_assert_true (pr_test_phone_log_has (phone, "upload", "result", "broken", NULL));
    g_assert_true (pr_test_phone_log_has (phone, "uploading", "percent", "40", NULL));
    g_assert_false (pr_test_phone_log_has (phone, "uploading", "percent", "50", NULL));
    bed_expect_state (phone, "plugged", "false", 0);
    bed_expect_state (phone, "system", "incomplete", 0);
    g_assert_null (strstr (tool_said (tool), "Status: "));
    check (phone, "idevice_id -l", 0, "");
    pr_test_phone_tell (phone, "mend unplug-at-upload");
    pr_test_phone_tell (phone, "plug");
    bed_expect_state (phone, "mode", "recovery", 10);
}

static void
test_status (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (BOOT "status=14\namr-error=4013\n");
    g_autoptr (Tool) tool = restore_start (phone, "-e");

    bed_wait_log (phone, "restore-failed", RESTORE_SECONDS);
    g_assert_true (pr_test_phone_log_has (phone, "upload", "result", "whole", NULL));
    tool_wait_said (tool, "Unable to successfully restore device", 40);
    bed_expect_state (phone, "mode", "recovery", 20);
    bed_expect_state (phone, "system", "incomplete", 0);
    bed_expect_state (phone, "restored", "0", 0);
}

static void
test_stalls (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (BOOT "stalls-at-upload=0.5\n");
    g_autoptr (Tool) tool = restore_start (phone, "-e");

    while (!pr_test_phone_log_has (phone, "uploading", "percent", "50", NULL)) {
        g_assert_true (tool_is_running (tool));
        g_usleep (G_USEC_PER_SEC / 50);
    }
    g_usleep (3 * G_USEC_PER_SEC);
    g_assert_false (pr_test_phone_log_has (phone, "uploading", "percent", "60", NULL));
    g_assert_true (tool_is_running (tool));
    pr_test_phone_tell (phone, "mend stalls-at-upload");
    tool_expect (tool, RESTORE_SECONDS, 0, "Status: Restore Finished");
    bed_expect_state (phone, "restored", "1", 0);
}

static void
test_slow_ticket (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (BOOT "slow-ticket=4\n");
    g_autoptr (Tool) tool = restore_start (phone, "-e -t -C .");

    bed_wait_log (phone, "signing-asked", 20);
    g_usleep (2 * G_USEC_PER_SEC);
    g_assert_false (pr_test_phone_log_has (phone, "signing-request", NULL));
    g_assert_true (tool_is_running (tool));
    tool_expect (tool, 20, 0, "Received SHSH blobs");
}

/* --- Faults in normal mode --- */

static void
test_no_daemon (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (NORMAL "no-daemon=\n");

    check (phone, "idevice_id -l", 255, "Unable to retrieve device list");
    pr_test_phone_tell (phone, "mend no-daemon");
    check (phone, "idevice_id -l", 0, BED_UDID);
    pr_test_phone_tell (phone, "fault no-daemon");
    check (phone, "idevice_id -l", 255, "Unable to retrieve device list");
}

/* Root may open anything, so root sees only that nobody else may. */
static void
test_no_permission (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (BOOT "no-permission=\n");
    const char *bed = pr_test_phone_environment (phone, "UMOCKDEV_DIR");
    g_autofree char *bus = g_build_filename (bed, "dev", "bus", "usb", "001", NULL);
    g_autoptr (GDir) dir = g_dir_open (bus, 0, NULL);
    guint closed = 0;

    g_assert_nonnull (dir);
    for (const char *name; (name = g_dir_read_name (dir)) != NULL;) {
        g_autofree char *path = g_build_filename (bus, name, NULL);
        struct stat status;

        g_assert_cmpint (stat (path, &status), ==, 0);
        closed += (status.st_mode & 0077) == 0;
    }
    g_assert_cmpuint (closed, ==, 1);
}

static void
test_recovery_refused (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (NORMAL "recovery-refused=\n");
    g_autoptr (Tool) tool = NULL;

    check (phone, "ideviceenterrecovery " BED_UDID, 1, "Failed to enter recovery mode");
    bed_expect_state (phone, "mode", "normal", 0);
    tool = restore_start (phone, "-e");
    tool_expect (tool, RESTORE_SECONDS, 1, "Unable to place device into recovery mode");
    g_assert_true (pr_test_phone_log_has (phone, "enter-recovery", "answer", "MCProtected", NULL));
    assert_untouched (phone);
    pr_test_phone_tell (phone, "mend recovery-refused");
    check (phone, "ideviceenterrecovery " BED_UDID, 0, "successfully");
    bed_expect_state (phone, "mode", "recovery", 10);
}

static void
test_back_to_recovery (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (BOOT "back-to-recovery=\n");
    g_autoptr (Tool) tool = tool_start (phone, "irecovery -n");

    tool_expect (tool, 20, 0, "");
    bed_expect_state (phone, "mode", "off", 5);
    bed_expect_state (phone, "mode", "recovery", 10);
    bed_expect_state (phone, "auto-boot", "true", 0);
    pr_test_phone_tell (phone, "mend back-to-recovery");
    pr_test_phone_tell (phone, "boot normal");
    bed_expect_state (phone, "mode", "normal", 10);
}

static void
test_ignores_restart (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (NORMAL "ignores-restart=\n");

    check (phone, "idevicediagnostics restart", 0, "Restarting device.");
    g_usleep (3 * G_USEC_PER_SEC);
    g_assert_cmpuint (pr_test_phone_log_count (phone, "started", NULL), ==, 1);
    g_assert_false (pr_test_phone_log_has (phone, "boot", NULL));
    bed_expect_state (phone, "mode", "normal", 0);
}

static void
test_silent (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (NORMAL "silent=\n");
    g_autoptr (Tool) tool = tool_start (phone, "ideviceinfo");

    check (phone, "idevice_id -l", 0, BED_UDID);
    g_assert_cmpint (tool_wait (tool, 3), ==, -1);
    g_assert_null (strstr (tool_said (tool), "DeviceName"));
    pr_test_phone_tell (phone, "mend silent");
    check (phone, "ideviceinfo -k DeviceName", 0, "Anna’s iPhone");
}

static void
add_ends (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
        g_autofree char *path = g_strconcat ("/faults/", ends[i].fault, NULL);

        if (ends[i].slow == g_test_slow ())
            g_test_add_data_func (path, GUINT_TO_POINTER (i), test_end);
    }
}

/* A tool that is killed within a request to the bus: the phone is there for the next one. */
static void
test_killed_tool (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text ("[phone]\nmode=recovery\n");
    g_autofree char *system = bed_find_system (phone);
    g_autofree char *command = g_strconcat ("irecovery -f ", system, NULL);
    guint killed = 0;

    for (guint i = 0; i < KILLS; i++) {
        g_autoptr (Tool) tool = tool_start (phone, command);

        g_usleep (50 * 1000 + i * 10000);
        killed += tool_is_running (tool);
    }
    g_test_message ("%u of %u were killed at work", killed, KILLS);
    g_assert_cmpuint (killed, >, KILLS / 4);
    bed_expect_state (phone, "mode", "recovery", 0);
}

/* With "-m slow" those that wait for a tool that waits itself, without it the others. */
int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    add_ends ();
    if (g_test_slow ())
        return g_test_run ();
    g_test_add_func ("/faults/unplug-at-upload", test_unplug_at_upload);
    g_test_add_func ("/faults/status", test_status);
    g_test_add_func ("/faults/stalls-at-upload", test_stalls);
    g_test_add_func ("/faults/slow-ticket", test_slow_ticket);
    g_test_add_func ("/faults/no-daemon", test_no_daemon);
    g_test_add_func ("/faults/no-permission", test_no_permission);
    g_test_add_func ("/faults/recovery-refused", test_recovery_refused);
    g_test_add_func ("/faults/back-to-recovery", test_back_to_recovery);
    g_test_add_func ("/faults/ignores-restart", test_ignores_restart);
    g_test_add_func ("/faults/silent", test_silent);
    g_test_add_func ("/faults/killed-tool", test_killed_tool);
    return g_test_run ();
}
