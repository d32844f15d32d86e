// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-usb.h"

#include <errno.h>
#include <ftw.h>
#include <string.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "pr-virtual-iboot.h"
#include "pr-virtual-usb-node.h"

#define ROOT_HUB "/devices/pci0000:00/0000:00:14.0/usb1"
#define TESTBED_SERIAL "PHONE-RESET-TESTBED"
#define REPEAT_AFTER 1500 /* ms; a client that missed the event of arrival hears it again */
#define LAST_NUMBER 127   /* of a USB device; after it come those that are long gone */
#define FIRST_AGAIN 16
#define HANG_UP_PAUSE 50 /* ms */
#define NODE "/dev/bus/usb/001/%03u"
#define FIRST_LISTENER 1000000 /* more than a client has descriptors */
#define HEARING "event"        /* what the sockets of listeners are called: as umockdev wants it, */
#define DEAF "deaf"            /* and at all other times */

struct _PrVirtualUsb {
    PrVirtualPhone *phone;
    UMockdevTestbed *testbed;
    char *folder;
    char *path; /* of the phone below /sys; NULL while it is not there */
    PrVirtualUsbNode *node;
    guint number;   /* of the device that came last */
    gboolean again; /* all numbers were used once */
    guint repeat;   /* GSource */
    GFileMonitor *listeners;
    guint n_listeners; /* so far */
};

/* What sysfs shows of one device. */
typedef struct {
    char *path;
    guint number, speed;
    guint16 vendor, product;
    const char *maker, *name;
    char *serial;
    const guint8 *descriptors;
    gsize descriptors_size;
} Device;

static const guint8 hub_descriptors[] = {
    0x12, 0x01, 0x00, 0x02, 0x09, 0x00, 0x01, 0x40, 0x6b, 0x1d, 0x02, 0x00, 0x12, 0x06, 0x03, 0x02, 0x01, 0x01, /* */
    0x09, 0x02, 0x19, 0x00, 0x01, 0x01, 0x00, 0xe0, 0x00, /* one interface, */
    0x09, 0x04, 0x00, 0x00, 0x01, 0x09, 0x00, 0x00, 0x00, /* a hub */
    0x07, 0x05, 0x81, 0x03, 0x04, 0x00, 0x0c,
};
static const guint8 normal_descriptors[] = {
    0x12, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00, 0x40, 0xac, 0x05, 0xa8, 0x12, 0x05, 0x14, 0x02, 0x03, 0x04, 0x01, /* */
    0x09, 0x02, 0x20, 0x00, 0x01, 0x01, 0x00, 0xc0, 0xfa, /* one interface, */
    0x09, 0x04, 0x00, 0x00, 0x02, 0xff, 0xfe, 0x02, 0x00, /* usbmuxd's */
    0x07, 0x05, 0x04, 0x02, 0x00, 0x02, 0x00, 0x07, 0x05, 0x85, 0x02, 0x00, 0x02, 0x00,
};
static const guint8 recovery_descriptors[] = {
    0x12, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00, 0x40, 0xac, 0x05, 0x81, 0x12, 0x00, 0x00, 0x02, 0x03, 0x04, 0x01, /* */
    0x09, 0x02, 0x39, 0x00, 0x02, 0x01, 0x00, 0x80, 0xfa, /* two interfaces: */
    0x09, 0x04, 0x00, 0x00, 0x01, 0xfe, 0xfe, 0x02, 0x00, 0x07, 0x05, 0x04, 0x02, 0x00, 0x02, 0x00, /* files, */
    0x09, 0x04, 0x01, 0x00, 0x00, 0xff, 0xff, 0x51, 0x00,                                           /* a console, off */
    0x09, 0x04, 0x01, 0x01, 0x02, 0xff, 0xff, 0x51, 0x00,                                           /* and on */
    0x07, 0x05, 0x81, 0x02, 0x00, 0x02, 0x00, 0x07, 0x05, 0x02, 0x02, 0x00, 0x02, 0x00,
};
static const guint8 dfu_descriptors[] = {
    0x12, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00, 0x40, 0xac, 0x05, 0x27, 0x12, 0x00, 0x00, 0x02, 0x03, 0x04, 0x01, /* */
    0x09, 0x02, 0x1b, 0x00, 0x01, 0x01, 0x00, 0x80, 0xfa, /* one interface, */
    0x09, 0x04, 0x00, 0x00, 0x00, 0xfe, 0x01, 0x00, 0x00, /* DFU: blocks of 2 KiB */
    0x09, 0x21, 0x01, 0x0a, 0x00, 0x00, 0x08, 0x10, 0x01,
};

static void
put_identity (GString *text, const Device *device)
{
    g_string_append_printf (text, "E: PRODUCT=%x/%x/0\nE: TYPE=%u/0/0\nE: ID_VENDOR_ID=%04x\nE: ID_MODEL_ID=%04x\n",
                            device->vendor, device->product, device->descriptors[4], device->vendor, device->product);
    g_string_append_printf (text,
                            "A: idVendor=%04x\\n\nA: idProduct=%04x\\n\nA: manufacturer=%s\\n\nA: product=%s\\n\n",
                            device->vendor, device->product, device->maker, device->name);
    if (device->serial != NULL)
        g_string_append_printf (text, "A: serial=%s\\n\n", device->serial);
}

/* The port's name as sysfs has it, without the bus: "1.2" of "…/1-1.2", "0" of the root hub. */
static const char *
port_path (const Device *device)
{
    const char *name = strrchr (device->path, '/') + 1;
    const char *dash = strchr (name, '-');

    return dash != NULL ? dash + 1 : "0";
}

static void
put_place (GString *text, const Device *device)
{
    g_string_append_printf (text, "A: busnum=1\\n\nA: devnum=%u\\n\nA: devpath=%s\\n\nA: speed=%u\\n\n", device->number,
                            port_path (device), device->speed);
    g_string_append_printf (text, "A: dev=189:%u\\n\nA: version= 2.00\\n\nA: bConfigurationValue=1\\n\n",
                            device->number - 1);
    g_string_append_printf (text, "A: bDeviceClass=%02x\\n\nA: bNumConfigurations=1\\n\nA: authorized=1\\n\n",
                            device->descriptors[4]);
}

/* In umockdev's language. The node gets contents, which makes it a plain file and not a terminal. */
static char *
describe (const Device *device)
{
    GString *text = g_string_new (NULL);

    g_string_append_printf (text, "P: %s\nN: bus/usb/001/%03u=00\n", device->path, device->number);
    g_string_append_printf (text, "E: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: DEVNAME=/dev/bus/usb/001/%03u\n",
                            device->number);
    g_string_append_printf (text, "E: BUSNUM=001\nE: DEVNUM=%03u\nE: MAJOR=189\nE: MINOR=%u\n", device->number,
                            device->number - 1);
    put_identity (text, device);
    put_place (text, device);
    g_string_append (text, "H: descriptors=");
    for (gsize i = 0; i < device->descriptors_size; i++)
        g_string_append_printf (text, "%02X", device->descriptors[i]);
    g_string_append_c (text, '\n');
    return g_string_free (text, FALSE);
}

static gboolean
add_device (PrVirtualUsb *self, const Device *device, GError **error)
{
    g_autofree char *text = describe (device);

    return umockdev_testbed_add_from_string (self->testbed, text, error);
}

static gboolean
add_hub (PrVirtualUsb *self, const char *path, const char *serial, GError **error)
{
    Device hub = { .path = (char *) path,
                   .number = ++self->number,
                   .speed = 480,
                   .vendor = 0x1d6b,
                   .product = 0x0002,
                   .maker = "Phone Reset",
                   .name = "Virtual USB",
                   .serial = (char *) serial,
                   .descriptors = hub_descriptors,
                   .descriptors_size = sizeof hub_descriptors };

    return add_device (self, &hub, error);
}

/* The place of the phone below the root hub, from the scenario's port: "1-1.2" is /1-1/1-1.2, with a hub at 1-1. */
static char *
phone_path (PrVirtualUsb *self)
{
    g_autofree char *port = pr_virtual_phone_setting (self->phone, "phone", "port", "1-1");
    GString *path = g_string_new (ROOT_HUB);

    for (const char *end = strchr (port, '.'); end != NULL; end = strchr (end + 1, '.'))
        g_string_append_printf (path, "/%.*s", (int) (end - port), port);
    g_string_append_printf (path, "/%s", port);
    return g_string_free (path, FALSE);
}

/* The hubs between the root hub and @path, outermost first. */
static gboolean
add_hubs_above (PrVirtualUsb *self, const char *path, GError **error)
{
    for (const char *end = strchr (path + strlen (ROOT_HUB "/"), '/'); end != NULL; end = strchr (end + 1, '/')) {
        g_autofree char *hub = g_strndup (path, end - path);

        if (!add_hub (self, hub, NULL, error))
            return FALSE;
    }
    return TRUE;
}

/* umockdev's preload makes a socket for events in the test bed, named after the number of the descriptor in the client;
 * so of two clients with the same number the second takes the first one's place, and that hears nothing any more. And a
 * client that removes its socket while an event is sent makes libumockdev abort. A name that only we know helps both.
 *
 * umockdev sends to all whose name begins with "event", and of its own accord while it still makes a device. A client
 * that then opens the node finds no phone behind it, and libirecovery never tries again. So it finds them by name only
 * while we tell something.
 */
static char *
listener_path (PrVirtualUsb *self, const char *name, guint number)
{
    return g_strdup_printf ("%s/%s%u", self->folder, name, FIRST_LISTENER + number);
}

static void
keep_listener (PrVirtualUsb *self, const char *name)
{
    g_autofree char *from = g_build_filename (self->folder, name, NULL);
    g_autofree char *to = listener_path (self, DEAF, self->n_listeners);

    if (g_rename (from, to) == 0)
        self->n_listeners++;
}

static void
keep_listeners (PrVirtualUsb *self)
{
    g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);

    for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;) {
        if (g_str_has_prefix (name, HEARING) && g_ascii_strtoull (name + strlen (HEARING), NULL, 10) < FIRST_LISTENER)
            keep_listener (self, name);
    }
}

/* Those that have ended have no socket any more: umockdev removes it. */
static void
let_hear (PrVirtualUsb *self, gboolean hear)
{
    for (guint i = 0; i < self->n_listeners; i++) {
        g_autofree char *deaf = listener_path (self, DEAF, i);
        g_autofree char *hearing = listener_path (self, HEARING, i);

        g_rename (hear ? deaf : hearing, hear ? hearing : deaf);
    }
}

static void
listener_cb (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, gpointer data)
{
    if (event == G_FILE_MONITOR_EVENT_CREATED)
        keep_listeners (data);
}

static gboolean
watch_listeners (PrVirtualUsb *self, GError **error)
{
    g_autoptr (GFile) folder = g_file_new_for_path (self->folder);

    self->listeners = g_file_monitor_directory (folder, G_FILE_MONITOR_NONE, NULL, error);
    if (self->listeners == NULL)
        return FALSE;
    g_signal_connect (self->listeners, "changed", G_CALLBACK (listener_cb), self);
    return TRUE;
}

PrVirtualUsb *
pr_virtual_usb_new (PrVirtualPhone *phone, GError **error)
{
    PrVirtualUsb *self = g_new0 (PrVirtualUsb, 1);
    g_autofree char *path = NULL;

    self->phone = phone;
    self->testbed = umockdev_testbed_new ();
    self->folder = umockdev_testbed_get_root_dir (self->testbed);
    path = phone_path (self);
    if (watch_listeners (self, error) && add_hub (self, ROOT_HUB, TESTBED_SERIAL, error) &&
        add_hubs_above (self, path, error))
        return self;
    pr_virtual_usb_free (self);
    return NULL;
}

const char *
pr_virtual_usb_folder (PrVirtualUsb *self)
{
    return self->folder;
}

const char *
pr_virtual_usb_testbed_serial (PrVirtualUsb *self)
{
    return TESTBED_SERIAL;
}

/* The fault no-permission: what a missing udev rule looks like. Root may open everything, so a client of root's is not
 * kept out; where the phone's process is no root, nobody may open it. Others must still see the test bed itself. */
static void
set_access (PrVirtualUsb *self)
{
    g_autofree char *fault = pr_virtual_phone_fault (self->phone, "no-permission");
    g_autofree char *node = g_strdup_printf ("%s/dev/bus/usb/001/%03u", self->folder, self->number);

    if (fault == NULL)
        return;
    if (g_chmod (node, geteuid () == 0 ? 0600 : 0) != 0 || g_chmod (self->folder, 01777) != 0)
        g_warning ("The fault no-permission does not work: %s", g_strerror (errno));
}

static void
tell_arrival (PrVirtualUsb *self)
{
    g_autofree char *syspath = g_strconcat ("/sys", self->path, NULL);

    keep_listeners (self);
    let_hear (self, TRUE);
    umockdev_testbed_uevent (self->testbed, syspath, "add");
    let_hear (self, FALSE);
}

static gboolean
repeat_arrival_cb (gpointer data)
{
    PrVirtualUsb *self = data;

    self->repeat = 0;
    if (!pr_virtual_usb_node_opened (self->node))
        tell_arrival (self);
    return G_SOURCE_REMOVE;
}

/* A phone that has started shows its UDID without the dash. */
static char *
started_serial (PrVirtualPhone *phone)
{
    g_auto (GStrv) parts = g_strsplit (pr_virtual_phone_identity (phone)->udid, "-", -1);

    return g_strjoinv (NULL, parts);
}

static void
describe_phone (PrVirtualUsb *self, PrVirtualMode mode, Device *device)
{
    gboolean started = mode == PR_VIRTUAL_NORMAL || mode == PR_VIRTUAL_RESTORE;

    *device = (Device) { .path = self->path, .vendor = 0x05ac, .maker = "Apple Inc." };
    device->speed = pr_virtual_phone_setting_number (self->phone, "phone", "speed", 480);
    device->serial = started ? started_serial (self->phone) : pr_virtual_iboot_serial (self->phone, mode);
    if (started) {
        device->product = 0x12a8;
        device->name = "iPhone";
        device->descriptors = normal_descriptors;
        device->descriptors_size = sizeof normal_descriptors;
    } else if (mode == PR_VIRTUAL_DFU) {
        device->product = 0x1227;
        device->name = "Apple Mobile Device (DFU Mode)";
        device->descriptors = dfu_descriptors;
        device->descriptors_size = sizeof dfu_descriptors;
    } else {
        device->product = 0x1281;
        device->name = "Apple Mobile Device (Recovery Mode)";
        device->descriptors = recovery_descriptors;
        device->descriptors_size = sizeof recovery_descriptors;
    }
}

/* umockdev allows no second one to answer at a node, and aborts. */
static void
take_next_number (PrVirtualUsb *self)
{
    g_autofree char *node = NULL;

    self->again = self->again || self->number >= LAST_NUMBER;
    self->number = self->number < LAST_NUMBER ? self->number + 1 : FIRST_AGAIN;
    node = g_strdup_printf (NODE, self->number);
    if (self->again)
        umockdev_testbed_detach_ioctl (self->testbed, node, NULL);
}

/* The ramdisk of a restore is gone once anything else starts. */
static void
forget_ramdisk (PrVirtualUsb *self, PrVirtualMode mode)
{
    g_autofree char *path = g_build_filename (pr_virtual_phone_folder (self->phone), "ramdisk", NULL);

    if (mode != PR_VIRTUAL_RESTORE)
        g_unlink (path);
}

void
pr_virtual_usb_plug (PrVirtualUsb *self, PrVirtualMode mode)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *node = NULL;
    Device device;

    if (self->path != NULL || mode == PR_VIRTUAL_OFF)
        return;
    forget_ramdisk (self, mode);
    self->path = phone_path (self);
    take_next_number (self);
    describe_phone (self, mode, &device);
    device.number = self->number;
    node = g_strdup_printf (NODE, self->number);
    self->node = pr_virtual_usb_node_new (self->phone, mode, self->testbed, node);
    if (!add_device (self, &device, &error)) /* only now: who looks at the bus by himself opens it at once */
        g_warning ("The phone cannot be plugged in: %s", error->message);
    g_free (device.serial);
    set_access (self);
    tell_arrival (self);
    self->repeat = g_timeout_add (REPEAT_AFTER, repeat_arrival_cb, self);
}

void
pr_virtual_usb_unplug (PrVirtualUsb *self)
{
    g_autofree char *syspath = NULL;

    if (self->path == NULL)
        return;
    g_clear_handle_id (&self->repeat, g_source_remove);
    g_clear_pointer (&self->node, pr_virtual_usb_node_leave);
    syspath = g_strconcat ("/sys", self->path, NULL);
    keep_listeners (self);
    let_hear (self, TRUE);
    umockdev_testbed_remove_device (self->testbed, syspath);
    let_hear (self, FALSE);
    g_clear_pointer (&self->path, g_free);
}

static int
remove_one (const char *path, const struct stat *info, int kind, struct FTW *place)
{
    remove (path);
    return 0;
}

/* umockdev ends the process when it cannot empty its folder, and a client that begins to listen puts its socket there
 * at any time. So it finds a file in that place, which it can remove and nobody can fill. */
static void
leave_testbed (PrVirtualUsb *self)
{
    g_autofree char *aside = g_strconcat (self->folder, ".left", NULL);

    if (g_rename (self->folder, aside) == 0 && g_file_set_contents (self->folder, "", 0, NULL))
        nftw (aside, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    g_clear_object (&self->testbed);
}

void
pr_virtual_usb_free (PrVirtualUsb *self)
{
    pr_virtual_usb_unplug (self);
    g_clear_object (&self->listeners);
    leave_testbed (self);
    g_free (self->folder);
    g_free (self);
}
