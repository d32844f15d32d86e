// SPDX-License-Identifier: GPL-3.0-or-later
/* Every way in which usbmuxd can be wrong, made with real sockets. */
#include "pr-daemon.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534

typedef struct {
    char *folder, *socket;
} Place;

static void
place_clear (Place *self)
{
    g_unlink (self->socket);
    g_rmdir (self->folder);
    g_free (self->socket);
    g_free (self->folder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

static Place
place_new (void)
{
    Place self = { .folder = g_dir_make_tmp ("pr-daemon-XXXXXX", NULL) };
    g_autofree char *address = NULL;

    self.socket = g_build_filename (self.folder, "mux", NULL);
    address = g_strconcat ("UNIX:", self.socket, NULL);
    g_setenv ("USBMUXD_SOCKET_ADDRESS", address, TRUE);
    return self;
}

static GSocket *
listen_at (const char *path)
{
    g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
    GSocket *socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, NULL);

    g_assert_true (g_socket_bind (socket, address, TRUE, NULL));
    g_assert_true (g_socket_listen (socket, NULL));
    return socket;
}

static void
assert_state (PrDaemonState state)
{
    g_autofree char *detail = NULL;

    g_assert_cmpint (pr_daemon_check (&detail, NULL), ==, state);
    g_assert_nonnull (detail);
    g_assert_cmpstr (detail, !=, "");
}

static void
test_nothing (void)
{
    g_auto (Place) place = place_new ();
    gboolean installed = g_file_test ("/usr/sbin/usbmuxd", G_FILE_TEST_EXISTS);

    assert_state (installed ? PR_DAEMON_NOT_STARTED : PR_DAEMON_NOT_INSTALLED);
}

/* A socket file outlives whoever made it. */
static void
test_stale (void)
{
    g_auto (Place) place = place_new ();

    g_object_unref (listen_at (place.socket));
    assert_state (PR_DAEMON_STALE);
}

static void
test_silent (void)
{
    g_auto (Place) place = place_new ();
    g_autoptr (GSocket) socket = listen_at (place.socket);
    gint64 start = g_get_monotonic_time ();

    assert_state (PR_DAEMON_SILENT);
    g_assert_cmpint (g_get_monotonic_time () - start, <, 25 * G_USEC_PER_SEC);
}

static gpointer
talk_nonsense (gpointer data)
{
    GSocket *socket = data;

    for (guint i = 0; i < 2; i++) {
        g_autoptr (GSocket) client = g_socket_accept (socket, NULL, NULL);
        const char text[] = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
        g_socket_send (client, text, strlen (text), NULL, NULL);
    }
    return NULL;
}

static void
test_strange (void)
{
    g_auto (Place) place = place_new ();
    g_autoptr (GSocket) socket = listen_at (place.socket);
    GThread *thread = g_thread_new ("nonsense", talk_nonsense, socket);

    assert_state (PR_DAEMON_STRANGE);
    g_thread_join (thread);
}

/* As another person, for whom the socket is closed: root may open anything. */
static void
test_not_allowed (void)
{
    g_auto (Place) place = place_new ();
    g_autoptr (GSocket) socket = listen_at (place.socket);
    int status;
    pid_t child;

    g_assert_cmpint (g_chmod (place.socket, 0600), ==, 0);
    g_assert_cmpint (g_chmod (place.folder, 0755), ==, 0);
    child = fork ();
    if (child == 0) {
        if (getuid () == 0 && setuid (NOBODY) < 0)
            _exit (9);
        if (getuid () != NOBODY)
            g_chmod (place.socket, 0);
        _exit (pr_daemon_check (NULL, NULL));
    }
    g_assert_cmpint (waitpid (child, &status, 0), ==, child);
    g_assert_true (WIFEXITED (status));
    g_assert_cmpint (WEXITSTATUS (status), ==, PR_DAEMON_NOT_ALLOWED);
}

static void
test_families (void)
{
    static const struct {
        const char *text;
        PrSystemFamily family;
    } cases[] = {
        { "NAME=\"Debian GNU/Linux\"\nID=debian\n", PR_SYSTEM_DEBIAN },
        { "ID=pop\nID_LIKE=\"ubuntu debian\"\n", PR_SYSTEM_DEBIAN },
        { "ID=fedora\nVERSION_ID=44\n", PR_SYSTEM_FEDORA },
        { "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", PR_SYSTEM_FEDORA },
        { "ID=endeavouros\nID_LIKE=arch\n", PR_SYSTEM_ARCH },
        { "ID=\"opensuse-tumbleweed\"\nID_LIKE=\"opensuse suse\"\n", PR_SYSTEM_SUSE },
        { "ID=nixos\n", PR_SYSTEM_OTHER },
        { "ID=archaeology\n", PR_SYSTEM_OTHER },
        { "", PR_SYSTEM_OTHER },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        g_assert_cmpint (pr_system_family_read (cases[i].text), ==, cases[i].family);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/daemon/nothing", test_nothing);
    g_test_add_func ("/daemon/stale", test_stale);
    g_test_add_func ("/daemon/silent", test_silent);
    g_test_add_func ("/daemon/strange", test_strange);
    g_test_add_func ("/daemon/not-allowed", test_not_allowed);
    g_test_add_func ("/daemon/families", test_families);
    return g_test_run ();
}
