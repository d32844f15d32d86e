// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-daemon.h"

#include "pr-error.h"
#include "pr-mux.h"

#include <string.h>

static const char *const programs[] = { "/usr/sbin/usbmuxd",  "/usr/bin/usbmuxd",         "/usr/local/sbin/usbmuxd",
                                        "/usr/sbin/usbmuxd2", "/usr/local/sbin/usbmuxd2", NULL };

static PrDaemonState
find_program (void)
{
    for (const char *const *program = programs; *program; program++)
        if (g_file_test (*program, G_FILE_TEST_EXISTS))
            return PR_DAEMON_NOT_STARTED;
    return PR_DAEMON_NOT_INSTALLED;
}

static PrDaemonState
judge_connection (const GError *error)
{
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
        return PR_DAEMON_NOT_ALLOWED;
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
        return PR_DAEMON_STALE;
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
        return PR_DAEMON_SILENT;
    return find_program ();
}

static PrDaemonState
judge_answer (const GError *error)
{
    if (g_error_matches (error, PR_ERROR, PR_ERROR_NO_ANSWER))
        return PR_DAEMON_SILENT;
    if (g_error_matches (error, PR_ERROR, PR_ERROR_NO_DAEMON))
        return PR_DAEMON_STALE; /* it went just now */
    return PR_DAEMON_STRANGE;
}

static gboolean
can_connect (GCancellable *cancellable, GError **error)
{
    g_autoptr (GSocketClient) client = g_socket_client_new ();
    g_autoptr (GSocketConnectable) address = pr_mux_create_address (error);
    g_autoptr (GSocketConnection) connection = NULL;

    if (!address)
        return FALSE;
    g_socket_client_set_timeout (client, PR_WIRE_LIMIT);
    g_socket_client_set_enable_proxy (client, FALSE);
    connection = g_socket_client_connect (client, address, cancellable, error);
    return connection != NULL;
}

PrDaemonState
pr_daemon_check (char **detail, GCancellable *cancellable)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *buid = NULL;
    gboolean connected = can_connect (cancellable, &error);

    if (connected)
        buid = pr_mux_read_buid (cancellable, &error);
    if (detail)
        *detail = g_strdup (error ? error->message : "usbmuxd answers");
    if (!connected)
        return judge_connection (error);
    return buid ? PR_DAEMON_ANSWERS : judge_answer (error);
}

/* --- The system --- */

static gboolean
take_word (const char *word, PrSystemFamily *family)
{
    static const struct {
        const char *id;
        PrSystemFamily family;
    } families[] = {
        { "debian", PR_SYSTEM_DEBIAN }, { "ubuntu", PR_SYSTEM_DEBIAN },      { "linuxmint", PR_SYSTEM_DEBIAN },
        { "fedora", PR_SYSTEM_FEDORA }, { "rhel", PR_SYSTEM_FEDORA },        { "arch", PR_SYSTEM_ARCH },
        { "manjaro", PR_SYSTEM_ARCH },  { "opensuse-leap", PR_SYSTEM_SUSE }, { "opensuse-tumbleweed", PR_SYSTEM_SUSE },
        { "opensuse", PR_SYSTEM_SUSE }, { "suse", PR_SYSTEM_SUSE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
        if (g_str_equal (word, families[i].id)) {
            *family = families[i].family;
            return TRUE;
        }
    return FALSE;
}

/* source: os-release(5): ID is one word, ID_LIKE a list of words; either may be quoted */
static gboolean
take_line (const char *line, const char *key, PrSystemFamily *family)
{
    g_auto (GStrv) words = NULL;

    if (!g_str_has_prefix (line, key))
        return FALSE;
    words = g_strsplit_set (line + strlen (key), "\"' ", -1);
    for (char **word = words; *word; word++)
        if (take_word (*word, family))
            return TRUE;
    return FALSE;
}

PrSystemFamily
pr_system_family_read (const char *os_release)
{
    g_auto (GStrv) lines = g_strsplit (os_release, "\n", -1);
    PrSystemFamily family;

    for (const char *const *key = (const char *const[]) { "ID=", "ID_LIKE=", NULL }; *key; key++)
        for (char **line = lines; *line; line++)
            if (take_line (*line, *key, &family))
                return family;
    return PR_SYSTEM_OTHER;
}

PrSystemFamily
pr_system_family_find (void)
{
    static const char *const files[] = { "/run/host/os-release", "/run/host/etc/os-release", "/etc/os-release",
                                         "/usr/lib/os-release", NULL };

    for (const char *const *file = files; *file; file++) {
        g_autofree char *text = NULL;
        if (g_file_get_contents (*file, &text, NULL, NULL))
            return pr_system_family_read (text);
    }
    return PR_SYSTEM_OTHER;
}
