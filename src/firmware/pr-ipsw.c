// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-ipsw.h"

#include "pr-error.h"
#include "pr-manifest-text.h"
#include "pr-plist.h"
#include "pr-zip-directory.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <plist/plist.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

/* Apple's largest are a few megabytes, with a tag in each 25 bytes. With these a hostile one takes less than 64 MiB:
 * the text, as much again for its strings, and about 110 bytes for each value. */
#define MAX_MANIFEST (12 * 1024 * 1024)
#define MAX_TAGS 300000
#define MAX_IDENTITIES 4096
#define MAX_PARTS 4096
#define MANIFEST "BuildManifest.plist"
#define UPGRADE "Customer Upgrade Install (IPSW)"
#define ERASE "Erase Install (IPSW)"
/* The tool takes systems up to this one for firmware without identities, and then erases whatever it was asked. */
#define LAST_MAJOR_WITHOUT_IDENTITIES 8

struct _PrIpsw {
    GObject parent_instance;

    char *path;
    int fd;
    PrZipDirectory *directory;
    plist_t manifest;
    char *version;
    char *build;
};

G_DEFINE_FINAL_TYPE (PrIpsw, pr_ipsw, G_TYPE_OBJECT)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (zip_t, zip_discard)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (zip_file_t, zip_fclose)

static gboolean
open_file (PrIpsw *self, GError **error)
{
    /* O_NONBLOCK: a named pipe must not keep us waiting */
    self->fd = open (self->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (self->fd >= 0)
        return TRUE;
    int number = errno;
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "%s: %s", self->path, g_strerror (number));
    return FALSE;
}

/* libzip, through which the tool reads, must see the same archive as we did. */
static gboolean
agrees (PrIpsw *self, zip_t *zip)
{
    guint n = pr_zip_directory_get_n_entries (self->directory);

    if (zip_get_num_entries (zip, 0) != (zip_int64_t) n)
        return FALSE;
    for (guint i = 0; i < n; i++) {
        const PrZipEntry *entry = pr_zip_directory_get_entry (self->directory, i);
        zip_stat_t status;

        if (zip_stat_index (zip, i, ZIP_FL_ENC_RAW, &status) < 0 || status.size != entry->size ||
            status.comp_size != entry->compressed || !g_str_equal (status.name, entry->name))
            return FALSE;
    }
    return TRUE;
}

static zip_t *
open_zip (PrIpsw *self, GError **error)
{
    int number = 0;
    int fd = fcntl (self->fd, F_DUPFD_CLOEXEC, 3);
    g_autoptr (zip_t) zip = fd < 0 ? NULL : zip_fdopen (fd, 0, &number);

    if (zip == NULL) {
        if (fd >= 0)
            close (fd);
        pr_file_is_damaged (error, "damaged archive: libzip error %d", number);
        return NULL;
    }
    if (!agrees (self, zip)) {
        pr_file_is_damaged (error, "damaged archive: two tables of contents");
        return NULL;
    }
    return g_steal_pointer (&zip);
}

/* Reads @size bytes and not one more: what the table of contents says is held against what is there. */
static char *
read_entry (zip_t *zip, const PrZipEntry *entry, GCancellable *cancellable, GError **error)
{
    g_autofree char *text = g_malloc (entry->size + 1);
    g_autoptr (zip_file_t) file = zip_fopen (zip, entry->name, 0);
    zip_int64_t n = 0;
    guint64 done = 0;

    while (file != NULL && done <= entry->size) {
        if (g_cancellable_set_error_if_cancelled (cancellable, error))
            return NULL;
        n = zip_fread (file, text + done, MIN (entry->size + 1 - done, 1024 * 1024));
        if (n <= 0)
            break;
        done += (guint64) n;
    }
    if (file == NULL || n < 0 || done != entry->size) {
        pr_file_is_damaged (error, "damaged archive: “%s” cannot be read", entry->name);
        return NULL;
    }
    text[done] = '\0';
    return g_steal_pointer (&text);
}

static char *
read_manifest (PrIpsw *self, gsize *length, GCancellable *cancellable, GError **error)
{
    const PrZipEntry *entry = pr_zip_directory_find (self->directory, MANIFEST);

    if (entry == NULL || entry->size == 0 || entry->size > MAX_MANIFEST) {
        pr_file_is_damaged (error, "not a system file: %s",
                            entry == NULL ? "no " MANIFEST : "its " MANIFEST " has an impossible size");
        return NULL;
    }
    if (!pr_zip_directory_check_entry (self->directory, self->fd, entry, error))
        return NULL;
    g_autoptr (zip_t) zip = open_zip (self, error);
    if (zip == NULL)
        return NULL;
    *length = (gsize) entry->size;
    return read_entry (zip, entry, cancellable, error);
}

/* (transfer none) (nullable): a string of @dictionary that is short, valid and printable. */
static const char *
get_string (plist_t dictionary, const char *key)
{
    plist_t node = plist_dict_get_item (dictionary, key);
    guint64 length = 0;

    if (!PLIST_IS_STRING (node))
        return NULL;
    const char *text = plist_get_string_ptr (node, &length);
    if (length == 0 || length > 1024 || strlen (text) != length || !g_utf8_validate (text, -1, NULL))
        return NULL;
    return text;
}

static plist_t
get_child (plist_t dictionary, const char *key, plist_type type)
{
    plist_t node = PLIST_IS_DICT (dictionary) ? plist_dict_get_item (dictionary, key) : NULL;

    return node != NULL && plist_get_node_type (node) == type ? node : NULL;
}

/* The nodes in an array, or the values in a dictionary. libplist finds an item by its number in linear time only. */
static GPtrArray *
list_nodes (plist_t container)
{
    GPtrArray *nodes = g_ptr_array_new ();
    g_autofree void *iter = NULL;
    plist_t node = NULL;

    if (PLIST_IS_ARRAY (container))
        plist_array_new_iter (container, &iter);
    else if (PLIST_IS_DICT (container))
        plist_dict_new_iter (container, &iter);
    while (iter != NULL) {
        if (PLIST_IS_ARRAY (container))
            plist_array_next_item (container, iter, &node);
        else
            plist_dict_next_item (container, iter, NULL, &node);
        if (node == NULL)
            break;
        g_ptr_array_add (nodes, node);
    }
    return nodes;
}

static gboolean
parse_manifest (PrIpsw *self, const char *text, gsize length, GError **error)
{
    if (!pr_manifest_text_is_plain (text, length, MAX_TAGS))
        return pr_file_is_damaged (error, MANIFEST " makes no sense");
    plist_from_xml (text, (uint32_t) length, &self->manifest);
    if (!PLIST_IS_DICT (self->manifest))
        return pr_file_is_damaged (error, MANIFEST " makes no sense");
    self->version = g_strdup (get_string (self->manifest, "ProductVersion"));
    self->build = g_strdup (get_string (self->manifest, "ProductBuildVersion"));
    plist_t identities = get_child (self->manifest, "BuildIdentities", PLIST_ARRAY);
    if (self->version == NULL || self->build == NULL || identities == NULL ||
        get_child (self->manifest, "SupportedProductTypes", PLIST_ARRAY) == NULL)
        return pr_file_is_damaged (error, MANIFEST " is incomplete");
    if (plist_array_get_size (identities) > MAX_IDENTITIES)
        return pr_file_is_damaged (error, MANIFEST " has too many identities");
    return TRUE;
}

static gboolean
load (PrIpsw *self, GCancellable *cancellable, GError **error)
{
    gsize length = 0;

    if (g_cancellable_set_error_if_cancelled (cancellable, error) || !open_file (self, error))
        return FALSE;
    self->directory = pr_zip_directory_read (self->fd, error);
    if (self->directory == NULL)
        return FALSE;
    g_autofree char *text = read_manifest (self, &length, cancellable, error);
    return text != NULL && parse_manifest (self, text, length, error);
}

static void
pr_ipsw_finalize (GObject *object)
{
    PrIpsw *self = PR_IPSW (object);

    g_clear_fd (&self->fd, NULL);
    g_clear_pointer (&self->directory, pr_zip_directory_free);
    g_clear_pointer (&self->manifest, plist_free);
    g_free (self->path);
    g_free (self->version);
    g_free (self->build);
    G_OBJECT_CLASS (pr_ipsw_parent_class)->finalize (object);
}

static void
pr_ipsw_class_init (PrIpswClass *klass)
{
    G_OBJECT_CLASS (klass)->finalize = pr_ipsw_finalize;
}

static void
pr_ipsw_init (PrIpsw *self)
{
    self->fd = -1;
}

PrIpsw *
pr_ipsw_open (const char *path, GCancellable *cancellable, GError **error)
{
    g_return_val_if_fail (path != NULL, NULL);

    g_autoptr (PrIpsw) self = g_object_new (PR_TYPE_IPSW, NULL);
    self->path = g_strdup (path);
    return load (self, cancellable, error) ? g_steal_pointer (&self) : NULL;
}

const char *
pr_ipsw_get_path (PrIpsw *self)
{
    return self->path;
}

const char *
pr_ipsw_get_version (PrIpsw *self)
{
    return self->version;
}

const char *
pr_ipsw_get_build (PrIpsw *self)
{
    return self->build;
}

guint64
pr_ipsw_get_size (PrIpsw *self)
{
    return pr_zip_directory_get_file_size (self->directory);
}

gboolean
pr_ipsw_supports (PrIpsw *self, const char *product_type)
{
    g_autoptr (GPtrArray) types = list_nodes (get_child (self->manifest, "SupportedProductTypes", PLIST_ARRAY));

    for (guint i = 0; i < types->len; i++) {
        if (PLIST_IS_STRING (types->pdata[i]) &&
            g_strcmp0 (plist_get_string_ptr (types->pdata[i], NULL), product_type) == 0)
            return TRUE;
    }
    return FALSE;
}

static const char *
get_info (plist_t identity, const char *key)
{
    plist_t info = get_child (identity, "Info", PLIST_DICT);

    return info == NULL ? NULL : get_string (info, key);
}

/* The identities of @board, as the tool finds them: by the name of the board, in any case. */
static GPtrArray *
list_identities (PrIpsw *self, const char *board)
{
    g_autoptr (GPtrArray) all = list_nodes (get_child (self->manifest, "BuildIdentities", PLIST_ARRAY));
    GPtrArray *found = g_ptr_array_new ();

    for (guint i = 0; i < all->len; i++) {
        const char *class = get_info (all->pdata[i], "DeviceClass");

        if (class != NULL && g_ascii_strcasecmp (class, board) == 0)
            g_ptr_array_add (found, all->pdata[i]);
    }
    return found;
}

/* The one identity that keeps data; NULL where there is none, or more than one to choose from. */
static plist_t
find_upgrade (GPtrArray *identities)
{
    plist_t found = NULL;

    for (guint i = 0; i < identities->len; i++) {
        if (g_strcmp0 (get_info (identities->pdata[i], "Variant"), UPGRADE) != 0)
            continue;
        if (found != NULL || g_strcmp0 (get_info (identities->pdata[i], "RestoreBehavior"), "Update") != 0)
            return NULL;
        found = identities->pdata[i];
    }
    return found;
}

/* The first that erases, which is what the tool takes; builds for Apple's own research do not count. */
static plist_t
find_erase (GPtrArray *identities)
{
    for (guint i = 0; i < identities->len; i++) {
        const char *variant = get_info (identities->pdata[i], "Variant");

        if (variant != NULL && strstr (variant, ERASE) != NULL && strstr (variant, "Research") == NULL)
            return identities->pdata[i];
    }
    return NULL;
}

static gboolean
check_part (PrIpsw *self, plist_t part, guint *n_paths, GError **error)
{
    plist_t info = get_child (part, "Info", PLIST_DICT);

    if (info == NULL || plist_dict_get_item (info, "Path") == NULL)
        return TRUE;
    const char *path = get_string (info, "Path");
    const PrZipEntry *entry = path == NULL ? NULL : pr_zip_directory_find (self->directory, path);
    if (entry == NULL)
        return pr_file_is_damaged (error, "“%s” is missing", path == NULL ? "a part" : path);
    ++*n_paths;
    return pr_zip_directory_check_entry (self->directory, self->fd, entry, error);
}

static gboolean
check_parts (PrIpsw *self, plist_t identity, GError **error)
{
    g_autoptr (GPtrArray) parts = list_nodes (get_child (identity, "Manifest", PLIST_DICT));
    guint n_paths = 0;

    if (parts->len > MAX_PARTS)
        return pr_file_is_damaged (error, "too many parts");
    for (guint i = 0; i < parts->len; i++) {
        if (!check_part (self, parts->pdata[i], &n_paths, error))
            return FALSE;
    }
    return n_paths > 0 || pr_file_is_damaged (error, "names no parts for this model");
}

/* (transfer none) (nullable): the one identity of @board that will be installed */
static plist_t
choose_identity (PrIpsw *self, GPtrArray *identities, const char *board, gboolean keep_data, GError **error)
{
    plist_t identity = keep_data ? find_upgrade (identities) : find_erase (identities);

    if (keep_data && g_ascii_strtoull (self->build, NULL, 10) <= LAST_MAJOR_WITHOUT_IDENTITIES)
        identity = NULL;
    if (identity == NULL)
        g_set_error (error, PR_ERROR, keep_data ? PR_ERROR_NO_KEEPING_DATA : PR_ERROR_WRONG_MODEL,
                     "no single identity for %s that would %s", board, keep_data ? "keep data" : "erase");
    return identity;
}

gboolean
pr_ipsw_check (PrIpsw *self, const char *product_type, const char *board, gboolean keep_data, GError **error)
{
    g_return_val_if_fail (PR_IS_IPSW (self) && product_type != NULL && board != NULL, FALSE);

    g_autoptr (GPtrArray) identities = list_identities (self, board);
    if (!pr_ipsw_supports (self, product_type) || identities->len == 0) {
        g_set_error (error, PR_ERROR, PR_ERROR_WRONG_MODEL, "not made for %s (%s)", product_type, board);
        return FALSE;
    }
    plist_t identity = choose_identity (self, identities, board, keep_data, error);
    return identity != NULL && check_parts (self, identity, error);
}

static void
take_digest (GHashTable *digests, const char *name, plist_t dict, const char *key)
{
    plist_t node = get_child (dict, key, PLIST_DATA);
    guint64 length = 0;
    const char *data = node != NULL ? plist_get_data_ptr (node, &length) : NULL;

    if (data != NULL)
        g_hash_table_insert (digests, g_strdup (name), g_bytes_new (data, (gsize) length));
}

GHashTable *
pr_ipsw_get_digests (PrIpsw *self, const char *board, gboolean keep_data, GError **error)
{
    g_autoptr (GPtrArray) identities = list_identities (self, board);
    plist_t identity = choose_identity (self, identities, board, keep_data, error);
    plist_t parts = get_child (identity, "Manifest", PLIST_DICT);
    g_autofree void *iter = NULL;
    GHashTable *digests;

    if (identity == NULL)
        return NULL;
    digests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
    take_digest (digests, "UniqueBuildID", identity, "UniqueBuildID");
    plist_dict_new_iter (parts, &iter);
    for (plist_t part = NULL; iter != NULL; part = NULL) {
        char *name = NULL;

        plist_dict_next_item (parts, iter, &name, &part);
        if (part == NULL)
            break;
        take_digest (digests, name, part, "Digest");
        plist_mem_free (name);
    }
    return digests;
}

GBytes *
pr_ipsw_dup_identity (PrIpsw *self, const char *board, gboolean keep_data, GError **error)
{
    g_autoptr (GPtrArray) identities = list_identities (self, board);
    plist_t identity = choose_identity (self, identities, board, keep_data, error);

    return identity != NULL ? pr_plist_to_bytes (identity) : NULL;
}

int
pr_ipsw_compare_versions (const char *a, const char *b)
{
    g_return_val_if_fail (a != NULL && b != NULL, 0);

    while (*a != '\0' || *b != '\0') {
        guint64 one = g_ascii_strtoull (a, (char **) &a, 10), other = g_ascii_strtoull (b, (char **) &b, 10);

        if (one != other)
            return one < other ? -1 : 1;
        /* on to the next number; what is between (a dot) does not count */
        while (*a != '\0' && !g_ascii_isdigit (*a))
            a++;
        while (*b != '\0' && !g_ascii_isdigit (*b))
            b++;
    }
    return 0;
}
