// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-computer.h"

#include <string.h>
#include <time.h>

#define DMI "/sys/class/dmi/id/"

static gboolean
names_one (const char *file)
{
    static const char *const makers[] = { "QEMU", "KVM",       "VMware",          "VirtualBox", "innotek",
                                          "Xen",  "Parallels", "Virtual Machine", "Bochs",      NULL };
    g_autofree char *path = g_strconcat (DMI, file, NULL);
    g_autofree char *text = NULL;

    if (!g_file_get_contents (path, &text, NULL, NULL))
        return FALSE;
    for (const char *const *maker = makers; *maker; maker++)
        if (strstr (text, *maker))
            return TRUE;
    return FALSE;
}

gboolean
pr_computer_is_virtual (void)
{
    return names_one ("sys_vendor") || names_one ("product_name");
}

static gboolean
is_daemon (const char *pid)
{
    g_autofree char *path = g_build_filename ("/proc", pid, "comm", NULL);
    g_autofree char *name = NULL;

    if (!g_ascii_isdigit (*pid) || !g_file_get_contents (path, &name, NULL, NULL))
        return FALSE;
    g_strchomp (name);
    return g_str_equal (name, "usbmuxd") || g_str_equal (name, "usbmuxd2");
}

guint
pr_computer_count_daemons (void)
{
    g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
    const char *pid;
    guint count = 0;

    while (processes && (pid = g_dir_read_name (processes)))
        count += is_daemon (pid);
    return count;
}

static gint64
read_clock (clockid_t clock)
{
    struct timespec now;

    if (clock_gettime (clock, &now) < 0)
        return 0;
    return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* The one clock goes on in sleep, the other does not. */
gint64
pr_computer_get_slept (void)
{
    return read_clock (CLOCK_BOOTTIME) - read_clock (CLOCK_MONOTONIC);
}
