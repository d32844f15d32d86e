// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-hostile.h"

#include <string.h>

#define LONG_NAME 5000   /* bytes: longer than a path may be */
#define LONG_PART 300    /* bytes: longer than a file name may be */
#define MANY_LEVELS 2000 /* arrays in arrays */
#define NUL_MARK "\x7fNUL\x7f"
#define CONTENT "hostile"
#define ESCAPED "phone-reset-escaped" /* what tests look for in places where nothing may be */

/* --- Names --- */

static char *
make_long (const char *target, gsize length)
{
    g_autofree char *part = g_strnfill (length, 'a');
    return g_strconcat (target, "/Snapshot/", part, NULL);
}

/* (transfer full) (nullable): NULL when there is no such kind. "=PATH" is that path. */
static char *
make_name (const char *target, const char *kind)
{
    if (*kind == '=')
        return g_strdup (kind + 1);
    if (g_str_equal (kind, "parent"))
        return g_strconcat (target, "/../../" ESCAPED, NULL);
    if (g_str_equal (kind, "parent-inside"))
        return g_strconcat (target, "/Snapshot/../../../" ESCAPED, NULL);
    if (g_str_equal (kind, "absolute"))
        return g_build_filename ("/", "tmp", ESCAPED, NULL);
    if (g_str_equal (kind, "link"))
        return g_strconcat (target, "/link/" ESCAPED, NULL);
    if (g_str_equal (kind, "other"))
        return g_strdup ("00000000-0000000000000000/" ESCAPED);
    if (g_str_equal (kind, "folder"))
        return g_strconcat (target, "/Snapshot", NULL);
    if (g_str_equal (kind, "root"))
        return g_strdup (target);
    if (g_str_equal (kind, "empty"))
        return g_strdup ("");
    if (g_str_equal (kind, "dot"))
        return g_strdup (".");
    if (g_str_equal (kind, "long"))
        return make_long (target, LONG_NAME);
    if (g_str_equal (kind, "long-part"))
        return make_long (target, LONG_PART);
    if (g_str_equal (kind, "nul"))
        return g_strconcat (target, "/Snapshot/" ESCAPED NUL_MARK "/../../..", NULL);
    if (g_str_equal (kind, "newline"))
        return g_strconcat (target, "/Snapshot/a\nb\x1b[2J", NULL);
    if (g_str_equal (kind, "invalid"))
        return g_strconcat (target, "/Snapshot/\xff\xfe\xc0", NULL);
    if (g_str_equal (kind, "case"))
        return g_strconcat (target, "/SNAPSHOT/STATUS.PLIST", NULL);
    return NULL;
}

/* The mark becomes a byte of zero, of the same length in a plist. Returns: the new length. */
static gsize
put_nuls (char *data, gsize length)
{
    for (char *at; (at = memmem (data, length, NUL_MARK, strlen (NUL_MARK))) != NULL;)
        memset (at, '\0', strlen (NUL_MARK));
    return length;
}

/* --- Saying it --- */

static void
tell (PrVirtualBackup *backup, const char *answer, gint64 number)
{
    g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);
    pr_virtual_phone_saw (backup->phone, "backup-hostile-answer", "answer", answer, "number", text, NULL);
}

static gboolean
send_raw_number (PrVirtualBackup *backup, guint32 number)
{
    guint32 value = GUINT32_TO_BE (number);
    return pr_virtual_link_send_raw (backup->link, &value, sizeof value);
}

/* Takes @message. */
static gboolean
send_patched (PrVirtualBackup *backup, plist_t message)
{
    char *data = NULL;
    guint32 length = 0;
    gboolean made = plist_to_bin (message, &data, &length) == PLIST_ERR_SUCCESS;
    plist_free (message);
    if (!made)
        return TRUE;
    gboolean sent =
        send_raw_number (backup, length) && pr_virtual_link_send_raw (backup->link, data, put_nuls (data, length));
    plist_mem_free (data);
    return sent;
}

static gboolean
take_answer (PrVirtualBackup *backup)
{
    g_auto (plist_t) payload = NULL;
    gint64 status = 0;
    gboolean came = pr_virtual_link_receive_status (backup->link, &status, &payload);
    tell (backup, came ? "status" : "hung-up", status);
    if (payload != NULL && plist_get_node_type (payload) == PLIST_DICT)
        tell (backup, "names", plist_dict_get_size (payload));
    return came;
}

static gboolean
ask (PrVirtualBackup *backup, plist_t message)
{
    plist_array_append_item (message, plist_new_dict ());
    plist_array_append_item (message, plist_new_real (0));
    return send_patched (backup, message) && take_answer (backup);
}

/* --- Requests with names --- */

static gboolean
upload (PrVirtualBackup *backup, const char *name)
{
    g_autofree char *raw = g_strdup (name);
    gsize length = put_nuls (raw, strlen (name));
    return pr_virtual_link_begin_upload (backup->link, strlen (CONTENT)) && send_raw_number (backup, 1) &&
           pr_virtual_link_send_raw (backup->link, "x", 1) && send_raw_number (backup, length) &&
           pr_virtual_link_send_raw (backup->link, raw, length) &&
           pr_virtual_link_data (backup->link, (const guint8 *) CONTENT, strlen (CONTENT)) &&
           pr_virtual_link_end_file (backup->link, 0, "") && send_raw_number (backup, 0) && take_answer (backup);
}

static plist_t
new_message (const char *name, plist_t first, plist_t second)
{
    plist_t message = pr_virtual_link_message (name);
    plist_array_append_item (message, first);
    if (second != NULL)
        plist_array_append_item (message, second);
    return message;
}

static plist_t
new_list (const char *name)
{
    plist_t list = plist_new_array ();
    plist_array_append_item (list, plist_new_string (name));
    return list;
}

static plist_t
new_pair (const char *from, const char *to)
{
    plist_t pair = plist_new_dict ();
    plist_dict_set_item (pair, from, plist_new_string (to));
    return pair;
}

static gboolean
list_folder (PrVirtualBackup *backup, const char *name)
{
    plist_t message = plist_new_array ();
    plist_array_append_item (message, plist_new_string ("DLContentsOfDirectory"));
    plist_array_append_item (message, plist_new_string (name));
    return ask (backup, message);
}

static gboolean
open_cb (const char *name, gpointer data)
{
    return TRUE;
}

static gboolean
data_cb (const guint8 *bytes, gsize length, gpointer data)
{
    *(gint64 *) data += (gint64) length;
    return TRUE;
}

static gboolean
close_cb (guint8 code, const char *text, gpointer data)
{
    return TRUE;
}

/* What is in a file of the computer's own is none of the phone's business: the log says how much of it came. */
static gboolean
download (PrVirtualBackup *backup, const char *name)
{
    gint64 bytes = 0, status = 0;
    const PrVirtualSink sink = { open_cb, data_cb, close_cb, &bytes };
    gboolean came = pr_virtual_link_download (backup->link, new_list (name), &sink, &status);
    tell (backup, came ? "status" : "hung-up", status);
    tell (backup, "bytes", bytes);
    return came;
}

static gboolean
request (PrVirtualBackup *backup, const char *where, const char *name)
{
    g_autofree char *good = pr_virtual_backup_host_path (backup, "Snapshot/hostile");
    if (g_str_equal (where, "upload"))
        return upload (backup, name);
    if (g_str_equal (where, "download"))
        return download (backup, name);
    if (g_str_equal (where, "list"))
        return list_folder (backup, name);
    if (g_str_equal (where, "make"))
        return ask (backup, new_message ("CreateDirectory", plist_new_string (name), NULL));
    if (g_str_equal (where, "remove"))
        return ask (backup, new_message ("RemoveItems", new_list (name), NULL));
    if (g_str_equal (where, "move-from"))
        return ask (backup, new_message ("MoveItems", new_pair (name, good), NULL));
    if (g_str_equal (where, "move-to"))
        return upload (backup, good) && ask (backup, new_message ("MoveItems", new_pair (good, name), NULL));
    if (g_str_equal (where, "copy-from"))
        return ask (backup, new_message ("CopyItem", plist_new_string (name), plist_new_string (good)));
    if (g_str_equal (where, "copy-to"))
        return upload (backup, good) &&
               ask (backup, new_message ("CopyItem", plist_new_string (good), plist_new_string (name)));
    return TRUE;
}

/* --- Lengths --- */

static gboolean
begin_hostile_file (PrVirtualBackup *backup)
{
    g_autofree char *name = pr_virtual_backup_host_path (backup, "Snapshot/hostile");
    return pr_virtual_link_begin_upload (backup->link, 0) && pr_virtual_link_begin_file (backup->link, "hostile", name);
}

/* One frame that says that it has @length bytes with its code, and has these few. */
static gboolean
send_frame (PrVirtualBackup *backup, guint32 length)
{
    static const char few[] = "\x0c"
                              "a few bytes";
    return begin_hostile_file (backup) && send_raw_number (backup, length) &&
           pr_virtual_link_send_raw (backup->link, few, length == 0 ? 0 : sizeof few - 1);
}

static gboolean
send_name_length (PrVirtualBackup *backup, guint32 length)
{
    return pr_virtual_link_begin_upload (backup->link, 0) && send_raw_number (backup, length) &&
           pr_virtual_link_send_raw (backup->link, "name", 4);
}

static gboolean
send_message_length (PrVirtualBackup *backup, guint32 length)
{
    return send_raw_number (backup, length) && pr_virtual_link_send_raw (backup->link, "bplist00", 8);
}

/* --- Messages --- */

static gboolean
send_garbage (PrVirtualBackup *backup)
{
    static const char garbage[] = "bplist00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";
    return send_raw_number (backup, sizeof garbage - 1) &&
           pr_virtual_link_send_raw (backup->link, garbage, sizeof garbage - 1);
}

static gboolean
send_nested (PrVirtualBackup *backup)
{
    plist_t whole = plist_new_array ();
    plist_t inner = whole;
    for (guint i = 0; i < MANY_LEVELS; i++) {
        plist_t next = plist_new_array ();
        plist_array_append_item (inner, next);
        inner = next;
    }
    return send_patched (backup, whole);
}

static gboolean
send_wrong_types (PrVirtualBackup *backup)
{
    plist_t message = pr_virtual_link_message ("MoveItems");
    plist_array_append_item (message, plist_new_uint (1));
    plist_array_append_item (message, plist_new_string ("a"));
    return send_patched (backup, message);
}

static gboolean
send_dict (PrVirtualBackup *backup)
{
    return send_patched (backup, new_pair ("DLMessageUploadFiles", "yes"));
}

static gboolean
send_without_arguments (PrVirtualBackup *backup)
{
    return send_patched (backup, pr_virtual_link_message ("UploadFiles"));
}

static gboolean
send_unknown (PrVirtualBackup *backup)
{
    return send_patched (backup, pr_virtual_link_message ("NobodyKnowsThis"));
}

static const struct {
    const char *kind;
    gboolean (*say) (PrVirtualBackup *backup);
    gboolean (*say_length) (PrVirtualBackup *backup, guint32 length);
    guint32 length;
    gboolean hangs_up; /* after it */
} oddities[] = {
    { "frame-huge", NULL, send_frame, 0x7fffffff, TRUE },
    { "frame-negative", NULL, send_frame, 0xffffffff, TRUE },
    { "frame-zero", NULL, send_frame, 0, FALSE },
    { "frame-truncated", NULL, send_frame, 32768, TRUE },
    { "name-huge", NULL, send_name_length, 0x7fffffff, TRUE },
    { "name-negative", NULL, send_name_length, 0xffffffff, TRUE },
    { "name-truncated", NULL, send_name_length, 100, TRUE },
    { "message-huge", NULL, send_message_length, 0x7fffffff, TRUE },
    { "message-negative", NULL, send_message_length, 0xffffffff, TRUE },
    { "message-empty", NULL, send_message_length, 0, FALSE },
    { "message-truncated", NULL, send_message_length, 100, TRUE },
    { "message-garbage", send_garbage, NULL, 0, FALSE },
    { "message-nested", send_nested, NULL, 0, FALSE },
    { "message-types", send_wrong_types, NULL, 0, FALSE },
    { "message-dict", send_dict, NULL, 0, FALSE },
    { "message-few", send_without_arguments, NULL, 0, FALSE },
    { "message-unknown", send_unknown, NULL, 0, FALSE },
};

static gboolean
say_oddity (PrVirtualBackup *backup, const char *kind)
{
    for (guint i = 0; i < G_N_ELEMENTS (oddities); i++) {
        if (!g_str_equal (oddities[i].kind, kind))
            continue;
        gboolean sent =
            oddities[i].say != NULL ? oddities[i].say (backup) : oddities[i].say_length (backup, oddities[i].length);
        if (oddities[i].hangs_up)
            return pr_virtual_link_end (backup->link);
        return sent && take_answer (backup);
    }
    return TRUE;
}

gboolean
pr_virtual_hostile_strike (PrVirtualBackup *backup)
{
    g_autofree char *argument = pr_virtual_phone_fault (backup->phone, "backup-hostile");
    if (argument == NULL)
        return TRUE;
    g_auto (GStrv) words = g_strsplit (argument, " ", 2);
    if (words[0] == NULL)
        return TRUE;
    pr_virtual_phone_saw (backup->phone, "backup-hostile", "what", argument, NULL);
    if (words[1] == NULL)
        return say_oddity (backup, words[0]);
    g_autofree char *name = make_name (backup->target, words[1]);
    return name == NULL || request (backup, words[0], name);
}
