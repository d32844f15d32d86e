// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-restore-log.h"

#include <string.h>

static GStrv
read_fixture (const char *name)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *file = g_strconcat (name, ".txt", NULL);
    g_autofree char *path = g_test_build_filename (G_TEST_DIST, "restore", "fixtures", file, NULL);
    g_autofree char *text = NULL;

    g_file_get_contents (path, &text, NULL, &error);
    g_assert_no_error (error);
    return g_strsplit_set (text, "\r\n", -1);
}

/* What does one recorded run amount to? */
static const struct {
    const char *fixture;
    PrRestorePhase phase;
    int cause; /* -1: none */
    int apple_status;
    gboolean finished, erases, keeps_data, entering_recovery, past_return;
} runs[] = {
    { "good-erase", PR_RESTORE_PHASE_DONE, -1, 0, TRUE, TRUE, FALSE, FALSE, TRUE },
};

static void
test_fixtures (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (runs); i++) {
        g_auto (GStrv) lines = read_fixture (runs[i].fixture);
        g_autoptr (PrRestoreState) state = pr_restore_state_new ();

        for (guint k = 0; lines[k] != NULL; k++)
            pr_restore_log_feed (state, lines[k]);
        g_test_message ("%s: %s", runs[i].fixture, state->evidence->str);
        g_assert_cmpint (state->phase, ==, runs[i].phase);
        g_assert_cmpint (state->has_cause ? (int) state->cause : -1, ==, runs[i].cause);
        g_assert_cmpint (state->apple_status, ==, runs[i].apple_status);
        g_assert_cmpint (state->finished, ==, runs[i].finished);
        g_assert_cmpint (state->erases, ==, runs[i].erases);
        g_assert_cmpint (state->keeps_data, ==, runs[i].keeps_data);
        g_assert_cmpint (state->entering_recovery, ==, runs[i].entering_recovery);
        g_assert_cmpint (state->past_return, ==, runs[i].past_return);
    }
}

/* What the real tools said to phone-reset-supervisor, each stream in a file of its own: idevicerestore of Debian 13
 * ("trixie", the contract of 2024) and of Debian sid (that of 2025), both with the virtual phone. */
static const struct {
    const char *name; /* of both */
    PrRestorePhase least, most;
    int cause, apple_status;
    gboolean finished, erases, keeps_data, entering_recovery, past_return;
} recordings[] = {
    { "erase", PR_RESTORE_PHASE_DONE, PR_RESTORE_PHASE_DONE, -1, 0, TRUE, TRUE, FALSE, TRUE, TRUE },
    { "update", PR_RESTORE_PHASE_DONE, PR_RESTORE_PHASE_DONE, -1, 0, TRUE, FALSE, TRUE, TRUE, TRUE },
    { "signing-refused", PR_RESTORE_PHASE_SIGN, PR_RESTORE_PHASE_SIGN, PR_ERROR_SIGNING_REFUSED, 0, FALSE, TRUE, FALSE,
      FALSE, FALSE },
    { "signing-down", PR_RESTORE_PHASE_SIGN, PR_RESTORE_PHASE_SIGN, PR_ERROR_NO_SIGNING, 0, FALSE, TRUE, FALSE, FALSE,
      FALSE },
    { "status-14", PR_RESTORE_PHASE_SEND, PR_RESTORE_PHASE_SEND, PR_ERROR_PHONE_GAVE_UP, 14, FALSE, TRUE, FALSE, FALSE,
      TRUE },
    { "wrong-model", PR_RESTORE_PHASE_FIND, PR_RESTORE_PHASE_FIND, PR_ERROR_WRONG_MODEL, 0, FALSE, FALSE, FALSE, FALSE,
      FALSE },
    { "truncated", PR_RESTORE_PHASE_FIND, PR_RESTORE_PHASE_FIND, PR_ERROR_FILE_DAMAGED, 0, FALSE, FALSE, FALSE, FALSE,
      FALSE },
    { "lost-in-start", PR_RESTORE_PHASE_START, PR_RESTORE_PHASE_START, PR_ERROR_LOST_IN_START, 0, FALSE, TRUE, FALSE,
      FALSE, FALSE },
    { "no-return", PR_RESTORE_PHASE_START, PR_RESTORE_PHASE_START, PR_ERROR_NO_RECOVERY_RETURN, 0, FALSE, TRUE, FALSE,
      FALSE, FALSE },
};

static void
feed_stream (PrRestoreState *state, const char *contract, const char *name, const char *stream)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *file = g_strconcat (name, ".", stream, NULL);
    g_autofree char *path = g_test_build_filename (G_TEST_DIST, "restore", "fixtures", contract, file, NULL);
    g_autofree char *text = NULL;

    g_file_get_contents (path, &text, NULL, &error);
    g_assert_no_error (error);
    g_auto (GStrv) lines = g_strsplit_set (text, "\r\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
        pr_restore_log_feed (state, lines[i]);
}

static void
check_recording (guint i, const PrRestoreState *state)
{
    g_assert_cmpint (state->phase, >=, recordings[i].least);
    g_assert_cmpint (state->phase, <=, recordings[i].most);
    g_assert_cmpint (state->has_cause ? (int) state->cause : -1, ==, recordings[i].cause);
    g_assert_cmpint (state->apple_status, ==, recordings[i].apple_status);
    g_assert_cmpint (state->finished, ==, recordings[i].finished);
    g_assert_cmpint (state->erases, ==, recordings[i].erases);
    g_assert_cmpint (state->keeps_data, ==, recordings[i].keeps_data);
    g_assert_cmpint (state->entering_recovery, ==, recordings[i].entering_recovery);
    g_assert_cmpint (state->past_return, ==, recordings[i].past_return);
}

/* Whichever stream is read first. */
static void
test_recordings (gconstpointer data)
{
    static const char *const streams[] = { "output", "errors", "output" };
    const char *contract = data;

    for (guint i = 0; i < G_N_ELEMENTS (recordings); i++) {
        for (guint order = 0; order < 2; order++) {
            g_autoptr (PrRestoreState) state = pr_restore_state_new ();

            feed_stream (state, contract, recordings[i].name, streams[order]);
            feed_stream (state, contract, recordings[i].name, streams[order + 1]);
            g_test_message ("%s %s: phase %d, %s", contract, recordings[i].name, state->phase, state->evidence->str);
            check_recording (i, state);
        }
    }
}

/* The tool of Debian 13 never says this: it spins instead, so there is a recording of sid's alone. */
static void
test_unplugged (void)
{
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();

    feed_stream (state, "sid", "unplugged", "output");
    feed_stream (state, "sid", "unplugged", "errors");
    g_assert_true (state->has_cause && state->past_return && !state->finished);
    g_assert_cmpint (state->cause, ==, PR_ERROR_UNPLUGGED_IN_WORK);
}

/* The bar must move often enough, everywhere, and never back. */
static void
test_progress (void)
{
    g_auto (GStrv) lines = read_fixture ("good-erase");
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();
    guint moves[PR_RESTORE_PHASE_DONE + 1] = { 0 };
    static const guint least[] = { 4, 3, 8, 6, 40, 8, 15, 1 };

    for (guint k = 0; lines[k] != NULL; k++) {
        PrRestorePhase phase = state->phase;
        double fraction = state->fraction;

        pr_restore_log_feed (state, lines[k]);
        g_assert_cmpint (state->phase, >=, phase);
        g_assert_true (state->phase > phase || state->fraction >= fraction);
        g_assert_true (state->fraction >= 0 && state->fraction <= 1);
        moves[state->phase] += state->phase > phase || state->fraction > fraction;
    }
    for (guint i = 0; i < G_N_ELEMENTS (moves); i++) {
        g_test_message ("phase %u: %u moves", i, moves[i]);
        g_assert_cmpuint (moves[i], >=, least[i]);
    }
}

/* The contract of 2025 says the same things with a time and a level before them, on both streams, without "ERROR: ". */
static void
test_both_contracts (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (runs); i++) {
        g_auto (GStrv) lines = read_fixture (runs[i].fixture);
        g_autoptr (PrRestoreState) old = pr_restore_state_new (), new = pr_restore_state_new ();

        for (guint k = 0; lines[k] != NULL; k++) {
            gboolean is_error = g_str_has_prefix (lines[k], "ERROR: ");
            const char *text = lines[k] + (is_error ? strlen ("ERROR: ") : 0);
            g_autofree char *stamped =
                g_strconcat ("14:03:27.041 ", is_error ? "  <Error> " : "   <Info> ", text, NULL);

            pr_restore_log_feed (old, lines[k]);
            if (g_str_has_prefix (text, "progress: "))
                pr_restore_log_feed (new, text);
            else
                pr_restore_log_feed (new, stamped);
            pr_restore_log_feed (new, text);
        }
        g_assert_cmpint (new->phase, ==, old->phase);
        g_assert_cmpfloat (new->fraction, ==, old->fraction);
        g_assert_cmpint (new->has_cause, ==, old->has_cause);
        g_assert_cmpint (new->cause, ==, old->cause);
        g_assert_cmpint (new->finished, ==, old->finished);
        g_assert_cmpint (new->erases, ==, old->erases);
        g_assert_cmpint (new->apple_status, ==, old->apple_status);
    }
}

/* The tool waits for the phone's passcode: for that to be asked, and for how long. */
/* What it will do with the data: one sentence keeps them, and every other is taken for the worst. */
static void
test_promise (void)
{
    static const struct {
        const char *line;
        gboolean keeps, erases;
    } lines[] = {
        { "NOTE: This restore will update the device without erasing user data.", TRUE, FALSE },
        { "This restore will erase all device data.", FALSE, TRUE },
        { "This restore will update the device.", FALSE, TRUE },
        { "This restore will do what nobody has heard of.", FALSE, TRUE },
        { "This restore", FALSE, FALSE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
        g_autoptr (PrRestoreState) state = pr_restore_state_new ();

        pr_restore_log_feed (state, lines[i].line);
        g_assert_cmpint (state->keeps_data, ==, lines[i].keeps);
        g_assert_cmpint (state->erases, ==, lines[i].erases);
    }
}

static void
test_passcode (void)
{
    static const struct {
        const char *line;
        gboolean changes, wants;
    } lines[] = {
        { "Checking if device requires stashbag...", FALSE, FALSE },
        { "*** Device is locked. Please unlock the device to continue. ***", TRUE, TRUE },
        { "Device requires stashbag.", FALSE, TRUE },
        { "* Please enter your passcode on the device.  The device will store a token   *", FALSE, TRUE },
        { "Stashbag created.", TRUE, FALSE },
        { "Device requires stashbag.", TRUE, TRUE },
        { "Device does not require stashbag.", TRUE, FALSE },
        { "Stashbag created.", FALSE, FALSE },
    };
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();

    for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
        g_assert_cmpint (pr_restore_log_feed (state, lines[i].line), ==, lines[i].changes);
        g_assert_cmpint (state->wants_passcode, ==, lines[i].wants);
    }
}

/* Single lines, as idevicerestore, libtatsu and libirecovery write them. */
static const struct {
    const char *line;
    PrError cause;
    int apple_status;
} causes[] = {
    { "ERROR: Unable to discover device mode. Please make sure a device is attached.", PR_ERROR_UNPLUGGED },
    { "ERROR: Unable to discover device type", PR_ERROR_NO_USB_PERMISSION },
    { "ERROR: Could not open device in WTF mode", PR_ERROR_NO_USB_PERMISSION },
    { "ERROR: Unable to find a matching build identity", PR_ERROR_WRONG_MODEL },
    { "ERROR: Could not make sure this firmware is suitable for the current device. Refusing to continue.",
      PR_ERROR_WRONG_MODEL },
    { "ERROR: TSS request failed (status=94, message=This device isn't eligible for the requested build.)",
      PR_ERROR_SIGNING_REFUSED },
    { "ERROR: TSS request failed: Couldn't connect to server (status=-1)", PR_ERROR_NO_SIGNING },
    { "ERROR: Unable to get SHSH blobs for this device", PR_ERROR_NO_SIGNING },
    { "ERROR: zip_open: /home/a/b.ipsw: 35", PR_ERROR_FILE_DAMAGED },
    { "ERROR: Could not find all required components in IPSW /a.ipsw", PR_ERROR_FILE_DAMAGED },
    { "ERROR: Writing to '/x' failed: No space left on device", PR_ERROR_NO_SPACE },
    { "ERROR: Unable to place device into recovery mode from normal mode", PR_ERROR_RECOVERY_REFUSED },
    { "ERROR: Could not create stashbag (timeout).", PR_ERROR_LOCKED },
    { "ERROR: Unable to send iBEC component: Unable to upload data to device", PR_ERROR_LOST_IN_START },
    { "ERROR: Device did not reconnect in recovery mode. Possibly invalid iBEC. Reset device and try again.",
      PR_ERROR_NO_RECOVERY_RETURN },
    { "ERROR: Device did not disconnect. Possibly invalid iBEC. Reset device and try again.",
      PR_ERROR_NO_RECOVERY_RETURN },
    { "ERROR: Device failed to enter restore mode.", PR_ERROR_NO_RESTORE_MODE },
    { "Device reconnected in Recovery mode, most likely image personalization failed.", PR_ERROR_BACK_IN_RECOVERY },
    { "ERROR: Could not read data (-256). Aborting.", PR_ERROR_UNPLUGGED_IN_WORK },
    { "ERROR: Unable to send data to ASR. Sent 1 of 2 bytes.", PR_ERROR_UNPLUGGED_IN_WORK },
    { "Status: Verification Error", PR_ERROR_PHONE_GAVE_UP, -1 },
    { "Status: Disk Failure", PR_ERROR_PHONE_GAVE_UP, 6 },
    { "Status: Fail", PR_ERROR_PHONE_GAVE_UP, 14 },
    { "Status: Failed to mount filesystems.", PR_ERROR_PHONE_GAVE_UP, 27 },
    { "Status: Failed to load SEP Firmware.", PR_ERROR_PHONE_GAVE_UP, 50 },
    { "Status: Failed to recover FDR data.", PR_ERROR_PHONE_GAVE_UP, 53 },
    { "Status: X-Gold Baseband Update Failed. Defective Unit?", PR_ERROR_PHONE_GAVE_UP, 1015 },
    { "Unhandled status message (4013)", PR_ERROR_PHONE_GAVE_UP, 4013 },
};

static void
test_causes (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (causes); i++) {
        g_autoptr (PrRestoreState) state = pr_restore_state_new ();

        g_assert_true (pr_restore_log_feed (state, causes[i].line));
        g_assert_true (state->has_cause);
        g_assert_cmpint (state->cause, ==, causes[i].cause);
        g_assert_cmpint (state->apple_status, ==, causes[i].apple_status);
        g_assert_nonnull (strstr (causes[i].line, g_strchomp (state->evidence->str)));
    }
}

/* The reason behind counts more than the complaint, whichever came first. */
static void
test_ranks (void)
{
    static const struct {
        const char *lines[4];
        int cause;
    } cases[] = {
        { { "ERROR: TSS request failed (status=94, message=no)", "ERROR: Unable to send TSS request",
            "ERROR: Unable to get SHSH blobs for this device" },
          PR_ERROR_SIGNING_REFUSED },
        { { "ERROR: Unable to send TSS request", "ERROR: TSS request failed (status=94, message=no)" },
          PR_ERROR_SIGNING_REFUSED },
        { { "ERROR: TSS request failed: timeout (status=-1)", "Received SHSH blobs" }, -1 },
        { { "ERROR: Unable to send data to ASR. Sent 1 of 2 bytes.", "Status: Disk Failure" }, PR_ERROR_PHONE_GAVE_UP },
        { { "Status: Disk Failure", "ERROR: Could not read data (-256). Aborting." }, PR_ERROR_PHONE_GAVE_UP },
    };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (PrRestoreState) state = pr_restore_state_new ();

        for (guint k = 0; cases[i].lines[k] != NULL; k++)
            pr_restore_log_feed (state, cases[i].lines[k]);
        g_assert_cmpint (state->has_cause ? (int) state->cause : -1, ==, cases[i].cause);
    }
}

static void
test_shares (void)
{
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();

    pr_restore_log_feed (state, "Extracting filesystem from IPSW: a.dmg");
    g_assert_true (pr_restore_log_feed (state, "[=====     ]  50.0%"));
    g_assert_cmpint (state->phase, ==, PR_RESTORE_PHASE_SIGN);
    double half = state->fraction;
    g_assert_true (pr_restore_log_feed (state, "Extracting:   0.8"));
    g_assert_cmpfloat (state->fraction, >, half);
    g_assert_false (pr_restore_log_feed (state, "[===       ]  30.0%"));
    pr_restore_log_feed (state, "\033[1;32mSending filesystem now...\033[0m");
    g_assert_cmpint (state->phase, ==, PR_RESTORE_PHASE_SEND);
    g_assert_true (pr_restore_log_feed (state, "Uploading:   0.3"));
    g_assert_cmpfloat_with_epsilon (state->fraction, .3, 1e-9);
}

/* Lines that say nothing, or lie: no change, no crash. */
static void
test_noise (void)
{
    static const char *const lines[] = { "",
                                         " ",
                                         ":",
                                         "[",
                                         "[]",
                                         "]",
                                         "progress: ",
                                         "progress: x",
                                         "progress: 2",
                                         "progress: 2 nan",
                                         "progress: 2 7",
                                         "progress: 2 -1",
                                         "progress: 99 0.5",
                                         "progress: 18446744073709551616 1",
                                         "\033[",
                                         "\033[31",
                                         "12:34:56.789",
                                         "12:34:56.789   <Info> ",
                                         "<string>Status: Restore Finished</string>",
                                         "log: Status: Restore Finished",
                                         "Status: Restore Finished?",
                                         "\xff\xfe\xfd",
                                         "Uploading: 2.5",
                                         "Uploading:",
                                         "Found nothing" };
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();
    g_autofree char *endless = g_strnfill (1024 * 1024, 'E');

    pr_restore_log_feed (state, "Sending filesystem now...");
    for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
        gboolean changed = pr_restore_log_feed (state, lines[i]);

        g_test_message ("%u: %d", i, changed);
        g_assert_false (state->finished);
        g_assert_false (state->has_cause);
        g_assert_cmpint (state->phase, ==, PR_RESTORE_PHASE_SEND);
    }
    g_assert_false (pr_restore_log_feed (state, endless));
    for (guint i = 0; i < 10000; i++)
        pr_restore_log_feed (state, "ERROR: Unable to send data to ASR. Sent 1 of 2 bytes.");
    g_assert_cmpuint (state->evidence->len, <=, 8192);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/restore-log/fixtures", test_fixtures);
    g_test_add_data_func ("/restore-log/trixie", "trixie", test_recordings);
    g_test_add_data_func ("/restore-log/sid", "sid", test_recordings);
    g_test_add_func ("/restore-log/unplugged", test_unplugged);
    g_test_add_func ("/restore-log/progress", test_progress);
    g_test_add_func ("/restore-log/both-contracts", test_both_contracts);
    g_test_add_func ("/restore-log/causes", test_causes);
    g_test_add_func ("/restore-log/ranks", test_ranks);
    g_test_add_func ("/restore-log/shares", test_shares);
    g_test_add_func ("/restore-log/noise", test_noise);
    g_test_add_func ("/restore-log/passcode", test_passcode);
    g_test_add_func ("/restore-log/promise", test_promise);
    return g_test_run ();
}
