// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-muxd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gio/gunixsocketaddress.h>
#include <glib-unix.h>

#include "pr-virtual-lockdown.h"
#include "pr-virtual-restored.h"

#define MAX_MESSAGE (1024 * 1024) /* bytes; a pair record is under 10 KB */
#define MAX_CLIENTS 256
#define BACKLOG 128 /* clients that do not block are turned away where it is full */
#define MAX_RECORDS 64
#define MAX_RECORD_NAME 64
#define PRODUCT_ID 0x12a8 /* of a phone in normal and in restore mode */

enum { RESULT_OK = 0, RESULT_BAD_COMMAND = 1, RESULT_BAD_DEVICE = 2, RESULT_REFUSED = 3 };
enum { VERSION_PLIST = 1, MESSAGE_PLIST = 8 };

typedef struct {
    guint32 length; /* little-endian all; with this header */
    guint32 version;
    guint32 message;
    guint32 tag;
} Header;

struct _PrVirtualMuxd {
    PrVirtualPhone *phone;
    PrVirtualPairing *pairing;
    PrVirtualServices *services;
    char *path;
    GSocketService *service; /* (nullable): while it runs */

    GMutex mutex; /* what follows is shared */
    GCond changed;
    GPtrArray *clients;
    GHashTable *records; /* name → GBytes */
    PrVirtualMode mode;  /* of the phone that is attached; OFF: none is */
    guint device_id;     /* a new one each time */
};

typedef struct _Client Client;
typedef void (*Tunnel) (Client *client);

struct _Client {
    PrVirtualMuxd *muxd;
    int fd;
    gboolean listening;
    Tunnel tunnel; /* (nullable): what the socket becomes */
    PrVirtualTicket *ticket;
};

/* --- Messages --- */

static GByteArray *
frame_message (plist_t message, guint32 tag)
{
    char *text = NULL;
    uint32_t length = 0;
    plist_to_xml (message, &text, &length);
    Header header = {
        .length = GUINT32_TO_LE ((guint32) sizeof header + length),
        .version = GUINT32_TO_LE (VERSION_PLIST),
        .message = GUINT32_TO_LE (MESSAGE_PLIST),
        .tag = tag,
    };
    GByteArray *frame = g_byte_array_sized_new (sizeof header + length);
    g_byte_array_append (frame, (const guint8 *) &header, sizeof header);
    g_byte_array_append (frame, (const guint8 *) text, length);
    plist_mem_free (text);
    return frame;
}

/* Takes @message. */
static gboolean
send_message (Client *client, plist_t message, guint32 tag)
{
    g_autoptr (GByteArray) frame = frame_message (message, tag);
    plist_free (message);
    return pr_virtual_wire_write (client->fd, frame->data, frame->len);
}

static plist_t
new_result (guint number)
{
    plist_t message = plist_new_dict ();
    plist_dict_set_item (message, "MessageType", plist_new_string ("Result"));
    plist_dict_set_item (message, "Number", plist_new_uint (number));
    return message;
}

static gboolean
send_result (Client *client, guint number, guint32 tag)
{
    return send_message (client, new_result (number), tag);
}

static plist_t
receive_message (Client *client, guint32 *tag)
{
    Header header;
    if (!pr_virtual_wire_read (client->fd, &header, sizeof header))
        return NULL;
    guint32 length = GUINT32_FROM_LE (header.length);
    if (length <= sizeof header || length > MAX_MESSAGE || GUINT32_FROM_LE (header.message) != MESSAGE_PLIST)
        return NULL;
    length -= sizeof header;
    g_autofree char *text = g_malloc (length);
    if (!pr_virtual_wire_read (client->fd, text, length))
        return NULL;
    *tag = header.tag;
    plist_t message = NULL;
    plist_from_xml (text, length, &message);
    return message;
}

/* --- The phone as the computer sees it --- */

static plist_t
describe_properties (PrVirtualMuxd *self)
{
    const PrVirtualIdentity *identity = pr_virtual_phone_identity (self->phone);
    double speed = pr_virtual_phone_setting_number (self->phone, "phone", "speed", 480);
    g_auto (GStrv) halves = g_strsplit (identity->udid, "-", -1);
    g_autofree char *serial = g_strjoinv ("", halves);
    plist_t properties = plist_new_dict ();
    plist_dict_set_item (properties, "ConnectionType", plist_new_string ("USB"));
    plist_dict_set_item (properties, "ConnectionSpeed", plist_new_uint ((guint64) (speed * 1e6)));
    plist_dict_set_item (properties, "DeviceID", plist_new_uint (self->device_id));
    plist_dict_set_item (properties, "LocationID", plist_new_uint (1 << 16 | (self->device_id & 0x7f)));
    plist_dict_set_item (properties, "ProductID", plist_new_uint (PRODUCT_ID));
    plist_dict_set_item (properties, "SerialNumber", plist_new_string (serial));
    return properties;
}

static plist_t
describe_event (PrVirtualMuxd *self, const char *type)
{
    plist_t event = plist_new_dict ();
    plist_dict_set_item (event, "MessageType", plist_new_string (type));
    plist_dict_set_item (event, "DeviceID", plist_new_uint (self->device_id));
    if (g_str_equal (type, "Attached"))
        plist_dict_set_item (event, "Properties", describe_properties (self));
    return event;
}

/* Takes @message. A listener that does not read is hung up on rather than waited for, since this is under the lock. */
static void
send_at_once (Client *client, plist_t message, guint32 tag)
{
    g_autoptr (GByteArray) frame = frame_message (message, tag);
    plist_free (message);
    gssize sent = send (client->fd, frame->data, frame->len, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent != (gssize) frame->len)
        shutdown (client->fd, SHUT_RDWR);
}

/* Under the lock. */
static void
tell_listeners (PrVirtualMuxd *self, const char *type)
{
    for (guint i = 0; i < self->clients->len; i++) {
        Client *client = self->clients->pdata[i];
        if (client->listening)
            send_at_once (client, describe_event (self, type), 0);
    }
}

static void
cut_tunnels (PrVirtualMuxd *self)
{
    for (guint i = 0; i < self->clients->len; i++) {
        Client *client = self->clients->pdata[i];
        if (client->tunnel != NULL)
            shutdown (client->fd, SHUT_RDWR);
    }
}

static void
bus_cb (PrVirtualPhone *phone, PrVirtualMode mode, gpointer data)
{
    PrVirtualMuxd *self = data;
    gboolean serves = mode == PR_VIRTUAL_NORMAL || mode == PR_VIRTUAL_RESTORE;
    g_mutex_lock (&self->mutex);
    if (self->mode != PR_VIRTUAL_OFF) {
        cut_tunnels (self);
        tell_listeners (self, "Detached");
    }
    self->mode = serves ? mode : PR_VIRTUAL_OFF;
    if (serves) {
        self->device_id++;
        tell_listeners (self, "Attached");
    }
    g_mutex_unlock (&self->mutex);
}

/* --- Tunnels --- */

static void
serve_lockdown (Client *client)
{
    PrVirtualMuxd *self = client->muxd;
    pr_virtual_lockdown_serve (self->phone, self->pairing, self->services, client->fd);
}

static void
serve_ticket (Client *client)
{
    pr_virtual_services_serve (client->muxd->services, client->ticket, client->fd);
}

static void
serve_restored (Client *client)
{
    pr_virtual_restored_serve (client->muxd->phone, client->fd);
}

static void
serve_asr (Client *client)
{
    pr_virtual_asr_serve (client->muxd->phone, client->fd);
}

static void
serve_proxy (Client *client)
{
    pr_virtual_proxy_serve (client->muxd->phone, client->fd);
}

static Tunnel
find_restore_tunnel (guint16 port)
{
    switch (port) {
    case PR_VIRTUAL_RESTORED_PORT:
        return serve_restored;
    case PR_VIRTUAL_ASR_PORT:
        return serve_asr;
    case PR_VIRTUAL_PROXY_PORT:
    case PR_VIRTUAL_PROXY_CONNECTION_PORT:
        return serve_proxy;
    default:
        return NULL;
    }
}

/* What listens at @port of the phone as it is now; NULL: nothing. Under the lock. */
static Tunnel
find_tunnel (Client *client, guint16 port)
{
    PrVirtualMuxd *self = client->muxd;
    if (self->mode == PR_VIRTUAL_RESTORE)
        return find_restore_tunnel (port);
    if (port == PR_VIRTUAL_LOCKDOWN_PORT)
        return serve_lockdown;
    client->ticket = pr_virtual_services_take (self->services, port);
    return client->ticket != NULL ? serve_ticket : NULL;
}

static guint
open_tunnel (Client *client, guint64 device_id, guint16 port)
{
    PrVirtualMuxd *self = client->muxd;
    guint result = RESULT_OK;
    g_mutex_lock (&self->mutex);
    if (self->mode == PR_VIRTUAL_OFF || device_id != self->device_id)
        result = RESULT_BAD_DEVICE;
    else if ((client->tunnel = find_tunnel (client, port)) == NULL)
        result = RESULT_REFUSED;
    g_mutex_unlock (&self->mutex);
    return result;
}

/* --- Requests; each returns whether the client may go on --- */

static gboolean
connect_to (Client *client, plist_t request, guint32 tag)
{
    guint64 device_id = pr_virtual_dict_number (request, "DeviceID", 0);
    guint16 port = GUINT16_FROM_BE ((guint16) pr_virtual_dict_number (request, "PortNumber", 0));
    guint result = open_tunnel (client, device_id, port);
    return send_result (client, result, tag) && result == RESULT_OK;
}

static gboolean
list_devices (Client *client, plist_t request, guint32 tag)
{
    PrVirtualMuxd *self = client->muxd;
    plist_t list = plist_new_array ();
    g_mutex_lock (&self->mutex);
    if (self->mode != PR_VIRTUAL_OFF)
        plist_array_append_item (list, describe_event (self, "Attached"));
    g_mutex_unlock (&self->mutex);
    plist_t answer = plist_new_dict ();
    plist_dict_set_item (answer, "DeviceList", list);
    return send_message (client, answer, tag);
}

/* Under the lock, so that no event comes before the answer, or is missed. */
static gboolean
listen_for_events (Client *client, plist_t request, guint32 tag)
{
    PrVirtualMuxd *self = client->muxd;
    g_mutex_lock (&self->mutex);
    send_at_once (client, new_result (RESULT_OK), tag);
    if (self->mode != PR_VIRTUAL_OFF)
        send_at_once (client, describe_event (self, "Attached"), 0);
    client->listening = TRUE;
    g_mutex_unlock (&self->mutex);
    return TRUE;
}

static gboolean
read_buid (Client *client, plist_t request, guint32 tag)
{
    plist_t answer = plist_new_dict ();
    plist_dict_set_item (answer, "BUID", plist_new_string (pr_virtual_pairing_buid (client->muxd->pairing)));
    return send_message (client, answer, tag);
}

static gboolean
read_record (Client *client, plist_t request, guint32 tag)
{
    PrVirtualMuxd *self = client->muxd;
    const char *name = pr_virtual_dict_text (request, "PairRecordID");
    g_mutex_lock (&self->mutex);
    GBytes *record = name != NULL ? g_hash_table_lookup (self->records, name) : NULL;
    g_autoptr (GBytes) held = record != NULL ? g_bytes_ref (record) : NULL;
    g_mutex_unlock (&self->mutex);
    if (held == NULL)
        return send_result (client, ENOENT, tag);
    plist_t answer = plist_new_dict ();
    pr_virtual_dict_set_bytes (answer, "PairRecordData", held);
    return send_message (client, answer, tag);
}

static gboolean
save_record (Client *client, plist_t request, guint32 tag)
{
    PrVirtualMuxd *self = client->muxd;
    const char *name = pr_virtual_dict_text (request, "PairRecordID");
    GBytes *record = pr_virtual_dict_bytes (request, "PairRecordData");
    gboolean good = name != NULL && strlen (name) <= MAX_RECORD_NAME && record != NULL;
    g_mutex_lock (&self->mutex);
    good = good && (g_hash_table_size (self->records) < MAX_RECORDS || g_hash_table_contains (self->records, name));
    if (good) {
        g_hash_table_insert (self->records, g_strdup (name), g_steal_pointer (&record));
        tell_listeners (self, "Paired");
    }
    g_mutex_unlock (&self->mutex);
    g_clear_pointer (&record, g_bytes_unref);
    return send_result (client, good ? RESULT_OK : EINVAL, tag);
}

static gboolean
delete_record (Client *client, plist_t request, guint32 tag)
{
    PrVirtualMuxd *self = client->muxd;
    const char *name = pr_virtual_dict_text (request, "PairRecordID");
    g_mutex_lock (&self->mutex);
    gboolean removed = name != NULL && g_hash_table_remove (self->records, name);
    g_mutex_unlock (&self->mutex);
    if (removed)
        pr_virtual_phone_saw (self->phone, "pair-record-deleted", NULL);
    return send_result (client, removed ? RESULT_OK : ENOENT, tag);
}

static const struct {
    const char *type;
    gboolean (*handle) (Client *client, plist_t request, guint32 tag);
} requests[] = {
    { "Connect", connect_to },
    { "ListDevices", list_devices },
    { "Listen", listen_for_events },
    { "ReadBUID", read_buid },
    { "ReadPairRecord", read_record },
    { "SavePairRecord", save_record },
    { "DeletePairRecord", delete_record },
};

static gboolean
handle (Client *client, plist_t request, guint32 tag)
{
    const char *type = pr_virtual_dict_text (request, "MessageType");
    for (guint i = 0; type != NULL && i < G_N_ELEMENTS (requests); i++)
        if (g_str_equal (requests[i].type, type))
            return requests[i].handle (client, request, tag);
    return send_result (client, RESULT_BAD_COMMAND, tag);
}

/* --- Clients --- */

static gboolean
serve_one (Client *client)
{
    guint32 tag = 0;
    plist_t request = receive_message (client, &tag);
    if (request == NULL)
        return FALSE;
    gboolean more = handle (client, request, tag);
    plist_free (request);
    return more;
}

/* After Listen nothing more is expected from the client than its end. */
static void
wait_for_end (Client *client)
{
    char unread[256];
    while (TEMP_FAILURE_RETRY (recv (client->fd, unread, sizeof unread, 0)) > 0)
        continue;
}

static gpointer
client_thread (gpointer data)
{
    Client *client = data;
    PrVirtualMuxd *self = client->muxd;
    while (client->tunnel == NULL && !client->listening && serve_one (client))
        continue;
    if (client->tunnel != NULL)
        client->tunnel (client);
    else if (client->listening)
        wait_for_end (client);
    g_mutex_lock (&self->mutex);
    g_ptr_array_remove_fast (self->clients, client);
    close (client->fd);
    g_cond_broadcast (&self->changed);
    g_mutex_unlock (&self->mutex);
    g_free (client);
    return NULL;
}

/* A blocking copy of the connection's socket; GIO closes its own. */
static int
take_socket (GSocketConnection *connection)
{
    int fd = fcntl (g_socket_get_fd (g_socket_connection_get_socket (connection)), F_DUPFD_CLOEXEC, 3);
    if (fd >= 0)
        g_unix_set_fd_nonblocking (fd, FALSE, NULL);
    return fd;
}

static gboolean
incoming_cb (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
    PrVirtualMuxd *self = data;
    int fd = take_socket (connection);
    g_mutex_lock (&self->mutex);
    gboolean room = fd >= 0 && self->clients->len < MAX_CLIENTS;
    if (room) {
        Client *client = g_new0 (Client, 1);
        client->muxd = self;
        client->fd = fd;
        g_ptr_array_add (self->clients, client);
        g_thread_unref (g_thread_new ("usbmuxd-client", client_thread, client));
    }
    g_mutex_unlock (&self->mutex);
    if (!room && fd >= 0)
        close (fd);
    return TRUE;
}

/* --- Its life --- */

gboolean
pr_virtual_muxd_start (PrVirtualMuxd *self, GError **error)
{
    if (self->service != NULL)
        return TRUE;
    g_autoptr (GSocketAddress) address = g_unix_socket_address_new (self->path);
    self->service = g_socket_service_new ();
    g_socket_listener_set_backlog (G_SOCKET_LISTENER (self->service), BACKLOG);
    g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);
    return g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                          G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, error);
}

PrVirtualMuxd *
pr_virtual_muxd_new (PrVirtualPhone *phone, PrVirtualPairing *pairing, PrVirtualServices *services)
{
    PrVirtualMuxd *self = g_new0 (PrVirtualMuxd, 1);
    self->phone = phone;
    self->pairing = pairing;
    self->services = services;
    self->path = g_build_filename (pr_virtual_phone_folder (phone), "usbmuxd", NULL);
    g_mutex_init (&self->mutex);
    g_cond_init (&self->changed);
    self->clients = g_ptr_array_new ();
    self->records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
    GBytes *record = pr_virtual_pairing_initial_record (pairing);
    const char *udid = pr_virtual_phone_identity (phone)->udid;
    if (record != NULL)
        g_hash_table_insert (self->records, g_strdup (udid), g_bytes_ref (record));
    pr_virtual_phone_watch_bus (phone, bus_cb, self);
    return self;
}

/* Every wait of a client's thread is for its socket, or for the phone's work, which has been told to end. */
static void
end_clients (PrVirtualMuxd *self)
{
    g_mutex_lock (&self->mutex);
    for (guint i = 0; i < self->clients->len; i++)
        shutdown (((Client *) self->clients->pdata[i])->fd, SHUT_RDWR);
    while (self->clients->len > 0)
        g_cond_wait (&self->changed, &self->mutex);
    g_mutex_unlock (&self->mutex);
}

void
pr_virtual_muxd_stop (PrVirtualMuxd *self)
{
    if (self->service == NULL)
        return;
    g_socket_service_stop (self->service);
    g_socket_listener_close (G_SOCKET_LISTENER (self->service));
    g_clear_object (&self->service);
    unlink (self->path);
    end_clients (self);
}

void
pr_virtual_muxd_free (PrVirtualMuxd *self)
{
    pr_virtual_muxd_stop (self);
    g_free (self->path);
    g_ptr_array_unref (self->clients);
    g_hash_table_unref (self->records);
    g_cond_clear (&self->changed);
    g_mutex_clear (&self->mutex);
    g_free (self);
}
