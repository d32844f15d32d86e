// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-values.h"

/* What lockdownd tells without a session: what libimobiledevice and idevicerestore read before pairing, and what
 * `ideviceinfo -s` is known to show. DeviceName among them is assumed. */
static const char *const told_to_strangers[] = {
    "ApNonce",
    "BoardId",
    "BuildVersion",
    "CPUArchitecture",
    "ChipID",
    "DeviceClass",
    "DeviceColor",
    "DeviceName",
    "DevicePublicKey",
    "HardwareModel",
    "HasSiDP",
    "Image4Supported",
    "ProductName",
    "ProductType",
    "ProductVersion",
    "ProductionSOC",
    "ProtocolVersion",
    "SEPNonce",
    "TelephonyCapability",
    "UniqueChipID",
    "UniqueDeviceID",
    NULL,
};

/* And these while it greets its next owner, of which no open source tells: assumed. */
static const char *const told_at_hello[] = { "ActivationState", "NonVolatileRAM", NULL };

static const struct {
    const char *key;
    const char *value;
} after_erase[] = {
    { "ActivationState", "Unactivated" },
    { "ActivationStateAcknowledged", "false" },
    { "PhoneNumber", NULL },
    { "com.apple.disk_usage/TotalDataAvailable", "109000000000" },
    { "com.apple.disk_usage/AmountDataAvailable", "108800000000" },
    { "com.apple.fmip/IsAssociated", NULL },
    { "com.apple.mobile.backup/WillEncrypt", "false" },
    { "com.apple.mobile.backup/CloudBackupEnabled", "false" },
    { "com.apple.mobile.backup/LastCloudBackupDate", NULL },
    { "com.apple.mobile.backup/LastCloudBackupTZ", NULL },
    { "com.apple.mobile.backup/LastiTunesBackupDate", NULL },
    { "com.apple.mobile.backup/LastiTunesBackupTZ", NULL },
    { "com.apple.purplebuddy/SetupDone", NULL },
    { "com.apple.purplebuddy/SetupFinishedAllSteps", NULL },
};

/* --- Text to property list --- */

static gboolean
is_whole_number (const char *text)
{
    const char *digits = text + (*text == '-');
    return *digits != '\0' && strlen (digits) <= 18 && strspn (digits, "0123456789") == strlen (digits);
}

static gboolean
is_real_number (const char *text)
{
    const char *point = strchr (text, '.');
    g_autofree char *before = point != NULL ? g_strndup (text, point - text) : NULL;
    return point != NULL && is_whole_number (before) && point[1] != '-' && is_whole_number (point + 1);
}

/* "string:17" is a text that looks like a number, "data:WUVT" is base64. */
static plist_t
parse_value (const char *text)
{
    if (g_str_equal (text, "true") || g_str_equal (text, "false"))
        return plist_new_bool (*text == 't');
    if (is_whole_number (text))
        return *text == '-' ? plist_new_int (g_ascii_strtoll (text, NULL, 10))
                            : plist_new_uint (g_ascii_strtoull (text, NULL, 10));
    if (is_real_number (text))
        return plist_new_real (g_ascii_strtod (text, NULL));
    if (!g_str_has_prefix (text, "data:"))
        return plist_new_string (g_str_has_prefix (text, "string:") ? text + strlen ("string:") : text);
    gsize length;
    g_autofree guchar *data = g_base64_decode (text + strlen ("data:"), &length);
    return plist_new_data ((const char *) data, length);
}

/* --- What follows from the phone --- */

static void
add_text (plist_t dict, const char *key, const char *text)
{
    plist_dict_set_item (dict, key, plist_new_string (text));
}

static void
add_nonce (plist_t dict, const char *key, GBytes *nonce)
{
    pr_virtual_dict_set_bytes (dict, key, nonce);
    g_bytes_unref (nonce);
}

static void
add_identity (plist_t dict, PrVirtualPhone *phone)
{
    const PrVirtualIdentity *identity = pr_virtual_phone_identity (phone);
    g_autofree char *board = g_ascii_strup (identity->board, -1);
    gboolean tablet = g_str_has_prefix (identity->product, "iPad");
    add_text (dict, "DeviceName", identity->name);
    add_text (dict, "ProductType", identity->product);
    add_text (dict, "ProductVersion", identity->version);
    add_text (dict, "BuildVersion", identity->build);
    add_text (dict, "SerialNumber", identity->serial);
    add_text (dict, "UniqueDeviceID", identity->udid);
    add_text (dict, "HardwareModel", board);
    add_text (dict, "DeviceClass", tablet ? "iPad" : "iPhone");
    add_text (dict, "ProductName", "iPhone OS");
    add_text (dict, "CPUArchitecture", identity->chip_id >= 0x8020 ? "arm64e" : "arm64");
    add_text (dict, "ProtocolVersion", "2");
    plist_dict_set_item (dict, "UniqueChipID", plist_new_uint (identity->ecid));
    plist_dict_set_item (dict, "ChipID", plist_new_uint (identity->chip_id));
    plist_dict_set_item (dict, "BoardId", plist_new_uint (identity->board_id));
    plist_dict_set_item (dict, "ProductionSOC", plist_new_bool (TRUE));
    plist_dict_set_item (dict, "Image4Supported", plist_new_bool (TRUE));
}

/* Activation Lock shows here even right after an erase. */
static plist_t
read_nvram (PrVirtualPhone *phone)
{
    static const char *const names[] = { "auto-boot", "fm-activation-locked", "fm-spstatus" };
    plist_t dict = plist_new_dict ();
    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        g_autofree char *value = pr_virtual_phone_getenv (phone, names[i]);
        if (value != NULL)
            plist_dict_set_item (dict, names[i], plist_new_data (value, strlen (value)));
    }
    return dict;
}

static void
add_state (plist_t dict, PrVirtualPhone *phone)
{
    gboolean locked = pr_virtual_phone_setting_flag (phone, "phone", "locked", FALSE);
    double now = (double) g_get_real_time () / G_USEC_PER_SEC;
    plist_dict_set_item (dict, "PasswordProtected", plist_new_bool (locked));
    plist_dict_set_item (dict, "TimeIntervalSince1970", plist_new_real (now));
    plist_dict_set_item (dict, "NonVolatileRAM", read_nvram (phone));
    add_nonce (dict, "ApNonce", pr_virtual_phone_ap_nonce (phone));
    add_nonce (dict, "SEPNonce", pr_virtual_phone_sep_nonce (phone));
}

/* --- Domains --- */

/* The part of @key that names a value of @domain; NULL when it belongs to another one. */
static const char *
strip_domain (const char *key, const char *domain)
{
    const char *slash = strrchr (key, '/');
    if (domain == NULL)
        return slash == NULL ? key : NULL;
    gsize length = strlen (domain);
    return slash != NULL && (gsize) (slash - key) == length && strncmp (key, domain, length) == 0 ? slash + 1 : NULL;
}

static void
add_settings (plist_t dict, PrVirtualPhone *phone, const char *group, const char *domain)
{
    g_auto (GStrv) keys = pr_virtual_phone_setting_keys (phone, group);
    for (guint i = 0; keys[i] != NULL; i++) {
        const char *name = strip_domain (keys[i], domain);
        g_autofree char *value = pr_virtual_phone_setting (phone, group, keys[i], NULL);
        if (name != NULL && value != NULL)
            plist_dict_set_item (dict, name, parse_value (value));
    }
}

static void
copy_values (plist_t dict, plist_t all, const char *const *keys)
{
    for (guint i = 0; keys[i] != NULL; i++) {
        plist_t value = plist_dict_get_item (all, keys[i]);
        if (value != NULL)
            plist_dict_set_item (dict, keys[i], plist_copy (value));
    }
}

static gboolean
talks_at_hello (PrVirtualPhone *phone)
{
    g_autofree char *silent = pr_virtual_phone_fault (phone, "tells-nothing");
    return pr_virtual_phone_erasures (phone) > 0 && silent == NULL;
}

static plist_t
get_root (PrVirtualPhone *phone, gboolean trusted)
{
    plist_t dict = plist_new_dict ();
    add_identity (dict, phone);
    add_state (dict, phone);
    add_settings (dict, phone, "values", NULL);
    if (trusted)
        return dict;
    plist_t visible = plist_new_dict ();
    copy_values (visible, dict, told_to_strangers);
    if (talks_at_hello (phone))
        copy_values (visible, dict, told_at_hello);
    plist_free (dict);
    return visible;
}

plist_t
pr_virtual_values_get_domain (PrVirtualPhone *phone, const char *domain, gboolean trusted)
{
    if (domain == NULL)
        return get_root (phone, trusted);
    plist_t dict = plist_new_dict ();
    add_settings (dict, phone, "values", domain);
    if (plist_dict_get_size (dict) > 0)
        return dict;
    plist_free (dict);
    return NULL;
}

plist_t
pr_virtual_values_get_group (PrVirtualPhone *phone, const char *group)
{
    plist_t dict = plist_new_dict ();
    add_settings (dict, phone, group, NULL);
    return dict;
}

void
pr_virtual_values_erase (PrVirtualPhone *phone)
{
    for (guint i = 0; i < G_N_ELEMENTS (after_erase); i++)
        pr_virtual_phone_set_setting (phone, "values", after_erase[i].key, after_erase[i].value);
}
