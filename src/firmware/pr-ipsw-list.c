// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-ipsw-list.h"

#include "pr-error.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define MAX_VERSIONS 1000
#define MAX_DEPTH 16

/* The parser calls itself for each level. */
static gboolean
is_shallow (const char *text, gsize length)
{
    gboolean quoted = FALSE;
    int depth = 0;

    for (gsize i = 0; i < length; i++) {
        if (quoted && text[i] == '\\')
            i++;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && (text[i] == '[' || text[i] == '{')) {
            if (++depth > MAX_DEPTH)
                return FALSE;
        } else if (!quoted && (text[i] == ']' || text[i] == '}'))
            depth--;
    }
    return TRUE;
}

/* (transfer none) (nullable) */
static const char *
get_text (JsonObject *object, const char *key)
{
    JsonNode *node = json_object_get_member (object, key);

    return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
               ? json_node_get_string (node)
               : NULL;
}

static guint64
get_number (JsonObject *object, const char *key)
{
    JsonNode *node = json_object_get_member (object, key);
    gint64 number = node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64
                        ? json_node_get_int (node)
                        : 0;

    return number > 0 ? (guint64) number : 0;
}

static PrSigned
get_signed (JsonObject *object)
{
    JsonNode *node = json_object_get_member (object, "signed");

    if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
        return PR_SIGNED_UNKNOWN;
    return json_node_get_boolean (node) ? PR_SIGNED_YES : PR_SIGNED_NO;
}

static gint64
get_date (JsonObject *object, const char *key)
{
    const char *text = get_text (object, key);
    g_autoptr (GDateTime) date = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

    return date != NULL ? g_date_time_to_unix (date) : 0;
}

static PrFirmware *
read_firmware (JsonObject *object, const char *product_type)
{
    const char *sha256 = get_text (object, "sha256sum");

    return pr_firmware_new (&(PrFirmwareFacts) {
        .product_type = product_type,
        .version = get_text (object, "version"),
        .build = get_text (object, "buildid"),
        .address = get_text (object, "url"),
        .digest = sha256 != NULL && *sha256 != '\0' ? sha256 : get_text (object, "sha1sum"),
        .size = get_number (object, "filesize"),
        .released = get_date (object, "releasedate"),
        .is_signed = get_signed (object),
    });
}

static GPtrArray *
read_all (JsonArray *array, const char *product_type)
{
    GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);

    for (guint i = 0; i < MIN (json_array_get_length (array), MAX_VERSIONS); i++) {
        JsonNode *node = json_array_get_element (array, i);
        PrFirmware *firmware =
            JSON_NODE_HOLDS_OBJECT (node) ? read_firmware (json_node_get_object (node), product_type) : NULL;

        if (firmware != NULL)
            g_ptr_array_add (found, firmware);
    }
    return found;
}

/* (nullable): the list of an answer that is about this model */
static JsonArray *
get_array (JsonNode *root, const char *product_type)
{
    if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
        return NULL;
    JsonObject *object = json_node_get_object (root);
    JsonNode *list = json_object_get_member (object, "firmwares");
    if (g_strcmp0 (get_text (object, "identifier"), product_type) != 0 || list == NULL || !JSON_NODE_HOLDS_ARRAY (list))
        return NULL;
    return json_node_get_array (list);
}

GPtrArray *
pr_ipsw_list_read (GBytes *list, const char *product_type, GError **error)
{
    gsize length = 0;
    const char *text = g_bytes_get_data (list, &length);
    g_autoptr (JsonParser) parser = json_parser_new_immutable ();
    JsonArray *array = NULL;

    if (text != NULL && g_utf8_validate_len (text, length, NULL) && is_shallow (text, length) &&
        json_parser_load_from_data (parser, text, (gssize) length, NULL))
        array = get_array (json_parser_get_root (parser), product_type);
    if (array != NULL)
        return read_all (array, product_type);
    g_set_error_literal (error, PR_ERROR, PR_ERROR_NO_VERSIONS, "not a list of versions of this model");
    return NULL;
}

/* --- Writing --- */

static void
set_text (JsonBuilder *builder, const char *key, const char *value)
{
    json_builder_set_member_name (builder, key);
    json_builder_add_string_value (builder, value);
}

static void
set_date (JsonBuilder *builder, gint64 time)
{
    g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time);
    g_autofree char *text = date != NULL ? g_date_time_format_iso8601 (date) : NULL;

    if (time != 0 && text != NULL)
        set_text (builder, "releasedate", text);
}

static void
write_firmware (JsonBuilder *builder, const PrFirmwareFacts *facts)
{
    json_builder_begin_object (builder);
    set_text (builder, "version", facts->version);
    set_text (builder, "buildid", facts->build);
    set_text (builder, "url", facts->address);
    set_text (builder, strlen (facts->digest) == 40 ? "sha1sum" : "sha256sum", facts->digest);
    json_builder_set_member_name (builder, "filesize");
    json_builder_add_int_value (builder, (gint64) facts->size);
    set_date (builder, facts->released);
    if (facts->is_signed != PR_SIGNED_UNKNOWN) {
        json_builder_set_member_name (builder, "signed");
        json_builder_add_boolean_value (builder, facts->is_signed == PR_SIGNED_YES);
    }
    json_builder_end_object (builder);
}

GBytes *
pr_ipsw_list_write (GPtrArray *versions)
{
    g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();

    json_builder_begin_object (builder);
    if (versions->len > 0)
        set_text (builder, "identifier", pr_firmware_get_facts (versions->pdata[0])->product_type);
    json_builder_set_member_name (builder, "firmwares");
    json_builder_begin_array (builder);
    for (guint i = 0; i < versions->len; i++)
        write_firmware (builder, pr_firmware_get_facts (versions->pdata[i]));
    json_builder_end_array (builder);
    json_builder_end_object (builder);
    g_autoptr (JsonNode) root = json_builder_get_root (builder);
    char *text = json_to_string (root, FALSE);
    return g_bytes_new_take (text, strlen (text));
}
