// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-model.h"

#include <gio/gio.h>
#include <libirecovery.h>

#include "pr-phone-resources.h"

#define OVERLAY "/org/example/PhoneReset/phone/models.ini"

typedef struct {
    const char *name;
    const char *family;
    const char *buttons;
} Model;

typedef struct {
    const char *product_type;
    const char *name;
} Board;

/* Filled once, then only read. */
typedef struct {
    GHashTable *models; /* product type → Model */
    GHashTable *boards; /* chip and board id as gint64 → Board */
} Tables;

/* The first rule whose prefix and range fit: families and buttons of everything with that number and no entry of its
 * own. The last number is open, for models to come. */
typedef struct {
    const char *prefix;
    guint first, last;
    const char *family;
    const char *buttons;
} Rule;

static const Rule rules[] = {
    { "iPhone", 1, 8, "home", "home" },        { "iPhone", 9, 9, "home", "volume-down" },
    { "iPhone", 10, 14, "notch", "side" },     { "iPhone", 15, G_MAXUINT, "island", "side" },
    { "iPod", 1, 8, "home", "home" },          { "iPod", 9, 9, "home", "volume-down" },
    { "iPad", 1, 7, "tablet-home", "home" },   { "iPad", 8, 10, "tablet", "top" },
    { "iPad", 11, 12, "tablet-home", "home" }, { "iPad", 13, G_MAXUINT, "tablet", "top" },
};

/* Radios and sizes of storage, which libirecovery adds where two boards share a name. */
static const char *const variants[] = { "WiFi", "Cellular", "Global", "GSM", "CDMA", "China", "1TB", "2TB", NULL };

static char *
keep_generation (const char *inside)
{
    g_auto (GStrv) parts = g_strsplit (inside, ", ", -1);
    g_autoptr (GStrvBuilder) kept = g_strv_builder_new ();
    g_auto (GStrv) strings = NULL;

    for (char **part = parts; *part != NULL; part++)
        if (!g_strv_contains (variants, *part))
            g_strv_builder_add (kept, *part);
    strings = g_strv_builder_end (kept);
    return g_strjoinv (", ", strings);
}

/* "iPad Air (4th gen, WiFi)" → "iPad Air (4th gen)"; "iPhone 4 (GSM) R2 2012" → "iPhone 4" */
static char *
strip_variant (const char *name)
{
    const char *open = strchr (name, '(');
    const char *end = open != NULL ? strchr (open, ')') : NULL;
    g_autofree char *base = NULL, *inside = NULL, *kept = NULL;

    if (end == NULL)
        return g_strdup (name);
    base = g_strchomp (g_strndup (name, (gsize) (open - name)));
    inside = g_strndup (open + 1, (gsize) (end - open - 1));
    kept = keep_generation (inside);
    return *kept == '\0' ? g_strdup (base) : g_strdup_printf ("%s (%s)", base, kept);
}

static gint64 *
board_key (guint chip_id, guint board_id)
{
    gint64 key = ((gint64) chip_id << 32) | board_id;

    return g_memdup2 (&key, sizeof key);
}

static Model *
ensure_model (Tables *tables, const char *product_type)
{
    Model *model = g_hash_table_lookup (tables->models, product_type);

    if (model == NULL) {
        model = g_new0 (Model, 1);
        g_hash_table_insert (tables->models, g_strdup (product_type), model);
    }
    return model;
}

static void
add_board (Tables *tables, guint chip_id, guint board_id, const char *product_type, const char *name)
{
    g_autofree gint64 *key = board_key (chip_id, board_id);
    Board *board;

    if (g_hash_table_contains (tables->boards, key))
        return;
    board = g_new0 (Board, 1);
    board->product_type = g_intern_string (product_type);
    board->name = g_intern_string (name);
    g_hash_table_insert (tables->boards, g_steal_pointer (&key), board);
}

static void
read_library (Tables *tables)
{
    for (irecv_device_t known = irecv_devices_get_all (); known->product_type != NULL; known++) {
        Model *model = ensure_model (tables, known->product_type);

        if (model->name == NULL) {
            g_autofree char *name = strip_variant (known->display_name);

            model->name = g_intern_string (name);
        }
        add_board (tables, known->chip_id, known->board_id, known->product_type, known->hardware_model);
    }
}

static const char *
intern_key (GKeyFile *file, const char *group, const char *key)
{
    g_autofree char *value = g_key_file_get_string (file, group, key, NULL);

    return g_intern_string (value);
}

static void
read_overlay_board (Tables *tables, GKeyFile *file, const char *product_type)
{
    g_autofree char *chip = g_key_file_get_string (file, product_type, "chip", NULL);
    g_autofree char *board = g_key_file_get_string (file, product_type, "board", NULL);
    g_autofree char *name = g_key_file_get_string (file, product_type, "board-name", NULL);

    if (chip != NULL && board != NULL && name != NULL)
        add_board (tables, (guint) g_ascii_strtoull (chip, NULL, 16), (guint) g_ascii_strtoull (board, NULL, 16),
                   product_type, name);
}

static void
read_overlay_model (Tables *tables, GKeyFile *file, const char *product_type)
{
    Model *model = ensure_model (tables, product_type);

    if (model->name == NULL)
        model->name = intern_key (file, product_type, "name");
    model->family = intern_key (file, product_type, "family");
    model->buttons = intern_key (file, product_type, "buttons");
    read_overlay_board (tables, file, product_type);
}

static void
read_overlay (Tables *tables)
{
    g_autoptr (GKeyFile) file = g_key_file_new ();
    g_autoptr (GBytes) bytes = g_resource_lookup_data (pr_phone_get_resource (), OVERLAY, 0, NULL);
    g_auto (GStrv) groups = NULL;

    if (bytes == NULL || !g_key_file_load_from_bytes (file, bytes, G_KEY_FILE_NONE, NULL))
        g_error ("the list of models inside this program cannot be read");
    groups = g_key_file_get_groups (file, NULL);
    for (char **group = groups; *group != NULL; group++)
        read_overlay_model (tables, file, *group);
}

static const Tables *
get_tables (void)
{
    static Tables tables;
    static gsize filled = 0;

    if (g_once_init_enter (&filled)) {
        tables.models = g_hash_table_new (g_str_hash, g_str_equal);
        tables.boards = g_hash_table_new (g_int64_hash, g_int64_equal);
        read_library (&tables);
        read_overlay (&tables);
        g_once_init_leave (&filled, 1);
    }
    return &tables;
}

/* "iPhone14,7": is it @prefix, digits, comma, digits? */
static gboolean
parse (const char *product_type, const char *prefix, guint *major)
{
    g_auto (GStrv) numbers = NULL;
    guint64 first, second;

    if (!g_str_has_prefix (product_type, prefix))
        return FALSE;
    numbers = g_strsplit (product_type + strlen (prefix), ",", 3);
    if (g_strv_length (numbers) != 2)
        return FALSE;
    if (!g_ascii_string_to_unsigned (numbers[0], 10, 1, 999, &first, NULL) ||
        !g_ascii_string_to_unsigned (numbers[1], 10, 0, 999, &second, NULL))
        return FALSE;
    *major = (guint) first;
    return TRUE;
}

static const Rule *
find_rule (const char *product_type)
{
    for (gsize i = 0; i < G_N_ELEMENTS (rules); i++) {
        guint major;

        if (parse (product_type, rules[i].prefix, &major) && major >= rules[i].first && major <= rules[i].last)
            return &rules[i];
    }
    return NULL;
}

static const Model *
find_model (const char *product_type)
{
    return product_type != NULL ? g_hash_table_lookup (get_tables ()->models, product_type) : NULL;
}

static const Board *
find_board (guint chip_id, guint board_id)
{
    g_autofree gint64 *key = board_key (chip_id, board_id);

    return g_hash_table_lookup (get_tables ()->boards, key);
}

const char *
pr_model_get_name (const char *product_type)
{
    const Model *model = find_model (product_type);

    return model != NULL ? model->name : NULL;
}

gboolean
pr_model_is_in_library (const char *product_type)
{
    irecv_device_t device = NULL;

    return irecv_devices_get_device_by_product_type (product_type, &device) == IRECV_E_SUCCESS && device != NULL;
}

const char *
pr_model_get_family (const char *product_type)
{
    const Model *model = find_model (product_type);
    const Rule *rule;

    if (product_type == NULL)
        return NULL;
    if (model != NULL && model->family != NULL)
        return model->family;
    rule = find_rule (product_type);
    return rule != NULL ? rule->family : NULL;
}

const char *
pr_model_get_buttons (const char *product_type)
{
    const Model *model = find_model (product_type);
    const Rule *rule;

    if (product_type == NULL)
        return NULL;
    if (model != NULL && model->buttons != NULL)
        return model->buttons;
    rule = find_rule (product_type);
    return rule != NULL ? rule->buttons : NULL;
}

const char *
pr_model_get_product_type (guint chip_id, guint board_id)
{
    const Board *board = find_board (chip_id, board_id);

    return board != NULL ? board->product_type : NULL;
}

const char *
pr_model_get_board (guint chip_id, guint board_id)
{
    const Board *board = find_board (chip_id, board_id);

    return board != NULL ? board->name : NULL;
}
