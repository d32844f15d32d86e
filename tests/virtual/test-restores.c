/* Whole restores by the unmodified idevicerestore, judged by the phone; and what a phone refuses, as a real one would.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tool-bed.h"

#include <string.h>
#include <plist/plist.h>
#include <zip.h>

#define RESTORE_SECONDS 60 /* that a restore may take; some 10 s of it are the tool's own waits */
#define REFUSAL_SECONDS 90 /* 60 s of these are its wait for a phone that does not start what it was sent */
#define BRISK "[pace]\nseconds=2\n"

static const char erase[] = "-e";

/* --- Restores --- */

static void
assert_system (PrTestPhone *phone, const char *data, const char *restored, const char *updated)
{
    bed_expect_state (phone, "system", "whole", 0);
    bed_expect_state (phone, "data", data, 0);
    bed_expect_state (phone, "restored", restored, 0);
    bed_expect_state (phone, "updated", updated, 0);
    bed_expect_state (phone, "tickets-refused", "0", 0);
    bed_expect_state (phone, "version", "17.6.1", 0);
    bed_expect_state (phone, "mode", "normal", 10);
}

static void
assert_untouched (PrTestPhone *phone)
{
    bed_expect_state (phone, "system", "whole", 0);
    bed_expect_state (phone, "data", "kept", 0);
    bed_expect_state (phone, "restored", "0", 0);
    bed_expect_state (phone, "updated", "0", 0);
    bed_expect_state (phone, "version", "17.5.1", 0);
}

static const struct {
    const char *name;
    const char *scenario;
    const char *said; /* beside that it was restored */
    gboolean updates;
} restores[] = {
    { "normal", "[phone]\nmode=normal\n" BRISK, "Found device in Normal mode", FALSE },
    { "recovery", "[phone]\nmode=recovery\n" BRISK, "Found device in Recovery mode", FALSE },
    { "dfu", "[phone]\nmode=dfu\n" BRISK, "Found device in DFU mode", FALSE },
    { "update", "[phone]\nmode=normal\n" BRISK, "without erasing user data", TRUE },
    { "update-recovery", "[phone]\nmode=recovery\n" BRISK, "without erasing user data", TRUE },
    { "passcode", "[phone]\nmode=normal\npasscode=enter\naccept-after=2\n" BRISK, "Stashbag committed!", TRUE },
    { "deflated", "[phone]\nmode=recovery\n[firmware]\ndeflated=true\n" BRISK, "Extracting filesystem from IPSW",
      FALSE },
    { "tablet", "[phone]\nproduct=iPad13,18\n" BRISK, "iPad13,18", FALSE },
};

static void
test_restore (gconstpointer data)
{
    guint i = GPOINTER_TO_UINT (data);
    const char *kind = restores[i].updates ? "update" : "erase";
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (restores[i].scenario);
    g_autoptr (Tool) tool = restore_start (phone, restores[i].updates ? "" : erase);

    tool_expect (tool, RESTORE_SECONDS, 0, "Status: Restore Finished");
    tool_expect (tool, 0, 0, restores[i].said);
    g_assert_true (pr_test_phone_log_has (phone, "restore-finished", "kind", kind, NULL));
    assert_system (phone, restores[i].updates ? "kept" : "erased", restores[i].updates ? "0" : "1",
                   restores[i].updates ? "1" : "0");
    g_assert_cmpuint (pr_test_phone_log_count (phone, "upload", "result", "whole", "size", "8388608", NULL), ==, 1);
    g_assert_false (pr_test_phone_log_has (phone, "command-refused", NULL));
}

/* After an erase nobody is trusted, and the phone has nobody's name; after an update both stay. */
static void
test_afterwards (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text ("[phone]\nmode=normal\n" BRISK);
    g_autoptr (Tool) tool = restore_start (phone, erase);
    g_autofree char *output = NULL;

    tool_expect (tool, RESTORE_SECONDS, 0, "Status: Restore Finished");
    bed_expect_state (phone, "mode", "normal", 10);
    bed_expect_state (phone, "trusted", "false", 0);
    bed_expect_state (phone, "name", "iPhone", 0);
    bed_expect_state (phone, "auto-boot", "true", 0);
    g_assert_cmpint (pr_test_phone_run (phone, "ideviceinfo -s -k ProductVersion", &output, NULL), ==, 0);
    g_assert_cmpstr (output, ==, "17.6.1\n");
}

/* Two phones, each with its own bus, are restored at the same time. */
static void
test_side_by_side (void)
{
    g_autoptr (PrTestPhone) one = pr_test_phone_start_text ("[phone]\nmode=recovery\n" BRISK);
    g_autoptr (PrTestPhone) other = pr_test_phone_start_text ("[phone]\nmode=dfu\n" BRISK);
    g_autoptr (Tool) first = restore_start (one, erase);
    g_autoptr (Tool) second = restore_start (other, erase);

    tool_expect (first, RESTORE_SECONDS, 0, "Status: Restore Finished");
    tool_expect (second, RESTORE_SECONDS, 0, "Status: Restore Finished");
    assert_system (one, "erased", "1", "0");
    assert_system (other, "erased", "1", "0");
}

/* --- What a phone refuses: tickets --- */

static GBytes *
unpack (const char *path)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GFile) file = g_file_new_for_path (path);
    g_autoptr (GFileInputStream) packed = g_file_read (file, NULL, &error);
    g_assert_no_error (error);
    g_autoptr (GZlibDecompressor) unpacker = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
    g_autoptr (GInputStream) stream = g_converter_input_stream_new (G_INPUT_STREAM (packed), G_CONVERTER (unpacker));
    g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();

    g_output_stream_splice (output, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, &error);
    g_assert_no_error (error);
    return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (output));
}

/* The ticket in the file that the tool keeps it in (a packed property list), into a file that holds it alone. */
static char *
unpack_ticket (const char *kept, const char *folder)
{
    char *path = g_build_filename (folder, "ticket", NULL);
    g_autoptr (GBytes) text = unpack (kept);
    plist_t all = NULL;
    uint64_t size = 0;

    plist_from_memory (g_bytes_get_data (text, NULL), g_bytes_get_size (text), &all, NULL);
    g_assert_nonnull (all);
    const char *ticket = plist_get_data_ptr (plist_dict_get_item (all, "ApImg4Ticket"), &size);
    g_assert_true (g_file_set_contents (path, ticket, (gssize) size, NULL));
    plist_free (all);
    return path;
}

/* (transfer full): a ticket for @phone as it is now, in a file below @folder. */
static char *
fetch_ticket (PrTestPhone *phone, const char *folder)
{
    g_autofree char *options = g_strdup_printf ("-e -t -C %s", folder);
    g_autoptr (Tool) tool = restore_start (phone, options);
    g_autofree char *shsh = g_build_filename (folder, "shsh", NULL);

    tool_expect (tool, 30, 0, "SHSH saved to");
    g_autoptr (GDir) dir = g_dir_open (shsh, 0, NULL);
    const char *name = dir != NULL ? g_dir_read_name (dir) : NULL;
    g_assert_nonnull (name);
    g_autofree char *kept = g_build_filename (shsh, name, NULL);
    return unpack_ticket (kept, folder);
}

/* A restore of @phone with the ticket in @file does nothing to it. */
static void
expect_refusal (PrTestPhone *phone, const char *file, const char *why)
{
    g_autofree char *options = g_strdup_printf ("-e -T %s", file);
    g_autoptr (Tool) tool = restore_start (phone, options);

    bed_wait_log (phone, "restore-failed", RESTORE_SECONDS);
    g_assert_true (pr_test_phone_log_has (phone, "restore-failed", "why", why, NULL));
    bed_expect_state (phone, "tickets-refused", "1", 0);
    bed_expect_state (phone, "mode", "recovery", 10);
    assert_untouched (phone);
    g_assert_null (strstr (tool_said (tool), "Status: Restore Finished"));
}

static void
test_other_nonce (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text ("[phone]\nmode=recovery\n" BRISK);
    g_autofree char *folder = pr_test_make_folder ();
    g_autofree char *ticket = fetch_ticket (phone, folder);

    pr_test_phone_tell (phone, "boot normal");
    bed_expect_state (phone, "mode", "normal", 10);
    pr_test_phone_tell (phone, "boot recovery");
    bed_expect_state (phone, "mode", "recovery", 10);
    expect_refusal (phone, ticket, "The ticket is for another nonce");
    pr_test_remove_folder (folder);
}

static void
test_other_phone (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text ("[phone]\nmode=recovery\n" BRISK);
    g_autoptr (PrTestPhone) other =
        pr_test_phone_start_text ("[phone]\nmode=recovery\necid=0x0011223344556701\n" BRISK);
    g_autofree char *folder = pr_test_make_folder ();
    g_autofree char *options = g_strdup_printf ("-e -t -i 0x0011223344556701 -C %s", folder);
    g_autoptr (Tool) tool = restore_start (other, options);
    g_autofree char *kept = g_build_filename (folder, "shsh", "4822678189205249-iPhone14,7-17.6.1.shsh", NULL);

    tool_expect (tool, 30, 0, "SHSH saved to");
    g_autofree char *ticket = unpack_ticket (kept, folder);
    expect_refusal (phone, ticket, "The ticket is for another phone");
    pr_test_remove_folder (folder);
}

/* The right ticket by the same way: what was refused above was refused for its own sake. */
static void
test_own_ticket (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text ("[phone]\nmode=recovery\n" BRISK);
    g_autofree char *folder = pr_test_make_folder ();
    g_autofree char *ticket = fetch_ticket (phone, folder);
    g_autofree char *options = g_strdup_printf ("-e -T %s", ticket);
    g_autoptr (Tool) tool = restore_start (phone, options);

    tool_expect (tool, RESTORE_SECONDS, 0, "Status: Restore Finished");
    assert_system (phone, "erased", "1", "0");
    pr_test_remove_folder (folder);
}

/* --- What a phone refuses: files --- */

static GBytes *
read_entry (zip_t *zip, zip_uint64_t index)
{
    zip_stat_t status;
    zip_file_t *file = zip_fopen_index (zip, index, 0);

    g_assert_nonnull (file);
    g_assert_cmpint (zip_stat_index (zip, index, 0, &status), ==, 0);
    guint8 *data = g_malloc (status.size);
    g_assert_cmpint (zip_fread (file, data, status.size), ==, status.size);
    zip_fclose (file);
    return g_bytes_new_take (data, status.size);
}

/* Turns one byte in the middle of the entry @name round, or, with @junk, replaces it by bytes that are no IM4P. */
static void
spoil_entry (zip_t *zip, const char *name, gboolean junk)
{
    zip_int64_t index = zip_name_locate (zip, name, ZIP_FL_NODIR);
    gsize size = 0;

    g_assert_cmpint (index, >=, 0);
    g_autoptr (GBytes) bytes = read_entry (zip, index);
    guint8 *data = g_memdup2 (g_bytes_get_data (bytes, &size), g_bytes_get_size (bytes));
    size = g_bytes_get_size (bytes);
    data[size / 2] ^= 0xff;
    if (junk)
        memset (data, 'x', size);
    zip_source_t *source = zip_source_buffer_create (data, size, 1, NULL);
    g_assert_cmpint (zip_file_replace (zip, index, source, 0), ==, 0);
}

/* (transfer full): a copy of the system of @phone below @folder, spoilt. */
static char *
make_spoilt (PrTestPhone *phone, const char *folder, const char *name, gboolean junk)
{
    g_autofree char *system = bed_find_system (phone);
    char *path = g_build_filename (folder, "spoilt.ipsw", NULL);
    g_autofree char *content = NULL;
    gsize size = 0;

    g_assert_true (g_file_get_contents (system, &content, &size, NULL));
    g_assert_true (g_file_set_contents (path, content, (gssize) size, NULL));
    zip_t *zip = zip_open (path, 0, NULL);
    g_assert_nonnull (zip);
    spoil_entry (zip, name, junk);
    g_assert_cmpint (zip_close (zip), ==, 0);
    return path;
}

static const struct {
    const char *name;
    const char *entry; /* that is spoilt */
    gboolean junk;
    const char *event, *why; /* in the phone's log */
    const char *mode;        /* where it ends */
    gboolean untouched;      /* else its system is gone */
    gboolean slow;
} spoilt[] = {
    { "boot-stage", "iBEC.d27ap.RELEASE.im4p", FALSE, "ticket-refused", "The ticket does not trust this ibec",
      "recovery", TRUE, TRUE },
    { "no-img4", "iBEC.d27ap.RELEASE.im4p", TRUE, "image-refused", "no whole IMG4", "recovery", TRUE, TRUE },
    { "ramdisk", "094-12345-001.dmg", FALSE, "ticket-refused", "The ticket does not trust this rdsk", "ibec", TRUE,
      FALSE },
    { "system", "094-54321-001.dmg", FALSE, "restore-failed", "The system image is not the one that was signed",
      "recovery", FALSE, FALSE },
};

static void
test_spoilt (gconstpointer data)
{
    guint i = GPOINTER_TO_UINT (data);
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text ("[phone]\nmode=recovery\n" BRISK);
    g_autofree char *folder = pr_test_make_folder ();
    g_autofree char *ipsw = make_spoilt (phone, folder, spoilt[i].entry, spoilt[i].junk);
    g_autoptr (Tool) tool = restore_start_file (phone, erase, ipsw);

    bed_wait_log (phone, spoilt[i].event, RESTORE_SECONDS);
    g_assert_true (pr_test_phone_log_has (phone, spoilt[i].event, "why", spoilt[i].why, NULL));
    /* a tool whose phone left restore mode may spin for ever: a fault of libusbmuxd 2.1.0 */
    if (spoilt[i].untouched)
        g_assert_cmpint (tool_wait (tool, REFUSAL_SECONDS), ==, 1);
    g_assert_null (strstr (tool_said (tool), "Status: Restore Finished"));
    bed_expect_state (phone, "mode", spoilt[i].mode, 10);
    bed_expect_state (phone, "restored", "0", 0);
    bed_expect_state (phone, "system", spoilt[i].untouched ? "whole" : "incomplete", 0);
    pr_test_remove_folder (folder);
}

/* --- What a phone refuses: half of it --- */

/* The computer dies half-way. The phone is in recovery mode then, whatever it is told, until a system is whole. */
static void
test_cut_short (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text ("[phone]\nmode=recovery\n[pace]\nseconds=10\n");
    g_autoptr (Tool) tool = restore_start (phone, erase);

    bed_wait_log (phone, "uploading", RESTORE_SECONDS);
    tool_free (g_steal_pointer (&tool));
    bed_expect_state (phone, "mode", "recovery", 20);
    g_assert_true (pr_test_phone_log_has (phone, "upload", "result", "broken", NULL));
    bed_expect_state (phone, "system", "incomplete", 0);
    bed_expect_state (phone, "data", "erased", 0);
    pr_test_phone_tell (phone, "boot normal");
    bed_expect_state (phone, "mode", "recovery", 10);
    tool = restore_start (phone, erase);
    tool_expect (tool, RESTORE_SECONDS, 0, "Status: Restore Finished");
    assert_system (phone, "erased", "1", "0");
}

/* Half a file, or none of Apple's, is not started. */
static void
test_half_file (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text ("[phone]\nmode=recovery\n");
    g_autofree char *system = bed_find_system (phone);
    g_autofree char *send = g_strconcat ("irecovery -f ", system, NULL);
    g_autoptr (Tool) sending = tool_start (phone, send);
    g_autoptr (Tool) starting = NULL;

    tool_expect (sending, 30, 0, "");
    starting = tool_start (phone, "irecovery -c go");
    tool_wait (starting, 30);
    g_assert_true (pr_test_phone_log_has (phone, "image-refused", NULL));
    g_assert_true (pr_test_phone_log_has (phone, "command-refused", "line", "go", NULL));
    bed_expect_state (phone, "mode", "recovery", 0);
    assert_untouched (phone);
}

/* --- One at a time --- */

/* While one has the phone open nobody else gets it, and that does no harm to the one. */
static void
test_second_claimant (void)
{
    g_autoptr (PrTestPhone) phone =
        pr_test_phone_start_text ("[phone]\nmode=recovery\n" BRISK "[faults]\nslow-ticket=9\n");
    g_autoptr (Tool) first = restore_start (phone, erase);
    g_autoptr (Tool) second = NULL;

    tool_wait_said (first, "irecv_event_cb", 20);
    bed_wait_log (phone, "signing-asked", 20);
    second = tool_start (phone, "irecovery -q");
    bed_wait_log (phone, "claim-refused", 10);
    g_assert_cmpint (tool_wait (second, 20), !=, 0);
    g_assert_null (strstr (tool_said (second), "CPID"));
    tool_expect (first, RESTORE_SECONDS, 0, "Status: Restore Finished");
    assert_system (phone, "erased", "1", "0");
}

/* iOS enters recovery mode only for a computer that it trusts. */
static void
test_unpaired (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text ("[phone]\ntrust=never\nwhen-asked=wait\n" BRISK);
    g_autoptr (Tool) tool = restore_start (phone, erase);

    tool_expect (tool, RESTORE_SECONDS, 1, "Unable to place device into recovery mode from normal mode");
    bed_expect_state (phone, "mode", "normal", 0);
    assert_untouched (phone);
}

/* Nobody enters the passcode that an update asks for. */
static void
test_no_passcode (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text ("[phone]\npasscode=ignore\naccept-after=2\n" BRISK);
    g_autoptr (Tool) tool = restore_start (phone, "");

    tool_expect (tool, RESTORE_SECONDS, 1, "Timeout while waiting for user to enter passcode.");
    g_assert_true (pr_test_phone_log_has (phone, "passcode-ignored", NULL));
    bed_expect_state (phone, "mode", "normal", 0);
    assert_untouched (phone);
}

static void
add_table (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (restores); i++) {
        g_autofree char *path = g_strconcat ("/restores/", restores[i].name, NULL);
        g_test_add_data_func (path, GUINT_TO_POINTER (i), test_restore);
    }
}

/* With "-m slow" those that take more than a minute, without it the others. */
static void
add_spoilt (void)
{
    for (guint i = 0; i < G_N_ELEMENTS (spoilt); i++) {
        if (spoilt[i].slow != g_test_slow ())
            continue;
        g_autofree char *path = g_strconcat ("/refusals/", spoilt[i].name, NULL);
        g_test_add_data_func (path, GUINT_TO_POINTER (i), test_spoilt);
    }
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    add_spoilt ();
    if (g_test_slow ())
        return g_test_run ();
    add_table ();
    g_test_add_func ("/restores/afterwards", test_afterwards);
    g_test_add_func ("/restores/side-by-side", test_side_by_side);
    g_test_add_func ("/restores/own-ticket", test_own_ticket);
    g_test_add_func ("/refusals/other-nonce", test_other_nonce);
    g_test_add_func ("/refusals/other-phone", test_other_phone);
    g_test_add_func ("/refusals/unpaired", test_unpaired);
    g_test_add_func ("/refusals/no-passcode", test_no_passcode);
    g_test_add_func ("/refusals/cut-short", test_cut_short);
    g_test_add_func ("/refusals/half-file", test_half_file);
    g_test_add_func ("/refusals/second-claimant", test_second_claimant);
    return g_test_run ();
}
