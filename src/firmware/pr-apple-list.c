// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-apple-list.h"

#include "pr-error.h"
#include "pr-manifest-text.h"
#include "pr-plist.h"

#define MAX_VERSIONS 200
#define MAX_TAGS 1000000 /* it has every build of every model */

/* What Apple offers in this list it also signs. */
static PrFirmware *
read_restore (plist_t restore, const char *product_type)
{
    g_autofree char *version = pr_plist_dup_word (restore, "ProductVersion");
    g_autofree char *build = pr_plist_dup_word (restore, "BuildVersion");
    g_autofree char *digest = pr_plist_dup_word (restore, "FirmwareSHA1");
    plist_t node = pr_plist_get_item (restore, "FirmwareURL", PLIST_STRING);

    return pr_firmware_new (&(PrFirmwareFacts) {
        .product_type = product_type,
        .version = version,
        .build = build,
        .address = node != NULL ? plist_get_string_ptr (node, NULL) : NULL,
        .digest = digest,
        .is_signed = PR_SIGNED_YES,
    });
}

static void
add (GPtrArray *found, PrFirmware *firmware)
{
    for (guint i = 0; firmware != NULL && i < found->len; i++)
        if (g_str_equal (pr_firmware_get_facts (found->pdata[i])->build, pr_firmware_get_facts (firmware)->build))
            g_clear_object (&firmware);
    if (firmware != NULL && found->len < MAX_VERSIONS)
        g_ptr_array_add (found, firmware);
}

/* "Unknown" → "Universal" → "Restore" is what to install on a phone whose system is not known: the newest. */
static void
read_model (plist_t versions, const char *product_type, GPtrArray *found)
{
    plist_t model = pr_plist_get_item (versions, product_type, PLIST_DICT);
    plist_t unknown = pr_plist_get_item (model, "Unknown", PLIST_DICT);
    plist_t universal = pr_plist_get_item (unknown, "Universal", PLIST_DICT);

    add (found, read_restore (pr_plist_get_item (universal, "Restore", PLIST_DICT), product_type));
}

/* The numbers are those of the list's own format, older ones beside newer ones. */
static void
read_numbers (plist_t numbers, const char *product_type, GPtrArray *found)
{
    g_autofree void *iter = NULL;
    plist_t number = NULL;

    plist_dict_new_iter (numbers, &iter);
    do {
        number = NULL;
        plist_dict_next_item (numbers, iter, NULL, &number);
        if (number != NULL)
            read_model (pr_plist_get_item (number, "MobileDeviceSoftwareVersions", PLIST_DICT), product_type, found);
    } while (number != NULL);
}

GPtrArray *
pr_apple_list_read (GBytes *list, const char *product_type, GError **error)
{
    gsize length = 0;
    const char *text = g_bytes_get_data (list, &length);
    g_auto (plist_t) root = NULL;

    if (text != NULL && length <= G_MAXUINT32 && pr_manifest_text_is_plain (text, length, MAX_TAGS))
        plist_from_xml (text, (uint32_t) length, &root);
    plist_t numbers = pr_plist_get_item (root, "MobileDeviceSoftwareVersionsByVersion", PLIST_DICT);
    if (numbers == NULL) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_NO_VERSIONS, "not a list of versions");
        return NULL;
    }
    GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);
    read_numbers (numbers, product_type, found);
    return found;
}
