// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-control.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gio/gunixsocketaddress.h>
#include <glib-unix.h>

#include "pr-virtual-notes.h"

#define MAX_LINE 4096
#define MAX_CLIENTS 32
#define BACKLOG 128
#define BUTTONS_PAUSE 2.0 /* seconds off the bus when its owner holds buttons */

struct _PrVirtualControl {
    PrVirtualPhone *phone;
    PrVirtualControlHooks hooks;
    GSocketService *service;
    GPtrArray *clients;
};

typedef struct {
    PrVirtualControl *control;
    GSocketConnection *connection; /* closes its socket when it goes */
    int fd;
    guint source;
    GString *line;
} Client;

/* --- What can be said --- */

static gboolean
say_plug (PrVirtualControl *self, const char *rest)
{
    pr_virtual_phone_set_plugged (self->phone, TRUE);
    return TRUE;
}

static gboolean
say_unplug (PrVirtualControl *self, const char *rest)
{
    pr_virtual_phone_set_plugged (self->phone, FALSE);
    return TRUE;
}

/* Starting iOS by hand needs what recovery mode took away. */
static gboolean
say_boot (PrVirtualControl *self, const char *rest)
{
    int mode = pr_virtual_mode_from_name (rest);
    if (mode != PR_VIRTUAL_NORMAL && mode != PR_VIRTUAL_RECOVERY && mode != PR_VIRTUAL_DFU)
        return FALSE;
    if (mode == PR_VIRTUAL_NORMAL) {
        pr_virtual_phone_setenv (self->phone, "auto-boot", "true");
        pr_virtual_phone_saveenv (self->phone);
    }
    pr_virtual_phone_boot (self->phone, mode, BUTTONS_PAUSE);
    return TRUE;
}

static gboolean
say_trust (PrVirtualControl *self, const char *rest)
{
    gboolean yes = g_str_equal (rest, "yes");
    if (!yes && !g_str_equal (rest, "no"))
        return FALSE;
    self->hooks.trust (yes, self->hooks.data);
    return TRUE;
}

static gboolean
say_lock (PrVirtualControl *self, const char *rest)
{
    pr_virtual_phone_set_setting (self->phone, "phone", "locked", "true");
    return TRUE;
}

static gboolean
say_unlock (PrVirtualControl *self, const char *rest)
{
    pr_virtual_phone_set_setting (self->phone, "phone", "locked", "false");
    return TRUE;
}

/* The first word of @rest, and what follows it; a pair that g_strfreev() frees. */
static GStrv
split_word (const char *rest)
{
    GStrv words = g_strsplit (rest, " ", 2);
    for (guint i = 0; words[i] != NULL; i++)
        g_strstrip (words[i]);
    return words;
}

static gboolean
say_fault (PrVirtualControl *self, const char *rest)
{
    g_auto (GStrv) words = split_word (rest);
    if (words[0] == NULL || *words[0] == '\0')
        return FALSE;
    pr_virtual_phone_set_fault (self->phone, words[0], words[1]);
    self->hooks.faults_changed (self->hooks.data);
    return TRUE;
}

static gboolean
say_mend (PrVirtualControl *self, const char *rest)
{
    pr_virtual_phone_mend_fault (self->phone, rest);
    self->hooks.faults_changed (self->hooks.data);
    return *rest != '\0';
}

/* The group of the scenario that @key is in. What is in the identity is not read from the settings again, so only these
 * of [phone] can change. */
static const char *
get_group (const char *key)
{
    static const char *const phone[] = { "when-asked", "accept-after", "passcode", "locked", "port", "speed", NULL };
    static const char *const backup[] = { "password", "dpic", "iter", "batch", NULL };
    if (g_strv_contains (phone, key))
        return "phone";
    if (g_str_equal (key, "megabytes-per-second"))
        return "pace";
    return g_strv_contains (backup, key) ? "backup" : "values";
}

static gboolean
say_set (PrVirtualControl *self, const char *rest)
{
    g_auto (GStrv) words = split_word (rest);
    if (words[0] == NULL || *words[0] == '\0' || strpbrk (words[0], "[]=") != NULL)
        return FALSE;
    const char *value = words[1] != NULL ? words[1] : "";
    if (g_str_equal (words[0], "name"))
        pr_virtual_phone_set_name (self->phone, value);
    else if (g_str_equal (words[0], "version"))
        pr_virtual_phone_set_version (self->phone, value, NULL);
    else if (g_str_equal (words[0], "build"))
        pr_virtual_phone_set_version (self->phone, NULL, value);
    else
        pr_virtual_phone_set_setting (self->phone, get_group (words[0]), words[0], value);
    return TRUE;
}

/* "COUNT" or "COUNT SIZE[,SIZE…]". */
static gboolean
say_files (PrVirtualControl *self, const char *rest)
{
    g_auto (GStrv) words = split_word (rest);
    guint64 count;
    return words[0] != NULL && g_ascii_string_to_unsigned (words[0], 10, 0, G_MAXUINT32, &count, NULL) &&
           pr_virtual_files_fill (pr_virtual_phone_files (self->phone), count, words[1]);
}

static gboolean
say_mutate (PrVirtualControl *self, const char *rest)
{
    g_auto (GStrv) words = g_strsplit (rest, " ", 3);
    guint64 counts[3];
    for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
        if (i >= g_strv_length (words) || !g_ascii_string_to_unsigned (words[i], 10, 0, G_MAXUINT32, &counts[i], NULL))
            return FALSE;
    pr_virtual_files_mutate (pr_virtual_phone_files (self->phone), counts[0], counts[1], counts[2]);
    return TRUE;
}

/* What happens on the phone that its computers may watch. */
static gboolean
say_notify (PrVirtualControl *self, const char *rest)
{
    pr_virtual_notes_post (self->phone, rest);
    return *rest != '\0';
}

static gboolean
say_quit (PrVirtualControl *self, const char *rest)
{
    self->hooks.quit (self->hooks.data);
    return TRUE;
}

static const struct {
    const char *word;
    gboolean (*say) (PrVirtualControl *self, const char *rest);
} words[] = {
    { "plug", say_plug },     { "unplug", say_unplug }, { "boot", say_boot },   { "trust", say_trust },
    { "lock", say_lock },     { "unlock", say_unlock }, { "fault", say_fault }, { "mend", say_mend },
    { "set", say_set },       { "quit", say_quit },     { "files", say_files }, { "mutate", say_mutate },
    { "notify", say_notify },
};

static gboolean
obey (PrVirtualControl *self, const char *word, const char *rest)
{
    for (guint i = 0; i < G_N_ELEMENTS (words); i++)
        if (g_str_equal (words[i].word, word))
            return words[i].say (self, rest);
    return FALSE;
}

/* (transfer full) */
static JsonObject *
answer_line (PrVirtualControl *self, const char *line)
{
    g_auto (GStrv) pair = split_word (line);
    const char *word = pair[0] != NULL ? pair[0] : "";
    if (g_str_equal (word, "state")) {
        JsonObject *state = pr_virtual_phone_get_state (self->phone);
        self->hooks.describe (state, self->hooks.data);
        return state;
    }
    JsonObject *answer = json_object_new ();
    gboolean ok = obey (self, word, pair[0] != NULL && pair[1] != NULL ? pair[1] : "");
    json_object_set_boolean_member (answer, "ok", ok);
    if (!ok)
        json_object_set_string_member (answer, "error", "not understood");
    return answer;
}

/* --- Clients --- */

static void
free_client (gpointer data)
{
    Client *client = data;
    g_clear_handle_id (&client->source, g_source_remove);
    g_object_unref (client->connection);
    g_string_free (client->line, TRUE);
    g_free (client);
}

static gboolean
send_answer (Client *client, JsonObject *answer)
{
    g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), answer);
    g_autofree char *text = json_to_string (node, FALSE);
    g_autofree char *line = g_strconcat (text, "\n", NULL);
    gssize length = strlen (line);
    return send (client->fd, line, length, MSG_NOSIGNAL | MSG_DONTWAIT) == length;
}

static gboolean
answer_lines (Client *client)
{
    for (char *end; (end = strchr (client->line->str, '\n')) != NULL;) {
        g_autofree char *line = g_strndup (client->line->str, end - client->line->str);
        g_string_erase (client->line, 0, end - client->line->str + 1);
        g_autoptr (JsonObject) answer = answer_line (client->control, g_strstrip (line));
        if (!send_answer (client, answer))
            return FALSE;
    }
    return client->line->len < MAX_LINE;
}

/* Text with a NUL is nobody's; what cannot be answered at once is hung up on. */
static gboolean
take_input (Client *client)
{
    char text[1024];
    gssize n = recv (client->fd, text, sizeof text, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return TRUE;
    if (n <= 0 || memchr (text, '\0', n) != NULL)
        return FALSE;
    g_string_append_len (client->line, text, n);
    return answer_lines (client);
}

static gboolean
input_cb (int fd, GIOCondition condition, gpointer data)
{
    Client *client = data;
    if (take_input (client))
        return G_SOURCE_CONTINUE;
    client->source = 0;
    g_ptr_array_remove_fast (client->control->clients, client);
    return G_SOURCE_REMOVE;
}

static gboolean
incoming_cb (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
    PrVirtualControl *self = data;
    if (self->clients->len >= MAX_CLIENTS)
        return TRUE;
    Client *client = g_new0 (Client, 1);
    client->control = self;
    client->connection = g_object_ref (connection);
    client->fd = g_socket_get_fd (g_socket_connection_get_socket (connection));
    client->line = g_string_new (NULL);
    client->source = g_unix_fd_add (client->fd, G_IO_IN | G_IO_HUP | G_IO_ERR, input_cb, client);
    g_ptr_array_add (self->clients, client);
    return TRUE;
}

PrVirtualControl *
pr_virtual_control_new (PrVirtualPhone *phone, const PrVirtualControlHooks *hooks, GError **error)
{
    g_autofree char *path = g_build_filename (pr_virtual_phone_folder (phone), "control", NULL);
    g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
    PrVirtualControl *self = g_new0 (PrVirtualControl, 1);
    self->phone = phone;
    self->hooks = *hooks;
    self->clients = g_ptr_array_new_with_free_func (free_client);
    self->service = g_socket_service_new ();
    g_socket_listener_set_backlog (G_SOCKET_LISTENER (self->service), BACKLOG);
    g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);
    if (g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                       G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, error))
        return self;
    pr_virtual_control_free (self);
    return NULL;
}

void
pr_virtual_control_free (PrVirtualControl *self)
{
    g_socket_service_stop (self->service);
    g_socket_listener_close (G_SOCKET_LISTENER (self->service));
    g_object_unref (self->service);
    g_ptr_array_unref (self->clients);
    g_free (self);
}
