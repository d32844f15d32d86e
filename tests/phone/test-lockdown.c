/* The way to the phone: usbmuxd's packets, the wire, lockdownd, sessions with TLS, pairing. Against the virtual phone,
 * and where an answer must be nonsense, against a few bytes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "pr-error.h"
#include "pr-lockdown.h"
#include "pr-mux.h"
#include "pr-services.h"
#include "pr-test.h"

#define UDID "00008110-001122334455667A"
#define OTHER "00008110-0011223344556679"

/* -1: no error */
static void
assert_code (GError **error, int code)
{
    if (code < 0)
        g_assert_no_error (*error);
    else
        g_assert_error (*error, PR_ERROR, code);
    g_clear_error (error);
}

static void
test_udids (void)
{
    static const struct {
        const char *serial, *udid;
        guint64 ecid;
    } cases[] = {
        { "00008110001122334455667A", UDID, G_GUINT64_CONSTANT (0x001122334455667a) },
        { UDID, UDID, G_GUINT64_CONSTANT (0x001122334455667a) },
        { "AAAABBBBCCCCDDDDEEEEFFFF0000111122223333", "aaaabbbbccccddddeeeeffff0000111122223333", 0 },
        { "00008110001122334455667", NULL, 0 },
        { "00008110001122334455667G", NULL, 0 },
        { "../../../../../../etc/pa", NULL, 0 },
        { "00008110:001122334455667A", NULL, 0 },
        { "", NULL, 0 },
        { NULL, NULL, 0 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *udid = pr_mux_create_udid (cases[i].serial);

        g_assert_cmpstr (udid, ==, cases[i].udid);
        g_assert_cmphex (pr_mux_get_ecid (udid), ==, cases[i].ecid);
    }
}

static void
test_packets (void)
{
    static const struct {
        guint32 length, version, message;
        gsize body;
    } cases[] = {
        { 17, 1, 8, 1 },          { PR_MUX_HEADER + PR_MUX_MAX_BODY, 1, 8, PR_MUX_MAX_BODY },
        { 16, 1, 8, 0 },          { PR_MUX_HEADER + PR_MUX_MAX_BODY + 1, 1, 8, 0 },
        { 0, 1, 8, 0 },           { 100, 0, 8, 0 },
        { 100, 1, 3, 0 },         { G_MAXUINT32, 1, 8, 0 },
        { 0x80000000u, 1, 8, 0 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        guint32 header[4] = { GUINT32_TO_LE (cases[i].length), GUINT32_TO_LE (cases[i].version),
                              GUINT32_TO_LE (cases[i].message), 0 };

        g_assert_cmpuint (pr_mux_read_header ((const guint8 *) header), ==, cases[i].body);
    }
}

/* --- Somebody at the other end who says just these bytes --- */

typedef struct {
    char *folder;
    GSocketListener *listener;
    GSocketAddress *address;
    const void *bytes;
    gsize length;
    gulong pause; /* microseconds, before it speaks */
    GThread *thread;
} Peer;

static gpointer
speak (gpointer data)
{
    Peer *self = data;
    g_autoptr (GSocketConnection) connection = g_socket_listener_accept (self->listener, NULL, NULL, NULL);
    char swallowed[4096];

    g_assert_nonnull (connection);
    g_usleep (self->pause);
    g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), self->bytes, self->length,
                               NULL, NULL, NULL);
    g_socket_shutdown (g_socket_connection_get_socket (connection), FALSE, TRUE, NULL);
    while (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), swallowed, sizeof swallowed,
                                NULL, NULL) > 0)
        continue;
    return NULL;
}

static Peer *
peer_new (const void *bytes, gsize length)
{
    g_autoptr (GError) error = NULL;
    Peer *self = g_new0 (Peer, 1);
    g_autofree char *path = NULL, *variable = NULL;

    self->folder = pr_test_make_folder ();
    path = g_build_filename (self->folder, "socket", NULL);
    variable = g_strconcat ("UNIX:", path, NULL);
    g_setenv ("USBMUXD_SOCKET_ADDRESS", variable, TRUE);
    self->address = g_unix_socket_address_new (path);
    self->listener = g_socket_listener_new ();
    g_socket_listener_add_address (self->listener, self->address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL,
                                   NULL, &error);
    g_assert_no_error (error);
    self->bytes = bytes;
    self->length = length;
    self->thread = g_thread_new ("peer", speak, self);
    return self;
}

static void
peer_free (Peer *self)
{
    g_thread_join (self->thread);
    g_socket_listener_close (self->listener);
    g_object_unref (self->listener);
    g_object_unref (self->address);
    pr_test_remove_folder (self->folder);
    g_free (self->folder);
    g_free (self);
}

#define SAYS(text) text, sizeof text - 1

static void
test_frames (void)
{
    static const struct {
        const char *bytes;
        gsize length;
        int code;
    } cases[] = {
        { SAYS ("\0\0\0\x16<plist><dict/></plist>"), -1 },
        { SAYS (""), PR_ERROR_UNPLUGGED },
        { SAYS ("\0\0"), PR_ERROR_UNPLUGGED },
        { SAYS ("\0\0\0\x17<plist><dict/></plist>"), PR_ERROR_UNPLUGGED },
        { SAYS ("\0\0\0\0"), PR_ERROR_BAD_ANSWER },
        { SAYS ("\xff\xff\xff\xff"), PR_ERROR_BAD_ANSWER },
        { SAYS ("\0\x80\0\1"), PR_ERROR_BAD_ANSWER },
        { SAYS ("\0\0\0\x17<plist><array/></plist>"), PR_ERROR_BAD_ANSWER },
        { SAYS ("\0\0\0\5hello"), PR_ERROR_BAD_ANSWER },
        { SAYS ("\0\0\0\x0b"
                "bplist00\xd1\1\2"),
          PR_ERROR_BAD_ANSWER },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        Peer *peer = peer_new (cases[i].bytes, cases[i].length);
        g_autoptr (GError) error = NULL;
        g_autoptr (PrWire) wire = pr_wire_open (G_SOCKET_CONNECTABLE (peer->address), NULL, &error);
        g_auto (plist_t) plist = NULL;

        g_assert_no_error (error);
        plist = pr_wire_receive_plist (wire, NULL, &error);
        g_test_message ("case %" G_GSIZE_FORMAT ": %s", i, error != NULL ? error->message : "good");
        g_assert_cmpint (plist != NULL, ==, cases[i].code < 0);
        assert_code (&error, cases[i].code);
        g_clear_pointer (&wire, pr_wire_close);
        peer_free (peer);
    }
}

/* A limit of hours is one: in 32 bits of microseconds these seconds would be 33 ms. */
static void
test_long_limit (void)
{
    Peer *peer = peer_new (SAYS ("\0\0\0\x16<plist><dict/></plist>"));
    g_autoptr (GError) error = NULL;
    g_autoptr (PrWire) wire = NULL;
    g_auto (plist_t) plist = NULL;

    peer->pause = G_USEC_PER_SEC / 2;
    wire = pr_wire_open (G_SOCKET_CONNECTABLE (peer->address), NULL, &error);
    g_assert_no_error (error);
    pr_wire_set_limit (wire, 4295);
    plist = pr_wire_receive_plist (wire, NULL, &error);
    g_assert_no_error (error);
    g_clear_pointer (&wire, pr_wire_close);
    peer_free (peer);
}

/* What calls itself usbmuxd and is not. */
static void
test_strange_daemon (void)
{
    static const struct {
        const char *bytes;
        gsize length;
        int code;
    } cases[] = {
        { SAYS (""), PR_ERROR_UNPLUGGED },
        { SAYS ("HTTP/1.1 400 Bad Request\r\n\r\n"), PR_ERROR_BAD_ANSWER },
        { SAYS ("\xff\xff\xff\xff\1\0\0\0\x08\0\0\0\1\0\0\0"), PR_ERROR_BAD_ANSWER },
        { SAYS ("\x14\0\0\0\1\0\0\0\x08\0\0\0\1\0\0\0what"), PR_ERROR_BAD_ANSWER },
        { SAYS ("\x26\0\0\0\1\0\0\0\x08\0\0\0\1\0\0\0<plist><dict/></plist>"), PR_ERROR_BAD_ANSWER },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        Peer *peer = peer_new (cases[i].bytes, cases[i].length);
        g_autoptr (GError) error = NULL;
        g_autofree char *buid = pr_mux_read_buid (NULL, &error);

        g_assert_null (buid);
        assert_code (&error, cases[i].code);
        peer_free (peer);
    }
}

static void
test_no_daemon (void)
{
    static const char *const addresses[] = { "UNIX:/nonexistent/usbmuxd", "127.0.0.1:1" };

    for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++) {
        g_autoptr (GError) error = NULL;
        guint64 ecid = 0;

        g_setenv ("USBMUXD_SOCKET_ADDRESS", addresses[i], TRUE);
        g_assert_null (pr_lockdown_open (UDID, NULL, &error));
        assert_code (&error, PR_ERROR_NO_DAEMON);
        g_assert_null (pr_services_save_pairing (UDID, &error));
        assert_code (&error, PR_ERROR_NO_DAEMON);
        g_assert_false (pr_services_restart (UDID, NULL, &error));
        assert_code (&error, PR_ERROR_NO_DAEMON);
        g_assert_false (pr_services_read_ecid (UDID, &ecid, NULL, &error));
        assert_code (&error, PR_ERROR_NO_DAEMON);
    }
}

/* --- The virtual phone --- */

static int
try_session (void)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrLockdown) lockdown = pr_lockdown_open (UDID, NULL, &error);

    g_assert_no_error (error);
    g_assert_false (pr_lockdown_is_restored (lockdown));
    return pr_lockdown_start_session (lockdown, NULL, &error) ? -1 : error->code;
}

static int
try_pair (void)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrLockdown) lockdown = pr_lockdown_open (UDID, NULL, &error);
    g_autoptr (PrPairing) pairing = NULL;

    g_assert_no_error (error);
    pairing = pr_lockdown_prepare_pairing (lockdown, NULL, &error);
    g_assert_no_error (error);
    return pr_lockdown_pair (lockdown, pairing, NULL, &error) ? -1 : error->code;
}

static PrAnswer
read_find_my (gboolean in_session)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrLockdown) lockdown = pr_lockdown_open (UDID, NULL, &error);
    g_auto (plist_t) value = NULL;
    g_auto (plist_t) dict = plist_new_dict ();

    g_assert_no_error (error);
    if (in_session)
        g_assert_true (pr_lockdown_start_session (lockdown, NULL, &error));
    g_assert_true (pr_lockdown_read (lockdown, "com.apple.fmip", "IsAssociated", &value, NULL, &error));
    if (value != NULL)
        plist_dict_set_item (dict, "IsAssociated", g_steal_pointer (&value));
    return pr_plist_get_answer (dict, "IsAssociated");
}

/* A value that the phone keeps to itself is unknown, and never "off". */
static void
test_values (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start ("anna");
    guint64 ecid = 0;
    g_autoptr (GError) error = NULL;

    pr_test_phone_use (phone);
    g_assert_cmpint (read_find_my (FALSE), ==, PR_ANSWER_UNKNOWN);
    g_assert_cmpint (read_find_my (TRUE), ==, PR_ANSWER_NO);
    pr_test_phone_tell (phone, "set com.apple.fmip/IsAssociated");
    g_assert_cmpint (read_find_my (TRUE), ==, PR_ANSWER_UNKNOWN);
    g_assert_true (pr_services_read_ecid (UDID, &ecid, NULL, &error));
    g_assert_cmphex (ecid, ==, pr_mux_get_ecid (UDID));
    pr_test_phone_tell (phone, "set UniqueChipID string:seventeen");
    g_assert_false (pr_services_read_ecid (UDID, &ecid, NULL, &error));
    assert_code (&error, PR_ERROR_BAD_ANSWER);
    g_assert_null (pr_lockdown_open (OTHER, NULL, &error));
    assert_code (&error, PR_ERROR_UNPLUGGED);
    pr_test_phone_tell (phone, "unplug");
    g_assert_null (pr_lockdown_open (UDID, NULL, &error));
    assert_code (&error, PR_ERROR_UNPLUGGED);
}

/* All that a person can answer, told apart. The question is asked again after the cable was out. */
static void
test_trust (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text ("[phone]\ntrust=never\nwhen-asked=wait\n");

    pr_test_phone_use (phone);
    g_assert_cmpint (try_session (), ==, PR_ERROR_NOT_TRUSTED);
    pr_test_phone_tell (phone, "lock");
    g_assert_cmpint (try_pair (), ==, PR_ERROR_LOCKED);
    pr_test_phone_tell (phone, "unlock");
    g_assert_cmpint (try_pair (), ==, PR_ERROR_TRUST_PENDING);
    g_assert_cmpint (try_session (), ==, PR_ERROR_NOT_TRUSTED);
    pr_test_phone_tell (phone, "trust no");
    g_assert_cmpint (try_pair (), ==, PR_ERROR_NOT_TRUSTED);
    pr_test_phone_tell (phone, "unplug");
    pr_test_phone_tell (phone, "plug");
    g_assert_true (pr_test_phone_wait_state (phone, "mode", "normal", 10));
    g_assert_cmpint (try_pair (), ==, PR_ERROR_TRUST_PENDING);
    pr_test_phone_tell (phone, "trust yes");
    g_assert_cmpint (try_pair (), ==, -1);
    g_assert_cmpint (try_session (), ==, -1);
    g_assert_cmpint (read_find_my (TRUE), ==, PR_ANSWER_NO);
    g_assert_true (pr_test_phone_log_has (phone, "session", "answer", "started", NULL));
}

/* A phone that was erased meanwhile: the old record is refused, and a new pairing replaces it. */
static void
test_stale (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start ("stale-pairing");
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) record = NULL;

    pr_test_phone_use (phone);
    g_assert_cmpint (try_session (), ==, PR_ERROR_STALE_PAIRING);
    g_assert_false (pr_services_restart (UDID, NULL, &error));
    assert_code (&error, PR_ERROR_STALE_PAIRING);
    record = pr_services_save_pairing (UDID, &error);
    g_assert_nonnull (record);
    /* put back where there is none, it is tried, found stale, and not left in the way of a new one */
    g_assert_true (pr_mux_delete_pair_record (UDID, NULL, &error));
    g_assert_false (pr_services_put_pairing_back (UDID, record, NULL, &error));
    assert_code (&error, PR_ERROR_STALE_PAIRING);
    g_assert_null (pr_services_save_pairing (UDID, &error));
    g_assert_no_error (error);
    g_assert_cmpint (try_pair (), ==, -1);
    g_assert_cmpint (try_session (), ==, -1);
    /* and one that another program made meanwhile stays */
    g_assert_true (pr_services_put_pairing_back (UDID, record, NULL, &error));
    g_assert_cmpint (try_session (), ==, -1);
}

/* A record that is there but makes no sense. */
static void
test_damaged_record (void)
{
    static const char *const records[] = {
        "nonsense",
        "<plist><array/></plist>",
        "<plist><dict/></plist>",
        "<plist><dict><key>HostID</key><integer>1</integer></dict></plist>",
    };
    g_autoptr (PrTestPhone) phone = pr_test_phone_start ("anna");

    pr_test_phone_use (phone);
    for (gsize i = 0; i < G_N_ELEMENTS (records); i++) {
        g_autoptr (GBytes) record = g_bytes_new_static (records[i], strlen (records[i]));
        g_autoptr (GError) error = NULL;

        g_assert_true (pr_mux_save_pair_record (UDID, record, NULL, &error));
        g_assert_cmpint (try_session (), !=, -1);
    }
    g_assert_cmpint (try_pair (), ==, -1);
    g_assert_cmpint (try_session (), ==, -1);
}

/* --- Silence --- */

typedef struct {
    GCancellable *cancellable;
    GError *error;
    double seconds;
} Silence;

static gpointer
open_silent (gpointer data)
{
    Silence *self = data;
    gint64 start = g_get_monotonic_time ();

    g_assert_null (pr_lockdown_open (UDID, self->cancellable, &self->error));
    self->seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
    return NULL;
}

/* A phone that takes everything and says nothing: the call ends by its limit, or at once when cancelled. */
static void
test_silent (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start ("silent");
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    Silence limit = { NULL }, cancelled = { cancellable };
    GThread *threads[2];

    pr_test_phone_use (phone);
    threads[0] = g_thread_new ("limit", open_silent, &limit);
    threads[1] = g_thread_new ("cancelled", open_silent, &cancelled);
    g_usleep (G_USEC_PER_SEC);
    g_cancellable_cancel (cancellable);
    g_thread_join (threads[1]);
    g_assert_error (cancelled.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpfloat (cancelled.seconds, <, 10);
    g_thread_join (threads[0]);
    g_assert_error (limit.error, PR_ERROR, PR_ERROR_NO_ANSWER);
    g_assert_cmpfloat (limit.seconds, >=, PR_WIRE_LIMIT);
    g_assert_cmpfloat (limit.seconds, <, PR_WIRE_LIMIT + 10);
    g_clear_error (&cancelled.error);
    g_clear_error (&limit.error);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/mux/udids", test_udids);
    g_test_add_func ("/mux/packets", test_packets);
    g_test_add_func ("/mux/strange-daemon", test_strange_daemon);
    g_test_add_func ("/mux/no-daemon", test_no_daemon);
    g_test_add_func ("/wire/frames", test_frames);
    g_test_add_func ("/wire/long-limit", test_long_limit);
    g_test_add_func ("/lockdown/values", test_values);
    g_test_add_func ("/lockdown/trust", test_trust);
    g_test_add_func ("/lockdown/stale", test_stale);
    g_test_add_func ("/lockdown/damaged-record", test_damaged_record);
    g_test_add_func ("/lockdown/silent", test_silent);
    return g_test_run ();
}
