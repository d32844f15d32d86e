/* phone-reset-virtual-phone: a phone made of software, for the demonstration and the tests. How it is started and
 * asked is in data/scenarios/README.md.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gstdio.h>

#include "pr-virtual-control.h"
#include "pr-virtual-firmware.h"
#include "pr-virtual-ipsw.h"
#include "pr-virtual-log.h"
#include "pr-virtual-muxd.h"
#include "pr-virtual-scenario.h"
#include "pr-virtual-server.h"
#include "pr-virtual-usb.h"

#define PRELOAD "libumockdev-preload.so.0"

typedef struct {
    GMainLoop *loop;
    char *folder;
    gboolean made_folder;
    PrVirtualPhone *phone;
    PrVirtualPairing *pairing;
    PrVirtualServices *services;
    PrVirtualMuxd *muxd;
    PrVirtualControl *control;
    PrVirtualUsb *usb;
    PrVirtualServer *server;
    PrVirtualFirmware *firmware;
} Program;

static char *scenario_name;
static char *folder_option;

static const GOptionEntry options[] = {
    { "scenario", 0, 0, G_OPTION_ARG_FILENAME, &scenario_name, "which phone, and what goes wrong", "NAME|FILE" },
    { "folder", 0, 0, G_OPTION_ARG_FILENAME, &folder_option, "its working folder", "DIR" },
    { NULL },
};

/* --- Under the preload --- */

/* umockdev's device nodes exist only for a process that has its preload, and that is decided when a process starts. */
static gboolean
under_preload (void)
{
    const char *preload = g_getenv ("LD_PRELOAD");
    return preload != NULL && strstr (preload, PRELOAD) != NULL;
}

static void
start_again (char **argv)
{
    const char *already = g_getenv ("LD_PRELOAD");
    g_autofree char *preload =
        already != NULL && *already != '\0' ? g_strconcat (PRELOAD ":", already, NULL) : g_strdup (PRELOAD);
    g_setenv ("LD_PRELOAD", preload, TRUE);
#ifdef __SANITIZE_ADDRESS__
    /* The sanitizer insists on being the first library, which the preload is now. */
    const char *asan = g_getenv ("ASAN_OPTIONS");
    g_autofree char *merged = g_strconcat (asan != NULL ? asan : "", ":verify_asan_link_order=0", NULL);
    g_setenv ("ASAN_OPTIONS", merged, TRUE);
#endif
    execv ("/proc/self/exe", argv);
    g_printerr ("cannot start again under %s: %s\n", PRELOAD, g_strerror (errno));
    exit (1);
}

/* --- Its folder --- */

static gboolean
make_folder (Program *self, GError **error)
{
    self->made_folder = folder_option == NULL || !g_file_test (folder_option, G_FILE_TEST_EXISTS);
    if (folder_option == NULL) {
        self->folder = g_dir_make_tmp ("phone-reset-virtual-XXXXXX", error);
        return self->folder != NULL;
    }
    self->folder = g_canonicalize_filename (folder_option, NULL);
    if (g_mkdir_with_parents (self->folder, 0700) == 0)
        return TRUE;
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot make %s: %s", self->folder,
                 g_strerror (errno));
    return FALSE;
}

static void
remove_tree (const char *path)
{
    g_autoptr (GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
    for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;) {
        g_autofree char *child = g_build_filename (path, name, NULL);
        remove_tree (child);
    }
    g_remove (path);
}

/* What it made goes; a folder that was there before stays, with whatever else is in it. */
static void
clear_folder (Program *self)
{
    static const char *const ours[] = { "usbmuxd",  "control", "environment",  "log.jsonl",
                                        "firmware", "ramdisk", "authority.pem" };
    if (self->folder == NULL)
        return;
    if (self->made_folder) {
        remove_tree (self->folder);
        return;
    }
    for (guint i = 0; i < G_N_ELEMENTS (ours); i++) {
        g_autofree char *path = g_build_filename (self->folder, ours[i], NULL);
        remove_tree (path);
    }
}

/* --- What its users need to know --- */

static char *
describe_environment (Program *self)
{
    GString *text = g_string_new (NULL);
    g_string_append_printf (text, "USBMUXD_SOCKET_ADDRESS=UNIX:%s/usbmuxd\n", self->folder);
    g_string_append_printf (text, "UMOCKDEV_DIR=%s\n", pr_virtual_usb_folder (self->usb));
    g_string_append_printf (text, "LD_PRELOAD=%s\n", PRELOAD);
    g_string_append_printf (text, "TESTBED=%s\n", pr_virtual_usb_testbed_serial (self->usb));
    g_string_append_printf (text, "SIGNING_SERVER=%s\n", pr_virtual_server_address (self->server));
    g_string_append_printf (text, "FIRST_ECID=0x%016" G_GINT64_MODIFIER "x\n", PR_VIRTUAL_FIRST_ECID);
    g_string_append_printf (text, "LAST_ECID=0x%016" G_GINT64_MODIFIER "x\n", PR_VIRTUAL_LAST_ECID);
    g_string_append_printf (text, "FIRMWARE_FOLDER=%s/firmware\n", self->folder);
    g_autofree char *firmware = pr_virtual_firmware_environment (self->firmware);
    g_string_append (text, firmware);
    g_string_append_printf (text, "CONTROL=%s/control\n", self->folder);
    g_string_append_printf (text, "LOG=%s/log.jsonl\n", self->folder);
    return g_string_free_and_steal (text);
}

static gboolean
say_ready (Program *self, GError **error)
{
    g_autofree char *text = describe_environment (self);
    g_autofree char *path = g_build_filename (self->folder, "environment", NULL);
    if (!g_file_set_contents (path, text, -1, error))
        return FALSE;
    g_print ("%sready\n", text);
    return TRUE;
}

/* --- Until its end --- */

static gboolean
end_cb (gpointer data)
{
    Program *self = data;
    g_main_loop_quit (self->loop);
    return G_SOURCE_CONTINUE;
}

static gboolean
input_cb (int fd, GIOCondition condition, gpointer data)
{
    Program *self = data;
    char unread[512];
    gssize n = read (fd, unread, sizeof unread);
    if (n > 0 || (n < 0 && errno == EAGAIN))
        return G_SOURCE_CONTINUE;
    g_main_loop_quit (self->loop);
    return G_SOURCE_REMOVE;
}

/* --- Its parts --- */

/* The daemon is the computer's: it may be missing at first, start later, and end. */
static gboolean
settle_daemon (Program *self, GError **error)
{
    g_autofree char *missing = pr_virtual_phone_fault (self->phone, "no-daemon");
    if (missing == NULL)
        return pr_virtual_muxd_start (self->muxd, error);
    pr_virtual_muxd_stop (self->muxd);
    return TRUE;
}

static void
faults_changed_cb (gpointer data)
{
    g_autoptr (GError) error = NULL;
    pr_virtual_firmware_settle (((Program *) data)->firmware);
    if (!settle_daemon (data, &error))
        g_printerr ("phone-reset-virtual-phone: %s\n", error->message);
}

static void
quit_cb (gpointer data)
{
    Program *self = data;
    g_main_loop_quit (self->loop);
}

static void
describe_cb (JsonObject *state, gpointer data)
{
    Program *self = data;
    pr_virtual_pairing_describe (self->pairing, state);
    pr_virtual_firmware_describe (self->firmware, state);
}

static void
trust_cb (gboolean yes, gpointer data)
{
    Program *self = data;
    pr_virtual_pairing_tap (self->pairing, yes);
}

static gboolean
make_parts (Program *self, GError **error)
{
    const PrVirtualControlHooks hooks = {
        .quit = quit_cb,
        .describe = describe_cb,
        .trust = trust_cb,
        .faults_changed = faults_changed_cb,
        .data = self,
    };
    self->pairing = pr_virtual_pairing_new (self->phone);
    self->services = pr_virtual_services_new (self->phone, self->pairing);
    self->muxd = pr_virtual_muxd_new (self->phone, self->pairing, self->services);
    self->control = pr_virtual_control_new (self->phone, &hooks, error);
    return self->control != NULL && settle_daemon (self, error);
}

static void
usb_bus_cb (PrVirtualPhone *phone, PrVirtualMode mode, gpointer data)
{
    PrVirtualUsb *usb = data;
    if (mode == PR_VIRTUAL_OFF)
        pr_virtual_usb_unplug (usb);
    else
        pr_virtual_usb_plug (usb, mode);
}

/* What a restore needs besides the phone: a bus, a signing server, a system. */
static gboolean
set_up_restore (Program *self, GError **error)
{
    g_autofree char *firmware = g_build_filename (self->folder, "firmware", NULL);
    self->usb = pr_virtual_usb_new (self->phone, error);
    if (self->usb == NULL)
        return FALSE;
    pr_virtual_phone_watch_bus (self->phone, usb_bus_cb, self->usb);
    self->server = pr_virtual_server_new (self->phone, error);
    if (self->server == NULL || !pr_virtual_ipsw_make (self->phone, firmware, error))
        return FALSE;
    self->firmware = pr_virtual_firmware_new (self->phone, firmware, error);
    return self->firmware != NULL;
}

static gboolean
set_up (Program *self, GError **error)
{
    g_autoptr (GKeyFile) scenario = pr_virtual_scenario_load (scenario_name != NULL ? scenario_name : "anna", error);
    if (scenario == NULL || !make_folder (self, error))
        return FALSE;
    self->phone = pr_virtual_phone_new (scenario, self->folder, error);
    return self->phone != NULL && set_up_restore (self, error) && make_parts (self, error);
}

static void
tear_down (Program *self)
{
    if (self->phone != NULL)
        pr_virtual_phone_end (self->phone);
    g_clear_pointer (&self->control, pr_virtual_control_free);
    g_clear_pointer (&self->muxd, pr_virtual_muxd_free);
    g_clear_pointer (&self->services, pr_virtual_services_free);
    g_clear_pointer (&self->pairing, pr_virtual_pairing_free);
    g_clear_pointer (&self->server, pr_virtual_server_free);
    g_clear_pointer (&self->firmware, pr_virtual_firmware_free);
    g_clear_pointer (&self->usb, pr_virtual_usb_free);
    g_clear_pointer (&self->phone, pr_virtual_phone_free);
    clear_folder (self);
    g_clear_pointer (&self->folder, g_free);
}

static gboolean
run (Program *self, GError **error)
{
    if (!set_up (self, error))
        return FALSE;
    g_unix_signal_add (SIGTERM, end_cb, self);
    g_unix_signal_add (SIGINT, end_cb, self);
    g_unix_signal_add (SIGHUP, end_cb, self);
    g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, input_cb, self);
    pr_virtual_phone_start (self->phone);
    if (!say_ready (self, error))
        return FALSE;
    g_main_loop_run (self->loop);
    return TRUE;
}

int
main (int argc, char **argv)
{
    if (!under_preload ())
        start_again (argv);
    setlocale (LC_ALL, "");
    signal (SIGPIPE, SIG_IGN);
    pr_virtual_log_start ();

    g_autoptr (GError) error = NULL;
    g_autoptr (GOptionContext) context = g_option_context_new (NULL);
    g_option_context_add_main_entries (context, options, NULL);
    if (!g_option_context_parse (context, &argc, &argv, &error)) {
        g_printerr ("%s\n", error->message);
        return 2;
    }
    Program self = { .loop = g_main_loop_new (NULL, FALSE) };
    gboolean done = run (&self, &error);
    if (!done)
        g_printerr ("phone-reset-virtual-phone: %s\n", error->message);
    tear_down (&self);
    g_main_loop_unref (self.loop);
    g_free (scenario_name);
    g_free (folder_option);
    return done ? 0 : 1;
}
