/* The app's end of phone-reset-usb, against the real program in a test bed: its deaths, its silence, its lies.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "pr-error.h"
#include "pr-usb-watch.h"
#include "usb-bed.h"

#define ECID G_GUINT64_CONSTANT (0x001122334455667a)

static const char *program;

/* What the watch told, as "+1-1:recovery" and "-1-1". */
typedef struct {
    PrUsbWatch *watch;
    GString *told;
    guint64 ecid;
} Seen;

static void
attached_cb (PrUsbWatch *watch, const PrUsbDevice *device, Seen *seen)
{
    g_string_append_printf (seen->told, "+%s:%s ", device->port, device->mode);
    seen->ecid = device->ecid;
}

static void
detached_cb (PrUsbWatch *watch, const char *port, Seen *seen)
{
    g_string_append_printf (seen->told, "-%s ", port);
}

static Seen *
seen_new (const char *const *argv, Bed *bed)
{
    Seen *seen = g_new0 (Seen, 1);

    seen->told = g_string_new (NULL);
    seen->watch = pr_usb_watch_new (argv, bed != NULL ? bed_environment (bed) : NULL);
    g_signal_connect (seen->watch, "attached", G_CALLBACK (attached_cb), seen);
    g_signal_connect (seen->watch, "detached", G_CALLBACK (detached_cb), seen);
    pr_usb_watch_start (seen->watch);
    return seen;
}

static Seen *
seen_new_in_bed (Bed *bed)
{
    const char *const argv[] = { program, "--testbed", BED_SERIAL, NULL };

    return seen_new (argv, bed);
}

static gboolean
wake_cb (gpointer data)
{
    return G_SOURCE_CONTINUE;
}

typedef gboolean (*Condition) (gpointer data);

static void
run_until (Condition condition, gpointer data, double seconds)
{
    gint64 end = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
    guint id = g_timeout_add (20, wake_cb, NULL);

    while (!condition (data) && g_get_monotonic_time () < end)
        g_main_context_iteration (NULL, TRUE);
    g_assert_true (condition (data));
    g_source_remove (id);
}

static gboolean
never (gpointer data)
{
    return g_get_monotonic_time () >= *(gint64 *) data;
}

static void
run_for (double seconds)
{
    gint64 end = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);

    run_until (never, &end, seconds + 1);
}

static gboolean
is_running (gpointer data)
{
    return pr_usb_watch_get_state (data) == PR_USB_WATCH_RUNNING;
}

static gboolean
is_gone (gpointer data)
{
    return pr_usb_watch_get_state (data) == PR_USB_WATCH_GONE;
}

static gboolean
is_refused (gpointer data)
{
    return pr_usb_watch_get_state (data) == PR_USB_WATCH_REFUSED;
}

typedef struct {
    Seen *seen;
    const char *text;
} Told;

static gboolean
is_told (gpointer data)
{
    Told *told = data;

    return g_str_equal (told->seen->told->str, told->text);
}

static void
expect (Seen *seen, const char *text)
{
    Told told = { seen, text };

    run_until (is_told, &told, 10);
}

/* The one child of this process that is alive; 0 without. */
static pid_t
find_child (void)
{
    g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
    const char *name;

    while ((name = g_dir_read_name (dir)) != NULL) {
        g_autofree char *path = g_build_filename ("/proc", name, "stat", NULL);
        g_autofree char *text = NULL;
        const char *after;
        char state;
        int parent;

        if (!g_ascii_isdigit (*name) || !g_file_get_contents (path, &text, NULL, NULL))
            continue;
        after = strrchr (text, ')');
        if (after != NULL && sscanf (after + 1, " %c %d", &state, &parent) == 2 && parent == getpid () && state != 'Z')
            return (pid_t) g_ascii_strtoll (name, NULL, 10);
    }
    return 0;
}

static gboolean
is_another_child (gpointer data)
{
    pid_t child = find_child ();

    return child != 0 && child != *(pid_t *) data;
}

static pid_t
kill_child (PrUsbWatch *watch)
{
    pid_t child = find_child ();

    g_assert_cmpint (child, !=, 0);
    g_assert_cmpint (kill (child, SIGKILL), ==, 0);
    return child;
}

static gboolean
has_no_child (gpointer data)
{
    return find_child () == 0;
}

static void
seen_free (Seen *seen)
{
    g_signal_handlers_disconnect_by_data (seen->watch, seen);
    g_object_add_weak_pointer (G_OBJECT (seen->watch), (gpointer *) &seen->watch);
    g_object_unref (seen->watch);
    g_assert_null (seen->watch);
    g_string_free (seen->told, TRUE);
    g_free (seen);
    run_until (has_no_child, NULL, 5);
    run_for (0.1);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Seen, seen_free)

typedef struct {
    PrUsbWatch *watch;
    const char *command;
    guint64 ecid;
    double seconds;
    GCancellable *cancellable;
    GError *error;
    gboolean done;
    int ended;
} Job;

static gpointer
work (gpointer data)
{
    Job *job = data;

    job->done = pr_usb_watch_call (job->watch, job->command, job->ecid, job->seconds, job->cancellable, &job->error);
    g_atomic_int_set (&job->ended, TRUE);
    return NULL;
}

static gboolean
is_ended (gpointer data)
{
    return g_atomic_int_get (&((Job *) data)->ended);
}

/* @code: -1 for success */
static void
assert_call (Seen *seen, const char *command, guint64 ecid, double seconds, int code)
{
    Job job = { seen->watch, command, ecid, seconds };
    GThread *thread = g_thread_new ("call", work, &job);

    run_until (is_ended, &job, seconds + 1);
    g_thread_join (thread);
    g_assert_cmpint (job.done, ==, code < 0);
    if (code >= 0)
        g_assert_error (job.error, PR_ERROR, code);
    g_clear_error (&job.error);
}

static void
test_phones (void)
{
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Seen) seen = NULL;

    bed_add (bed, "1-1", 4, 0x1281, BED_BOOT_SERIAL, "480");
    seen = seen_new_in_bed (bed);
    run_until (is_running, seen->watch, 10);
    expect (seen, "+1-1:recovery ");
    g_assert_cmphex (seen->ecid, ==, ECID);
    bed_remove (bed, "1-1");
    expect (seen, "+1-1:recovery -1-1 ");
}

static void
windows_phone_cb (PrUsbWatch *watch, GParamSpec *pspec, Seen *seen)
{
    const char *name = pr_usb_watch_get_windows_phone (watch);

    g_string_append_printf (seen->told, "%s ", name != NULL ? name : "-");
}

/* A Windows Phone has a name and nothing else; it is not told of again by a new helper, and leaves with the last. */
static void
test_windows_phone (void)
{
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Seen) seen = NULL;
    pid_t before;

    bed_add (bed, "1-2", 4, 0x12a8, NULL, "480");
    bed_write (bed, "1-2", "idVendor", "0421");
    bed_write (bed, "1-2", "idProduct", "0661");
    bed_write (bed, "1-2", "product", "Nokia Lumia 920");
    seen = seen_new_in_bed (bed);
    g_signal_connect (seen->watch, "notify::windows-phone", G_CALLBACK (windows_phone_cb), seen);
    expect (seen, "Lumia 920 ");
    bed_remove_silently (bed, "1-2");
    before = kill_child (seen->watch);
    run_until (is_another_child, &before, 10);
    expect (seen, "Lumia 920 - ");
    g_assert_null (pr_usb_watch_get_windows_phone (seen->watch));
}

static void
test_calls (void)
{
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Seen) seen = seen_new_in_bed (bed);

    /* from before it runs: waits for it */
    assert_call (seen, "leave-recovery", ECID, 10, PR_ERROR_UNPLUGGED);
    assert_call (seen, "release", 0, 10, PR_ERROR_BAD_ANSWER);
    assert_call (seen, "hold", 0, 10, -1);
    assert_call (seen, "hold", 0, 10, -1);
    assert_call (seen, "leave-recovery", ECID, 10, PR_ERROR_BUSY);
    assert_call (seen, "release", 0, 10, -1);
    assert_call (seen, "leave-recovery", ECID, 10, PR_ERROR_BUSY);
    assert_call (seen, "release", 0, 10, -1);
    assert_call (seen, "leave-recovery", ECID, 10, PR_ERROR_UNPLUGGED);
    assert_call (seen, "dance", 0, 10, PR_ERROR_BAD_ANSWER);
}

/* A new helper holds as the old one did; a phone that left meanwhile is told of, and one that stayed is not lost. */
static void
test_restart (void)
{
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Seen) seen = NULL;
    pid_t before;

    bed_add (bed, "1-1", 4, 0x12a8, BED_UDID, "480");
    seen = seen_new_in_bed (bed);
    expect (seen, "+1-1:normal ");
    bed_add (bed, "1-2", 5, 0x1222, NULL, "480");
    expect (seen, "+1-1:normal +1-2:wtf ");
    assert_call (seen, "hold", 0, 10, -1);
    g_string_truncate (seen->told, 0);
    bed_remove_silently (bed, "1-2");
    before = kill_child (seen->watch);
    run_until (is_another_child, &before, 10);
    expect (seen, "+1-1:normal -1-2 ");
    g_assert_true (is_running (seen->watch));
    assert_call (seen, "leave-recovery", ECID, 10, PR_ERROR_BUSY);
    assert_call (seen, "release", 0, 10, -1);
    assert_call (seen, "leave-recovery", ECID, 10, PR_ERROR_UNPLUGGED);
}

/* Each run is given the time to list the phone: what died before that had nothing to take back. */
static void
test_gone (void)
{
    static const char *const told[] = { "+1-1:normal ", "+1-1:normal +1-1:normal ",
                                        "+1-1:normal +1-1:normal +1-1:normal " };
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Seen) seen = NULL;

    bed_add (bed, "1-1", 4, 0x12a8, BED_UDID, "480");
    seen = seen_new_in_bed (bed);
    for (gsize i = 0; i < G_N_ELEMENTS (told); i++) {
        expect (seen, told[i]);
        g_assert_true (is_running (seen->watch));
        kill_child (seen->watch);
    }
    run_until (is_gone, seen->watch, 10);
    g_assert_cmpstr (seen->told->str, ==, "+1-1:normal +1-1:normal +1-1:normal -1-1 ");
    assert_call (seen, "leave-recovery", ECID, 10, PR_ERROR_HELPER_GONE);
    assert_call (seen, "hold", 0, 10, PR_ERROR_HELPER_GONE);
    pr_usb_watch_start (seen->watch);
    run_until (is_running, seen->watch, 10);
}

/* A call ends at its limit, cancelled or not; and what hung is replaced. */
static void
test_hang (void)
{
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Seen) seen = seen_new_in_bed (bed);
    pid_t child;

    run_until (is_running, seen->watch, 10);
    child = find_child ();
    g_assert_cmpint (kill (child, SIGSTOP), ==, 0);
    assert_call (seen, "leave-recovery", ECID, 1, PR_ERROR_NO_ANSWER);
    run_until (is_another_child, &child, 10);
    assert_call (seen, "leave-recovery", ECID, 10, PR_ERROR_UNPLUGGED);
}

/* A hold that nobody confirmed does not count. */
static void
test_hold_hangs (void)
{
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Seen) seen = seen_new_in_bed (bed);

    run_until (is_running, seen->watch, 10);
    g_assert_cmpint (kill (find_child (), SIGSTOP), ==, 0);
    assert_call (seen, "hold", 0, 1, PR_ERROR_NO_ANSWER);
    assert_call (seen, "leave-recovery", ECID, 10, PR_ERROR_UNPLUGGED);
    assert_call (seen, "release", 0, 10, PR_ERROR_BAD_ANSWER);
}

/* What is asked of a helper that dies then: work is lost, a hold is not. */
static void
test_dies_in_call (void)
{
    static const struct {
        const char *command;
        int code;
    } calls[] = { { "leave-recovery", PR_ERROR_HELPER_GONE }, { "hold", -1 } };

    for (gsize i = 0; i < G_N_ELEMENTS (calls); i++) {
        g_autoptr (Bed) bed = bed_new (BED_SERIAL);
        g_autoptr (Seen) seen = seen_new_in_bed (bed);
        Job job = { seen->watch, calls[i].command, ECID, 20 };
        GThread *thread;
        pid_t child;

        run_until (is_running, seen->watch, 10);
        child = find_child ();
        g_assert_cmpint (kill (child, SIGSTOP), ==, 0);
        thread = g_thread_new ("call", work, &job);
        run_for (0.3);
        g_assert_false (is_ended (&job));
        g_assert_cmpint (kill (child, SIGKILL), ==, 0);
        run_until (is_ended, &job, 10);
        g_thread_join (thread);
        g_assert_cmpint (job.done, ==, calls[i].code < 0);
        if (calls[i].code >= 0)
            g_assert_error (job.error, PR_ERROR, calls[i].code);
        g_clear_error (&job.error);
    }
}

static void
test_cancel (void)
{
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Seen) seen = seen_new_in_bed (bed);
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    Job job = { seen->watch, "hold", 0, 20, cancellable };
    GThread *thread;

    run_until (is_running, seen->watch, 10);
    g_assert_cmpint (kill (find_child (), SIGSTOP), ==, 0);
    thread = g_thread_new ("call", work, &job);
    run_for (0.3);
    g_cancellable_cancel (cancellable);
    run_until (is_ended, &job, 1);
    g_thread_join (thread);
    g_assert_error (job.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_clear_error (&job.error);
}

static void
test_refused (void)
{
    g_autoptr (Bed) bed = bed_new ("another");
    g_autoptr (Seen) seen = NULL;

    bed_add (bed, "1-1", 4, 0x12a8, BED_UDID, "480");
    seen = seen_new_in_bed (bed);
    run_until (is_refused, seen->watch, 10);
    run_until (has_no_child, NULL, 10);
    run_for (1);
    g_assert_true (is_refused (seen->watch));
    g_assert_cmpstr (seen->told->str, ==, "");
    assert_call (seen, "hold", 0, 10, PR_ERROR_HELPER_GONE);
}

/* Programs that are not what they should be. None of them is believed, and each is given up in the end. */
static void
test_strange_programs (void)
{
    static const struct {
        const char *script, *told;
    } programs[] = {
        { "exit 0", "" },
        { "echo '{\"event\": \"ready\"}'; head -c 100000 /dev/zero | tr '\\0' x; exec sleep 60", "" },
        { "echo nonsense; echo '[]'; echo '{}'; echo '{\"event\": 5}'; echo '{\"event\": \"detached\"}'", "" },
        { "echo '{\"event\": \"attached\"}'; echo '{\"event\": \"attached\", \"port\": \"1-1\", \"mode\": \"x\"}'",
          "" },
        { "printf '{\"event\": \"attached\", \"port\": \"\\377\", \"mode\": \"normal\"}\\n'", "" },
        { "echo '{\"event\": \"attached\", \"port\": \"1\", \"mode\": \"dfu\", \"speed\": -5, \"ecid\": \"0x\"}'",
          "+1:dfu +1:dfu +1:dfu -1 " },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (programs); i++) {
        const char *const argv[] = { "sh", "-c", programs[i].script, NULL };
        g_autoptr (Seen) seen = seen_new (argv, NULL);

        run_until (is_gone, seen->watch, 10);
        g_assert_cmpstr (seen->told->str, ==, programs[i].told);
        g_assert_cmphex (seen->ecid, ==, 0);
    }
}

static void
test_missing (void)
{
    const char *const argv[] = { "/nonexistent/phone-reset-usb", NULL };
    g_autoptr (Seen) seen = NULL;

    g_test_expect_message (NULL, G_LOG_LEVEL_MESSAGE, "starting /nonexistent/phone-reset-usb: *");
    seen = seen_new (argv, NULL);
    g_test_assert_expected_messages ();
    g_assert_true (is_gone (seen->watch));
}

/* One that never says that it is ready is ended, and tried again. */
static void
test_never_ready (void)
{
    const char *const argv[] = { "sleep", "60", NULL };
    g_autoptr (Seen) seen = seen_new (argv, NULL);
    pid_t child = find_child ();

    g_assert_cmpint (child, !=, 0);
    run_until (is_another_child, &child, 15);
    g_assert_cmpint (pr_usb_watch_get_state (seen->watch), ==, PR_USB_WATCH_STARTING);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_assert_cmpint (argc, ==, 2);
    program = argv[1];
    g_test_add_func ("/usb-watch/phones", test_phones);
    g_test_add_func ("/usb-watch/windows-phone", test_windows_phone);
    g_test_add_func ("/usb-watch/calls", test_calls);
    g_test_add_func ("/usb-watch/restart", test_restart);
    g_test_add_func ("/usb-watch/gone", test_gone);
    g_test_add_func ("/usb-watch/hang", test_hang);
    g_test_add_func ("/usb-watch/hold-hangs", test_hold_hangs);
    g_test_add_func ("/usb-watch/dies-in-call", test_dies_in_call);
    g_test_add_func ("/usb-watch/cancel", test_cancel);
    g_test_add_func ("/usb-watch/refused", test_refused);
    g_test_add_func ("/usb-watch/strange-programs", test_strange_programs);
    g_test_add_func ("/usb-watch/missing", test_missing);
    g_test_add_func ("/usb-watch/never-ready", test_never_ready);
    return g_test_run ();
}
