/* The unmodified tools of libimobiledevice and libirecovery against the virtual phone: what they print, and what the
 * phone saw.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tool-bed.h"

#include <libimobiledevice/libimobiledevice.h>

#define DFU_RETURN 5 /* seconds off the bus, at most, that a change of mode takes here */

static const char trusted[] = "[phone]\ntrust=trusted\n";
static const char unknown[] = "[phone]\ntrust=never\nwhen-asked=wait\n";
static const char recovery[] = "[phone]\nmode=recovery\n";

/* Runs @command and wants @status, and @text somewhere in what it said. (transfer full): all that it said. */
static char *
expect (PrTestPhone *phone, const char *command, int status, const char *text)
{
    g_autofree char *output = NULL;
    g_autofree char *errors = NULL;
    int ended = pr_test_phone_run (phone, command, &output, &errors);
    char *said = g_strconcat (output, errors, NULL);

    if (ended != status || strstr (said, text) == NULL)
        g_error ("%s ended with %d and not %d, or did not say \"%s\" but: %s", command, ended, status, text, said);
    return said;
}

static void
check (PrTestPhone *phone, const char *command, int status, const char *text)
{
    g_autofree char *said = expect (phone, command, status, text);

    g_test_message ("%s: %s", command, said);
}

/* --- Normal mode --- */

static void
test_list (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (trusted);
    g_autofree char *listed = expect (phone, "idevice_id -l", 0, BED_UDID);

    g_assert_cmpstr (listed, ==, BED_UDID "\n");
    pr_test_phone_tell (phone, "unplug");
    g_autofree char *none = expect (phone, "idevice_id -l", 0, "");
    g_assert_cmpstr (none, ==, "");
    pr_test_phone_tell (phone, "plug");
    check (phone, "idevice_id -l", 0, BED_UDID);
    check (phone, "idevicename", 0, "Anna’s iPhone");
}

static void
test_info (void)
{
    static const char *const wanted[] = { "DeviceName: Anna’s iPhone",   "ProductType: iPhone14,7",
                                          "ProductVersion: 17.5.1",      "BuildVersion: 21F90",
                                          "SerialNumber: F17VIRTUAL01",  "UniqueChipID: 4822678189205114",
                                          "ActivationState: Activated",  "DeviceClass: iPhone",
                                          "UniqueDeviceID: " BED_UDID "" };
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (trusted);
    g_autofree char *said = expect (phone, "ideviceinfo", 0, "");

    for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
        g_assert_nonnull (strstr (said, wanted[i]));
    g_assert_cmpuint (pr_test_phone_log_count (phone, "session", "answer", "started", NULL), ==, 1);
    check (phone, "ideviceinfo -q com.apple.mobile.battery", 0, "BatteryCurrentCapacity: 82");
    check (phone, "ideviceinfo -q com.apple.mobile.battery -k BatteryIsCharging", 0, "true");
    pr_test_phone_tell (phone, "set com.apple.mobile.battery/BatteryCurrentCapacity 7");
    check (phone, "ideviceinfo -q com.apple.mobile.battery", 0, "BatteryCurrentCapacity: 7\n");
    check (phone, "ideviceinfo -q com.apple.nobody", 0, "unknown domain");
}

/* What ideviceinfo of libimobiledevice shows "-s" (simple: no session), and nothing that says who owns the phone. */
static void
test_strangers (void)
{
    static const char *const told[] = { "ProductType: ",   "ProductVersion: ",  "DeviceClass: ",
                                        "HardwareModel: ", "DevicePublicKey: ", "UniqueChipID: " };
    static const char *const kept[] = { "SerialNumber",   "PhoneNumber", "InternationalMobileEquipmentIdentity",
                                        "ModelNumber",    "TimeZone",    "ActivationState",
                                        "NonVolatileRAM", "SIMStatus",   "PasswordProtected" };
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (unknown);
    g_autofree char *said = expect (phone, "ideviceinfo -s", 0, "");

    for (guint i = 0; i < G_N_ELEMENTS (told); i++)
        g_assert_nonnull (strstr (said, told[i]));
    for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
        g_assert_null (strstr (said, kept[i]));
    check (phone, "ideviceinfo -s -k PhoneNumber", 0, "");
    check (phone, "ideviceinfo -s -q com.apple.mobile.battery", 0, "");
    g_autofree char *battery = expect (phone, "ideviceinfo -s -q com.apple.mobile.battery", 0, "");
    g_assert_null (strstr (battery, "BatteryCurrentCapacity"));
    g_assert_false (pr_test_phone_log_has (phone, "trust-asked", NULL));
}

/* --- Trust --- */

static void
test_pair_trusted (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (trusted);

    check (phone, "idevicepair validate", 0, "SUCCESS: Validated pairing with device " BED_UDID);
    g_assert_false (pr_test_phone_log_has (phone, "trust-asked", NULL));
    check (phone, "idevicepair pair", 0, "SUCCESS: Paired with device " BED_UDID);
    check (phone, "idevicepair unpair", 0, "SUCCESS: Unpaired with device " BED_UDID);
    g_assert_true (pr_test_phone_log_has (phone, "pair-record-deleted", NULL));
    check (phone, "idevicepair systembuid", 0, "-");
}

static void
test_pair_pending (void)
{
    const char *ask_again = "Please accept the trust dialog on the screen of device " BED_UDID;
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (unknown);

    check (phone, "idevicepair pair", 1, ask_again);
    check (phone, "idevicepair validate", 1, ask_again);
    bed_expect_state (phone, "trust-question", "shown", 0);
    g_assert_cmpuint (pr_test_phone_log_count (phone, "trust-asked", NULL), ==, 1);
    check (phone, "ideviceinfo -k SerialNumber", 255, "Pairing dialog response pending (-19)");
    pr_test_phone_tell (phone, "trust yes");
    check (phone, "idevicepair pair", 0, "SUCCESS: Paired with device");
    bed_expect_state (phone, "trusted", "true", 0);
    check (phone, "idevicepair validate", 0, "SUCCESS: Validated");
    check (phone, "ideviceinfo -k SerialNumber", 0, "F17VIRTUAL01");
}

static void
test_pair_denied (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text ("[phone]\ntrust=never\nwhen-asked=refuse\n");

    check (phone, "idevicepair pair", 1, "said that the user denied the trust dialog");
    bed_expect_state (phone, "trusted", "false", 0);
    check (phone, "ideviceenterrecovery " BED_UDID, 1, "User denied pairing (-18)");
    bed_expect_state (phone, "mode", "normal", 0);
    /* the question comes again once the cable was pulled */
    pr_test_phone_tell (phone, "set when-asked accept");
    pr_test_phone_tell (phone, "unplug");
    pr_test_phone_tell (phone, "plug");
    check (phone, "idevicepair pair", 0, "SUCCESS");
    g_assert_cmpuint (pr_test_phone_log_count (phone, "trust-asked", NULL), ==, 2);
}

static void
test_pair_locked (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text ("[phone]\ntrust=never\nlocked=true\n");

    check (phone, "idevicepair pair", 1, "because a passcode is set. Please enter the passcode on the device");
    g_assert_false (pr_test_phone_log_has (phone, "trust-asked", NULL));
    pr_test_phone_tell (phone, "unlock");
    check (phone, "idevicepair pair", 0, "SUCCESS");
}

/* The computer has a record that the phone no longer knows: the phone says so, and the tool asks again. */
static void
test_pair_stale (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text ("[phone]\ntrust=stale\nwhen-asked=wait\n");

    check (phone, "idevicepair validate", 1, "is not paired with this host");
    check (phone, "idevicepair pair", 1, "Please accept the trust dialog");
    g_assert_true (pr_test_phone_log_has (phone, "session", "answer", "InvalidHostID", NULL));
    bed_expect_state (phone, "trusted", "false", 0);
    pr_test_phone_tell (phone, "trust yes");
    check (phone, "idevicepair pair", 0, "SUCCESS: Paired");
    check (phone, "idevicepair validate", 0, "SUCCESS: Validated");
    check (phone, "ideviceinfo -k PhoneNumber", 0, "+49 1555 0100200");
}

/* --- Restarts --- */

static void
test_restart (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (trusted);

    check (phone, "idevicediagnostics restart", 0, "Restarting device.");
    bed_expect_state (phone, "mode", "off", 2);
    bed_expect_state (phone, "mode", "normal", 10);
    g_assert_cmpuint (pr_test_phone_log_count (phone, "started", "mode", "normal", NULL), ==, 2);
    check (phone, "ideviceinfo -k DeviceName", 0, "Anna’s iPhone");
}

static void
test_shutdown (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (trusted);

    check (phone, "idevicediagnostics shutdown", 0, "Shutting down device.");
    bed_expect_state (phone, "mode", "off", 2);
    g_usleep (6 * G_USEC_PER_SEC);
    bed_expect_state (phone, "mode", "off", 0);
    g_assert_cmpuint (pr_test_phone_log_count (phone, "started", NULL), ==, 1);
    check (phone, "idevicediagnostics restart", 1, "No device found");
}

static void
test_diagnostics (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (trusted);

    check (phone, "idevicediagnostics diagnostics GasGauge", 0, "<key>CycleCount</key>");
    check (phone, "idevicediagnostics ioregentry AppleSmartBattery", 0, "<");
    check (phone, "idevicediagnostics sleep", 0, "");
    bed_expect_state (phone, "mode", "normal", 0);
}

static void
test_enter_recovery (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (trusted);

    check (phone, "ideviceenterrecovery " BED_UDID, 0, "Device is successfully switching to recovery mode.");
    bed_expect_state (phone, "mode", "recovery", 10);
    bed_expect_state (phone, "auto-boot", "false", 0);
    g_autofree char *none = expect (phone, "idevice_id -l", 0, "");
    g_assert_cmpstr (none, ==, "");
    g_autoptr (Tool) query = tool_start (phone, "irecovery -q");
    tool_expect (query, 20, 0, "MODE: Recovery");
}

static void
test_enter_recovery_unpaired (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (unknown);

    check (phone, "ideviceenterrecovery " BED_UDID, 1, "Pairing dialog response pending (-19)");
    bed_expect_state (phone, "mode", "normal", 0);
    g_assert_false (pr_test_phone_log_has (phone, "enter-recovery", NULL));
    pr_test_phone_tell (phone, "trust yes");
    check (phone, "ideviceenterrecovery " BED_UDID, 0, "successfully switching to recovery mode");
    bed_expect_state (phone, "mode", "recovery", 10);
}

/* --- Recovery and DFU mode --- */

static void
test_irecovery_query (void)
{
    static const char *const wanted[] = { "CPID: 0x8110",       "BDID: 0x18",          "ECID: 0x001122334455667a",
                                          "SRNM: F17VIRTUAL01", "PRODUCT: iPhone14,7", "MODEL: d27ap",
                                          "MODE: Recovery",     "NAME: iPhone 14" };
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (recovery);
    g_autoptr (Tool) query = tool_start (phone, "irecovery -q");
    g_autoptr (Tool) mode = NULL;

    tool_expect (query, 20, 0, "NONC: ");
    for (guint i = 0; i < G_N_ELEMENTS (wanted); i++) {
        if (strstr (tool_said (query), wanted[i]) == NULL)
            g_error ("no %s in: %s", wanted[i], tool_said (query));
    }
    mode = tool_start (phone, "irecovery -m");
    tool_expect (mode, 20, 0, "Recovery Mode");
}

static void
test_irecovery_normal (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text ("[phone]\nmode=recovery\n[nvram]\nauto-boot=false\n");
    g_autoptr (Tool) normal = tool_start (phone, "irecovery -n");

    tool_expect (normal, 20, 0, "");
    bed_expect_state (phone, "mode", "normal", 10);
    bed_expect_state (phone, "auto-boot", "true", 0);
    g_assert_true (pr_test_phone_log_has (phone, "command", "line", "setenv auto-boot true", NULL));
    g_assert_true (pr_test_phone_log_has (phone, "command", "line", "saveenv", NULL));
    g_assert_true (pr_test_phone_log_has (phone, "command", "line", "reboot", NULL));
    check (phone, "ideviceinfo -k DeviceName", 0, "Anna’s iPhone");
}

static void
test_irecovery_dfu (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text ("[phone]\nmode=dfu\n");
    g_autoptr (Tool) query = tool_start (phone, "irecovery -q");
    g_autoptr (Tool) mode = NULL;
    g_autoptr (Tool) later = NULL;

    tool_expect (query, 20, 0, "MODE: DFU");
    g_assert_nonnull (strstr (tool_said (query), "PRODUCT: iPhone14,7"));
    mode = tool_start (phone, "irecovery -m");
    tool_expect (mode, 20, 0, "DFU Mode");
    pr_test_phone_tell (phone, "boot recovery");
    bed_expect_state (phone, "mode", "recovery", DFU_RETURN);
    later = tool_start (phone, "irecovery -m");
    tool_expect (later, 20, 0, "Recovery Mode");
}

/* --- More than one --- */

static void
test_two_phones (void)
{
    g_autoptr (PrTestPhone) one = pr_test_phone_start_text (trusted);
    g_autoptr (PrTestPhone) other =
        pr_test_phone_start_text ("[phone]\nproduct=iPad13,18\nname=Tablet\necid=0x0011223344556701\n"
                                  "serial=DMPVIRTUAL02\nmode=normal\n");

    check (one, "ideviceinfo -k DeviceName", 0, "Anna’s iPhone");
    check (other, "ideviceinfo -k DeviceName", 0, "Tablet");
    check (other, "idevice_id -l", 0, "00008101-0011223344556701");
    check (one, "ideviceenterrecovery " BED_UDID, 0, "successfully");
    bed_expect_state (one, "mode", "recovery", 10);
    bed_expect_state (other, "mode", "normal", 0);
    pr_test_phone_tell (other, "boot recovery");
    bed_expect_state (other, "mode", "recovery", DFU_RETURN);
    g_autoptr (Tool) first = tool_start (one, "irecovery -q");
    g_autoptr (Tool) second = tool_start (other, "irecovery -q");
    tool_expect (first, 20, 0, "ECID: 0x001122334455667a");
    tool_expect (second, 20, 0, "ECID: 0x0011223344556701");
}

/* --- Events --- */

typedef struct {
    gint added, removed; /* atomic: counted in libimobiledevice's thread */
    gint wanted_added, wanted_removed;
} Events;

static void
event_cb (const idevice_event_t *event, void *data)
{
    Events *events = data;

    if (g_strcmp0 (event->udid, BED_UDID) != 0)
        return;
    if (event->event == IDEVICE_DEVICE_ADD)
        g_atomic_int_inc (&events->added);
    else if (event->event == IDEVICE_DEVICE_REMOVE)
        g_atomic_int_inc (&events->removed);
}

static gboolean
has_come (gpointer data)
{
    Events *events = data;

    return g_atomic_int_get (&events->added) == events->wanted_added &&
           g_atomic_int_get (&events->removed) == events->wanted_removed;
}

static void
expect_events (Events *events, int added, int removed)
{
    events->wanted_added = added;
    events->wanted_removed = removed;
    if (!pr_test_run_until (has_come, events, 15))
        g_error ("%d came and %d went, and not %d and %d", events->added, events->removed, added, removed);
}

static void
test_events (void)
{
    g_autoptr (PrTestPhone) phone = pr_test_phone_start_text (trusted);
    Events events = { 0 };
    idevice_subscription_context_t context = NULL;

    pr_test_phone_use (phone);
    g_assert_cmpint (idevice_events_subscribe (&context, event_cb, &events), ==, IDEVICE_E_SUCCESS);
    expect_events (&events, 1, 0);
    pr_test_phone_tell (phone, "unplug");
    expect_events (&events, 1, 1);
    pr_test_phone_tell (phone, "plug");
    expect_events (&events, 2, 1);
    check (phone, "idevicediagnostics restart", 0, "");
    expect_events (&events, 3, 2);
    check (phone, "ideviceenterrecovery " BED_UDID, 0, "");
    expect_events (&events, 3, 3);
    g_assert_cmpint (idevice_events_unsubscribe (context), ==, IDEVICE_E_SUCCESS);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/clients/list", test_list);
    g_test_add_func ("/clients/info", test_info);
    g_test_add_func ("/clients/strangers", test_strangers);
    g_test_add_func ("/clients/pair-trusted", test_pair_trusted);
    g_test_add_func ("/clients/pair-pending", test_pair_pending);
    g_test_add_func ("/clients/pair-denied", test_pair_denied);
    g_test_add_func ("/clients/pair-locked", test_pair_locked);
    g_test_add_func ("/clients/pair-stale", test_pair_stale);
    g_test_add_func ("/clients/restart", test_restart);
    g_test_add_func ("/clients/shutdown", test_shutdown);
    g_test_add_func ("/clients/diagnostics", test_diagnostics);
    g_test_add_func ("/clients/enter-recovery", test_enter_recovery);
    g_test_add_func ("/clients/enter-recovery-unpaired", test_enter_recovery_unpaired);
    g_test_add_func ("/clients/irecovery-query", test_irecovery_query);
    g_test_add_func ("/clients/irecovery-normal", test_irecovery_normal);
    g_test_add_func ("/clients/irecovery-dfu", test_irecovery_dfu);
    g_test_add_func ("/clients/two-phones", test_two_phones);
    g_test_add_func ("/clients/events", test_events);
    return g_test_run ();
}
