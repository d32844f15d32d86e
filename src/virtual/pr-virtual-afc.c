/* com.apple.afc, as far as backing up needs it: the lock that keeps two computers from syncing at once, and the few
 * files that one leaves for iOS (/iTunesRestore/RestoreApplications.plist). They are in memory, and go with the phone's
 * process.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-virtual-services.h"

#include <string.h>

#define MAGIC "CFA6LPAA"
#define PACKET_LIMIT (4 * 1024 * 1024)
#define STORE_LIMIT (64 * 1024 * 1024) /* bytes of all files */
#define MAX_FILES 4096
#define MAX_HANDLES 64 /* of one connection */

enum {
    OP_STATUS = 0x01,
    OP_DATA = 0x02,
    OP_READ_DIR = 0x03,
    OP_REMOVE_PATH = 0x08,
    OP_MAKE_DIR = 0x09,
    OP_GET_FILE_INFO = 0x0a,
    OP_GET_DEVICE_INFO = 0x0b,
    OP_FILE_OPEN = 0x0d,
    OP_FILE_OPENED = 0x0e,
    OP_FILE_READ = 0x0f,
    OP_FILE_WRITE = 0x10,
    OP_FILE_CLOSE = 0x14,
    OP_FILE_LOCK = 0x1b,
};

enum {
    STATUS_SUCCESS = 0,
    STATUS_UNKNOWN = 1,
    STATUS_NO_RESOURCES = 3,
    STATUS_INVALID = 7,
    STATUS_NOT_FOUND = 8,
    STATUS_IS_DIR = 9,
    STATUS_WOULD_BLOCK = 19,
    STATUS_NO_SPACE = 18,
};

enum { MODE_READ = 1, MODE_LAST = 6 };
enum { LOCK_SHARED = 1 | 4, LOCK_ALONE = 2 | 4, UNLOCK = 8 | 4 };

typedef struct {
    char magic[8];
    guint64 whole, head, number, operation; /* little-endian */
} Header;

typedef struct {
    char *path;
    gsize at;
    gboolean writes;
} Handle;

typedef struct {
    PrVirtualPhone *phone;
    PrVirtualStream *stream;
    guint64 number; /* of the packet */
    Handle handles[MAX_HANDLES];
} Afc;

/* One phone a process. */
static struct {
    GMutex mutex;
    GHashTable *files;   /* path → GByteArray; NULL: a folder */
    GHashTable *lockers; /* path → the connection that holds its lock */
    gsize size;
} store;

/* --- Packets --- */

static gboolean
answer (Afc *self, guint64 operation, const void *data, gsize length)
{
    Header header = {
        .whole = GUINT64_TO_LE (sizeof header + length),
        .head = GUINT64_TO_LE (sizeof header + (operation == OP_DATA ? 0 : length)),
        .number = self->number,
        .operation = GUINT64_TO_LE (operation),
    };
    memcpy (header.magic, MAGIC, sizeof header.magic);
    return pr_virtual_stream_write (self->stream, &header, sizeof header) &&
           (length == 0 || pr_virtual_stream_write (self->stream, data, length));
}

static gboolean
answer_number (Afc *self, guint64 operation, guint64 number)
{
    guint64 value = GUINT64_TO_LE (number);
    return answer (self, operation, &value, sizeof value);
}

static gboolean
answer_status (Afc *self, guint64 status)
{
    return answer_number (self, OP_STATUS, status);
}

static gboolean
answer_text (Afc *self, GString *text)
{
    return answer (self, OP_DATA, text->str, text->len);
}

typedef struct {
    const guint8 *data;
    gsize length;
} Request;

static guint64
get_number (const Request *request, guint index)
{
    guint64 number = 0;
    if (request->length >= (index + 1) * sizeof number)
        memcpy (&number, request->data + index * sizeof number, sizeof number);
    return GUINT64_FROM_LE (number);
}

/* (transfer full) (nullable): the path at @offset, with one slash before it and none doubled. */
static char *
get_path (const Request *request, gsize offset)
{
    if (request->length <= offset || memchr (request->data + offset, '\0', request->length - offset) == NULL)
        return NULL;
    const char *path = (const char *) request->data + offset;
    return g_canonicalize_filename (path + strspn (path, "/"), "/");
}

/* --- The store; under its lock --- */

static void
free_file (gpointer file)
{
    if (file != NULL)
        g_byte_array_unref (file);
}

static void
fill_store (void)
{
    static const char *const folders[] = { "/", "/Books", "/DCIM", "/Downloads", "/iTunes_Control", "/iTunesRestore" };
    if (store.files != NULL)
        return;
    store.files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_file);
    store.lockers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
        g_hash_table_insert (store.files, g_strdup (folders[i]), NULL);
}

static guint64
find_file (const char *path, GByteArray **file)
{
    gpointer found = NULL;
    if (path == NULL)
        return STATUS_INVALID;
    if (!g_hash_table_lookup_extended (store.files, path, NULL, &found))
        return STATUS_NOT_FOUND;
    *file = found;
    return STATUS_SUCCESS;
}

static guint64
make_file (const char *path, GByteArray **file)
{
    if (g_hash_table_size (store.files) >= MAX_FILES)
        return STATUS_NO_SPACE;
    *file = g_byte_array_new ();
    g_hash_table_insert (store.files, g_strdup (path), *file);
    return STATUS_SUCCESS;
}

/* --- Handles: the number is one more than the index --- */

static Handle *
get_handle (Afc *self, guint64 number)
{
    return number >= 1 && number <= MAX_HANDLES && self->handles[number - 1].path != NULL ? &self->handles[number - 1]
                                                                                          : NULL;
}

static guint64
new_handle (Afc *self, const char *path, gboolean writes)
{
    for (guint i = 0; i < MAX_HANDLES; i++) {
        if (self->handles[i].path != NULL)
            continue;
        self->handles[i] = (Handle) { .path = g_strdup (path), .writes = writes };
        return i + 1;
    }
    return 0;
}

static void
release_lock (Afc *self, Handle *handle)
{
    if (g_hash_table_lookup (store.lockers, handle->path) == self)
        g_hash_table_remove (store.lockers, handle->path);
}

static void
close_handle (Afc *self, Handle *handle)
{
    release_lock (self, handle);
    g_clear_pointer (&handle->path, g_free);
}

/* --- Operations; each under the store's lock --- */

static guint64
open_path (Afc *self, guint64 mode, const char *path, guint64 *number)
{
    GByteArray *file = NULL;
    guint64 status = mode < MODE_READ || mode > MODE_LAST ? STATUS_INVALID : find_file (path, &file);
    if (status == STATUS_NOT_FOUND && mode != MODE_READ)
        status = make_file (path, &file);
    if (status != STATUS_SUCCESS)
        return status;
    if (file == NULL)
        return STATUS_IS_DIR;
    if (mode == 3 || mode == 4) {
        store.size -= file->len;
        g_byte_array_set_size (file, 0);
    }
    *number = new_handle (self, path, mode != MODE_READ);
    return *number != 0 ? STATUS_SUCCESS : STATUS_NO_RESOURCES;
}

static gboolean
open_file (Afc *self, const Request *request)
{
    g_autofree char *path = get_path (request, sizeof (guint64));
    guint64 number = 0;
    guint64 status = open_path (self, get_number (request, 0), path, &number);
    return status == STATUS_SUCCESS ? answer_number (self, OP_FILE_OPENED, number) : answer_status (self, status);
}

static gboolean
read_file (Afc *self, const Request *request)
{
    Handle *handle = get_handle (self, get_number (request, 0));
    GByteArray *file = NULL;
    if (handle == NULL || find_file (handle->path, &file) != STATUS_SUCCESS || file == NULL)
        return answer_status (self, STATUS_INVALID);
    gsize at = MIN (handle->at, file->len);
    gsize length = MIN (MIN (get_number (request, 1), PACKET_LIMIT), file->len - at);
    handle->at = at + length;
    return answer (self, OP_DATA, file->data + at, length);
}

static gboolean
write_file (Afc *self, const Request *request)
{
    Handle *handle = get_handle (self, get_number (request, 0));
    GByteArray *file = NULL;
    if (handle == NULL || !handle->writes || find_file (handle->path, &file) != STATUS_SUCCESS || file == NULL)
        return answer_status (self, STATUS_INVALID);
    gsize length = request->length - sizeof (guint64);
    if (store.size + length > STORE_LIMIT)
        return answer_status (self, STATUS_NO_SPACE);
    g_byte_array_append (file, request->data + sizeof (guint64), length);
    store.size += length;
    return answer_status (self, STATUS_SUCCESS);
}

static gboolean
close_file (Afc *self, const Request *request)
{
    Handle *handle = get_handle (self, get_number (request, 0));
    if (handle == NULL)
        return answer_status (self, STATUS_INVALID);
    if (handle->writes)
        pr_virtual_phone_saw (self->phone, "afc-written", "path", handle->path, NULL);
    close_handle (self, handle);
    return answer_status (self, STATUS_SUCCESS);
}

static gboolean
lock_file (Afc *self, const Request *request)
{
    g_autofree char *taken = pr_virtual_phone_fault (self->phone, "sync-lock-taken");
    Handle *handle = get_handle (self, get_number (request, 0));
    if (handle == NULL)
        return answer_status (self, STATUS_INVALID);
    if (get_number (request, 1) == UNLOCK) {
        release_lock (self, handle);
        return answer_status (self, STATUS_SUCCESS);
    }
    gpointer locker = g_hash_table_lookup (store.lockers, handle->path);
    if (taken != NULL || (locker != NULL && locker != self))
        return answer_status (self, STATUS_WOULD_BLOCK);
    g_hash_table_insert (store.lockers, g_strdup (handle->path), self);
    pr_virtual_phone_saw (self->phone, "sync-locked", "path", handle->path, NULL);
    return answer_status (self, STATUS_SUCCESS);
}

static void
append_pair (GString *text, const char *key, const char *value)
{
    g_string_append_len (text, key, strlen (key) + 1);
    g_string_append_len (text, value, strlen (value) + 1);
}

static gboolean
tell_file (Afc *self, const Request *request)
{
    g_autofree char *path = get_path (request, 0);
    g_autoptr (GString) text = g_string_new (NULL);
    GByteArray *file = NULL;
    guint64 status = find_file (path, &file);
    if (status != STATUS_SUCCESS)
        return answer_status (self, status);
    g_autofree char *size = g_strdup_printf ("%u", file != NULL ? file->len : 0);
    append_pair (text, "st_size", size);
    append_pair (text, "st_blocks", "8");
    append_pair (text, "st_nlink", "1");
    append_pair (text, "st_ifmt", file != NULL ? "S_IFREG" : "S_IFDIR");
    append_pair (text, "st_mtime", "1717200000000000000");
    return answer_text (self, text);
}

static gboolean
tell_device (Afc *self, const Request *request)
{
    g_autoptr (GString) text = g_string_new (NULL);
    append_pair (text, "Model", pr_virtual_phone_identity (self->phone)->product);
    append_pair (text, "FSTotalBytes", "114000000000");
    append_pair (text, "FSFreeBytes", "36000000000");
    append_pair (text, "FSBlockSize", "4096");
    return answer_text (self, text);
}

static gboolean
list_folder (Afc *self, const Request *request)
{
    g_autofree char *path = get_path (request, 0);
    g_autoptr (GString) text = g_string_new (NULL);
    GByteArray *file = NULL;
    GHashTableIter iter;
    gpointer name;
    guint64 status = find_file (path, &file);
    if (status != STATUS_SUCCESS)
        return answer_status (self, status);
    g_hash_table_iter_init (&iter, store.files);
    while (g_hash_table_iter_next (&iter, &name, NULL)) {
        g_autofree char *parent = g_path_get_dirname (name);
        g_autofree char *base = g_path_get_basename (name);
        if (g_str_equal (parent, path) && !g_str_equal (name, "/"))
            g_string_append_len (text, base, strlen (base) + 1);
    }
    return answer_text (self, text);
}

static gboolean
make_folder (Afc *self, const Request *request)
{
    g_autofree char *path = get_path (request, 0);
    if (path == NULL || g_hash_table_size (store.files) >= MAX_FILES)
        return answer_status (self, STATUS_INVALID);
    if (!g_hash_table_contains (store.files, path))
        g_hash_table_insert (store.files, g_steal_pointer (&path), NULL);
    return answer_status (self, STATUS_SUCCESS);
}

static gboolean
remove_path (Afc *self, const Request *request)
{
    g_autofree char *path = get_path (request, 0);
    GByteArray *file = NULL;
    guint64 status = find_file (path, &file);
    if (status == STATUS_SUCCESS) {
        store.size -= file != NULL ? file->len : 0;
        g_hash_table_remove (store.files, path);
    }
    return answer_status (self, status);
}

static const struct {
    guint64 operation;
    gboolean (*serve) (Afc *self, const Request *request);
} operations[] = {
    { OP_READ_DIR, list_folder },        { OP_REMOVE_PATH, remove_path }, { OP_MAKE_DIR, make_folder },
    { OP_GET_FILE_INFO, tell_file },     { OP_FILE_OPEN, open_file },     { OP_FILE_READ, read_file },
    { OP_GET_DEVICE_INFO, tell_device }, { OP_FILE_WRITE, write_file },   { OP_FILE_CLOSE, close_file },
    { OP_FILE_LOCK, lock_file },
};

static gboolean
serve (Afc *self, guint64 operation, const Request *request)
{
    for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
        if (operations[i].operation == operation)
            return operations[i].serve (self, request);
    return answer_status (self, STATUS_UNKNOWN);
}

/* --- The service --- */

static gboolean
serve_one (Afc *self)
{
    Header header;
    if (!pr_virtual_stream_read (self->stream, &header, sizeof header) ||
        memcmp (header.magic, MAGIC, sizeof header.magic) != 0)
        return FALSE;
    guint64 whole = GUINT64_FROM_LE (header.whole);
    if (whole < sizeof header || whole > PACKET_LIMIT)
        return FALSE;
    gsize length = whole - sizeof header;
    g_autofree guint8 *data = g_malloc (length + 1);
    if (!pr_virtual_stream_read (self->stream, data, length))
        return FALSE;
    self->number = header.number;
    g_mutex_lock (&store.mutex);
    fill_store ();
    gboolean more = serve (self, GUINT64_FROM_LE (header.operation), &(Request) { data, length });
    g_mutex_unlock (&store.mutex);
    return more;
}

void
pr_virtual_afc_serve (PrVirtualPhone *phone, PrVirtualStream *stream)
{
    Afc self = { .phone = phone, .stream = stream };
    while (serve_one (&self))
        continue;
    g_mutex_lock (&store.mutex);
    for (guint i = 0; i < MAX_HANDLES; i++)
        if (self.handles[i].path != NULL)
            close_handle (&self, &self.handles[i]);
    g_mutex_unlock (&store.mutex);
}
