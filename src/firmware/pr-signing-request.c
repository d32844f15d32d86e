// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-signing-request.h"

#include "pr-error.h"
#include "pr-manifest-text.h"
#include "pr-plist.h"

#define MAX_TAGS 100000

/* (transfer full) (nullable) */
static GBytes *
get_data (plist_t dict, const char *key)
{
    plist_t node = pr_plist_get_item (dict, key, PLIST_DATA);
    guint64 length = 0;
    const char *data = node != NULL ? plist_get_data_ptr (node, &length) : NULL;

    return data != NULL ? g_bytes_new (data, (gsize) length) : NULL;
}

/* A key whose value says nothing of a digest is not about a part. */
static gboolean
check_part (const char *name, plist_t value, GHashTable *digests, GError **error)
{
    g_autoptr (GBytes) digest = PLIST_IS_DICT (value) ? get_data (value, "Digest") : NULL;
    GBytes *wanted = g_hash_table_lookup (digests, name);

    if (digest == NULL || g_bytes_get_size (digest) == 0 || (wanted != NULL && g_bytes_equal (digest, wanted)))
        return TRUE;
    g_set_error (error, PR_ERROR, PR_ERROR_WOULD_ERASE, "the request names another “%s” than the one that was chosen",
                 name);
    return FALSE;
}

static gboolean
check_parts (plist_t request, GHashTable *digests, GError **error)
{
    g_autofree void *iter = NULL;
    gboolean good = TRUE;

    plist_dict_new_iter (request, &iter);
    while (good) {
        char *name = NULL;
        plist_t value = NULL;

        plist_dict_next_item (request, iter, &name, &value);
        if (value == NULL)
            return TRUE;
        good = check_part (name, value, digests, error);
        plist_mem_free (name);
    }
    return FALSE;
}

static gboolean
check_build (plist_t request, GHashTable *digests, GError **error)
{
    g_autoptr (GBytes) build = get_data (request, "UniqueBuildID");
    GBytes *wanted = g_hash_table_lookup (digests, "UniqueBuildID");

    if (wanted == NULL || (build != NULL && g_bytes_equal (build, wanted)))
        return TRUE;
    g_set_error_literal (error, PR_ERROR, PR_ERROR_WOULD_ERASE, "the request is for another identity");
    return FALSE;
}

static gboolean
check_phone (plist_t request, guint64 ecid, GError **error)
{
    guint64 asked = 0;

    if (pr_plist_get_number (request, "ApECID", &asked) && asked == ecid)
        return TRUE;
    g_set_error (error, PR_ERROR, PR_ERROR_WRONG_PHONE, "the request is for the phone 0x%" G_GINT64_MODIFIER "x",
                 asked);
    return FALSE;
}

gboolean
pr_signing_request_check (GBytes *body, const PrSigningWanted *wanted, GError **error)
{
    gsize length = 0;
    const char *text = g_bytes_get_data (body, &length);
    g_auto (plist_t) request = NULL;

    if (text != NULL && pr_manifest_text_is_plain (text, length, MAX_TAGS))
        plist_from_xml (text, (uint32_t) length, &request);
    if (!PLIST_IS_DICT (request)) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_BAD_ANSWER, "not a signing request");
        return FALSE;
    }
    if (pr_plist_get_answer (request, "@ApImg4Ticket") != PR_ANSWER_YES)
        return TRUE;
    return check_phone (request, wanted->ecid, error) && check_build (request, wanted->digests, error) &&
           check_parts (request, wanted->digests, error);
}
