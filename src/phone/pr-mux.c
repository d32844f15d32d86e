// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-mux.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "config.h"
#include "pr-error.h"

#define DEFAULT_SOCKET "/var/run/usbmuxd"
#define VERSION 1       /* of the packets, which carry property lists */
#define MESSAGE_PLIST 8 /* the only kind of message of that version */

/* Numbers of usbmuxd's answer "Result". */
typedef enum {
    RESULT_OK = 0,
    RESULT_BAD_DEVICE = 2,
    RESULT_REFUSED = 3,
} Result;

GSocketConnectable *
pr_mux_create_address (GError **error)
{
    const char *text = g_getenv ("USBMUXD_SOCKET_ADDRESS");

    if (text == NULL || *text == '\0')
        return G_SOCKET_CONNECTABLE (g_unix_socket_address_new (DEFAULT_SOCKET));
    if (g_str_has_prefix (text, "UNIX:"))
        return G_SOCKET_CONNECTABLE (g_unix_socket_address_new (text + strlen ("UNIX:")));
    return g_network_address_parse (text, 0, error);
}

plist_t
pr_mux_create_request (const char *type)
{
    plist_t request = plist_new_dict ();

    plist_dict_set_item (request, "MessageType", plist_new_string (type));
    plist_dict_set_item (request, "ProgName", plist_new_string ("phone-reset"));
    plist_dict_set_item (request, "ClientVersionString", plist_new_string ("phone-reset " PR_VERSION));
    plist_dict_set_item (request, "kLibUSBMuxVersion", plist_new_uint (3));
    return request;
}

GByteArray *
pr_mux_pack (plist_t request)
{
    g_autoptr (GBytes) body = pr_plist_to_bytes (request);
    GByteArray *packet = g_byte_array_new ();
    guint32 header[4] = {
        GUINT32_TO_LE ((guint32) (PR_MUX_HEADER + g_bytes_get_size (body))), GUINT32_TO_LE (VERSION),
        GUINT32_TO_LE (MESSAGE_PLIST), GUINT32_TO_LE (1), /* tag: one request a connection, so any will do */
    };

    g_byte_array_append (packet, (const guint8 *) header, sizeof header);
    g_byte_array_append (packet, g_bytes_get_data (body, NULL), g_bytes_get_size (body));
    return packet;
}

gsize
pr_mux_read_header (const guint8 header[PR_MUX_HEADER])
{
    guint32 fields[4];
    guint32 length;

    memcpy (fields, header, sizeof fields);
    length = GUINT32_FROM_LE (fields[0]);
    if (GUINT32_FROM_LE (fields[1]) != VERSION || GUINT32_FROM_LE (fields[2]) != MESSAGE_PLIST)
        return 0;
    return length > PR_MUX_HEADER && length - PR_MUX_HEADER <= PR_MUX_MAX_BODY ? length - PR_MUX_HEADER : 0;
}

static gboolean
is_hex (const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isxdigit (text[i]))
            return FALSE;
    return TRUE;
}

char *
pr_mux_create_udid (const char *serial)
{
    gsize length = serial != NULL ? strnlen (serial, 41) : 0;

    if (length == 40 && is_hex (serial, 40))
        return g_ascii_strdown (serial, 40);
    if (length == 24 && is_hex (serial, 24))
        return g_strdup_printf ("%.8s-%s", serial, serial + 8);
    if (length == 25 && serial[8] == '-' && is_hex (serial, 8) && is_hex (serial + 9, 16))
        return g_strdup (serial);
    return NULL;
}

guint64
pr_mux_get_ecid (const char *udid)
{
    guint64 ecid = 0;

    if (udid == NULL || strlen (udid) != 25 || udid[8] != '-')
        return 0;
    g_ascii_string_to_unsigned (udid + 9, 16, 0, G_MAXUINT64, &ecid, NULL);
    return ecid;
}

static plist_t
receive_packet (PrWire *wire, GCancellable *cancellable, GError **error)
{
    guint8 header[PR_MUX_HEADER];
    g_autofree guint8 *body = NULL;
    gsize length;
    plist_t answer;

    if (!pr_wire_receive (wire, header, sizeof header, cancellable, error))
        return NULL;
    length = pr_mux_read_header (header);
    body = g_malloc (length);
    if (length > 0 && !pr_wire_receive (wire, body, length, cancellable, error))
        return NULL;
    answer = pr_plist_from_memory (body, length);
    if (answer == NULL)
        g_set_error_literal (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "usbmuxd's answer is no property list");
    return answer;
}

/* Sends @request over a connection of its own, which lives on in @kept where that is wanted. */
static plist_t
ask (plist_t request, PrWire **kept, GCancellable *cancellable, GError **error)
{
    g_autoptr (GSocketConnectable) address = pr_mux_create_address (error);
    g_autoptr (GByteArray) packet = pr_mux_pack (request);
    g_autoptr (PrWire) wire = NULL;
    plist_t answer;

    if (address == NULL)
        return NULL;
    wire = pr_wire_open (address, cancellable, error);
    if (wire == NULL || !pr_wire_send (wire, packet->data, packet->len, cancellable, error))
        return NULL;
    answer = receive_packet (wire, cancellable, error);
    if (answer != NULL && kept != NULL)
        *kept = g_steal_pointer (&wire);
    return answer;
}

static gboolean
check_result (plist_t answer, GError **error)
{
    guint64 number;

    if (!pr_plist_get_number (answer, "Number", &number)) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "usbmuxd's answer has no result");
        return FALSE;
    }
    if (number == RESULT_OK)
        return TRUE;
    g_set_error (error, PR_ERROR,
                 number == RESULT_BAD_DEVICE ? PR_ERROR_UNPLUGGED
                 : number == RESULT_REFUSED  ? PR_ERROR_NO_ANSWER
                                             : PR_ERROR_BAD_ANSWER,
                 "usbmuxd answered %" G_GUINT64_FORMAT, number);
    return FALSE;
}

/* usbmuxd lists a phone once for the cable and once for Wi-Fi; only the cable counts here. */
static gboolean
is_phone (plist_t properties, const char *udid)
{
    g_autofree char *type = pr_plist_dup_word (properties, "ConnectionType");
    g_autofree char *serial = pr_plist_dup_word (properties, "SerialNumber");
    g_autofree char *found = pr_mux_create_udid (serial);

    return g_strcmp0 (type, "USB") == 0 && found != NULL && g_ascii_strcasecmp (found, udid) == 0;
}

static gboolean
find_device (const char *udid, guint64 *device, GCancellable *cancellable, GError **error)
{
    g_auto (plist_t) request = pr_mux_create_request ("ListDevices");
    g_auto (plist_t) answer = ask (request, NULL, cancellable, error);
    plist_t list;

    if (answer == NULL)
        return FALSE;
    list = pr_plist_get_item (answer, "DeviceList", PLIST_ARRAY);
    for (guint32 i = 0; list != NULL && i < plist_array_get_size (list); i++) {
        plist_t item = plist_array_get_item (list, i);

        if (is_phone (pr_plist_get_item (item, "Properties", PLIST_DICT), udid) &&
            pr_plist_get_number (item, "DeviceID", device))
            return TRUE;
    }
    g_set_error (error, PR_ERROR, PR_ERROR_UNPLUGGED, "usbmuxd does not see the phone %s", udid);
    return FALSE;
}

PrWire *
pr_mux_connect (const char *udid, guint16 port, GCancellable *cancellable, GError **error)
{
    g_auto (plist_t) request = pr_mux_create_request ("Connect");
    g_auto (plist_t) answer = NULL;
    g_autoptr (PrWire) wire = NULL;
    guint64 device;

    if (!find_device (udid, &device, cancellable, error))
        return NULL;
    plist_dict_set_item (request, "DeviceID", plist_new_uint (device));
    plist_dict_set_item (request, "PortNumber", plist_new_uint (GUINT16_TO_BE (port)));
    answer = ask (request, &wire, cancellable, error);
    if (answer == NULL || !check_result (answer, error))
        return NULL;
    return g_steal_pointer (&wire);
}

GBytes *
pr_mux_read_pair_record (const char *udid, GCancellable *cancellable, GError **error)
{
    g_auto (plist_t) request = pr_mux_create_request ("ReadPairRecord");
    g_auto (plist_t) answer = NULL;
    plist_t record;
    guint64 length = 0, number = 0;
    const char *data;

    plist_dict_set_item (request, "PairRecordID", plist_new_string (udid));
    answer = ask (request, NULL, cancellable, error);
    if (answer == NULL)
        return NULL;
    record = pr_plist_get_item (answer, "PairRecordData", PLIST_DATA);
    if (record == NULL) {
        /* here the number is an errno */
        if (!pr_plist_get_number (answer, "Number", &number) || number != ENOENT)
            g_set_error_literal (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "usbmuxd cannot read the pair record");
        return NULL;
    }
    data = plist_get_data_ptr (record, &length);
    return g_bytes_new (data, length);
}

gboolean
pr_mux_save_pair_record (const char *udid, GBytes *record, GCancellable *cancellable, GError **error)
{
    g_auto (plist_t) request = pr_mux_create_request ("SavePairRecord");
    g_auto (plist_t) answer = NULL;
    guint64 device;

    plist_dict_set_item (request, "PairRecordID", plist_new_string (udid));
    plist_dict_set_item (request, "PairRecordData",
                         plist_new_data (g_bytes_get_data (record, NULL), g_bytes_get_size (record)));
    /* with it, usbmuxd tells its other clients that this phone is paired now */
    if (find_device (udid, &device, cancellable, NULL))
        plist_dict_set_item (request, "DeviceID", plist_new_uint (device));
    answer = ask (request, NULL, cancellable, error);
    return answer != NULL && check_result (answer, error);
}

gboolean
pr_mux_delete_pair_record (const char *udid, GCancellable *cancellable, GError **error)
{
    g_auto (plist_t) request = pr_mux_create_request ("DeletePairRecord");
    g_auto (plist_t) answer = NULL;

    plist_dict_set_item (request, "PairRecordID", plist_new_string (udid));
    answer = ask (request, NULL, cancellable, error);
    return answer != NULL && check_result (answer, error);
}

char *
pr_mux_read_buid (GCancellable *cancellable, GError **error)
{
    g_auto (plist_t) request = pr_mux_create_request ("ReadBUID");
    g_auto (plist_t) answer = ask (request, NULL, cancellable, error);
    char *buid;

    if (answer == NULL)
        return NULL;
    buid = pr_plist_dup_word (answer, "BUID");
    if (buid == NULL)
        g_set_error_literal (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "usbmuxd does not tell its BUID");
    return buid;
}
