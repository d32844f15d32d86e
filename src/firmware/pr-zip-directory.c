// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-zip-directory.h"

#include "pr-error.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Apple's have some thousands at most. libzip keeps names by a hash that a file can be made to defeat, and then takes
 * the square of the count. */
#define MAX_ENTRIES 16384
#define MAX_TABLE (8 * 1024 * 1024)
/* deflate cannot do better than 1032 : 1 */
#define MAX_RATIO 1040

enum {
    END_LENGTH = 22,
    END64_LOCATOR_LENGTH = 20,
    END64_LENGTH = 56,
    ENTRY_LENGTH = 46,
    LOCAL_LENGTH = 30,
    MAX_COMMENT = 65535,
};

#define END_SIGNATURE 0x06054b50
#define END64_LOCATOR_SIGNATURE 0x07064b50
#define END64_SIGNATURE 0x06064b50
#define ENTRY_SIGNATURE 0x02014b50
#define LOCAL_SIGNATURE 0x04034b50

struct _PrZipDirectory {
    guint64 file_size;
    guint64 table_offset;
    guint64 table_length;
    guint64 n_entries;
    GArray *entries;
    GPtrArray *by_name; /* the entries in the order of their names */
};

static guint16
u16 (const guint8 *at)
{
    return (guint16) (at[0] | at[1] << 8);
}

static guint32
u32 (const guint8 *at)
{
    return u16 (at) | (guint32) u16 (at + 2) << 16;
}

static guint64
u64 (const guint8 *at)
{
    return u32 (at) | (guint64) u32 (at + 4) << 32;
}

gboolean
pr_file_is_damaged (GError **error, const char *format, ...)
{
    va_list arguments;

    va_start (arguments, format);
    g_autofree char *text = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    g_set_error_literal (error, PR_ERROR, PR_ERROR_FILE_DAMAGED, text);
    return FALSE;
}

static gboolean
read_at (int fd, guint64 offset, void *buffer, gsize length, GError **error)
{
    for (gsize done = 0; done < length;) {
        ssize_t n = pread (fd, (guint8 *) buffer + done, length - done, (off_t) (offset + done));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            int number = errno;
            g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "reading: %s", g_strerror (number));
            return FALSE;
        }
        if (n == 0)
            return pr_file_is_damaged (error, "ends at %" G_GUINT64_FORMAT, offset + done);
        done += (gsize) n;
    }
    return TRUE;
}

static void
clear_entry (gpointer data)
{
    g_free (((PrZipEntry *) data)->name);
}

/* The end record is the last in the file; only its comment may follow, and that must fill the rest exactly. */
static gboolean
find_end (PrZipDirectory *self, int fd, guint8 *end, guint64 *end_offset, GError **error)
{
    gsize length = (gsize) MIN (self->file_size, END_LENGTH + MAX_COMMENT);
    g_autofree guint8 *tail = g_malloc (length + 1);

    if (length < END_LENGTH)
        return pr_file_is_damaged (error, "too short");
    if (!read_at (fd, self->file_size - length, tail, length, error))
        return FALSE;
    for (gsize at = length - END_LENGTH + 1; at-- > 0;) {
        if (u32 (tail + at) != END_SIGNATURE || at + END_LENGTH + u16 (tail + at + 20) != length)
            continue;
        memcpy (end, tail + at, END_LENGTH);
        *end_offset = self->file_size - length + at;
        return TRUE;
    }
    return pr_file_is_damaged (error, "no table of contents; cut short");
}

/* Files over 4 GiB and more than 65,534 entries: a second, wider end record. */
static gboolean
read_end64 (PrZipDirectory *self, int fd, guint64 end_offset, GError **error)
{
    guint8 locator[END64_LOCATOR_LENGTH], end[END64_LENGTH];

    if (end_offset < END64_LOCATOR_LENGTH)
        return pr_file_is_damaged (error, "no wide table of contents");
    if (!read_at (fd, end_offset - END64_LOCATOR_LENGTH, locator, sizeof locator, error))
        return FALSE;
    guint64 at = u64 (locator + 8);
    if (u32 (locator) != END64_LOCATOR_SIGNATURE || at > end_offset - END64_LOCATOR_LENGTH ||
        end_offset - END64_LOCATOR_LENGTH - at < END64_LENGTH)
        return pr_file_is_damaged (error, "no wide table of contents");
    if (!read_at (fd, at, end, sizeof end, error))
        return FALSE;
    if (u32 (end) != END64_SIGNATURE || u32 (end + 16) != 0 || u32 (end + 20) != 0 || u64 (end + 24) != u64 (end + 32))
        return pr_file_is_damaged (error, "wide table of contents makes no sense");
    self->n_entries = u64 (end + 32);
    self->table_length = u64 (end + 40);
    self->table_offset = u64 (end + 48);
    return TRUE;
}

static gboolean
read_end (PrZipDirectory *self, int fd, GError **error)
{
    guint8 end[END_LENGTH] = { 0 };
    guint64 end_offset = 0;

    if (!find_end (self, fd, end, &end_offset, error))
        return FALSE;
    if (u16 (end + 4) != 0 || u16 (end + 6) != 0 || u16 (end + 8) != u16 (end + 10))
        return pr_file_is_damaged (error, "spread over several disks");
    self->n_entries = u16 (end + 10);
    self->table_length = u32 (end + 12);
    self->table_offset = u32 (end + 16);
    if ((self->n_entries == 0xffff || self->table_length == 0xffffffff || self->table_offset == 0xffffffff) &&
        !read_end64 (self, fd, end_offset, error))
        return FALSE;
    if (self->n_entries > MAX_ENTRIES || self->table_length > MAX_TABLE)
        return pr_file_is_damaged (error, "%" G_GUINT64_FORMAT " entries", self->n_entries);
    if (self->table_length < self->n_entries * ENTRY_LENGTH)
        return pr_file_is_damaged (error, "more entries than fit");
    if (self->table_offset > end_offset || self->table_length > end_offset - self->table_offset)
        return pr_file_is_damaged (error, "table of contents outside the file");
    return TRUE;
}

/* Is it a name that stays below the folder it would be unpacked to? */
static gboolean
is_safe (const char *name, gsize length)
{
    if (length == 0 || length > 1024 || name[0] == '/' || strlen (name) != length || strchr (name, '\\') != NULL)
        return FALSE;
    g_auto (GStrv) parts = g_strsplit (name, "/", -1);
    for (guint i = 0; parts[i] != NULL; i++) {
        if (g_str_equal (parts[i], "..") || g_str_equal (parts[i], "."))
            return FALSE;
    }
    return TRUE;
}

/* Values that do not fit into 32 bits stand in an extra field, in this order, each only if its place says 0xffffffff.
 */
static gboolean
widen (PrZipEntry *entry, const guint8 *extra, gsize length)
{
    guint64 *const fields[] = { &entry->size, &entry->compressed, &entry->offset };
    guint wanted = 0;

    for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
        wanted += *fields[i] == 0xffffffff;
    while (wanted > 0 && length >= 4 && length - 4 >= u16 (extra + 2)) {
        gsize size = u16 (extra + 2);

        if (u16 (extra) == 1) {
            const guint8 *at = extra + 4;
            if (size < wanted * 8)
                return FALSE;
            for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
                if (*fields[i] != 0xffffffff)
                    continue;
                *fields[i] = u64 (at);
                at += 8;
            }
            return TRUE;
        }
        extra += 4 + size;
        length -= 4 + size;
    }
    return wanted == 0;
}

static gboolean
check_sizes (PrZipDirectory *self, const PrZipEntry *entry, GError **error)
{
    guint64 header = LOCAL_LENGTH + strlen (entry->name);

    if (entry->offset > self->table_offset || header > self->table_offset - entry->offset ||
        entry->compressed > self->table_offset - entry->offset - header)
        return pr_file_is_damaged (error, "“%s” is not whole", entry->name);
    if (entry->stored && entry->compressed != entry->size)
        return pr_file_is_damaged (error, "“%s” has two sizes", entry->name);
    if (!entry->stored && entry->size / MAX_RATIO > entry->compressed)
        return pr_file_is_damaged (error, "“%s” claims an impossible size", entry->name);
    return TRUE;
}

/* Reads one entry of the table; @length is what is left of it. */
static gboolean
read_entry (PrZipDirectory *self, const guint8 *at, gsize length, gsize *used, PrZipEntry *entry, GError **error)
{
    if (length < ENTRY_LENGTH || u32 (at) != ENTRY_SIGNATURE)
        return pr_file_is_damaged (error, "table of contents makes no sense");
    gsize name_length = u16 (at + 28), extra_length = u16 (at + 30);
    *used = ENTRY_LENGTH + name_length + extra_length + u16 (at + 32);
    if (*used > length)
        return pr_file_is_damaged (error, "table of contents is cut short");
    if (u16 (at + 8) & 1)
        return pr_file_is_damaged (error, "encrypted");
    if (u16 (at + 10) != 0 && u16 (at + 10) != 8)
        return pr_file_is_damaged (error, "compressed in an unknown way");
    g_autofree char *name = g_strndup ((const char *) at + ENTRY_LENGTH, name_length);
    if (!is_safe (name, name_length))
        return pr_file_is_damaged (error, "a name leads outside");
    *entry = (PrZipEntry) {
        .name = g_steal_pointer (&name),
        .stored = u16 (at + 10) == 0,
        .compressed = u32 (at + 20),
        .size = u32 (at + 24),
        .offset = u32 (at + 42),
    };
    if (!widen (entry, at + ENTRY_LENGTH + name_length, extra_length))
        return pr_file_is_damaged (error, "“%s” has no size", entry->name);
    return check_sizes (self, entry, error);
}

static gboolean
add_entry (PrZipDirectory *self, const guint8 *at, gsize length, gsize *used, GError **error)
{
    PrZipEntry entry = { 0 };

    if (!read_entry (self, at, length, used, &entry, error)) {
        g_free (entry.name);
        return FALSE;
    }
    g_array_append_val (self->entries, entry);
    return TRUE;
}

static gboolean
read_table (PrZipDirectory *self, int fd, GError **error)
{
    gsize length = (gsize) self->table_length, at = 0, used = 0;
    g_autofree guint8 *table = g_malloc (length + 1);

    if (!read_at (fd, self->table_offset, table, length, error))
        return FALSE;
    for (guint64 i = 0; i < self->n_entries; i++, at += used) {
        if (!add_entry (self, table + at, length - at, &used, error))
            return FALSE;
    }
    return TRUE;
}

/* (transfer container): the entries, sorted. */
static GPtrArray *
sort_entries (PrZipDirectory *self, GCompareFunc compare)
{
    GPtrArray *sorted = g_ptr_array_sized_new (self->entries->len);

    for (guint i = 0; i < self->entries->len; i++)
        g_ptr_array_add (sorted, &g_array_index (self->entries, PrZipEntry, i));
    g_ptr_array_sort_values (sorted, compare);
    return sorted;
}

static int
compare_offsets (gconstpointer a, gconstpointer b)
{
    const PrZipEntry *one = a, *other = b;

    return one->offset < other->offset ? -1 : one->offset > other->offset;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
    return strcmp (((const PrZipEntry *) a)->name, ((const PrZipEntry *) b)->name);
}

static gboolean
check_names (PrZipDirectory *self, GError **error)
{
    self->by_name = sort_entries (self, compare_names);
    for (guint i = 1; i < self->by_name->len; i++) {
        if (compare_names (self->by_name->pdata[i - 1], self->by_name->pdata[i]) == 0)
            return pr_file_is_damaged (error, "“%s” is in it twice", ((PrZipEntry *) self->by_name->pdata[i])->name);
    }
    return TRUE;
}

/* Entries that share bytes are how a small archive unpacks to a huge one. */
static gboolean
check_overlaps (PrZipDirectory *self, GError **error)
{
    g_autoptr (GPtrArray) sorted = sort_entries (self, compare_offsets);

    for (guint i = 1; i < sorted->len; i++) {
        const PrZipEntry *before = sorted->pdata[i - 1], *entry = sorted->pdata[i];

        if (before->offset + LOCAL_LENGTH + strlen (before->name) + before->compressed > entry->offset)
            return pr_file_is_damaged (error, "“%s” and “%s” overlap", before->name, entry->name);
    }
    return TRUE;
}

PrZipDirectory *
pr_zip_directory_read (int fd, GError **error)
{
    g_autoptr (PrZipDirectory) self = g_new0 (PrZipDirectory, 1);
    struct stat status;

    self->entries = g_array_new (FALSE, FALSE, sizeof (PrZipEntry));
    g_array_set_clear_func (self->entries, clear_entry);
    if (fstat (fd, &status) < 0 || !S_ISREG (status.st_mode)) {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "not a regular file");
        return NULL;
    }
    self->file_size = (guint64) status.st_size;
    if (!read_end (self, fd, error) || !read_table (self, fd, error) || !check_names (self, error) ||
        !check_overlaps (self, error))
        return NULL;
    return g_steal_pointer (&self);
}

void
pr_zip_directory_free (PrZipDirectory *self)
{
    g_clear_pointer (&self->by_name, g_ptr_array_unref);
    g_array_unref (self->entries);
    g_free (self);
}

guint64
pr_zip_directory_get_file_size (PrZipDirectory *self)
{
    return self->file_size;
}

guint
pr_zip_directory_get_n_entries (PrZipDirectory *self)
{
    return self->entries->len;
}

const PrZipEntry *
pr_zip_directory_get_entry (PrZipDirectory *self, guint index)
{
    g_return_val_if_fail (index < self->entries->len, NULL);
    return &g_array_index (self->entries, PrZipEntry, index);
}

const PrZipEntry *
pr_zip_directory_find (PrZipDirectory *self, const char *name)
{
    const PrZipEntry wanted = { .name = (char *) name };
    guint first = 0, end = self->by_name->len;

    while (first < end) {
        guint middle = first + (end - first) / 2;
        int order = compare_names (&wanted, self->by_name->pdata[middle]);

        if (order == 0)
            return self->by_name->pdata[middle];
        if (order < 0)
            end = middle;
        else
            first = middle + 1;
    }
    return NULL;
}

gboolean
pr_zip_directory_check_entry (PrZipDirectory *self, int fd, const PrZipEntry *entry, GError **error)
{
    guint8 header[LOCAL_LENGTH];
    gsize name_length = strlen (entry->name);
    g_autofree char *name = g_malloc0 (name_length + 1);

    if (!read_at (fd, entry->offset, header, sizeof header, error))
        return FALSE;
    if (u32 (header) != LOCAL_SIGNATURE || u16 (header + 26) != name_length || (u16 (header + 8) == 0) != entry->stored)
        return pr_file_is_damaged (error, "“%s” is not where the table of contents says", entry->name);
    if (!read_at (fd, entry->offset + LOCAL_LENGTH, name, name_length, error))
        return FALSE;
    if (!g_str_equal (name, entry->name))
        return pr_file_is_damaged (error, "“%s” is not where the table of contents says", entry->name);
    guint64 data = entry->offset + LOCAL_LENGTH + name_length + u16 (header + 28);
    if (data > self->table_offset || entry->compressed > self->table_offset - data)
        return pr_file_is_damaged (error, "“%s” is not whole", entry->name);
    return TRUE;
}
