// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-firmware.h"

#include <string.h>

#include <plist/plist.h>

#include "pr-virtual-download.h"
#include "pr-virtual-server.h"
#include "pr-virtual-web.h"
#include "pr-virtual-wire.h"

#define CHUNK (256 * 1024)
#define MIB (1024 * 1024)
#define PORTAL "<html><head><title>Welcome</title></head><body><h1>Sign in to the Wi-Fi</h1></body></html>"
#define LAST_MODIFIED "Mon, 29 Jul 2024 17:00:%02u GMT"

struct _PrVirtualFirmware {
    PrVirtualPhone *phone;
    PrVirtualWeb *web;
    PrVirtualDownload *download;
    char *folder;
    char *name; /* of the file */
    char *version;
    char *build;
    gint64 sent; /* bytes of the file, atomic by the mutex */
    gboolean changed;
    GMutex mutex;
};

typedef struct {
    guint generation;
    guint64 from;
    guint64 size;
    gboolean partial;
} Piece;

/* --- Faults --- */

static gboolean
has_fault (PrVirtualFirmware *self, const char *name)
{
    g_autofree char *argument = pr_virtual_phone_fault (self->phone, name);

    return argument != NULL;
}

/* -1: it is not set. */
static gint64
get_fault (PrVirtualFirmware *self, const char *name)
{
    return (gint64) pr_virtual_phone_fault_number (self->phone, name, -1);
}

static PrVirtualCertificateKind
certificate_cb (gpointer data)
{
    PrVirtualFirmware *self = data;
    g_autofree char *kind = pr_virtual_phone_fault (self->phone, "download-certificate");

    return pr_virtual_certificate_kind (kind);
}

/* --- The lists --- */

static char *
get_address (PrVirtualFirmware *self)
{
    return g_strdup_printf ("https://localhost:%u/files/%s", pr_virtual_web_port (self->web), self->name);
}

/* What the lists say; a lie when the digest is at fault. */
static char *
get_digest (PrVirtualFirmware *self)
{
    if (has_fault (self, "download-digest"))
        return g_strdup ("0123456789abcdef0123456789abcdef01234567");
    return pr_virtual_download_sha1 (self->download);
}

static plist_t
describe_restore (PrVirtualFirmware *self)
{
    plist_t restore = plist_new_dict ();
    g_autofree char *digest = get_digest (self);
    g_autofree char *address = get_address (self);

    plist_dict_set_item (restore, "BuildVersion", plist_new_string (self->build));
    plist_dict_set_item (restore, "ProductVersion", plist_new_string (self->version));
    plist_dict_set_item (restore, "FirmwareURL", plist_new_string (address));
    plist_dict_set_item (restore, "FirmwareSHA1", plist_new_string (digest));
    return restore;
}

static plist_t
wrap (const char *key, plist_t value)
{
    plist_t dict = plist_new_dict ();

    plist_dict_set_item (dict, key, value);
    return dict;
}

/* As much of it as says something about this phone, and the older numbering beside it. */
static char *
write_apple_list (PrVirtualFirmware *self)
{
    const char *product = pr_virtual_phone_identity (self->phone)->product;
    plist_t builds = wrap ("Unknown", wrap ("Universal", wrap ("Restore", describe_restore (self))));
    plist_t numbers = plist_new_dict ();
    g_auto (plist_t) list = NULL;
    char *xml = NULL;
    guint32 length = 0;

    plist_dict_set_item (builds, "21F90", wrap ("SameAs", plist_new_string (self->build)));
    plist_dict_set_item (builds, self->build, wrap ("Restore", describe_restore (self)));
    plist_dict_set_item (numbers, "1", wrap ("MobileDeviceSoftwareVersions", plist_new_dict ()));
    plist_dict_set_item (numbers, "2", wrap ("MobileDeviceSoftwareVersions", wrap (product, builds)));
    list = wrap ("MobileDeviceSoftwareVersionsByVersion", numbers);
    plist_to_xml (list, &xml, &length);
    char *text = g_strndup (xml, length);
    plist_mem_free (xml);
    return text;
}

/* When its version came out: long ago, unless the scenario says how many days. */
static char *
write_release (PrVirtualFirmware *self)
{
    double days = pr_virtual_phone_setting_number (self->phone, "firmware", "age-days", -1);
    g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
    g_autoptr (GDateTime) then = g_date_time_add_seconds (now, -days * 24 * 60 * 60);

    return days < 0 ? g_strdup ("2024-07-29T17:00:00Z") : g_date_time_format (then, "%Y-%m-%dT%H:%M:%SZ");
}

static char *
write_ipsw_list (PrVirtualFirmware *self)
{
    const PrVirtualIdentity *identity = pr_virtual_phone_identity (self->phone);
    g_autofree char *digest = get_digest (self);
    g_autofree char *address = get_address (self);
    g_autofree char *released = write_release (self);

    return g_strdup_printf (
        "{\"name\":\"%s\",\"identifier\":\"%s\",\"boardconfig\":\"%s\",\"cpid\":%u,\"bdid\":%u,\"firmwares\":["
        "{\"identifier\":\"%s\",\"version\":\"%s\",\"buildid\":\"%s\",\"sha1sum\":\"%s\",\"filesize\":"
        "%" G_GUINT64_FORMAT ",\"url\":\"%s\",\"releasedate\":\"%s\",\"signed\":true},"
        "{\"identifier\":\"%s\",\"version\":\"17.5.1\",\"buildid\":\"21F90\",\"sha1sum\":"
        "\"00000000000000000000000000000000000000ff\",\"filesize\":1000,\"url\":\"https://localhost:%u/files/"
        "old.ipsw\","
        "\"releasedate\":\"2024-05-20T17:00:00Z\",\"signed\":false}]}",
        identity->marketing, identity->product, identity->board, identity->chip_id, identity->board_id,
        identity->product, self->version, self->build, digest, pr_virtual_download_size (self->download), address,
        released, identity->product, pr_virtual_web_port (self->web));
}

/* A list that is no list: as the fault says, else what @write writes. */
static void
answer_list (PrVirtualFirmware *self,
             const char *fault,
             const char *type,
             char *(*write) (PrVirtualFirmware *),
             GOutputStream *output)
{
    g_autofree char *wrong = pr_virtual_phone_fault (self->phone, fault);
    g_autofree char *list = NULL;

    if (wrong == NULL)
        list = write (self);
    else if (g_ascii_isdigit (*wrong)) {
        pr_virtual_web_reply (output, wrong, NULL, "text/plain", "no", -1);
        return;
    } else if (g_str_equal (wrong, "huge"))
        list = g_strnfill (64 * MIB, ' ');
    else if (g_str_equal (wrong, "deep"))
        list = g_strnfill (100000, '[');
    else if (g_str_equal (wrong, "silent")) {
        while (has_fault (self, fault) && !pr_virtual_phone_ending (self->phone))
            g_usleep (50 * G_TIME_SPAN_MILLISECOND);
        return;
    } else
        list = g_strdup ("no list");
    pr_virtual_web_reply (output, "200 OK", NULL, type, list, -1);
}

/* --- The file --- */

static gboolean
count_sent (PrVirtualFirmware *self, gsize length)
{
    gint64 limit = get_fault (self, "download-changes");

    g_mutex_lock (&self->mutex);
    self->sent += (gint64) length;
    gboolean changes = limit >= 0 && !self->changed && self->sent >= limit;
    self->changed |= changes;
    g_mutex_unlock (&self->mutex);
    if (changes)
        pr_virtual_download_change (self->download);
    return changes;
}

static void
keep_pace (PrVirtualFirmware *self, gsize length)
{
    gint64 kib = get_fault (self, "download-slow");

    if (kib > 0)
        g_usleep ((gulong) (length * G_USEC_PER_SEC / (gsize) (kib * 1024)));
}

static void
stall (PrVirtualFirmware *self, guint64 done)
{
    while (!pr_virtual_phone_ending (self->phone)) {
        gint64 where = get_fault (self, "download-stalls");

        if (where < 0 || done < (guint64) where)
            return;
        g_usleep (50 * G_TIME_SPAN_MILLISECOND);
    }
}

/* How many bytes of the body go out before the connection is cut. */
static guint64
get_end (PrVirtualFirmware *self, guint64 length)
{
    gint64 cut = get_fault (self, "download-cut");

    return cut < 0 ? length : MIN ((guint64) cut, length);
}

static void
send_body (PrVirtualFirmware *self, const Piece *piece, GOutputStream *output)
{
    g_autofree guint8 *buffer = g_malloc (CHUNK);
    guint64 end = get_end (self, piece->size - piece->from);
    gsize chunk = get_fault (self, "download-slow") > 0 ? 16 * 1024 : CHUNK;

    for (guint64 done = 0; done < end && !pr_virtual_phone_ending (self->phone);) {
        gsize length = (gsize) MIN (chunk, end - done);

        stall (self, done);
        if (!pr_virtual_download_read (self->download, piece->generation, piece->from + done, buffer, length) ||
            !g_output_stream_write_all (output, buffer, length, NULL, NULL, NULL))
            return;
        done += length;
        keep_pace (self, length);
        if (count_sent (self, length))
            return;
    }
}

static char *
get_etag (PrVirtualFirmware *self, guint generation)
{
    g_autofree char *kind = pr_virtual_phone_setting (self->phone, "server", "etag", "strong");

    if (g_str_equal (kind, "none"))
        return NULL;
    return g_strdup_printf ("%s\"version-%u\"", g_str_equal (kind, "weak") ? "W/" : "", generation);
}

static char *
get_modified (PrVirtualFirmware *self, guint generation)
{
    if (!pr_virtual_phone_setting_flag (self->phone, "server", "last-modified", TRUE))
        return NULL;
    return g_strdup_printf (LAST_MODIFIED, generation);
}

/* RFC 9110, 13.1.5: a weak mark never fits. A server at fault does not look at all. */
static gboolean
condition_fits (PrVirtualFirmware *self, const PrVirtualRequest *request, const char *etag, const char *modified)
{
    if (request->if_range == NULL || has_fault (self, "download-ignores-if-range"))
        return TRUE;
    if (etag != NULL && !g_str_has_prefix (etag, "W/") && g_str_equal (etag, request->if_range))
        return TRUE;
    return modified != NULL && g_str_equal (modified, request->if_range);
}

static gboolean
read_range (PrVirtualFirmware *self, const PrVirtualRequest *request, Piece *piece)
{
    if (request->range == NULL || !g_str_has_prefix (request->range, "bytes=") ||
        !pr_virtual_phone_setting_flag (self->phone, "server", "ranges", TRUE))
        return FALSE;
    piece->from = g_ascii_strtoull (request->range + strlen ("bytes="), NULL, 10);
    return TRUE;
}

static void
log_request (PrVirtualFirmware *self, const PrVirtualRequest *request, const Piece *piece)
{
    g_autofree char *from = g_strdup_printf ("%" G_GUINT64_FORMAT, piece->from);

    pr_virtual_phone_saw (self->phone, "download-request", "from", from, "partial", piece->partial ? "yes" : "no",
                          "if-range", request->if_range != NULL ? request->if_range : "", NULL);
}

static void
send_head (PrVirtualFirmware *self, const Piece *piece, const char *etag, const char *modified, GOutputStream *output)
{
    gint64 wrong = get_fault (self, "download-length");
    guint64 size = wrong >= 0 ? (guint64) wrong : piece->size;

    pr_virtual_web_say (output, "HTTP/1.1 %s\r\nContent-Type: application/octet-stream\r\nConnection: close\r\n",
                        piece->partial ? "206 Partial Content" : "200 OK");
    pr_virtual_web_say (output, "Content-Length: %" G_GUINT64_FORMAT "\r\n", size - MIN (size, piece->from));
    if (piece->partial)
        pr_virtual_web_say (output,
                            "Content-Range: bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT
                            "\r\n",
                            piece->from, size - 1, size);
    if (etag != NULL)
        pr_virtual_web_say (output, "ETag: %s\r\n", etag);
    if (modified != NULL)
        pr_virtual_web_say (output, "Last-Modified: %s\r\n", modified);
    pr_virtual_web_say (output, "\r\n");
}

static void
answer_file (PrVirtualFirmware *self, const PrVirtualRequest *request, GOutputStream *output)
{
    guint generation = pr_virtual_download_generation (self->download);
    Piece piece = { .generation = generation, .size = pr_virtual_download_size (self->download) };
    g_autofree char *etag = get_etag (self, generation);
    g_autofree char *modified = get_modified (self, generation);

    piece.partial = read_range (self, request, &piece) && condition_fits (self, request, etag, modified);
    if (!piece.partial)
        piece.from = 0;
    log_request (self, request, &piece);
    if (piece.partial && piece.from >= piece.size) {
        pr_virtual_web_reply (output, "416 Range Not Satisfiable", NULL, "text/plain", "", 0);
        return;
    }
    send_head (self, &piece, etag, modified, output);
    if (!g_str_equal (request->method, "HEAD"))
        send_body (self, &piece, output);
}

/* --- Who asks for what --- */

/* "503 7": that status, with Retry-After: 7. */
static void
answer_status (const char *argument, GOutputStream *output)
{
    g_auto (GStrv) words = g_strsplit (argument, " ", 2);
    g_autofree char *retry = words[1] != NULL ? g_strdup_printf ("Retry-After: %s\r\n", words[1]) : NULL;

    pr_virtual_web_reply (output, words[0] != NULL ? words[0] : "500", retry, "text/plain", "no", -1);
}

/* "http", "loop", or "again" (once, to the same file). */
static void
answer_redirect (PrVirtualFirmware *self, const char *where, const char *path, GOutputStream *output)
{
    gboolean plain = g_str_equal (where, "http");
    g_autofree char *headers =
        g_strdup_printf ("Location: %s://localhost:%u%s%s\r\n", plain ? "http" : "https",
                         pr_virtual_web_port (self->web), g_str_equal (where, "again") ? "/moved" : "", path);

    pr_virtual_web_reply (output, "302 Found", headers, "text/plain", "", 0);
}

static gboolean
answer_fault (PrVirtualFirmware *self, const char *path, GOutputStream *output)
{
    g_autofree char *status = pr_virtual_phone_fault (self->phone, "download-status");
    g_autofree char *redirect = pr_virtual_phone_fault (self->phone, "download-redirect");

    if (status != NULL)
        answer_status (status, output);
    else if (redirect != NULL && !g_str_has_prefix (path, "/moved/"))
        answer_redirect (self, redirect, path, output);
    else
        return FALSE;
    return TRUE;
}

/* The signing server too, for those who ask it over a checked connection. While it is down it says no word. */
static void
answer_signing (PrVirtualFirmware *self, const PrVirtualRequest *request, GOutputStream *output)
{
    g_autofree char *text = NULL;

    if (has_fault (self, "signing-down"))
        return;
    text = pr_virtual_server_answer (self->phone, request->body, request->length);

    pr_virtual_web_reply (output, "200 OK", NULL, "text/html", text, -1);
}

static void
answer_path (PrVirtualFirmware *self, const PrVirtualRequest *request, const char *path, GOutputStream *output)
{
    g_autofree char *file = g_strconcat ("/files/", self->name, NULL);
    g_autofree char *device = g_strconcat ("/v4/device/", pr_virtual_phone_identity (self->phone)->product, NULL);

    if (g_str_has_prefix (path, "/TSS/controller"))
        answer_signing (self, request, output);
    else if (g_str_equal (path, "/version"))
        answer_list (self, "apple-list", "text/xml", write_apple_list, output);
    else if (g_str_equal (path, device))
        answer_list (self, "ipsw-list", "application/json", write_ipsw_list, output);
    else if (!g_str_equal (path, file))
        pr_virtual_web_reply (output, "404 Not Found", NULL, "text/plain", "no", -1);
    else if (!answer_fault (self, request->path, output))
        answer_file (self, request, output);
}

/* A network that wants a person to sign in answers plain HTTP itself, and what is encrypted as it can. */
static void
answer_cb (const PrVirtualRequest *request, GOutputStream *output, gpointer data)
{
    PrVirtualFirmware *self = data;
    const char *path = g_str_has_prefix (request->path, "/moved/") ? request->path + strlen ("/moved") : request->path;

    pr_virtual_phone_saw (self->phone, "web-request", "method", request->method, "path", request->path, "secure",
                          request->secure ? "yes" : "no", NULL);
    if (g_str_equal (request->method, "CONNECT"))
        pr_virtual_web_say (output, "HTTP/1.1 200 Connection established\r\n\r\n");
    else if (has_fault (self, "captive-portal"))
        pr_virtual_web_reply (output, "200 OK", NULL, "text/html", PORTAL, -1);
    else if (!request->secure && g_str_equal (path, "/hotspot-detect.html"))
        pr_virtual_web_reply (output, "200 OK", NULL, "text/html", "<HTML><BODY>Success</BODY></HTML>", -1);
    else
        answer_path (self, request, path, output);
}

/* --- Its life --- */

static PrVirtualDownload *
make_download (PrVirtualFirmware *self, GError **error)
{
    g_autofree char *path = g_build_filename (self->folder, self->name, NULL);
    double mib = pr_virtual_phone_setting_number (self->phone, "server", "size-mib", 0);

    return pr_virtual_download_new (path, (guint64) (mib * MIB), error);
}

PrVirtualFirmware *
pr_virtual_firmware_new (PrVirtualPhone *phone, const char *folder, GError **error)
{
    PrVirtualFirmware *self = g_new0 (PrVirtualFirmware, 1);
    const PrVirtualWebHooks hooks = { .certificate = certificate_cb, .answer = answer_cb, .data = self };
    gboolean other;

    g_mutex_init (&self->mutex);
    self->phone = phone;
    self->folder = g_strdup (folder);
    self->version = pr_virtual_phone_setting (phone, "firmware", "version", "17.6.1");
    self->build = pr_virtual_phone_setting (phone, "firmware", "build", "21G93");
    g_autofree char *kind = pr_virtual_phone_setting (phone, "firmware", "kind", "both");
    other = g_str_equal (kind, "other-model");
    self->name =
        g_strdup_printf ("%s_%s_%s_Restore.ipsw", other ? "iPhone13,2" : pr_virtual_phone_identity (phone)->product,
                         self->version, self->build);
    self->download = make_download (self, error);
    self->web = self->download != NULL ? pr_virtual_web_new (&hooks, error) : NULL;
    if (self->web == NULL) {
        pr_virtual_firmware_free (self);
        return NULL;
    }
    pr_virtual_firmware_settle (self);
    return self;
}

char *
pr_virtual_firmware_environment (PrVirtualFirmware *self)
{
    guint port = pr_virtual_web_port (self->web);
    g_autofree char *pem = pr_virtual_web_authority_pem (self->web);
    g_autofree char *path = g_build_filename (pr_virtual_phone_folder (self->phone), "authority.pem", NULL);

    if (!g_file_set_contents (path, pem, -1, NULL))
        g_printerr ("phone-reset-virtual-phone: cannot write %s\n", path);
    return g_strdup_printf ("VERSION_LIST=https://localhost:%u/version\n"
                            "IPSW_LIST=https://localhost:%u/v4/device/\n"
                            "SIGN_IN_PROBE=http://localhost:%u/hotspot-detect.html\n"
                            "WEB_PROXY=http://127.0.0.1:%u\n"
                            "SECURE_SIGNING_SERVER=https://localhost:%u\n"
                            "WEB_AUTHORITY=%s\n",
                            port, port, port, port, port, path);
}

void
pr_virtual_firmware_settle (PrVirtualFirmware *self)
{
    pr_virtual_web_set_listening (self->web, !has_fault (self, "servers-down"));
}

void
pr_virtual_firmware_describe (PrVirtualFirmware *self, JsonObject *state)
{
    g_mutex_lock (&self->mutex);
    json_object_set_int_member (state, "download-bytes", self->sent);
    g_mutex_unlock (&self->mutex);
}

void
pr_virtual_firmware_free (PrVirtualFirmware *self)
{
    g_clear_pointer (&self->web, pr_virtual_web_free);
    g_clear_pointer (&self->download, pr_virtual_download_free);
    g_mutex_clear (&self->mutex);
    g_free (self->folder);
    g_free (self->name);
    g_free (self->version);
    g_free (self->build);
    g_free (self);
}
