/* What phone-reset-usb says about phones that come, go and lie. The beds are of sysfs attributes alone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "usb-bed.h"

#define STROKES 8

static const char *program;

static Helper *
start (Bed *bed)
{
    const char *const argv[] = { program, "--testbed", BED_SERIAL, NULL };
    g_autoptr (JsonObject) ready = NULL;
    Helper *helper = helper_new (bed, argv);

    ready = helper_expect (helper, "ready");
    return helper;
}

static void
assert_string (JsonObject *object, const char *member, const char *value)
{
    g_assert_cmpstr (json_object_get_string_member_with_default (object, member, NULL), ==, value);
}

static void
assert_number (JsonObject *object, const char *member, gint64 value)
{
    g_assert_cmpint (json_object_get_int_member_with_default (object, member, -1), ==, value);
}

/* A bed does not take a device away at one stroke either, nor add all that belongs to it: what a look in between saw
 * may be said before. */
static void
assert_detached (Helper *helper, const char *port)
{
    g_autoptr (JsonObject) event = helper_read (helper, 10);

    while (event != NULL && !g_str_equal (json_object_get_string_member (event, "event"), "detached")) {
        assert_string (event, "port", port);
        json_object_unref (event);
        event = helper_read (helper, 10);
    }
    g_assert_nonnull (event);
    assert_string (event, "event", "detached");
    assert_string (event, "port", port);
}

/* A bed does not add a device at one stroke: a look in between sees it without its serial, and then again with it. */
static JsonObject *
expect_whole (Helper *helper)
{
    g_autoptr (JsonObject) phone = helper_expect (helper, "attached");

    return json_object_has_member (phone, "ecid") ? g_steal_pointer (&phone) : helper_expect (helper, "attached");
}

static void
test_modes (void)
{
    static const struct {
        guint product;
        const char *serial;
        const char *mode, *ecid, *udid, *product_type, *serial_number;
    } modes[] = {
        { 0x12a8, BED_UDID, "normal", "0x001122334455667a", BED_UDID, NULL, NULL },
        { 0x12ab, "0123456789abcdef0123456789abcdef01234567", "normal", NULL,
          "0123456789abcdef0123456789abcdef01234567", NULL, NULL },
        { 0x1281, BED_BOOT_SERIAL, "recovery", "0x001122334455667a", NULL, "iPhone14,7", "F17VIRTUAL01" },
        { 0x1227, "CPID:8110 CPRV:11 BDID:18 ECID:001122334455667A IBFL:1C", "dfu", "0x001122334455667a", NULL,
          "iPhone14,7", NULL },
        { 0x1222, NULL, "wtf", NULL, NULL, NULL, NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (modes); i++) {
        g_autoptr (Bed) bed = bed_new (BED_SERIAL);
        g_autoptr (Helper) helper = NULL;
        g_autoptr (JsonObject) phone = NULL;

        bed_add (bed, "1-1", 4, modes[i].product, modes[i].serial, "480");
        helper = start (bed);
        phone = helper_expect (helper, "attached");
        assert_string (phone, "mode", modes[i].mode);
        assert_string (phone, "ecid", modes[i].ecid);
        assert_string (phone, "serial", modes[i].udid);
        assert_string (phone, "product-type", modes[i].product_type);
        assert_string (phone, "board", modes[i].product_type != NULL ? "d27ap" : NULL);
        assert_string (phone, "model-name", modes[i].product_type != NULL ? "iPhone 14" : NULL);
        assert_string (phone, "serial-number", modes[i].serial_number);
        assert_number (phone, "vendor", 0x05ac);
        assert_number (phone, "product", modes[i].product);
        g_assert_cmpint (helper_status (helper), ==, 0);
    }
}

/* What is no phone is not told of: a keyboard of the same maker, an interface, a hub. */
static void
test_others (void)
{
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Helper) helper = NULL;

    bed_add (bed, "1-1", 4, 0x0250, "KEYBOARD", "12");
    bed_add (bed, "1-1:1.0", 5, 0x12a8, BED_UDID, "480");
    helper = start (bed);
    g_assert_null (helper_read (helper, 1.5));
}

/* A Windows Phone is told by its ids, and called as it calls itself where that can be believed. */
static void
test_windows (void)
{
    static const struct {
        const char *vendor, *product, *own, *name;
    } phones[] = {
        { "0421", "0661", "Nokia Lumia 920", "Lumia 920" },
        { "045e", "0a00", "Lumia 950 XL", "Lumia 950 XL" },
        { "0421", "06fc", "RM-975", "Lumia" },
        { "0421", "066e", "Lumia <b>you & me</b>", "Lumia" },
        { "0421", "0714", "Lumia 9999999999999999999999999999999999999999", "Lumia" },
        { "045e", "0a02", NULL, "Lumia" },
        { "045e", "04ec", "Zune", "Windows Phone 7" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (phones); i++) {
        g_autoptr (Bed) bed = bed_new (BED_SERIAL);
        g_autoptr (Helper) helper = NULL;
        g_autoptr (JsonObject) phone = NULL;

        bed_add (bed, "1-3", 7, 0x12a8, NULL, "480");
        bed_write (bed, "1-3", "idVendor", phones[i].vendor);
        bed_write (bed, "1-3", "idProduct", phones[i].product);
        if (phones[i].own != NULL)
            bed_write (bed, "1-3", "product", phones[i].own);
        helper = start (bed);
        phone = helper_expect (helper, "windows-phone");
        assert_string (phone, "port", "1-3");
        assert_string (phone, "name", phones[i].name);
        bed_remove (bed, "1-3");
        assert_detached (helper, "1-3");
    }
}

/* An iPhone that takes its place, between two looks, is not told to leave with it. */
static void
test_windows_swapped (void)
{
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Helper) helper = NULL;
    g_autoptr (JsonObject) windows = NULL, gone = NULL, phone = NULL;

    bed_add (bed, "1-3", 7, 0x0661, BED_UDID, "480");
    bed_write (bed, "1-3", "idVendor", "0421");
    helper = start (bed);
    windows = helper_expect (helper, "windows-phone");
    bed_change (bed, "1-3", 8, 0x12a8, BED_UDID);
    bed_write (bed, "1-3", "idVendor", "05ac");
    gone = helper_expect (helper, "detached");
    phone = helper_expect (helper, "attached");
    g_assert_null (helper_read (helper, 1.5));
}

/* Who makes Windows Phones makes keyboards and other phones too. */
static void
test_windows_others (void)
{
    static const char *const ids[][2] = { { "0421", "0666" }, { "045e", "0745" }, { "05c6", "9008" } };
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Helper) helper = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS (ids); i++) {
        g_autofree char *port = g_strdup_printf ("1-%zu", i + 1);

        bed_add (bed, port, (guint) i + 4, 0x12a8, NULL, "480");
        bed_write (bed, port, "idVendor", ids[i][0]);
        bed_write (bed, port, "idProduct", ids[i][1]);
        bed_write (bed, port, "product", "Lumia 920");
    }
    helper = start (bed);
    g_assert_null (helper_read (helper, 1.5));
}

static void
test_link (void)
{
    static const struct {
        const char *port, *speed;
        int number, hubs;
    } links[] = {
        { "1-1", "480", 480, 0 }, { "1-2.4", "5000", 5000, 1 },    { "1-2.4.1", "1.5", 1, 2 },
        { "1-3", "12", 12, 0 },   { "1-4", "not a speed", -1, 0 }, { "1-5", "-480", -1, 0 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (links); i++) {
        g_autoptr (Bed) bed = bed_new (BED_SERIAL);
        g_autoptr (Helper) helper = NULL;
        g_autoptr (JsonObject) phone = NULL;

        bed_add (bed, links[i].port, 9, 0x12a8, BED_UDID, links[i].speed);
        helper = start (bed);
        phone = helper_expect (helper, "attached");
        assert_string (phone, "port", links[i].port);
        assert_number (phone, "bus", 1);
        assert_number (phone, "address", 9);
        assert_number (phone, "speed", links[i].number);
        assert_number (phone, "hub-depth", links[i].hubs);
    }
}

/* What nobody announced is found by looking, within a second; the rest is leeway for a computer that is busy. */
static gint64
expect_soon (gint64 since)
{
    gint64 now = g_get_monotonic_time ();

    g_test_message ("seen after %.2f s", (double) (now - since) / G_USEC_PER_SEC);
    g_assert_cmpint (now - since, <, 3 * G_USEC_PER_SEC / 2);
    return now;
}

/* An event is heard at once; what nobody announced is found by looking. The result is the same. */
static void
test_come_and_go (gconstpointer announced)
{
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Helper) helper = start (bed);
    g_autoptr (JsonObject) recovery = NULL, normal = NULL;
    gint64 begin = g_get_monotonic_time (), at = begin;

    bed_add (bed, "1-1", 4, 0x1281, BED_BOOT_SERIAL, "480");
    if (announced != NULL)
        bed_event (bed, "1-1", "add");
    recovery = expect_whole (helper);
    at = expect_soon (at);
    assert_string (recovery, "mode", "recovery");
    if (announced != NULL)
        bed_remove (bed, "1-1");
    else
        bed_remove_silently (bed, "1-1");
    assert_detached (helper, "1-1");
    at = expect_soon (at);
    bed_add (bed, "1-2", 5, 0x12a8, BED_UDID, "480");
    if (announced != NULL)
        bed_event (bed, "1-2", "add");
    normal = expect_whole (helper);
    expect_soon (at);
    assert_string (normal, "mode", "normal");
    assert_string (normal, "port", "1-2");
    if (announced != NULL)
        g_assert_cmpint (g_get_monotonic_time () - begin, <, 2 * G_USEC_PER_SEC);
}

/* A phone that is restored leaves and comes back again and again, and is seen to within 2 s each time. What goes is
 * told while its files are still there, so that the look at that moment does not see it; mostly another one soon does.
 */
static void
test_strokes (void)
{
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Helper) helper = start (bed);
    guint soon = 0;

    for (guint i = 0; i < STROKES; i++) {
        gint64 begin = g_get_monotonic_time ();
        g_autoptr (JsonObject) phone = NULL;

        bed_add (bed, "1-1", 4 + i, 0x1281, BED_BOOT_SERIAL, "480");
        bed_event (bed, "1-1", "add");
        phone = expect_whole (helper);
        assert_number (phone, "address", 4 + i);
        g_assert_cmpint (g_get_monotonic_time () - begin, <, 2 * G_USEC_PER_SEC);
        begin = g_get_monotonic_time ();
        bed_remove (bed, "1-1");
        assert_detached (helper, "1-1");
        g_assert_cmpint (g_get_monotonic_time () - begin, <, 2 * G_USEC_PER_SEC);
        soon += g_get_monotonic_time () - begin < G_USEC_PER_SEC / 2;
    }
    g_assert_cmpuint (soon, >=, STROKES / 2);
}

/* Two looks see different stays on one port: it went and came, which is two events. */
static void
test_same_port (void)
{
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Helper) helper = NULL;
    g_autoptr (JsonObject) before = NULL, after = NULL;

    bed_add (bed, "1-1", 4, 0x12a8, BED_UDID, "480");
    helper = start (bed);
    before = helper_expect (helper, "attached");
    bed_change (bed, "1-1", 5, 0x1281, BED_BOOT_SERIAL);
    bed_event (bed, "1-1", "add");
    assert_detached (helper, "1-1");
    after = helper_expect (helper, "attached");
    assert_string (after, "mode", "recovery");
    assert_string (before, "ecid", json_object_get_string_member (after, "ecid"));
}

static void
test_two (void)
{
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Helper) helper = NULL;
    g_autoptr (JsonObject) first = NULL, second = NULL, reply = NULL;

    bed_add (bed, "1-1", 4, 0x1281, BED_BOOT_SERIAL, "480");
    bed_add (bed, "1-2", 5, 0x1281, BED_BOOT_SERIAL, "480");
    helper = start (bed);
    first = helper_expect (helper, "attached");
    second = helper_expect (helper, "attached");
    g_assert_cmpstr (json_object_get_string_member (first, "port"), !=, json_object_get_string_member (second, "port"));
    helper_write (helper, "{\"request\": 1, \"command\": \"leave-recovery\", \"ecid\": \"0x001122334455667a\"}");
    reply = helper_expect (helper, "reply");
    assert_string (reply, "error", "protocol");
}

#define A40 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

/* Serials that lie: every line stays JSON in UTF-8, and what cannot be right is left out. */
static void
test_hostile (void)
{
    static const struct {
        guint product;
        const char *serial;
        const char *ecid, *serial_number;
    } serials[] = {
        { 0x12a8, "", NULL, NULL },
        { 0x12a8, "\"}\\", NULL, NULL },
        { 0x12a8, "00008110001122334455667", NULL, NULL },
        { 0x12a8, "0000811000112233445566ZZ", NULL, NULL },
        { 0x12a8, "../../../../etc/passwd/x", NULL, NULL },
        { 0x12a8, "\xff\xfe\x80", NULL, NULL },
        { 0x12a8, A40 A40 A40 A40 A40 A40 A40 A40 A40 A40 A40 A40 A40 A40 A40, NULL, NULL },
        { 0x1281, "ECID:", NULL, NULL },
        { 0x1281, "ECID:-1", NULL, NULL },
        { 0x1281, "ECID:0x11", NULL, NULL },
        { 0x1281, "ECID:11223344556677889", NULL, NULL },
        { 0x1281, "ECID:1 ECID:2", NULL, NULL },
        { 0x1281, "XECID:1", NULL, NULL },
        { 0x1281, "CPID:%s%n ECID:5 SRNM:[ABC", "0x0000000000000005", NULL },
        { 0x1281, "ECID:5 SRNM:[]", "0x0000000000000005", NULL },
        { 0x1281, "ECID:5 SRNM:[A\"B]", "0x0000000000000005", NULL },
        { 0x1281, "ECID:5 SRNM:[" A40 "]", "0x0000000000000005", NULL },
        { 0x1281, "ECID:5 SRNM:[A1]", "0x0000000000000005", "A1" },
        { 0x1281, "CPID:FFFFFFFF BDID:FFFFFFFF ECID:5", "0x0000000000000005", NULL },
        { 0x1281, "CPID:8110 BDID:118 ECID:5", "0x0000000000000005", NULL },
        { 0x1281, "ECID:5\nSRNM:[A1]", NULL, NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (serials); i++) {
        g_autoptr (Bed) bed = bed_new (BED_SERIAL);
        g_autoptr (Helper) helper = NULL;
        g_autoptr (JsonObject) phone = NULL;

        bed_add (bed, "1-1", 4, serials[i].product, serials[i].serial, "480");
        helper = start (bed);
        phone = helper_expect (helper, "attached");
        assert_string (phone, "ecid", serials[i].ecid);
        assert_string (phone, "serial", NULL);
        assert_string (phone, "serial-number", serials[i].serial_number);
        assert_string (phone, "product-type", NULL);
    }
}

static void
assert_refused (Bed *bed)
{
    const char *const argv[] = { program, "--testbed", BED_SERIAL, NULL };
    g_autoptr (Helper) helper = helper_new (bed, argv);
    g_autoptr (JsonObject) ready = helper_expect (helper, "ready");
    g_autoptr (JsonObject) refused = helper_expect (helper, "refused");

    assert_string (refused, "reason", "no-testbed");
    g_assert_null (helper_read (helper, 5));
    g_assert_cmpint (helper_status (helper), ==, 3);
}

/* Without the preload it sees the real system, which has no such root hub; with a phone on a root hub that is another
 * it does not name it. */
static void
test_refused (void)
{
    g_autoptr (Bed) bed = bed_new ("0000:00:14.0");

    bed_add (bed, "1-1", 4, 0x12a8, BED_UDID, "480");
    /* the phone's own serial is no sentinel */
    bed_add (bed, "1-2", 5, 0x12a8, BED_SERIAL, "480");
    assert_refused (NULL);
    assert_refused (bed);
}

static void
test_lost_bed (void)
{
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Helper) helper = start (bed);
    g_autoptr (JsonObject) refused = NULL;

    bed_remove_silently (bed, "usb1");
    refused = helper_expect (helper, "refused");
    g_assert_cmpint (helper_status (helper), ==, 3);
}

static void
test_commands (void)
{
    static const struct {
        const char *line, *error;
        gint64 request;
    } commands[] = {
        { "{\"request\": 1, \"command\": \"dance\"}", "unknown-command", 1 },
        { "{\"request\": 2}", "unknown-command", 2 },
        { "{\"request\": \"x\", \"command\": [1]}", "unknown-command", 0 },
        { "{\"request\": 3, \"command\": \"leave-recovery\"}", "protocol", 3 },
        { "{\"request\": 4, \"command\": \"leave-recovery\", \"ecid\": \"0xZZ\"}", "protocol", 4 },
        { "{\"request\": 5, \"command\": \"leave-recovery\", \"ecid\": \"0x7\"}", "gone", 5 },
        { "{\"request\": 6, \"command\": \"release\"}", "protocol", 6 },
        { "{\"request\": 7, \"command\": \"hold\"}", NULL, 7 },
        { "{\"request\": 8, \"command\": \"hold\"}", NULL, 8 },
        { "{\"request\": 9, \"command\": \"release\"}", NULL, 9 },
        { "{\"request\": 10, \"command\": \"leave-recovery\", \"ecid\": \"0x7\"}", "busy", 10 },
        { "{\"request\": 11, \"command\": \"release\"}", NULL, 11 },
        { "{\"request\": 12, \"command\": \"leave-recovery\", \"ecid\": \"0x7\"}", "gone", 12 },
        { "not JSON", "protocol", -1 },
        { "[1, 2]", "protocol", -1 },
        { "", "protocol", -1 },
    };
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Helper) helper = start (bed);

    for (gsize i = 0; i < G_N_ELEMENTS (commands); i++) {
        g_autoptr (JsonObject) reply = NULL;

        helper_write (helper, commands[i].line);
        reply = helper_expect (helper, "reply");
        assert_number (reply, "request", commands[i].request);
        g_assert_cmpint (json_object_get_boolean_member (reply, "ok"), ==, commands[i].error == NULL);
        assert_string (reply, "error", commands[i].error);
    }
    g_assert_cmpint (helper_status (helper), ==, 0);
}

/* A line without an end does not fill the memory: it ends. */
static void
test_long_line (void)
{
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Helper) helper = start (bed);
    g_autofree char *line = g_strnfill (60 * 1024, 'x');

    helper_write (helper, line);
    json_object_unref (helper_expect (helper, "reply"));
    line = (g_free (line), g_strnfill (80 * 1024, 'x'));
    helper_write (helper, line);
    g_assert_null (helper_read (helper, 10));
    g_assert_cmpint (helper_status (helper), ==, 0);
}

static gboolean
is_marked (JsonObject *phone, const char *mark)
{
    return json_object_get_boolean_member_with_default (phone, mark, FALSE);
}

/* A program that has claimed a phone in recovery mode is told of; who talks to one in normal mode is usbmuxd. */
static void
test_held (void)
{
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Helper) helper = NULL;
    g_autoptr (JsonObject) free_phone = NULL;
    g_autoptr (JsonObject) held_phone = NULL;

    bed_add (bed, "1-1", 4, 0x1281, BED_BOOT_SERIAL, "480");
    helper = start (bed);
    free_phone = helper_expect (helper, "attached");
    g_assert_false (is_marked (free_phone, "held"));
    bed_claim (bed, "1-1");
    held_phone = helper_expect (helper, "attached");
    g_assert_true (is_marked (held_phone, "held"));
    g_assert_cmpint (helper_status (helper), ==, 0);
}

static void
test_not_held (void)
{
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Helper) helper = NULL;
    g_autoptr (JsonObject) phone = NULL;

    bed_add (bed, "1-1", 4, 0x12a8, BED_UDID, "480");
    bed_claim (bed, "1-1");
    helper = start (bed);
    phone = helper_expect (helper, "attached");
    g_assert_false (is_marked (phone, "held"));
    g_assert_null (helper_read (helper, 1.5));
}

/* The system lets it sleep, and wakes it. */
static void
test_suspended (void)
{
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Helper) helper = NULL;
    g_autoptr (JsonObject) awake = NULL;
    g_autoptr (JsonObject) asleep = NULL;

    bed_add (bed, "1-1", 4, 0x12a8, BED_UDID, "480");
    bed_write (bed, "1-1", "power/runtime_status", "active");
    helper = start (bed);
    awake = helper_expect (helper, "attached");
    g_assert_false (is_marked (awake, "suspended"));
    bed_write (bed, "1-1", "power/runtime_status", "suspended");
    asleep = helper_expect (helper, "attached");
    g_assert_true (is_marked (asleep, "suspended"));
}

/* What is known of a phone comes bit by bit on a busy machine, and each bit is told: others' lines are passed over. */
static JsonObject *
expect_at (Helper *helper, const char *port)
{
    while (TRUE) {
        g_autoptr (JsonObject) line = helper_expect (helper, "attached");

        if (g_str_equal (json_object_get_string_member (line, "port"), port))
            return g_steal_pointer (&line);
    }
}

/* Addresses that nobody has were given out in vain; those of other devices were not, and a first coming tells nothing.
 */
static void
test_retries (void)
{
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Helper) helper = NULL;
    g_autoptr (JsonObject) first = NULL;
    g_autoptr (JsonObject) again = NULL;

    bed_add (bed, "1-1", 4, 0x12a8, BED_UDID, "480");
    helper = start (bed);
    first = helper_expect (helper, "attached");
    g_assert_false (json_object_has_member (first, "retries"));
    bed_remove (bed, "1-1");
    json_object_unref (helper_expect (helper, "detached"));
    bed_add (bed, "1-2", 6, 0x12a8, "00008110001122334455667B", "480");
    json_object_unref (helper_expect (helper, "attached"));
    bed_add (bed, "1-1", 9, 0x12a8, BED_UDID, "480");
    again = expect_at (helper, "1-1");
    g_assert_cmpint (json_object_get_int_member_with_default (again, "retries", 0), ==, 3); /* 5, 7 and 8 */
}

/* A phone that gets no configuration at a hub without a power supply, and one whose usbmuxd is only slow. */
static void
test_power (void)
{
    static const struct {
        const char *attributes, *configuration;
        gboolean unpowered;
    } cases[] = { { "a0", "", TRUE }, { "a0", "4", FALSE }, { "e0", "", FALSE } };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Bed) bed = bed_new (BED_SERIAL);
        g_autoptr (Helper) helper = NULL;
        g_autoptr (JsonObject) phone = NULL;
        g_autoptr (JsonObject) later = NULL;

        bed_write (bed, "1-1", "bmAttributes", cases[i].attributes);
        bed_add (bed, "1-1.2", 4, 0x1281, BED_BOOT_SERIAL, "480");
        bed_write (bed, "1-1.2", "bConfigurationValue", cases[i].configuration);
        helper = start (bed);
        phone = helper_expect (helper, "attached");
        g_assert_false (is_marked (phone, "unpowered"));
        later = helper_read (helper, 7);
        g_assert_true (cases[i].unpowered ? later != NULL && is_marked (later, "unpowered") : later == NULL);
    }
}

/* The power of its port is cut: what stood in the counter before is old news, what is added is told, also when the
 * phone has gone with it. */
static void
test_over_current (void)
{
    g_autoptr (Bed) bed = bed_new (BED_SERIAL);
    g_autoptr (Helper) helper = NULL;
    g_autoptr (JsonObject) cut = NULL;
    g_autoptr (JsonObject) below = NULL;

    bed_write (bed, "1-0:1.0", "usb1-port1/over_current_count", "3");
    bed_write (bed, "1-2:1.0", "1-2-port4/over_current_count", "0");
    bed_add (bed, "1-1", 4, 0x12a8, BED_UDID, "480");
    bed_add (bed, "1-2.4", 5, 0x1281, BED_BOOT_SERIAL, "480");
    helper = start (bed);
    json_object_unref (helper_expect (helper, "attached"));
    json_object_unref (helper_expect (helper, "attached"));
    g_assert_null (helper_read (helper, 1.5));
    bed_remove (bed, "1-1");
    assert_detached (helper, "1-1");
    bed_write (bed, "1-0:1.0", "usb1-port1/over_current_count", "4");
    cut = helper_expect (helper, "over-current");
    assert_string (cut, "port", "1-1");
    assert_number (cut, "count", 4);
    bed_write (bed, "1-2:1.0", "1-2-port4/over_current_count", "1");
    below = helper_expect (helper, "over-current");
    assert_string (below, "port", "1-2.4");
    g_assert_cmpint (helper_status (helper), ==, 0);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_assert_cmpint (argc, ==, 2);
    program = argv[1];
    g_test_add_func ("/usb/modes", test_modes);
    g_test_add_func ("/usb/others", test_others);
    g_test_add_func ("/usb/windows", test_windows);
    g_test_add_func ("/usb/windows/others", test_windows_others);
    g_test_add_func ("/usb/windows/swapped", test_windows_swapped);
    g_test_add_func ("/usb/link", test_link);
    g_test_add_data_func ("/usb/come-and-go/announced", "announced", test_come_and_go);
    g_test_add_data_func ("/usb/come-and-go/silent", NULL, test_come_and_go);
    g_test_add_func ("/usb/strokes", test_strokes);
    g_test_add_func ("/usb/same-port", test_same_port);
    g_test_add_func ("/usb/two", test_two);
    g_test_add_func ("/usb/hostile", test_hostile);
    g_test_add_func ("/usb/held", test_held);
    g_test_add_func ("/usb/not-held", test_not_held);
    g_test_add_func ("/usb/power", test_power);
    g_test_add_func ("/usb/suspended", test_suspended);
    g_test_add_func ("/usb/retries", test_retries);
    g_test_add_func ("/usb/over-current", test_over_current);
    g_test_add_func ("/usb/refused", test_refused);
    g_test_add_func ("/usb/lost-bed", test_lost_bed);
    g_test_add_func ("/usb/commands", test_commands);
    g_test_add_func ("/usb/long-line", test_long_line);
    return g_test_run ();
}
