// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-mbfile.h"

#include <string.h>

#include "pr-virtual-wire.h"

#define OWNER 501       /* mobile */
#define PLACEHOLDER 'x' /* a path of the same length */
#define SHORTEST 12     /* paths that are looked for in a blob */
#define LONGEST 255

/* Numbers that nothing else in a blob looks like; each takes eight bytes there. */
#define SIZE_MARK G_GUINT64_CONSTANT (0x5a17e5a17e5a17e1)
#define INODE_MARK G_GUINT64_CONSTANT (0x1f0de51f0de51f01)
#define TIME_MARK G_GUINT64_CONSTANT (0x71e71e71e71e71e1)
#define BIRTH_MARK G_GUINT64_CONSTANT (0x3b1274b1274b1271)
#define KEY_MARK 0xa5
#define DIGEST_MARK 0xc6

typedef struct {
    guint8 *data;
    gsize length;
    gsize size, inode, time, birth, path, key, digest; /* where they are; 0: not in it */
} Shape;

struct _PrVirtualMbfiles {
    GHashTable *shapes; /* packed description → Shape */
    GByteArray *blob;
};

/* --- The archive --- */

/* Returns: the reference to @object, which is added. */
static plist_t
refer (plist_t objects, plist_t object)
{
    plist_array_append_item (objects, object);
    return plist_new_uid (plist_array_get_size (objects) - 1);
}

static plist_t
describe_class (const char *name, const char *parent)
{
    plist_t description = plist_new_dict ();
    plist_t classes = plist_new_array ();
    const char *const line[] = { name, parent, "NSObject" };
    for (guint i = 0; i < G_N_ELEMENTS (line); i++)
        if (line[i] != NULL)
            plist_array_append_item (classes, plist_new_string (line[i]));
    plist_dict_set_item (description, "$classname", plist_new_string (name));
    plist_dict_set_item (description, "$classes", classes);
    return description;
}

static void
add_numbers (plist_t file, const PrVirtualRow *row)
{
    plist_dict_set_item (file, "Birth", plist_new_uint (row->born));
    plist_dict_set_item (file, "Flags", plist_new_uint (0));
    plist_dict_set_item (file, "GroupID", plist_new_uint (OWNER));
    plist_dict_set_item (file, "InodeNumber", plist_new_uint (row->inode));
    plist_dict_set_item (file, "LastModified", plist_new_uint (row->modified));
    plist_dict_set_item (file, "LastStatusChange", plist_new_uint (row->modified));
    plist_dict_set_item (file, "Mode", plist_new_uint (row->mode));
    plist_dict_set_item (file, "ProtectionClass", plist_new_uint (row->class));
    plist_dict_set_item (file, "Size", plist_new_uint (row->size));
    plist_dict_set_item (file, "UserID", plist_new_uint (OWNER));
}

static void
add_key (plist_t objects, plist_t file, const PrVirtualRow *row)
{
    plist_t data = plist_new_dict ();
    plist_dict_set_item (data, "NS.data", plist_new_data ((const char *) row->key, sizeof row->key));
    plist_dict_set_item (file, "EncryptionKey", refer (objects, data));
    plist_dict_set_item (data, "$class", refer (objects, describe_class ("NSMutableData", "NSData")));
}

static void
add_objects (plist_t objects, plist_t file, const PrVirtualRow *row)
{
    plist_dict_set_item (file, "RelativePath", refer (objects, plist_new_string (row->path)));
    if (row->target != NULL)
        plist_dict_set_item (file, "Target", refer (objects, plist_new_string (row->target)));
    if (row->has_digest)
        plist_dict_set_item (file, "Digest",
                             refer (objects, plist_new_data ((const char *) row->digest, sizeof row->digest)));
    if (row->has_key)
        add_key (objects, file, row);
    plist_dict_set_item (file, "$class", refer (objects, describe_class ("MBFile", NULL)));
}

static plist_t
make_archive (const PrVirtualRow *row)
{
    plist_t archive = plist_new_dict (), top = plist_new_dict ();
    plist_t objects = plist_new_array (), file = plist_new_dict ();
    plist_array_append_item (objects, plist_new_string ("$null"));
    plist_dict_set_item (top, "root", refer (objects, file));
    add_numbers (file, row);
    add_objects (objects, file, row);
    plist_dict_set_item (archive, "$version", plist_new_uint (100000));
    plist_dict_set_item (archive, "$archiver", plist_new_string ("NSKeyedArchiver"));
    plist_dict_set_item (archive, "$top", top);
    plist_dict_set_item (archive, "$objects", objects);
    return archive;
}

static void
archive_into (const PrVirtualRow *row, GByteArray *blob)
{
    g_auto (plist_t) archive = make_archive (row);
    char *data = NULL;
    guint32 length = 0;
    g_byte_array_set_size (blob, 0);
    if (plist_to_bin (archive, &data, &length) != PLIST_ERR_SUCCESS)
        return;
    g_byte_array_append (blob, (const guint8 *) data, length);
    plist_mem_free (data);
}

/* --- Shapes --- */

static void
free_shape (gpointer data)
{
    Shape *shape = data;
    g_free (shape->data);
    g_free (shape);
}

static gsize
find (const Shape *shape, const void *what, gsize length)
{
    const guint8 *at = memmem (shape->data, shape->length, what, length);
    return at != NULL ? at - shape->data : 0;
}

static gsize
find_number (const Shape *shape, guint64 number)
{
    guint64 value = GUINT64_TO_BE (number);
    return find (shape, &value, sizeof value);
}

static Shape *
make_shape (const PrVirtualRow *row)
{
    Shape *shape = g_new0 (Shape, 1);
    g_autoptr (GByteArray) blob = g_byte_array_new ();
    g_autofree char *path = g_strnfill (strlen (row->path), PLACEHOLDER);
    PrVirtualRow marked = *row;
    marked.path = path;
    marked.size = SIZE_MARK;
    marked.inode = INODE_MARK;
    marked.modified = TIME_MARK;
    marked.born = BIRTH_MARK;
    memset (marked.key, KEY_MARK, sizeof marked.key);
    memset (marked.digest, DIGEST_MARK, sizeof marked.digest);
    archive_into (&marked, blob);
    shape->length = blob->len;
    shape->data = g_memdup2 (blob->data, blob->len);
    shape->size = find_number (shape, SIZE_MARK);
    shape->inode = find_number (shape, INODE_MARK);
    shape->time = find_number (shape, TIME_MARK);
    shape->birth = find_number (shape, BIRTH_MARK);
    shape->path = find (shape, path, strlen (path));
    shape->key = row->has_key ? find (shape, marked.key, sizeof marked.key) : 0;
    shape->digest = row->has_digest ? find (shape, marked.digest, sizeof marked.digest) : 0;
    return shape;
}

static Shape *
get_shape (PrVirtualMbfiles *self, const PrVirtualRow *row)
{
    guint key = (guint) strlen (row->path) << 8 | row->class << 4 | (row->has_key ? 8 : 0) | (row->has_digest ? 4 : 0) |
                (row->kind == PR_VIRTUAL_ROW_FOLDER);
    Shape *shape = g_hash_table_lookup (self->shapes, GUINT_TO_POINTER (key));
    if (shape == NULL) {
        shape = make_shape (row);
        g_hash_table_insert (self->shapes, GUINT_TO_POINTER (key), shape);
    }
    return shape;
}

static void
put_number (GByteArray *blob, gsize at, guint64 number)
{
    guint64 value = GUINT64_TO_BE (number);
    memcpy (blob->data + at, &value, sizeof value);
}

static void
fill_in (const Shape *shape, const PrVirtualRow *row, GByteArray *blob)
{
    g_byte_array_set_size (blob, shape->length);
    memcpy (blob->data, shape->data, shape->length);
    put_number (blob, shape->size, row->size);
    put_number (blob, shape->inode, row->inode);
    put_number (blob, shape->time, row->modified);
    put_number (blob, shape->birth, row->born);
    memcpy (blob->data + shape->path, row->path, strlen (row->path));
    if (row->has_key)
        memcpy (blob->data + shape->key, row->key, sizeof row->key);
    if (row->has_digest)
        memcpy (blob->data + shape->digest, row->digest, sizeof row->digest);
}

PrVirtualMbfiles *
pr_virtual_mbfiles_new (void)
{
    PrVirtualMbfiles *self = g_new0 (PrVirtualMbfiles, 1);
    self->shapes = g_hash_table_new_full (NULL, NULL, NULL, free_shape);
    self->blob = g_byte_array_new ();
    return self;
}

void
pr_virtual_mbfiles_free (PrVirtualMbfiles *self)
{
    g_hash_table_unref (self->shapes);
    g_byte_array_unref (self->blob);
    g_free (self);
}

GByteArray *
pr_virtual_mbfiles_write (PrVirtualMbfiles *self, const PrVirtualRow *row)
{
    gsize length = strlen (row->path);
    gboolean alike = row->target == NULL && length >= SHORTEST && length <= LONGEST && g_str_is_ascii (row->path);
    if (alike)
        fill_in (get_shape (self, row), row, self->blob);
    else
        archive_into (row, self->blob);
    return self->blob;
}

/* --- Reading --- */

/* What the reference at @key of @dict means. */
static plist_t
follow (plist_t objects, plist_t dict, const char *key)
{
    plist_t reference = plist_dict_get_item (dict, key);
    uint64_t index = 0;
    if (reference == NULL || plist_get_node_type (reference) != PLIST_UID)
        return NULL;
    plist_get_uid_val (reference, &index);
    return index < plist_array_get_size (objects) ? plist_array_get_item (objects, index) : NULL;
}

static gboolean
copy_data (plist_t node, guint8 *data, gsize length)
{
    uint64_t size = 0;
    if (node == NULL || plist_get_node_type (node) != PLIST_DATA)
        return FALSE;
    const char *bytes = plist_get_data_ptr (node, &size);
    if (size != length)
        return FALSE;
    memcpy (data, bytes, length);
    return TRUE;
}

static void
read_file (plist_t objects, plist_t file, PrVirtualRow *row)
{
    plist_t key = follow (objects, file, "EncryptionKey");
    row->size = pr_virtual_dict_number (file, "Size", 0);
    row->inode = pr_virtual_dict_number (file, "InodeNumber", 0);
    row->modified = pr_virtual_dict_number (file, "LastModified", 0);
    row->born = pr_virtual_dict_number (file, "Birth", 0);
    row->mode = (guint) pr_virtual_dict_number (file, "Mode", 0);
    row->class = (guint) pr_virtual_dict_number (file, "ProtectionClass", 0);
    row->has_digest = copy_data (follow (objects, file, "Digest"), row->digest, sizeof row->digest);
    row->has_key = key != NULL && plist_get_node_type (key) == PLIST_DICT &&
                   copy_data (plist_dict_get_item (key, "NS.data"), row->key, sizeof row->key);
}

gboolean
pr_virtual_mbfile_read (const void *data, gsize length, PrVirtualRow *row)
{
    g_auto (plist_t) archive = NULL;
    if (data == NULL || plist_from_bin (data, (guint32) length, &archive) != PLIST_ERR_SUCCESS || archive == NULL ||
        plist_get_node_type (archive) != PLIST_DICT)
        return FALSE;
    plist_t objects = plist_dict_get_item (archive, "$objects");
    plist_t top = plist_dict_get_item (archive, "$top");
    if (objects == NULL || plist_get_node_type (objects) != PLIST_ARRAY || top == NULL ||
        plist_get_node_type (top) != PLIST_DICT)
        return FALSE;
    plist_t file = follow (objects, top, "root");
    if (file == NULL || plist_get_node_type (file) != PLIST_DICT)
        return FALSE;
    read_file (objects, file, row);
    return TRUE;
}
