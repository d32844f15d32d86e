/* A phone that comes back is there for everybody who is told so, and the real tool takes it up at once: what it misses,
 * it waits for a minute.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tool-bed.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define RESTORE_SECONDS 150 /* that three restores at once may take, on a machine that is busy; not what is judged */
#define TAKEN_UP_WITHIN 8.0 /* seconds; what is missed costs 10 at least */
#define EVENT_WITHIN 10000  /* ms */
#define NONE_WITHIN 200     /* ms; the phone itself repeats an arrival after 1500, if nobody opened it */
#define STROKES 10

/* --- What is told, and when --- */

static int
make_socket (const char *path, struct sockaddr_un *address, int type)
{
    int fd = socket (AF_UNIX, type | SOCK_CLOEXEC, 0);

    g_assert_cmpint (fd, >=, 0);
    *address = (struct sockaddr_un) { .sun_family = AF_UNIX };
    g_assert_cmpuint (g_strlcpy (address->sun_path, path, sizeof address->sun_path), <, sizeof address->sun_path);
    return fd;
}

/* Hears what a client of umockdev's preload hears. */
static int
listen_to_bed (PrTestPhone *phone)
{
    g_autofree char *path = g_build_filename (pr_test_phone_environment (phone, "UMOCKDEV_DIR"), "event77", NULL);
    struct sockaddr_un address;
    int fd = make_socket (path, &address, SOCK_DGRAM);

    g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
    return fd;
}

/* (nullable): the @name of an event's properties, which are text behind a header that is skipped. */
static const char *
find_property (const char *event, gssize size, const char *name)
{
    const char *found = memmem (event, size, name, strlen (name));

    return found != NULL ? found + strlen (name) : NULL;
}

/* Returns: the node below /dev of the next event with @action; NULL when none came in time. */
static char *
hear (int fd, const char *action, int milliseconds)
{
    struct pollfd wait = { .fd = fd, .events = POLLIN };
    g_autofree char *wanted = g_strconcat ("ACTION=", action, NULL);

    while (poll (&wait, 1, milliseconds) > 0) {
        char event[2048] = { 0 };
        gssize size = recv (fd, event, sizeof event - 1, 0);

        if (find_property (event, size, wanted) != NULL)
            return g_strdup (find_property (event, size, "DEVNAME="));
    }
    return NULL;
}

static gboolean
answers (PrTestPhone *phone, const char *node)
{
    g_autofree char *path =
        g_build_filename (pr_test_phone_environment (phone, "UMOCKDEV_DIR"), "ioctl", "dev", node, NULL);
    struct sockaddr_un address;
    int fd = make_socket (path, &address, SOCK_STREAM);
    gboolean connected = connect (fd, (struct sockaddr *) &address, sizeof address) == 0;

    close (fd);
    return connected;
}

/* The one who hears of it is as quick as can be; libirecovery, when it finds nothing behind the node, never tries
 * again.
 */
static void
test_told_when_there (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text ("[phone]\nmode=recovery\n");
    int fd = listen_to_bed (phone);

    for (guint i = 0; i < STROKES; i++) {
        pr_test_phone_tell (phone, "unplug");
        g_autofree char *left = hear (fd, "remove", EVENT_WITHIN);
        g_assert_nonnull (left);
        pr_test_phone_tell (phone, "plug");
        g_autofree char *node = hear (fd, "add", EVENT_WITHIN);
        g_assert_nonnull (node);
        g_assert_true (answers (phone, node));
        g_assert_cmpstr (node, !=, left);
    }
    g_assert_null (hear (fd, "add", NONE_WITHIN));
    close (fd);
}

typedef struct {
    const char *bed;
    gint ended; /* atomic */
} Crowd;

/* Clients that begin to listen, one after the other. */
static gpointer
crowd (gpointer data)
{
    Crowd *self = data;

    for (guint i = 0; !g_atomic_int_get (&self->ended); i++) {
        g_autofree char *path = g_strdup_printf ("%s/event%u", self->bed, 100 + i);
        int fd = open (path, O_CREAT | O_CLOEXEC, 0600);

        if (fd >= 0)
            close (fd);
    }
    return NULL;
}

/* The phone ends well though its folder never gets empty. */
static void
test_ends_in_a_crowd (void)
{
    PrTestPhone *phone = pr_test_phone_start_text ("[phone]\nmode=recovery\n");
    g_autofree char *bed = g_strdup (pr_test_phone_environment (phone, "UMOCKDEV_DIR"));
    Crowd someone = { .bed = bed };
    GThread *thread = g_thread_new ("crowd", crowd, &someone);

    pr_test_phone_stop (phone);
    g_atomic_int_set (&someone.ended, TRUE);
    g_thread_join (thread);
    if (g_file_test (bed, G_FILE_TEST_EXISTS))
        pr_test_remove_folder (bed);
}

/* --- What the tool makes of it --- */

static gboolean
is_boot_loader (JsonObject *event)
{
    const char *mode = json_object_get_string_member_with_default (event, "mode", "");

    return g_str_equal (json_object_get_string_member (event, "event"), "started") && !g_str_equal (mode, "normal") &&
           !g_str_equal (mode, "restore");
}

/* Every time that the boot loader started, somebody claimed it soon. */
static void
assert_taken_up (PrTestPhone *phone, guint times)
{
    g_autofree char *text = NULL;
    double since = -1;
    guint count = 0;

    g_assert_true (g_file_get_contents (pr_test_phone_environment (phone, "LOG"), &text, NULL, NULL));
    g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_autoptr (JsonNode) node = json_from_string (lines[i], NULL);
        JsonObject *event = json_node_get_object (node);
        double time = json_object_get_double_member (event, "time");

        if (is_boot_loader (event)) {
            since = time;
            count++;
        } else if (since >= 0 && g_str_equal (json_object_get_string_member (event, "event"), "claimed")) {
            g_assert_cmpfloat (time - since, <, TAKEN_UP_WITHIN);
            since = -1;
        }
    }
    g_assert_cmpfloat (since, <, 0);
    g_assert_cmpuint (count, ==, times);
}

static void
test_side_by_side (void)
{
    static const struct {
        const char *scenario;
        guint times; /* that its boot loader starts */
    } rows[] = {
        { "[phone]\nmode=normal\n[pace]\nseconds=2\n", 2 },
        { "[phone]\nmode=recovery\n[pace]\nseconds=2\n", 2 },
        { "[phone]\nmode=dfu\n[pace]\nseconds=2\n", 3 },
    };
    PrTestPhone *phones[G_N_ELEMENTS (rows)];
    Tool *tools[G_N_ELEMENTS (rows)];

    for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
        phones[i] = pr_test_phone_start_text (rows[i].scenario);
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
        tools[i] = restore_start (phones[i], "-e");
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        tool_expect (tools[i], RESTORE_SECONDS, 0, "Status: Restore Finished");
        assert_taken_up (phones[i], rows[i].times);
        tool_free (tools[i]);
        pr_test_phone_stop (phones[i]);
    }
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/arrivals/told-when-there", test_told_when_there);
    g_test_add_func ("/arrivals/ends-in-a-crowd", test_ends_in_a_crowd);
    g_test_add_func ("/arrivals/side-by-side", test_side_by_side);
    return g_test_run ();
}
