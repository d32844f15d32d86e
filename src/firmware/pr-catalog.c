// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-catalog.h"

#include "pr-apple-list.h"
#include "pr-error.h"
#include "pr-ipsw-list.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#define MAX_LIST (32 * 1024 * 1024) /* Apple's has some megabytes */
#define LIMIT 30.0

struct _PrCatalog {
    GObject parent_instance;
    PrWeb *web;
    char *version_list;
    char *ipsw_list;
    char *copies; /* (nullable) */
    double limit;
};

typedef GPtrArray *(*Reader) (GBytes *list, const char *product_type, GError **error);

enum { PROP_WEB = 1, PROP_VERSION_LIST, PROP_IPSW_LIST, PROP_COPIES, PROP_LIMIT, N_PROPS };

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (PrCatalog, pr_catalog, G_TYPE_OBJECT)

/* --- Copies --- */

/* The name becomes a part of an address and of a file's name. */
static gboolean
is_model (const char *product_type)
{
    for (const char *c = product_type; *c != '\0'; c++)
        if (!g_ascii_isalnum (*c) && *c != ',')
            return FALSE;
    return *product_type != '\0';
}

/* (transfer full) (nullable) */
static char *
get_copy_path (PrCatalog *self, const char *product_type)
{
    g_autofree char *name = g_strconcat (product_type, ".json", NULL);

    return self->copies != NULL ? g_build_filename (self->copies, name, NULL) : NULL;
}

/* A copy is a convenience: that it cannot be kept is nobody's trouble. */
static void
keep_copy (PrCatalog *self, const char *product_type, GPtrArray *versions)
{
    g_autofree char *path = get_copy_path (self, product_type);
    g_autoptr (GBytes) list = pr_ipsw_list_write (versions);
    g_autoptr (GError) error = NULL;
    gsize length;
    const char *text = g_bytes_get_data (list, &length);

    if (path == NULL || g_mkdir_with_parents (self->copies, 0700) < 0)
        return;
    if (!g_file_set_contents (path, text, (gssize) length, &error))
        g_debug ("%s", error->message);
}

/* Its age is the file's. A clock that was set back makes it new, not younger than that. */
static GPtrArray *
read_copy (PrCatalog *self, const char *product_type, gint64 *age)
{
    g_autofree char *path = get_copy_path (self, product_type);
    g_autofree char *text = NULL;
    GStatBuf status;
    gsize length;

    if (path == NULL || g_stat (path, &status) < 0 || !S_ISREG (status.st_mode) || status.st_size > MAX_LIST ||
        !g_file_get_contents (path, &text, &length, NULL))
        return NULL;
    g_autoptr (GBytes) list = g_bytes_new_take (g_steal_pointer (&text), length);
    g_autoptr (GPtrArray) versions = pr_ipsw_list_read (list, product_type, NULL);
    if (versions == NULL || versions->len == 0)
        return NULL;
    *age = MAX (g_get_real_time () / G_USEC_PER_SEC - status.st_mtime, 1);
    return g_steal_pointer (&versions);
}

/* --- Sources --- */

/* Adds what the list at @address knows. Returns: FALSE with @error: it is of no use */
static gboolean
ask_source (PrCatalog *self,
            const char *address,
            Reader read,
            const char *product_type,
            GPtrArray **versions,
            GCancellable *cancellable,
            GError **error)
{
    g_autoptr (GBytes) list = pr_web_get (self->web, address, MAX_LIST, self->limit, cancellable, error);

    *versions = list != NULL ? read (list, product_type, error) : NULL;
    return *versions != NULL;
}

static void
merge_one (GPtrArray *all, PrFirmware *firmware)
{
    const char *build = pr_firmware_get_facts (firmware)->build;

    for (guint i = 0; i < all->len; i++) {
        PrFirmware *known = all->pdata[i];

        if (!g_str_equal (pr_firmware_get_facts (known)->build, build))
            continue;
        all->pdata[i] = pr_firmware_merge (known, firmware);
        g_object_unref (known);
        return;
    }
    g_ptr_array_add (all, g_object_ref (firmware));
}

/* The graver of two: what the person must do first is what is told. */
static void
keep_failure (GError **kept, GError *failure, const char *address)
{
    gboolean grave = g_error_matches (failure, PR_ERROR, PR_ERROR_SIGN_IN_FIRST) ||
                     g_error_matches (failure, PR_ERROR, PR_ERROR_UNTRUSTED_SERVER);
    gboolean named = g_str_has_prefix (failure->message, address);
    g_autofree char *text = *kept != NULL ? g_strdup ((*kept)->message) : NULL;
    int code = grave ? failure->code : *kept != NULL ? (*kept)->code : PR_ERROR_NO_VERSIONS;

    g_clear_error (kept);
    g_set_error (kept, PR_ERROR, code, "%s%s%s%s%s", text != NULL ? text : "", text != NULL ? "; " : "",
                 named ? "" : address, named ? "" : ": ", failure->message);
    g_error_free (failure);
}

static void
add_source (PrCatalog *self,
            const char *address,
            Reader read,
            const char *product_type,
            GPtrArray *all,
            GCancellable *cancellable,
            GError **kept)
{
    g_autoptr (GPtrArray) versions = NULL;
    GError *failure = NULL;

    if (*address == '\0' || g_cancellable_is_cancelled (cancellable))
        return;
    if (!ask_source (self, address, read, product_type, &versions, cancellable, &failure)) {
        g_debug ("%s: %s", address, failure->message);
        keep_failure (kept, failure, address);
        return;
    }
    for (guint i = 0; i < versions->len; i++)
        merge_one (all, versions->pdata[i]);
}

/* Nobody told anything: is there a copy, and if not, why not? */
static GPtrArray *
fall_back (PrCatalog *self,
           const char *product_type,
           GError *failure,
           gint64 *age,
           GCancellable *cancellable,
           GError **error)
{
    GPtrArray *copy = read_copy (self, product_type, age);

    if (copy != NULL) {
        g_clear_error (&failure);
        return copy;
    }
    if (failure == NULL)
        g_set_error (&failure, PR_ERROR, PR_ERROR_NO_VERSIONS, "no list knows %s", product_type);
    pr_web_look_for_sign_in (self->web, cancellable, &failure);
    g_propagate_error (error, failure);
    return NULL;
}

GPtrArray *
pr_catalog_list (PrCatalog *self, const char *product_type, gint64 *age, GCancellable *cancellable, GError **error)
{
    g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
    g_autofree char *ipsw_list = *self->ipsw_list != '\0' ? g_strconcat (self->ipsw_list, product_type, NULL) : NULL;
    g_autoptr (GError) failure = NULL;
    gint64 found_age = 0;

    if (!is_model (product_type)) {
        g_set_error (error, PR_ERROR, PR_ERROR_NO_VERSIONS, "“%s” is no model", product_type);
        return NULL;
    }
    add_source (self, self->version_list, pr_apple_list_read, product_type, all, cancellable, &failure);
    add_source (self, ipsw_list != NULL ? ipsw_list : "", pr_ipsw_list_read, product_type, all, cancellable, &failure);
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
    if (all->len > 0)
        keep_copy (self, product_type, all);
    else {
        g_ptr_array_unref (all);
        all = fall_back (self, product_type, g_steal_pointer (&failure), &found_age, cancellable, error);
    }
    if (all == NULL)
        return NULL;
    if (age != NULL)
        *age = found_age;
    g_ptr_array_sort_values (all, pr_firmware_compare);
    return g_steal_pointer (&all);
}

/* --- The object --- */

static void
pr_catalog_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    PrCatalog *self = PR_CATALOG (object);

    switch (id) {
    case PROP_WEB:
        self->web = g_value_dup_object (value);
        break;
    case PROP_VERSION_LIST:
        self->version_list = g_value_dup_string (value);
        break;
    case PROP_IPSW_LIST:
        self->ipsw_list = g_value_dup_string (value);
        break;
    case PROP_COPIES:
        self->copies = g_value_dup_string (value);
        break;
    case PROP_LIMIT:
        self->limit = g_value_get_double (value);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
pr_catalog_finalize (GObject *object)
{
    PrCatalog *self = PR_CATALOG (object);

    g_clear_object (&self->web);
    g_free (self->version_list);
    g_free (self->ipsw_list);
    g_free (self->copies);
    G_OBJECT_CLASS (pr_catalog_parent_class)->finalize (object);
}

static void
pr_catalog_class_init (PrCatalogClass *klass)
{
    const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

    G_OBJECT_CLASS (klass)->set_property = pr_catalog_set_property;
    G_OBJECT_CLASS (klass)->finalize = pr_catalog_finalize;
    props[PROP_WEB] = g_param_spec_object ("web", NULL, NULL, PR_TYPE_WEB, flags);
    props[PROP_VERSION_LIST] = g_param_spec_string ("version-list", NULL, NULL, PR_CATALOG_VERSION_LIST, flags);
    props[PROP_IPSW_LIST] = g_param_spec_string ("ipsw-list", NULL, NULL, PR_CATALOG_IPSW_LIST, flags);
    props[PROP_COPIES] = g_param_spec_string ("copies", NULL, NULL, NULL, flags);
    props[PROP_LIMIT] = g_param_spec_double ("limit", NULL, NULL, 0.1, 600, LIMIT, flags);
    g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, props);
}

static void
pr_catalog_init (PrCatalog *self)
{
}

PrCatalog *
pr_catalog_new (PrWeb *web, const char *copies)
{
    return g_object_new (PR_TYPE_CATALOG, "web", web, "copies", copies, NULL);
}
