// SPDX-License-Identifier: GPL-3.0-or-later
#include "hostile.h"

#include <string.h>
#include <zlib.h>

#define MANIFEST                                                                                                       \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\"><dict><key>BuildIdentities</key><array>"       \
    "<dict><key>Info</key><dict><key>DeviceClass</key><string>d27ap</string><key>Variant</key>"                        \
    "<string>Customer Upgrade Install (IPSW)</string><key>RestoreBehavior</key><string>Update</string></dict>"         \
    "<key>Manifest</key><dict><key>OS</key><dict><key>Info</key><dict><key>Path</key><string>system.dmg</string>"      \
    "</dict></dict></dict></dict><dict><key>Info</key><dict><key>DeviceClass</key><string>d27ap</string>"              \
    "<key>Variant</key><string>Customer Erase Install (IPSW)</string><key>RestoreBehavior</key><string>Erase</string>" \
    "</dict><key>Manifest</key><dict><key>OS</key><dict><key>Info</key><dict><key>Path</key>"                          \
    "<string>system.dmg</string></dict></dict></dict></dict></array><key>ProductBuildVersion</key>"                    \
    "<string>21G93</string><key>ProductVersion</key><string>17.6.1</string><key>SupportedProductTypes</key><array>"    \
    "<string>iPhone14,7</string></array></dict></plist>"
#define MIB (1024 * 1024)

/* --- A writer of zip archives that does as it is told --- */

typedef struct {
    const char *name;
    const void *data; /* as it stands in the archive */
    gsize compressed;
    gsize size; /* what it claims to unpack to */
    guint method;
    guint32 crc;
    gboolean overlaps; /* has no bytes of its own: its header is where the last one's is */
} Entry;

typedef struct {
    GByteArray *all;
    GByteArray *table;
    guint n;
    guint32 last; /* where the last local header is */
} Writer;

static void
put (GByteArray *array, guint64 value, guint length)
{
    for (guint i = 0; i < length; i++) {
        guint8 byte = i < 8 ? (guint8) (value >> 8 * i) : 0;
        g_byte_array_append (array, &byte, 1);
    }
}

/* What local header and entry of the table have in common: PKWARE's APPNOTE 6.3, 4.3.7 and 4.3.12. */
static void
put_common (GByteArray *array, const Entry *entry)
{
    put (array, 20, 2);
    put (array, 0, 2);
    put (array, entry->method, 2);
    put (array, 0, 4);
    put (array, entry->crc, 4);
    put (array, entry->compressed, 4);
    put (array, entry->size, 4);
    put (array, strlen (entry->name), 2);
    put (array, 0, 2);
}

static void
add (Writer *writer, const Entry *entry)
{
    guint32 offset = entry->overlaps ? writer->last : writer->all->len;

    if (!entry->overlaps) {
        put (writer->all, 0x04034b50, 4);
        put_common (writer->all, entry);
        g_byte_array_append (writer->all, (const guint8 *) entry->name, (guint) strlen (entry->name));
        g_byte_array_append (writer->all, entry->data, (guint) entry->compressed);
    }
    put (writer->table, 0x02014b50, 4);
    put (writer->table, 20, 2);
    put_common (writer->table, entry);
    put (writer->table, 0, 2 + 2 + 2 + 4);
    put (writer->table, offset, 4);
    g_byte_array_append (writer->table, (const guint8 *) entry->name, (guint) strlen (entry->name));
    writer->last = offset;
    writer->n++;
}

static void
begin (Writer *writer)
{
    *writer = (Writer) { .all = g_byte_array_new (), .table = g_byte_array_new () };
}

static GBytes *
end (Writer *writer, guint n)
{
    guint32 offset = writer->all->len, length = writer->table->len;

    g_byte_array_append (writer->all, writer->table->data, length);
    put (writer->all, 0x06054b50, 4);
    put (writer->all, 0, 4);
    put (writer->all, n, 2);
    put (writer->all, n, 2);
    put (writer->all, length, 4);
    put (writer->all, offset, 4);
    put (writer->all, 0, 2);
    g_byte_array_unref (writer->table);
    return g_byte_array_free_to_bytes (writer->all);
}

static void
add_stored (Writer *writer, const char *name, const void *data, gsize length)
{
    add (writer, &(Entry) {
                     .name = name,
                     .data = data,
                     .compressed = length,
                     .size = length,
                     .crc = (guint32) crc32 (0, data, (uInt) length),
                 });
}

/* @length bytes of @fill, deflated; the archive may claim another @size. */
static void
add_deflated (Writer *writer, const char *name, char fill, gsize length, gsize size)
{
    g_autofree char *text = g_strnfill (length, fill);
    g_autofree guint8 *packed = g_malloc (length / 500 + 1000);
    z_stream stream = { .next_in = (Bytef *) text,
                        .avail_in = (uInt) length,
                        .next_out = packed,
                        .avail_out = (uInt) (length / 500 + 1000) };

    deflateInit2 (&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
    g_assert_cmpint (deflate (&stream, Z_FINISH), ==, Z_STREAM_END);
    deflateEnd (&stream);
    add (writer, &(Entry) {
                     .name = name,
                     .data = packed,
                     .compressed = stream.total_out,
                     .size = size,
                     .method = 8,
                     .crc = (guint32) crc32 (0, (const Bytef *) text, (uInt) length),
                 });
}

GBytes *
hostile_make_with (const char *manifest)
{
    Writer writer;

    begin (&writer);
    add_stored (&writer, "BuildManifest.plist", manifest, strlen (manifest));
    add_stored (&writer, "system.dmg", "the system", 10);
    return end (&writer, writer.n);
}

GBytes *
hostile_make_good (void)
{
    return hostile_make_with (MANIFEST);
}

/* --- Built on purpose --- */

static GBytes *
make_bomb (gsize length, gsize size)
{
    Writer writer;

    begin (&writer);
    add_deflated (&writer, "BuildManifest.plist", ' ', length, size);
    return end (&writer, writer.n);
}

/* Many names for the same bytes, as in the bombs that unpack to petabytes. */
static GBytes *
make_overlap (guint n)
{
    Writer writer;

    begin (&writer);
    add_stored (&writer, "BuildManifest.plist", MANIFEST, strlen (MANIFEST));
    add_stored (&writer, "system.dmg", "the system", 10);
    for (guint i = 0; i < n; i++) {
        g_autofree char *name = g_strdup_printf ("%06u.dmg", i);
        add (&writer, &(Entry) { .name = name, .compressed = 10, .size = 10, .overlaps = TRUE });
    }
    return end (&writer, writer.n);
}

static GBytes *
make_names (const char *name, guint n)
{
    Writer writer;

    begin (&writer);
    add_stored (&writer, "BuildManifest.plist", MANIFEST, strlen (MANIFEST));
    add_stored (&writer, "system.dmg", "the system", 10);
    for (guint i = 0; i < n; i++)
        add_stored (&writer, name, "x", 1);
    return end (&writer, writer.n);
}

/* Names that all fall into one place of a table by their hash, if the hash is a simple one. */
static GBytes *
make_collisions (guint n)
{
    Writer writer;

    begin (&writer);
    add_stored (&writer, "BuildManifest.plist", "<plist/>", 8);
    for (guint i = 0; i < n; i++) {
        char name[31] = "";

        for (guint k = 0; k < 15; k++)
            memcpy (name + 2 * k, i >> k & 1 ? "aB" : "b!", 2);
        add_stored (&writer, name, "x", 1);
    }
    return end (&writer, writer.n);
}

static GBytes *
make_count (guint claimed)
{
    Writer writer;

    begin (&writer);
    add_stored (&writer, "BuildManifest.plist", MANIFEST, strlen (MANIFEST));
    return end (&writer, claimed);
}

static GBytes *
make_padded (gsize length, char fill)
{
    GByteArray *all = g_byte_array_new ();
    g_autofree char *padding = g_strnfill (length, fill);

    g_byte_array_append (all, (const guint8 *) padding, (guint) length);
    return g_byte_array_free_to_bytes (all);
}

/* End records one inside the other, each as the comment of the one before. */
static GBytes *
make_ends (void)
{
    GByteArray *all = g_byte_array_new ();

    for (guint left = 65000 / 22; left > 0; left--) {
        put (all, 0x06054b50, 4);
        put (all, 0, 16);
        put (all, (left - 1) * 22, 2);
    }
    return g_byte_array_free_to_bytes (all);
}

GBytes *
hostile_make (guint number, const char **name)
{
    static const char *const names[] = {
        "../system.dmg", "/etc/passwd", "a/../../b",           "..",         "a\\b",  "./a",
        "a/./b",         "a/..",        "BuildManifest.plist", "system.dmg", "C:\\a", "\\\\server\\a",
    };
    static const struct {
        const char *name;
        gsize length, size;
    } bombs[] = {
        { "a manifest that unpacks to 11 MiB of nothing", 11 * MIB, 11 * MIB },
        { "one past the limit", 13 * MIB, 13 * MIB },
        { "one of 200 MiB that claims to be small", 200 * MIB, 2000 },
        { "one of 200 MiB that claims 11", 200 * MIB, 11 * MIB },
        { "one of 200 MiB", 200 * MIB, 200 * MIB },
        { "one of 2 KiB that claims 11 MiB", 2048, 11 * MIB },
        { "one that claims nothing", 2048, 0 },
    };
    const guint n_names = G_N_ELEMENTS (names), n_bombs = G_N_ELEMENTS (bombs);

    *name = number < n_names ? names[number] : number < n_names + n_bombs ? bombs[number - n_names].name : "built";
    if (number < n_names)
        return make_names (names[number], 1);
    number -= n_names;
    if (number < n_bombs)
        return make_bomb (bombs[number].length, bombs[number].size);
    switch (number - n_bombs) {
    case 0:
        return make_overlap (1);
    case 1:
        return make_overlap (60000);
    case 2:
        return make_names ("twice", 60000);
    case 3:
        return make_collisions (16383);
    case 9:
        return make_collisions (1 << 15);
    case 4:
        return make_count (0);
    case 5:
        return make_count (65534);
    case 6:
        return make_ends ();
    case 7:
        return make_padded (32 * MIB, 0);
    case 8:
        return make_padded (32 * MIB, 'P');
    default:
        return NULL;
    }
}

/* --- At random --- */

/* Where a header is, now and then; else anywhere. */
static gsize
choose_place (const guint8 *data, gsize length, GRand *random)
{
    gsize at = (gsize) g_rand_int_range (random, 0, (gint32) length);

    if (g_rand_boolean (random))
        return at;
    for (gsize i = 0; i < length; i++) {
        gsize place = (at + i) % length;

        if (place + 4 < length && data[place] == 'P' && data[place + 1] == 'K')
            return place + (gsize) g_rand_int_range (random, 0, 46);
    }
    return at;
}

GBytes *
hostile_mutate (GBytes *good, GRand *random)
{
    static const guint8 extremes[] = { 0, 1, 0x7f, 0x80, 0xff };
    gsize length;
    const guint8 *data = g_bytes_get_data (good, &length);
    guint8 *copy = g_memdup2 (data, length);
    guint n = (guint) g_rand_int_range (random, 1, 5);

    for (guint i = 0; i < n; i++) {
        gsize at = choose_place (copy, length, random), run = (gsize) g_rand_int_range (random, 1, 5);

        for (gsize k = at; k < MIN (at + run, length); k++)
            copy[k] = g_rand_boolean (random) ? extremes[g_rand_int_range (random, 0, G_N_ELEMENTS (extremes))]
                                              : (guint8) g_rand_int (random);
    }
    if (g_rand_int_range (random, 0, 8) == 0)
        length = (gsize) g_rand_int_range (random, 0, (gint32) length);
    return g_bytes_new_take (copy, length);
}
