/* Guard rails 1, 2, 6 and 7 of a restore, with an idevicerestore that behaves badly (fake/idevicerestore); 1, 12 and 13
 * of putting a backup back. (9, passwords: test-encryption.c; 5, the only copy: test-back-up.c and those of backup/.)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include <glib/gstdio.h>

#include "backup-bed.h"
#include "clock.h"
#include "pr-put-back.h"
#include "pr-reinstall.h"

#define OTHER_ECID "4822678189205113" /* of the virtual range too */

/* One virtual phone, and the fake tool before it. */
typedef struct {
    Desk *desk;
    PrPhone *phone;
    char *folder;
    char *log;
    char *file;
} Fixture;

static void
set_up (Fixture *self, gconstpointer scenario)
{
    const char *firmware;
    g_autoptr (GDir) content = NULL;

    self->desk = desk_new (pr_test_phone_start (scenario != NULL ? scenario : "anna"));
    self->phone = desk_expect (self->desk, DESK_ECID, PR_PHONE_MODE_NORMAL);
    desk_await (self->phone, "trust", PR_TRUST_TRUSTED, 10);
    self->folder = pr_test_make_folder ();
    self->log = g_build_filename (self->folder, "log", NULL);
    firmware = pr_test_phone_environment (self->desk->virtual, "FIRMWARE_FOLDER");
    content = g_dir_open (firmware, 0, NULL);
    self->file = g_build_filename (firmware, g_dir_read_name (content), NULL);
}

static void
tear_down (Fixture *self, gconstpointer scenario)
{
    desk_free (self->desk);
    pr_test_remove_folder (self->folder);
    g_free (self->folder);
    g_free (self->log);
    g_free (self->file);
}

static PrConfirmation *
confirm (const char *action, const char *file)
{
    return pr_confirmation_new (DESK_ECID, action, file, "Anna", "anna", TRUE);
}

/* Takes @confirmation. */
static PrOperation *
make (Fixture *self, gboolean keep_data, const char *does, PrConfirmation *confirmation)
{
    g_autoptr (PrConfirmation) taken = confirmation;
    g_autofree char *behaviour = g_strconcat ("FAKE_DOES=", does, NULL);
    g_autofree char *log = g_strconcat ("FAKE_LOG=", self->log, NULL);
    const char *const environment[] = { behaviour, log, NULL };
    g_autoptr (PrServers) servers = job_make_servers (self->desk->virtual);
    PrReinstallOptions options = {
        .file = self->file,
        .keep_data = keep_data,
        .servers = servers,
        .environment = environment,
    };

    return pr_reinstall_new (self->phone, self->desk->usb, &options, taken);
}

/* "" as long as the tool was not started */
static char *
read_log (Fixture *self)
{
    char *text = NULL;

    return g_file_get_contents (self->log, &text, NULL, NULL) ? text : g_strdup ("");
}

static gboolean
is_started (gpointer data)
{
    g_autofree char *text = read_log (data);

    return strchr (text, '\n') != NULL;
}

static void
wait_until_started (Fixture *self)
{
    g_assert_true (pr_test_run_until (is_started, self, 20));
    desk_run_for (0.5); /* and has said what it says */
}

static void
assert_not_started (Fixture *self)
{
    g_autofree char *text = read_log (self);

    g_assert_cmpstr (text, ==, "");
    g_assert_false (pr_test_phone_log_has (self->desk->virtual, "enter-recovery", NULL));
}

/* It ran, did nothing to a phone, and runs no more. */
static void
assert_killed (Fixture *self)
{
    g_autofree char *text = NULL;
    pid_t pid;

    desk_run_for (2.5); /* in which it would have done something */
    text = read_log (self);
    g_assert_true (g_str_has_prefix (text, "started "));
    g_assert_null (strstr (text, "touched"));
    pid = (pid_t) g_ascii_strtoll (text + strlen ("started "), NULL, 10);
    g_assert_cmpint (kill (pid, 0), ==, -1);
    g_assert_cmpint (errno, ==, ESRCH);
}

/* --- Guard rail 1: nothing is sent --- */

static const struct {
    const char *action; /* what was confirmed; NULL: nothing */
    const char *file;   /* NULL: the right one */
    double age;
    int code;
} refused[] = {
    { NULL, NULL, 0, PR_ERROR_NOT_CONFIRMED },
    { "update", NULL, 0, PR_ERROR_NOT_CONFIRMED },
    { "restore", "/else", 0, PR_ERROR_NOT_CONFIRMED },
    { "restore", NULL, 61, PR_ERROR_NOT_CONFIRMED },
};

static void
test_not_confirmed (Fixture *self, gconstpointer data)
{
    for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
        const char *file = refused[i].file != NULL ? refused[i].file : self->file;
        PrConfirmation *confirmation = refused[i].action != NULL ? confirm (refused[i].action, file) : NULL;
        PrOperation *operation = make (self, FALSE, "erases", confirmation);

        clock_put_forward (refused[i].age);
        job_run (operation, refused[i].code, 20);
        assert_not_started (self);
    }
}

/* Between Confirm and the start, another phone answers by the name of the one that was confirmed. */
static void
test_swapped (Fixture *self, gconstpointer data)
{
    PrOperation *operation = make (self, FALSE, "erases", confirm ("restore", self->file));

    pr_test_phone_tell (self->desk->virtual, "set UniqueChipID " OTHER_ECID);
    job_run (operation, PR_ERROR_WRONG_PHONE, 20);
    assert_not_started (self);
    pr_test_phone_tell (self->desk->virtual, "set UniqueChipID string:none");
    job_run (make (self, FALSE, "erases", confirm ("restore", self->file)), PR_ERROR_BAD_ANSWER, 20);
    assert_not_started (self);
}

/* Where it is not, and where another program restores it. */
static void
test_wrong_mode (Fixture *self, gconstpointer data)
{
    static const struct {
        PrPhoneMode mode;
        int code;
    } modes[] = { { PR_PHONE_MODE_GONE, PR_ERROR_UNPLUGGED }, { PR_PHONE_MODE_RESTORE, PR_ERROR_BUSY } };

    for (gsize i = 0; i < G_N_ELEMENTS (modes); i++) {
        g_autoptr (PrPhone) phone = g_object_new (PR_TYPE_PHONE, "ecid", DESK_ECID, "udid", DESK_UDID, "product-type",
                                                  "iPhone14,7", "board", "d27ap", "mode", modes[i].mode, NULL);

        self->phone = phone;
        job_run (make (self, FALSE, "erases", confirm ("restore", self->file)), modes[i].code, 20);
        assert_not_started (self);
    }
}

/* --- Guard rail 2: an update never erases --- */

static void
test_would_erase (Fixture *self, gconstpointer data)
{
    job_run (make (self, TRUE, "erases", confirm ("update", self->file)), PR_ERROR_WOULD_ERASE, 20);
    assert_killed (self);
    g_assert_true (pr_test_phone_wait_state (self->desk->virtual, "data", "kept", 1));
    /* the same words are what was agreed to in a restore */
    job_run (make (self, FALSE, "erases", confirm ("restore", self->file)), JOB_DONE, 20);
}

/* Whatever it says but the one sentence, and whoever does not listen: it gets no ticket, and so the phone no byte. */
static void
test_withheld (Fixture *self, gconstpointer data)
{
    static const struct {
        const char *does;
        gboolean gets_ticket;
        int code;
    } cases[] = {
        { "says-nothing", FALSE, PR_ERROR_WOULD_ERASE },
        { "says-else", FALSE, PR_ERROR_WOULD_ERASE },
        { "says-right", TRUE, PR_ERROR_SIGNING_REFUSED }, /* by the server: its answer got through */
    };

    pr_test_phone_tell (self->desk->virtual, "fault signing-refuses 94");
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *text = NULL;

        g_remove (self->log);
        job_run (make (self, TRUE, cases[i].does, confirm ("update", self->file)), cases[i].code, 60);
        text = read_log (self);
        g_test_message ("%s: %s", cases[i].does, text);
        g_assert_cmpint (strstr (text, "touched") != NULL, ==, cases[i].gets_ticket);
        g_assert_cmpint (pr_test_phone_log_has (self->desk->virtual, "web-request", "path", "/TSS/controller?action=2",
                                                NULL),
                         ==, cases[i].gets_ticket);
    }
    g_assert_false (pr_test_phone_log_has (self->desk->virtual, "enter-recovery", NULL));
}

static void
test_older_system (Fixture *self, gconstpointer data)
{
    pr_test_phone_tell (self->desk->virtual, "set version 18.0");
    pr_phone_list_refresh (self->desk->list, self->phone);
    desk_run_for (1);
    g_assert_cmpstr (pr_phone_get_version (self->phone), ==, "18.0");
    job_run (make (self, TRUE, "erases", confirm ("update", self->file)), PR_ERROR_OLDER_SYSTEM, 20);
    assert_not_started (self);
}

static void
test_no_keeping_data (Fixture *self, gconstpointer data)
{
    job_run (make (self, TRUE, "erases", confirm ("update", self->file)), PR_ERROR_NO_KEEPING_DATA, 20);
    assert_not_started (self);
}

/* --- Guard rail 6: it ends when the phone is gone, whatever the tool does --- */

static void
test_spins (Fixture *self, gconstpointer data)
{
    g_autoptr (PrOperation) operation = make (self, FALSE, "spins", confirm ("restore", self->file));
    gint64 unplugged;

    pr_operation_start (operation);
    wait_until_started (self);
    g_assert_cmpint (pr_operation_get_stop (operation), ==, PR_STOP_END_ANYWAY);
    pr_test_phone_tell (self->desk->virtual, "unplug");
    unplugged = g_get_monotonic_time ();
    g_assert_cmpint (job_wait (operation, 20), ==, PR_ERROR_UNPLUGGED_IN_WORK);
    g_assert_cmpint (g_get_monotonic_time () - unplugged, <, 12 * G_USEC_PER_SEC);
    assert_killed (self);
}

/* --- Guard rail 7: Stop --- */

static void
test_stop_at_once (Fixture *self, gconstpointer data)
{
    g_autoptr (PrOperation) operation = make (self, FALSE, "waits", confirm ("restore", self->file));

    pr_operation_start (operation);
    wait_until_started (self);
    g_assert_true (pr_operation_cancel (operation));
    g_assert_cmpint (job_wait (operation, 10), ==, JOB_CANCELLED);
    assert_killed (self);
    g_assert_cmpint (pr_phone_get_mode (self->phone), ==, PR_PHONE_MODE_NORMAL);
}

/* Guard rail 8 too: it is brought out of recovery mode. */
static void
test_stop_in_recovery (Fixture *self, gconstpointer data)
{
    g_autoptr (PrOperation) operation = make (self, FALSE, "goes-to-recovery", confirm ("restore", self->file));

    pr_operation_start (operation);
    wait_until_started (self);
    pr_test_phone_tell (self->desk->virtual, "boot recovery");
    desk_await (self->phone, "mode", PR_PHONE_MODE_RECOVERY, 20);
    g_assert_cmpint (pr_operation_get_stop (operation), ==, PR_STOP_THEN_RECOVERY);
    g_assert_true (pr_operation_cancel (operation));
    g_assert_cmpint (job_wait (operation, 60), ==, JOB_CANCELLED);
    assert_killed (self);
    g_assert_cmpint (pr_phone_get_mode (self->phone), ==, PR_PHONE_MODE_NORMAL);
}

/* Past the point of no return, Stop does nothing, and End Anyway does. */
static void
test_end_anyway (Fixture *self, gconstpointer data)
{
    g_autoptr (PrOperation) operation = make (self, FALSE, "spins", confirm ("restore", self->file));

    pr_operation_start (operation);
    wait_until_started (self);
    g_assert_false (pr_operation_cancel (operation));
    desk_run_for (1);
    g_assert_cmpint (pr_operation_get_state (operation), ==, PR_OPERATION_RUNNING);
    pr_operation_end_anyway (operation);
    g_assert_cmpint (job_wait (operation, 10), ==, PR_ERROR_ENDED_EARLY);
    assert_killed (self);
}

/* --- Two phones --- */

/* Another operation keeps phone-reset-usb away from its own phone: one that fails or is stopped does not let go of it.
 */
static void
test_holds (Fixture *self, gconstpointer data)
{
    g_autoptr (PrOperation) stopped = make (self, FALSE, "goes-to-recovery", confirm ("restore", self->file));

    g_assert_cmpint (job_call_usb (self->desk->usb, "hold"), ==, -1);
    job_run (make (self, FALSE, "erases", confirm ("restore", "/else")), PR_ERROR_NOT_CONFIRMED, 20);
    g_assert_cmpint (job_call_usb (self->desk->usb, "leave-recovery"), ==, PR_ERROR_BUSY);
    pr_operation_start (stopped);
    wait_until_started (self);
    g_assert_true (pr_operation_cancel (stopped));
    g_assert_cmpint (job_wait (stopped, 20), ==, JOB_CANCELLED);
    g_assert_cmpint (job_call_usb (self->desk->usb, "leave-recovery"), ==, PR_ERROR_BUSY);
    g_assert_cmpint (job_call_usb (self->desk->usb, "release"), ==, -1);
    g_assert_cmpint (job_call_usb (self->desk->usb, "release"), ==, PR_ERROR_BAD_ANSWER);
}

/* --- Putting a backup back --- */

/* Takes @confirmation. The phone must not hear of it. */
static void
refuse (Bed *bed, PrConfirmation *confirmation, double age, int code)
{
    g_autoptr (PrConfirmation) taken = confirmation;
    g_autofree char *before = bed_digest (bed);
    g_autofree char *after = NULL;
    PrOperation *operation = pr_put_back_new (bed->phone, bed_find (bed), NULL, TRUE, taken);

    clock_put_forward (age);
    job_run (operation, code, 20);
    after = bed_digest (bed);
    g_assert_cmpstr (before, ==, after);
    g_assert_false (pr_test_phone_log_has (bed->desk->virtual, "backup-request", "name", "Restore", NULL));
}

/* Rail 1: not without a confirmation, not with one for something else, and not with one that is older than a minute. */
static void
test_put_back_not_confirmed (void)
{
    static const struct {
        guint64 ecid;
        const char *action, *file; /* NULL: the right one */
        double age;
        int code;
    } cases[] = {
        { DESK_ECID, "restore", NULL, 0, PR_ERROR_NOT_CONFIRMED },
        { DESK_ECID, "delete-backup", NULL, 0, PR_ERROR_NOT_CONFIRMED },
        { DESK_ECID, NULL, "/else", 0, PR_ERROR_NOT_CONFIRMED },
        { DESK_ECID, NULL, NULL, 61, PR_ERROR_NOT_CONFIRMED },
        { DESK_ECID - 1, NULL, NULL, 0, PR_ERROR_WRONG_PHONE },
    };
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);

    bed_back_up (bed, NULL, JOB_DONE, NULL);
    refuse (bed, NULL, 0, PR_ERROR_NOT_CONFIRMED);
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        refuse (bed,
                pr_confirmation_new (cases[i].ecid, cases[i].action != NULL ? cases[i].action : "put-back",
                                     cases[i].file != NULL ? cases[i].file : bed->path, "Anna", "anna", TRUE),
                cases[i].age, cases[i].code);
}

/* Between Confirm and the start, another phone answers by the name of the one that was confirmed. */
static void
test_put_back_swapped (void)
{
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);

    bed_back_up (bed, NULL, JOB_DONE, NULL);
    pr_test_phone_tell (bed->desk->virtual, "set UniqueChipID " OTHER_ECID);
    refuse (bed, pr_confirmation_new (DESK_ECID, "put-back", bed->path, "Anna", "anna", TRUE), 0, PR_ERROR_WRONG_PHONE);
    pr_test_phone_tell (bed->desk->virtual, "set UniqueChipID string:none");
    refuse (bed, pr_confirmation_new (DESK_ECID, "put-back", bed->path, "Anna", "anna", TRUE), 0, PR_ERROR_BAD_ANSWER);
}

/* Rail 13: one operation a phone, and nobody writes to a backup that is read. */
static void
test_put_back_alone (void)
{
    g_autoptr (Bed) bed = bed_new (BED_PLAIN);
    g_autoptr (PrConfirmation) confirmation = NULL;
    g_autoptr (PrOperation) operation = NULL;
    g_autoptr (PrBackupStore) store = pr_backup_store_new (bed->folder);
    g_autoptr (GError) error = NULL;

    bed_back_up (bed, NULL, JOB_DONE, NULL);
    confirmation = pr_confirmation_new (DESK_ECID, "put-back", bed->path, "Anna", "anna", TRUE);
    operation = pr_put_back_new (bed->phone, bed_find (bed), NULL, TRUE, confirmation);
    pr_test_phone_tell (bed->desk->virtual, "fault restore-stall-at-file 10");
    pr_operation_start (operation);
    job_wait_step (operation, 2, 20);
    bed_back_up (bed, NULL, PR_ERROR_BUSY, NULL);
    job_run (pr_put_back_new (bed->phone, bed_find (bed), NULL, TRUE, confirmation), PR_ERROR_BUSY, 5);
    g_assert_null (pr_backup_store_begin (store, DESK_UDID, NULL, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_BUSY);
    pr_test_phone_tell (bed->desk->virtual, "mend restore-stall-at-file");
    g_assert_cmpint (job_wait (operation, 60), ==, JOB_DONE);
}

static void
add (const char *path, const char *scenario, void (*test) (Fixture *, gconstpointer))
{
    g_test_add (path, Fixture, scenario, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
    g_autofree char *fake = NULL, *path = NULL;

    g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
    fake = g_test_build_filename (G_TEST_DIST, "operation", "fake", NULL);
    path = g_strconcat (fake, ":", g_getenv ("PATH"), NULL);
    g_setenv ("PATH", path, TRUE);
    add ("/guards/not-confirmed", NULL, test_not_confirmed);
    add ("/guards/swapped", NULL, test_swapped);
    add ("/guards/wrong-mode", NULL, test_wrong_mode);
    add ("/guards/would-erase", NULL, test_would_erase);
    add ("/guards/withheld", NULL, test_withheld);
    add ("/guards/older-system", NULL, test_older_system);
    add ("/guards/no-keeping-data", "no-keeping-data", test_no_keeping_data);
    add ("/guards/spins", NULL, test_spins);
    add ("/guards/stop-at-once", NULL, test_stop_at_once);
    add ("/guards/stop-in-recovery", NULL, test_stop_in_recovery);
    add ("/guards/end-anyway", NULL, test_end_anyway);
    add ("/guards/holds", NULL, test_holds);
    g_test_add_func ("/guards/put-back/not-confirmed", test_put_back_not_confirmed);
    g_test_add_func ("/guards/put-back/swapped", test_put_back_swapped);
    g_test_add_func ("/guards/put-back/alone", test_put_back_alone);
    return g_test_run ();
}
