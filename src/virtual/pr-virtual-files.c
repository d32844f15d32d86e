// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-files.h"

#define DEFAULT_SIZE "4096"
#define DEFAULT_SEED 1
#define MAX_COUNT 100000000
#define FIRST_TIME 1717200000 /* 1 June 2024 */
#define FIRST_BIRTH 1500000000
#define SEED_MASK 0x3ffffff /* two years of seconds */
#define MAX_VERSION 0xffffff
#define MAX_FAMILIES 255

struct _PrVirtualFiles {
    char *default_sizes;
    GMutex mutex;     /* what follows is shared */
    GArray *sizes;    /* guint64, of new files by turns */
    GArray *files;    /* PrVirtualFile, by number */
    GArray *families; /* guint64, seeds; the first is its own */
    guint32 next_number;
    guint64 odd, odd_digest;
};

/* --- Sizes --- */

/* "4096", "64K", "2M". */
static gboolean
parse_size (const char *text, guint64 *size)
{
    static const char units[] = "KMG";
    char *end;
    *size = g_ascii_strtoull (text, &end, 10);
    const char *unit = *end != '\0' ? strchr (units, g_ascii_toupper (*end)) : NULL;
    if (unit != NULL)
        *size <<= 10 * (unit - units + 1);
    end += unit != NULL;
    return end != text && *end == '\0' && *text != '-';
}

/* (transfer full) (nullable) */
static GArray *
parse_sizes (const char *text)
{
    g_autoptr (GArray) sizes = g_array_new (FALSE, FALSE, sizeof (guint64));
    g_auto (GStrv) words = g_strsplit (text, ",", -1);
    for (guint i = 0; words[i] != NULL; i++) {
        guint64 size;
        if (!parse_size (g_strstrip (words[i]), &size))
            return NULL;
        g_array_append_val (sizes, size);
    }
    return sizes->len > 0 ? g_steal_pointer (&sizes) : NULL;
}

/* --- Its life --- */

static char *
read_text (GKeyFile *scenario, const char *key, const char *otherwise)
{
    char *text = g_key_file_get_string (scenario, "files", key, NULL);
    return text != NULL ? text : g_strdup (otherwise);
}

PrVirtualFiles *
pr_virtual_files_new (GKeyFile *scenario)
{
    PrVirtualFiles *self = g_new0 (PrVirtualFiles, 1);
    g_autofree char *size = read_text (scenario, "size", DEFAULT_SIZE);
    g_autofree char *count = read_text (scenario, "count", "0");
    g_autofree char *seed_text = read_text (scenario, "seed", G_STRINGIFY (DEFAULT_SEED));
    guint64 seed = g_ascii_strtoull (seed_text, NULL, 0) & SEED_MASK;
    g_mutex_init (&self->mutex);
    self->default_sizes = read_text (scenario, "sizes", size);
    self->files = g_array_new (FALSE, FALSE, sizeof (PrVirtualFile));
    self->families = g_array_new (FALSE, FALSE, sizeof (guint64));
    g_array_append_val (self->families, seed);
    if (!pr_virtual_files_fill (self, g_ascii_strtoull (count, NULL, 10), NULL)) {
        g_set_str (&self->default_sizes, DEFAULT_SIZE);
        pr_virtual_files_fill (self, g_ascii_strtoull (count, NULL, 10), NULL);
    }
    return self;
}

void
pr_virtual_files_free (PrVirtualFiles *self)
{
    g_free (self->default_sizes);
    g_clear_pointer (&self->sizes, g_array_unref);
    g_array_unref (self->files);
    g_array_unref (self->families);
    g_mutex_clear (&self->mutex);
    g_free (self);
}

/* --- Its contents --- */

static void
add_file (PrVirtualFiles *self)
{
    guint32 number = self->next_number++;
    PrVirtualFile file = {
        .number = number,
        .size = g_array_index (self->sizes, guint64, number % self->sizes->len),
    };
    g_array_append_val (self->files, file);
}

gboolean
pr_virtual_files_fill (PrVirtualFiles *self, guint64 count, const char *size)
{
    GArray *sizes = parse_sizes (size != NULL ? size : self->default_sizes);
    if (sizes == NULL || count > MAX_COUNT)
        return FALSE;
    g_mutex_lock (&self->mutex);
    g_clear_pointer (&self->sizes, g_array_unref);
    self->sizes = sizes;
    g_array_set_size (self->files, 0);
    self->next_number = 0;
    self->odd = self->odd_digest = 0;
    for (guint64 i = 0; i < count; i++)
        add_file (self);
    g_mutex_unlock (&self->mutex);
    return TRUE;
}

/* Takes @count files out of the array, spread evenly. */
static void
remove_some (GArray *files, guint64 count)
{
    guint64 before = files->len, kept = 0;
    for (guint64 i = 0; i < before; i++)
        if ((i + 1) * count / before == i * count / before)
            g_array_index (files, PrVirtualFile, kept++) = g_array_index (files, PrVirtualFile, i);
    g_array_set_size (files, kept);
}

/* Every other one changes its size too. */
static void
modify_some (GArray *files, guint64 count)
{
    for (guint64 i = 0; i < count; i++) {
        PrVirtualFile *file = &g_array_index (files, PrVirtualFile, i * files->len / count);
        file->version++;
        file->size += file->number % 2 == 1 ? 1 + file->number % 31 : 0;
    }
}

void
pr_virtual_files_mutate (PrVirtualFiles *self, guint64 modified, guint64 removed, guint64 added)
{
    g_mutex_lock (&self->mutex);
    remove_some (self->files, MIN (removed, self->files->len));
    modify_some (self->files, MIN (modified, self->files->len));
    for (guint64 i = 0; i < MIN (added, MAX_COUNT); i++)
        add_file (self);
    g_mutex_unlock (&self->mutex);
}

GArray *
pr_virtual_files_snapshot (PrVirtualFiles *self)
{
    g_mutex_lock (&self->mutex);
    GArray *copy = g_array_copy (self->files);
    g_mutex_unlock (&self->mutex);
    return copy;
}

static int
compare_cb (gconstpointer a, gconstpointer b)
{
    const PrVirtualFile *one = a, *other = b;
    return one->number < other->number ? -1 : one->number > other->number;
}

/* Of two with the same number the one from the backup stays. */
static void
keep_others (GArray *restored, GArray *before)
{
    guint n = restored->len;
    for (guint i = 0; i < before->len; i++) {
        PrVirtualFile *file = &g_array_index (before, PrVirtualFile, i);
        gsize at = 0;
        for (gsize end = n; at < end;) {
            gsize middle = at + (end - at) / 2;
            if (g_array_index (restored, PrVirtualFile, middle).number < file->number)
                at = middle + 1;
            else
                end = middle;
        }
        if (at == n || g_array_index (restored, PrVirtualFile, at).number != file->number)
            g_array_append_val (restored, *file);
    }
    g_array_sort (restored, compare_cb);
}

void
pr_virtual_files_restore (PrVirtualFiles *self, GArray *restored, gboolean keep, guint64 odd, guint64 odd_digest)
{
    GArray *files = g_array_copy (restored);
    g_array_sort (files, compare_cb);
    g_mutex_lock (&self->mutex);
    if (keep)
        keep_others (files, self->files);
    g_array_unref (self->files);
    self->files = files;
    self->odd = odd;
    self->odd_digest = odd_digest;
    if (files->len > 0)
        self->next_number = MAX (self->next_number, g_array_index (files, PrVirtualFile, files->len - 1).number + 1);
    g_mutex_unlock (&self->mutex);
}

/* --- Seeds --- */

/* More phones than there are names never meet in one test; they would share the last. */
guint8
pr_virtual_files_family (PrVirtualFiles *self, guint64 seed)
{
    guint i = 0;
    g_mutex_lock (&self->mutex);
    while (i < self->families->len && g_array_index (self->families, guint64, i) != seed)
        i++;
    if (i == self->families->len && i < MAX_FAMILIES)
        g_array_append_val (self->families, seed);
    g_mutex_unlock (&self->mutex);
    return MIN (i, MAX_FAMILIES - 1);
}

guint64
pr_virtual_files_seed (PrVirtualFiles *self, guint8 family)
{
    g_mutex_lock (&self->mutex);
    guint64 seed = g_array_index (self->families, guint64, family);
    g_mutex_unlock (&self->mutex);
    return seed;
}

/* --- One file --- */

/* One in a while has a name that is not ASCII, as people's files do. */
static void
set_note_path (guint32 number, PrVirtualFilePath *path)
{
    const char *name = number % 64 == 62 ? "Notizen für Zoë" : "note";
    path->domain = "AppDomain-org.example.notes";
    g_snprintf (path->path, sizeof path->path, "Documents/%03u/%s-%08u.txt", number / 4000, name, number);
}

void
pr_virtual_file_get_path (const PrVirtualFile *file, PrVirtualFilePath *path)
{
    guint32 number = file->number;
    switch (number % 4) {
    case 0:
        path->domain = "CameraRollDomain";
        g_snprintf (path->path, sizeof path->path, "Media/DCIM/%03uAPPLE/IMG_%08u.HEIC", 100 + number / 4000, number);
        break;
    case 1:
        path->domain = "HomeDomain";
        g_snprintf (path->path, sizeof path->path, "Library/SMS/Attachments/%02x/%08x.dat", number / 4 % 256, number);
        break;
    case 2:
        set_note_path (number, path);
        break;
    default:
        path->domain = "MediaDomain";
        g_snprintf (path->path, sizeof path->path, "Library/Recordings/%08u.m4a", number);
        break;
    }
}

guint64
pr_virtual_file_get_modified (const PrVirtualFile *file)
{
    return FIRST_TIME + file->version;
}

guint64
pr_virtual_file_get_born (PrVirtualFiles *self, const PrVirtualFile *file)
{
    return FIRST_BIRTH + pr_virtual_files_seed (self, file->family);
}

gboolean
pr_virtual_file_recognise (PrVirtualFiles *self,
                           guint64 number,
                           guint64 modified,
                           guint64 born,
                           guint64 size,
                           PrVirtualFile *file)
{
    if (number > G_MAXUINT32 || modified - FIRST_TIME > MAX_VERSION || born - FIRST_BIRTH > SEED_MASK)
        return FALSE;
    *file = (PrVirtualFile) {
        .size = size,
        .number = (guint32) number,
        .version = (guint32) (modified - FIRST_TIME),
        .family = pr_virtual_files_family (self, born - FIRST_BIRTH),
    };
    return TRUE;
}

/* --- What it is like --- */

static guint64
mix (guint64 value)
{
    value = (value ^ value >> 30) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
    value = (value ^ value >> 27) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
    return value ^ value >> 31;
}

/* Path and contents follow from these. A sum, so that the order does not matter. */
static guint64
digest_file (PrVirtualFiles *self, const PrVirtualFile *file)
{
    guint64 seed = g_array_index (self->families, guint64, file->family);
    return mix (mix (mix (seed) + file->number) + ((guint64) file->version << 40) + file->size);
}

void
pr_virtual_files_describe (PrVirtualFiles *self, JsonObject *state)
{
    guint64 bytes = 0, digest = 0;
    g_mutex_lock (&self->mutex);
    for (guint i = 0; i < self->files->len; i++) {
        const PrVirtualFile *file = &g_array_index (self->files, PrVirtualFile, i);
        bytes += file->size;
        digest += digest_file (self, file);
    }
    g_autofree char *text =
        g_strdup_printf ("%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x", digest, mix (self->odd_digest));
    json_object_set_int_member (state, "files", self->files->len);
    json_object_set_int_member (state, "files-bytes", (gint64) bytes);
    json_object_set_int_member (state, "files-odd", (gint64) self->odd);
    json_object_set_string_member (state, "files-digest", text);
    g_mutex_unlock (&self->mutex);
}
