// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-usb-access.h"

#include <errno.h>
#include <fnmatch.h>
#include <gio/gio.h>
#include <grp.h>
#include <string.h>
#include <unistd.h>

#define RULES_MAX (1024 * 1024)

static const char *const default_dirs[] = { "/etc/udev/rules.d", "/run/udev/rules.d", "/usr/local/lib/udev/rules.d",
                                            "/usr/lib/udev/rules.d", NULL };

/* What one rule asks for and gives. */
typedef struct {
    gboolean names_phone; /* asks for this vendor, product or both */
    gboolean fits;
    gboolean uaccess;
    char *mode;
    char *group;
} Rule;

static void
clear_rule (Rule *rule)
{
    g_free (rule->mode);
    g_free (rule->group);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rule, clear_rule)

/* udev's patterns: shell patterns with alternatives between bars. */
static gboolean
fits_pattern (const char *pattern, const char *value)
{
    g_auto (GStrv) alternatives = g_strsplit (pattern, "|", -1);

    for (char **alternative = alternatives; *alternative != NULL; alternative++)
        if (fnmatch (*alternative, value, 0) == 0)
            return TRUE;
    return FALSE;
}

static void
ask (Rule *rule, const char *sign, const char *pattern, const char *value)
{
    gboolean fits = fits_pattern (pattern, value);

    rule->fits = rule->fits && (g_str_equal (sign, "==") ? fits : !fits);
}

static void
ask_id (Rule *rule, const char *sign, const char *pattern, guint id)
{
    g_autofree char *text = g_strdup_printf ("%04x", id);

    rule->names_phone = TRUE;
    ask (rule, sign, pattern, text);
}

static void
match (Rule *rule, const char *key, const char *sign, const char *value, guint vendor, guint product)
{
    static const char *const vendor_keys[] = { "ATTR{idVendor}", "ATTRS{idVendor}", "ENV{ID_VENDOR_ID}", NULL };
    static const char *const product_keys[] = { "ATTR{idProduct}", "ATTRS{idProduct}", "ENV{ID_MODEL_ID}", NULL };

    if (g_strv_contains (vendor_keys, key))
        ask_id (rule, sign, value, vendor);
    else if (g_strv_contains (product_keys, key))
        ask_id (rule, sign, value, product);
    else if (g_str_equal (key, "ACTION"))
        ask (rule, sign, value, "add");
    else if (g_str_equal (key, "SUBSYSTEM") || g_str_equal (key, "SUBSYSTEMS"))
        ask (rule, sign, value, "usb");
    else if (g_str_equal (key, "ENV{DEVTYPE}"))
        ask (rule, sign, value, "usb_device");
    else
        rule->fits = FALSE; /* asks for something that is not known here: better not to count on it */
}

static void
assign (Rule *rule, const char *key, const char *value)
{
    if (g_str_equal (key, "TAG"))
        rule->uaccess = rule->uaccess || g_str_equal (value, "uaccess");
    else if (g_str_equal (key, "MODE"))
        g_set_str (&rule->mode, value);
    else if (g_str_equal (key, "GROUP"))
        g_set_str (&rule->group, value);
}

/* One 'KEY sign "value"' at *@at, and moves *@at behind it; %FALSE at the end, or where the text makes no sense. */
static gboolean
next_part (const char **at, char **key, char **sign, char **value)
{
    const char *start = *at + strspn (*at, " \t,");
    gsize key_length = strcspn (start, " \t=!+-:\"");
    const char *after = start + key_length + strspn (start + key_length, " \t");
    gsize sign_length = strspn (after, "=!+-:");
    const char *quote = after + sign_length + strspn (after + sign_length, " \t");
    const char *end = *quote == '"' ? strchr (quote + 1, '"') : NULL;

    if (key_length == 0 || sign_length == 0 || end == NULL)
        return FALSE;
    *key = g_strndup (start, key_length);
    *sign = g_strndup (after, sign_length);
    *value = g_strndup (quote + 1, (gsize) (end - quote - 1));
    *at = end + 1;
    return TRUE;
}

static gboolean
next_step (const char **at, Rule *rule, guint vendor, guint product)
{
    g_autofree char *key = NULL, *sign = NULL, *value = NULL;

    if (!next_part (at, &key, &sign, &value))
        return FALSE;
    if (g_str_equal (sign, "==") || g_str_equal (sign, "!="))
        match (rule, key, sign, value, vendor, product);
    else if (!g_str_equal (sign, "-="))
        assign (rule, key, value);
    return TRUE;
}

static gboolean
is_member (const char *name)
{
    const struct group *group = getgrnam (name);
    gid_t groups[256];
    int count = getgroups (G_N_ELEMENTS (groups), groups);

    if (group == NULL)
        return FALSE;
    for (int i = 0; i < count; i++)
        if (groups[i] == group->gr_gid)
            return TRUE;
    return getegid () == group->gr_gid;
}

/* udev(7): a group without a mode gets 0660. */
static gboolean
gives (const Rule *rule, gboolean late)
{
    guint64 mode = rule->mode != NULL ? g_ascii_strtoull (rule->mode, NULL, 8) : 0660;

    if (!rule->fits || !rule->names_phone)
        return FALSE;
    if (rule->uaccess && !late)
        return TRUE;
    if (rule->mode != NULL && (mode & 06) == 06)
        return TRUE;
    return rule->group != NULL && (mode & 060) == 060 && is_member (rule->group);
}

gboolean
pr_usb_access_rule_gives (const char *line, guint vendor, guint product, gboolean late)
{
    g_auto (Rule) rule = { .fits = TRUE };
    const char *at = line;

    while (next_step (&at, &rule, vendor, product))
        continue;
    return gives (&rule, late);
}

/* Rules of a file, a line each: continued lines joined, comments left out. */
static char **
read_rules (const char *path)
{
    g_autoptr (GFile) file = g_file_new_for_path (path);
    g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
    g_autofree char *text = g_malloc0 (RULES_MAX + 1);
    g_auto (GStrv) parts = NULL;
    g_autofree char *joined = NULL;

    if (stream == NULL || !g_input_stream_read_all (G_INPUT_STREAM (stream), text, RULES_MAX, NULL, NULL, NULL))
        return NULL;
    parts = g_strsplit (text, "\\\n", -1);
    joined = g_strjoinv (" ", parts);
    return g_strsplit (joined, "\n", -1);
}

/* Which of the two modes the rules of this file open. */
static void
read_file (const char *path, const char *name, gboolean *recovery, gboolean *dfu)
{
    g_auto (GStrv) rules = read_rules (path);
    gboolean late = strcmp (name, "73-seat-late.rules") > 0;

    for (char **rule = rules; rule != NULL && *rule != NULL; rule++) {
        const char *start = *rule + strspn (*rule, " \t");

        if (*start == '#')
            continue;
        *recovery = *recovery || pr_usb_access_rule_gives (start, 0x05ac, 0x1281, late);
        *dfu = *dfu || pr_usb_access_rule_gives (start, 0x05ac, 0x1227, late);
    }
}

/* A name that an earlier folder has too is the earlier one's; so a link to /dev/null there hides it. */
static gboolean
read_dir (const char *path, GHashTable *seen, gboolean *recovery, gboolean *dfu)
{
    g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
    const char *name;

    if (dir == NULL)
        return FALSE;
    while ((name = g_dir_read_name (dir)) != NULL) {
        g_autofree char *file = g_build_filename (path, name, NULL);

        if (g_str_has_suffix (name, ".rules") && g_hash_table_add (seen, g_strdup (name)))
            read_file (file, name, recovery, dfu);
    }
    return TRUE;
}

PrUsbAccess
pr_usb_access_foretell (const char *const *rules_dirs)
{
    g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    gboolean recovery = FALSE, dfu = FALSE;

    if (geteuid () == 0)
        return PR_USB_ACCESS_GOOD;
    for (const char *const *dir = rules_dirs != NULL ? rules_dirs : default_dirs; *dir != NULL; dir++)
        read_dir (*dir, seen, &recovery, &dfu);
    if (g_hash_table_size (seen) == 0)
        return PR_USB_ACCESS_UNKNOWN;
    return recovery && dfu ? PR_USB_ACCESS_GOOD : PR_USB_ACCESS_REFUSED;
}

PrUsbAccess
pr_usb_access_test (const PrUsbPhone *phone)
{
    g_autofree char *node = pr_usb_phone_get_node (phone);

    if (access (node, R_OK | W_OK) == 0)
        return PR_USB_ACCESS_GOOD;
    return errno == EACCES || errno == EPERM ? PR_USB_ACCESS_REFUSED : PR_USB_ACCESS_UNKNOWN;
}

const char *
pr_usb_access_to_string (PrUsbAccess access)
{
    switch (access) {
    case PR_USB_ACCESS_GOOD:
        return "good";
    case PR_USB_ACCESS_REFUSED:
        return "refused";
    case PR_USB_ACCESS_UNKNOWN:
    default:
        return "unknown";
    }
}
