// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-firmware.h"

#include "pr-ipsw.h"

#include <string.h>

#define MAX_SIZE (G_GUINT64_CONSTANT (256) * 1024 * 1024 * 1024) /* Apple's largest have about 10 GB */
#define MAX_NAME 200
#define SHA1_DIGITS 40
#define SHA256_DIGITS 64

struct _PrFirmware {
    GObject parent_instance;
    PrFirmwareFacts facts;
    char *file_name;
};

G_DEFINE_FINAL_TYPE (PrFirmware, pr_firmware, G_TYPE_OBJECT)

static gboolean
is_made_of (const char *text, const char *others, gsize longest)
{
    gsize length = text != NULL ? strlen (text) : 0;

    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isalnum (text[i]) && strchr (others, text[i]) == NULL)
            return FALSE;
    return length > 0 && length <= longest;
}

static gboolean
is_digest (const char *text)
{
    gsize length = text != NULL ? strlen (text) : 0;

    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isxdigit (text[i]))
            return FALSE;
    return length == SHA1_DIGITS || length == SHA256_DIGITS;
}

/* (transfer full) (nullable) */
static char *
secure (const char *address)
{
    if (address == NULL || strlen (address) > 2048)
        return NULL;
    g_autofree char *secure = g_ascii_strncasecmp (address, "http://", 7) == 0
                                  ? g_strconcat ("https://", address + 7, NULL)
                                  : g_strdup (address);
    g_autoptr (GUri) uri = g_uri_parse (secure, G_URI_FLAGS_NONE, NULL);
    if (uri == NULL || !g_str_equal (g_uri_get_scheme (uri), "https") || g_uri_get_userinfo (uri) != NULL)
        return NULL;
    return g_steal_pointer (&secure);
}

/* (transfer full) (nullable): Apple's names have nothing but these characters. */
static char *
get_last_part (const char *address)
{
    g_autoptr (GUri) uri = address != NULL ? g_uri_parse (address, G_URI_FLAGS_ENCODED, NULL) : NULL;
    const char *slash = uri != NULL ? strrchr (g_uri_get_path (uri), '/') : NULL;

    if (slash == NULL || !is_made_of (slash + 1, ",._-", MAX_NAME) || slash[1] == '.' || slash[1] == '-' ||
        !g_str_has_suffix (slash, ".ipsw"))
        return NULL;
    return g_strdup (slash + 1);
}

static void
pr_firmware_finalize (GObject *object)
{
    PrFirmware *self = PR_FIRMWARE (object);

    g_free ((char *) self->facts.product_type);
    g_free ((char *) self->facts.version);
    g_free ((char *) self->facts.build);
    g_free ((char *) self->facts.address);
    g_free ((char *) self->facts.digest);
    g_free (self->file_name);
    G_OBJECT_CLASS (pr_firmware_parent_class)->finalize (object);
}

static void
pr_firmware_class_init (PrFirmwareClass *klass)
{
    G_OBJECT_CLASS (klass)->finalize = pr_firmware_finalize;
}

static void
pr_firmware_init (PrFirmware *self)
{
}

PrFirmware *
pr_firmware_new (const PrFirmwareFacts *facts)
{
    g_autofree char *address = secure (facts->address);
    g_autofree char *name = get_last_part (address);

    if (name == NULL || !is_made_of (facts->product_type, ",", 32) || !is_made_of (facts->version, ".", 32) ||
        !g_ascii_isdigit (*facts->version) || !is_made_of (facts->build, "", 32) || !is_digest (facts->digest) ||
        facts->size > MAX_SIZE)
        return NULL;
    PrFirmware *self = g_object_new (PR_TYPE_FIRMWARE, NULL);
    self->facts = *facts;
    self->facts.product_type = g_strdup (facts->product_type);
    self->facts.version = g_strdup (facts->version);
    self->facts.build = g_strdup (facts->build);
    self->facts.address = g_steal_pointer (&address);
    self->facts.digest = g_ascii_strdown (facts->digest, -1);
    self->file_name = g_steal_pointer (&name);
    return self;
}

const PrFirmwareFacts *
pr_firmware_get_facts (PrFirmware *self)
{
    return &self->facts;
}

const char *
pr_firmware_get_file_name (PrFirmware *self)
{
    return self->file_name;
}

PrFirmware *
pr_firmware_merge (PrFirmware *self, PrFirmware *other)
{
    PrFirmwareFacts facts = self->facts;
    gboolean same_file = g_str_equal (facts.digest, other->facts.digest);

    /* the size of another file is not this one's */
    if (facts.size == 0 && same_file)
        facts.size = other->facts.size;
    if (facts.released == 0)
        facts.released = other->facts.released;
    if (facts.is_signed == PR_SIGNED_UNKNOWN)
        facts.is_signed = other->facts.is_signed;
    return pr_firmware_new (&facts);
}

int
pr_firmware_compare (gconstpointer a, gconstpointer b)
{
    const PrFirmwareFacts *one = &((PrFirmware *) a)->facts, *other = &((PrFirmware *) b)->facts;
    int order = pr_ipsw_compare_versions (other->version, one->version);

    return order != 0 ? order : pr_ipsw_compare_versions (other->build, one->build);
}
