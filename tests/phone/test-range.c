/* Guard rail 11: a demonstration sees no real phone, whatever there is on the bus and behind usbmuxd.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "desk.h"

#define REAL_ECID G_GUINT64_CONSTANT (0x000a1b2c3d4e5f60)
#define VIRTUAL "mode=recovery ecid=0x001122334455667a"

static guint
count (PrPhoneList *list)
{
    return g_list_model_get_n_items (G_LIST_MODEL (list));
}

/* A line of the helper, from "port=1-1 mode=dfu". */
static char *
make_line (const char *words)
{
    g_auto (GStrv) pairs = g_strsplit (words, " ", -1);
    GString *line = g_string_new ("echo '{\"event\": \"attached\"");

    for (char **pair = pairs; *pair != NULL; pair++) {
        g_auto (GStrv) halves = g_strsplit (*pair, "=", 2);

        g_string_append_printf (line, ", \"%s\": \"%s\"", halves[0], halves[1]);
    }
    g_string_append (line, "}'\n");
    return g_string_free_and_steal (line);
}

/* What a helper would say that has lost its sentinel and sees these. */
static PrUsbWatch *
make_usb (const char *const *phones)
{
    g_autoptr (GString) script = g_string_new ("echo '{\"event\": \"ready\", \"source\": \"scan\"}'\n");
    const char *argv[] = { "sh", "-c", NULL, NULL };
    PrUsbWatch *usb;

    for (guint i = 0; phones[i] != NULL; i++) {
        g_autofree char *line = make_line (phones[i]);

        g_string_append (script, line);
    }
    g_string_append (script, "echo '{\"event\": \"listed\"}'\nexec cat");
    argv[2] = script->str;
    usb = pr_usb_watch_new (argv, NULL);
    pr_usb_watch_start (usb);
    return usb;
}

/* Real phones: by the ECID that is told, or that is in the UDID; just outside of the range; and without any. */
static const char *const bus[] = {
    "port=1-1 mode=normal serial=00008110000A1B2C3D4E5F60",
    "port=1-2 mode=recovery ecid=0x000a1b2c3d4e5f61",
    "port=1-3 mode=dfu",
    "port=1-4 mode=normal serial=aaaabbbbccccddddeeeeffff0000111122223333",
    "port=1-5 mode=recovery ecid=0x001122334454ffff",
    "port=1-6 mode=recovery ecid=0x0011223344560000",
    "port=1-7 mode=wtf",
    "port=1-8 " VIRTUAL,
    NULL,
};

/* Two lists over the same bus; the real one says what the demonstration does not list. One that says nothing of itself
 * is shown after three seconds. */
static void
test_bus (void)
{
    g_autoptr (PrUsbWatch) usb = make_usb (bus);
    Desk demo = { .list = pr_phone_list_new (usb, DESK_FIRST, DESK_LAST) };
    Desk real = { .list = pr_phone_list_new (usb, 0, G_MAXUINT64) };

    desk_expect (&demo, DESK_ECID, PR_PHONE_MODE_RECOVERY);
    desk_expect (&real, REAL_ECID, PR_PHONE_MODE_NORMAL);
    desk_run_for (1);
    g_assert_cmpuint (count (real.list), ==, G_N_ELEMENTS (bus) - 1);
    g_assert_cmpuint (count (demo.list), ==, 1);
    g_object_unref (demo.list);
    g_object_unref (real.list);
}

/* Another one takes the virtual phone's place at its port. */
static void
test_same_port (void)
{
    static const char *const others[] = {
        "port=1-8 mode=recovery ecid=0x000a1b2c3d4e5f61",
        "port=1-8 mode=normal serial=00008110000A1B2C3D4E5F60",
        "port=1-8 mode=normal serial=aaaabbbbccccddddeeeeffff0000111122223333",
    };
    Desk demos[G_N_ELEMENTS (others)] = { 0 };

    for (gsize i = 0; i < G_N_ELEMENTS (others); i++) {
        const char *const phones[] = { "port=1-8 " VIRTUAL, others[i], "port=1-9 mode=dfu ecid=0x0011223344556679",
                                       NULL };

        demos[i].usb = make_usb (phones);
        demos[i].list = pr_phone_list_new (demos[i].usb, DESK_FIRST, DESK_LAST);
    }
    for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
        desk_expect (&demos[i], DESK_ECID - 1, PR_PHONE_MODE_DFU);
    desk_run_for (3.5);
    for (gsize i = 0; i < G_N_ELEMENTS (others); i++) {
        g_test_message ("%s", others[i]);
        g_assert_cmpuint (count (demos[i].list), ==, 1);
        g_object_unref (demos[i].list);
        g_object_unref (demos[i].usb);
    }
}

/* By usbmuxd: a phone in normal mode. */
static void
test_usbmuxd (void)
{
    static const struct {
        guint64 first, last;
        gboolean listed;
    } ranges[] = {
        { DESK_ECID, DESK_ECID, TRUE },
        { DESK_FIRST, DESK_ECID - 1, FALSE },
        { DESK_ECID + 1, DESK_LAST, FALSE },
    };
    g_autoptr (PrTestPhone) phone = pr_test_phone_start ("anna");
    Desk desks[G_N_ELEMENTS (ranges)] = { 0 };

    pr_test_phone_use (phone);
    for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
        desks[i].list = pr_phone_list_new (NULL, ranges[i].first, ranges[i].last);
    desk_expect (&desks[0], DESK_ECID, PR_PHONE_MODE_NORMAL);
    desk_run_for (0.5);
    for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++) {
        g_assert_cmpint (pr_phone_list_get_daemon (desks[i].list), ==, PR_ANSWER_YES);
        g_assert_cmpuint (count (desks[i].list), ==, ranges[i].listed);
        g_object_unref (desks[i].list);
    }
}

/* A phone whose UDID is of the older kind tells its ECID only when it is asked; a demonstration does not ask. */
static void
test_old_udid (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (
        "[phone]\nproduct=iPhone10,3\nboard=d22ap\nchip-id=0x8015\nboard-id=0x06\nmarketing=iPhone X\n");
    Desk real = { 0 }, demo = { 0 };

    pr_test_phone_use (phone);
    demo.list = pr_phone_list_new (NULL, DESK_FIRST, DESK_LAST);
    desk_await (demo.list, "daemon", PR_ANSWER_YES, 10);
    desk_run_for (3.5);
    g_assert_cmpuint (count (demo.list), ==, 0);
    g_assert_false (pr_test_phone_log_has (phone, "session", NULL));
    real.list = pr_phone_list_new (NULL, 0, G_MAXUINT64);
    desk_expect (&real, DESK_ECID, PR_PHONE_MODE_NORMAL);
    g_assert_cmpuint (count (demo.list), ==, 0);
    g_object_unref (real.list);
    g_object_unref (demo.list);
}

/* The helper is started for a demonstration and sees another bus: one with a phone, as without the preload it would see
 * the computer's own; and without the preload at all. Nothing comes, and it says so. */
static void
test_refused (void)
{
    g_autoptr (PrTestPhone) virtual = pr_test_phone_start ("recovery");
    g_autofree char *folder = g_strconcat ("UMOCKDEV_DIR=", pr_test_phone_environment (virtual, "UMOCKDEV_DIR"), NULL);
    const char *const buses[][3] = {
        { folder, "LD_PRELOAD=libumockdev-preload.so.0", NULL },
        { folder, "LD_PRELOAD=", NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (buses); i++) {
        const char *argv[] = { g_getenv ("PR_TEST_USB"), "--testbed", "the-demonstration", NULL };
        g_autoptr (PrUsbWatch) usb = pr_usb_watch_new (argv, buses[i]);
        Desk desk = { .list = pr_phone_list_new (usb, 0, G_MAXUINT64) };

        pr_usb_watch_start (usb);
        desk_await (usb, "state", PR_USB_WATCH_REFUSED, 10);
        desk_run_for (0.5);
        g_assert_cmpuint (count (desk.list), ==, 0);
        g_assert_cmpint (pr_usb_watch_get_state (usb), ==, PR_USB_WATCH_REFUSED);
        g_object_unref (desk.list);
    }
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_setenv ("USBMUXD_SOCKET_ADDRESS", "UNIX:/nonexistent/usbmuxd", TRUE);
    g_test_add_func ("/range/bus", test_bus);
    g_test_add_func ("/range/same-port", test_same_port);
    g_test_add_func ("/range/usbmuxd", test_usbmuxd);
    g_test_add_func ("/range/old-udid", test_old_udid);
    g_test_add_func ("/range/refused", test_refused);
    return g_test_run ();
}
