// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-scenario.h"

#include "config.h"

/* As libirecovery's device table has them (1.2.1). Other models say board, chip-id and board-id themselves. */
static const struct {
    const char *product;
    const char *board;
    const char *marketing;
    guint chip_id;
    guint board_id;
} models[] = {
    { "iPhone9,1", "d10ap", "iPhone 7", 0x8010, 0x08 },
    { "iPhone10,1", "d20ap", "iPhone 8", 0x8015, 0x02 },
    { "iPhone12,1", "n104ap", "iPhone 11", 0x8030, 0x04 },
    { "iPhone14,7", "d27ap", "iPhone 14", 0x8110, 0x18 },
    { "iPhone15,2", "d73ap", "iPhone 14 Pro", 0x8120, 0x0c },
    { "iPhone16,1", "d83ap", "iPhone 15 Pro", 0x8130, 0x04 },
    { "iPad13,18", "j271ap", "iPad (10th generation)", 0x8101, 0x14 },
    { "iPad14,1", "j310ap", "iPad mini (6th generation)", 0x8110, 0x04 },
};

#define MAX_LIKE 4 /* scenarios that begin as another */

/* --- Loading --- */

static char *
find_file (const char *name)
{
    if (strchr (name, G_DIR_SEPARATOR) != NULL || g_str_has_suffix (name, ".ini"))
        return g_strdup (name);
    g_autofree char *file = g_strconcat (name, ".ini", NULL);
    return g_build_filename (PR_PKGDATADIR, "scenarios", file, NULL);
}

/* An empty value takes a key away, but for a fault, where it is one without an argument. */
static void
lay_group_over (GKeyFile *base, GKeyFile *over, const char *group)
{
    gboolean empty_counts = g_str_equal (group, "faults");
    g_auto (GStrv) keys = g_key_file_get_keys (over, group, NULL, NULL);
    for (gsize i = 0; keys != NULL && keys[i] != NULL; i++) {
        g_autofree char *value = g_key_file_get_string (over, group, keys[i], NULL);
        if (value == NULL || (*value == '\0' && !empty_counts))
            g_key_file_remove_key (base, group, keys[i], NULL);
        else
            g_key_file_set_string (base, group, keys[i], value);
    }
}

static void
lay_over (GKeyFile *base, GKeyFile *over)
{
    g_auto (GStrv) groups = g_key_file_get_groups (over, NULL);
    for (gsize i = 0; groups[i] != NULL; i++)
        lay_group_over (base, over, groups[i]);
}

static GKeyFile *
load_file (const char *path, int depth, GError **error)
{
    g_autoptr (GKeyFile) file = g_key_file_new ();
    if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error)) {
        g_prefix_error (error, "scenario %s: ", path);
        return NULL;
    }
    g_autofree char *like = g_key_file_get_string (file, "scenario", "like", NULL);
    if (like == NULL)
        return g_steal_pointer (&file);
    if (depth >= MAX_LIKE) {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS, "scenario %s: too many that begin as another", path);
        return NULL;
    }
    g_autofree char *folder = g_path_get_dirname (path);
    g_autofree char *name = g_strconcat (like, ".ini", NULL);
    g_autofree char *other = g_build_filename (folder, name, NULL);
    g_autoptr (GKeyFile) base = load_file (other, depth + 1, error);
    if (base == NULL)
        return NULL;
    lay_over (base, file);
    return g_steal_pointer (&base);
}

GKeyFile *
pr_virtual_scenario_load (const char *name, GError **error)
{
    g_autofree char *path = find_file (name);
    return load_file (path, 0, error);
}

/* --- Who it is --- */

static char *
get_text (GKeyFile *scenario, const char *key, const char *otherwise)
{
    g_autofree char *text = g_key_file_get_string (scenario, "phone", key, NULL);
    return (char *) g_intern_string (text != NULL ? text : otherwise);
}

static guint
get_number (GKeyFile *scenario, const char *key, guint otherwise)
{
    g_autofree char *text = g_key_file_get_string (scenario, "phone", key, NULL);
    return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 0) : otherwise;
}

static gboolean
read_ecid (GKeyFile *scenario, guint64 *ecid, GError **error)
{
    g_autofree char *text = g_key_file_get_string (scenario, "phone", "ecid", NULL);
    *ecid = text != NULL ? g_ascii_strtoull (text, NULL, 0) : G_GUINT64_CONSTANT (0x001122334455667A);
    if (*ecid >= PR_VIRTUAL_FIRST_ECID && *ecid <= PR_VIRTUAL_LAST_ECID)
        return TRUE;
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "ECID %s is not in the virtual range", text);
    return FALSE;
}

/* Models since 2018 (chip 0x8020) have "chip-ecid"; older ones the SHA-1 of things that a virtual phone lacks. */
static char *
make_udid (const PrVirtualIdentity *identity)
{
    g_autofree char *text = NULL;
    if (identity->chip_id >= 0x8020) {
        text = g_strdup_printf ("%08X-%016" G_GINT64_MODIFIER "X", identity->chip_id, identity->ecid);
    } else {
        g_autofree char *seed = g_strdup_printf ("%s%" G_GUINT64_FORMAT, identity->serial, identity->ecid);
        text = g_compute_checksum_for_string (G_CHECKSUM_SHA1, seed, -1);
    }
    return (char *) g_intern_string (text);
}

static gsize
find_model (const char *product)
{
    gsize i = 0;
    while (i < G_N_ELEMENTS (models) && !g_str_equal (models[i].product, product))
        i++;
    return i;
}

static gboolean
fill_model (GKeyFile *scenario, PrVirtualIdentity *identity, GError **error)
{
    gsize i = find_model (identity->product);
    gboolean known = i < G_N_ELEMENTS (models);
    identity->board = get_text (scenario, "board", known ? models[i].board : NULL);
    identity->marketing = get_text (scenario, "marketing", known ? models[i].marketing : identity->product);
    identity->chip_id = get_number (scenario, "chip-id", known ? models[i].chip_id : 0);
    identity->board_id = get_number (scenario, "board-id", known ? models[i].board_id : 0);
    if (identity->board != NULL && identity->chip_id != 0)
        return TRUE;
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "model %s needs board=, chip-id= and board-id=", identity->product);
    return FALSE;
}

gboolean
pr_virtual_scenario_identify (GKeyFile *scenario, PrVirtualIdentity *identity, GError **error)
{
    identity->product = get_text (scenario, "product", "iPhone14,7");
    identity->name = get_text (scenario, "name", "iPhone");
    identity->serial = get_text (scenario, "serial", "F17VIRTUAL01");
    identity->version = get_text (scenario, "version", "17.5.1");
    identity->build = get_text (scenario, "build", "21F90");
    if (!read_ecid (scenario, &identity->ecid, error) || !fill_model (scenario, identity, error))
        return FALSE;
    identity->udid = make_udid (identity);
    return TRUE;
}
