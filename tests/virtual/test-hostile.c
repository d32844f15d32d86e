/* Every scenario loads; nothing that is said to any of its sockets ends the virtual phone; and it leaves nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tool-bed.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>
#include <gio/gunixsocketaddress.h>

#define SEED 20260801
#define ROUNDS 120 /* for each socket */
#define MUX_HEADER 16

/* --- Scenarios --- */

static void
test_scenarios (void)
{
    g_autoptr (GDir) dir = g_dir_open (g_getenv ("PR_TEST_SCENARIOS"), 0, NULL);
    guint count = 0;

    g_assert_nonnull (dir);
    for (const char *name; (name = g_dir_read_name (dir)) != NULL;) {
        if (!g_str_has_suffix (name, ".ini"))
            continue;
        g_autofree char *scenario = g_strndup (name, strlen (name) - strlen (".ini"));
        g_autoptr (PrTestPhone) phone = pr_test_phone_start (scenario);
        g_autofree char *mode = pr_test_phone_state (phone, "mode");
        g_autofree char *system = bed_find_system (phone);

        g_test_message ("%s: %s, %s", scenario, mode, system);
        g_assert_nonnull (mode);
        count++;
    }
    g_assert_cmpuint (count, >, 20);
}

/* --- Sockets --- */

static GSocketConnectable *
address_of (PrTestPhone *phone, const char *variable)
{
    const char *address = pr_test_phone_environment (phone, variable);

    if (g_str_has_prefix (address, "http://"))
        return g_network_address_parse (address + strlen ("http://"), 80, NULL);
    if (g_str_has_prefix (address, "UNIX:"))
        address += strlen ("UNIX:");
    return G_SOCKET_CONNECTABLE (g_unix_socket_address_new (address));
}

/* A socket whose queue is full says so at once; it must have room again soon. */
static GSocketConnection *
connect_to (PrTestPhone *phone, const char *variable)
{
    g_autoptr (GSocketClient) client = g_socket_client_new ();
    g_autoptr (GSocketConnectable) address = address_of (phone, variable);
    g_autoptr (GError) error = NULL;
    GSocketConnection *connection = NULL;

    g_socket_client_set_timeout (client, 5);
    for (guint i = 0; connection == NULL && i < 200; i++) {
        g_clear_error (&error);
        connection = g_socket_client_connect (client, address, NULL, &error);
        if (connection == NULL)
            g_usleep (G_USEC_PER_SEC / 50);
    }
    g_assert_no_error (error);
    return connection;
}

/* The other side may hang up at any time. */
static void
say (GSocketConnection *connection, const void *data, gsize size)
{
    GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));

    g_output_stream_write_all (output, data, size, NULL, NULL, NULL);
}

static void
say_number (GSocketConnection *connection, guint32 number)
{
    say (connection, &number, sizeof number);
}

static void
say_noise (GSocketConnection *connection, GRand *random)
{
    guint8 noise[512];
    gsize size = g_rand_int_range (random, 1, sizeof noise);

    for (gsize i = 0; i < size; i++)
        noise[i] = g_rand_int (random);
    say (connection, noise, size);
}

/* Headers whose length is a lie, before the start of something. */
static void
say_lie (GSocketConnection *connection, GRand *random)
{
    static const guint32 lengths[] = { 0, 1, 15, 16, 17, 4096, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff };
    guint32 length = lengths[g_rand_int_range (random, 0, G_N_ELEMENTS (lengths))];

    say_number (connection, g_rand_boolean (random) ? GUINT32_TO_LE (length) : GUINT32_TO_BE (length));
    say_number (connection, GUINT32_TO_LE (1));
    say_number (connection, GUINT32_TO_LE (8));
    say_noise (connection, random);
}

/* What looks right and is not. */
static void
say_almost (GSocketConnection *connection, GRand *random)
{
    static const char *const texts[] = {
        "<plist><dict><key>Request</key></dict></plist>",
        "<plist><dict><key>Request</key><array/></dict></plist>",
        "<plist><dict><key>MessageType</key><string>Connect</string><key>DeviceID</key><string>x</string></dict></"
        "plist>",
        "<plist><dict><key>Request</key><string>StartSession</string><key>HostID</key><string></string></dict></plist>",
        "<plist><dict><key>Request</key><string>Pair</string><key>PairRecord</key><string>x</string></dict></plist>",
        "<plist><array><string>Request</string></array></plist>",
        "bplist00\xd1\x01\x02\xff\xff\xff\xff",
        "POST /TSS/controller?action=2 HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n",
        "POST /TSS/controller?action=2 HTTP/1.1\r\nContent-Length: 5\r\n\r\n<pli>",
        "POST /TSS/controller?action=2 HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 7\r\n\r\n<plist>",
        "set [phone] x\nboot nowhere\nfault\ntrust\nmend\nset\n\n\nstate\n",
        "state",
    };
    const char *text = texts[g_rand_int_range (random, 0, G_N_ELEMENTS (texts))];
    guint32 length = strlen (text);

    if (g_rand_boolean (random))
        say_number (connection, GUINT32_TO_BE (length));
    say (connection, text, length - (g_rand_boolean (random) ? 0 : length / 2));
}

static void
be_hostile (GSocketConnection *connection, GRand *random)
{
    static void (*const ways[]) (GSocketConnection *connection, GRand *random) = { say_noise, say_lie, say_almost };

    for (int i = g_rand_int_range (random, 1, 4); i > 0; i--)
        ways[g_rand_int_range (random, 0, G_N_ELEMENTS (ways))](connection, random);
}

/* Asks usbmuxd for @port of the phone with every number that it may have. */
static void
say_connect (GSocketConnection *connection, guint device, guint16 port)
{
    g_autofree char *text = g_strdup_printf (
        "<plist version=\"1.0\"><dict><key>MessageType</key><string>Connect</string><key>DeviceID</key>"
        "<integer>%u</integer><key>PortNumber</key><integer>%u</integer></dict></plist>",
        device, GUINT16_TO_BE (port));

    say_number (connection, GUINT32_TO_LE (MUX_HEADER + strlen (text)));
    say_number (connection, GUINT32_TO_LE (1));
    say_number (connection, GUINT32_TO_LE (8));
    say_number (connection, GUINT32_TO_LE (7));
    say (connection, text, strlen (text));
}

static void
attack (PrTestPhone *phone, const char *variable, guint16 port, guint device, GRand *random)
{
    for (guint i = 0; i < ROUNDS; i++) {
        g_autoptr (GSocketConnection) connection = connect_to (phone, variable);

        if (port != 0)
            say_connect (connection, device, port);
        be_hostile (connection, random);
    }
}

static void
assert_alive (PrTestPhone *phone)
{
    g_autoptr (GSocketConnection) connection = connect_to (phone, "CONTROL"); /* once its queue has room */
    g_autofree char *mode = pr_test_phone_state (phone, "mode");

    g_assert_nonnull (mode);
}

static void
test_sockets (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start ("anna");
    g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
    g_autofree char *output = NULL;

    attack (phone, "USBMUXD_SOCKET_ADDRESS", 0, 0, random);
    attack (phone, "USBMUXD_SOCKET_ADDRESS", 62078, 1, random);
    attack (phone, "USBMUXD_SOCKET_ADDRESS", 49153, 1, random);
    attack (phone, "SIGNING_SERVER", 0, 0, random);
    attack (phone, "CONTROL", 0, 0, random);
    assert_alive (phone);
    g_assert_cmpint (pr_test_phone_run (phone, "ideviceinfo -k DeviceName", &output, NULL), ==, 0);
    g_assert_cmpstr (output, ==, "Anna’s iPhone\n");
}

/* In restore mode, in the middle of one: the ports of restored, of the system image and of the reverse proxy. */
static void
test_restore_sockets (void)
{
    g_autoptr (PrTestPhone) phone =
        pr_test_phone_start_text ("[phone]\nmode=recovery\n[pace]\nseconds=2\n[faults]\nstalls-at-upload=0.2\n");
    g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
    g_autoptr (Tool) tool = restore_start (phone, "-e");
    static const guint16 ports[] = { 62078, 12345, 1082, 1083 };

    bed_wait_log (phone, "uploading", 60);
    for (guint i = 0; i < G_N_ELEMENTS (ports); i++)
        attack (phone, "USBMUXD_SOCKET_ADDRESS", ports[i], 1, random);
    assert_alive (phone);
    pr_test_phone_tell (phone, "mend stalls-at-upload");
    tool_expect (tool, 60, 0, "Status: Restore Finished");
}

/* --- What stays --- */

static guint
count_entries (const char *path)
{
    g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
    guint count = 0;

    g_assert_nonnull (dir);
    for (const char *name; (name = g_dir_read_name (dir)) != NULL; count++)
        g_test_message ("in %s: %s", path, name);
    return count;
}

/* Of the virtual phone alone, which gets a temporary folder of its own. */
static void
test_leaves_nothing (void)
{
    g_autofree char *before = g_strdup (g_getenv ("TMPDIR"));
    g_autofree char *folder = pr_test_make_folder ();

    g_setenv ("TMPDIR", folder, TRUE);
    PrTestPhone *phone = pr_test_phone_start ("recovery");
    g_assert_cmpuint (count_entries (folder), ==, 2); /* its own, and the test bed */
    g_autoptr (Tool) tool = tool_start (phone, "irecovery -q");
    tool_expect (tool, 20, 0, "MODE: Recovery");
    pr_test_phone_tell (phone, "boot dfu");
    bed_expect_state (phone, "mode", "dfu", 10);
    pr_test_phone_stop (phone);
    g_assert_cmpuint (count_entries (folder), ==, 0);
    if (before != NULL)
        g_setenv ("TMPDIR", before, TRUE);
    else
        g_unsetenv ("TMPDIR");
    pr_test_remove_folder (folder);
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    gboolean *finished = data;

    *finished = g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
}

static gboolean
is_true (gpointer data)
{
    return *(gboolean *) data;
}

/* By a signal that it can handle it goes as by the end of its input, with a tool in the middle of its work. */
static void
test_terminated (void)
{
    PrTestPhone *phone =
        pr_test_phone_start_text ("[phone]\nmode=recovery\n[faults]\nstalls-at-upload=0.2\n[pace]\nseconds=2\n");
    GSubprocess *process = pr_test_phone_process (phone);
    g_autofree char *bed = g_strdup (pr_test_phone_environment (phone, "UMOCKDEV_DIR"));
    g_autofree char *folder = g_path_get_dirname (pr_test_phone_environment (phone, "CONTROL"));
    g_autoptr (Tool) tool = restore_start (phone, "-e");
    gboolean finished = FALSE;

    bed_wait_log (phone, "uploading", 60);
    g_subprocess_send_signal (process, SIGTERM);
    g_subprocess_wait_async (process, NULL, finished_cb, &finished);
    g_assert_true (pr_test_run_until (is_true, &finished, 10));
    g_assert_true (g_subprocess_get_successful (process));
    g_assert_false (g_file_test (bed, G_FILE_TEST_EXISTS));
    g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
    pr_test_phone_forget (phone);
}

/* It is one process, so that whoever kills it has killed all of it. */
static void
test_killed (void)
{
    PrTestPhone *phone = pr_test_phone_start ("recovery");
    GSubprocess *process = pr_test_phone_process (phone);
    const char *pid = g_subprocess_get_identifier (process);
    g_autofree char *path = g_strdup_printf ("/proc/%s/task/%s/children", pid, pid);
    g_autofree char *bed = g_strdup (pr_test_phone_environment (phone, "UMOCKDEV_DIR"));
    g_autofree char *folder = g_path_get_dirname (pr_test_phone_environment (phone, "CONTROL"));
    g_autofree char *children = NULL;
    gboolean finished = FALSE;

    g_assert_true (g_file_get_contents (path, &children, NULL, NULL));
    g_assert_cmpstr (children, ==, "");
    g_subprocess_force_exit (process);
    g_subprocess_wait_async (process, NULL, finished_cb, &finished);
    g_assert_true (pr_test_run_until (is_true, &finished, 10));
    pr_test_phone_forget (phone);
    pr_test_remove_folder (folder);
    pr_test_remove_folder (bed);
}

int
main (int argc, char *argv[])
{
    signal (SIGPIPE, SIG_IGN);
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/hostile/scenarios", test_scenarios);
    g_test_add_func ("/hostile/sockets", test_sockets);
    g_test_add_func ("/hostile/restore-sockets", test_restore_sockets);
    g_test_add_func ("/hostile/leaves-nothing", test_leaves_nothing);
    g_test_add_func ("/hostile/terminated", test_terminated);
    g_test_add_func ("/hostile/killed", test_killed);
    return g_test_run ();
}
