// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-usb-phone.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <libirecovery.h>
#include <string.h>
#include <unistd.h>

#define APPLE 0x05ac
/* A USB string holds 126 characters of at most three bytes in UTF-8. */
#define ATTRIBUTE_MAX 512
#define SERIAL_NUMBER_MAX 32

/* usbmuxd's and libirecovery's lists of product ids. */
static const struct {
    guint first, last;
    PrUsbMode mode;
} products[] = {
    { 0x1222, 0x1222, PR_USB_MODE_WTF },
    { 0x1227, 0x1227, PR_USB_MODE_DFU },
    { 0x1280, 0x1283, PR_USB_MODE_RECOVERY },
    { 0x1290, 0x12af, PR_USB_MODE_NORMAL },
};

static gboolean
find_mode (guint vendor, guint product, PrUsbMode *mode)
{
    for (gsize i = 0; vendor == APPLE && i < G_N_ELEMENTS (products); i++)
        if (product >= products[i].first && product <= products[i].last) {
            *mode = products[i].mode;
            return TRUE;
        }
    return FALSE;
}

/* "480", or "1.5" for the slowest */
static int
read_speed (const char *name)
{
    g_autofree char *text = pr_usb_read_attribute (name, "speed");
    gint64 speed = text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;

    return speed > 0 && speed < 1000000 ? (int) speed : 0;
}

gboolean
pr_usb_is_port (const char *name)
{
    return strlen (name) < 64 && g_ascii_isdigit (name[0]) && strchr (name, '-') != NULL &&
           strspn (name, "0123456789-.") == strlen (name);
}

static int
count_hubs (const char *port)
{
    int hubs = 0;

    for (const char *at = port; *at != '\0'; at++)
        hubs += *at == '.';
    return hubs;
}

static gboolean
is_hexadecimal (const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isxdigit (text[i]))
            return FALSE;
    return TRUE;
}

/* A UDID: 8 digits of chip and 16 of ECID since 2018, 40 digits of SHA-1 before. */
static void
take_udid (PrUsbPhone *self, const char *serial)
{
    gsize length = strlen (serial);

    if ((length != 24 && length != 40) || !is_hexadecimal (serial, length))
        return;
    self->serial = g_strdup (serial);
    if (length == 24)
        self->ecid = g_ascii_strtoull (serial + 8, NULL, 16);
}

/* The value of TAG in "TAG:VALUE TAG:VALUE …"; %NULL when it is missing, or there twice and so not to be believed. */
static char *
find_tag (char **words, const char *tag)
{
    g_autofree char *found = NULL;

    for (char **word = words; *word != NULL; word++) {
        if (!g_str_has_prefix (*word, tag))
            continue;
        if (found != NULL)
            return NULL;
        found = g_strdup (*word + strlen (tag));
    }
    return g_steal_pointer (&found);
}

static gboolean
find_number (char **words, const char *tag, gsize digits, guint64 *number)
{
    g_autofree char *text = find_tag (words, tag);
    gsize length = text != NULL ? strlen (text) : 0;

    if (length == 0 || length > digits || !is_hexadecimal (text, length))
        return FALSE;
    *number = g_ascii_strtoull (text, NULL, 16);
    return TRUE;
}

/* SRNM:[F17VIRTUAL01] */
static char *
find_serial_number (char **words)
{
    g_autofree char *text = find_tag (words, "SRNM:[");
    gsize length = text != NULL ? strlen (text) : 0;

    if (length < 2 || length > SERIAL_NUMBER_MAX || text[length - 1] != ']')
        return NULL;
    text[length - 1] = '\0';
    for (const char *at = text; *at != '\0'; at++)
        if (!g_ascii_isalnum (*at))
            return NULL;
    return g_steal_pointer (&text);
}

static void
name_model (PrUsbPhone *self, guint64 chip_id, guint64 board_id)
{
    for (irecv_device_t known = irecv_devices_get_all (); known->product_type != NULL; known++)
        if (known->chip_id == chip_id && known->board_id == board_id) {
            self->product_type = known->product_type;
            self->board = known->hardware_model;
            self->model_name = known->display_name;
            return;
        }
}

/* What the boot ROM and iBoot say: "CPID:8110 CPRV:11 … BDID:18 ECID:001122334455667A IBFL:1D SRNM:[F17VIRTUAL01]" */
static void
take_boot_serial (PrUsbPhone *self, const char *serial)
{
    g_auto (GStrv) words = g_strsplit (serial, " ", 64);
    guint64 chip_id, board_id;

    find_number (words, "ECID:", 16, &self->ecid);
    self->serial_number = find_serial_number (words);
    if (find_number (words, "CPID:", 8, &chip_id) && find_number (words, "BDID:", 8, &board_id))
        name_model (self, chip_id, board_id);
}

void
pr_usb_phone_take_serial (PrUsbPhone *self, const char *serial)
{
    if (self->mode == PR_USB_MODE_NORMAL)
        take_udid (self, serial);
    else
        take_boot_serial (self, serial);
}

char *
pr_usb_read_attribute (const char *name, const char *attribute)
{
    g_autofree char *path = g_build_filename (PR_USB_SYSFS, name, attribute, NULL);
    g_autofd int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    char text[ATTRIBUTE_MAX + 1];
    gssize length;

    if (fd < 0)
        return NULL;
    length = read (fd, text, sizeof text);
    if (length < 0 || length == sizeof text)
        return NULL;
    while (length > 0 && text[length - 1] == '\n')
        length--;
    return g_utf8_validate_len (text, (gsize) length, NULL) ? g_strndup (text, (gsize) length) : NULL;
}

gboolean
pr_usb_read_number (const char *name, const char *attribute, guint base, guint *number)
{
    g_autofree char *text = pr_usb_read_attribute (name, attribute);
    guint64 value;

    if (text == NULL || !g_ascii_string_to_unsigned (text, base, 0, 0xffff, &value, NULL))
        return FALSE;
    *number = (guint) value;
    return TRUE;
}

/* The configuration that is in force; the file is empty where none is. */
static gboolean
is_configured (const char *name)
{
    guint value;

    return pr_usb_read_number (name, "bConfigurationValue", 10, &value) && value > 0;
}

/* "1-2" of "1-2.4"; NULL of a port of the computer's own. */
static char *
name_hub (const char *port)
{
    const char *dot = strrchr (port, '.');

    return dot != NULL ? g_strndup (port, (gsize) (dot - port)) : NULL;
}

/* source: USB 2.0 9.6.3: bit 6 of a configuration's bmAttributes says that it has a power supply */
static gboolean
is_bus_powered (const char *hub)
{
    guint attributes;

    return hub != NULL && pr_usb_read_number (hub, "bmAttributes", 16, &attributes) && (attributes & 0x40) == 0;
}

/* A program that uses a phone in recovery or DFU mode shows as the driver of its interface. */
static gboolean
is_held (const char *name)
{
    g_autofree char *link = g_strdup_printf (PR_USB_SYSFS "/%s:1.0/driver", name);
    g_autofree char *target = g_file_read_link (link, NULL);

    return target != NULL && g_str_has_suffix (target, "/usbfs");
}

/* source: the kernel's Documentation/driver-api/usb/power-management: what a device is now, not what it may become */
static gboolean
is_suspended (const char *name)
{
    g_autofree char *status = pr_usb_read_attribute (name, "power/runtime_status");

    return g_strcmp0 (status, "suspended") == 0;
}

PrUsbPhone *
pr_usb_phone_read (const char *name)
{
    g_autoptr (PrUsbPhone) self = g_new0 (PrUsbPhone, 1);
    g_autofree char *serial = NULL;
    g_autofree char *hub = NULL;

    if (!pr_usb_is_port (name) || !pr_usb_read_number (name, "idVendor", 16, &self->vendor) ||
        !pr_usb_read_number (name, "idProduct", 16, &self->product) ||
        !find_mode (self->vendor, self->product, &self->mode) || !pr_usb_read_number (name, "busnum", 10, &self->bus) ||
        !pr_usb_read_number (name, "devnum", 10, &self->address))
        return NULL;
    self->port = g_strdup (name);
    self->speed = read_speed (name);
    self->hub_depth = count_hubs (name);
    hub = name_hub (name);
    self->configured = is_configured (name);
    self->bus_powered = is_bus_powered (hub);
    self->held = self->mode != PR_USB_MODE_NORMAL && is_held (name);
    self->suspended = is_suspended (name);
    serial = pr_usb_read_attribute (name, "serial");
    if (serial != NULL)
        pr_usb_phone_take_serial (self, serial);
    return g_steal_pointer (&self);
}

void
pr_usb_phone_free (PrUsbPhone *self)
{
    g_free (self->port);
    g_free (self->serial);
    g_free (self->serial_number);
    g_free (self);
}

gboolean
pr_usb_phone_is_same (const PrUsbPhone *self, const PrUsbPhone *other)
{
    return self->bus == other->bus && self->address == other->address && self->product == other->product;
}

gboolean
pr_usb_phone_is_equal (const PrUsbPhone *self, const PrUsbPhone *other)
{
    return pr_usb_phone_is_same (self, other) && self->ecid == other->ecid &&
           g_strcmp0 (self->serial, other->serial) == 0 && g_strcmp0 (self->serial_number, other->serial_number) == 0 &&
           self->board == other->board && self->speed == other->speed && self->access == other->access &&
           self->held == other->held && self->unpowered == other->unpowered && self->suspended == other->suspended;
}

void
pr_usb_phone_keep (PrUsbPhone *self, const PrUsbPhone *before)
{
    self->retries = before->retries;
    if (self->serial == NULL)
        self->serial = g_strdup (before->serial);
    if (self->serial_number == NULL)
        self->serial_number = g_strdup (before->serial_number);
    if (self->ecid == 0)
        self->ecid = before->ecid;
    if (self->speed == 0)
        self->speed = before->speed;
    if (self->board == NULL) {
        self->product_type = before->product_type;
        self->board = before->board;
        self->model_name = before->model_name;
    }
}

char *
pr_usb_phone_get_node (const PrUsbPhone *self)
{
    return g_strdup_printf ("/dev/bus/usb/%03u/%03u", self->bus, self->address);
}

const char *
pr_usb_mode_to_string (PrUsbMode mode)
{
    switch (mode) {
    case PR_USB_MODE_RECOVERY:
        return "recovery";
    case PR_USB_MODE_DFU:
        return "dfu";
    case PR_USB_MODE_WTF:
        return "wtf";
    case PR_USB_MODE_NORMAL:
    default:
        return "normal";
    }
}
