/* However the bytes come, and whichever of the two contracts they are in, a failure is the same failure: the recordings
 * of the real tools, cut anywhere, and one line of each kind that no recording has.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "pr-restore-log.h"
#include "pr-restore-status.h"
#include "pr-restore-tool.h"
#include "pr-run-reader.h"

#define CUTS 20    /* ways in which each recording is cut */
#define PIECE 4096 /* bytes at most */

static char *folder; /* where what is read grows */

static char *
read_recording (const char *contract, const char *name, const char *stream)
{
    g_autofree char *file = g_strconcat (name, ".", stream, NULL);
    g_autofree char *path = g_test_build_filename (G_TEST_DIST, "restore", "fixtures", contract, file, NULL);
    g_autoptr (GError) error = NULL;
    char *text = NULL;

    g_file_get_contents (path, &text, NULL, &error);
    g_assert_no_error (error);
    return text;
}

/* Which phases were entered, one after the other. */
static void
note_phase (GString *steps, const PrRestoreState *state)
{
    if (steps->len == 0 || steps->str[steps->len - 1] != '0' + (char) state->phase)
        g_string_append_c (steps, '0' + (char) state->phase);
}

static void
feed (PrRunReader *reader, gboolean at_end, PrRestoreState *state, GString *steps)
{
    const char *line;

    while ((line = pr_run_reader_next (reader, at_end)) != NULL) {
        pr_restore_log_feed (state, line);
        note_phase (steps, state);
    }
}

/* Writes @text in pieces of any size, and reads after each. */
static void
feed_in_pieces (const char *text, const char *stream, gsize piece, PrRestoreState *state, GString *steps)
{
    g_autofree char *path = g_build_filename (folder, stream, NULL);
    PrRunReader *reader = pr_run_reader_new (folder, stream);
    FILE *file = fopen (path, "w");
    gsize length = strlen (text), n;

    g_assert_nonnull (file);
    for (gsize at = 0; at < length; at += n) {
        n = piece == 0 ? length : (gsize) g_test_rand_int_range (1, (gint32) piece + 1);
        n = MIN (n, length - at);
        g_assert_cmpuint (fwrite (text + at, 1, n, file), ==, n);
        fflush (file);
        feed (reader, FALSE, state, steps);
    }
    feed (reader, TRUE, state, steps);
    fclose (file);
    pr_run_reader_free (reader);
    g_unlink (path);
}

/* (transfer full): all that it comes to: the steps, and the error with which it ends */
static char *
read_in_pieces (const char *output, const char *errors, gsize piece)
{
    g_autoptr (PrRestoreState) state = pr_restore_state_new ();
    g_autoptr (GString) steps = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    const PrRestoreEnd end = { .ended = TRUE, .exit_status = state->finished ? 0 : 1 };

    feed_in_pieces (output, "output", piece, state, steps);
    feed_in_pieces (errors, "errors", piece, state, steps);
    pr_restore_tool_judge (state, &end, FALSE, &error);
    return g_strdup_printf ("%s %s %d %d%d%d%d%d %s", steps->str, pr_error_get_nick ((PrError) error->code),
                            state->apple_status, state->finished, state->erases, state->keeps_data,
                            state->entering_recovery, state->past_return, state->evidence->str);
}

static const char *const recordings[] = { "erase",       "update",    "signing-refused", "signing-down", "status-14",
                                          "wrong-model", "truncated", "lost-in-start",   "no-return" };

static void
test_pieces (gconstpointer contract)
{
    for (gsize i = 0; i < G_N_ELEMENTS (recordings); i++) {
        g_autofree char *output = read_recording (contract, recordings[i], "output");
        g_autofree char *errors = read_recording (contract, recordings[i], "errors");
        g_autofree char *whole = read_in_pieces (output, errors, 0);

        for (guint cut = 0; cut < CUTS; cut++) {
            g_autofree char *cut_up = read_in_pieces (output, errors, cut % 2 == 0 ? PIECE : 40);

            g_assert_cmpstr (cut_up, ==, whole);
        }
    }
}

/* The two contracts tell the same failure. */
static void
test_contracts (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (recordings); i++) {
        char *said[2];

        for (guint c = 0; c < 2; c++) {
            const char *contract = c == 0 ? "trixie" : "sid";
            g_autofree char *output = read_recording (contract, recordings[i], "output");
            g_autofree char *errors = read_recording (contract, recordings[i], "errors");
            g_autofree char *all = read_in_pieces (output, errors, PIECE);
            g_auto (GStrv) words = g_strsplit (all, " ", 4);

            /* what the errors say of the steps is said on both streams since 2025 */
            said[c] = g_strdup_printf ("%s %s", words[1], words[2]);
        }
        g_test_message ("%s: %s", recordings[i], said[0]);
        g_assert_cmpstr (said[0], ==, said[1]);
        g_free (said[0]);
        g_free (said[1]);
    }
}

/* Written by hand, because no fault of the virtual phone makes the tool say it, or not in both contracts. */
static const struct {
    const char *line; /* as it was before 2025 */
    PrError cause;
} lines[] = {
    { "ERROR: Unable to discover device mode. Please make sure a device is attached.", PR_ERROR_UNPLUGGED },
    { "ERROR: Unable to discover device type", PR_ERROR_NO_USB_PERMISSION },
    { "ERROR: Could not open device in recovery mode", PR_ERROR_NO_USB_PERMISSION },
    { "ERROR: Unable to find a matching build identity", PR_ERROR_WRONG_MODEL },
    { "ERROR: Could not make sure this firmware is suitable for the current device. Refusing to continue.",
      PR_ERROR_WRONG_MODEL },
    { "ERROR: Unable to get SHSH blobs for this device", PR_ERROR_NO_SIGNING },
    { "ERROR: TSS request failed (status=94, message=This device isn't eligible for the requested build.)",
      PR_ERROR_SIGNING_REFUSED },
    { "ERROR: TSS request failed: Couldn't connect to server (status=-1)", PR_ERROR_NO_SIGNING },
    { "ERROR: Could not find all required components in IPSW /a.ipsw", PR_ERROR_FILE_DAMAGED },
    { "ERROR: Unable to extract BuildManifest from /a.ipsw. Firmware file might be corrupt.", PR_ERROR_FILE_DAMAGED },
    { "ERROR: Unable to extract filesystem from IPSW", PR_ERROR_FILE_DAMAGED },
    { "ERROR: Unable to place device into recovery mode from normal mode", PR_ERROR_RECOVERY_REFUSED },
    { "ERROR: Could not create stashbag (timeout).", PR_ERROR_LOCKED },
    { "ERROR: Device did not reconnect in recovery mode. Possibly invalid iBEC. Reset device and try again.",
      PR_ERROR_NO_RECOVERY_RETURN },
    { "ERROR: Device failed to enter restore mode.", PR_ERROR_NO_RESTORE_MODE },
    { "Device reconnected in Recovery mode, most likely image personalization failed.", PR_ERROR_BACK_IN_RECOVERY },
    { "ERROR: Unable to send data to ASR. Sent 1 of 2 bytes.", PR_ERROR_UNPLUGGED_IN_WORK },
    { "ERROR: Unable to receive data from ASR", PR_ERROR_UNPLUGGED_IN_WORK },
    { "ERROR: Unable to send payload to ASR", PR_ERROR_UNPLUGGED_IN_WORK },
    { "Checkpoint FAILURE id: 0x1234 result: -1", PR_ERROR_PHONE_GAVE_UP },
    { "Status: Disk Failure", PR_ERROR_PHONE_GAVE_UP },
    { "Unhandled status message (4013)", PR_ERROR_PHONE_GAVE_UP },
    { "ERROR: Something that nobody has heard of", PR_ERROR_TOOL_FAILED },
};

/* Since 2025: a time and a level, and no "ERROR: ". */
static char *
write_newer (const char *line)
{
    gboolean is_error = g_str_has_prefix (line, "ERROR: ");

    return g_strdup_printf ("14:03:27.041 %s%s", is_error ? "  <Error> " : "   <Info> ",
                            line + (is_error ? strlen ("ERROR: ") : 0));
}

static int
judge (const char *output, const char *errors)
{
    g_autofree char *all = read_in_pieces (output, errors, 7);
    g_auto (GStrv) words = g_strsplit (all, " ", 3);
    for (int code = 0; code <= PR_ERROR_NOT_ERASED; code++)
        if (g_str_equal (pr_error_get_nick ((PrError) code), words[1]))
            return code;
    g_assert_not_reached ();
}

static void
test_lines (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
        g_autofree char *newer = write_newer (lines[i].line);

        g_test_message ("%s", lines[i].line);
        g_assert_cmpint (judge (lines[i].line, ""), ==, lines[i].cause);
        g_assert_cmpint (judge ("", lines[i].line), ==, lines[i].cause);
        g_assert_cmpint (judge ("", newer), ==, lines[i].cause);
    }
}

/* --- The phone's numbers --- */

static const struct {
    const char *guide; /* NULL: no family has it, and the general page has to do */
    int numbers[22];
} families[] = {
    { "error-link", { 9,    13,   14,   1600, 1601, 1602, 1603, 1604, 1611, 1638, 1639,
                      1644, 1646, 1648, 1650, 4000, 4005, 4010, 4013, 4014, 4016, 4037 } },
    { "error-signing", { 1013, 1109, 3014, 3100, 3104, 3169, 3194, 3504, 3999, 9006, 9807 } },
    { "error-file", { 1, 10, 1403, 1413, 1414, 1415 } },
    { "error-security", { 6, 20, 21, 23, 26, 28, 29, 34, 36, 37, 40, 1000, 1667, 1669, 1671 } },
    { "error-parts", { -1, -18, 27, 50, 51, 53, 100 } },
    { "error-modem", { 1001, 1002, 1004, 1010, 1011, 1012, 1014, 1015, 1018, 1021 } },
    { NULL, { 2, 54, 99, 777, 2001, 3099, 4038, 100000 } },
};

static void
test_numbers (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (families); i++) {
        for (gsize j = 0; j < G_N_ELEMENTS (families[i].numbers) && families[i].numbers[j] != 0; j++) {
            g_autoptr (PrRestoreState) state = pr_restore_state_new ();
            g_autofree char *line = g_strdup_printf ("Unhandled status message (%d)", families[i].numbers[j]);

            pr_restore_log_feed (state, line);
            g_assert_cmpint (state->cause, ==, PR_ERROR_PHONE_GAVE_UP);
            g_assert_cmpstr (pr_restore_status_get_guide (state->apple_status), ==, families[i].guide);
        }
    }
}

int
main (int argc, char *argv[])
{
    int result;

    g_test_init (&argc, &argv, NULL);
    folder = g_dir_make_tmp ("restore-split-XXXXXX", NULL);
    g_test_add_data_func ("/restore-split/pieces/trixie", "trixie", test_pieces);
    g_test_add_data_func ("/restore-split/pieces/sid", "sid", test_pieces);
    g_test_add_func ("/restore-split/contracts", test_contracts);
    g_test_add_func ("/restore-split/lines", test_lines);
    g_test_add_func ("/restore-split/numbers", test_numbers);
    result = g_test_run ();
    g_rmdir (folder);
    g_free (folder);
    return result;
}
