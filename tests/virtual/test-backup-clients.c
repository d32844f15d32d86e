/* The unmodified idevicebackup2 against the virtual phone, and a look of our own at what it wrote.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tool-bed.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "backup-desk.h"

#define SEED DESK_SEED

static const char newest[] = "[phone]\npasscode=%s\n[values]\ncom.apple.mobile.backup/WillEncrypt=false\n"
                             "[files]\ncount=20\nseed=7\n";

static BackupDesk *
desk_new_plain (void)
{
    g_autofree char *scenario = backup_desk_describe (300, "1,0,100,4096,40000,33K", FALSE);

    return backup_desk_new (scenario);
}

static BackupDesk *
desk_new_encrypted (void)
{
    g_autofree char *scenario = backup_desk_describe (200, "15,16,17,4096,40000", TRUE);

    return backup_desk_new (scenario);
}

static void
expect_folder (BackupDesk *self, const char *command, const char *folder, int status, const char *text)
{
    g_autofree char *whole = g_strdup_printf ("idevicebackup2 %s %s", command, folder);
    g_autofree char *output = NULL;
    g_autofree char *errors = NULL;
    int ended = pr_test_phone_run (self->phone, whole, &output, &errors);

    if (ended != status || (strstr (output, text) == NULL && strstr (errors, text) == NULL))
        g_error ("%s ended with %d and not %d, or did not say \"%s\" but: %s%s", whole, ended, status, text, output,
                 errors);
}

static void
expect (BackupDesk *self, const char *command, int status, const char *text)
{
    expect_folder (self, command, self->folder, status, text);
}

static void
back_up (BackupDesk *self, const char *options)
{
    g_autofree char *command = g_strconcat ("backup", options, NULL);

    expect (self, command, 0, "Backup Successful");
}

/* --- Backing up --- */

static void
test_full (void)
{
    g_autoptr (BackupDesk) desk = desk_new_plain ();
    g_autofree char *snapshot = g_build_filename (desk->backup, "Snapshot", NULL);
    g_autofree char *info = g_build_filename (desk->backup, "Info.plist", NULL);

    back_up (desk, " --full");
    backup_desk_check (desk, NULL, 300);
    g_assert_false (g_file_test (snapshot, G_FILE_TEST_EXISTS));
    g_assert_true (g_file_test (info, G_FILE_TEST_EXISTS));
    g_assert_true (pr_test_phone_log_has (desk->phone, "sync-locked", "path", "/com.apple.itunes.lock_sync", NULL));
    g_assert_true (
        pr_test_phone_log_has (desk->phone, "posted", "name", "com.apple.itunes-mobdev.syncDidFinish", NULL));
    bed_expect_state (desk->phone, "backups-made", "1", 0);
}

static guint
count_sent (BackupDesk *self, const char *files)
{
    return pr_test_phone_log_count (self->phone, "backup-request", "name", "Backup", "files", files, NULL);
}

static void
test_incremental (void)
{
    g_autoptr (BackupDesk) desk = desk_new_plain ();

    back_up (desk, " --full");
    pr_test_phone_tell (desk->phone, "mutate 50 30 20");
    back_up (desk, "");
    backup_desk_check (desk, NULL, 290);
    back_up (desk, "");
    backup_desk_check (desk, NULL, 290);
    pr_test_phone_tell (desk->phone, "mutate 0 290 0");
    back_up (desk, "");
    backup_desk_check (desk, NULL, 0);
    g_assert_cmpuint (count_sent (desk, "305"), ==, 1);
}

static void
test_full_again (void)
{
    g_autoptr (BackupDesk) desk = desk_new_plain ();

    back_up (desk, " --full");
    pr_test_phone_tell (desk->phone, "mutate 50 100 5");
    back_up (desk, " --full");
    backup_desk_check (desk, NULL, 205);
}

static void
test_encrypted (void)
{
    g_autoptr (BackupDesk) desk = desk_new_encrypted ();

    back_up (desk, " --full");
    backup_desk_check (desk, "secret", 200);
    g_assert_false (backup_report (desk->backup, "wrong", SEED).readable);
    pr_test_phone_tell (desk->phone, "mutate 20 10 5");
    back_up (desk, "");
    backup_desk_check (desk, "secret", 195);
    pr_test_phone_tell (desk->phone, "set com.apple.mobile.backup/WillEncrypt false");
    back_up (desk, "");
    backup_desk_check (desk, NULL, 195);
}

static void
test_nothing (void)
{
    g_autoptr (BackupDesk) desk = backup_desk_new ("[phone]\nversion=15.8\n[files]\ncount=0\n"
                                                   "[values]\ncom.apple.mobile.backup/WillEncrypt=false\n");

    back_up (desk, " --full");
    backup_desk_check (desk, NULL, 0);
}

/* --- Putting back --- */

static void
put_back (BackupDesk *self, const char *options)
{
    g_autofree char *command = g_strconcat ("restore --remove --no-reboot", options, NULL);
    g_autofree char *before = backup_desk_get_digest (self);

    pr_test_phone_tell (self->phone, "mutate 40 30 20");
    g_autofree char *between = backup_desk_get_digest (self);
    g_assert_cmpstr (before, !=, between);
    expect (self, command, 0, "Restore Successful");
    g_autofree char *after = backup_desk_get_digest (self);
    g_assert_cmpstr (before, ==, after);
    bed_expect_state (self->phone, "files-odd", "0", 0);
}

static void
test_restore (void)
{
    g_autoptr (BackupDesk) desk = desk_new_plain ();

    back_up (desk, " --full");
    put_back (desk, "");
    g_assert_true (
        pr_test_phone_log_has (desk->phone, "afc-written", "path", "/iTunesRestore/RestoreApplications.plist", NULL));
    pr_test_phone_tell (desk->phone, "mutate 1 0 1");
    expect (desk, "restore", 0, "The device should reboot now");
    bed_wait_log (desk->phone, "boot", 5);
    bed_expect_state (desk->phone, "mode", "off", 5);
    bed_expect_state (desk->phone, "mode", "normal", 20);
    bed_expect_state (desk->phone, "files", "301", 0);
}

static void
test_restore_encrypted (void)
{
    g_autoptr (BackupDesk) desk = desk_new_encrypted ();

    back_up (desk, " --full");
    expect (desk, "restore --password wrong", 49, "ErrorCode 207");
    put_back (desk, " --password secret");
}

/* A newer system's backup, Find My, a damaged backup. */
static void
test_restore_refused (void)
{
    g_autoptr (BackupDesk) desk = desk_new_plain ();

    back_up (desk, " --full");
    pr_test_phone_tell (desk->phone, "set version 15.7.1");
    expect (desk, "restore", 53, "ErrorCode 203");
    pr_test_phone_tell (desk->phone, "set version 15.8");
    pr_test_phone_tell (desk->phone, "set com.apple.fmip/IsAssociated true");
    expect (desk, "restore", 45, "ErrorCode 211");
    bed_expect_state (desk->phone, "backups-restored", "0", 0);
}

static char *
find_any_file (BackupDesk *self)
{
    for (guint i = 0; i < 256; i++) {
        g_autofree char *name = g_strdup_printf ("%02x", i);
        g_autofree char *path = g_build_filename (self->backup, name, NULL);
        g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
        const char *id = dir != NULL ? g_dir_read_name (dir) : NULL;
        if (id != NULL)
            return g_build_filename (path, id, NULL);
    }
    g_error ("there is no file in %s", self->backup);
}

/* What comes back other than it went shows in the digest. */
static void
test_restore_damaged (void)
{
    g_autoptr (BackupDesk) desk = desk_new_plain ();
    g_autofree char *before = backup_desk_get_digest (desk);

    back_up (desk, " --full");
    g_autofree char *path = find_any_file (desk);
    g_assert_true (g_file_set_contents (path, "damaged", -1, NULL));
    g_assert_cmpuint (backup_report (desk->backup, NULL, SEED).wrong, ==, 1);
    expect (desk, "restore --remove --no-reboot", 0, "Restore Successful");
    g_autofree char *after = backup_desk_get_digest (desk);
    g_assert_cmpstr (before, !=, after);
    bed_expect_state (desk->phone, "files-odd", "1", 0);
    bed_expect_state (desk->phone, "files", "299", 0);
}

/* --- The rest of what the tool can ask --- */

static void
test_info (void)
{
    g_autoptr (BackupDesk) desk = desk_new_plain ();

    back_up (desk, " --full");
    expect (desk, "info", 0, "State: finished");
    expect (desk, "list", 0, "\"CameraRollDomain\",\"Media/DCIM/100APPLE/IMG_00000000.HEIC\",1");
}

static void
expect_value (BackupDesk *self, const char *value)
{
    g_autofree char *output = NULL;

    pr_test_phone_run (self->phone, "ideviceinfo -q com.apple.mobile.backup -k WillEncrypt", &output, NULL);
    g_assert_cmpstr (g_strstrip (output), ==, value);
}

static void
test_password (void)
{
    g_autoptr (BackupDesk) desk = desk_new_plain ();

    expect_value (desk, "false");
    expect (desk, "encryption on first", 0, "enabled successfully");
    expect_value (desk, "true");
    back_up (desk, " --full");
    backup_desk_check (desk, "first", 300);
    expect (desk, "changepw wrong second", 49, "ErrorCode 207");
    expect (desk, "changepw first second", 0, "changed successfully");
    back_up (desk, "");
    backup_desk_check (desk, "second", 300);
    expect (desk, "encryption off first", 49, "ErrorCode 207");
    expect (desk, "encryption off second", 0, "disabled successfully");
    expect_value (desk, "false");
}

static void
test_passcode (gconstpointer owner)
{
    g_autofree char *scenario = g_strdup_printf (newest, (const char *) owner);
    g_autoptr (BackupDesk) desk = backup_desk_new (scenario);
    gboolean enters = g_str_equal (owner, "enter");

    expect (desk, "backup --full", enters ? 0 : 48, enters ? "Backup Successful" : "ErrorCode 208");
    g_assert_true (pr_test_phone_log_has (desk->phone, "notification", "name",
                                          "com.apple.LocalAuthentication.ui.presented", NULL));
    g_assert_true (pr_test_phone_log_has (desk->phone, "notification", "name",
                                          "com.apple.LocalAuthentication.ui.dismissed", NULL));
}

/* --- What goes wrong --- */

/* A backup that was cut leaves what the phone's order of work makes of the one before it. */
static void
cut (const char *fault, const char *state, gboolean harmed)
{
    g_autoptr (BackupDesk) desk = desk_new_plain ();

    back_up (desk, " --full");
    pr_test_phone_tell (desk->phone, "mutate 60 20 20");
    pr_test_phone_tell (desk->phone, "fault %s", fault);
    expect (desk, "backup", 255, "");
    BackupReport report = backup_report (desk->backup, NULL, SEED);
    g_assert_cmpstr (report.state, ==, state);
    g_assert_cmpint (report.wrong + report.missing > 0, ==, harmed);
    backup_desk_mend (desk, fault);
    back_up (desk, "");
    backup_desk_check (desk, NULL, 300);
}

static void
test_cut_at_bytes (void)
{
    cut ("backup-cut-at-bytes 200000", "uploading", FALSE);
}

static void
test_cut_moving (void)
{
    cut ("backup-cut-moving 30", "moving", TRUE);
}

static void
test_cut_between_manifests (void)
{
    cut ("backup-cut-between-manifests", "moving", TRUE);
}

static void
test_disk_full (void)
{
    g_autoptr (BackupDesk) desk = desk_new_plain ();

    pr_test_phone_tell (desk->phone, "fault backup-disk-full");
    expect (desk, "backup --full", 151, "ErrorCode 105");
}

static gboolean
sends_files (gpointer data)
{
    return pr_test_phone_log_has (data, "backup-phase", "name", "files", NULL);
}

/* The phone's owner stops it there, which the tool is told by a notification. */
static void
test_cancelled (void)
{
    g_autoptr (BackupDesk) desk = desk_new_plain ();
    g_autofree char *command = g_strdup_printf ("idevicebackup2 backup --full %s", desk->folder);
    g_autoptr (Tool) tool = NULL;

    pr_test_phone_tell (desk->phone, "set megabytes-per-second 0.5");
    tool = tool_start (desk->phone, command);

    g_assert_true (pr_test_run_until (sends_files, desk->phone, 10));
    pr_test_phone_tell (desk->phone, "notify com.apple.itunes-client.syncCancelRequest");
    tool_expect (tool, 20, 255, "User has cancelled the backup process on the device.");
    g_assert_cmpuint (backup_report (desk->backup, NULL, SEED).rows, ==, 0);
    bed_expect_state (desk->phone, "backups-made", "0", 0);
}

/* The tool says that all is well; the manifest does not have what could not be read. */
static void
test_file_error (void)
{
    g_autoptr (BackupDesk) desk = desk_new_plain ();

    pr_test_phone_tell (desk->phone, "fault backup-file-error 0x0b 4");
    back_up (desk, " --full");
    BackupReport report = backup_report (desk->backup, NULL, SEED);
    g_assert_cmpuint (report.rows, ==, 299);
    g_assert_cmpuint (report.missing + report.wrong, ==, 0);
}

/* The names that a phone gives are followed blindly by the tool, which is how these are known to be sent. */
static void
test_hostile (void)
{
    g_autoptr (BackupDesk) desk = desk_new_plain ();
    g_autofree char *inner = g_build_filename (desk->folder, "inner", NULL);
    g_autofree char *escaped = g_build_filename (desk->folder, "phone-reset-escaped", NULL);

    g_assert_no_errno (g_mkdir (inner, 0700));
    pr_test_phone_tell (desk->phone, "fault backup-hostile upload parent");
    expect_folder (desk, "backup --full", inner, 0, "Backup Successful");
    g_assert_true (g_file_test (escaped, G_FILE_TEST_EXISTS));
    pr_test_phone_tell (desk->phone, "fault backup-hostile name-huge");
    expect_folder (desk, "backup --full", inner, 255, "");
    g_assert_cmpuint (pr_test_phone_log_count (desk->phone, "backup-hostile", NULL), ==, 2);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/backup/full", test_full);
    g_test_add_func ("/backup/incremental", test_incremental);
    g_test_add_func ("/backup/full-again", test_full_again);
    g_test_add_func ("/backup/encrypted", test_encrypted);
    g_test_add_func ("/backup/nothing", test_nothing);
    g_test_add_func ("/restore/plain", test_restore);
    g_test_add_func ("/restore/encrypted", test_restore_encrypted);
    g_test_add_func ("/restore/refused", test_restore_refused);
    g_test_add_func ("/restore/damaged", test_restore_damaged);
    g_test_add_func ("/info", test_info);
    g_test_add_func ("/password", test_password);
    g_test_add_data_func ("/passcode/entered", "enter", test_passcode);
    g_test_add_data_func ("/passcode/ignored", "ignore", test_passcode);
    g_test_add_func ("/cut/at-bytes", test_cut_at_bytes);
    g_test_add_func ("/cut/moving", test_cut_moving);
    g_test_add_func ("/cut/between-manifests", test_cut_between_manifests);
    g_test_add_func ("/disk-full", test_disk_full);
    g_test_add_func ("/cancelled", test_cancelled);
    g_test_add_func ("/file-error", test_file_error);
    g_test_add_func ("/hostile", test_hostile);
    return g_test_run ();
}
