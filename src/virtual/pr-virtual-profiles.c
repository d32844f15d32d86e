// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-profiles.h"

#define INSTALLED "profiles" /* NAME=IDENTIFIER, in their order; each has a group of its own */
#define MANY 5000
#define LONG (512 * 1024)

/* [assumed] */
#define NOT_INSTALLED 13001
#define NOT_REMOVABLE 13002
#define LOCKED 13003

/* --- One of them --- */

static char *
dup_value (PrVirtualPhone *phone, const char *name, const char *key, const char *otherwise)
{
    g_autofree char *group = g_strconcat ("profile-", name, NULL);
    return pr_virtual_phone_setting (phone, group, key, otherwise);
}

static gboolean
is_so (PrVirtualPhone *phone, const char *name, const char *key)
{
    g_autofree char *value = dup_value (phone, name, key, "false");
    return g_str_equal (value, "true");
}

static char *
make_uuid (const char *identifier)
{
    g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA1, identifier, -1);
    g_autofree char *upper = g_ascii_strup (sum, -1);
    return g_strdup_printf ("%.8s-%.4s-%.4s-%.4s-%.12s", upper, upper + 8, upper + 12, upper + 16, upper + 20);
}

static void
add_text (plist_t dict, const char *key, const char *text)
{
    if (text != NULL)
        plist_dict_set_item (dict, key, plist_new_string (text));
}

static plist_t
describe (PrVirtualPhone *phone, const char *name, const char *identifier)
{
    plist_t metadata = plist_new_dict ();
    g_autofree char *title = dup_value (phone, name, "name", name);
    g_autofree char *organization = dup_value (phone, name, "organization", NULL);
    g_autofree char *description = dup_value (phone, name, "description", NULL);
    g_autofree char *uuid = make_uuid (identifier);
    add_text (metadata, "PayloadDisplayName", title);
    add_text (metadata, "PayloadOrganization", organization);
    add_text (metadata, "PayloadDescription", description);
    add_text (metadata, "PayloadUUID", uuid);
    plist_dict_set_item (metadata, "PayloadVersion", plist_new_uint (1));
    plist_dict_set_item (metadata, "PayloadRemovalDisallowed", plist_new_bool (is_so (phone, name, "fixed")));
    return metadata;
}

/* --- The list --- */

typedef struct {
    plist_t order;
    plist_t manifest;
    plist_t metadata;
} List;

static List
new_list (void)
{
    return (List) { plist_new_array (), plist_new_dict (), plist_new_dict () };
}

static void
add (List *list, const char *identifier, plist_t metadata)
{
    plist_t state = plist_new_dict ();
    plist_dict_set_item (state, "IsActive", plist_new_bool (TRUE));
    plist_dict_set_item (state, "Description", plist_new_string (identifier));
    plist_array_append_item (list->order, plist_new_string (identifier));
    plist_dict_set_item (list->manifest, identifier, state);
    plist_dict_set_item (list->metadata, identifier, metadata);
}

static plist_t
finish (List *list)
{
    plist_t answer = pr_virtual_dict_new_status ("Acknowledged");
    plist_dict_set_item (answer, "OrderedIdentifiers", list->order);
    plist_dict_set_item (answer, "ProfileManifest", list->manifest);
    plist_dict_set_item (answer, "ProfileMetadata", list->metadata);
    return answer;
}

/* --- A list that no phone would send --- */

static plist_t
describe_as (const char *name, plist_t uuid)
{
    plist_t metadata = plist_new_dict ();
    plist_dict_set_item (metadata, "PayloadDisplayName", plist_new_string (name));
    plist_dict_set_item (metadata, "PayloadUUID", uuid);
    return metadata;
}

static void
add_many (List *list)
{
    for (guint i = 0; i < MANY; i++) {
        g_autofree char *identifier = g_strdup_printf ("org.example.%u", i);
        add (list, identifier, describe_as ("One of Many", plist_new_string (identifier)));
    }
}

static void
add_long (List *list)
{
    g_autofree char *text = g_strnfill (LONG, 'a');
    add (list, text, describe_as ("Short", plist_new_string ("1")));
    add (list, "org.example.long", describe_as (text, plist_new_string (text)));
}

static void
add_types (List *list)
{
    plist_t metadata = describe_as ("Of Other Types", plist_new_uint (7));
    plist_dict_set_item (metadata, "PayloadVersion", plist_new_string ("one"));
    plist_dict_set_item (metadata, "PayloadOrganization", plist_new_array ());
    plist_dict_set_item (metadata, "PayloadRemovalDisallowed", plist_new_string ("perhaps"));
    add (list, "org.example.types", metadata);
    add (list, "org.example.array", plist_new_array ());
    plist_array_append_item (list->order, plist_new_uint (3));
    plist_array_append_item (list->order, plist_new_dict ());
    plist_array_append_item (list->order, plist_new_string ("org.example.nowhere"));
    plist_array_append_item (list->order, plist_new_string ("org.example.types"));
}

/* A line break, a bell, and the mark that turns the text around. */
static void
add_controls (List *list)
{
    add (list, "org.example.controls",
         describe_as ("<b>Good</b>\n\a\u202eliforP", plist_new_string ("6D1B0C1E-0000-4000-8000-000000000001")));
    add (list, "org.example\n.line", describe_as ("Second\nLine", plist_new_string ("2")));
    add (list, "", describe_as ("Without Identifier", plist_new_string ("3")));
}

static plist_t
list_hostile (const char *kind)
{
    List list = new_list ();
    plist_t answer;
    if (g_str_equal (kind, "many"))
        add_many (&list);
    else if (g_str_equal (kind, "long"))
        add_long (&list);
    else if (g_str_equal (kind, "types"))
        add_types (&list);
    else
        add_controls (&list);
    answer = finish (&list);
    if (g_str_equal (kind, "no-list"))
        plist_dict_set_item (answer, "ProfileMetadata", plist_new_string ("none"));
    return answer;
}

plist_t
pr_virtual_profiles_list (PrVirtualPhone *phone)
{
    g_autofree char *hostile = pr_virtual_phone_fault (phone, "profiles-hostile");
    if (hostile != NULL)
        return list_hostile (hostile);
    List list = new_list ();
    g_auto (GStrv) names = pr_virtual_phone_setting_keys (phone, INSTALLED);
    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *identifier = pr_virtual_phone_setting (phone, INSTALLED, names[i], "");
        add (&list, identifier, describe (phone, names[i], identifier));
    }
    return finish (&list);
}

/* --- Taking one away --- */

static char *
find_name (PrVirtualPhone *phone, const char *identifier)
{
    g_auto (GStrv) names = pr_virtual_phone_setting_keys (phone, INSTALLED);
    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *installed = pr_virtual_phone_setting (phone, INSTALLED, names[i], "");
        if (g_strcmp0 (installed, identifier) == 0)
            return g_strdup (names[i]);
    }
    return NULL;
}

/* Returns: the property list by which it is named; NULL where it is named by its identifier, or by nothing */
static plist_t
read_name (plist_t request)
{
    g_autoptr (GBytes) bytes = pr_virtual_dict_bytes (request, "ProfileIdentifier");
    plist_t name = NULL;
    if (bytes != NULL)
        plist_from_memory (g_bytes_get_data (bytes, NULL), (uint32_t) g_bytes_get_size (bytes), &name, NULL);
    return name;
}

static char *
find_named (PrVirtualPhone *phone, plist_t request)
{
    g_auto (plist_t) named = read_name (request);
    const char *identifier = named != NULL ? pr_virtual_dict_text (named, "PayloadIdentifier")
                                           : pr_virtual_dict_text (request, "ProfileIdentifier");
    if (identifier == NULL)
        return NULL;
    g_autofree char *uuid = make_uuid (identifier);
    if (named != NULL && g_strcmp0 (pr_virtual_dict_text (named, "PayloadUUID"), uuid) != 0)
        return NULL;
    return find_name (phone, identifier);
}

static guint64
judge (PrVirtualPhone *phone, const char *name)
{
    double code = pr_virtual_phone_fault_number (phone, "profile-refused", 0);
    if (code > 0)
        return (guint64) code;
    if (pr_virtual_phone_setting_flag (phone, "phone", "locked", FALSE))
        return LOCKED;
    if (name == NULL)
        return NOT_INSTALLED;
    return is_so (phone, name, "fixed") ? NOT_REMOVABLE : 0;
}

static void
take_away (PrVirtualPhone *phone, const char *name)
{
    g_autofree char *identifier = pr_virtual_phone_setting (phone, INSTALLED, name, "");
    g_autofree char *brought = dup_value (phone, name, "apps", "");
    g_auto (GStrv) apps = g_strsplit (brought, " ", -1);
    pr_virtual_phone_set_setting (phone, INSTALLED, name, NULL);
    pr_virtual_phone_saw (phone, "profile-removed", "identifier", identifier, NULL);
    for (guint i = 0; apps[i] != NULL; i++) {
        if (*apps[i] == '\0')
            continue;
        pr_virtual_phone_set_setting (phone, "apps", apps[i], NULL);
        pr_virtual_phone_saw (phone, "app-removed", "identifier", apps[i], NULL);
    }
}

void
pr_virtual_profiles_remove (PrVirtualPhone *phone, plist_t request, guint64 *code)
{
    g_autofree char *name = find_named (phone, request);
    g_autofree char *stays = pr_virtual_phone_fault (phone, "profile-stays");
    pr_virtual_phone_saw (phone, "profile-request", "name", name != NULL ? name : "", NULL);
    *code = judge (phone, name);
    if (*code == 0 && stays == NULL)
        take_away (phone, name);
}

void
pr_virtual_profiles_erase (PrVirtualPhone *phone)
{
    g_auto (GStrv) names = pr_virtual_phone_setting_keys (phone, INSTALLED);
    for (guint i = 0; names[i] != NULL; i++)
        if (!is_so (phone, names[i], "enrolled"))
            pr_virtual_phone_set_setting (phone, INSTALLED, names[i], NULL);
}
