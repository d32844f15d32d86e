// SPDX-License-Identifier: GPL-3.0-or-later
#include "usb-bed.h"

#include <gio/gunixinputstream.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include <umockdev.h>

#define LIMIT 10.0
#define PCI "/devices/pci0000:00/0000:00:14.0"

struct _Bed {
    UMockdevTestbed *testbed;
    GStrv environment;
};

struct _Helper {
    GSubprocess *process;
    GString *text;
};

static void
add (Bed *self, const char *text)
{
    g_autoptr (GError) error = NULL;

    umockdev_testbed_add_from_string (self->testbed, text, &error);
    g_assert_no_error (error);
}

Bed *
bed_new (const char *root_serial)
{
    Bed *self = g_new0 (Bed, 1);
    g_autofree char *hub =
        g_strdup_printf ("P: " PCI "/usb1\nN: bus/usb/001/001=00\n"
                         "E: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: DEVNAME=/dev/bus/usb/001/001\n"
                         "E: BUSNUM=001\nE: DEVNUM=001\n"
                         "A: busnum=1\\n\nA: devnum=1\\n\nA: idVendor=1d6b\\n\nA: idProduct=0002\\n\n"
                         "A: speed=480\\n\nA: serial=%s\\n\n",
                         root_serial);
    g_autofree char *root = NULL;

    self->testbed = umockdev_testbed_new ();
    add (self, hub);
    root = umockdev_testbed_get_root_dir (self->testbed);
    self->environment = g_new0 (char *, 3);
    self->environment[0] = g_strdup_printf ("UMOCKDEV_DIR=%s", root);
    self->environment[1] = g_strdup ("LD_PRELOAD=libumockdev-preload.so.0");
    return self;
}

void
bed_free (Bed *self)
{
    g_object_unref (self->testbed);
    g_strfreev (self->environment);
    g_free (self);
}

static char *
device_path (const char *port)
{
    return g_strdup_printf ("/sys" PCI "/usb1/%s", port);
}

void
bed_add (Bed *self, const char *port, guint address, guint product, const char *serial, const char *speed)
{
    g_autofree char *path = device_path (port);
    g_autofree char *text = g_strdup_printf (
        "P: " PCI "/usb1/%s\nN: bus/usb/001/%03u=00\n"
        "E: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: DEVNAME=/dev/bus/usb/001/%03u\nE: BUSNUM=001\nE: DEVNUM=%03u\n"
        "A: busnum=1\\n\nA: devnum=%u\\n\nA: idVendor=05ac\\n\nA: idProduct=%04x\\n\nA: speed=%s\\n\n",
        port, address, address, address, address, product, speed);

    add (self, text);
    if (serial != NULL) {
        g_autofree char *line = g_strconcat (serial, "\n", NULL);

        umockdev_testbed_set_attribute (self->testbed, path, "serial", line);
    }
}

void
bed_event (Bed *self, const char *port, const char *action)
{
    g_autofree char *path = device_path (port);

    umockdev_testbed_uevent (self->testbed, path, action);
}

void
bed_remove (Bed *self, const char *port)
{
    g_autofree char *path = device_path (port);

    umockdev_testbed_remove_device (self->testbed, path);
}

void
bed_remove_silently (Bed *self, const char *port)
{
    g_autofree char *link = g_build_filename ("/sys/bus/usb/devices", port, NULL);
    g_autofree char *path = bed_path (self, link);

    g_assert_cmpint (g_unlink (path), ==, 0);
}

void
bed_change (Bed *self, const char *port, guint address, guint product, const char *serial)
{
    g_autofree char *path = device_path (port);
    g_autofree char *serial_line = g_strconcat (serial, "\n", NULL);
    g_autofree char *product_line = g_strdup_printf ("%04x\n", product);
    g_autofree char *address_line = g_strdup_printf ("%u\n", address);

    umockdev_testbed_set_attribute (self->testbed, path, "serial", serial_line);
    umockdev_testbed_set_attribute (self->testbed, path, "idProduct", product_line);
    umockdev_testbed_set_attribute (self->testbed, path, "devnum", address_line);
}

static char *
make_place (Bed *self, const char *name, const char *file)
{
    g_autofree char *inside = g_build_filename ("/sys/bus/usb/devices", name, file, NULL);
    char *path = bed_path (self, inside);
    g_autofree char *folder = g_path_get_dirname (path);

    g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
    return path;
}

void
bed_write (Bed *self, const char *name, const char *file, const char *content)
{
    g_autofree char *path = make_place (self, name, file);
    g_autofree char *line = g_strconcat (content, "\n", NULL);
    g_autoptr (GError) error = NULL;

    g_file_set_contents (path, line, -1, &error);
    g_assert_no_error (error);
}

void
bed_claim (Bed *self, const char *port)
{
    g_autofree char *interface = g_strconcat (port, ":1.0", NULL);
    g_autofree char *path = make_place (self, interface, "driver");

    g_assert_cmpint (symlink ("../../../../bus/usb/drivers/usbfs", path), ==, 0);
}

const char *const *
bed_environment (Bed *self)
{
    return (const char *const *) self->environment;
}

char *
bed_path (Bed *self, const char *path)
{
    g_autofree char *root = umockdev_testbed_get_root_dir (self->testbed);

    return g_strconcat (root, path, NULL);
}

Helper *
helper_new (Bed *bed, const char *const *argv)
{
    Helper *self = g_new0 (Helper, 1);
    g_autoptr (GSubprocessLauncher) launcher =
        g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
    g_autoptr (GError) error = NULL;

    g_subprocess_launcher_unsetenv (launcher, "UMOCKDEV_DIR");
    g_subprocess_launcher_unsetenv (launcher, "LD_PRELOAD");
    for (const char *const *variable = bed != NULL ? bed_environment (bed) : NULL;
         variable != NULL && *variable != NULL; variable++) {
        g_auto (GStrv) parts = g_strsplit (*variable, "=", 2);

        g_subprocess_launcher_setenv (launcher, parts[0], parts[1], TRUE);
    }
    self->process = g_subprocess_launcher_spawnv (launcher, argv, &error);
    g_assert_no_error (error);
    self->text = g_string_new (NULL);
    return self;
}

void
helper_free (Helper *self)
{
    g_subprocess_force_exit (self->process);
    g_subprocess_wait (self->process, NULL, NULL);
    g_object_unref (self->process);
    g_string_free (self->text, TRUE);
    g_free (self);
}

void
helper_write (Helper *self, const char *line)
{
    GOutputStream *stream = g_subprocess_get_stdin_pipe (self->process);
    g_autoptr (GError) error = NULL;

    g_output_stream_printf (stream, NULL, NULL, &error, "%s\n", line);
    g_assert_no_error (error);
}

static JsonObject *
take_line (Helper *self)
{
    const char *end = memchr (self->text->str, '\n', self->text->len);
    g_autoptr (JsonParser) parser = json_parser_new ();
    g_autoptr (GError) error = NULL;

    if (end == NULL)
        return NULL;
    g_assert_true (g_utf8_validate_len (self->text->str, (gsize) (end - self->text->str), NULL));
    json_parser_load_from_data (parser, self->text->str, end - self->text->str, &error);
    g_assert_no_error (error);
    g_test_message ("%.*s", (int) (end - self->text->str), self->text->str);
    g_string_erase (self->text, 0, end - self->text->str + 1);
    return json_object_ref (json_node_get_object (json_parser_get_root (parser)));
}

JsonObject *
helper_read (Helper *self, double seconds)
{
    gint64 end = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
    GInputStream *stream = g_subprocess_get_stdout_pipe (self->process);
    struct pollfd poll_fd = { .fd = g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (stream)), .events = POLLIN };

    while (TRUE) {
        JsonObject *object = take_line (self);
        gint64 left = end - g_get_monotonic_time ();
        char chunk[4096];
        gssize length;

        if (object != NULL && g_strcmp0 (json_object_get_string_member (object, "event"), "listed") == 0) {
            json_object_unref (object);
            continue;
        }
        if (object != NULL || left <= 0)
            return object;
        if (poll (&poll_fd, 1, (int) (left / 1000) + 1) <= 0)
            return NULL;
        length = g_input_stream_read (stream, chunk, sizeof chunk, NULL, NULL);
        if (length <= 0)
            return NULL;
        g_string_append_len (self->text, chunk, length);
    }
}

JsonObject *
helper_expect (Helper *self, const char *event)
{
    JsonObject *object = helper_read (self, LIMIT);

    g_assert_nonnull (object);
    g_assert_cmpstr (json_object_get_string_member (object, "event"), ==, event);
    return object;
}

int
helper_status (Helper *self)
{
    g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
    g_subprocess_wait (self->process, NULL, NULL);
    g_assert_true (g_subprocess_get_if_exited (self->process));
    return g_subprocess_get_exit_status (self->process);
}
