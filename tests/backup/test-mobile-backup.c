/* Backups of the virtual phone: made, verified, put back, cut, stalled, refused; and the same folder used by the real
 * idevicebackup2.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "backup-check.h"
#include "pr-error.h"
#include "pr-mobile-backup.h"
#include "pr-test.h"

#define UDID "00008110-001122334455667A"
#define SEED 7
#define PASSWORD "secret"

static const char plain[] = "[phone]\ntrust=trusted\nversion=15.8\nbuild=19H370\n"
                            "[values]\ncom.apple.mobile.backup/WillEncrypt=false\n"
                            "[files]\ncount=300\nseed=7\nsizes=1,0,100,4096,40000,33K,3000000\n";
static const char encrypts[] = "[phone]\ntrust=trusted\nversion=15.8\nbuild=19H370\n"
                               "[backup]\npassword=" PASSWORD "\n"
                               "[files]\ncount=200\nseed=7\nsizes=15,16,17,4096,40000,2000000\n";

typedef struct {
    PrTestPhone *phone;
    char *folder, *backup;
    PrBackupStore *store;
    PrBackupReport report;
    GError *error;
} Desk;

static Desk *
desk_new (const char *scenario)
{
    Desk *self = g_new0 (Desk, 1);

    self->phone = pr_test_phone_start_text (scenario);
    pr_test_phone_use (self->phone);
    self->folder = pr_test_make_folder ();
    self->backup = g_build_filename (self->folder, UDID, NULL);
    self->store = pr_backup_store_new (self->folder);
    return self;
}

static void
desk_free (Desk *self)
{
    g_clear_error (&self->error);
    g_object_unref (self->store);
    pr_test_phone_stop (self->phone);
    pr_test_remove_folder (self->folder);
    g_free (self->folder);
    g_free (self->backup);
    g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Desk, desk_free)

static gboolean
try (Desk *self, gboolean full, const char *password, guint limit)
{
    PrMobileBackupOptions options = { .silence = limit, .preparing = limit };

    g_clear_error (&self->error);
    return pr_mobile_backup_back_up (UDID, self->store, full, password, &options, &self->report, NULL, &self->error);
}

static void
back_up (Desk *self, gboolean full, const char *password)
{
    try (self, full, password, 20);
    g_assert_no_error (self->error);
    g_assert_true (self->report.proven);
}

static void
verify (Desk *self, const char *password, guint files)
{
    g_autofd int root = open (self->backup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    g_autoptr (GError) error = NULL;
    PrBackupReport report;

    backup_check (self->backup, password, SEED, password != NULL, files);
    pr_backup_verify_deep (root, password, &report, NULL, NULL, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (report.files, ==, files);
    g_assert_cmpuint (report.recorded, >=, files);
}

static char *
get_digest (Desk *self)
{
    return pr_test_phone_state (self->phone, "files-digest");
}

/* --- Made --- */

static void
test_plain (void)
{
    g_autoptr (Desk) desk = desk_new (plain);

    back_up (desk, TRUE, NULL);
    verify (desk, NULL, 300);
    pr_test_phone_tell (desk->phone, "mutate 50 30 20");
    back_up (desk, FALSE, NULL);
    verify (desk, NULL, 290);
    g_assert_true (pr_test_phone_log_has (desk->phone, "backup-request", "name", "Backup", "files", "75", NULL));
    g_assert_true (pr_test_phone_log_has (desk->phone, "sync-locked", NULL));
    back_up (desk, FALSE, NULL);
    verify (desk, NULL, 290);
}

static void
test_encrypted (void)
{
    g_autoptr (Desk) desk = desk_new (encrypts);

    back_up (desk, TRUE, PASSWORD);
    verify (desk, PASSWORD, 200);
    g_assert_true (desk->report.encrypted);
    pr_test_phone_tell (desk->phone, "mutate 20 10 5");
    g_assert_false (try (desk, FALSE, "wrong", 20));
    g_assert_error (desk->error, PR_ERROR, PR_ERROR_WRONG_BACKUP_PASSWORD);
    g_assert_true (try (desk, FALSE, NULL, 20));
    g_assert_false (desk->report.proven);
    verify (desk, PASSWORD, 195);
}

/* --- Put back --- */

static void
put_back (Desk *self, const char *password)
{
    PrMobileBackupWish wish = { .password = password, .remove_others = TRUE, .no_restart = TRUE };
    g_autofree char *before = get_digest (self);
    g_autofree char *after = NULL;

    pr_test_phone_tell (self->phone, "mutate 40 30 20");
    pr_mobile_backup_put_back (UDID, self->store, &wish, NULL, NULL, &self->error);
    g_assert_no_error (self->error);
    after = get_digest (self);
    g_assert_cmpstr (before, ==, after);
}

static void
test_put_back (void)
{
    g_autoptr (Desk) desk = desk_new (plain);

    back_up (desk, TRUE, NULL);
    put_back (desk, NULL);
    g_assert_true (pr_test_phone_log_has (desk->phone, "afc-written", NULL));
    verify (desk, NULL, 300);
}

static void
test_put_back_encrypted (void)
{
    g_autoptr (Desk) desk = desk_new (encrypts);
    PrMobileBackupWish wish = { .password = "wrong" };

    back_up (desk, TRUE, PASSWORD);
    g_assert_false (pr_mobile_backup_put_back (UDID, desk->store, &wish, NULL, NULL, &desk->error));
    g_assert_error (desk->error, PR_ERROR, PR_ERROR_WRONG_BACKUP_PASSWORD);
    g_clear_error (&desk->error);
    put_back (desk, PASSWORD);
}

/* --- Beside the real tool, in both directions --- */

static void
run_tool (Desk *self, const char *command)
{
    g_autofree char *whole = g_strdup_printf ("idevicebackup2 %s %s", command, self->folder);
    g_autofree char *output = NULL, *errors = NULL;

    if (pr_test_phone_run (self->phone, whole, &output, &errors) != 0)
        g_error ("%s failed: %s%s", whole, output, errors);
}

static void
test_tool (gconstpointer password)
{
    g_autoptr (Desk) desk = desk_new (password != NULL ? encrypts : plain);
    g_autofree char *restore =
        g_strconcat ("restore --remove --no-reboot", password != NULL ? " --password " : "", password, NULL);
    g_autofree char *first = get_digest (desk);
    g_autofree char *after = NULL;

    back_up (desk, TRUE, password);
    pr_test_phone_tell (desk->phone, "mutate 40 30 20");
    run_tool (desk, restore);
    after = get_digest (desk);
    g_assert_cmpstr (first, ==, after);
    /* the tool goes on with our backup, and we with the tool's */
    pr_test_phone_tell (desk->phone, "mutate 10 5 5");
    run_tool (desk, "backup");
    put_back (desk, password);
    pr_test_phone_tell (desk->phone, "mutate 10 5 5");
    back_up (desk, FALSE, password);
}

static void
test_tool_full (gconstpointer password)
{
    g_autoptr (Desk) desk = desk_new (password != NULL ? encrypts : plain);

    run_tool (desk, "backup --full");
    put_back (desk, password);
}

/* --- What goes wrong: its own error, soon, and the backup before is whole --- */

typedef struct {
    const char *fault;
    int code;
} Fault;

static double
measure_cpu (void)
{
    struct rusage usage;

    getrusage (RUSAGE_SELF, &usage);
    return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / G_USEC_PER_SEC;
}

static void
test_fault (gconstpointer data)
{
    const Fault *fault = data;
    g_autoptr (Desk) desk = desk_new (plain);
    g_auto (GStrv) words = g_strsplit (fault->fault, " ", 2);
    gint64 start;
    double cpu, seconds;

    back_up (desk, TRUE, NULL);
    pr_test_phone_tell (desk->phone, "mutate 60 20 20");
    pr_test_phone_tell (desk->phone, "fault %s", fault->fault);
    start = g_get_monotonic_time ();
    cpu = measure_cpu ();
    g_assert_false (try (desk, FALSE, NULL, 3));
    seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
    g_test_message ("%s: %s (%.1f s, %.2f s of CPU)", fault->fault, desk->error->message, seconds,
                    measure_cpu () - cpu);
    g_assert_error (desk->error, PR_ERROR, fault->code);
    g_assert_cmpfloat (seconds, <, 20);
    g_assert_cmpfloat (measure_cpu () - cpu, <, 1.5);
    verify (desk, NULL, 300);
    pr_test_phone_tell (desk->phone, "mend %s", words[0]);
    pr_test_phone_tell (desk->phone, "plug");
    g_assert_true (pr_test_phone_wait_state (desk->phone, "mode", "normal", 20));
    back_up (desk, FALSE, NULL);
    verify (desk, NULL, 300);
}

static void
test_file_error (void)
{
    g_autoptr (Desk) desk = desk_new (plain);

    pr_test_phone_tell (desk->phone, "fault backup-file-error 0x06 4");
    g_assert_true (try (desk, TRUE, NULL, 20));
    g_assert_cmpuint (desk->report.files, ==, 299);
}

static gpointer
cancel_soon (gpointer cancellable)
{
    g_usleep (700 * 1000);
    g_cancellable_cancel (cancellable);
    return NULL;
}

static void
test_cancel (void)
{
    g_autoptr (Desk) desk = desk_new (plain);
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    GThread *thread;
    gint64 start;

    back_up (desk, TRUE, NULL);
    pr_test_phone_tell (desk->phone, "mutate 200 0 0");
    pr_test_phone_tell (desk->phone, "set megabytes-per-second 5");
    thread = g_thread_new ("cancel", cancel_soon, cancellable);
    start = g_get_monotonic_time ();
    g_assert_false (
        pr_mobile_backup_back_up (UDID, desk->store, FALSE, NULL, NULL, &desk->report, cancellable, &desk->error));
    g_assert_error (desk->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpfloat ((double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC, <, 4);
    g_thread_join (thread);
    verify (desk, NULL, 300);
}

static void
test_passcode (gconstpointer owner)
{
    g_autofree char *scenario =
        g_strdup_printf ("[phone]\ntrust=trusted\npasscode=%s\n[values]\n"
                         "com.apple.mobile.backup/WillEncrypt=false\n[files]\ncount=20\nseed=7\n",
                         (const char *) owner);
    g_autoptr (Desk) desk = desk_new (scenario);
    gboolean ok = try (desk, TRUE, NULL, 30);

    if (g_str_equal (owner, "enter"))
        g_assert_true (ok);
    else
        g_assert_error (desk->error, PR_ERROR, PR_ERROR_PASSCODE_NOT_ENTERED);
}

static void
test_password (void)
{
    g_autoptr (Desk) desk = desk_new (plain);

    g_assert_true (pr_mobile_backup_change_password (UDID, NULL, "first", NULL, NULL, NULL));
    back_up (desk, TRUE, "first");
    g_assert_false (pr_mobile_backup_change_password (UDID, "wrong", "second", NULL, NULL, &desk->error));
    g_assert_error (desk->error, PR_ERROR, PR_ERROR_WRONG_BACKUP_PASSWORD);
    g_assert_true (pr_mobile_backup_change_password (UDID, "first", "second", NULL, NULL, NULL));
    back_up (desk, FALSE, "second");
    verify (desk, "second", 300);
    g_assert_true (pr_mobile_backup_change_password (UDID, "second", NULL, NULL, NULL, NULL));
    back_up (desk, FALSE, NULL);
    verify (desk, NULL, 300);
}

static void
test_info (void)
{
    g_autoptr (Desk) desk = desk_new (plain);
    g_autofree char *info = NULL;

    back_up (desk, TRUE, NULL);
    info = pr_mobile_backup_read_info (UDID, desk->store, NULL, NULL, &desk->error);
    g_assert_no_error (desk->error);
    g_assert_nonnull (strstr (info, "finished"));
}

/* --- Where links are missing, and where the disk fails --- */

static void
test_mode (gconstpointer mode)
{
    g_autoptr (Desk) desk = desk_new (plain);

    back_up (desk, TRUE, NULL);
    g_object_unref (desk->store);
    desk->store = g_object_new (PR_TYPE_BACKUP_STORE, "folder", desk->folder, "mode", GPOINTER_TO_INT (mode), NULL);
    pr_test_phone_tell (desk->phone, "mutate 50 30 20");
    back_up (desk, FALSE, NULL);
    verify (desk, NULL, 290);
    pr_test_phone_tell (desk->phone, "mutate 50 30 20");
    pr_test_phone_tell (desk->phone, "fault backup-cut-between-manifests");
    g_assert_false (try (desk, FALSE, NULL, 5));
    verify (desk, NULL, 290);
}

static int
fail_cb (PrBackupPhase phase, const char *step, gpointer number)
{
    static guint writes;

    return g_str_equal (step, "write") && ++writes > 30 ? GPOINTER_TO_INT (number) : 0;
}

static void
test_disk (gconstpointer number)
{
    int code = GPOINTER_TO_INT (number) == ENOSPC ? PR_ERROR_BACKUP_DISK_FULL : PR_ERROR_BACKUP_DISK_GONE;
    g_autoptr (Desk) desk = desk_new (plain);

    back_up (desk, TRUE, NULL);
    g_object_unref (desk->store);
    desk->store =
        g_object_new (PR_TYPE_BACKUP_STORE, "folder", desk->folder, "step-func", fail_cb, "step-data", number, NULL);
    pr_test_phone_tell (desk->phone, "mutate 200 0 0");
    g_assert_false (try (desk, FALSE, NULL, 5));
    g_assert_error (desk->error, PR_ERROR, code);
    verify (desk, NULL, 300);
}

/* --- A phone that means harm --- */

static guint64
measure_memory (void)
{
    g_autofree char *text = NULL;
    const char *line;

    g_assert_true (g_file_get_contents ("/proc/self/status", &text, NULL, NULL));
    line = strstr (text, "VmHWM:");
    return line != NULL ? g_ascii_strtoull (line + 6, NULL, 10) / 1024 : 0;
}

static void
test_hostile (gconstpointer kind)
{
    g_autoptr (Desk) desk = desk_new (plain);
    g_autofree char *outside = NULL;
    g_autoptr (GDir) dir = NULL;
    const char *name;

    back_up (desk, TRUE, NULL);
    pr_test_phone_tell (desk->phone, "fault backup-hostile %s", (const char *) kind);
    if (!try (desk, FALSE, NULL, 3))
        g_test_message ("%s: %s", (const char *) kind, desk->error->message);
    g_assert_true (pr_test_phone_log_has (desk->phone, "backup-hostile", NULL));
    g_assert_true (desk->error == NULL || desk->error->domain == PR_ERROR);
    verify (desk, NULL, 300);
    dir = g_dir_open (desk->folder, 0, NULL);
    while ((name = g_dir_read_name (dir)) != NULL)
        g_assert_true (g_str_equal (name, UDID) || g_str_equal (name, "." UDID ".lock") ||
                       g_str_equal (name, "." UDID ".spare"));
    outside = g_build_filename (desk->folder, "..", "phone-reset-escaped", NULL);
    g_assert_false (g_file_test (outside, G_FILE_TEST_EXISTS));
    g_assert_false (g_file_test ("/tmp/phone-reset-escaped", G_FILE_TEST_EXISTS));
    g_assert_cmpuint (measure_memory (), <, 150);
}

static const Fault faults[] = {
    { "backup-cut-at-bytes 200000", PR_ERROR_BACKUP_CUT },
    { "backup-cut-at-bytes 5000000", PR_ERROR_BACKUP_CUT },
    { "backup-cut-at-file 20", PR_ERROR_BACKUP_CUT },
    { "backup-cut-moving 30", PR_ERROR_BACKUP_CUT },
    { "backup-cut-between-manifests", PR_ERROR_BACKUP_CUT },
    { "backup-stall-at-bytes 300000", PR_ERROR_NO_ANSWER },
    { "backup-stall uploading 60", PR_ERROR_NO_ANSWER },
    { "backup-stall moving 60", PR_ERROR_NO_ANSWER },
    { "backup-stall end-mark 60", PR_ERROR_NO_ANSWER },
    { "backup-disk-full", PR_ERROR_BACKUP_DISK_FULL },
    { "sync-lock-taken", PR_ERROR_SYNC_LOCKED },
    { "backup-fails 104", PR_ERROR_PHONE_GAVE_UP },
};

static const char *const hostilities[] = {
    "upload parent",    "upload parent-inside", "upload absolute",   "upload link",       "upload other",
    "upload folder",    "upload root",          "upload empty",      "upload dot",        "upload long",
    "upload long-part", "upload nul",           "upload newline",    "upload invalid",    "upload case",
    "move-from parent", "move-to parent",       "move-to absolute",  "move-to case",      "copy-from absolute",
    "copy-to parent",   "remove parent",        "remove root",       "make parent",       "make absolute",
    "list parent",      "download parent",      "download absolute", "frame-huge",        "frame-negative",
    "frame-zero",       "frame-truncated",      "name-huge",         "name-negative",     "name-truncated",
    "message-huge",     "message-negative",     "message-empty",     "message-truncated", "message-garbage",
    "message-nested",   "message-types",        "message-dict",      "message-few",       "message-unknown",
};

int
main (int argc, char *argv[])
{
    g_autofree char *cache = NULL;
    int status;

    g_test_init (&argc, &argv, NULL);
    cache = pr_test_make_folder ();
    g_setenv ("XDG_CACHE_HOME", cache, TRUE);
    g_test_add_func ("/mobile-backup/plain", test_plain);
    g_test_add_func ("/mobile-backup/encrypted", test_encrypted);
    g_test_add_func ("/mobile-backup/put-back", test_put_back);
    g_test_add_func ("/mobile-backup/put-back/encrypted", test_put_back_encrypted);
    g_test_add_data_func ("/mobile-backup/tool/plain", NULL, test_tool);
    g_test_add_data_func ("/mobile-backup/tool/encrypted", PASSWORD, test_tool);
    g_test_add_data_func ("/mobile-backup/tool/full/plain", NULL, test_tool_full);
    g_test_add_data_func ("/mobile-backup/tool/full/encrypted", PASSWORD, test_tool_full);
    g_test_add_func ("/mobile-backup/password", test_password);
    g_test_add_func ("/mobile-backup/info", test_info);
    g_test_add_data_func ("/mobile-backup/passcode/enter", "enter", test_passcode);
    g_test_add_data_func ("/mobile-backup/passcode/ignore", "ignore", test_passcode);
    g_test_add_func ("/mobile-backup/file-error", test_file_error);
    g_test_add_func ("/mobile-backup/cancel", test_cancel);
    g_test_add_data_func ("/mobile-backup/mode/copy", GINT_TO_POINTER (PR_BACKUP_MODE_COPY), test_mode);
    g_test_add_data_func ("/mobile-backup/mode/journal", GINT_TO_POINTER (PR_BACKUP_MODE_JOURNAL), test_mode);
    g_test_add_data_func ("/mobile-backup/disk/full", GINT_TO_POINTER (ENOSPC), test_disk);
    g_test_add_data_func ("/mobile-backup/disk/gone", GINT_TO_POINTER (EIO), test_disk);
    for (gsize i = 0; i < G_N_ELEMENTS (faults); i++) {
        g_autofree char *name = g_strdup_printf ("/mobile-backup/fault/%s", faults[i].fault);

        g_test_add_data_func (g_strdelimit (name, " ", '-'), &faults[i], test_fault);
    }
    for (gsize i = 0; i < G_N_ELEMENTS (hostilities); i++) {
        g_autofree char *name = g_strdup_printf ("/mobile-backup/hostile/%s", hostilities[i]);

        g_test_add_data_func (g_strdelimit (name, " ", '-'), hostilities[i], test_hostile);
    }
    status = g_test_run ();
    pr_test_remove_folder (cache);
    return status;
}
