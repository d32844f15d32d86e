/* The list of phones over a virtual phone, with the real phone-reset-usb under the preload: one phone stays one
 * PrPhone, whatever mode it is in.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "desk.h"

/* A phone whose UDID is of the older kind, which does not tell its ECID. */
static const char old_phone[] =
    "[phone]\nproduct=iPhone10,3\nboard=d22ap\nchip-id=0x8015\nboard-id=0x06\nmarketing=iPhone X\n";

static guint
count (Desk *desk)
{
    return g_list_model_get_n_items (G_LIST_MODEL (desk->list));
}

/* Nobody is guessed to be in normal mode on the way, or taken for a new phone. */
static void
assert_only (Desk *desk, PrPhone *phone)
{
    g_autoptr (PrPhone) first = g_list_model_get_item (G_LIST_MODEL (desk->list), 0);

    g_assert_cmpuint (count (desk), ==, 1);
    g_assert_true (first == phone);
}

static void
boot (Desk *desk, PrPhone *phone, const char *mode, PrPhoneMode expected)
{
    pr_test_phone_tell (desk->virtual, "boot %s", mode);
    desk_await (phone, "mode", (int) expected, 20);
    assert_only (desk, phone);
    g_assert_cmpstr (pr_phone_get_name (phone), ==, "Anna’s iPhone");
    g_assert_cmpstr (pr_phone_get_version (phone), ==, "17.5.1");
    g_assert_cmpstr (pr_phone_get_udid (phone), ==, DESK_UDID);
    g_assert_cmpstr (pr_phone_get_model_name (phone), ==, "iPhone 14");
    g_assert_cmpstr (pr_phone_get_board (phone), ==, "d27ap");
    g_assert_cmphex (pr_phone_get_ecid (phone), ==, DESK_ECID);
}

static void
test_modes (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("anna"));
    g_autoptr (PrPhone) phone = NULL;

    phone = g_object_ref (desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL));
    desk_await (phone, "trust", PR_TRUST_TRUSTED, 10);
    desk_await (phone, "battery", 82, 10);
    g_assert_cmpstr (pr_phone_get_serial (phone), ==, "F17VIRTUAL01");
    desk_await (phone, "speed", 480, 10); /* the bus may be heard of after usbmuxd */
    g_assert_cmpstr (pr_phone_get_port (phone), ==, "1-1");
    g_assert_cmpint (pr_phone_get_hub_depth (phone), ==, 0);
    boot (desk, phone, "recovery", PR_PHONE_MODE_RECOVERY);
    desk_await (phone, "recovery-access", PR_ACCESS_GOOD, 10);
    g_assert_cmpint (pr_phone_get_trust (phone), !=, PR_TRUST_TRUSTED);
    boot (desk, phone, "dfu", PR_PHONE_MODE_DFU);
    boot (desk, phone, "normal", PR_PHONE_MODE_NORMAL);
    desk_await (phone, "trust", PR_TRUST_TRUSTED, 10);
    g_assert_true (pr_phone_list_find (desk->list, DESK_ECID) == phone);
}

/* The older kind of UDID does not tell the ECID, by which a phone in recovery mode is known: it is one all the same. */
static void
test_old_modes (void)
{
    static const struct {
        const char *boot;
        PrPhoneMode mode;
    } steps[] = { { "recovery", PR_PHONE_MODE_RECOVERY },
                  { "normal", PR_PHONE_MODE_NORMAL },
                  { "dfu", PR_PHONE_MODE_DFU },
                  { "normal", PR_PHONE_MODE_NORMAL } };
    PrTestPhone *virtual = pr_test_phone_start_text (old_phone);
    Desk desk = { .virtual = virtual, .usb = desk_start_usb (virtual) };
    PrPhone *phone;

    pr_test_phone_use (virtual);
    desk.list = pr_phone_list_new (desk.usb, 0, G_MAXUINT64);
    phone = desk_expect (&desk, DESK_ECID, PR_PHONE_MODE_NORMAL);
    g_assert_cmpuint (strlen (pr_phone_get_udid (phone)), ==, 40);
    for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
        pr_test_phone_tell (virtual, "boot %s", steps[i].boot);
        g_assert_true (desk_expect (&desk, DESK_ECID, steps[i].mode) == phone);
        desk_await (phone, "mode", (int) steps[i].mode, 20);
        assert_only (&desk, phone);
        g_assert_cmpstr (pr_phone_get_name (phone), ==, "Anna’s iPhone");
    }
    g_object_unref (desk.list);
    g_object_unref (desk.usb);
    pr_test_phone_stop (virtual);
}

/* Out of sight it is out of the list; the same ECID resumes the same object with what was known. */
static void
test_come_and_go (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("anna"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);
    guint changes;

    desk_await (phone, "battery", 82, 10);
    changes = pr_phone_peek_changes (phone);
    pr_test_phone_tell (desk->virtual, "unplug");
    desk_await (phone, "mode", PR_PHONE_MODE_GONE, 10);
    g_assert_cmpuint (count (desk), ==, 0);
    g_assert_true (pr_phone_list_find (desk->list, DESK_ECID) == phone);
    g_assert_cmpint (pr_phone_get_trust (phone), ==, PR_TRUST_UNKNOWN);
    g_assert_cmpstr (pr_phone_get_name (phone), ==, "Anna’s iPhone");
    pr_test_phone_tell (desk->virtual, "set name Bert’s iPhone");
    pr_test_phone_tell (desk->virtual, "plug");
    g_assert_true (desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL) == phone);
    desk_await (phone, "trust", PR_TRUST_TRUSTED, 10);
    assert_only (desk, phone);
    g_assert_cmpstr (pr_phone_get_name (phone), ==, "Bert’s iPhone");
    g_assert_cmpuint (pr_phone_peek_changes (phone), ==, changes + 2);
}

/* One that is worked on stays in the list while it is away. */
static void
test_busy (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("anna"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);

    g_assert_true (pr_phone_claim (phone, NULL));
    pr_test_phone_tell (desk->virtual, "unplug");
    desk_await (phone, "mode", PR_PHONE_MODE_GONE, 10);
    assert_only (desk, phone);
    pr_phone_release (phone);
    g_assert_cmpuint (count (desk), ==, 0);
}

static const struct {
    const char *key;
    const char *property;
    int known, unknown;
} values[] = {
    { "com.apple.fmip/IsAssociated", "find-my", PR_ANSWER_NO, PR_ANSWER_UNKNOWN },
    { "com.apple.mobile.battery/BatteryCurrentCapacity", "battery", 82, -1 },
    { "com.apple.mobile.battery/BatteryIsCharging", "charging", PR_ANSWER_YES, PR_ANSWER_UNKNOWN },
    { "com.apple.mobile.backup/CloudBackupEnabled", "cloud-backup", PR_ANSWER_YES, PR_ANSWER_UNKNOWN },
};

/* What the phone stops to tell is unknown from then on, and not what it was, and not "off". */
static void
test_missing_values (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("anna"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);

    for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
        desk_await (phone, values[i].property, values[i].known, 10);
    g_assert_nonnull (pr_phone_get_last_cloud_backup (phone));
    g_assert_cmpuint (pr_phone_get_storage_total (phone), >, 0);
    g_assert_cmpint (pr_phone_get_find_my_time (phone), >, 0);
    for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
        pr_test_phone_tell (desk->virtual, "set %s", values[i].key);
    pr_test_phone_tell (desk->virtual, "set com.apple.mobile.backup/LastCloudBackupDate");
    pr_test_phone_tell (desk->virtual, "set com.apple.disk_usage/TotalDataCapacity");
    pr_phone_list_refresh (desk->list, phone);
    for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
        desk_await (phone, values[i].property, values[i].unknown, 10);
    g_assert_null (pr_phone_get_last_cloud_backup (phone));
    g_assert_cmpuint (pr_phone_get_storage_total (phone), ==, 0);
    g_assert_cmpuint (pr_phone_get_storage_free (phone), ==, 0);
    g_assert_cmpint (pr_phone_get_find_my_time (phone), ==, 0);
}

/* Values that no phone has. */
/* Whoever cannot refuse or remove its management, has a phone of an organisation; what is not told is not known. */
static void
test_managed (void)
{
    static const struct {
        const char *management;
        PrAnswer supervised;
    } cases[] = {
        { "IsSupervised=false\nIsMDMUnremovable=false\n", PR_ANSWER_NO },
        { "IsSupervised=false\nIsMDMUnremovable=true\n", PR_ANSWER_YES },
        { "IsMandatory=true\n", PR_ANSWER_YES },
        { "OrganizationName=Example School\n", PR_ANSWER_UNKNOWN },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *scenario = g_strconcat ("[management]\n", cases[i].management, NULL);
        g_autoptr (Desk) desk = desk_new (pr_test_phone_start_text (scenario));
        PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);

        desk_await (phone, "battery", 82, 10);
        g_assert_cmpint (pr_phone_get_supervised (phone), ==, cases[i].supervised);
    }
}

static void
test_impossible_values (void)
{
    g_autoptr (Desk) desk =
        desk_new (pr_test_phone_start_text ("[values]\ncom.apple.fmip/IsAssociated=string:false\n"
                                            "com.apple.mobile.battery/BatteryCurrentCapacity=200\n"
                                            "com.apple.mobile.backup/CloudBackupEnabled=data:AAAA\n"
                                            "com.apple.disk_usage/TotalDataCapacity=-5\n"
                                            "com.apple.mobile.backup/LastCloudBackupDate=9999999999999.5\n"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);

    desk_await (phone, "charging", PR_ANSWER_YES, 10);
    g_assert_cmpint (pr_phone_get_find_my (phone), ==, PR_ANSWER_UNKNOWN);
    g_assert_cmpint (pr_phone_get_battery (phone), ==, -1);
    g_assert_cmpint (pr_phone_get_cloud_backup (phone), ==, PR_ANSWER_UNKNOWN);
    g_assert_cmpuint (pr_phone_get_storage_total (phone), ==, 0);
    g_assert_null (pr_phone_get_last_cloud_backup (phone));
}

static void
test_trust (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start_text ("[phone]\ntrust=never\nwhen-asked=wait\n"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);

    desk_await (phone, "trust", PR_TRUST_NEVER, 10);
    g_assert_false (pr_test_phone_log_has (desk->virtual, "trust-asked", NULL));
    g_assert_cmpint (pr_phone_get_find_my (phone), ==, PR_ANSWER_UNKNOWN);
    pr_test_phone_tell (desk->virtual, "lock");
    pr_phone_list_ask_for_trust (desk->list, phone);
    desk_await (phone, "trust", PR_TRUST_LOCKED, 10);
    pr_test_phone_tell (desk->virtual, "unlock");
    desk_await (phone, "trust", PR_TRUST_WAITING, 10);
    pr_test_phone_tell (desk->virtual, "trust no");
    desk_await (phone, "trust", PR_TRUST_REFUSED, 10);
    pr_test_phone_tell (desk->virtual, "unplug");
    desk_await (phone, "mode", PR_PHONE_MODE_GONE, 10);
    pr_test_phone_tell (desk->virtual, "plug");
    desk_await (phone, "trust", PR_TRUST_NEVER, 20);
    /* "Try Again" asks, where trust is what is missing */
    pr_phone_list_refresh (desk->list, phone);
    desk_await (phone, "trust", PR_TRUST_WAITING, 10);
    pr_test_phone_tell (desk->virtual, "trust yes");
    desk_await (phone, "trust", PR_TRUST_TRUSTED, 10);
    desk_await (phone, "battery", 82, 10);
}

static void
test_stale (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("stale-pairing"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);

    desk_await (phone, "trust", PR_TRUST_STALE, 10);
    pr_phone_list_refresh (desk->list, phone);
    desk_await (phone, "trust", PR_TRUST_TRUSTED, 10);
}

/* usbmuxd ends: the phone is still on the bus, but nobody can say that it trusts this computer. */
static void
test_daemon (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("anna"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);
    guint changes;

    desk_await (phone, "trust", PR_TRUST_TRUSTED, 10);
    desk_await (phone, "hub-depth", 0, 10); /* the bus is what is left of it then */
    g_assert_cmpint (pr_phone_list_get_daemon (desk->list), ==, PR_ANSWER_YES);
    changes = pr_phone_peek_changes (phone);
    pr_test_phone_tell (desk->virtual, "fault no-daemon");
    desk_await (desk->list, "daemon", PR_ANSWER_NO, 10);
    desk_await (phone, "trust", PR_TRUST_UNKNOWN, 10);
    assert_only (desk, phone);
    g_assert_cmpint (pr_phone_get_mode (phone), ==, PR_PHONE_MODE_NORMAL);
    pr_test_phone_tell (desk->virtual, "mend no-daemon");
    desk_await (desk->list, "daemon", PR_ANSWER_YES, 10);
    desk_await (phone, "trust", PR_TRUST_TRUSTED, 10);
    g_assert_cmpuint (pr_phone_peek_changes (phone), ==, changes);
}

/* It was missing from the start: the phone is shown by what the bus tells. */
static void
test_no_daemon (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("no-daemon"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);

    g_assert_cmpint (pr_phone_list_get_daemon (desk->list), ==, PR_ANSWER_NO);
    g_assert_cmpint (pr_phone_get_trust (phone), ==, PR_TRUST_UNKNOWN);
    pr_test_phone_tell (desk->virtual, "mend no-daemon");
    desk_await (phone, "trust", PR_TRUST_TRUSTED, 10);
}

/* A phone that says nothing is guessed to be in normal mode, and stays there when work on it begins; while it is worked
 * on, a guess is no arrival. */
static void
test_guess (void)
{
    g_autoptr (Desk) desk = desk_new (pr_test_phone_start ("no-daemon"));
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);

    g_assert_true (pr_phone_claim (phone, NULL));
    g_assert_cmpint (pr_phone_get_mode (phone), ==, PR_PHONE_MODE_NORMAL);
    pr_test_phone_tell (desk->virtual, "unplug");
    desk_await (phone, "mode", PR_PHONE_MODE_GONE, 10);
    pr_test_phone_tell (desk->virtual, "plug");
    desk_run_for (4);
    g_assert_cmpint (pr_phone_get_mode (phone), ==, PR_PHONE_MODE_GONE);
    pr_phone_release (phone);
    g_assert_cmpint (pr_phone_get_mode (phone), ==, PR_PHONE_MODE_NORMAL);
}

/* Two phones: one that usbmuxd has, another on the bus. */
static void
test_two (void)
{
    g_autoptr (PrTestPhone) other =
        pr_test_phone_start_text ("[phone]\necid=0x0011223344556679\nmode=recovery\nname=Bert’s iPhone\n");
    PrTestPhone *mine = pr_test_phone_start ("anna");
    Desk desk = { .virtual = mine, .usb = desk_start_usb (other) };
    PrPhone *anna, *bert;

    pr_test_phone_use (mine);
    desk.list = pr_phone_list_new (desk.usb, DESK_FIRST, DESK_LAST);
    anna = desk_expect (&desk, DESK_ECID, PR_PHONE_MODE_NORMAL);
    bert = desk_expect (&desk, DESK_ECID - 1, PR_PHONE_MODE_RECOVERY);
    desk_await (anna, "trust", PR_TRUST_TRUSTED, 10);
    g_assert_true (anna != bert);
    g_assert_cmpuint (count (&desk), ==, 2);
    pr_test_phone_tell (other, "unplug");
    desk_await (bert, "mode", PR_PHONE_MODE_GONE, 10);
    assert_only (&desk, anna);
    g_assert_cmpint (pr_phone_get_mode (anna), ==, PR_PHONE_MODE_NORMAL);
    g_assert_cmpstr (pr_phone_get_name (anna), ==, "Anna’s iPhone");
    g_object_unref (desk.list);
    g_object_unref (desk.usb);
    pr_test_phone_stop (mine);
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_setenv ("USBMUXD_SOCKET_ADDRESS", "UNIX:/nonexistent/usbmuxd", TRUE);
    g_test_add_func ("/phone-list/modes", test_modes);
    g_test_add_func ("/phone-list/old-modes", test_old_modes);
    g_test_add_func ("/phone-list/come-and-go", test_come_and_go);
    g_test_add_func ("/phone-list/busy", test_busy);
    g_test_add_func ("/phone-list/missing-values", test_missing_values);
    g_test_add_func ("/phone-list/managed", test_managed);
    g_test_add_func ("/phone-list/impossible-values", test_impossible_values);
    g_test_add_func ("/phone-list/trust", test_trust);
    g_test_add_func ("/phone-list/stale", test_stale);
    g_test_add_func ("/phone-list/daemon", test_daemon);
    g_test_add_func ("/phone-list/no-daemon", test_no_daemon);
    g_test_add_func ("/phone-list/guess", test_guess);
    g_test_add_func ("/phone-list/two", test_two);
    return g_test_run ();
}
