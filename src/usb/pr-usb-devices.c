// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-usb-devices.h"

#include <gudev/gudev.h>
#include <unistd.h>

#include "pr-usb-access.h"
#include "pr-usb-windows.h"

#define LOOK_EVERY 800       /* ms, events or not: one may be missed, and in a sandbox there are none */
#define LOOK_AGAIN_AFTER 200 /* ms after an event: a device's files go after it was told that it goes */
#define MAX_PORTS 64
#define SETTLE_SECONDS 5 /* usbmuxd takes a phone's configuration away and gives it another one. [assumed] */

struct _PrUsbDevices {
    char *testbed;
    const char *const *rules_dirs;
    const PrUsbDevicesEvents *events;
    gpointer data;

    GHashTable *phones;    /* port → PrUsbPhone */
    GHashTable *windows;   /* port → name of a Windows Phone */
    GHashTable *addresses; /* port → address that a phone had there last */
    GHashTable *cuts;      /* port at which a phone was → how often its power was cut, as last read, and 1 */
    GUdevClient *udev;
    guint timer, again; /* GSource */
};

static gboolean
is_testbed (const char *name, const char *serial)
{
    g_autofree char *found = NULL;

    if (!g_str_has_prefix (name, "usb"))
        return FALSE;
    found = pr_usb_read_attribute (name, "serial");
    return g_strcmp0 (found, serial) == 0;
}

/* The rules are read once a stay on the bus; so after they were mended, the phone is plugged in anew. */
static PrUsbAccess
find_access (PrUsbDevices *self, const PrUsbPhone *phone, const PrUsbPhone *known)
{
    PrUsbAccess access;

    if (phone->mode == PR_USB_MODE_NORMAL)
        return known != NULL ? known->access : pr_usb_access_foretell (self->rules_dirs);
    access = pr_usb_access_test (phone);
    if (access != PR_USB_ACCESS_UNKNOWN)
        return access;

    /* on the bus, but without a node: just leaving, or never given to this sandbox */
    return known != NULL ? known->access : PR_USB_ACCESS_REFUSED;
}

/* For a moment every phone is without a configuration; one that stays so did not get the power that it asked for. */
static gboolean
is_unpowered (PrUsbPhone *phone, const PrUsbPhone *known)
{
    gint64 now = g_get_monotonic_time ();

    phone->bare_since = phone->configured ? 0 : known != NULL && known->bare_since != 0 ? known->bare_since : now;
    return phone->bus_powered && phone->bare_since != 0 && now - phone->bare_since >= SETTLE_SECONDS * G_USEC_PER_SEC;
}

static guint
count_between (guint bus, guint low, guint high)
{
    g_autoptr (GDir) dir = g_dir_open (PR_USB_SYSFS, 0, NULL);
    const char *name;
    guint count = 0;

    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
        guint its_bus, address;

        if (pr_usb_is_port (name) && pr_usb_read_number (name, "busnum", 10, &its_bus) && its_bus == bus &&
            pr_usb_read_number (name, "devnum", 10, &address))
            count += address > low && address < high;
    }
    return count;
}

/* The system gives an address to each that comes, one more than the last; those that no device has now belonged to
 * tries in which it got no descriptors. What else came and went meanwhile counts too, so this is no proof. */
static guint
count_retries (PrUsbDevices *self, const PrUsbPhone *phone)
{
    guint last = GPOINTER_TO_UINT (g_hash_table_lookup (self->addresses, phone->port));

    if (last == 0 || phone->address <= last)
        return 0;
    return phone->address - last - 1 - count_between (phone->bus, last, phone->address);
}

static void
look_at (PrUsbDevices *self, GHashTable *phones, const char *name)
{
    g_autoptr (PrUsbPhone) phone = pr_usb_phone_read (name);
    const PrUsbPhone *known;

    if (phone == NULL)
        return;
    known = g_hash_table_lookup (self->phones, name);
    if (known != NULL && !pr_usb_phone_is_same (known, phone))
        known = NULL;
    if (known != NULL)
        pr_usb_phone_keep (phone, known);
    else
        phone->retries = count_retries (self, phone);
    phone->access = find_access (self, phone, known);
    phone->unpowered = is_unpowered (phone, known);
    g_hash_table_insert (phones, phone->port, phone);
    phone = NULL;
}

/* What is there now; %NULL when the test bed is not. */
static GHashTable *
look (PrUsbDevices *self)
{
    g_autoptr (GHashTable) phones =
        g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) pr_usb_phone_free);
    g_autoptr (GDir) dir = g_dir_open (PR_USB_SYSFS, 0, NULL);
    gboolean allowed = self->testbed == NULL;
    const char *name;

    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
        allowed = allowed || is_testbed (name, self->testbed);
        look_at (self, phones, name);
    }
    return allowed ? g_steal_pointer (&phones) : NULL;
}

/* Tells of what left, or left and came back between two looks. */
static void
tell_gone (PrUsbDevices *self, GHashTable *now)
{
    GHashTableIter iter;
    const PrUsbPhone *phone;

    g_hash_table_iter_init (&iter, self->phones);
    while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &phone)) {
        const PrUsbPhone *found = g_hash_table_lookup (now, phone->port);

        if (found == NULL || !pr_usb_phone_is_same (phone, found))
            self->events->detached (phone->port, self->data);
    }
}

static void
tell_there (PrUsbDevices *self, GHashTable *before)
{
    GHashTableIter iter;
    const PrUsbPhone *phone;

    g_hash_table_iter_init (&iter, self->phones);
    while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &phone)) {
        const PrUsbPhone *known = g_hash_table_lookup (before, phone->port);

        if (g_hash_table_size (self->addresses) < MAX_PORTS || g_hash_table_contains (self->addresses, phone->port))
            g_hash_table_insert (self->addresses, g_strdup (phone->port), GUINT_TO_POINTER (phone->address));
        if (known == NULL || !pr_usb_phone_is_equal (phone, known))
            self->events->attached (phone, self->data);
    }
}

/* The counter of a port is its hub's: "1-2.4" is port 4 of the hub 1-2, "1-2" is port 2 of the root hub. */
static char *
name_port_files (const char *port)
{
    const char *dot = strrchr (port, '.');
    const char *dash = strchr (port, '-');

    if (dot != NULL)
        return g_strdup_printf ("%.*s:1.0/%.*s-port%s", (int) (dot - port), port, (int) (dot - port), port, dot + 1);
    return g_strdup_printf ("%.*s-0:1.0/usb%.*s-port%s", (int) (dash - port), port, (int) (dash - port), port,
                            dash + 1);
}

static gboolean
read_cuts (const char *port, guint *cuts)
{
    g_autofree char *files = name_port_files (port);
    g_autofree char *text = pr_usb_read_attribute (files, "over_current_count");
    guint64 value;

    if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT32, &value, NULL))
        return FALSE;
    *cuts = (guint) value;
    return TRUE;
}

static GHashTable *
list_windows (void)
{
    GHashTable *found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr (GDir) dir = g_dir_open (PR_USB_SYSFS, 0, NULL);
    const char *port;

    while (dir != NULL && (port = g_dir_read_name (dir)) != NULL) {
        char *name = pr_usb_windows_read (port);

        if (name != NULL)
            g_hash_table_insert (found, g_strdup (port), name);
    }
    return found;
}

/* A Windows Phone is only named. Its port may be an iPhone's at the next look: it leaves before anything is said to be
 * there. */
static void
tell_windows (PrUsbDevices *self)
{
    g_autoptr (GHashTable) before = g_steal_pointer (&self->windows);
    GHashTableIter iter;
    const char *port, *name;

    self->windows = list_windows ();
    g_hash_table_iter_init (&iter, before);
    while (g_hash_table_iter_next (&iter, (gpointer *) &port, NULL))
        if (!g_hash_table_contains (self->windows, port))
            self->events->detached (port, self->data);
    g_hash_table_iter_init (&iter, self->windows);
    while (g_hash_table_iter_next (&iter, (gpointer *) &port, (gpointer *) &name))
        if (g_strcmp0 (name, g_hash_table_lookup (before, port)) != 0)
            self->events->windows_phone (port, name, self->data);
}

/* Also of a port whose phone has gone: that is just what happens when its power is cut. */
static void
tell_cuts (PrUsbDevices *self)
{
    GHashTableIter iter;
    const char *port;
    gpointer known;
    guint cuts;

    g_hash_table_iter_init (&iter, self->cuts);
    while (g_hash_table_iter_next (&iter, (gpointer *) &port, &known)) {
        if (!read_cuts (port, &cuts))
            continue;
        if (known != NULL && cuts + 1 > GPOINTER_TO_UINT (known))
            self->events->over_current (port, cuts, self->data);
        g_hash_table_iter_replace (&iter, GUINT_TO_POINTER (cuts + 1));
    }
}

static void
remember_ports (PrUsbDevices *self)
{
    GHashTableIter iter;
    const char *port;

    g_hash_table_iter_init (&iter, self->phones);
    while (g_hash_table_iter_next (&iter, (gpointer *) &port, NULL))
        if (!g_hash_table_contains (self->cuts, port) && g_hash_table_size (self->cuts) < MAX_PORTS)
            g_hash_table_insert (self->cuts, g_strdup (port), NULL);
}

static void
update (PrUsbDevices *self)
{
    g_autoptr (GHashTable) now = look (self);
    g_autoptr (GHashTable) before = NULL;

    if (now == NULL) {
        self->events->refused (self->data);
        return;
    }
    tell_gone (self, now);
    tell_windows (self);
    before = g_steal_pointer (&self->phones);
    self->phones = g_steal_pointer (&now);
    tell_there (self, before);
    remember_ports (self);
    tell_cuts (self);
}

static gboolean
timer_cb (gpointer data)
{
    update (data);
    return G_SOURCE_CONTINUE;
}

static gboolean
again_cb (gpointer data)
{
    PrUsbDevices *self = data;

    self->again = 0;
    update (self);
    return G_SOURCE_REMOVE;
}

static void
uevent_cb (PrUsbDevices *self)
{
    update (self);
    g_clear_handle_id (&self->again, g_source_remove);
    self->again = g_timeout_add (LOOK_AGAIN_AFTER, again_cb, self);
}

PrUsbDevices *
pr_usb_devices_new (const char *testbed, const char *const *rules_dirs, const PrUsbDevicesEvents *events, gpointer data)
{
    static const char *const subsystems[] = { "usb/usb_device", NULL };
    PrUsbDevices *self = g_new0 (PrUsbDevices, 1);

    self->testbed = g_strdup (testbed);
    self->rules_dirs = rules_dirs;
    self->events = events;
    self->data = data;
    self->phones = g_hash_table_new (g_str_hash, g_str_equal);
    self->windows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    self->addresses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    self->cuts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    self->udev = g_udev_client_new (subsystems);
    return self;
}

void
pr_usb_devices_free (PrUsbDevices *self)
{
    g_signal_handlers_disconnect_by_data (self->udev, self);
    g_clear_object (&self->udev);
    g_clear_handle_id (&self->timer, g_source_remove);
    g_clear_handle_id (&self->again, g_source_remove);
    g_hash_table_unref (self->phones);
    g_hash_table_unref (self->windows);
    g_hash_table_unref (self->addresses);
    g_hash_table_unref (self->cuts);
    g_free (self->testbed);
    g_free (self);
}

/* libudev gives no error where its daemon cannot be heard. */
const char *
pr_usb_devices_get_source (PrUsbDevices *self)
{
    return access ("/run/udev/control", F_OK) == 0 ? "udev" : "scan";
}

void
pr_usb_devices_start (PrUsbDevices *self)
{
    g_signal_connect_swapped (self->udev, "uevent", G_CALLBACK (uevent_cb), self);
    update (self);
    self->timer = g_timeout_add (LOOK_EVERY, timer_cb, self);
}

const PrUsbPhone *
pr_usb_devices_find (PrUsbDevices *self, guint64 ecid, guint *count)
{
    GHashTableIter iter;
    const PrUsbPhone *phone, *found = NULL;

    *count = 0;
    g_hash_table_iter_init (&iter, self->phones);
    while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &phone)) {
        if (phone->mode != PR_USB_MODE_RECOVERY || phone->ecid != ecid)
            continue;
        found = phone;
        (*count)++;
    }
    return found;
}
