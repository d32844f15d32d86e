// SPDX-License-Identifier: GPL-3.0-or-later
#include "crash-log.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096
#define ROOT 0 /* the number of the folder itself */

typedef struct {
    gboolean folder;
    guint mode;
    GHashTable *names;   /* of a folder, at the beginning: name to number + 1 */
    GByteArray *content; /* of a file, at the beginning */
    GArray *writes;      /* of a file: numbers of changes */
} Node;

typedef struct {
    DiskCall call;
    guint mark;
    guint folder, new_folder, subject; /* numbers of nodes */
    char *name, *new_name;
    guint64 offset;
    GBytes *data;
    guint since; /* a sync: it counts for the changes before this one, which were made when it began */
} Change;

/* The number of changes when a sync of this thread began: others go on beside it. */
static _Thread_local guint sync_began;

struct _CrashLog {
    GPtrArray *nodes;    /* Node */
    GHashTable *numbers; /* inode to number + 1 */
    GArray *changes;     /* Change */
    guint mark;
    DiskListener listener;
};

/* --- What is there --- */

static void
node_free (gpointer data)
{
    Node *node = data;

    g_clear_pointer (&node->names, g_hash_table_unref);
    g_clear_pointer (&node->content, g_byte_array_unref);
    g_clear_pointer (&node->writes, g_array_unref);
    g_free (node);
}

static GHashTable *
new_names (void)
{
    return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* Its number. What had that inode before is gone. */
static guint
add_node (CrashLog *self, guint64 inode, gboolean folder, guint mode)
{
    Node *node = g_new0 (Node, 1);

    node->folder = folder;
    node->mode = mode;
    node->names = folder ? new_names () : NULL;
    node->content = folder ? NULL : g_byte_array_new ();
    node->writes = g_array_new (FALSE, FALSE, sizeof (guint));
    g_ptr_array_add (self->nodes, node);
    g_hash_table_insert (self->numbers, g_memdup2 (&inode, sizeof inode), GUINT_TO_POINTER (self->nodes->len));
    return self->nodes->len - 1;
}

static gboolean
find_number (CrashLog *self, guint64 inode, guint *number)
{
    gpointer found = g_hash_table_lookup (self->numbers, &inode);

    *number = GPOINTER_TO_UINT (found) - 1;
    return found != NULL;
}

static Node *
get_node (CrashLog *self, guint number)
{
    return g_ptr_array_index (self->nodes, number);
}

static void
read_content (const char *path, GByteArray *content)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *data = NULL;
    gsize length;

    g_file_get_contents (path, &data, &length, &error);
    g_assert_no_error (error);
    g_byte_array_append (content, (const guint8 *) data, (guint) length);
}

static guint
read_tree (CrashLog *self, const char *path)
{
    struct stat status;
    guint number;
    g_autoptr (GDir) dir = NULL;
    const char *name;

    g_assert_no_errno (lstat (path, &status));
    if (find_number (self, status.st_ino, &number))
        return number;
    number = add_node (self, status.st_ino, S_ISDIR (status.st_mode), status.st_mode & 0777);
    if (!S_ISDIR (status.st_mode)) {
        read_content (path, get_node (self, number)->content);
        return number;
    }
    dir = g_dir_open (path, 0, NULL);
    while ((name = g_dir_read_name (dir)) != NULL) {
        g_autofree char *below = g_build_filename (path, name, NULL);
        guint child = read_tree (self, below);

        g_hash_table_insert (get_node (self, number)->names, g_strdup (name), GUINT_TO_POINTER (child + 1));
    }
    return number;
}

/* --- What is done --- */

static int
allow (DiskCall call, gpointer data)
{
    if (call == DISK_SYNC || call == DISK_SYNC_ALL)
        sync_began = ((CrashLog *) data)->changes->len;
    return 0;
}

static guint
need_folder (CrashLog *self, guint64 inode, const char *name)
{
    guint number;

    if (!find_number (self, inode, &number))
        g_error ("%s was changed in a folder that is not below the one that is recorded", name);
    return number;
}

static void
record (const DiskChange *told, gpointer data)
{
    CrashLog *self = data;
    Change change = { .call = told->call, .mark = self->mark, .since = sync_began };

    if (told->name != NULL)
        change.folder = need_folder (self, told->folder, told->name);
    change.new_folder = told->new_name != NULL ? need_folder (self, told->new_folder, told->new_name) : change.folder;
    change.name = g_strdup (told->name);
    change.new_name = g_strdup (told->new_name);
    if (told->call == DISK_CREATE || told->call == DISK_MKDIR)
        change.subject = add_node (self, told->subject, told->call == DISK_MKDIR, told->mode);
    else if (told->subject != 0 && !find_number (self, told->subject, &change.subject) && told->call != DISK_SYNC_ALL)
        return; /* a file of somebody else's */
    if (told->call == DISK_WRITE) {
        change.offset = told->offset;
        change.data = g_bytes_new (told->data, told->length);
        g_array_append_val (get_node (self, change.subject)->writes, self->changes->len);
    }
    g_array_append_val (self->changes, change);
}

static void
clear_change (gpointer data)
{
    Change *change = data;

    g_free (change->name);
    g_free (change->new_name);
    g_clear_pointer (&change->data, g_bytes_unref);
}

CrashLog *
crash_log_new (const char *folder)
{
    CrashLog *self = g_new0 (CrashLog, 1);

    self->nodes = g_ptr_array_new_with_free_func (node_free);
    self->numbers = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
    self->changes = g_array_new (FALSE, FALSE, sizeof (Change));
    g_array_set_clear_func (self->changes, clear_change);
    self->listener = (DiskListener) { allow, record, self, FALSE };
    read_tree (self, folder);
    return self;
}

void
crash_log_free (CrashLog *self)
{
    g_ptr_array_unref (self->nodes);
    g_hash_table_unref (self->numbers);
    g_array_unref (self->changes);
    g_free (self);
}

DiskListener *
crash_log_get_listener (CrashLog *self)
{
    return &self->listener;
}

void
crash_log_set_mark (CrashLog *self, guint mark)
{
    self->mark = mark;
}

/* --- Points in time --- */

static const Change *
get_change (CrashLog *self, guint i)
{
    return &g_array_index (self->changes, Change, i);
}

guint
crash_log_get_end (CrashLog *self)
{
    return self->changes->len;
}

guint
crash_log_find_last (CrashLog *self, guint mark)
{
    for (guint i = self->changes->len; i > 0; i--)
        if (get_change (self, i - 1)->mark == mark)
            return i;
    return 0;
}

guint
crash_log_draw (CrashLog *self, guint mark, GRand *rand)
{
    g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (guint));

    for (guint i = 1; i <= self->changes->len; i++)
        if (get_change (self, i - 1)->mark == mark)
            g_array_append_val (points, i);
    if (points->len == 0)
        return (guint) g_rand_int_range (rand, 0, (int) self->changes->len + 1);
    return g_array_index (points, guint, g_rand_int_range (rand, 0, (int) points->len));
}

/* --- Which names are there? --- */

static gboolean
is_sync (const Change *change)
{
    return change->call == DISK_SYNC || change->call == DISK_SYNC_ALL;
}

static gboolean
names (const Change *change)
{
    return change->name != NULL;
}

static void
keep_first (CrashLog *self, guint n, gboolean *kept)
{
    for (guint i = 0; i < n; i++)
        kept[i] = TRUE;
}

static void
keep_ordered (CrashLog *self, guint point, GRand *rand, gboolean *kept)
{
    guint synced = 0;

    for (guint i = 0; i < point; i++)
        if (is_sync (get_change (self, i)))
            synced = MAX (synced, get_change (self, i)->since);
    keep_first (self, (guint) g_rand_int_range (rand, (int) synced, (int) point + 1), kept);
}

/* needed[f]: the changes of folder f before this one must be there. */
static void
find_needed (CrashLog *self, guint point, guint *needed)
{
    for (guint i = 0; i < point; i++) {
        const Change *change = get_change (self, i);

        if (change->call == DISK_SYNC)
            needed[change->subject] = MAX (needed[change->subject], change->since);
        for (guint k = 0; change->call == DISK_SYNC_ALL && k < self->nodes->len; k++)
            needed[k] = MAX (needed[k], change->since);
    }
    for (guint i = point; i-- > 0;) {
        const Change *change = get_change (self, i);

        if (!names (change) || (i >= needed[change->folder] && i >= needed[change->new_folder]))
            continue;
        needed[change->folder] = MAX (needed[change->folder], i + 1);
        needed[change->new_folder] = MAX (needed[change->new_folder], i + 1);
    }
}

static void
keep_loose (CrashLog *self, guint point, GRand *rand, gboolean *kept)
{
    static const double chances[] = { 0.3, 0.9, 0.99, 0.999 };
    double chance = chances[g_rand_int_range (rand, 0, G_N_ELEMENTS (chances))];
    g_autofree guint *needed = g_new0 (guint, self->nodes->len);
    g_autofree gboolean *lost = g_new0 (gboolean, self->nodes->len);

    find_needed (self, point, needed);
    for (guint i = 0; i < point; i++) {
        const Change *change = get_change (self, i);

        if (!names (change))
            continue;
        kept[i] = i < needed[change->folder] ||
                  (!lost[change->folder] && !lost[change->new_folder] && g_rand_double (rand) < chance);
        if (!kept[i])
            lost[change->folder] = lost[change->new_folder] = TRUE;
    }
}

static gpointer
take_name (GHashTable *folder, const char *name)
{
    gpointer number = g_hash_table_lookup (folder, name);

    if (number == NULL)
        g_error ("the record does not know where %s came from", name);
    g_hash_table_remove (folder, name);
    return number;
}

static void
play (GPtrArray *folders, const Change *change)
{
    GHashTable *folder = folders->pdata[change->folder], *new_folder = folders->pdata[change->new_folder];
    gpointer number, other;

    switch (change->call) {
    case DISK_CREATE:
    case DISK_MKDIR:
        g_hash_table_replace (folder, g_strdup (change->name), GUINT_TO_POINTER (change->subject + 1));
        break;
    case DISK_LINK:
        g_hash_table_replace (new_folder, g_strdup (change->new_name), GUINT_TO_POINTER (change->subject + 1));
        break;
    case DISK_RENAME:
        number = take_name (folder, change->name);
        g_hash_table_replace (new_folder, g_strdup (change->new_name), number);
        break;
    case DISK_EXCHANGE:
        number = take_name (folder, change->name);
        other = take_name (new_folder, change->new_name);
        g_hash_table_replace (folder, g_strdup (change->name), other);
        g_hash_table_replace (new_folder, g_strdup (change->new_name), number);
        break;
    case DISK_UNLINK:
        take_name (folder, change->name);
        break;
    case DISK_MODE:
    case DISK_WRITE:
    case DISK_SYNC:
    case DISK_SYNC_ALL:
        break;
    }
}

/* (element-type GHashTable): of each node that is a folder, its names */
static GPtrArray *
copy_folders (CrashLog *self)
{
    GPtrArray *folders = g_ptr_array_new_full (self->nodes->len, NULL);

    for (guint i = 0; i < self->nodes->len; i++) {
        GHashTable *all = get_node (self, i)->names, *copy = all != NULL ? new_names () : NULL;
        GHashTableIter iter;
        gpointer name, number;

        if (all != NULL)
            g_hash_table_iter_init (&iter, all);
        while (all != NULL && g_hash_table_iter_next (&iter, &name, &number))
            g_hash_table_insert (copy, g_strdup (name), number);
        g_ptr_array_add (folders, copy);
    }
    return folders;
}

static void
free_folders (GPtrArray *folders)
{
    for (guint i = 0; i < folders->len; i++)
        if (folders->pdata[i] != NULL)
            g_hash_table_unref (folders->pdata[i]);
    g_ptr_array_unref (folders);
}

/* --- What is in files? --- */

typedef struct {
    CrashLog *log;
    guint point;
    CrashKind kind;
    GRand *rand;
    GPtrArray *folders;
    GHashTable *places; /* number + 1 of a file to its first path */
} Image;

/* Changes before this one were synced, as far as they are of that file. */
static guint
find_synced (Image *self, guint number)
{
    guint synced = 0;

    for (guint i = 0; i < self->point; i++) {
        const Change *change = get_change (self->log, i);

        if (change->call == DISK_SYNC_ALL || (change->call == DISK_SYNC && change->subject == number))
            synced = MAX (synced, change->since);
    }
    return synced;
}

static void
write_change (GByteArray *content, const Change *change)
{
    gsize length;
    const guint8 *data = g_bytes_get_data (change->data, &length);
    guint before = content->len;

    if (change->offset + length > before) {
        g_byte_array_set_size (content, (guint) (change->offset + length));
        memset (content->data + before, 0, content->len - before);
    }
    memcpy (content->data + change->offset, data, length);
}

/* @from, @to: changes that count. Returns: whether there was any. */
static gboolean
write_changes (Image *self, guint number, guint from, guint to, GByteArray *content)
{
    GArray *writes = get_node (self->log, number)->writes;
    gboolean any = FALSE;

    for (guint i = 0; i < writes->len; i++) {
        guint at = g_array_index (writes, guint, i);

        if (at < from || at >= to)
            continue;
        write_change (content, get_change (self->log, at));
        any = TRUE;
    }
    return any;
}

static void
lose_pages (Image *self, GByteArray *content, const GByteArray *synced, double chance)
{
    for (guint at = 0; at < content->len; at += PAGE) {
        guint length = MIN (PAGE, content->len - at);
        guint old = at < synced->len ? MIN (length, synced->len - at) : 0;

        if (g_rand_double (self->rand) >= chance)
            continue;
        if (old > 0)
            memcpy (content->data + at, synced->data + at, old);
        memset (content->data + at + old, 0, length - old);
    }
}

/* (transfer full) */
static GByteArray *
make_content (Image *self, guint number)
{
    GByteArray *start = get_node (self->log, number)->content;
    guint sync = find_synced (self, number);
    g_autoptr (GByteArray) synced = g_byte_array_new ();
    g_autoptr (GByteArray) content = g_byte_array_new ();

    g_byte_array_append (synced, start->data, start->len);
    write_changes (self, number, 0, sync, synced);
    g_byte_array_append (content, synced->data, synced->len);
    if (!write_changes (self, number, sync, self->point, content) || self->kind == CRASH_NOTHING_LOST)
        return g_steal_pointer (&content);
    switch (g_rand_int_range (self->rand, 0, 5)) {
    case 0:
        return g_steal_pointer (&synced);
    case 1:
        lose_pages (self, content, synced, 1);
        break;
    case 2:
        lose_pages (self, content, synced, 0.5);
        break;
    case 3:
        if (content->len > synced->len)
            g_byte_array_set_size (content,
                                   (guint) g_rand_int_range (self->rand, (int) synced->len, (int) content->len));
        break;
    }
    return g_steal_pointer (&content);
}

/* --- The image --- */

static void
write_file (Image *self, guint number, const char *path)
{
    const char *other = g_hash_table_lookup (self->places, GUINT_TO_POINTER (number + 1));
    g_autoptr (GByteArray) content = NULL;
    g_autofd int fd = -1;

    if (other != NULL) {
        g_assert_no_errno (link (other, path));
        return;
    }
    g_hash_table_insert (self->places, GUINT_TO_POINTER (number + 1), g_strdup (path));
    content = make_content (self, number);
    fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, get_node (self->log, number)->mode);
    g_assert_cmpint (fd, >=, 0);
    g_assert_cmpint (write (fd, content->data, content->len), ==, content->len);
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
    return strcmp (a, b);
}

static void
write_folder (Image *self, guint number, const char *path)
{
    GHashTable *entries = self->folders->pdata[number];
    /* in one order, so that a seed means one image */
    g_autoptr (GList) sorted = g_list_sort (g_hash_table_get_keys (entries), compare_texts);

    g_assert_no_errno (mkdir (path, 0700));
    for (GList *i = sorted; i != NULL; i = i->next) {
        g_autofree char *below = g_build_filename (path, i->data, NULL);
        guint child = GPOINTER_TO_UINT (g_hash_table_lookup (entries, i->data)) - 1;

        if (get_node (self->log, child)->folder)
            write_folder (self, child, below);
        else
            write_file (self, child, below);
    }
}

void
crash_log_write_image (CrashLog *self, guint point, CrashKind kind, GRand *rand, const char *path)
{
    g_autofree gboolean *kept = g_new0 (gboolean, point + 1);
    Image image = { self, point, kind, rand, copy_folders (self), NULL };

    image.places = g_hash_table_new_full (NULL, NULL, NULL, g_free);
    if (kind == CRASH_ORDERED)
        keep_ordered (self, point, rand, kept);
    else if (kind == CRASH_LOOSE)
        keep_loose (self, point, rand, kept);
    else
        keep_first (self, point, kept);
    for (guint i = 0; i < point; i++)
        if (kept[i] && names (get_change (self, i)))
            play (image.folders, get_change (self, i));
    write_folder (&image, ROOT, path);
    free_folders (image.folders);
    g_hash_table_unref (image.places);
}
